#!/bin/sh
test_description='colour and pager follow the settings of git'
. "$(dirname "$0")/test-lib.sh"

command -v python3 >/dev/null || test_skip_all 'no python3'

# on_tty COMMAND...: with a terminal of 100 columns as stdin, stdout, stderr.
cat >"$TRASH/on_tty.py" <<\EOF
import fcntl, os, pty, struct, sys, termios
pid, fd = pty.fork()
if not pid:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
    os.execvp(sys.argv[1], sys.argv[1:])
while True:
    try:
        data = os.read(fd, 4096)
    except OSError:
        break
    if not data:
        break
    sys.stdout.buffer.write(data.replace(b"\r\n", b"\n"))
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
EOF
on_tty () { TERM=xterm python3 "$TRASH/on_tty.py" "$@" </dev/null; }

esc=$(printf '\033')

test_expect_success 'setup' '
	project && echo "lr: 1" >params.yaml &&
	git exp stage add -q -n train -p lr -M m.json cmd &&
	git add . && git commit -q -m stage &&
	printf "#!/bin/sh\necho \"in use: \$GIT_PAGER_IN_USE, less: \$LESS, lv: \$LV, columns: \$COLUMNS\"\nsed s/^/P:/\n" >../pager &&
	chmod +x ../pager && PAGED="$PWD/../pager"
'

test_expect_success 'no terminal: neither colour nor pager' '
	GIT_PAGER=$PAGED git exp show >out && test_grep ! "$esc" out && test_grep ! "P:" out
'

test_expect_success 'on a terminal: the pager of git, its environment' '
	GIT_PAGER=$PAGED on_tty git exp show >out &&
	grep "in use: true, less: FRX, lv: -c, columns: 100" out && grep "^P:" out &&
	on_tty git -c core.pager="$PAGED" exp show >out && grep "^P:" out
'

test_expect_success 'cat, an empty one, --no-pager and a running pager mean none' '
	GIT_PAGER=cat on_tty git exp show >out && test_grep ! "P:" out &&
	GIT_PAGER="" on_tty git exp show >out && test_grep ! "P:" out &&
	on_tty git --no-pager -c core.pager="$PAGED" exp show >out && test_grep ! "P:" out &&
	GIT_PAGER_IN_USE=true GIT_PAGER=$PAGED on_tty git exp show >out && test_grep ! "P:" out
'

test_expect_success 'pager.exp-show is a truth or a command' '
	GIT_PAGER=$PAGED on_tty git -c pager.exp-show=false exp show >out && test_grep ! "P:" out &&
	GIT_PAGER=cat on_tty git -c pager.exp-show="$PAGED" exp show >out && grep "^P:" out
'

test_expect_success 'a pager that cannot be run leaves the exit code alone' '
	GIT_PAGER=/nonexistent/pager on_tty git exp show >out; test $? = 0 -o $? = 141
'

# colour SETTINGS...: whether show on a terminal prints an escape.
colour () { on_tty git --no-pager "$@" exp show >out && grep -q "$esc\[[0-9]*m" out; }

test_expect_success 'colour: auto on a terminal, color.exp before color.ui' '
	colour && ! colour -c color.ui=never && ! colour -c color.exp=false &&
	colour -c color.exp=auto -c color.ui=never &&
	! colour -c color.exp=never -c color.ui=always
'

test_expect_success 'colour: NO_COLOR and a dumb terminal, unless always' '
	export NO_COLOR=1 && ! colour && colour -c color.ui=always && unset NO_COLOR &&
	git -c color.exp=always exp show >out && grep "$esc" out &&
	TERM=dumb python3 "$TRASH/on_tty.py" git --no-pager exp show >out &&
	test_grep ! "$esc\[[0-9]*m" out
'

test_done
