#!/bin/sh
test_description='objects, commits and trees are read and written as git does'
. "$(dirname "$0")/test-lib.sh"
. "$TEST_DIR/repo-lib.sh"

test_expect_success 'setup' '
	git init -q . && mkdir -p d/e d.x "d-" &&
	echo a >a && echo g >d/e/g && echo x >d.x/f && echo y >d-/f && echo z >d0 &&
	printf "\\000\\001\\n\\377" >bin && : >void && printf "#!/bin/sh\n" >run && chmod +x run &&
	ln -s ../a d/up && ln -s d/e dirlink && ln -s d/up two && ln -s nowhere broken &&
	ln -s loop loop && ln -s ../out out && ln -s /etc/passwd abs && ln -s ../../a d/e/top &&
	ln -s dirlink/g through && ln -s d/../a dots &&
	git add . && git commit -q -m one && git tag -m note v1 && git repack -q -a -d &&
	echo loose >loose && git add loose && git commit -q -m two &&
	git rev-list --objects --no-object-names HEAD >ids &&
	git rev-parse v1 >>ids
'

both 'every object reads as git reads it, packed and loose' '
	while read -r id
	do
		type=$(git cat-file -t "$id") && echo "$type $(git cat-file -s "$id")" &&
		git cat-file "$type" "$id" || return 1
	done <ids >expect &&
	repo read $(cat ids) >actual && cmp expect actual
'

both 'what is not there is not found' '
	test_code 1 repo read 1234567890123456789012345678901234567890 2>err &&
	test_grep "not found: no object .1234567890" err &&
	echo no >expect && repo has 1234567890123456789012345678901234567890 >actual &&
	test_cmp expect actual && repo has 123 >actual && test_cmp expect actual &&
	sed "s/.*/yes/" ids >expect && repo has $(cat ids) >actual && test_cmp expect actual
'

test_expect_success 'a child that was killed is started again' '
	id=$(git rev-parse HEAD:a) && printf "blob 2\na\nblob 2\na\n" >expect &&
	GIT_EXP_TRACE=$TRASH/again GIT_EXP_NO_LIBGIT2=1 repo again "$id" >actual &&
	test_cmp expect actual && test "$(grep -c "cat-file --batch" "$TRASH/again")" -gt 1
'

both 'objects are written as git would write them' '
	rm -rf new && git init -q new &&
	for f in a bin void
	do
		git hash-object --no-filters "$f" >expect &&
		(cd new && repo write blob) <"$f" >actual && test_cmp expect actual &&
		git -C new cat-file blob "$(cat actual)" | cmp - "$f" || return 1
	done &&
	git cat-file tree HEAD^{tree} | (cd new && repo write tree) >/dev/null || test "$way" = git
'

no_fsync () {
	GIT_TEST_FSYNC=0 GIT_EXP_TEST_NO_FSYNC=1
	export GIT_TEST_FSYNC GIT_EXP_TEST_NO_FSYNC
}

test -z "$(command -v strace)" && test_skip_next 'no strace'
both 'objects and refs are flushed to the disk before anything names them' '
	unset GIT_TEST_FSYNC GIT_EXP_TEST_NO_FSYNC && test_when_finished no_fsync &&
	(cd new && echo "$way" | strace -f -e trace=fsync,fdatasync -o ../sync "$REPO" write blob) &&
	test_grep "sync(" sync &&
	h=$(git rev-parse HEAD) && strace -f -e trace=fsync,fdatasync -o sync "$REPO" update "refs/exps/$way" "$h" none &&
	test_grep "sync(" sync && git update-ref -d "refs/exps/$way"
'

both 'a replaced object is still itself' '
	a=$(git rev-parse HEAD:a) && z=$(git rev-parse HEAD:d0) &&
	git replace "$a" "$z" && test_when_finished "git replace -d $a" &&
	printf "blob 2\na\n" >expect && repo read "$a" >actual && test_cmp expect actual
'

both 'revisions are read as git reads them' '
	git branch -f other HEAD~1 &&
	for rev in HEAD HEAD~1 main other v1 refs/tags/v1 "HEAD^{/one}" ":/one" "@{0}" @ \
		"$(git rev-parse HEAD)" "$(git rev-parse --short HEAD)" "main@{0}" \
		"v1^0" "v1-0-g$(git rev-parse --short HEAD)" "$(git rev-parse v1)" "HEAD^{commit}"
	do
		case $rev in :/*) git rev-parse --verify "$rev" ;; *) git rev-parse --verify "$rev^{commit}" ;; esac >expect &&
		repo resolve "$rev" >actual && test_cmp expect actual || { echo "$rev"; return 1; }
	done &&
	for rev in nothing HEAD:a "HEAD^{tree}" -x --all "HEAD..main" "^HEAD" "a b" "" \
		"$(git rev-parse HEAD:a)" 1234567890123456789012345678901234567890
	do
		test_code 1 repo resolve "$rev" >out 2>err && test ! -s out || { echo "$rev"; return 1; }
	done
'

both 'a commit with our record is a commit for git' '
	tree=$(git rev-parse HEAD^{tree}) && parent=$(git rev-parse HEAD) &&
	record="{\"at\":\"x\",\"v\":1}" &&
	repo commit-write "$tree" "the subject

body, no line feed at its end" "$record" "$parent" "$parent" >id &&
	git cat-file commit "$(cat id)" >actual &&
	{ echo "tree $tree" && echo "parent $parent" && echo "parent $parent" &&
	  echo "author $(git var GIT_AUTHOR_IDENT)" &&
	  echo "committer $(git var GIT_COMMITTER_IDENT)" && echo "git-exp $record" &&
	  printf "\nthe subject\n\nbody, no line feed at its end"; } >expect &&
	test_cmp expect actual && git update-ref refs/exps/x "$(cat id)" &&
	git fsck --strict && git log -1 --format=%s "$(cat id)" >actual &&
	echo "the subject" >expect && test_cmp expect actual &&
	repo commit "$(cat id)" >actual && test_grep "^{.at.:.x.,.v.:1}$" actual &&
	test_code 128 repo commit-write "$tree" m "a
b" 2>err && test_grep "one line" err
'

both 'trees are listed and looked up as by git' '
	for t in $(git rev-list --objects HEAD | while read -r id rest; do
		case $(git cat-file -t $id) in tree) echo $id ;; esac; done)
	do
		git ls-tree "$t" | sed "s/^\([0-9]*\) [a-z]* /\1 /" >expect &&
		repo tree "$t" >actual && test_cmp expect actual || return 1
	done &&
	t=$(git rev-parse HEAD^{tree}) &&
	git ls-tree -r -t HEAD | while read -r mode type id path
	do
		printf "%s %s\t%s\n" "$mode" "$id" "$path" >expect &&
		repo find "$t" "$path" >actual && test_cmp expect actual || exit 1
	done &&
	for p in a/b nothing d/nothing dd d/e/g/h
	do
		test_code 1 repo find "$t" "$p" 2>err || return 1
	done &&
	repo find "$t" "" >actual && test_grep "040000 $t" actual &&
	repo find "$t" ./d/./e >actual && test_grep "$(git rev-parse HEAD:d/e)" actual
'

both 'a tree as a source reads as the disk does' '
	rm -rf x && mkdir x && git archive HEAD | tar -xf - -C x &&
	paths=". a d d/ d/e d/e/g d/up dirlink dirlink/g two broken loop void run bin
		through dots d/e/top d/../a ./a nothing a/b d/nothing d.x d- d0 dirlink/nothing" &&
	repo src disk x "" $paths >expect &&
	repo src "$(git rev-parse HEAD^{tree})" "" "" $paths >actual && test_cmp expect actual &&
	repo src disk x/d "" e up e/g e/top nothing >expect &&
	repo src "$(git rev-parse HEAD^{tree})" d "" e up e/g e/top nothing >actual &&
	test_cmp expect actual
'
rm -rf x

both 'links that leave the tree lead nowhere' '
	t=$(git rev-parse HEAD^{tree}) && repo src "$t" "" out abs ../a /etc/passwd ..  >actual &&
	awk "{ print \$1, \$2 }" actual >kinds &&
	printf "%s\n" "other 1" "other 1" "none 0" "none 0" "none 0" >expect && test_cmp expect kinds
'

test_expect_success 'setup for making trees: git makes the same' '
	cat >by_git <<-\EOF && chmod +x by_git
	#!/bin/sh
	# by_git BASE [MODE ID PATH]...: what git update-index makes of it
	GIT_INDEX_FILE=.git/tmp.$$ && export GIT_INDEX_FILE
	if test "$1" = none; then git read-tree --empty; else git read-tree "$1"; fi
	shift
	while test $# -ge 3
	do
		if test "$1" = 0
		then git update-index --force-remove "$3"
		else git update-index --add --replace --cacheinfo "$1,$2,$3"
		fi || exit
		shift 3
	done
	git write-tree && rm -f "$GIT_INDEX_FILE"
	EOF
'

both 'trees are made as git makes them, and only the new ones are written' '
	t=$(git rev-parse HEAD^{tree}) && b=$(git rev-parse HEAD:a) && z=$(git rev-parse HEAD:d0) &&
	try () {
		./by_git "$@" >expect && repo make "$@" >actual && test_cmp expect actual
	} &&
	try "$t" && try none && try none 100644 $b a/b/c 100644 $z a.b 100755 $z a0 &&
	try "$t" 100644 $z a && try "$t" 0 none a && try "$t" 0 none d/e/g &&
	try "$t" 0 none d/e/g 0 none d/e/top 0 none d/up &&
	try "$t" 100644 $b d/e/new 100644 $b d.x/f 100644 $b d-/g 100755 $b d/run &&
	try "$t" 0 none a 100644 $z a/b && try "$t" 100644 $b d/e/g/h &&
	try "$t" 0 none nothing 0 none d/nothing 0 none a/b && try "$t" 120000 $b d0 &&
	try none 100644 $b x 100644 $z x &&
	GIT_EXP_TRACE=$TRASH/make.$way repo make "$t" 100644 $z d/up 100644 $b a &&
	test "$(grep -c "object tree" "$TRASH/make.$way")" = 2 &&
	rm "$TRASH/make.$way" && GIT_EXP_TRACE=$TRASH/make.$way repo make "$t" 100644 $b a &&
	test_grep ! "object tree" "$TRASH/make.$way"
'

both 'paths that no tree may hold are refused' '
	b=$(git rev-parse HEAD:a) &&
	for p in "" / a/ /a a//b . .. a/../b .git x/.git/hooks .GIT/x
	do
		test_code 128 repo make none 100644 $b "$p" 2>err || { echo "$p"; return 1; }
	done
'

both 'a damaged object is an error, not a crash' '
	rm -rf bad && git init -q bad && (cd bad && commit f) &&
	id=$(git -C bad rev-parse HEAD:f) && file=bad/.git/objects/$(echo $id | sed "s|^..|&/|") &&
	chmod +w "$file" && echo garbage >"$file" &&
	(cd bad && test_must_fail repo read "$id") &&
	t=$(git -C bad hash-object -t tree --literally -w --stdin </dev/null) &&
	printf "100644 name" | git -C bad hash-object -t tree --literally -w --stdin >t &&
	(cd bad && test_code 128 repo tree "$(cat ../t)") 2>err && test_grep "is damaged" err &&
	printf "no commit" | git -C bad hash-object -t commit --literally -w --stdin >t &&
	(cd bad && test_code 128 repo commit "$(cat ../t)") 2>err && test_grep "is damaged" err
'

test_done
