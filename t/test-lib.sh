# The library of all shell tests: set test_description, source this first,
# call test_done last. TAP goes to stdout. Options of each script: -v shows
# what the commands print, --keep leaves the directory behind.
set -u
: "${test_description:?set test_description before sourcing test-lib.sh}"

TEST_DIR=$(cd "$(dirname "$0")" && pwd -P)
BUILD_DIR=$(cd "$TEST_DIR/.." && pwd -P)
case ${B-obj} in
/*) OBJ_DIR=$B ;;
*) OBJ_DIR=$BUILD_DIR/${B-obj} ;;
esac
DATA_DIR=$TEST_DIR/data
BIN=${BIN:-$BUILD_DIR/bin}
export OBJ_DIR BUILD_DIR TEST_DIR DATA_DIR

test_verbose=false test_keep=false
for test_arg
do
	case $test_arg in
	-v) test_verbose=true ;;
	--keep) test_keep=true ;;
	*) echo "Bail out! unknown option '$test_arg'"; exit 2 ;;
	esac
done

# --- a world of its own --------------------------------------------------

for test_name in $(env | sed -n 's/^\(GIT_[A-Za-z0-9_]*\)=.*/\1/p')
do
	case $test_name in
	GIT_EXP_NO_LIBGIT2|GIT_EXP_TEST_GIT|GIT_EXP_TEST_MUST_DVC) ;;
	*) unset "$test_name" ;;
	esac
done
unset SHELL EDITOR VISUAL PAGER NO_COLOR COLUMNS CDPATH XDG_CONFIG_HOME \
	XDG_CACHE_HOME DVC_ROOT DVC_STAGE DVC_EXP_NAME DVC_EXP_BASELINE_REV

# Memory is faster than any disk, and nothing here is meant to last.
if test -z "${TMPDIR-}" && test -w /dev/shm &&
	test "$(df -Pk /dev/shm | awk 'NR == 2 { print $4 }')" -gt 1000000
then
	TMPDIR=/dev/shm
	export TMPDIR
fi
TRASH=$(mktemp -d "${TMPDIR:-/tmp}/git-exp-t.XXXXXX") || exit 1
TRASH=$(cd "$TRASH" && pwd -P)
PATH=${GIT_EXP_TEST_GIT:+$GIT_EXP_TEST_GIT:}$BIN:$PATH
HOME=$TRASH/home LC_ALL=C TZ=UTC TERM=dumb
GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=$HOME/.gitconfig
GIT_CEILING_DIRECTORIES=$TRASH GIT_TERMINAL_PROMPT=0
GIT_AUTHOR_NAME='A U Thor' GIT_AUTHOR_EMAIL=author@example.com
GIT_COMMITTER_NAME='C O Mitter' GIT_COMMITTER_EMAIL=committer@example.com
DVC_NO_ANALYTICS=1
# Nothing here survives a power cut anyway; t3020 looks that it is done otherwise.
GIT_TEST_FSYNC=0 GIT_EXP_TEST_NO_FSYNC=1
export GIT_TEST_FSYNC GIT_EXP_TEST_NO_FSYNC
export PATH HOME LC_ALL TZ TERM GIT_CONFIG_NOSYSTEM GIT_CONFIG_GLOBAL \
	GIT_CEILING_DIRECTORIES GIT_TERMINAL_PROMPT GIT_AUTHOR_NAME \
	GIT_AUTHOR_EMAIL GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL DVC_NO_ANALYTICS
umask 022
mkdir "$HOME" "$TRASH/work" && cd "$TRASH/work" || exit 1
git config --global init.defaultBranch main
git config --global gc.auto 0

test_nr=0 test_failed=0 test_cleanup=: test_skip='' test_ended=false

# Each call moves the clock of authors and committers by one minute.
test_tick () {
	test_time=$((${test_time-1700000000} + 60))
	GIT_AUTHOR_DATE="@$test_time +0000" GIT_COMMITTER_DATE="@$test_time +0000"
	export GIT_AUTHOR_DATE GIT_COMMITTER_DATE
}
test_tick

# However the script ends: no TAP plan without test_done, nothing left behind
# unless somebody wants to look at it.
test_exit () {
	test_status=$?
	cd /
	$test_ended || {
		echo "Bail out! the script ended before test_done"
		test_status=1
	}
	if $test_keep || test "$test_failed" != 0
	then
		echo "# kept: $TRASH"
	else
		chmod -R u+rwx "$TRASH" 2>/dev/null
		rm -rf "$TRASH"
	fi
	exit "$test_status"
}
trap test_exit EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# --- tests ---------------------------------------------------------------

# In this very shell, so what a body sets stays set; in a function, so that
# its 'return 1' ends the body and not the test.
test_body () { eval "$1"; }

test_expect_success () {
	test_nr=$((test_nr + 1)) test_cleanup=:
	if test -n "$test_skip"
	then
		echo "ok $test_nr - $1 # SKIP $test_skip"
		test_skip=''
		return 0
	fi
	test_body "$2" >"$TRASH/out" 2>&1 </dev/null
	test_result=$?
	eval "$test_cleanup" >>"$TRASH/out" 2>&1 || test_result=1
	! $test_verbose || sed 's/^/# /' "$TRASH/out"
	if test "$test_result" = 0
	then
		echo "ok $test_nr - $1"
		return 0
	fi
	test_failed=$((test_failed + 1))
	echo "not ok $test_nr - $1"
	printf '%s\n' "$2" | sed 's/^/# /'
	$test_verbose || sed 's/^/#> /' "$TRASH/out"
}

# The next test cannot be done here: test_skip_next 'no strace'
test_skip_next () { test_skip=$1; }

# No test of this script can be done here.
test_skip_all () {
	case ${GIT_EXP_TEST_MUST_DVC:+$1} in
	*DVC*)
		echo "Bail out! $1, and GIT_EXP_TEST_MUST_DVC is set"
		test_ended=true
		exit 1 ;;
	esac
	echo "1..0 # SKIP $1"
	test_ended=true
	exit 0
}

# Shell code for the end of this test, however it ends; last one first.
test_when_finished () { test_cleanup="{ $*
} && $test_cleanup"; }

# The tests are those of a program that prints TAP itself: in place of test_done.
test_by () {
	"$@"
	test_failed=$?
	test_ended=true
	exit "$test_failed"
}

test_done () {
	echo "1..$test_nr"
	test_ended=true
	test "$test_failed" = 0
	exit
}

# --- words for the bodies --------------------------------------------------

test_cmp () { diff -u "$1" "$2"; }

# test_code 1 git exp status: exactly this exit code.
test_code () {
	test_want=$1
	shift
	test_got=0
	"$@" || test_got=$?
	test "$test_got" = "$test_want" && return 0
	echo "wanted exit $test_want, got $test_got: $*"
	return 1
}

# It says no by itself: not by a signal, and not because it is not there.
test_must_fail () {
	test_got=0
	"$@" || test_got=$?
	case $test_got in
	0) echo "should have failed: $*" ;;
	126|127) echo "not found or not executable: $*" ;;
	128) return 0 ;;
	*) test "$test_got" -gt 129 && test "$test_got" -lt 193 || return 0
	   echo "died of signal $((test_got - 128)): $*" ;;
	esac
	return 1
}

# test_grep PATTERN FILE; test_grep ! PATTERN FILE wants no such line.
test_grep () {
	if test "$1" = !
	then
		shift
		grep -e "$1" "$2" || return 0
		echo "found '$1' in $2:"
	else
		grep -e "$1" "$2" && return 0
		echo "no '$1' in $2:"
	fi
	sed 's/^/| /' "$2"
	return 1
}

test_lines () {
	test "$(wc -l <"$2")" -eq "$1" && return 0
	echo "wanted $1 lines in $2:"
	cat "$2"
	return 1
}

# wait_for COMMAND...: until it succeeds, up to ten seconds.
wait_for () {
	wait_nr=0
	until "$@"
	do
		wait_nr=$((wait_nr + 1))
		test "$wait_nr" -lt 100 || return 1
		sleep .1
	done
}

# --- projects --------------------------------------------------------------

# project [DIR]: a repository with an empty DVC project and one commit.
project () {
	git init -q "${1:-.}" &&
	mkdir "${1:-.}/.dvc" &&
	: >"${1:-.}/.dvc/config" &&
	printf '/config.local\n/tmp\n/cache\n' >"${1:-.}/.dvc/.gitignore" &&
	: >"${1:-.}/.dvcignore" &&
	git -C "${1:-.}" add .dvc .dvcignore &&
	test_tick &&
	git -C "${1:-.}" commit -q -m 'start the project'
}

# snapshot_state [DIR]: index, HEAD, refs and every file of the work tree,
# one line each, to be compared before and after.
snapshot_state () {
	(
		cd "${1:-.}" &&
		index=$(git rev-parse --git-path index) &&
		echo "index $(cksum <"$index" 2>/dev/null)" &&
		echo "HEAD $(git symbolic-ref -q HEAD || git rev-parse HEAD)" &&
		git for-each-ref --format='%(objectname) %(refname)' &&
		find . -name .git -prune -o -type l -print -o -type f -print |
		sort |
		while IFS= read -r file
		do
			if test -h "$file"
			then
				echo "link $(readlink "$file") $file"
			else
				echo "$(cksum <"$file") $(test ! -x "$file" || echo x) $file"
			fi
		done
	)
}
