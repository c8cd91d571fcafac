#!/bin/sh
test_description='the work tree as a tree, leaving index and HEAD alone'
. "$(dirname "$0")/test-lib.sh"
. "$TEST_DIR/repo-lib.sh"

# What git itself would commit of everything here.
all_by_git () {
	index=$(git rev-parse --git-path index) && rm -f .git/by-git &&
	{ test ! -f "$index" || cp -p "$index" .git/by-git; } &&
	GIT_INDEX_FILE=.git/by-git git add -A "$@" && GIT_INDEX_FILE=.git/by-git git write-tree &&
	rm -f .git/by-git
}

# The index with its times, HEAD and refs.
untouched () {
	i=$(git rev-parse --git-path index)
	cksum <"$i"; ls -l --time-style=full-iso "$i" 2>/dev/null || ls -lT "$i"
	cat .git/HEAD; git for-each-ref; ls -A .git | grep -v "^exp$\|by-git\|ORIG_HEAD"; ls -A .git/exp 2>/dev/null
}

# same_tree [WORD...]: our snapshot is git's, and nothing of the user's moved.
same_tree () {
	all_by_git >expect.tree 2>/dev/null && mkdir -p .git/exp && untouched >"$TRASH/before" &&
	repo snap "$@" >"$TRASH/actual.tree" && mv expect.tree "$TRASH" && untouched >"$TRASH/after" &&
	{ test_cmp "$TRASH/expect.tree" "$TRASH/actual.tree" ||
		{ git diff --stat "$(cat "$TRASH/expect.tree")" "$(cat "$TRASH/actual.tree")"; false; }; } &&
	test_cmp "$TRASH/before" "$TRASH/after"
}

# The scratch files of these tests are nobody's business.
fresh () {
	cd "$TRASH/work" && rm -rf r && git init -q r && cd r && echo expect.tree >.git/info/exclude &&
	mkdir -p d/e && echo 1 >f && echo 2 >d/g && echo 3 >d/e/h && printf "#!/bin/sh\n" >run && chmod +x run &&
	ln -s f link && git add . && git commit -q -m first
}

# files TREE: the paths in it
files () { git ls-tree -r --name-only "$1"; }

test_expect_success 'without a commit, without an index, without anything' '
	git init -q r && cd r && echo expect.tree >.git/info/exclude && same_tree && echo a >a && same_tree &&
	git add a && echo b >a && same_tree
'

test_expect_success 'each way in which a file can differ' '
	fresh && same_tree &&
	echo changed >f && same_tree && rm d/g && same_tree && chmod -x run && same_tree &&
	chmod +x f && same_tree && rm link && ln -s d link && same_tree && rm link && echo file >link && same_tree &&
	rm run && ln -s f run && same_tree && git add run && echo staged >s && git add s && same_tree &&
	rm s && same_tree && git rm -q --cached d/e/h && same_tree && git add -N new 2>/dev/null
	echo ita >new && git add -N new && same_tree && rm new && same_tree &&
	printf "a\nb" >"odd
name" && echo q >"\"q\"" && echo dash >-n && echo colon >:x && echo star >"*" && same_tree
'

test_expect_success 'a file becomes a directory, and a directory a file or a link' '
	fresh && rm f && mkdir f && echo in >f/in && same_tree &&
	fresh && rm -r d && echo file >d && same_tree &&
	fresh && mv d d2 && ln -s d2 d && same_tree &&
	fresh && rm link && mkdir link && echo x >link/x && same_tree && git add . && rm -r link && echo y >link && same_tree
'

test_expect_success 'racy entries are looked at, whatever their size and time' '
	fresh && echo aaaa >racy && git add racy && echo bbbb >racy && same_tree &&
	for i in 1 2 3 4 5
	do
		echo "a$i" >racy && git add racy && echo "b$i" >racy && same_tree || return 1
	done
'

test_expect_success 'attributes: line ends, encodings, filters as in LFS' '
	fresh && printf "*.crlf text eol=crlf\n*.enc text working-tree-encoding=UTF-16LE-BOM\n*.bin filter=up -text\n*.auto text=auto\n" >.gitattributes &&
	git config filter.up.clean "tr a-z A-Z" && git config filter.up.smudge cat && git config filter.up.required true &&
	printf "x\r\ny\r\n" >a.crlf && printf "\377\376x\000\n\000" >a.enc && echo lower >a.bin && printf "x\r\n" >a.auto && same_tree &&
	git cat-file blob "$(cat "$TRASH/actual.tree"):a.bin" >got && rm got && git add . && git commit -q -m attr && same_tree &&
	echo more >>a.bin && printf "z\r\n" >>a.crlf && same_tree &&
	git config core.autocrlf true && printf "q\r\n" >plain && same_tree
'

test_expect_success 'a filter that must work and does not stops the snapshot' '
	fresh && echo "*.bin filter=no" >.gitattributes && git config filter.no.clean false &&
	git config filter.no.required true && echo x >a.bin && test_code 128 repo snap 2>err && test_grep "fatal: .*filter" err
'

test_expect_success 'ignored files stay out unless git tracks them' '
	fresh && printf "*.log\n/out/\n" >.gitignore && echo x >a.log && mkdir out && echo y >out/y && echo z >t.log &&
	git add -f t.log && echo zz >t.log && same_tree && same_tree always=a.log always=out &&
	files "$(cat "$TRASH/actual.tree")" >names && test_grep "^t.log$" names && test_grep ! a.log names
'

test_expect_success 'names of secrets stay out and are named, unless git tracks them' '
	fresh && mkdir s && for n in .env .env.local key.pem KEY.PEM id_rsa id_rsa.pub id_dsa id_ecdsa_sk id_ed25519 aws_Credentials.json credential
	do echo secret >s/$n; done && echo fine >s/environment && echo fine >s/pem && echo old >.env && git add -f .env && echo new >.env &&
	repo snap always=s >tree 2>out && files "$(cat tree)" >names && test_grep "^s/environment$" names && test_grep "^s/pem$" names &&
	test_grep "^\.env$" names && test "$(git cat-file blob $(cat tree):.env)" = new &&
	test "$(grep -c "^s/" names)" = 2 && grep -c "^secret s/" out >n && echo 11 >expect && test_cmp expect n
'

test_expect_success 'embedded repositories stay out and are named, links go in' '
	fresh && git init -q inner && (cd inner && commit x) && git init -q d/empty && ln -s nowhere dead &&
	repo snap >tree 2>out && files "$(cat tree)" >names && test_grep ! inner names && test_grep "^dead$" names &&
	test_grep "^nested inner$" out && test_grep "^nested d/empty$" out
'

test_expect_success 'limits: each file, all files, all bytes' '
	fresh && mkdir u v && for i in 1 2 3 4 5; do echo 12345 >u/$i; done && echo 1234567890 >v/large && echo 1 >small &&
	repo snap file=8 >tree 2>out && files "$(cat tree)" >names && test_grep "^u/5$" names && test_grep ! large names &&
	test_grep "^left 1$" out && test_grep "^large v$" out &&
	repo snap files=3 >tree 2>out && files "$(cat tree)" >names && test_grep ! "^u/\|^v/\|small" names && test_grep "^large u$" out &&
	repo snap total=20 >tree 2>out && files "$(cat tree)" >names && test_grep ! "^u/\|^v/" names && test_grep "^large u$" out &&
	head -n 1 out >first && echo "large u" >expect && test_cmp expect first &&
	repo snap files=2 file=3 always=u always=v/large >tree 2>out && files "$(cat tree)" >names && test_grep "^u/1$" names &&
	test_grep "^v/large$" names && rm -f tree out names first expect && repo snap file=1 always=. >"$TRASH/t" && git ls-tree -r --name-only "$(cat "$TRASH/t")" >"$TRASH/n" && test_grep "^v/large$" "$TRASH/n"
'

test_expect_success 'cached outputs stay out even where no .gitignore names them' '
	fresh && mkdir -p model data && echo m >model/m && echo x >data.csv && echo y >data/y && echo z >model2 &&
	repo snap never=model never=data.csv always=model always=data.csv >"$TRASH/t" 2>"$TRASH/o" && files "$(cat "$TRASH/t")" >"$TRASH/n" &&
	test_grep ! "^model/\|^data.csv" "$TRASH/n" && test_grep "^model2$" "$TRASH/n" && test_grep "^data/y$" "$TRASH/n" && test ! -s "$TRASH/o"
'

test_expect_success 'unmerged files are refused by name' '
	fresh && git checkout -q -b other && echo o >f && git commit -q -a -m o && git checkout -q main && echo m >f &&
	git commit -q -a -m m && test_must_fail git merge other && test_code 128 repo snap 2>err &&
	test_grep "^invalid: the index has unmerged files: .f.$" err && test_grep "^hint: resolve" err && ls .git/exp >left && test_lines 0 left
'

test_expect_success 'dirty submodules are named and recorded as they are' '
	fresh && git init -q ../sub && (cd ../sub && commit s) &&
	git -c protocol.file.allow=always submodule --quiet add "$(cd ../sub && pwd)" m && git commit -q -m sub &&
	test_when_finished "rm -rf ../sub" && same_tree &&
	(cd m && commit new) && same_tree && echo dirty >>m/s && same_tree 2>"$TRASH/named" && test_grep "^nested m$" "$TRASH/named" &&
	git -C m checkout -q . && echo u >m/untracked && repo snap 2>"$TRASH/named" && test_grep "^nested m$" "$TRASH/named"
'

test_expect_success 'split, sparse and other indexes' '
	fresh && git update-index --split-index && echo s >staged && git add staged && echo w >f && same_tree &&
	fresh && git config core.splitIndex true && git add . && echo w >f && same_tree && git config splitIndex.maxPercentChange 0 && same_tree &&
	fresh && git update-index --index-version 4 && echo w >f && same_tree &&
	fresh && git update-index --force-untracked-cache && git status >/dev/null && echo w >f && echo n >d/new && same_tree &&
	fresh && git config core.untrackedCache true && git config core.fsmonitor true && git config feature.manyFiles true && echo w >f && same_tree &&
	fresh && git config index.skipHash true && git add . && echo w >f && same_tree
'

test_expect_success 'what a sparse checkout leaves out is not deleted' '
	for kind in --no-sparse-index --sparse-index
	do
		fresh && mkdir keep && echo k >keep/k && git add . && git commit -q -m keep && git sparse-checkout set --cone $kind keep &&
		test ! -e d/g && same_tree && echo kk >keep/k && echo new >keep/new && same_tree &&
		repo snap result=keep result=d >"$TRASH/t" && files "$(cat "$TRASH/t")" >"$TRASH/n" && test_grep "^d/g$" "$TRASH/n" || return 1
	done
'

test_expect_success 'assumed and skipped files are as git has them' '
	fresh && git update-index --assume-unchanged f && echo w >f && same_tree && git update-index --skip-worktree d/g && rm d/g && same_tree
'

test_expect_success 'linked worktrees, another index, other places' '
	fresh && git worktree add -q ../wt && cd ../wt && echo w >f && echo n >n && repo snap >"$TRASH/t" &&
	git -c core.fsmonitor=false add -A && git write-tree >"$TRASH/e" && test_cmp "$TRASH/e" "$TRASH/t" &&
	cd ../r && git worktree remove --force ../wt && git branch -q -D wt && echo w >f &&
	cp .git/index .git/other && echo o >o && GIT_INDEX_FILE=.git/other git add o && git rm -q --cached d/g &&
	GIT_INDEX_FILE=.git/other repo snap >"$TRASH/t" && cp .git/other .git/o2 && GIT_INDEX_FILE=.git/o2 git add -A &&
	GIT_INDEX_FILE=.git/o2 git write-tree >"$TRASH/e" && test_cmp "$TRASH/e" "$TRASH/t" &&
	(cd d/e && repo snap) >"$TRASH/t" && all_by_git >"$TRASH/e" && test_cmp "$TRASH/e" "$TRASH/t"
'

test_expect_success 'there must be a work tree' '
	fresh && cd .git && test_code 128 repo snap 2>"$TRASH/err" && test_grep "must be run in a work tree" "$TRASH/err" && cd ..
'

test_expect_success 'no hook runs, and git'\''s own options do not reach in' '
	fresh && mkdir -p .git/hooks && for h in post-index-change pre-commit reference-transaction post-checkout
	do printf "#!/bin/sh\necho $h >>\"$TRASH/ran\"\n" >.git/hooks/$h && chmod +x .git/hooks/$h; done &&
	git config hook.mine.event post-index-change && git config hook.mine.command "echo ran >>$TRASH/ran" &&
	echo w >f && rm d/g && echo n >"[n]" && rm -f "$TRASH/ran" && repo snap >"$TRASH/t" && test ! -e "$TRASH/ran" &&
	GIT_GLOB_PATHSPECS=1 repo snap result="[n]" >"$TRASH/t2" && test_cmp "$TRASH/t" "$TRASH/t2"
'

test_expect_success 'settings of status and diff change nothing' '
	fresh && git config status.showUntrackedFiles no && git config status.branch true && git config status.showStash true &&
	git config status.renames copies && git config diff.renames copies && git config status.short true &&
	git config status.relativePaths false && git config color.ui always && git config diff.ignoreSubmodules all &&
	git config core.quotePath true && mv f moved && echo w >d/g && same_tree
'

test_expect_success 'inputs as before the commands, results as after' '
	fresh && echo out/ >.gitignore && echo in >src && echo old >metrics && git add metrics && mkdir plots && echo p >plots/gone && git add plots &&
	repo snap result=metrics result=plots result=dvc.lock result=never-made result=link result=out result=credential.json \
		"then=echo later >src; echo new >metrics; echo lock >dvc.lock; rm plots/gone; echo 2 >plots/two; rm link; mkdir -p out plots/deep; echo x >out/x; echo 3 >plots/deep/3; echo s >credential.json; echo aside >aside" >"$TRASH/t" 2>"$TRASH/o" &&
	files "$(cat "$TRASH/t")" | tr "\n" " " >"$TRASH/n" &&
	echo ".gitignore d/e/h d/g dvc.lock f metrics plots/deep/3 plots/two run src " >"$TRASH/e" && echo >>"$TRASH/n" && test_cmp "$TRASH/e" "$TRASH/n" &&
	test "$(git cat-file blob "$(cat "$TRASH/t"):src")" = in && test "$(git cat-file blob "$(cat "$TRASH/t"):metrics")" = new &&
	test_grep "^secret credential.json$" "$TRASH/o"
'

test_expect_success 'results may change what they are' '
	fresh && repo snap result=f result=d result=link "then=rm f; mkdir f; echo 1 >f/1; rm -r d; echo file >d; rm link; ln -s run link" >"$TRASH/t" &&
	all_by_git >"$TRASH/e" && test_cmp "$TRASH/e" "$TRASH/t"
'

test_expect_success 'a private index of a dead process is swept away, of a live one not' '
	fresh && mkdir .git/exp && : >.git/exp/index.999999999 && : >.git/exp/index.$$ && repo snap && ls .git/exp >"$TRASH/n" &&
	echo "index.$$" >"$TRASH/e" && test_cmp "$TRASH/e" "$TRASH/n"
'

test_expect_success 'at most three git processes' '
	fresh && echo w >f && echo n >n && GIT_EXP_TRACE=$TRASH/trace repo snap && grep -v "config --list" "$TRASH/trace" | grep -c "  child   *git" >"$TRASH/n" &&
	echo 3 >"$TRASH/e" && test_cmp "$TRASH/e" "$TRASH/n"
'

# A hundred random changes of every kind, one after the other; git is asked each time.
test_expect_success 'whatever is done, the tree is git'\''s' '
	fresh && printf "*.up filter=up\n*.crlf text eol=crlf\n" >.gitattributes && git config filter.up.clean "tr a-z A-Z" && git config filter.up.smudge cat &&
	awk "BEGIN {
		srand(11); split(\"f d/g d/e/h run link d x y/z a.up b.crlf d/e y d/new .gitattributes q/w/e\", p, \" \")
		split(\"echo|rm|dir|link|exec|noexec|add|cached|touch|ita|commit|crlf|same\", v, \"|\")
		for (i = 0; i < 100; i++) print v[1 + int(rand() * 13)], p[1 + int(rand() * 14)], i
	}" /dev/null >"$TRASH/steps" &&
	while read -r verb path n
	do
		case $verb in
		echo) rm -rf "$path"; mkdir -p "$(dirname "$path")" && echo "text $n" >"$path" ;;
		rm) rm -rf "$path" ;;
		dir) rm -rf "$path"; mkdir -p "$path" && echo "$n" >"$path/in" ;;
		link) rm -rf "$path"; mkdir -p "$(dirname "$path")" && ln -s "to$n" "$path" ;;
		exec) chmod +x "$path" ;;
		noexec) test -d "$path" || chmod -x "$path" ;;
		add) git add -- "$path" ;;
		cached) git rm -q -r --cached -- "$path" ;;
		touch) touch -c "$path" ;;
		ita) git add -N -- "$path" ;;
		commit) git add -A && git commit -q -m "$n" ;;
		crlf) test ! -f "$path" || printf "a\r\nb\n" >"$path" ;;
		same) test ! -f "$path" || { cat "$path" >"$TRASH/same" && cat "$TRASH/same" >"$path"; } ;;
		esac 2>/dev/null
		same_tree || { echo "after $verb $path $n"; exit 1; }
	done <"$TRASH/steps"
'

test_done
