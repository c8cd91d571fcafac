#!/bin/sh
test_description='stages run, are skipped, come from the cache, fail and are killed'
. "$(dirname "$0")/test-lib.sh"

run () { "$OBJ_DIR/t/u-run" --run . "$@"; }

# fresh NAME: an empty project, entered; dvc.yaml comes from stdin.
fresh () {
	rm -rf "$TRASH/$1" && mkdir -p "$TRASH/$1/.dvc" && cd "$TRASH/$1" &&
	: >.dvc/config && cat >dvc.yaml
}

two () {
	fresh "$1" <<-\END &&
	stages:
	  prepare:
	    cmd: tr a-z A-Z <raw >clean
	    deps: [raw]
	    outs: [clean]
	  train:
	    cmd: cat clean >model && echo "{}" >m.json && echo trained
	    deps: [clean]
	    params: [lr]
	    outs: [model]
	    metrics: [m.json: {cache: false}]
	END
	echo hello >raw && echo 'lr: 0.1' >params.yaml
}

test_expect_success 'what never ran runs, and then does not' '
	two basic && run >out &&
	cat >expect <<-\END &&
	Running stage '\''prepare'\'':
	> tr a-z A-Z <raw >clean
	Running stage '\''train'\'':
	> cat clean >model && echo "{}" >m.json && echo trained
	trained
	END
	test_cmp expect out &&
	printf "/clean\n/model\n" >expect && test_cmp expect .gitignore &&
	cp dvc.lock before && run >out && test_cmp before dvc.lock &&
	cat >expect <<-\END &&
	Stage '\''prepare'\'' didn'\''t change, skipping
	Stage '\''train'\'' didn'\''t change, skipping
	END
	test_cmp expect out
'

test_expect_success 'outputs are objects of the cache, complete and read-only' '
	sum=$(md5sum <model | cut -c1-32) &&
	object=.dvc/cache/files/md5/$(echo $sum | cut -c1-2)/$(echo $sum | cut -c3-) &&
	test_cmp model $object &&
	test "$(ls -l $object | cut -c1-10)" = -r--r--r-- &&
	grep "md5: $sum" dvc.lock
'

test_expect_success 'a parameter runs only the stage that names it' '
	echo "lr: 0.2" >params.yaml && run -v >out &&
	test_grep "Stage .prepare. didn.t change" out &&
	test_grep "why: param lr: 0.1 -> 0.2 (params.yaml)" out &&
	test_grep "lr: 0.2" dvc.lock
'

test_expect_success 'going back brings the old results from the run cache' '
	echo old >>m.json && echo "lr: 0.1" >params.yaml && run >out &&
	test_grep "Stage .train. is cached" out && test_grep ! "> cat" out &&
	test_cmp before dvc.lock && echo "{}" >expect && test_cmp expect m.json &&
	echo more >>m.json
'

test_expect_success 'a deleted output comes back, a changed one is kept first' '
	echo "{}" >m.json && rm clean && chmod u+w model &&
	echo precious >model && run >out &&
	test_grep "Stage .prepare. is cached" out &&
	test_grep "Stage .train. is cached" out &&
	echo HELLO >expect && test_cmp expect model && test_cmp expect clean &&
	sum=$(echo precious | md5sum | cut -c3-32) &&
	test -f .dvc/cache/files/md5/*/$sum
'

test_expect_success 'the same bytes above mean that nothing below runs' '
	two same && run >out && echo HELLO >raw && run >out &&
	test_grep "Running stage .prepare." out &&
	test_grep "Stage .train. didn.t change, skipping" out
'

test_expect_success 'force runs everything' '
	run -f >out && grep -c "^Running" out >nr && echo 2 >expect &&
	test_cmp expect nr
'

test_expect_success 'a target runs with what it needs, and nothing else' '
	two target && run prepare >out && test -f clean && ! test -e model
'

test_expect_success 'a dry run tells the same and writes nothing' '
	two dry && ls -a >../before && run -n >../said && ls -a >../after &&
	test_grep "Running stage .prepare." ../said &&
	test_grep "> tr a-z" ../said && test_grep "MAYBE\|Running stage .train." ../said &&
	test_cmp ../before ../after && ! test -e .dvc/cache
'

test_expect_success 'each line is a shell of its own, in wdir, with our variables' '
	fresh lines <<-\END &&
	stages:
	  a:
	    wdir: sub
	    cmd: |
	      cd / && X=1
	      pwd; echo "x=$X stage=$DVC_STAGE root=$DVC_ROOT"
	      echo "given=$GIVEN gone=$GONE"
	    outs: [../o]
	  b:
	    cmd: [": >o2", "echo \"$0 $-\""]
	    outs: [o2]
	END
	mkdir sub && sed -i.bak "s,echo \"given,: >../o; echo \"given," dvc.yaml &&
	GONE=here run >out && test_grep "^$PWD/sub\$" out &&
	test_grep "^x= stage=a root=$PWD\$" out && test_grep "^given=yes gone=\$" out &&
	SHELL=/bin/bash && export SHELL && test_when_finished "unset SHELL" &&
	if test -x /bin/bash; then run -f b >out && test_grep "^/bin/bash hBc" out; fi
'

test_expect_success 'a command of nothing does nothing, once' '
	fresh nothing <<-\END &&
	stages:
	  a: {cmd: []}
	  b: {cmd: ""}
	  c: {cmd: [], always_changed: true}
	END
	run -j 2 >out && test "$(grep -c "^Running" out)" = 3 &&
	run >out && test "$(grep "^Running" out)" = "Running stage '\''c'\'':" &&
	test_grep "cmd: \[\]" dvc.lock
'

test_expect_success 'outputs are removed before, but for persist and what is not ours' '
	fresh removed <<-END &&
	stages:
	  a:
	    cmd: ls >list; echo 1 >>plain; echo 1 >>kept; echo 1 >>"$TRASH/far"
	    outs: [plain, list, kept: {persist: true}, $TRASH/far: {cache: false}]
	    always_changed: true
	END
	run >out && run >out && printf "1\n" >one && printf "1\n1\n" >two &&
	test_cmp one plain && test_cmp two kept && test_cmp two "$TRASH/far" &&
	test_grep ! plain list
'

test_expect_success 'an output that was not made is a failure' '
	fresh unmade <<-\END &&
	stages:
	  a: {cmd: "true", outs: [x]}
	END
	test_must_fail run >out &&
	test_grep "FAILED a: dvc.yaml: line 2: output .x. of stage .a. does not exist" out &&
	! test -e dvc.lock
'

test_expect_success 'a failure keeps what is done, and no line in .gitignore' '
	fresh failed <<-\END &&
	stages:
	  good: {cmd: echo 1 >g, outs: [g]}
	  bad: {cmd: "echo half >b; exit 3", deps: [g], outs: [b]}
	  after: {cmd: echo 1 >a, deps: [b], outs: [a]}
	END
	echo "/mine" >.gitignore && test_must_fail run >out &&
	test_grep "FAILED bad: stage .bad. exited with 3" out &&
	test_grep "^error -6: stage .bad. exited with 3" out &&
	test_grep good: dvc.lock && test_grep ! bad: dvc.lock &&
	test -f b && test_grep ! after out &&
	echo "/mine" >expect && test_cmp expect .gitignore
'

test_expect_success 'keep-going skips only what needs the failed stage' '
	fresh going <<-\END &&
	stages:
	  bad: {cmd: exit 1, outs: [b]}
	  below: {cmd: echo 1 >c, deps: [b], outs: [c]}
	  deeper: {cmd: echo 1 >d, deps: [c], outs: [d]}
	  other: {cmd: echo 1 >o, outs: [o]}
	END
	test_must_fail run -k >out && test -f o && ! test -e d &&
	test_grep "SKIPPED below because of bad" out &&
	test_grep "SKIPPED deeper because of below" out &&
	test_grep other: dvc.lock
'

test_expect_success 'a missing input is named before anything runs or goes' '
	fresh noinput <<-\END &&
	stages:
	  a: {cmd: echo ran >x, deps: [nowhere], outs: [x]}
	END
	echo old >x && test_must_fail run >out && test_grep ! Running out &&
	test_grep "dependency .nowhere. of stage .a. does not exist" out &&
	echo old >expect && test_cmp expect x
'

many () {
	fresh "$1" <<-END
	stages:
	$(for i in 1 2 3 4 5 6 7 8
	do
		echo "  s$i: {cmd: \"sleep .$((9 - i)); echo $i >o$i\", outs: [o$i]}"
		echo "  t$i: {cmd: \"cat o$i >p$i\", deps: [o$i], outs: [p$i]}"
	done)
	END
}

test_expect_success 'four at a time write the same dvc.lock as one after another' '
	many serial && run >out && many parallel && run -j 4 -v >out &&
	grep ^DONE out >order && grep ^DONE out | sort >sorted &&
	! cmp -s order sorted && test_cmp ../serial/dvc.lock dvc.lock
'

test_expect_success 'each line of stages that run together says whose it is' '
	fresh lined <<-\END &&
	stages:
	  a: {cmd: "printf one; sleep .2; echo two; printf end", outs: [x: {cache: false}]}
	  b: {cmd: "printf \"1%%\\r100%%\\n\"; sleep .1", outs: [y: {cache: false}]}
	END
	test_must_fail run -j 2 -k >out && grep " | " out | sort >actual &&
	printf "a | end\na | onetwo\nb | 100%%\n" >expect && test_cmp expect actual
'

test_expect_success 'output is passed on at once, and its end is kept' '
	fresh log <<-\END &&
	stages:
	  a: {cmd: "echo early; while ! test -e go; do sleep .1; done; i=0; while test $i -lt 30000; do echo line $i; i=$((i+1)); done; echo err >&2; : >x", outs: [x]}
	END
	{ "$OBJ_DIR/t/u-run" --run . -v >out & } && pid=$! && wait_for grep -q "^early" out && : >go && wait $pid &&
	test_grep "^log of a: 65536 bytes" out && tail -n 2 out | head -n 1 >last &&
	echo err >expect && test_cmp expect last &&
	sed "/^log of/,\$d" out | grep -c "^line" >nr && echo 30000 >expect &&
	test_cmp expect nr
'

test_expect_success 'no flock is held while a command runs, its paths are' '
	fresh busy <<-\END &&
	stages:
	  a: {cmd: "cp .dvc/tmp/rwlock seen; flock -n .dvc/tmp/lock true && echo free; : >x", deps: [raw], outs: [x]}
	END
	: >raw && run >out && test_grep "\"$PWD/x\"" seen && test_grep "\"$PWD/raw\"" seen &&
	{ ! command -v flock >/dev/null || test_grep "^free" out; } &&
	test_grep ! "$PWD" .dvc/tmp/rwlock
'

test_expect_success 'a signal goes to the command, and ends us after it' '
	fresh killed <<-\END &&
	stages:
	  good: {cmd: ": >g", outs: [g]}
	  a: {cmd: "trap \"echo got >>log; exit 9\" TERM; echo up; while :; do sleep .1; done", deps: [g], outs: [x]}
	  b: {cmd: "echo never", deps: [x]}
	END
	{ "$OBJ_DIR/t/u-run" --run . >out & } && pid=$! && wait_for grep -q "^up" out && kill -TERM $pid &&
	test_code 143 wait $pid && echo got >expect && test_cmp expect log &&
	test_grep "SIGNAL 15" out && test_grep "FAILED a: stage .a. exited with 9" out &&
	test_grep ! never out && test_grep good: dvc.lock &&
	test_grep ! "$PWD" .dvc/tmp/rwlock
'

test_expect_success 'a second signal kills a command that does not listen' '
	fresh deaf <<-\END &&
	stages:
	  a: {cmd: "trap \"\" TERM; (trap \"\" TERM; sleep 30) & echo up; wait; sleep 30", outs: [x]}
	END
	{ "$OBJ_DIR/t/u-run" --run . >out & } && pid=$! && wait_for grep -q "^up" out && kill -TERM $pid &&
	wait_for grep -q "SIGNAL 15" out && kill -TERM $pid &&
	test_code 143 wait $pid && test_grep "was killed by SIGKILL" out
'

test_expect_success 'a command that leaves somebody behind does not hold us' '
	fresh behind <<-\END &&
	stages:
	  a: {cmd: "sleep 20 & echo up; : >x", outs: [x]}
	END
	before=$(date +%s) && run >out && after=$(date +%s) &&
	test $((after - before)) -lt 10
'

test_expect_success 'an input edited meanwhile is recorded as it was, with a word' '
	fresh edited <<-\END &&
	stages:
	  a: {cmd: "cat in >x; echo new >in", deps: [in], outs: [x]}
	END
	echo old >in && run >out &&
	test_grep "warning: .in. changed while stage .a. ran" out &&
	grep -A 4 deps: dvc.lock | grep "md5: $(echo old | md5sum | cut -c1-32)"
'

test_expect_success 'links out of the project are not followed' '
	fresh links <<-\END &&
	stages:
	  a: {cmd: "echo 1 >way/x", outs: [way/x: {cache: false}]}
	END
	mkdir -p "$TRASH/outside" && echo canary >"$TRASH/outside/x" &&
	ln -s "$TRASH/outside" way && test_must_fail run >out &&
	test_grep "outside of the project" out &&
	echo canary >expect && test_cmp expect "$TRASH/outside/x"
'

test_expect_success 'data is kept, recorded anew when it changed, or fetched' '
	fresh data <<-\END &&
	stages:
	  use: {cmd: cat raw >x, deps: [raw], outs: [x]}
	END
	printf "# mine\nouts:\n- path: raw\n  desc: words\n" >raw.dvc &&
	echo 1 >raw && run >out && test_grep "Verifying data sources in stage: .raw.dvc." out &&
	sum=$(echo 1 | md5sum | cut -c1-32) && test_grep "md5: $sum" raw.dvc &&
	test_grep "# mine" raw.dvc && test_grep "desc: words" raw.dvc &&
	test_grep "^/raw$" .gitignore && run >out &&
	test_grep "^.raw.dvc. didn.t change, skipping" out && rm raw x && run >out &&
	echo 1 >expect && test_cmp expect raw && test_cmp expect x &&
	rm -rf raw .dvc/cache && test_must_fail run >out &&
	test_grep "data .raw. is missing, and it is not in the cache" out
'

test_expect_success 'a frozen stage is recorded and not run' '
	fresh frozen <<-\END &&
	stages:
	  a: {cmd: echo ran >x, deps: [raw], outs: [x], frozen: true}
	END
	: >raw && echo by hand >x && run >out &&
	test_grep "Verifying outputs in frozen stage: .a." out &&
	test_grep ! "> echo" out && echo by hand >expect && test_cmp expect x &&
	test_grep "path: raw" dvc.lock
'

test_expect_success 'links of the chosen kind replace what was saved' '
	two linked && CACHE_TYPE=hardlink && export CACHE_TYPE &&
	test_when_finished "unset CACHE_TYPE" && run >out &&
	test "$(ls -l model | cut -c1-10)" = -r--r--r-- &&
	test "$(ls -l m.json | cut -c1-10)" = -rw-r--r-- &&
	run -f >out && rm model && run >out &&
	test "$(ls -l model | cut -c1-10)" = -r--r--r-- &&
	echo "lr: 0.2" >params.yaml && run >out &&
	echo "lr: 0.1" >params.yaml && run >out && test_grep "is cached" out &&
	test "$(ls -l m.json | cut -c1-10)" = -rw-r--r--
'

if ! command -v script >/dev/null || ! script -qec true /dev/null >/dev/null 2>&1
then
	test_skip_next 'no script(1) that takes a command'
fi
test_expect_success 'on a terminal a command has a terminal' '
	fresh tty <<-\END &&
	stages:
	  a: {cmd: "test -t 0 && test -t 1 && test -t 2 && stty size && echo all; read line; echo \"said $line\"; : >x", outs: [x]}
	END
	{ sleep 1; echo hello; sleep 1; } |
	script -qec "stty rows 33 cols 77; $OBJ_DIR/t/u-run --run . -t; stty -a" /dev/null >out &&
	test_grep "^all" out && test_grep "^33 77" out && test_grep "^said hello" out &&
	test_grep " icanon" out && test_grep "^isig " out
'

test_done
