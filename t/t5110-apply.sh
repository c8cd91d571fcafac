#!/bin/sh
test_description='apply, undo, save, remove, rename and branch lose nothing'
. "$(dirname "$0")/test-lib.sh"

W=$TRASH/w
mkdir "$W"
exp_of () { git for-each-ref --format='%(objectname)' "refs/exps/**/$1"; }
# Every byte of the work tree, the index, HEAD and the branches.
state () { snapshot_state . | grep -av -e refs/git-exp -e refs/notes -e "\./\.dvc/tmp/" -e "\./\.dvc/cache/"; }

test_expect_success 'setup: three experiments' '
	project &&
	echo "lr: 1" >params.yaml && echo code >code.txt && echo keep >notes.txt &&
	cat >dvc.yaml <<-\EOF &&
	stages:
	  train:
	    cmd: mkdir -p model && grep lr params.yaml >model/weights && cp model/weights m.yaml && cp m.yaml plain
	    deps:
	    - code.txt
	    params:
	    - lr
	    outs:
	    - model
	    - plain:
	        cache: false
	    metrics:
	    - m.yaml:
	        cache: false
	EOF
	git add . && git commit -qm base &&
	git exp run -q --name one &&
	git exp run -q -S lr=2 --name two &&
	git rm -q --cached notes.txt && git reset -q &&
	rm notes.txt && git exp run -q -S lr=3 --name three
'

test_expect_success 'apply lays the files and outputs of an experiment' '
	git exp apply two >"$W/out" &&
	test "$(cat model/weights)" = "lr: 2" && test "$(cat plain)" = "lr: 2" &&
	test "$(cat params.yaml)" = "lr: 2" && test "$(cat notes.txt)" = keep
'

test_expect_success 'apply again has nothing to do' '
	state >"$W/before" && git exp apply two >"$W/out" &&
	state >"$W/after" && test_cmp "$W/before" "$W/after" &&
	test_grep "holds experiment .two. already" "$W/out"
'

test_expect_success 'a file that the experiment removed is removed' '
	git exp apply three >"$W/out" && ! test -e notes.txt
'

test_expect_success 'setup: work that nothing else holds' '
	git exp apply one >"$W/out" &&
	echo edited >code.txt && git add code.txt && echo "edited twice" >code.txt &&
	chmod u+w -R model 2>/dev/null; rm -rf model && mkdir model &&
	echo "never cached" >model/weights && echo more >model/more &&
	echo "my plain" >plain && echo mine >mine.txt && echo secret >.env &&
	echo "x" >params.yaml && echo "lr: 5" >>params.yaml && echo "lr: 5" >params.yaml &&
	echo "*.tmp" >>.git/info/exclude && echo t >a.tmp
'

test_expect_success 'undo brings back every byte that apply replaced' '
	state >"$W/before" &&
	git exp apply two >"$W/out" 2>"$W/err" &&
	test_grep "git exp undo" "$W/err" &&
	test "$(cat code.txt)" = code && test "$(cat mine.txt)" = mine &&
	test "$(cat .env)" = secret && test "$(cat a.tmp)" = t &&
	test "$(cat model/weights)" = "lr: 2" && ! test -e model/more &&
	git exp undo >"$W/out" && test_grep "^Took back: apply two$" "$W/out" &&
	state >"$W/after" && test_cmp "$W/before" "$W/after"
'

test_expect_success 'an ignored file in the way is kept too' '
	git exp apply one >/dev/null 2>&1 && git checkout -q code.txt &&
	id=$(exp_of one) &&
	blob=$(echo theirs | git hash-object -w --stdin) &&
	GIT_INDEX_FILE=$W/ix git read-tree $id &&
	GIT_INDEX_FILE=$W/ix git update-index --add --cacheinfo 100644,$blob,b.tmp &&
	tree=$(GIT_INDEX_FILE=$W/ix git write-tree) &&
	new=$(git commit-tree -p HEAD -m x $tree) &&
	base=$(git rev-parse HEAD) && rest=${base#??} &&
	git update-ref "refs/exps/${base%"$rest"}/$rest/odd" $new &&
	echo ours >b.tmp && git exp apply odd >/dev/null 2>&1 &&
	test "$(cat b.tmp)" = theirs &&
	git exp undo >/dev/null && test "$(cat b.tmp)" = ours
'

test_expect_success 'missing data: nothing is changed, the outputs are named' '
	git exp apply one >/dev/null 2>&1;
	mv .dvc/cache "$W/cache" && state >"$W/before" &&
	test_code 128 git exp apply two 2>"$W/err" &&
	test_grep "^fatal: the cache lacks data of experiment .two.: .model." "$W/err" &&
	state >"$W/after" && test_cmp "$W/before" "$W/after" &&
	rm -rf .dvc/cache && mv "$W/cache" .dvc/cache
'

test_expect_success 'remove goes to the trash, all or none, and undo brings it back' '
	git for-each-ref refs/exps >"$W/before" &&
	test_code 128 git exp remove one nonesuch 2>"$W/err" &&
	git for-each-ref refs/exps >"$W/after" &&
	test_cmp "$W/before" "$W/after" &&
	git exp remove one two >"$W/out" && test -z "$(exp_of one)$(exp_of two)" &&
	git for-each-ref refs/git-exp/trash >"$W/out" && test_lines 2 "$W/out" &&
	git exp undo >/dev/null && git for-each-ref refs/exps >"$W/after" &&
	test_cmp "$W/before" "$W/after"
'

test_expect_success 'removed twice under one name: two undos bring back both' '
	git exp run -q -S lr=7 --name twice && a=$(exp_of twice) && git exp remove twice >/dev/null &&
	git exp run -q -S lr=8 --name twice && b=$(exp_of twice) && git exp remove twice >/dev/null &&
	git exp undo >/dev/null && test "$(exp_of twice)" = $b &&
	git exp rename twice other >/dev/null && git exp undo >/dev/null &&
	test "$(exp_of twice)" = $a && test "$(exp_of other)" = $b
'

test_expect_success 'the trash survives a collection of garbage' '
	git exp remove other >/dev/null && git reflog expire --expire=now --all &&
	git gc -q --prune=now && git exp undo >/dev/null && test "$(exp_of other)" = $b
'

test_expect_success 'rename: a taken or bad name is refused' '
	test_code 128 git exp rename twice other 2>"$W/err" &&
	test_grep "^fatal: there is an experiment .other. already" "$W/err" &&
	for bad in "a b" "a..b" "-x" "x.lock" "a/b" "" ".hid"
	do
		test_code 128 git exp rename twice "$bad" 2>"$W/err" ||
		test_code 129 git exp rename twice "$bad" 2>"$W/err" || return 1
	done &&
	test "$(exp_of twice)" = $a
'

test_expect_success 'branch: the default name, and one that exists' '
	git exp branch two >"$W/out" &&
	test "$(git rev-parse two-branch)" = "$(exp_of two)" &&
	git symbolic-ref HEAD >"$W/head" && test_grep refs/heads/main "$W/head" &&
	test_code 128 git exp branch one two-branch 2>"$W/err" &&
	test_grep "^fatal: a branch .two-branch. exists already" "$W/err" &&
	test_code 128 git exp branch one "bad name" 2>"$W/err"
'

test_expect_success 'names: below HEAD first, then unique, then by baseline' '
	git exp apply one >/dev/null 2>&1; git checkout -q -f main && git clean -qfd &&
	git checkout -q -b dev && echo dev >code.txt && git commit -qam dev &&
	git exp run -q --name one && d=$(exp_of one | tr "\n" " ") &&
	git exp branch one from-dev >/dev/null &&
	test "$(git rev-parse from-dev^)" = "$(git rev-parse dev)" &&
	git exp branch two from-two >/dev/null &&
	git exp branch main:one from-main >/dev/null &&
	test "$(git rev-parse from-main^)" = "$(git rev-parse main)" &&
	git checkout -q --orphan third && git commit -qm third &&
	test_code 128 git exp branch one nope 2>"$W/err" &&
	test_grep "^fatal: .one. names several experiments" "$W/err" &&
	test_grep "^hint: name the baseline too" "$W/err"
'

test_expect_success 'save keeps the workspace as it is, without running' '
	git checkout -q -f main && git clean -qfd && git exp apply one >/dev/null 2>&1 &&
	echo "lr: 9" >plain && rm -rf model && mkdir model && echo hand >model/weights &&
	git exp save --name byhand >"$W/out" &&
	test_grep "^Experiment has been saved as: byhand$" "$W/out" &&
	test "$(cat model/weights)" = hand &&
	test "$(git cat-file blob "$(exp_of byhand)":plain)" = "lr: 9" &&
	git exp status >"$W/out" && test_grep "up to date" "$W/out" &&
	git exp apply two >/dev/null 2>&1 && git exp apply byhand >/dev/null 2>&1 &&
	test "$(cat model/weights)" = hand
'

test_expect_success 'save keeps data that changed since it was added' '
	git checkout -q -f main && git clean -qfd && mkdir data && echo 1 >data/a &&
	git exp data add data >"$W/out" && git add data.dvc .gitignore && git commit -qm data &&
	echo 2 >data/a && git exp save --name newdata >"$W/out" &&
	git cat-file blob "$(exp_of newdata)":data.dvc >"$W/pointer" &&
	test_cmp data.dvc "$W/pointer" && git exp data checkout &&
	test "$(cat data/a)" = 2 && git checkout -q data.dvc &&
	git exp data checkout && test "$(cat data/a)" = 1
'

test_done
