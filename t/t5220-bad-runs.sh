#!/bin/sh
test_description='hard cases of a run: commands, metrics, places outside, locks'
. "$(dirname "$0")/test-lib.sh"
. "$TEST_DIR/bad-lib.sh"

exp_of () { git for-each-ref --format='%(objectname)' "refs/exps/**/$1"; }
failed_of () { git for-each-ref --format='%(objectname)' "refs/git-exp/failed/**/$1"; }
record_of () { git cat-file commit "$1" | sed -n 's/^git-exp //p'; }

pipeline () { { echo "stages:" && cat; } >dvc.yaml; }

# fails NAME <<expected: exit 1, these lines (times as N), kept as failed.
fails () {
	cat >"$W/expect" && test_code 1 git exp run --name "$1" >"$W/out" 2>"$W/err" &&
	sed 's/ after [0-9.]* s$/ after N s/' "$W/err" >"$W/actual" &&
	test_cmp "$W/expect" "$W/actual" && test -z "$(exp_of "$1")" && test -n "$(failed_of "$1")"
}

test_expect_success 'setup' '
	project && echo data >in && echo "lr: 1" >params.yaml && git add . && git commit -qm inputs
'

# --- commands -----------------------------------------------------------------

test_expect_success 'a command that is not found' '
	printf "  a:\n    cmd: no-such-program --x\n" | pipeline && fails lost <<-\EOF &&
	error: stage '\''a'\'' exited with 127 (command not found) after N s
	hint: kept as failed experiment '\''lost'\'': '\''git exp log lost'\'' shows its output
	EOF
	git exp log lost >"$W/out" && test_grep "no-such-program.*not found" "$W/out" && test_grep "exit 127" "$W/out"
'

for sig in KILL SEGV INT TERM
do
	test_expect_success "a command killed by SIG$sig" '
		printf "  a:\n    cmd: echo so far; kill -'$sig' \$\$\n" | pipeline && fails by-'$sig' <<-\EOF &&
		error: stage '\''a'\'' was killed by SIG'$sig' after N s
		hint: kept as failed experiment '\''by-'$sig''\'': '\''git exp log by-'$sig''\'' shows its output
		EOF
		record_of "$(failed_of by-'$sig')" >"$W/record" && test_grep "\"state\":\"failed\"" "$W/record"
	'
done

test_expect_success 'an output that was not made, a directory to work in that is not there' '
	printf "  a:\n    cmd: echo\n    outs: [o]\n" | pipeline && fails unmade <<-\EOF &&
	error: dvc.yaml: line 4: output '\''o'\'' of stage '\''a'\'' does not exist
	hint: kept as failed experiment '\''unmade'\'': '\''git exp log unmade'\'' shows its output
	EOF
	echo mine >keep && printf "  a:\n    wdir: nodir\n    cmd: echo\n    outs: [../keep: {cache: false}]\n" | pipeline && fails nodir <<-\EOF &&
	error: dvc.yaml: line 2: working directory '\''nodir'\'' of stage '\''a'\'' does not exist
	hint: kept as failed experiment '\''nodir'\'': '\''git exp log nodir'\'' shows its output
	EOF
	test "$(cat keep)" = mine && rm keep
'

test_expect_success '-k goes on with what does not need it, -j as well; exit 1' '
	printf "  a:\n    cmd: echo >x; exit 4\n    outs: [x]\n  b:\n    cmd: cp x y\n    deps: [x]\n    outs: [y]\n  c:\n    cmd: echo >z\n    outs: [z]\n" | pipeline &&
	test_code 1 git exp run --name stop >"$W/out" 2>"$W/err" && ! test -e z &&
	for jobs in 1 2
	do
		rm -f z && test_code 1 git exp run -f -k -j $jobs --name on-$jobs >"$W/out" 2>"$W/err" && test -e z && ! test -e y &&
		test_grep "^Stage .b. will be skipped, .a. failed$" "$W/out" && test_grep "exited with 4" "$W/err" &&
		test -n "$(failed_of on-$jobs)" || return 1
	done
'

test_expect_success '--explain says why, a dry run does nothing' '
	printf "  a:\n    cmd: cp in x\n    deps: [in]\n    params: [lr]\n    outs: [x]\n" | pipeline && git exp run -q &&
	echo "lr: 2" >params.yaml && state >"$W/before" &&
	git exp run -n --explain >"$W/out" && state >"$W/after" && test_cmp "$W/before" "$W/after" &&
	cat >"$W/expect" <<-\EOF && test_cmp "$W/expect" "$W/out"
	Running stage '\''a'\'':	# why: param lr: 1 -> 2 (params.yaml)
	> cp in x
	EOF
'

# --- metrics --------------------------------------------------------------------

test_expect_success 'metrics that do not parse: one warning, recorded, marked' '
	printf "  a:\n    cmd: cp src.json m.json; cp src.yaml n.yaml\n    deps: [src.json, src.yaml]\n    metrics: [m.json: {cache: false}, n.yaml: {cache: false}]\n" | pipeline &&
	echo "{\"acc\": 1}" >src.json && echo "loss: 2" >src.yaml && git add . && git commit -qm metrics &&
	git exp run -q --name good 2>"$W/err" && test_lines 0 "$W/err" &&
	echo "{\"acc\": 1," >src.json && git exp run --name bad >"$W/out" 2>"$W/err" &&
	test_lines 1 "$W/err" && test_grep "^warning: metrics that .git exp show. cannot read: m.json: line [12]: " "$W/err" &&
	test -n "$(exp_of bad)" && git exp show --csv >"$W/out" &&
	python3 - "$W/out" <<-\EOF
	import csv, sys
	[row] = [r for r in csv.DictReader(open(sys.argv[1])) if r["Experiment"] == "bad"]
	assert (row["acc"], row["loss"]) == ("!", "2"), row
	EOF
'

test_expect_success 'several of them: still one warning; also with -q' '
	echo "a: [" >src.yaml && git exp run -q --name worse >"$W/out" 2>"$W/err" &&
	test_lines 1 "$W/err" && test_grep "(and 1 more)$" "$W/err" && test -n "$(exp_of worse)"
'

test_expect_success 'strings and booleans are shown, null and lists dropped' '
	echo "{\"a\": 1.5, \"s\": \"text\", \"b\": true, \"n\": null, \"l\": [1, 2], \"o\": {\"x\": 1, \"y\": null}}" >src.json &&
	echo "{}" >src.yaml && git exp run --name kinds >"$W/out" 2>"$W/err" && test_lines 0 "$W/err" &&
	git exp show --json >"$W/out" && python3 - "$W/out" <<-\EOF
	import json, sys
	[base] = [row for row in json.load(open(sys.argv[1])) if row["rev"] != "workspace"]
	[exp] = [e for e in base["experiments"] if e["name"] == "kinds"]
	assert exp["revs"][0]["data"]["metrics"]["m.json"]["data"] == {
	    "a": 1.5, "s": "text", "b": True, "o": {"x": 1}}
	EOF
'

# --- outside the project ------------------------------------------------------------

test_expect_success 'a dependency outside is hashed as DVC does' '
	mkdir "$TRASH/far" && echo far >"$TRASH/far/in" &&
	printf "  a:\n    cmd: cat ../far/in \"$TRASH/far/in\" >x\n    deps: [../far/in, $TRASH/far/in]\n    outs: [x]\n" | pipeline &&
	git exp run --name outside >"$W/out" &&
	sum=$(md5sum "$TRASH/far/in" | cut -c1-32) && test "$(grep -c "md5: $sum" dvc.lock)" = 2 &&
	git exp run >"$W/out" && test_grep "didn.t change, skipping" "$W/out" &&
	echo nearer >"$TRASH/far/in" && test_code 1 git exp status >"$W/out" && test_grep "dependency ../far/in changed" "$W/out"
'

test_expect_success 'an uncached output outside is made and hashed, never removed or restored' '
	printf "  a:\n    cmd: cat in >>../far/out; ls ../far >list\n    deps: [in]\n    outs: [list, ../far/out: {cache: false}]\n" | pipeline &&
	git exp run --name far >"$W/out" && sum=$(md5sum "$TRASH/far/out" | cut -c1-32) &&
	test_grep "md5: $sum" dvc.lock && git ls-tree -r --name-only "$(exp_of far)" >"$W/out" && test_grep ! out "$W/out" &&
	git exp run -f >"$W/out" && test_lines 2 "$TRASH/far/out" && test_grep "^out$" list &&
	rm list && echo mine >"$TRASH/far/out" &&
	{ git exp apply far >"$W/out" 2>"$W/err"; test "$(cat "$TRASH/far/out")" = mine; } &&
	git exp undo >"$W/out" 2>&1; test "$(cat "$TRASH/far/out")" = mine
'

# --- locks -------------------------------------------------------------------------------

# holder: a process that holds DVC's lock as DVC does, until "$W/let-go" is there.
holder () {
	rm -f "$W/held" "$W/let-go"
	python3 - "$W" <<-\EOF &
	import fcntl, os, sys, time
	os.makedirs(".dvc/tmp", exist_ok=True)
	f = open(".dvc/tmp/lock", "w")
	fcntl.flock(f, fcntl.LOCK_EX)
	f.write(" %d\n" % os.getpid())
	f.flush()
	open(sys.argv[1] + "/held", "w").close()
	end = time.time() + 30
	while not os.path.exists(sys.argv[1] + "/let-go") and time.time() < end:
	    time.sleep(0.05)
	EOF
	held_by=$!
	until test -e "$W/held"; do sleep .05; done
}

command -v python3 >/dev/null || test_skip_next 'no python3'
test_expect_success 'the lock is held: who, how to wait; after about three seconds' '
	printf "  a:\n    cmd: cp in x\n    deps: [in]\n    outs: [x]\n" | pipeline && holder &&
	test_when_finished ">\"$W/let-go\"; wait $held_by" && start=$(date +%s) &&
	refused 128 git exp run -f <<-EOF && took=$(($(date +%s) - start)) &&
	fatal: another process (pid $held_by) holds '\''.dvc/tmp/lock'\''
	hint: wait for it with --wait
	EOF
	test $took -ge 2 && test $took -le 8 &&
	git exp status >"$W/out"; git exp show >"$W/out" && git exp run -n >"$W/out"
'

command -v python3 >/dev/null || test_skip_next 'no python3'
test_expect_success '--wait waits' '
	holder && { git exp run -f --wait --name waited >"$W/out" 2>"$W/err" & } && pid=$! &&
	sleep 4 && kill -0 $pid && >"$W/let-go" && wait $held_by && wait $pid && test -n "$(exp_of waited)"
'

test_expect_success 'another run is going: run, apply and save refuse and name it' '
	printf "  a:\n    cmd: sh slow.sh\n" | pipeline && rm -f "$W/going" "$W/stop" &&
	echo ">\"$W/going\"; until test -e \"$W/stop\"; do sleep .1; done" >slow.sh &&
	git add . && git commit -qm slow && { git-exp run --name slow >"$W/slow" 2>&1 & } && pid=$! &&
	test_when_finished ">\"$W/stop\"; wait $pid || :" &&
	until test -e "$W/going"; do sleep .1; done &&
	for words in run save "apply waited"
	do
		refused 128 git exp $words <<-EOF || return 1
		fatal: '\''workspace'\'' is in use by process $pid (git exp run)
		hint: wait for it; if it is no such process, remove '\''.dvc/tmp/exps/rwlock'\''
		hint: wait for it with --wait
		EOF
	done &&
	git exp status >"$W/out"; git exp show >"$W/out" && git exp run -n >"$W/out" &&
	>"$W/stop" && wait $pid && test -n "$(exp_of slow)"
'

test_expect_success 'DVC runs an experiment here: the same' '
	mkdir -p .dvc/tmp/exps/run/workspace && echo "{\"pid\": $$, \"git\": null}" >.dvc/tmp/exps/run/workspace/workspace.json &&
	refused 128 git exp run -f <<-EOF &&
	fatal: DVC runs an experiment here (process $$)
	hint: wait until it is done
	hint: wait for it with --wait
	EOF
	rm -r .dvc/tmp/exps/run
'

test_expect_success 'entries of a process that is gone are no obstacle' '
	sh -c "echo \$\$" >"$W/pid" && printf "{\"write\": {\"workspace\": {\"pid\": %s, \"cmd\": \"dvc exp run\"}}}" "$(cat "$W/pid")" >.dvc/tmp/exps/rwlock &&
	>"$W/stop" && git exp run -f >"$W/out" 2>"$W/err" &&
	test_grep "^warning: process $(cat "$W/pid") (dvc exp run) is gone: its entry for .workspace. is taken out" "$W/err"
'

test_done
