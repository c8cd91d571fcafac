#!/bin/sh
test_description='with libgit2 and without it commands say the same'
. "$(dirname "$0")/test-lib.sh"
. "$TEST_DIR/exp-lib.sh"

# With it git is asked where the repository is, and our own way is not taken.
unset GIT_CEILING_DIRECTORIES GIT_EXP_NO_LIBGIT2
w=$TRASH/both && mkdir "$w"

test_expect_success 'setup' '
	pipeline odd && values 32 0.02 0.95 0.2 && keep warm-loaf && warm=$tip &&
	values 64 0.02 0.96 0.1 && keep cold-tea &&
	values 8 0.5 0.1 9 && record=$failed_record && keep lost-key && record= &&
	git notes --ref=exps add -m "{\"at\":\"2026-11-23T12:00:00.000Z\",\"tag\":\"+best\"}" "$warm" &&
	git checkout -q -b side && echo more >more && git add more && test_tick &&
	git commit -q -m more && git tag v1 && git checkout -q main &&
	git worktree add -q --detach ../linked && git pack-refs --all &&
	values 9 9 0.9 9
'

# both COMMAND...: once with libgit2, once without, which the traces show.
both () {
	with=0 without=0
	GIT_EXP_TRACE=$w/with.trace git exp "$@" >"$w/with" 2>"$w/with.err" || with=$?
	GIT_EXP_NO_LIBGIT2=1 GIT_EXP_TRACE=$w/without.trace \
		git exp "$@" >"$w/without" 2>"$w/without.err" || without=$?
	test "$with" = "$without" && test_cmp "$w/with" "$w/without" &&
	test_cmp "$w/with.err" "$w/without.err" &&
	test_grep "libgit2  *init" "$w/with.trace" &&
	test_grep ! libgit2 "$w/without.trace" &&
	rm "$w"/*.trace
}

for words in 'show' 'show --json' 'show --csv -A' 'list' 'list -A' 'list --name-only' \
	'log warm-loaf' 'diff warm-loaf' 'diff --json warm-loaf HEAD'
do
	test_expect_success "git exp $words" '
		both $words && test -s "$w/with" &&
		cd ../linked && both $words && test -s "$w/with"
		result=$? && cd ../odd && test $result = 0
	'
done

test_expect_success 'git exp status' '
	code=0 && { git exp status >expect || code=$?; } && test "$code" = 1 &&
	GIT_EXP_NO_LIBGIT2=1 GIT_EXP_TRACE=$w/trace test_code 1 git exp status >actual &&
	test_cmp expect actual && test_grep train actual && test_grep ! libgit2 "$w/trace" &&
	rm expect actual
'

test_expect_success 'git exp branch' '
	git exp branch warm-loaf one >"$w/with" &&
	GIT_EXP_NO_LIBGIT2=1 GIT_EXP_TRACE=$w/trace git exp branch warm-loaf two >"$w/without" &&
	test_grep ! libgit2 "$w/trace" &&
	sed "s/two/one/g" "$w/without" >"$w/same" && test_cmp "$w/with" "$w/same" &&
	test "$(git rev-parse one)" = "$warm" && test "$(git rev-parse two)" = "$warm"
'

test_expect_success 'a name that nobody knows' '
	test_must_fail git exp branch nobody >"$w/out" 2>"$w/with" &&
	GIT_EXP_NO_LIBGIT2=1 test_must_fail git exp branch nobody >"$w/out" 2>"$w/without" &&
	test_grep nobody "$w/with" && test_cmp "$w/with" "$w/without"
'

test_done
