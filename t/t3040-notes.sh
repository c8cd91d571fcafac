#!/bin/sh
test_description='notes are kept as git keeps them, and none is lost'
. "$(dirname "$0")/test-lib.sh"
. "$TEST_DIR/repo-lib.sh"

N=refs/notes/exps

# objects COUNT: that many ids to put notes on; a note needs no object behind it
objects () {
	awk -v n="$1" 'BEGIN { srand(3); for (i = 0; i < n; i++) {
		s = ""; for (k = 0; k < 40; k++) s = s sprintf("%x", int(rand() * 16)); print s } }' /dev/null
}

test_expect_success 'setup' '
	git init -q . && commit one && commit two && h=$(git rev-parse HEAD) && o=$(git rev-parse HEAD~1)
'

# agree: git and we see the same notes.
agree () {
	git notes --ref=exps list | sort >expect.notes &&
	repo notes $N | sort >actual.notes && test_cmp expect.notes actual.notes &&
	git fsck --strict
}

both 'a note is added to, read, replaced and removed' '
	git update-ref -d $N ; test_code 1 repo note-read $N $h 2>err && test_grep "no note on .$h" err &&
	repo notes $N >actual && test_lines 0 actual &&
	repo note-write $N append $h "first" && echo first >expect &&
	repo note-read $N $h >actual && test_cmp expect actual &&
	repo note-write $N append $h "second" append $o "other
two" && printf "first\nsecond\n" >expect && repo note-read $N $h >actual && test_cmp expect actual &&
	git notes --ref=exps show $h >actual && test_cmp expect actual &&
	printf "other\ntwo\n" >expect && git notes --ref=exps show $o >actual && test_cmp expect actual && agree &&
	repo note-write $N put $h "no line feed" && printf "no line feed" >expect &&
	repo note-read $N $h >actual && cmp expect actual &&
	repo note-write $N append $h "more" && printf "no line feed\nmore\n" >expect &&
	repo note-read $N $h >actual && cmp expect actual && agree &&
	repo note-write $N remove $h "" && test_code 1 repo note-read $N $h &&
	repo notes $N >actual && test_lines 1 actual && agree &&
	repo note-write $N remove $o "" && repo notes $N >actual && test_lines 0 actual && agree
'

both 'several changes of one object follow each other' '
	git update-ref -d $N; repo note-write $N append $h a append $h b put $h c append $h d remove $o "" &&
	printf "c\nd\n" >expect && repo note-read $N $h >actual && test_cmp expect actual && agree &&
	test "$(git rev-list --count $N)" = 1
'

both 'what changes nothing makes no commit' '
	git rev-parse $N >expect && repo note-write $N put $h "c
d
" && repo note-write $N remove $o "" && git rev-parse $N >actual && test_cmp expect actual
'

both 'each change is one commit by the committer, and the log says why' '
	git update-ref -d $N; repo note-write $N append $h a && before=$(git rev-parse $N) &&
	repo note-write $N append $h b && test "$(git rev-parse $N^)" = "$before" &&
	git log -1 --format="%an <%ae> %at %cn %B" $N >actual &&
	printf "C O Mitter <committer@example.com> $test_time C O Mitter test: notes\n\n" >expect && test_cmp expect actual &&
	git reflog -1 --format="%gs %gn" $N >actual && echo "test: notes C O Mitter" >expect && test_cmp expect actual
'

both 'a new tree has two digits as directories from its first note' '
	git update-ref -d $N; repo note-write $N append $h x && git ls-tree -r --name-only $N >actual &&
	echo "$h" | sed "s|^..|&/|" >expect && test_cmp expect actual
'

both 'a flat tree stays flat' '
	git update-ref -d $N; git notes --ref=exps add -m flat $o && repo note-write $N append $h x &&
	git ls-tree -r --name-only $N >actual && printf "%s\n" $h $o | sort >expect && test_cmp expect actual && agree
'

both 'whatever depth there is is followed' '
	git update-ref -d $N; b=$(echo deep | git hash-object -w --stdin) &&
	for id in $(objects 40)
	do
		printf "100644 blob %s\t%s\n" $b "$(echo $id | sed "s|^\(..\)\(..\)|\1/\2/|")"
	done | sed "s/ blob / /" | GIT_INDEX_FILE=.git/t git update-index --index-info &&
	git update-ref $N "$(git commit-tree -m x "$(GIT_INDEX_FILE=.git/t git write-tree)")" && rm .git/t && agree &&
	id=$(objects 1) && new=$(echo $id | sed "s/.\$/0/") && test $id != $new &&
	repo note-write $N append $id more append $new fresh &&
	printf "deep\nmore\n" >expect && git notes --ref=exps show $id >actual && test_cmp expect actual &&
	git ls-tree -r --name-only $N >names && test_lines 41 names && test_grep ! "^../[^/]*\$" names && agree
'

both 'a note at several depths becomes one' '
	git update-ref -d $N; a=$(echo one | git hash-object -w --stdin) && b=$(echo two | git hash-object -w --stdin) &&
	c=$(echo three | git hash-object -w --stdin) && p=$(echo $h | sed "s|^..|&/|") && q=$(echo $p | sed "s|/..|&/|") &&
	printf "100644 %s\t%s\n" $a $h $b $p $c $q | GIT_INDEX_FILE=.git/t git update-index --add --index-info &&
	git update-ref $N "$(git commit-tree -m x "$(GIT_INDEX_FILE=.git/t git write-tree)")" && rm .git/t &&
	repo note-read $N $h | sort >actual && printf "%s\n" one three two >expect && test_cmp expect actual &&
	repo note-write $N append $h four && git ls-tree -r --name-only $N >names && echo $q >expect && test_cmp expect names &&
	git notes --ref=exps show $h | sort >actual && printf "%s\n" four one three two >expect && test_cmp expect actual && agree
'

both 'what is no note stays' '
	git update-ref -d $N; a=$(echo one | git hash-object -w --stdin) && short=$(echo $h | cut -c 1-39) &&
	printf "100644 %s\t%s\n" $a README $a ab/notes.txt $a zz/x $a $short $a ab/$short |
		GIT_INDEX_FILE=.git/t git update-index --add --index-info &&
	git update-ref $N "$(git commit-tree -m x "$(GIT_INDEX_FILE=.git/t git write-tree)")" && rm .git/t &&
	repo note-write $N append $h n && repo note-write $N remove $h "" append $o n &&
	git ls-tree -r --name-only $N >names &&
	for f in README ab/notes.txt zz/x $short ab/$short; do test_grep "^$f\$" names || return 1; done &&
	test_lines 6 names && repo notes $N >actual && test_lines 1 actual
'

both 'git goes on where we stopped, and we where git did' '
	git update-ref -d $N; objects 300 >ids && repo note-many $N x $(head -n 30 ids) && agree &&
	for id in $(sed -n 31,40p ids); do git notes --ref=exps add -m y $id || return 1; done 2>/dev/null
	repo note-many $N z $(head -n 60 ids) && agree &&
	git notes --ref=exps show $h 2>/dev/null; repo note-many $N w $(tail -n 5 ids) && agree
'

test_expect_success 'sixteen writers of twenty notes each lose none' '
	git update-ref -d $N; rm -f failed
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16
	do
		objects 40 | sed -n "$((i % 4 * 10 + 1)),$((i % 4 * 10 + 10))p" >ids.$i
		GIT_EXP_NO_LIBGIT2=$((i % 8 == 0)) repo note-many $N "{\"by\":$i}" $(cat ids.$i ids.$i) 2>err.$i || echo $i >>failed &
	done
	wait
	cat err.*; test ! -e failed &&
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16
	do
		for id in $(cat ids.$i)
		do
			test "$(git notes --ref=exps show $id 2>/dev/null | grep -c "^{\"by\":$i}\$")" = 2 || return 1
		done
	done &&
	test "$(git rev-list --count $N)" = 320 && agree
'

# It compares nothing, so only a lost update of its own is its business: ours
# must be there when ours came last.
test_expect_success 'a ref that another tool moves meanwhile is read again' '
	git update-ref -d $N; objects 60 >ids &&
	{ for i in 1 2 3 4 5 6 7 8
	do
		old=$(git rev-parse -q --verify $N || echo) && b=$(echo $i | git hash-object -w --stdin)
		t=$({ test -z "$old" || git ls-tree $N; printf "100644 blob %s\tforeign-%s\n" $b $i; } | git mktree)
		new=$(git commit-tree ${old:+-p $old} -m foreign $t) && git update-ref $N $new "$old" || echo lost
	done >foreign 2>/dev/null & } &&
	repo note-many $N ours $(cat ids) && wait &&
	git notes --ref=exps list >list && test_lines 60 list && agree
'

both 'who holds the lock is waited for, and the file is named' '
	command -v flock >/dev/null || return 0
	{ flock .git/exp/notes.lock sleep 1 & } && sleep 0.2 &&
	repo note-write $N append $h waited && wait && repo note-read $N $h >actual && test_grep waited actual
'

test_done
