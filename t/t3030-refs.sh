#!/bin/sh
test_description='refs are read, listed and changed with their expected old value'
. "$(dirname "$0")/test-lib.sh"
. "$TEST_DIR/repo-lib.sh"

test_expect_success 'setup' '
	git init -q . && commit one && commit two &&
	one=$(git rev-parse HEAD~1) && two=$(git rev-parse HEAD) &&
	for r in b/y a/x a-b a a.c b/z/deep
	do
		test "$r" = a || echo "create refs/exps/$r $one"
	done | git update-ref --stdin && git pack-refs --all &&
	git update-ref refs/exps/a-b "$two" && git update-ref refs/exps/c "$two" &&
	git tag -m note annotated && git symbolic-ref refs/exps/sym refs/heads/main &&
	git symbolic-ref refs/exps/dangling refs/heads/none
'

# git fsck complains of the one that leads nowhere, which is meant so.
sound () {
	git fsck 2>&1 | grep -v "dangling\|^notice" >unsound
	test_lines 0 unsound
}

listed () { git for-each-ref --format="%(objectname) %(refname)" "$@"; }

both 'refs are listed as git lists them' '
	for p in refs/ refs/exps/ refs/exps/a/ refs/exps/b/ refs/tags/ refs/none/ refs/exps/b/z/
	do
		listed "$p" >expect && repo refs "$p" >actual && test_cmp expect actual || return 1
	done &&
	for n in refs/heads/main refs/exps/a-b refs/exps/c refs/exps/sym refs/exps/b/y
	do
		listed "$n" >expect && repo refs "$n" >actual && test_cmp expect actual &&
		git rev-parse "$n" >expect && repo ref "$n" >actual && test_cmp expect actual || return 1
	done &&
	for n in refs/exps/b refs/exps/none refs/exps refs/exps/a..b refs/exps/dangling main tags/annotated
	do
		repo refs "$n" >actual && test_lines 0 actual &&
		test_code 1 repo ref "$n" 2>err && test_grep "no ref" err || return 1
	done
'

both 'a ref is made, moved and removed' '
	n=refs/exps/new/$way && repo update $n $one none && test "$(git rev-parse $n)" = $one &&
	repo update $n $two $one && test "$(git rev-parse $n)" = $two &&
	repo update $n none $two && test_must_fail git rev-parse -q --verify $n &&
	git update-ref $n $one && git pack-refs --all && repo update $n $two $one &&
	test "$(git rev-parse $n)" = $two && git pack-refs --all && repo update $n none $two &&
	test_must_fail git rev-parse -q --verify $n && sound
'

both 'nothing happens when the old value is another' '
	n=refs/exps/cas/$way && git update-ref $n $one && listed >before &&
	for how in "$two none" "$two $two" "none $two" "$one $two"
	do
		test_code 128 repo update $n $how 2>err && test_grep "^locked: ref .$n. is" err || return 1
	done &&
	test_code 128 repo update refs/exps/not/$way $two $one 2>err &&
	test_grep "^locked: ref .* is at nothing, not at $one any more" err &&
	test_code 128 repo update refs/exps/not/$way none $one 2>err &&
	test_code 1 repo update refs/exps/not/$way none none 2>err &&
	listed >after && test_cmp before after
'

both 'several refs change together or not at all' '
	p=refs/exps/many/$way && repo update $p/a $one none $p/b $two none $p/c $one none &&
	listed $p >before && test_lines 3 before &&
	test_code 128 repo update $p/a $two $one $p/b none $one $p/d $one none 2>err &&
	test_grep "locked: ref .$p/b. is at $two" err &&
	test_code 128 repo update $p/a $two $one $p/c $one none 2>err && test_grep "there already" err &&
	listed $p >after && test_cmp before after &&
	git pack-refs --all &&
	repo update $p/a $two $one $p/b none $two $p/d $one none &&
	printf "%s\n" "$two $p/a" "$one $p/c" "$one $p/d" >expect && listed $p >after &&
	test_cmp expect after &&
	repo update $p/a none $two $p/c none $one $p/d none $one &&
	listed $p >after && test_lines 0 after && sound
'

both 'a ref where a directory is needed, and the reverse, is named' '
	test_code 128 repo update refs/exps/c/d $one none 2>err &&
	test_grep "^exists: cannot make ref .refs/exps/c/d.: .refs/exps/c. is in the way" err &&
	test_code 128 repo update refs/exps/b $one none 2>err &&
	test_grep "^exists: .*refs/exps/b.: .refs/exps/b/y. is in the way" err
'

both 'a lock that stays is named, and left' '
	n=refs/exps/locked && mkdir -p .git/refs/exps && : >.git/$n.lock &&
	test_when_finished "rm -f .git/$n.lock" &&
	test_code 128 repo update $n $one none 2>err &&
	test_grep "^locked: cannot change .$n.: .$PWD/.git/$n.lock. is there" err &&
	test_grep "^hint: .*remove the file" err && test -f .git/$n.lock
'

both 'a lock that goes away is waited for' '
	n=refs/exps/slow/$way && mkdir -p .git/refs/exps/slow && : >.git/$n.lock &&
	{ (sleep 0.3; rm .git/$n.lock) & } && repo update $n $one none && wait &&
	test "$(git rev-parse $n)" = $one
'

both 'names that git refuses are refused before anything happens' '
	for n in "refs/exps/a b" refs/exps/a..b refs/exps/x.lock refs/exps/ "refs/exps/a
b" HEADS refs//x -x
	do
		test_code 128 repo update "$n" $one none 2>err && test_grep "^invalid: .*not a valid ref" err || return 1
	done
'

both 'odd but valid names are only names' '
	for n in refs/exps/-x "refs/exps/\$(id>pwned)" "refs/exps/;id>pwned" refs/exps/@ \
		"$(printf "refs/exps/caf\303\251")" refs/exps/--delete
	do
		repo update "$n" $one none && repo ref "$n" >actual && echo $one >expect &&
		test_cmp expect actual && repo refs "$n" >actual && test_lines 1 actual &&
		repo update "$n" none $one || return 1
	done && test ! -e pwned
'

# Each is one of the two ways; git itself packs meanwhile.
test_expect_success 'sixteen writers lose nothing, and no lock stays' '
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16
	do
		GIT_EXP_NO_LIBGIT2=$((i % 4 == 0)) repo churn refs/exps/race/w$i $one 12 2>err.$i || echo $i >>failed &
	done
	for i in 1 2 3 4 5; do git pack-refs --all; done
	wait
	cat err.* >errors && test_lines 0 errors && test ! -e failed &&
	listed refs/exps/race >actual && test_lines 96 actual &&
	find .git -name "*.lock" ! -name notes.lock >locks && test_lines 0 locks && sound
'

# One of them wins each step from the old value to the next.
test_expect_success 'of many who want the same ref, one gets it' '
	rm -f won && for i in 1 2 3 4 5 6 7 8 9 10 11 12
	do
		(GIT_EXP_NO_LIBGIT2=$((i % 4 == 0)) repo update refs/exps/prize $one none 2>/dev/null && echo won >>won) &
	done
	wait
	test_lines 1 won
'

both 'the log of a branch says who and why' '
	git branch -f $way $one && repo update refs/heads/$way $two $one &&
	git reflog -1 --format="%gs %gn <%ge>" $way >actual &&
	echo "test: change C O Mitter <committer@example.com>" >expect && test_cmp expect actual
'

test_expect_success 'ten thousand packed refs are listed fast' '
	awk -v id=$one "BEGIN { for (i = 0; i < 10000; i++) print \"create refs/exps/big/n\" i, id }" /dev/null |
	git update-ref --stdin && git pack-refs --all && git update-ref refs/exps/big/n5 $two &&
	listed refs/exps/big/ >expect && repo refs refs/exps/big/ >actual && test_cmp expect actual &&
	GIT_EXP_NO_LIBGIT2=1 repo refs refs/exps/big/ >actual && test_cmp expect actual
'

test_expect_success 'the rules for names are those of git check-ref-format' '
	awk "BEGIN {
		srand(7); split(\"a b . . / / @ { } - ~ ^ : ? * [ ] \\\\ .lock lock HEAD x.y refs/ \\001 \\177 \\303\\251\", w, \" \")
		n = 0; for (k in w) n++
		w[n + 1] = \" \"; w[n + 2] = \"refs/exps/\"; w[n + 3] = \"..\"
		for (i = 0; i < 3000; i++) {
			s = rand() < 0.8 ? \"refs/\" : \"\"
			for (k = int(rand() * 6); k >= 0; k--) s = s w[1 + int(rand() * (n + 3))]
			print s
		}
	}" /dev/null | sort -u >names &&
	while IFS= read -r name
	do
		if git check-ref-format "$name"; then echo ok; else echo no; fi
	done <names >expect &&
	tr "\n" "\000" <names | repo names >actual && paste expect names >e && paste actual names >a &&
	test_cmp e a && test_grep "^ok" e && test_grep "^no" e && test "$(wc -l <e)" -gt 1500
'

test_expect_success 'names of experiments are one part of a ref name' '
	long=$(printf "%0201d" 0) &&
	for n in a A.b-c_1 @ "caf$(printf "Ã©")" "${long#0}" workspace
	do
		repo name "$n" || return 1
	done &&
	for n in "" "x y" a/b -a .a a. a..b a.lock "a~" "a^" "a:" "a?" "a*" "a[" "a\\" "a@{" "$long" "$(printf "a[1m")"
	do
		test_code 128 repo name "$n" 2>err && test_grep "not a valid experiment name: it" err || return 1
	done &&
	test_code 128 repo name "x y" 2>err &&
	echo "invalid: '\''x y'\'' is not a valid experiment name: it holds a space" >expect && test_cmp expect err
'

test_done
