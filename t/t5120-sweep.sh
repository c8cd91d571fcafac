#!/bin/sh
test_description='git exp run -S with several values: one run for each, one after another'
. "$(dirname "$0")/test-lib.sh"

sq="'"
W=$TRASH/w
mkdir "$W"
exp_of () { git for-each-ref --format='%(objectname)' "refs/exps/**/$1"; }
failed_of () { git for-each-ref --format='%(objectname)' "refs/git-exp/failed/**/$1"; }
record_of () { git cat-file commit "$1" | sed -n 's/^git-exp //p'; }
params_of () { git cat-file blob "$(exp_of "$1")":params.yaml; }
names () { git for-each-ref --format='%(refname:lstrip=4)' refs/exps | grep "^$1" | sort; }

test_expect_success 'setup: a stage that writes down its parameters and fails at lr 3' '
	project &&
	printf "# step\nlr: 1    # rate\nm: {n: a,   deep: [1, 2]}\n" >params.yaml &&
	cp params.yaml "$W/params" && echo "{\"seed\": 1}" >more.json &&
	cat >train.sh <<-\EOF &&
	lr=$(sed -n "s/^lr: *\([^ ]*\).*/\1/p" params.yaml)
	n=$(sed -n "s/.*{n: \([^,]*\),.*/\1/p" params.yaml)
	echo "$lr $n $(tr -dc 0-9 <more.json)" >>"$SWEEP_LOG"
	echo "{\"acc\": \"$lr$n\"}" >m.json
	test "$lr" != 3
	EOF
	cat >dvc.yaml <<-\EOF &&
	stages:
	  train:
	    cmd: sh train.sh
	    params:
	    - lr
	    - m
	    - more.json:
	      - seed
	    metrics:
	    - m.json:
	        cache: false
	EOF
	git add . && git commit -qm pipeline
'
SWEEP_LOG=$W/log
export SWEEP_LOG

test_expect_success 'the product of all sweeps, the first word slowest, named NAME-1, ...' '
	git exp run --name s -S lr=1,2 -S "m.n=choice(a,b)" -S "more.json:seed=range(7,9)" >"$W/out" &&
	printf "%s\n" "1 a 7" "1 a 8" "1 b 7" "1 b 8" "2 a 7" "2 a 8" "2 b 7" "2 b 8" >"$W/expect" &&
	test_cmp "$W/expect" "$W/log" &&
	printf "s-%s\n" 1 2 3 4 5 6 7 8 >"$W/expect" && names s- >"$W/actual" &&
	test_cmp "$W/expect" "$W/actual" &&
	grep "^Run \|^Ran \|^Sweep" "$W/out" | sed "s/ on .*//" >"$W/actual" &&
	head -n 4 "$W/actual" >"$W/first" &&
	cat >"$W/expect" <<-EOF &&
	Run 1 of 8: lr=1 m.n=a more.json:seed=7
	Ran experiment ${sq}s-1${sq}
	Run 2 of 8: lr=1 m.n=a more.json:seed=8
	Ran experiment ${sq}s-2${sq}
	EOF
	test_cmp "$W/expect" "$W/first" &&
	tail -n 1 "$W/out" >"$W/actual" &&
	echo "Sweep: 8 of 8 runs done; ${sq}git exp show${sq} compares them" >"$W/expect" &&
	test_cmp "$W/expect" "$W/actual"
'

test_expect_success 'the workspace ends with the last run, bytes around the values untouched' '
	sed "s/lr: 1/lr: 2/; s/n: a/n: b/" "$W/params" >"$W/expect" &&
	test_cmp "$W/expect" params.yaml && echo "{\"seed\": 8}" >"$W/expect" && test_cmp "$W/expect" more.json &&
	params_of s-3 >"$W/actual" && sed "s/n: a/n: b/" "$W/params" >"$W/expect" &&
	test_cmp "$W/expect" "$W/actual"
'

test_expect_success 'each record holds what that run alone would have been given' '
	record_of "$(exp_of s-7)" >"$W/record" &&
	test_grep "\"args\":\[\"run\",\"--name\",\"s-7\",\"-S\",\"lr=2\",\"-S\",\"m.n=b\",\"-S\",\"more.json:seed=7\"\]" "$W/record" &&
	test_grep "\"set\":{\"params.yaml\":{\"lr\":2,\"m.n\":\"b\"},\"more.json\":{\"seed\":7}}" "$W/record" &&
	git checkout -q . && git exp run --name again -S lr=2 -S m.n=b -S more.json:seed=7 >"$W/out" &&
	git rev-parse "$(exp_of s-7)^{tree}" "$(exp_of again)^{tree}" >"$W/trees" &&
	test "$(sort -u "$W/trees" | wc -l)" = 1
'

test_expect_success 'each run begins with the text as it was before the sweep' '
	git checkout -q . && : >"$W/log" &&
	git exp run --name a -S lr=4,5 -S "++m={x: [choice, yes]}" -S +list=[1],[2,3] -S "~m.deep" >"$W/out" &&
	params_of a-4 >"$W/actual" &&
	printf "# step\nlr: 5    # rate\nm: {n: a, x: [choice, yes]}\nlist:\n- 2\n- 3\n" >"$W/expect" &&
	test_cmp "$W/expect" "$W/actual" && params_of a-1 >"$W/actual" &&
	printf "# step\nlr: 4    # rate\nm: {n: a, x: [choice, yes]}\nlist:\n- 1\n" >"$W/expect" &&
	test_cmp "$W/expect" "$W/actual"
'

test_expect_success 'a dry run shows each, and writes nothing' '
	git checkout -q . && : >"$W/log" && snapshot_state . >"$W/before" &&
	git exp run -n --explain --name dry -S "lr=6,7" >"$W/out" &&
	snapshot_state . >"$W/after" && test_cmp "$W/before" "$W/after" && test_lines 0 "$W/log" &&
	test_grep "^Run 2 of 2: lr=7$" "$W/out" && test_grep "why: .*lr: .* -> 6" "$W/out" &&
	test_grep "why: .*lr: .* -> 7" "$W/out" && test_grep "^Sweep: 2 of 2 runs shown, nothing was done$" "$W/out"
'

test_expect_success 'a failure ends the sweep with exit 1; undo brings the text before it back' '
	git checkout -q . && : >"$W/log" &&
	test_code 1 git exp run --name f -S lr=2.5,3,4 >"$W/out" 2>"$W/err" &&
	test_lines 2 "$W/log" && test -n "$(exp_of f-1)" && test -n "$(failed_of f-2)" && test -z "$(exp_of f-3)" &&
	test_grep "^error: stage .train. exited with 1 " "$W/err" &&
	test_grep "^Sweep: 2 of 3 runs done, 1 failed" "$W/out" && test_grep "^lr: 3 " params.yaml &&
	git exp undo >"$W/out" && test_cmp "$W/params" params.yaml
'

test_expect_success '-k goes on with the other runs, and still exits 1' '
	: >"$W/log" &&
	test_code 1 git exp run -k --name k -S lr=3,6 >"$W/out" 2>"$W/err" &&
	test_lines 2 "$W/log" && test -n "$(failed_of k-1)" && test -n "$(exp_of k-2)" &&
	test_grep "^lr: 6 " params.yaml && test_grep "^Sweep: 2 of 2 runs done, 1 failed" "$W/out"
'

# What refuses before the first run, changes nothing and says one line.
state () { snapshot_state . | grep -v "\.dvc/tmp/"; }	# less the locks, which hold pids
refuses () {
	message=$1 && shift &&
	git for-each-ref >"$W/refs-before" && state >"$W/before" && : >"$W/log" &&
	test_code 128 git exp run "$@" >"$W/out" 2>"$W/err" &&
	grep -v "^hint: " "$W/err" >"$W/actual"
	echo "fatal: $message" >"$W/expect" && test_cmp "$W/expect" "$W/actual" &&
	git for-each-ref >"$W/refs-after" && state >"$W/after" &&
	test_cmp "$W/refs-before" "$W/refs-after" && test_cmp "$W/before" "$W/after" && test_lines 0 "$W/log"
}

test_expect_success 'what cannot be swept over is refused before anything runs' '
	git checkout -q . &&
	refuses "${sq}lr=interval(0,1)${sq}: interval() is not supported" -S "lr=interval(0,1)" -S m.n=1,2 &&
	refuses "${sq}lr=glob(a*)${sq}: glob() is not supported" -S "lr=glob(a*)" &&
	refuses "${sq}lr=range(0,1000000)${sq}: the range has more than 10000 values" -S "lr=range(0,1000000)" &&
	refuses "the sweeps of -S make more than 10000 runs" -S "lr=range(0,200)" -S "m.n=range(0,200)" &&
	refuses "the sweep over ${sq}lr${sq} has no values" -S "lr=range(3,3)" &&
	refuses "${sq}lr=[1,2${sq}: expected ${sq},${sq} or ${sq}]${sq} at the end" -S "lr=[1,2" -S m.n=1,2 &&
	refuses "${sq}lr=é${sq}: ${sq}é${sq}, character 4, must stand in quotes" -S "lr=choice(${sq}é${sq},x)" &&
	refuses "params.yaml has no parameter ${sq}rl${sq}" -S rl=1,2
'

test_expect_success 'a name that one of the runs would take is refused before anything runs' '
	git exp run -q --name t-2 -S lr=9 && git checkout -q . &&
	refuses "there is an experiment ${sq}t-2${sq} already" --name t -S lr=1,2
'

test_expect_success 'what another writes to the file while it goes is not overwritten' '
	git checkout -q . && sed "s/^test .*/test \$lr = 3 || echo \"# mine\" >>params.yaml/" train.sh >x && mv x train.sh &&
	git commit -qam writes &&
	test_code 128 git exp run --name w -S lr=1,2 >"$W/out" 2>"$W/err" &&
	test_grep "^fatal: .params.yaml. was changed while the sweep was going$" "$W/err" &&
	test_grep "^# mine$" params.yaml && test_grep "^lr: 1 " params.yaml &&
	names w- >"$W/actual" && echo w-1 >"$W/expect" && test_cmp "$W/expect" "$W/actual"
'

test_expect_success 'an interrupted run ends the sweep' '
	git checkout -q . && sed "s/^test .*/test \$lr != 2 || { : >\"\$SWEEP_LOG.ready\"; sleep 9; }/" train.sh >x && mv x train.sh &&
	git commit -qam waits && : >"$W/log" && rm -f "$W/log.ready" &&
	{ git-exp run -k --name i -S lr=1.5,2,5 >"$W/out" 2>"$W/err" & } && pid=$! &&
	wait_for test -e "$W/log.ready" && kill -TERM $pid && test_code 143 wait $pid &&
	test_lines 2 "$W/log" && test -n "$(exp_of i-1)" && record_of "$(failed_of i-2)" >"$W/record" &&
	test_grep "\"state\":\"killed\"" "$W/record" && test -z "$(exp_of i-3)"
'

test_expect_success 'secrets are stars in what is printed and recorded' '
	git checkout -q . && printf "api_key: none\nhub: {}\n" >keys.yaml && git add . && git commit -qm keys &&
	git exp run --name x -S "lr=7,8" -S keys.yaml:api_key=hunter1 -S "+keys.yaml:hub={token: hunter2}" >"$W/out" 2>&1 || :
	git exp run --name x -S "lr=7,8" -S keys.yaml:api_key=hunter1 -S "keys.yaml:+hub={token: hunter2}" \
		--set-param=keys.yaml:++api_key2=hunter3 >"$W/out" &&
	! grep hunter "$W/out" && test_grep "^Run 1 of 2: lr=7 keys.yaml:api_key=\*\*\* keys.yaml:+hub=\*\*\* " "$W/out" &&
	git cat-file commit "$(exp_of x-2)" >"$W/text" && git notes --ref=exps show "$(exp_of x-2)" >>"$W/text" &&
	! grep hunter "$W/text" && test_grep "\"hub\":{\"token\":\"\*\*\*\"}" "$W/text" &&
	git exp run --name y --set-param=keys.yaml:api_key=hunter4 >"$W/out" &&
	git cat-file commit "$(exp_of y)" >"$W/text" && ! grep hunter "$W/text"
'

test_expect_success '-q says only what the stages say' '
	git exp run -q --name q -S lr=10,11 >"$W/out" 2>"$W/err" && test_lines 0 "$W/out" && test_lines 0 "$W/err"
'

test_done
