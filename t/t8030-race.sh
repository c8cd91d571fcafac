#!/bin/sh
test_description='many at once, in one repository, lose nothing'
. "$(dirname "$0")/test-lib.sh"

W=$TRASH/w
mkdir "$W"
exps () { git for-each-ref --format='%(objectname) %(refname)' refs/exps; }

# clean: nothing is broken, and no lock of anybody is left.
clean () {
	git fsck --no-dangling >"$W/fsck" 2>&1 && ! grep -v '^notice' "$W/fsck" &&
	find "$(git rev-parse --git-common-dir)" -name '*.lock' -size 0 ! -path '*/exp/*' >"$W/locks" &&
	test_lines 0 "$W/locks"
}

# all_of N: wait for jobs 1..N; whose exit code is not 0 is named with its words.
all_of () {
	wait
	bad=0
	for i in $(seq "$1")
	do
		test "$(cat "$W/code.$i")" = 0 && continue
		bad=1
		echo "job $i: exit $(cat "$W/code.$i")" && cat "$W/said.$i"
	done
	return $bad
}

job () {
	job_nr=$1
	shift
	{
		job_code=0
		"$@" >"$W/said.$job_nr" 2>&1 || job_code=$?
		echo $job_code >"$W/code.$job_nr"
	} &
}

# repository DIR: a pipeline of one stage that prints and makes a model.
repository () {
	mkdir "$1" && cd "$1" && project && echo "lr: 0" >params.yaml &&
	cat >dvc.yaml <<-\EOF &&
	stages:
	  train:
	    cmd: echo hello && cp params.yaml model && cp params.yaml m.yaml
	    params:
	    - lr
	    outs:
	    - model
	    metrics:
	    - m.yaml:
	        cache: false
	EOF
	printf "/model\n" >.gitignore && git add . && git commit -qm base
}

in_worktree () {
	(cd "$W/$1/wt.$2" && git-exp run -S "lr=$2" --name "exp-$2")
}

# runs DIR N
runs () {
	repository "$W/$1" && rm -f "$W"/code.* &&
	for i in $(seq "$2")
	do
		git worktree add -q --detach "wt.$i" || return 1
	done &&
	for i in $(seq "$2")
	do
		job "$i" in_worktree "$1" "$i"
	done &&
	all_of "$2" && exps >"$W/exps" && test_lines "$2" "$W/exps" &&
	for i in $(seq "$2")
	do
		id=$(git for-each-ref --format='%(objectname)' "refs/exps/**/exp-$i") &&
		git notes --ref=exps show "$id" >"$W/note" &&
		test_grep "\"name\":\"exp-$i\"" "$W/note" &&
		test "$(git notes --ref=exps-log show "$id" | tail -n 1)" = hello &&
		test "$(git cat-file blob "$id:m.yaml")" = "lr: $i" || return 1
	done &&
	clean
}

packing () {
	while ! test -f "$W/stop"
	do
		git pack-refs --all --prune
	done >/dev/null 2>&1 &
}

# changes DIR N: save, remove, rename and branch in one work tree.
changes () {
	repository "$W/$1" && git-exp run -q &&
	for i in $(seq "$2")
	do
		git-exp save --name "old-$i" || return 1
	done >/dev/null &&
	rm -f "$W"/code.* &&
	for i in $(seq "$2")
	do
		case $((i % 4)) in
		0) job "$i" git-exp save --wait --name "new-$i" ;;
		1) job "$i" git-exp remove "old-$i" ;;
		2) job "$i" git-exp rename "old-$i" "ren-$i" ;;
		3) job "$i" git-exp branch "old-$i" "br-$i" ;;
		esac
	done &&
	all_of "$2" &&
	for i in $(seq "$2")
	do
		case $((i % 4)) in
		0) want="old-$i new-$i" gone= ;;
		1) want= gone="old-$i" ;;
		2) want="ren-$i" gone="old-$i" ;;
		3) want="old-$i" gone= ; git rev-parse -q --verify "refs/heads/br-$i" || return 1 ;;
		esac
		for name in $want
		do
			id=$(git for-each-ref --format='%(objectname)' "refs/exps/**/$name") &&
			test -n "$id" && git notes --ref=exps show "$id" >"$W/note" ||
			{ echo "lost: $name"; return 1; }
		done
		for name in $gone
		do
			test -z "$(git for-each-ref "refs/exps/**/$name")" ||
			{ echo "still there: $name"; return 1; }
		done
	done &&
	git for-each-ref refs/git-exp/trash >"$W/trash" &&
	git for-each-ref refs/git-exp/undo >"$W/points" &&
	test_lines $((($2 + 3) / 4)) "$W/trash" && test_lines $((($2 + 3) / 4)) "$W/points" &&
	clean
}

test_expect_success '32 runs in 32 linked worktrees' 'runs many 32'

test_expect_success '32 processes of save, remove, rename and branch in one work tree' 'changes one 32'

test_expect_success 'each of the removed comes back by one undo' '
	for i in 1 2 3 4 5 6 7 8
	do
		git exp undo || return 1
	done &&
	test -n "$(git for-each-ref "refs/exps/**/old-1")" && test -n "$(git for-each-ref "refs/exps/**/old-29")" &&
	test_code 128 git exp undo
'

test_expect_success 'while somebody packs the refs all the time' '
	repository "$W/packs" && packing &&
	test_when_finished "touch \"$W/stop\"; wait; rm \"$W/stop\"" &&
	git-exp run -q --name first >/dev/null &&
	for i in 1 2 3 4 5 6
	do
		git-exp save --name "s-$i" && git-exp rename "s-$i" "r-$i" && git-exp remove "r-$i" || return 1
	done &&
	exps >"$W/exps" && test_lines 1 "$W/exps" &&
	git for-each-ref refs/git-exp/trash >"$W/trash" && test_lines 6 "$W/trash"
'

test_expect_success 'a lock that stays is named, after a moment' '
	cd "$W/one" && mkdir -p .git/refs/heads && : >.git/refs/heads/x.lock &&
	test_when_finished "rm -f .git/refs/heads/x.lock" &&
	test_code 128 git exp branch ren-2 x 2>"$W/err" &&
	test_grep "^fatal: .*x\.lock" "$W/err" && test_grep "^hint: " "$W/err"
'

GIT_EXP_NO_LIBGIT2=1
export GIT_EXP_NO_LIBGIT2
test_expect_success '8 runs in 8 worktrees without libgit2' 'runs many-git 8'
test_expect_success '8 processes in one work tree without libgit2' 'changes one-git 8'

test_done
