#!/bin/sh
test_description='a stage on a terminal works as if git exp were not there'
. "$(dirname "$0")/test-lib.sh"

command -v python3 >/dev/null && python3 -c 'import pty, termios' 2>/dev/null ||
	test_skip_all 'no python3 with pty'

W=$TRASH/w
mkdir "$W"

# on_tty STEP... -- COMMAND...: what it showed is in $W/shown (CR dropped),
# how it ended in $W/end.
on_tty () {
	python3 "$DATA_DIR/terminal.py" "$W/raw" "$@" >"$W/end" || return 1
	tr -d '\r' <"$W/raw" >"$W/shown"
	cat "$W/shown" "$W/end"
}

ended () { printf '%s\n' "$@" >"$W/expect" && test_cmp "$W/expect" "$W/end"; }

# stage COMMAND: the project's only stage, always run.
stage () {
	cat >stage.sh
	printf 'stages:\n  a:\n    cmd: %s\n    always_changed: true\n' \
		"${1-sh stage.sh}" >dvc.yaml
}

test_expect_success 'setup' '
	project && cd "$TRASH/work"
'

test_expect_success 'stdin, stdout and stderr of the stage are terminals' '
	stage <<-\EOF &&
	for fd in 0 1 2; do test -t $fd && echo "fd $fd is one"; done
	EOF
	on_tty -- git-exp run && ended "exit 0" "modes same" &&
	test_grep "^fd 0 is one$" "$W/shown" && test_grep "^fd 1 is one$" "$W/shown" &&
	test_grep "^fd 2 is one$" "$W/shown"
'

test_expect_success 'it is the controlling terminal, and the stage is in front' '
	stage <<-\EOF &&
	echo "to the terminal" >/dev/tty && python3 -c "
	import os
	print(\"front\" if os.tcgetpgrp(0) == os.getpgrp() else \"back\")"
	EOF
	on_tty -- git-exp run && test_grep "^to the terminal$" "$W/shown" &&
	test_grep "^front$" "$W/shown"
'

test_expect_success 'the size of the window is passed on' '
	stage <<-\EOF &&
	stty size
	EOF
	on_tty -- git-exp run && test_grep "^24 80$" "$W/shown"
'

test_expect_success 'a resize reaches the stage while it runs' '
	stage <<-\EOF &&
	trap "stty size; exit 0" WINCH
	echo ready
	while :; do sleep .1; done
	EOF
	on_tty wait:ready size:50x132 -- git-exp run && ended "exit 0" "modes same" &&
	test_grep "^50 132$" "$W/shown"
'

test_expect_success 'what is typed reaches the stage, echoed once' '
	stage <<-\EOF &&
	printf "your name? "; read -r name; echo "hello $name"
	EOF
	on_tty "wait:your name? " "type:Ada\n" -- git-exp run &&
	ended "exit 0" "modes same" && test_grep "^your name? Ada$" "$W/shown" &&
	test_grep "^hello Ada$" "$W/shown"
'

test_expect_success 'a question and answer game as with pdb' '
	stage "python3 -q -i" <<-\EOF &&
	EOF
	on_tty "wait:>>> " "type:a = 6\n" "wait:>>> " "type:print(a * 7)\n" wait:42 \
		"type:exit()\n" -- git-exp run && ended "exit 0" "modes same"
'

test_expect_success 'end of file, typed, ends the input' '
	stage <<-\EOF &&
	echo ready; cat >/dev/null; echo "all read"
	EOF
	on_tty wait:ready "type:x\n\x04" "wait:all read" -- git-exp run &&
	ended "exit 0" "modes same"
'

test_expect_success 'colours are kept, byte for byte' '
	stage <<-\EOF &&
	printf "\033[31mred\033[0m\n"
	EOF
	on_tty -- git-exp run && esc=$(printf "\033") &&
	test_grep "^$esc\[31mred$esc\[0m$" "$W/shown"
'

test_expect_success 'a password is not echoed, and the modes come back' '
	stage <<-\EOF &&
	printf "secret? "; stty -echo; read -r word; stty echo; echo "got $word" | tr a-z A-Z
	EOF
	on_tty "wait:secret? " sleep:.3 "type:hush\n" wait:HUSH -- git-exp run &&
	ended "exit 0" "modes same" && test_grep ! hush "$W/shown"
'

test_expect_success 'a stage that leaves its terminal raw does not leave ours so' '
	stage <<-\EOF &&
	stty raw -echo; echo done
	EOF
	on_tty wait:done -- git-exp run && ended "exit 0" "modes same"
'

# Not a shell's own echo and sleep: a signal between the two would be lost.
printf '$| = 1; print "ready\\n"; sleep 30; print "not reached\\n";\n' >"$W/ready.pl"

test_expect_success 'Ctrl-C kills the stage and ends the run by SIGINT' '
	stage <<-EOF &&
	exec perl "$W/ready.pl"
	EOF
	on_tty wait:ready "type:\x03" -- git-exp run --name typed &&
	ended "signal SIGINT" "modes same" && test_grep ! "^not reached" "$W/shown" &&
	git for-each-ref "refs/git-exp/failed/**" >"$W/refs" &&
	test_grep "/typed$" "$W/refs" &&
	git cat-file commit "$(sed "s/ .*//" "$W/refs")" >"$W/commit" &&
	test_grep "\"state\":\"killed\"" "$W/commit"
'

test_expect_success 'a stage that handles Ctrl-C itself goes on' '
	stage "exec sh stage.sh" <<-\EOF &&
	trap "echo caught" INT
	echo ready; sleep 1 & wait; echo "still here"
	EOF
	on_tty wait:ready "type:\x03" wait:caught "wait:still here" -- git-exp run &&
	ended "exit 0" "modes same"
'

for sig in TERM HUP INT
do
	test_expect_success "killed by SIG$sig the modes are restored" '
		stage <<-EOF &&
		stty -echo; exec perl "$W/ready.pl"
		EOF
		on_tty wait:ready kill:SIG'$sig' -- git-exp run &&
		ended "signal SIG'$sig'" "modes same"
	'
done

test_expect_success 'after a failed stage the modes are as before' '
	stage <<-\EOF &&
	stty raw; exit 7
	EOF
	on_tty -- git-exp run && ended "exit 1" "modes same" &&
	test_grep "exited with 7" "$W/shown"
'

test_expect_success 'the log has lines, not what a terminal made of them' '
	stage <<-\EOF &&
	echo one; echo two
	EOF
	on_tty -- git-exp run --name logged && git exp log logged >"$W/out" &&
	test_grep "^    one$" "$W/out" && test_grep "^    two$" "$W/out"
'

test_expect_success 'several jobs share no terminal, their lines say whose they are' '
	printf "stages:\n  a:\n    cmd: sh a.sh\n  b:\n    cmd: sh b.sh\n" >dvc.yaml &&
	echo "test -t 1 || echo no terminal; printf tail" >a.sh && cp a.sh b.sh &&
	on_tty -- git-exp run -j 2 && ended "exit 0" "modes same" &&
	test_grep "^a | no terminal$" "$W/shown" && test_grep "^b | no terminal$" "$W/shown" &&
	test_grep "^a | tail$" "$W/shown" && test_grep "^b | tail$" "$W/shown"
'

test_expect_success 'into a pipe: no terminal, each byte passed on at once' '
	stage <<-\EOF &&
	test -t 1 || echo no terminal
	printf half; sleep 5; echo " line"
	EOF
	python3 - >"$W/out" <<-\EOF &&
	import subprocess, time
	p = subprocess.Popen(["git-exp", "run"], stdout=subprocess.PIPE, bufsize=0)
	start, text = time.time(), b""
	while not text.endswith(b"half"):
	    text += p.stdout.read(1)
	    assert text, "nothing came"
	print("early" if time.time() - start < 4 else "late")
	print(text.decode() + p.stdout.read().decode())
	EOF
	test_grep "^early$" "$W/out" && test_grep "^no terminal$" "$W/out" &&
	test_grep "^half line$" "$W/out"
'

test_expect_success 'into a pipe: input that is no terminal reaches the stage' '
	stage <<-\EOF &&
	read -r word; echo "read $word"
	EOF
	echo piped | git exp run >"$W/out" && test_grep "^read piped$" "$W/out"
'

test_done
