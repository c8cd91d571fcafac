#!/bin/sh
test_description='the test library itself'
. "$(dirname "$0")/test-lib.sh"

# script NAME: a test script of its own from stdin; its output in NAME.out.
script () {
	{ echo "test_description=x; . '$BUILD_DIR/t/test-lib.sh'"; cat; } >"$1.sh"
	test_got=0
	TMPDIR=$TRASH sh "$1.sh" >"$1.out" 2>&1 || test_got=$?
	return "$test_got"
}

test_expect_success 'a script that passes says so and leaves nothing' '
	script good <<-\EOT &&
	test_expect_success "one" "echo hello >f"
	test_expect_success "two sees what one did" "test_grep hello f"
	test_skip_next "no such thing"
	test_expect_success "three" "false"
	test_done
	EOT
	cat >expect <<-\EOT &&
	ok 1 - one
	ok 2 - two sees what one did
	ok 3 - three # SKIP no such thing
	1..3
	EOT
	test_cmp expect good.out &&
	test_code 2 ls "$TRASH"/git-exp-t.*
'

test_expect_success 'a script that fails says where and keeps its directory' '
	test_code 1 script bad <<-\EOT &&
	test_expect_success "one" "echo the reason; false"
	test_expect_success "two cleans up in vain" "test_when_finished false"
	test_done
	EOT
	test_grep "^not ok 1 - one" bad.out &&
	test_grep "^#> the reason" bad.out &&
	test_grep "^not ok 2" bad.out &&
	kept=$(sed -n "s/^# kept: //p" bad.out) &&
	test -d "$kept/work" && rm -rf "$kept"
'

test_expect_success 'cleaning up happens also after a failure, last one first' '
	test_code 1 script clean <<-\EOT &&
	test_expect_success "one" "
		test_when_finished \"echo first >>order\" &&
		test_when_finished \"echo second >>order\" && false"
	cat order
	test_done
	EOT
	sed -n "/^second/,/^first/p" clean.out >order &&
	test_lines 2 order && rm -rf "$TRASH"/git-exp-t.*
'

test_expect_success 'a script that stops half way does not pass' '
	test_code 1 script half <<-\EOT &&
	test_expect_success "one" "exit 0"
	test_done
	EOT
	test_grep "^Bail out!" half.out
'

test_expect_success 'a whole script can be skipped' '
	script skip <<-\EOT &&
	test_skip_all "no network"
	EOT
	echo "1..0 # SKIP no network" >expect && test_cmp expect skip.out
'

test_expect_success 'not for want of DVC where DVC has to be' '
	(unset GIT_EXP_TEST_MUST_DVC && script nodvc) <<-\EOT &&
	test_skip_all "DVC is not installed"
	EOT
	test_grep "^1..0 # SKIP" nodvc.out &&
	(
		GIT_EXP_TEST_MUST_DVC=1 && export GIT_EXP_TEST_MUST_DVC &&
		script skip <<-\EOT &&
		test_skip_all "no network"
		EOT
		test_code 1 script nodvc <<-\EOT
		test_skip_all "DVC is not installed"
		EOT
	) &&
	test_grep "^Bail out! DVC is not installed" nodvc.out
'

test_expect_success 'another program can be the tests' '
	script by <<-\EOT &&
	test_by echo "1..0 # SKIP nothing"
	EOT
	test_grep "^1..0" by.out &&
	test_code 1 script bye <<-\EOT
	test_by sh -c "echo 1..1; echo not ok 1; exit 1"
	EOT
'

test_expect_success 'the words for failing tell how' '
	test_must_fail false &&
	! test_must_fail true &&
	! test_must_fail no-such-command &&
	! test_must_fail sh -c "kill -9 \$\$" &&
	test_must_fail sh -c "exit 129" &&
	test_code 3 sh -c "exit 3" &&
	! test_code 3 sh -c "exit 4" &&
	echo line >f && test_grep ! other f && ! test_grep ! line f && ! test_grep other f
'

test_expect_success 'nothing of the outside is seen' '
	test "$(git var GIT_AUTHOR_IDENT)" = "A U Thor <author@example.com> $test_time +0000" &&
	test -z "${SHELL-}${GIT_DIR-}" && test "$HOME" = "$TRASH/home" &&
	test_must_fail git rev-parse --git-dir
'

test_expect_success 'a project is clean, and a change in it is seen' '
	project p && git -C p status --porcelain >out && test_lines 0 out &&
	snapshot_state p >before && snapshot_state p >again && test_cmp before again &&
	for change in "echo x >p/new" "git -C p add new" "git -C p branch other" \
		"git -C p checkout -q other" "chmod +x p/new" "ln -s new p/link"
	do
		eval "$change" && snapshot_state p >after &&
		test_must_fail cmp -s before after && mv after before || return 1
	done
'

test_done
