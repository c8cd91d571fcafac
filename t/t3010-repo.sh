#!/bin/sh
test_description='the right repository is found, with its config and people'
. "$(dirname "$0")/test-lib.sh"
. "$TEST_DIR/repo-lib.sh"

test_expect_success 'setup' '
	git init -q plain && (cd plain && commit one && mkdir -p sub/deep) &&
	git -C plain worktree add -q ../linked &&
	mkdir linked/sub &&
	git init -q --separate-git-dir=separate.git separate &&
	git init -q --bare bare.git &&
	git -c protocol.file.allow=always -C plain submodule --quiet \
		add "$PWD/plain" module && git -C plain commit -q -m module &&
	git init -q "with
break"
'

test_expect_success 'in all these places we find what git finds' '
	for d in plain plain/sub/deep linked linked/sub separate bare.git \
		plain/module plain/.git plain/.git/objects
	do
		same_places "$d" || { echo "in $d"; return 1; }
	done
'

test_expect_success 'an ordinary repository is found without a child' '
	for d in plain/sub linked/sub separate "with
break"
	do
		(cd "$d" && GIT_EXP_TRACE=$TRASH/trace repo open) || return 1
	done &&
	test_grep ! child "$TRASH/trace" && test_grep "repo  *found" "$TRASH/trace"
'

test_expect_success 'libgit2 starts only when it is needed' '
	(cd plain && GIT_EXP_TRACE=$TRASH/lazy repo open && repo unset) &&
	test_grep ! libgit2 "$TRASH/lazy" &&
	(cd plain && GIT_EXP_TRACE=$TRASH/lazy repo head) &&
	test_grep "libgit2  *init" "$TRASH/lazy" &&
	(cd plain && GIT_EXP_TRACE=$TRASH/never GIT_EXP_NO_LIBGIT2=1 repo head) &&
	test_grep ! libgit2 "$TRASH/never"
'

test_expect_success 'what is set in the environment counts as for git' '
	(GIT_DIR=plain/.git && export GIT_DIR && same_places . &&
		test "$(repo way)" = git) &&
	(GIT_DIR=$PWD/plain/.git GIT_WORK_TREE=$PWD/plain &&
		export GIT_DIR GIT_WORK_TREE && same_places linked) &&
	(GIT_DIR=$PWD/plain/.git/worktrees/linked && export GIT_DIR &&
		same_places linked/sub) &&
	(GIT_CEILING_DIRECTORIES=$PWD/plain && export GIT_CEILING_DIRECTORIES &&
		refused plain/sub/deep && same_places plain)
'

test_expect_success 'children see the repository wherever the user stood' '
	git -C plain rev-parse HEAD >expect &&
	(cd plain/sub && GIT_DIR=../.git GIT_WORK_TREE=.. repo git rev-parse HEAD) >actual &&
	test_cmp expect actual &&
	(cd plain && GIT_DIR=.git repo git ls-files) >actual &&
	git -C plain ls-files >expect && test_cmp expect actual &&
	mkdir aside && mv plain/.git/config config.saved &&
	test_when_finished "mv config.saved plain/.git/config" &&
	cp config.saved plain/.git/config &&
	git -C plain config core.worktree "$PWD/aside" &&
	same_places plain && (cd plain && repo git rev-parse HEAD) >actual &&
	git -C plain rev-parse HEAD >expect && test_cmp expect actual
'

test_expect_success 'where git finds nothing, its words are ours' '
	mkdir empty && refused empty &&
	mkdir broken && git init -q broken && rm broken/.git/HEAD && refused broken &&
	mkdir gone && echo "gitdir: $PWD/nowhere" >gone/.git && refused gone
'

test_expect_success 'a repository of someone else is refused as by git' '
	(GIT_TEST_ASSUME_DIFFERENT_OWNER=1 &&
		export GIT_TEST_ASSUME_DIFFERENT_OWNER && refused plain) &&
	test_grep "hint:.*" our.err && test_grep "safe.directory" our.err
'
test "$(id -u)" = 0 || test_skip_next 'only root can give files away'
test_expect_success 'the owners of work tree, .git and git directory all count' '
	for f in theirs theirs/.git theirs.git
	do
		rm -rf theirs theirs.git &&
		git init -q --separate-git-dir=theirs.git theirs &&
		chown 65534 "$f" && refused theirs || return 1
	done &&
	git config --global safe.directory "$PWD/theirs" &&
	test_when_finished "git config --global --unset safe.directory" &&
	same_places theirs && (cd theirs && test_code 1 repo head) >head &&
	test_grep "none main" head
'

test_expect_success 'unusual configurations are left to git' '
	for set in "core.worktree $PWD/aside" "extensions.noop true" \
		"remote.o.promisor true" "include.path x"
	do
		rm -rf odd "$TRASH/odd" && git init -q odd && (cd odd && commit a) &&
		git -C odd config core.repositoryformatversion 1 &&
		git -C odd config ${set% *} "${set#* }" &&
		(cd odd && GIT_EXP_TRACE=$TRASH/odd repo way >way) &&
		test_grep git odd/way && test_grep "asked git" "$TRASH/odd" &&
		same_places odd || return 1
	done &&
	printf "[extensions]\n\tfooBar = true\n" >>odd/.git/config && refused odd &&
	printf "[core]\nrepositoryformatversion = 99\n" >odd/.git/config && refused odd
'

both 'HEAD on a branch, detached, and without a commit' '
	echo "$(git -C plain rev-parse HEAD) main" >expect &&
	(cd plain && repo head) >actual && test_cmp expect actual &&
	git -C linked checkout -q --detach &&
	echo "$(git -C linked rev-parse HEAD) detached" >expect &&
	(cd linked && repo head) >actual && test_cmp expect actual &&
	echo "none main" >expect &&
	(cd separate && test_code 1 repo head) >actual 2>err &&
	test_cmp expect actual && test_grep "there is no commit yet" err &&
	git -C plain symbolic-ref HEAD refs/heads/a/b &&
	test_when_finished "git -C plain symbolic-ref HEAD refs/heads/main" &&
	(cd plain && test_code 1 repo head) >actual && echo "none a/b" >expect &&
	test_cmp expect actual
'

typed="'exp.x'='typed'"
test_expect_success 'configuration is what git says' '
	git config --global include.path "$PWD/more" &&
	test_when_finished "git config --global --unset include.path" &&
	printf "[Exp \"A.b\"]\n\tKey\n\tName = two  words ; no\n\tnum = 3k\n\toff = no\n\tBig=2G\n\tbad = maybe\n\tempty =\n" >more &&
	(cd plain && repo config EXP.A.b.KEY && repo config exp.A.b.name &&
		repo config exp.A.b.num && repo config exp.A.b.off &&
		repo config exp.A.b.big && repo config exp.A.b.empty &&
		test_code 1 repo config exp.a.b.num) >actual 2>/dev/null &&
	cat >expect <<-\EOF &&
	 1 -1
	two  words 0 -1
	3k 1 3072
	no 0 -1
	2G 1 2147483648
	 0 -1
	EOF
	test_cmp expect actual &&
	(cd plain && repo config exp.A.b.bad) 2>err &&
	test_grep "warning: bad boolean .maybe. for .exp.A.b.bad." err &&
	(cd plain && git -c exp.x=typed config exp.x &&
		GIT_CONFIG_PARAMETERS="$typed" repo config exp.x) >actual &&
	test_grep "typed 0 -1" actual
'

test_expect_success 'people are as git would write them' '
	{ git var GIT_AUTHOR_IDENT && git var GIT_COMMITTER_IDENT; } >expect &&
	(cd plain && repo people) >actual && test_cmp expect actual &&
	(unset GIT_AUTHOR_DATE && cd plain && repo people) >actual &&
	test_grep "^A U Thor <author@example.com> [0-9]* +0000$" actual
'
test_expect_success 'without an identity the advice is git'\''s' '
	(unset GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL && cd plain &&
		GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=user.useConfigOnly \
		GIT_CONFIG_VALUE_0=true test_code 128 repo people) 2>err &&
	test_grep "^invalid: .*no .* was given and auto-detection is disabled" err &&
	test_grep "git config --global user.email" err
'

test_expect_success 'stages are kept from every variable that is the repository'\''s' '
	git rev-parse --local-env-vars | sort >git.vars &&
	(cd plain && GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=a.b GIT_CONFIG_VALUE_0=c repo unset) | sort >our.vars &&
	comm -23 git.vars our.vars >missing && test_lines 0 missing &&
	test_grep "^GIT_CONFIG_KEY_0$" our.vars && test_grep "^GIT_CONFIG_VALUE_0$" our.vars &&
	test_grep "^GIT_EXEC_PATH$" our.vars
'

test_done
