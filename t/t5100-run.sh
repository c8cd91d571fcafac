#!/bin/sh
test_description='git exp run: what it says, what it records, what it leaves alone'
. "$(dirname "$0")/test-lib.sh"

sq="'"
exp_of () { git for-each-ref --format='%(objectname)' "refs/exps/**/$1"; }
failed_of () { git for-each-ref --format='%(objectname)' "refs/git-exp/failed/**/$1"; }
record_of () { git cat-file commit "$1" | sed -n 's/^git-exp //p'; }

test_expect_success 'setup: two stages in a chain, a parameter, a metric' '
	project &&
	printf "/%s\n" out err before after expect actual text log line files last \
		message record refs fresh "*.before" "*.after" >>.git/info/exclude &&
	echo "lr: 0.1   # step" >params.yaml &&
	echo 12345 >in.txt &&
	cat >train.sh <<-\EOF &&
	lr=$(sed -n "s/^lr: *\([^ ]*\).*/\1/p" params.yaml)
	echo "training with $lr"
	echo "model $lr" >model
	echo "{\"acc\": $lr}" >m.json
	EOF
	cat >dvc.yaml <<-\EOF &&
	stages:
	  prep:
	    cmd: cat in.txt > mid
	    deps:
	    - in.txt
	    outs:
	    - mid
	  train:
	    cmd: sh train.sh
	    deps:
	    - mid
	    - train.sh
	    params:
	    - lr
	    outs:
	    - model
	    metrics:
	    - m.json:
	        cache: false
	EOF
	git add . && git commit -qm pipeline
'

test_expect_success 'a first run runs everything and says how to promote it' '
	git exp run --name first >out &&
	sed "s/ in [0-9.]* s$/ in N s/; s/([0-9a-f]*)/(ID)/" out >actual &&
	cat >expect <<-EOF &&
	Running stage ${sq}prep${sq}:
	> cat in.txt > mid

	Running stage ${sq}train${sq}:
	> sh train.sh
	training with 0.1

	Ran experiment ${sq}first${sq} on main (ID) in N s
	  acc            - -> 0.1
	Its results are in your workspace. To promote it to a branch:
	    git exp branch first [<branch>]
	EOF
	test_cmp expect actual
'

test_expect_success 'the commit stands below the baseline and is whole' '
	id=$(exp_of first) &&
	git rev-parse HEAD >expect && git rev-parse "$id^" >actual &&
	test_cmp expect actual &&
	git fsck --strict 2>err && test_lines 0 err &&
	git cat-file commit $id >text &&
	sed -n "/^committer/{n;p;}" text >line &&
	test_grep "^git-exp {\"at\":\"" line
'

test_expect_success 'its message can be read, and ends as DVC writes it, without LF' '
	git cat-file commit $id | sed "1,/^$/d" >message &&
	test_grep "^exp first: ran prep, train$" message &&
	tail -n 1 message >last &&
	test_grep "^dvc: commit experiment [0-9a-f]\{64\}$" last &&
	test "$(tail -c 1 message | wc -l)" = 0
'

test_expect_success 'its tree holds what ran, and no cached output' '
	git ls-tree -r --name-only $id >files &&
	for f in dvc.yaml dvc.lock params.yaml train.sh in.txt m.json .gitignore
	do
		grep -qx "$f" files || { echo "no $f"; return 1; }
	done &&
	! grep -x -e mid -e model files &&
	test "$(git cat-file blob $id:m.json)" = "{\"acc\": 0.1}"
'

test_expect_success 'the note repeats the record' '
	record_of $id >expect &&
	git notes --ref=exps show $id >actual &&
	test_cmp expect actual &&
	git notes --ref=exps-log show $id >log &&
	printf -- "--- train ---\ntraining with 0.1\n" >expect &&
	test_cmp expect log
'

test_expect_success 'index, HEAD and branches stay byte for byte' '
	cksum <.git/index >index.before && cat .git/HEAD >head.before &&
	git for-each-ref refs/heads >heads.before &&
	git exp run -S lr=0.2 --name second >out &&
	cksum <.git/index >index.after && cat .git/HEAD >head.after &&
	git for-each-ref refs/heads >heads.after &&
	test_cmp index.before index.after && test_cmp head.before head.after &&
	test_cmp heads.before heads.after
'

test_expect_success '-S touches only the value' '
	echo "lr: 0.2   # step" >expect &&
	test_cmp expect params.yaml &&
	test "$(git cat-file blob "$(exp_of second)":params.yaml)" = "lr: 0.2   # step" &&
	record_of "$(exp_of second)" >record &&
	test_grep "\"set\":{\"params.yaml\":{\"lr\":0.2}}" record &&
	test_grep "\"stage\":\"prep\",\"did\":\"keep\"" record &&
	test_grep "\"why\":\"param lr: 0.1 -> 0.2 (params.yaml)\"" record
'

test_expect_success 'nothing to do: nothing is recorded, the experiment is named' '
	git for-each-ref >before &&
	git exp run >out &&
	git for-each-ref >after &&
	test_cmp before after &&
	test_grep "Stage .prep. didn.t change, skipping" out &&
	test_grep "^Nothing ran: this is experiment .second.\.$" out
'

# An edit that no stage reads is still another tree, however soon it comes.
test_expect_success 'with nothing to do git is asked while we read, and once' '
	git exp run >out && sleep 0.2 && git exp run >out &&
	GIT_EXP_TRACE=$PWD/.git/trace git exp run >out &&
	test_grep "^Nothing ran: this is experiment .second.\.$" out &&
	grep -e "child .* status " -e "region .*look" .git/trace >.git/lines &&
	test_lines 2 .git/lines && head -n 1 .git/lines >.git/first &&
	test_grep "child .* status " .git/first &&
	echo more >note && git exp run >out && rm note &&
	! grep "this is experiment .second" out &&
	name=$(sed -n "s/^Recorded as .\(.*\)\.$/\1/p; s/^Ran experiment .\([a-z-]*\).*/\1/p" out) &&
	git cat-file blob "$(exp_of "$name"):note" >actual &&
	echo more >expect && test_cmp expect actual && git exp remove "$name"
'

test_expect_success 'what was ever run is restored, not run again' '
	rm -f model &&
	git exp run -S lr=0.1 >out &&
	test_grep "Stage .train. is cached - skipping run, checking out outputs" out &&
	! grep "training with" out &&
	test "$(cat model)" = "model 0.1" && test "$(cat m.json)" = "{\"acc\": 0.1}" &&
	test_grep "this is experiment .first." out
'

test_expect_success '--name records even if nothing ran; a taken name is refused' '
	git exp run --name again >out && test -n "$(exp_of again)" &&
	git for-each-ref >before &&
	test_code 128 git exp run -S lr=0.9 --name first 2>err &&
	test_grep "^fatal: there is an experiment .first. already$" err &&
	git for-each-ref >after && test_cmp before after &&
	test_grep "lr: 0.1" params.yaml
'

test_expect_success '-m is the message, byte for byte' '
	git exp run -S lr=0.3 -m "my words" --name worded >out &&
	git cat-file commit "$(exp_of worded)" | sed "1,/^$/d" >actual &&
	printf "my words" >expect && test_cmp expect actual
'

test_expect_success 'a dry run with -S says what it would do and writes nothing' '
	snapshot_state . >"$TRASH/w-before" &&
	git exp run -n --explain -S lr=0.7 >"$TRASH/w-out" &&
	snapshot_state . >"$TRASH/w-after" &&
	test_cmp "$TRASH/w-before" "$TRASH/w-after" && cp "$TRASH/w-out" out &&
	test_grep "Running stage .train.:.*why: param lr: 0.3 -> 0.7" out &&
	test_grep "^> sh train.sh$" out && ! grep "training with" out
'

test_expect_success '--no-record runs and records nothing' '
	git for-each-ref >before &&
	git exp run -S lr=0.4 --no-record >out &&
	git for-each-ref >after && test_cmp before after &&
	test "$(cat model)" = "model 0.4"
'

test_expect_success 'a failure is kept with its output, its code, and an undo for -S' '
	echo "exit 3" >>train.sh &&
	test_code 1 git exp run -S lr=0.8 --name bad >out 2>err &&
	test_grep "^error: stage .train. exited with 3 after " err &&
	test_grep "^hint: kept as failed experiment .bad." err &&
	test -z "$(exp_of bad)" && id=$(failed_of bad) && test -n "$id" &&
	record_of $id >record &&
	test_grep "\"state\":\"failed\"" record && test_grep "\"exit\":3" record &&
	git notes --ref=exps-log show $id >log && test_grep "training with 0.8" log &&
	test_grep "lr: 0.8" params.yaml &&
	git exp undo >out && test_grep "lr: 0.4   # step" params.yaml
'

test_expect_success 'without a commit it runs, records nothing and says so' '
	git init -q fresh && cd fresh &&
	test_when_finished "cd .." &&
	git exp init >/dev/null &&
	printf "stages:\n  a:\n    cmd: echo hi >o\n    outs: [o]\n" >dvc.yaml &&
	git exp run >out 2>err && test "$(cat o)" = hi &&
	test_grep "^warning: there is no commit yet, so nothing is recorded$" err &&
	git for-each-ref >refs && test_lines 0 refs
'

test_expect_success 'secrets given with -S are recorded as stars' '
	printf "wandb:\n  api_key: none\n" >keys.yaml &&
	sed "s/- lr/- lr\n    - keys.yaml:/" dvc.yaml >text && cat text >dvc.yaml &&
	git checkout -q train.sh && git add . && git commit -qm keys &&
	git exp run -S keys.yaml:wandb.api_key=hunter2 --name secret >out &&
	git cat-file commit "$(exp_of secret)" >text &&
	git notes --ref=exps show "$(exp_of secret)" >>text &&
	! grep hunter2 text && test_grep "keys.yaml:wandb.api_key=\*\*\*" text
'

test_expect_success 'the files that a plot names by its axes are recorded' '
	mkdir "$TRASH/axes" && cd "$TRASH/axes" && project &&
	cat >dvc.yaml <<-\EOF &&
	stages:
	  a:
	    cmd: echo 1 >t.csv; echo 2 >u.csv; echo 3 >v.csv
	plots:
	- both: {x: {t.csv: a}, y: {u.csv: [b]}}
	EOF
	git add . && git commit -qm base && git exp run -q --name axes &&
	git ls-tree --name-only "$(exp_of axes)" | grep csv >actual &&
	printf "%s\n" t.csv u.csv >expect && test_cmp expect actual
'

test_expect_success 'a metric that two files have is told with its file' '
	mkdir "$TRASH/two" && cd "$TRASH/two" && project &&
	cat >dvc.yaml <<-\EOF &&
	stages:
	  a:
	    cmd: |
	      echo "acc: 1" >a.yaml
	      echo "{acc: 2, loss: 3}" >b.yaml
	    metrics: [a.yaml: {cache: false}, b.yaml: {cache: false}]
	EOF
	git add . && git commit -qm base && git exp run --name both >out &&
	sed -n "s/ -> .*//p" out | tr -d " -" >actual && printf "%s\n" a.yaml:acc b.yaml:acc loss >expect &&
	test_cmp expect actual
'

test_done
