#!/bin/sh
test_description='no secret comes into an object of Git or of the cache by our doing'
. "$(dirname "$0")/test-lib.sh"

W=$TRASH/w
mkdir "$W"
exp_of () { git for-each-ref --format='%(objectname)' "refs/exps/**/$1"; }

# Every object of the repository, and every file of ours that is not one.
everything () {
	git cat-file --batch-all-objects --batch >"$W/all" &&
	find .git/exp .git/logs .dvc -type f -exec cat {} + >>"$W/all"
}
nowhere () {
	everything || return 1
	for word
	do
		! grep -a -e "$word" "$W/all" || { echo "found: $word"; return 1; }
	done
}

test_expect_success 'setup: secrets all around' '
	project && echo "lr: 1" >params.yaml &&
	printf "wandb:\n  api_key: none\nhub:\n  token: none\ndb_password: none\nsecretly: none\n" >keys.yaml &&
	cat >dvc.yaml <<-\EOF &&
	stages:
	  s:
	    cmd: mkdir -p out && cp params.yaml out/m && cp params.yaml m.yaml
	    params:
	    - lr
	    outs:
	    - out
	    metrics:
	    - m.yaml:
	        cache: false
	EOF
	git add . && git commit -qm base &&
	git remote add origin https://user:urlsecret1@example.com/x.git &&
	git config remote.origin.pushurl https://user:urlsecret2@example.com/y.git &&
	git config http.extraHeader "Authorization: Basic headersecret" &&
	printf "[\047remote \"r\"\047]\n    url = s3://b\n    secret_access_key = confsecret\n" >.dvc/config.local &&
	mkdir -p deep/er && for f in .env .env.local deep/.env deep/er/.ENV.production key.pem deep/CERT.PEM id_rsa id_rsa.old \
		id_dsa id_ecdsa id_ed25519 deep/id_ed25519.bak credentials my-credentials.json deep/aws_credential Credentials.txt
	do
		echo "filesecret $f" >"$f" || return 1
	done && echo fine >environment.txt && echo fine >pem.txt && echo fine >deep/plain.txt
'

MY_TOKEN=envsecret WANDB_API_KEY=envsecret2 AWS_SECRET_ACCESS_KEY=envsecret3
export MY_TOKEN WANDB_API_KEY AWS_SECRET_ACCESS_KEY

test_expect_success 'files that may hold secrets stay out, and the warning names them' '
	git exp run -q --name one 2>"$W/err" &&
	git ls-tree -r --name-only "$(exp_of one)" >"$W/files" &&
	test_grep ! -i -e "\.env" "$W/files" && ! grep -i -e "\.env" -e "\.pem" -e "^id_" -e "/id_" -e credential "$W/files" &&
	test_grep "^environment.txt$" "$W/files" && test_grep "^pem.txt$" "$W/files" && test_grep "^deep/plain.txt$" "$W/files" &&
	test_grep "^warning: not recorded, as they may hold secrets: .*and [0-9]* more$" "$W/err" && test_grep "\.env" "$W/err" &&
	nowhere filesecret
'

test_expect_success 'the environment, credentials in URLs and in configurations stay out' '
	nowhere envsecret urlsecret headersecret &&
	find .git/exp .git/logs .dvc/cache -type f -exec cat {} + >>"$W/more" && git cat-file --batch-all-objects --batch >>"$W/more" &&
	! grep -a confsecret "$W/more"
'

test_expect_success 'what -S sets is recorded as stars where its key says it is secret' '
	rm .env* deep/.env deep/er/.ENV* *.pem deep/*.PEM id_* deep/id_* *redentials* deep/*credential &&
	git exp run -S lr=2 -S keys.yaml:wandb.api_key=setsecret1 -S keys.yaml:hub.token=setsecret2 \
		-S keys.yaml:db_password=setsecret3 -S "keys.yaml:+hub.secret_id=setsecret4" --name two >"$W/out" 2>"$W/err" &&
	git cat-file commit "$(exp_of two)" >"$W/text" && git notes --ref=exps show "$(exp_of two)" >>"$W/text" &&
	! grep setsecret "$W/text" && ! grep setsecret "$W/out" "$W/err" &&
	test_grep "keys.yaml:wandb.api_key=\*\*\*" "$W/text" && test_grep "\"hub.token\":\"\*\*\*\"" "$W/text" &&
	git exp log two >"$W/text" && git exp show --json >>"$W/text" && ! grep setsecret "$W/text"
'

test_expect_success 'exp.secret says what else is' '
	git checkout -q keys.yaml && git config exp.secret "*lr*" &&
	git exp run -S lr=31337 --name three >"$W/out" && git cat-file commit "$(exp_of three)" >"$W/text" &&
	git notes --ref=exps show "$(exp_of three)" >>"$W/text" && ! grep 31337 "$W/text" && git config --unset exp.secret
'

test_expect_success 'an .env that git tracks goes in, as it is for git' '
	echo tracked >.env && git add -f .env && git commit -qm env && echo changed >.env &&
	git exp run -q -S lr=4 --name four 2>"$W/err" && test "$(git cat-file blob "$(exp_of four)":.env)" = changed &&
	test_grep ! "may hold secrets" "$W/err"
'

test_expect_success 'save and apply keep them out too, and in the work tree' '
	echo filesecret >id_rsa && echo filesecret >key.pem && echo x >new.txt &&
	git exp save --name five 2>"$W/err" && test_grep "not recorded.*id_rsa" "$W/err" &&
	git exp apply one && git exp undo && test "$(cat id_rsa key.pem)" = "filesecret
filesecret" && nowhere filesecret
'

test_expect_success 'a declared dependency is recorded by its hash only' '
	git exp stage add -n k -d key.pem -o o2 "wc -c <key.pem >o2" && git exp run -q --name six 2>"$W/err" &&
	nowhere filesecret && git cat-file blob "$(exp_of six)":dvc.lock | grep key.pem
'

test_expect_success 'a trace tells no secret of the environment' '
	GIT_EXP_TRACE=$W/trace git exp run -q -f --name seven && ! grep -e envsecret -e urlsecret -e headersecret "$W/trace"
'

test_done
