# What the tests of bad input share: source it after test-lib.sh.

W=$TRASH/w
mkdir -p "$W"

# Everything that a refusal must leave alone: index, HEAD, refs, files.
state () {
	index=$(git rev-parse --git-path index) &&
	{ cksum <"$index" 2>/dev/null || echo no index; } &&
	cat "$(git rev-parse --git-path HEAD)" &&
	git for-each-ref --format='%(objectname) %(refname)' &&
	find . -name .git -prune -o -path '*/.dvc/tmp' -prune -o \
		-type l -exec ls -l {} + -o -type d -print -o \
		-type f -exec cksum {} + | sort
}

# says CODE COMMAND... <<expected: this exit code, exactly these lines on
# stderr, nothing on stdout.
says () {
	cat >"$W/expect" &&
	says_code=$1 && shift &&
	test_code "$says_code" "$@" >"$W/out" 2>"$W/err" </dev/null
	says_got=$?
	test_cmp "$W/expect" "$W/err" && test "$says_got" = 0 &&
	{ test ! -s "$W/out" || { cat "$W/out"; return 1; }; }
}

# refused CODE COMMAND... <<expected: the same, and nothing was changed.
refused () {
	state >"$W/before" && says "$@" && state >"$W/after" &&
	test_cmp "$W/before" "$W/after"
}
