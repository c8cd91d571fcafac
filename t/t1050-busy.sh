#!/bin/sh
test_description='our locks and those of DVC are the same locks'
. "$(dirname "$0")/test-lib.sh"

PYTHON=$BUILD_DIR/build/venv/bin/python
test -x "$PYTHON" || test_skip_all 'DVC is not installed (make deps)'
DVC_SITE_CACHE_DIR=$TRASH/site PYTHONDONTWRITEBYTECODE=1
export DVC_SITE_CACHE_DIR PYTHONDONTWRITEBYTECODE

ours () { "$OBJ_DIR/t/u-busy" "$@"; }
theirs () { "$PYTHON" "$TEST_DIR/dvc/busy.py" "$@"; }

# hold COMMAND...: in the background, until let_go; $holder is its pid.
hold () {
	rm -f go said && mkfifo go && : >said || return 1
	"$@" <go >said 2>err &
	holder=$!
	exec 9>go
	while ! test -s said && kill -0 $holder
	do
		sleep 0.1
	done
	test_grep held said
}
let_go () {
	exec 9>&-
	wait $holder
}
OURS=$OBJ_DIR/t/u-busy
THEIRS="$PYTHON $TEST_DIR/dvc/busy.py"

test_expect_success 'DVC waits for our repository lock' '
	project && test_when_finished let_go &&
	hold "$OURS" take . &&
	printf " %s\n" $holder >expect && test_cmp expect .dvc/tmp/lock &&
	test_must_fail theirs take . >out &&
	test_grep "Unable to acquire lock" out
'

test_expect_success 'we wait for its' '
	test_when_finished let_go &&
	hold $THEIRS take . &&
	test_must_fail ours take . >out &&
	test_grep "another process (pid $holder) holds .\.dvc/tmp/lock." out
'

test_expect_success 'once let go either may have it' '
	theirs take . >out && ours take . >out && theirs take . >out
'

test_expect_success 'DVC sees what we write' '
	test_when_finished let_go &&
	hold "$OURS" write "$PWD" "$PWD/out" &&
	test_must_fail theirs read . "$PWD/out/deep" >out &&
	test_grep "(PID $holder): git exp run" out &&
	test_must_fail theirs write . "$PWD/out" >out &&
	theirs write . "$PWD/output" >out
'

test_expect_success 'DVC may read what we read, not write it' '
	test_when_finished let_go &&
	hold "$OURS" read "$PWD" "$PWD/in" &&
	theirs read . "$PWD/in" >out &&
	test_must_fail theirs write . "$PWD/in" >out &&
	test_grep "(PID $holder): git exp run" out
'

test_expect_success 'we see what DVC writes' '
	test_when_finished let_go &&
	hold $THEIRS write "$PWD" "$PWD/out" &&
	test_must_fail ours read "$PWD" "$PWD/out/deep" >out &&
	test_grep "^.out/deep. is in use by process $holder (dvc repro)" out &&
	test_must_fail ours dvc "$PWD" >out &&
	test_grep "process $holder" out &&
	ours write "$PWD" "$PWD/output" >out
'

test_expect_success 'we may read what DVC reads, not write it' '
	test_when_finished let_go &&
	hold $THEIRS read "$PWD" "$PWD/in" &&
	ours read "$PWD" "$PWD/in" >out &&
	ours dvc "$PWD" >out &&
	test_must_fail ours write "$PWD" "$PWD" >out
'

test_expect_success 'the tables are empty afterwards' '
	echo "{}" >expect &&
	"$PYTHON" -c "
import json
t = json.load(open(\".dvc/tmp/rwlock\"))
assert not t.get(\"read\") and not t.get(\"write\"), t
"
'

test_expect_success 'entries of a killed DVC do not stop us' '
	hold $THEIRS write "$PWD" "$PWD/out" &&
	kill -9 $holder && ! let_go &&
	test_grep "out" .dvc/tmp/rwlock &&
	ours dvc "$PWD" && ours write "$PWD" "$PWD/out"
'

test_expect_success 'ours do not stop DVC when we were killed' '
	hold "$OURS" write "$PWD" "$PWD/out" &&
	kill -9 $holder && ! let_go &&
	test_grep "out" .dvc/tmp/rwlock &&
	theirs write "$PWD" "$PWD/out"
'

test_expect_success 'DVC runs no experiment in a workspace we hold' '
	printf "stages:\n  s:\n    cmd: echo >o\n    outs: [o]\n" >dvc.yaml &&
	git add dvc.yaml && git commit -q -m stage &&
	test_when_finished let_go &&
	hold "$OURS" workspace "$PWD" &&
	test_must_fail "$PYTHON" -m dvc exp run 2>out &&
	test_grep "(PID $holder): git exp run" out &&
	! test -e o
'

test_expect_success 'and runs it afterwards' '
	"$PYTHON" -m dvc exp run && test -e o
'

test_expect_success 'while DVC runs an experiment we see it' '
	test_when_finished let_go &&
	cat >dvc.yaml <<-\EOF &&
	stages:
	  s:
	    cmd: echo held >said && cat go2 >o
	    outs: [o]
	EOF
	mkfifo go2 && rm -f go said && mkfifo go && : >said &&
	{ "$PYTHON" -m dvc exp run <go >out 2>err & } &&
	holder=$! && exec 9>go &&
	while ! test -s said && kill -0 $holder; do sleep 0.1; done &&
	{ test_code 1 ours dvc "$PWD" >out2; code=$?; : >go2; } &&
	test $code = 0 && cat out2 &&
	test_grep "DVC runs an experiment here (process $holder)" out2
'

# --- core.hardlink_lock ---------------------------------------------------

# claims: how many files stand in for the claims of lock holders.
claims () { ls .dvc/tmp/????????????????????????????????.lock 2>/dev/null | wc -l; }

test_expect_success 'a hard link: DVC waits for ours' '
	HARDLINK=1 && export HARDLINK && test -e .dvc/tmp/lock &&
	test_when_finished let_go &&
	hold "$OURS" take "$PWD" &&
	test $(claims) = 1 && cmp .dvc/tmp/lock .dvc/tmp/????*????.lock &&
	test "$(cat .dvc/tmp/lock)" = "$(echo "$PWD"/.dvc/tmp/????*????.lock)" &&
	test_must_fail theirs take . >out &&
	test_grep "Unable to acquire lock" out
'

test_expect_success 'a hard link: we wait for that of DVC' '
	! test -e .dvc/tmp/lock && test $(claims) = 0 &&
	test_when_finished let_go &&
	hold $THEIRS take "$PWD" &&
	test_must_fail ours take "$PWD" >out &&
	test_grep "^another process holds .\.dvc/tmp/lock.$" out &&
	test -e .dvc/tmp/lock && test $(claims) = 1
'

test_expect_success 'a hard link: let go by one it is free for the other' '
	! test -e .dvc/tmp/lock && test $(claims) = 0 &&
	ours take . >out && theirs take . >out && ours take . >out &&
	theirs take . >out && ! test -e .dvc/tmp/lock && test $(claims) = 0
'

test_expect_success 'a hard link: the tables of paths are guarded so as well' '
	test_when_finished let_go &&
	hold "$OURS" write "$PWD" "$PWD/out" &&
	test_must_fail theirs read . "$PWD/out/deep" >out &&
	test_grep "(PID $holder): git exp run" out &&
	theirs write . "$PWD/output" >out &&
	! test -e .dvc/tmp/rwlock.lock
'

test_expect_success 'a hard link: a lock file of flock is in nobodys way' '
	unset HARDLINK && test_when_finished "let_go; HARDLINK=1" &&
	hold "$OURS" take . &&
	test_must_fail env HARDLINK=1 "$OURS" take . >out &&
	test_grep "another process holds" out && let_go &&
	test -e .dvc/tmp/lock &&
	HARDLINK=1 "$OURS" take . >out && ! test -e .dvc/tmp/lock
'

test_expect_success 'a hard link: the setting of .dvc/config counts for commands' '
	unset HARDLINK && ours take . >out && test -e .dvc/tmp/lock &&
	printf "[core]\n    hardlink_lock = true\n" >.dvc/config &&
	git exp run -q --no-record && ! test -e .dvc/tmp/lock &&
	test $(claims) = 0 &&
	HARDLINK=1 && export HARDLINK && test_when_finished let_go &&
	hold $THEIRS take "$PWD" && rm -f o &&
	test_must_fail git exp run -q --no-record 2>err &&
	test_grep "^fatal: another process holds" err &&
	test_grep "^hint: .*remove .\.dvc/tmp/lock" err
'

test_done
