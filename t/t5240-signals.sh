#!/bin/sh
test_description='a run that is interrupted is kept, undone, and can be run again'
. "$(dirname "$0")/test-lib.sh"

W=$TRASH/w
mkdir "$W"

# sh starts what is in the background with SIGINT ignored.
default_int=
if command -v python3 >/dev/null
then
	cat >"$W/default-int" <<-\EOF
	import os, signal, sys
	signal.signal(signal.SIGINT, signal.SIG_DFL)
	os.execvp(sys.argv[1], sys.argv[1:])
	EOF
	default_int="python3 $W/default-int"
fi

failed_of () { git for-each-ref --format='%(objectname)' "refs/git-exp/failed/**/$1"; }
record_of () { git cat-file commit "$1" | sed -n 's/^git-exp //p'; }

# begin WORD...: a run in the background that is left at `ready`.
begin () {
	rm -f "$W/ready" "$W/pids"
	$default_int git-exp run "$@" >"$W/out" 2>"$W/err" &
	run_pid=$!
	wait_for test -e "$W/ready"
}

# ended CODE: the run is over, with this exit code as sh sees it.
ended () {
	run_code=0
	wait "$run_pid" || run_code=$?
	cat "$W/out" "$W/err"
	test "$run_code" = "$1" || { echo "exit $run_code"; return 1; }
}

none_live () {
	while read -r pid
	do
		! kill -0 "$pid" 2>/dev/null || { echo "$pid is alive"; return 1; }
	done <"$W/pids"
}

# nothing_held: no entry in DVC's lock tables, no lock file of git.
nothing_held () {
	for file in .dvc/tmp/rwlock .dvc/tmp/exps/rwlock
	do
		test ! -e "$file" || ! grep -e pid "$file" || return 1
	done
	! find .git -path .git/exp -prune -o -name "*.lock" -print | grep . &&
	! find . -name ".git" -prune -o -name "*.tmp*" -type f -print | grep .
}

test_expect_success 'setup: a stage that waits, with children of its own' '
	project &&
	echo "lr: 1   # step" >params.yaml && echo data >in &&
	cat >slow.sh <<-EOF &&
	echo "lr is \$(sed -n "s/lr: //p" params.yaml)"
	test ! -e go || { cp in out; exit 0; }
	sleep 60 & echo \$! >>"$W/pids"
	(sleep 60; :) & echo \$! >>"$W/pids"
	echo \$\$ >>"$W/pids"
	>"$W/ready"
	wait
	EOF
	cat >dvc.yaml <<-\EOF &&
	stages:
	  prep:
	    cmd: cp in mid
	    deps: [in]
	    outs: [mid]
	  train:
	    cmd: sh slow.sh
	    deps: [slow.sh, mid]
	    params: [lr]
	    outs: [out]
	EOF
	printf "/go\n" >>.git/info/exclude && git add . && git commit -qm pipeline
'

for sig in INT TERM HUP
do
	case $sig in INT) code=130 ;; TERM) code=143 ;; HUP) code=129 ;; esac

	test "$sig$default_int" != INT || continue
	test_expect_success "SIG$sig: the whole group of the stage is gone, we die of it too" '
		snapshot_state . >"$W/before" && cksum <params.yaml >"$W/params" &&
		begin --name by-'$sig' -S lr=2 &&
		kill -'$sig' $run_pid && ended '$code' && wait_for none_live
	'

	test_expect_success "SIG$sig: said and recorded as killed, with the end of its output" '
		test_grep "^error: stage .train. was killed by SIG'$sig' after " "$W/err" &&
		test_grep "^hint: kept as failed experiment .by-'$sig'.*git exp undo" "$W/err" &&
		id=$(failed_of by-'$sig') && test -n "$id" &&
		record_of $id >"$W/record" &&
		test_grep "\"state\":\"killed\"" "$W/record" &&
		test_grep "\"exit\":'$code'" "$W/record" &&
		test_grep "\"stage\":\"prep\",\"did\":\"run\"\|\"stage\":\"prep\",\"did\":\"cache\"\|\"stage\":\"prep\",\"did\":\"keep\"" "$W/record" &&
		git notes --ref=exps-log show $id >"$W/log" && test_grep "^lr is 2 " "$W/log" &&
		git for-each-ref "refs/exps/**" >"$W/refs" && test_lines 0 "$W/refs"
	'

	test_expect_success "SIG$sig: no lock and no entry is left, -S can be undone" '
		nothing_held && test_grep "^lr: 2   # step" params.yaml &&
		git exp undo >"$W/out" && cksum <params.yaml >"$W/now" &&
		test_cmp "$W/params" "$W/now"
	'
done

test_expect_success 'the entries of what was good are kept: only the rest runs again' '
	>go && git exp run --name again >"$W/out" &&
	test_grep "^Stage .prep. didn.t change, skipping" "$W/out" &&
	test_grep "^Running stage .train.:" "$W/out" && test -e out &&
	git fsck --strict 2>"$W/err" && test_lines 0 "$W/err" && nothing_held
'

test_expect_success 'git-exp as a child of git ends the same way' '
	rm go && rm -f "$W/ready" "$W/pids" &&
	{ git exp run -f --name child >"$W/out" 2>"$W/err" & } && run_pid=$! &&
	wait_for test -e "$W/ready" && kill -TERM $run_pid && ended 143 &&
	wait_for none_live && wait_for eval "test -n \"\$(failed_of child)\"" && wait_for nothing_held
'

test_expect_success 'several jobs: every running stage is told' '
	cp dvc.yaml "$W/dvc.yaml" &&
	printf "stages:\n  a:\n    cmd: sh a.sh\n  b:\n    cmd: sh b.sh\n  c:\n    cmd: touch c-ran\n" >dvc.yaml &&
	for s in a b
	do
		echo "echo \$\$ >>\"$W/pids\"; >\"$W/ready-$s\"; sleep 60" >$s.sh || return 1
	done &&
	rm -f "$W/pids" && { git-exp run -j 2 --name both >"$W/out" 2>"$W/err" & } && run_pid=$! &&
	wait_for test -e "$W/ready-a" && wait_for test -e "$W/ready-b" &&
	kill -TERM $run_pid && ended 143 && wait_for none_live && ! test -e c-ran &&
	test -n "$(failed_of both)" && nothing_held
'

test_expect_success 'with -k an interruption still ends everything' '
	rm -f "$W/pids" "$W"/ready-? && { git-exp run -k --name going >"$W/out" 2>"$W/err" & } && run_pid=$! &&
	wait_for test -e "$W/ready-a" && kill -TERM $run_pid && ended 143 &&
	! test -e "$W/ready-b" && ! test -e c-ran
'

test_expect_success 'a stage that ignores the signal is killed by the second one' '
	printf "stages:\n  a:\n    cmd: sh deaf.sh\n" >dvc.yaml &&
	echo "trap \"\" TERM; echo \$\$ >\"$W/pids\"; >\"$W/ready\"; while :; do sleep .2; done" >deaf.sh &&
	begin --name deaf && kill -TERM $run_pid && sleep .5 && kill -0 $run_pid &&
	kill -TERM $run_pid && ended 143 && wait_for none_live &&
	test -n "$(failed_of deaf)" && nothing_held
'

test_expect_success 'one that its shell leaves behind is waited for, then killed' '
	begin --name left && kill -TERM $run_pid && ended 143 && wait_for none_live &&
	test -n "$(failed_of left)" && nothing_held
'

test_expect_success 'a stage that ends well in spite of the signal: still recorded as killed' '
	echo "trap \"exit 0\" TERM; >\"$W/ready\"; while :; do sleep .1; done" >deaf.sh &&
	begin --name polite && kill -TERM $run_pid && ended 143 &&
	record_of "$(failed_of polite)" >"$W/record" && test_grep "\"state\":\"killed\"" "$W/record"
'

test_expect_success 'with nohup a hang-up is ignored, by the stage too' '
	echo ">\"$W/ready\"; sleep 2; echo survived" >deaf.sh &&
	rm -f "$W/ready" && { (trap "" HUP; exec git-exp run --name hup >"$W/out" 2>"$W/err") & } && run_pid=$! &&
	wait_for test -e "$W/ready" && kill -HUP $run_pid && ended 0 && test_grep survived "$W/out"
'

test_expect_success 'a stage killed by its own signal is a failure, not an interruption' '
	printf "stages:\n  a:\n    cmd: echo so far; kill -9 \$\$\n    outs: [o]\n" >dvc.yaml &&
	test_code 1 git exp run --name own >"$W/out" 2>"$W/err" &&
	test_grep "^error: stage .a. was killed by SIGKILL after " "$W/err" &&
	record_of "$(failed_of own)" >"$W/record" && test_grep "\"state\":\"failed\"" "$W/record" &&
	test_grep "\"exit\":137" "$W/record" &&
	git exp log own >"$W/log" && test_grep "killed by SIGKILL" "$W/log" && test_grep "^    so far$" "$W/log"
'

test_expect_success 'a command in it that was killed is named from its exit code' '
	printf "stages:\n  a:\n    cmd: sh own.sh; exit \$?\n" >dvc.yaml && echo "kill -9 \$\$" >own.sh &&
	test_code 1 git exp run 2>"$W/err" &&
	test_grep "^error: stage .a. exited with 137 (a command killed by SIGKILL) after " "$W/err"
'

test_expect_success 'what we left alive when we were killed with -9 is no obstacle' '
	cp "$W/dvc.yaml" dvc.yaml && rm -f go && begin -f --name lost && kill -9 $run_pid &&
	test_code 137 wait $run_pid && while read -r pid; do kill -9 $pid || :; done <"$W/pids" &&
	>go && git exp run -f --name found >"$W/out" 2>"$W/err" && cat "$W/err" && cat .dvc/tmp/rwlock && test_grep ! "write.*pid" .dvc/tmp/rwlock &&
	test_grep "^Running stage .train.:" "$W/out"
'

test_done
