#!/bin/sh
test_description='every command works in every unusual repository, or refuses where git refuses'
. "$(dirname "$0")/test-lib.sh"

# With it git is asked where the repository is; we want our own way tested.
unset GIT_CEILING_DIRECTORIES
W=$TRASH/w
mkdir "$W"
GIT=git sh "$TEST_DIR/odd-repos.sh" "$TRASH/odd" >"$TRASH/made" 2>&1 || cat "$TRASH/made"
git config --global protocol.file.allow always
git config --global filter.none true

exp_of () { git for-each-ref --format='%(objectname)' "refs/exps/**/$1"; }

# What git would make of the work tree, leaving its index alone.
git_tree () {
	index=$(git rev-parse --path-format=absolute --git-path index) &&
	cp -p "$index" "$index.git" &&
	(cd "$(git rev-parse --show-toplevel)" &&
	 GIT_INDEX_FILE=$index.git git -c core.fsmonitor=false -c core.splitIndex=false add --sparse -A :/ &&
	 GIT_INDEX_FILE=$index.git git -c core.splitIndex=false write-tree) &&
	rm -f "$index.git"
}

untouched () {
	cksum <"$(git rev-parse --git-path index)" &&
	cat "$(git rev-parse --git-path HEAD)" &&
	git for-each-ref refs/heads
}

# text FILE: less the CRs that git may have put there.
text () { tr -d '\015' <"$1" | tail -n 1; }

# A whole life of experiments at the top of the work tree. With core.worktree
# that lies elsewhere, and only GIT_DIR leads back.
lives () {
	cd "$1" && top=$(git rev-parse --show-toplevel) &&
	if ! test "$(git -C "$top" rev-parse --show-toplevel 2>/dev/null)" = "$top"
	then
		GIT_DIR=$(git rev-parse --absolute-git-dir) && export GIT_DIR &&
		test_when_finished "unset GIT_DIR"
	fi &&
	cd "$top" &&
	git exp init && echo data >in.txt && echo "speed: 1" >speed.yaml &&
	git exp stage add -n s -d in.txt -p speed.yaml:speed -o model -M m.yaml \
		"cat in.txt speed.yaml >model && cp speed.yaml m.yaml" &&
	untouched >"$W/before" &&
	git exp run -q --name first && git exp run -q -S speed.yaml:speed=2 --name second &&
	git exp status >"$W/out" && test_grep "up to date" "$W/out" &&
	git_tree >"$W/expect" && git rev-parse "$(exp_of second)^{tree}" >"$W/actual" &&
	test_cmp "$W/expect" "$W/actual" &&
	test "$(git rev-parse "$(exp_of second)^")" = "$(git rev-parse HEAD)" &&
	git exp show >"$W/show" && grep -q second "$W/show" &&
	git exp list >"$W/list" && grep -q second "$W/list" &&
	git exp diff first second >"$W/diff" && grep -q speed "$W/diff" &&
	git exp log second >"$W/log" && grep -q second "$W/log" &&
	git_tree >"$W/tree" && git exp apply first &&
	test "$(text m.yaml)" = "speed: 1" && test "$(tail -n 1 model)" = "speed: 1" &&
	git exp undo && git_tree >"$W/tree.back" && test_cmp "$W/tree" "$W/tree.back" &&
	test "$(tail -n 1 model)" = "speed: 2" &&
	echo "speed: 3" >speed.yaml && echo "speed: 3" >m.yaml && git exp save --name third && test -n "$(exp_of third)" &&
	git exp rename third 3rd && git exp remove 3rd && test -z "$(exp_of 3rd)" &&
	git exp undo && test -n "$(exp_of 3rd)" &&
	untouched >"$W/after" && test_cmp "$W/before" "$W/after" &&
	git exp branch second promoted && test "$(git rev-parse promoted)" = "$(exp_of second)" &&
	git fsck --connectivity-only
}

# git's own words, and nothing is made.
refused () {
	(cd "$1" && test_must_fail git status) >/dev/null 2>"$W/git.err" || return 1
	sed -n 's/^fatal: //p' "$W/git.err" | head -n 1 >"$W/expect" && test -s "$W/expect" || return 1
	for words in init run status 'apply one' save show list undo 'remove one' 'data checkout'
	do
		(cd "$1" && test_code 128 git exp $words) >/dev/null 2>"$W/err" &&
		sed -n 's/^fatal: //p' "$W/err" | head -n 1 >"$W/actual" &&
		test_cmp "$W/expect" "$W/actual" || { echo "in: git exp $words"; return 1; }
	done
}

bare () {
	cd "$1" && git for-each-ref >"$W/before" &&
	for words in init run status 'apply one' save undo 'data checkout' 'data add x' 'stage list' 'stage add -n s true'
	do
		test_code 128 git exp $words >"$W/out" 2>"$W/err" &&
		test_grep "^fatal: .*must be run in a work tree" "$W/err" && test_lines 0 "$W/out" ||
		{ echo "in: git exp $words"; return 1; }
	done &&
	git for-each-ref >"$W/after" && test_cmp "$W/before" "$W/after" &&
	git exp show >"$W/out" && test_grep one "$W/out" &&
	git exp list >"$W/out" && test_grep one "$W/out" &&
	git exp log one >"$W/out" && test_grep one "$W/out" &&
	git exp diff one HEAD && git exp rename one uno && test -n "$(exp_of uno)" &&
	git exp branch uno promoted && git rev-parse -q --verify promoted &&
	git exp remove uno && test -z "$(exp_of uno)" && git fsck
}

test_expect_success 'there are repositories to look at' '
	test "$(grep -c "^ok " "$TRASH/made")" -gt 10
'

# --- after the life that each has -------------------------------------------

also_sparse () {
	git ls-tree -r --name-only "$(exp_of second)" >"$W/files" &&
	git ls-tree -r --name-only HEAD >"$W/head" && sort "$W/files" >"$W/sorted" &&
	sort "$W/head" | comm -23 - "$W/sorted" >"$W/gone" && test_lines 0 "$W/gone" &&
	git ls-files -t >"$W/tags" && test_grep "^S " "$W/tags"
}

also_linked () {
	main=$(git worktree list --porcelain | sed -n '1s/^worktree //p') &&
	git -C "$main" exp list -A >"$W/list" 2>&1 && grep -q second "$W/list" &&
	test -n "$(git -C "$main" for-each-ref "refs/exps/**/second")"
}

also_filtered () {
	git cat-file blob "$(exp_of second):model.bin" >"$W/blob" &&
	git cat-file blob HEAD:model.bin >"$W/pointer" && test_cmp "$W/pointer" "$W/blob" &&
	test_grep "^version lfs-like$" "$W/blob" && ! cmp -s "$W/blob" model.bin
}

while read -r how name path
do
	case $how in
	skip) test_skip_next "$path"
	      test_expect_success "${name%:}" '' ; continue ;;
	ok) ;;
	*) continue ;;
	esac
	if ! git -C "$path" rev-parse --git-dir >/dev/null 2>&1
	then
		test_expect_success "$name: refused with git's words" 'refused "$path"'
	elif test "$(git -C "$path" rev-parse --is-bare-repository)" = true
	then
		test_expect_success "$name: what needs no work tree" 'bare "$path"'
	else
		test_expect_success "$name" 'lives "$path"'
	fi
	case $name in
	sparse-checkout|sparse-index)
		test_expect_success "$name: no file outside is taken for deleted" also_sparse ;;
	worktree-linked)
		test_expect_success "$name: the main work tree sees it" also_linked ;;
	clean-filter)
		test_expect_success "$name: the pointer is recorded" also_filtered ;;
	esac
	cd "$TRASH/work" || exit
done <"$TRASH/made"

test_expect_success 'a project below the top of the repository' '
	git init -q "$W/below" && cd "$W/below" && echo top >top.txt && mkdir -p a/project && cd a/project &&
	git commit -q --allow-empty -m base && git exp init --subdir && test -d .dvc &&
	echo "speed: 1" >params.yaml &&
	git exp stage add -n s -p speed -o model "cp params.yaml model" &&
	git exp run -q --name first && echo change >>../../top.txt && git exp run -q -S speed=2 --name second &&
	git ls-tree -r --name-only --full-tree "$(exp_of second)" >"$W/files" &&
	test_grep "^top.txt$" "$W/files" && test_grep "^a/project/params.yaml$" "$W/files" &&
	test_grep ! "^a/project/model$" "$W/files" &&
	git exp apply first && test "$(cat model)" = "speed: 1" && test "$(cat ../../top.txt)" = top &&
	git exp undo && test "$(cat model)" = "speed: 2" && test "$(tail -n 1 ../../top.txt)" = change &&
	mkdir sub && cd sub && git exp status && git exp apply first && test "$(cat ../model)" = "speed: 1"
'

test_expect_success 'a work tree named on the command line' '
	git init -q "$W/far" && (cd "$W/far" && git commit -q --allow-empty -m base) && mv "$W/far/.git" "$W/far.git" &&
	cd "$W/far" && gitx () { git --git-dir="$W/far.git" --work-tree="$W/far" "$@"; } &&
	gitx exp init && echo "speed: 1" >params.yaml &&
	gitx exp stage add -n s -p speed -o model "cp params.yaml model" &&
	gitx exp run -q --name first && gitx exp run -q -S speed=2 --name second &&
	gitx exp apply first && test "$(cat model)" = "speed: 1" &&
	test -n "$(gitx for-each-ref "refs/exps/**/second")" && ! test -e .git
'

test_expect_success 'a repository that was moved can still undo' '
	cp -R "$W/below" "$W/here" && cd "$W/here/a/project" && git exp apply second && mv "$W/here" "$W/there" &&
	cd "$W/there/a/project" && git exp undo && test "$(cat model)" = "speed: 1" && ! test -e "$W/here"
'

test_done
