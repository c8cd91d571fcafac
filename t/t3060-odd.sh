#!/bin/sh
test_description='every unusual repository is read as git reads it, or refused as git refuses'
. "$(dirname "$0")/test-lib.sh"
. "$TEST_DIR/repo-lib.sh"

GIT=git sh "$TEST_DIR/odd-repos.sh" "$TRASH/odd" >"$TRASH/made" 2>&1 || cat "$TRASH/made"
git config --global protocol.file.allow always
git config --global filter.none true

# opened: what can be asked of the repository here gets git's answer.
opened () {
	git_places >"$TRASH/expect" && repo open >"$TRASH/actual" && test_cmp "$TRASH/expect" "$TRASH/actual" &&
	{ git rev-parse HEAD && git symbolic-ref -q --short HEAD || echo detached; } | tr "\n" " " | sed "s/ $//" >"$TRASH/expect" &&
	echo >>"$TRASH/expect" && repo head >"$TRASH/actual" && test_cmp "$TRASH/expect" "$TRASH/actual" &&
	git for-each-ref --format="%(objectname) %(refname)" >"$TRASH/expect" &&
	repo refs refs/ >"$TRASH/actual" && test_cmp "$TRASH/expect" "$TRASH/actual" && test_grep "refs/exps/.*/one" "$TRASH/actual" &&
	repo resolve HEAD >"$TRASH/actual" && git rev-parse HEAD >"$TRASH/expect" && test_cmp "$TRASH/expect" "$TRASH/actual" &&
	id=$(git rev-parse HEAD:params.yaml) && { echo "blob $(git cat-file -s "$id")" && git cat-file blob "$id"; } >"$TRASH/expect" &&
	repo read "$id" >"$TRASH/actual" && test_cmp "$TRASH/expect" "$TRASH/actual" &&
	repo find "$(git rev-parse HEAD^{tree})" sub/deep/g1 >"$TRASH/actual" && test_grep "$(git rev-parse HEAD:sub/deep/g1)" "$TRASH/actual" &&
	git config core.repositoryFormatVersion >"$TRASH/expect" && repo config core.repositoryformatversion >"$TRASH/actual" &&
	test "$(cut -d " " -f 1 "$TRASH/actual")" = "$(cat "$TRASH/expect")" &&
	{ test "$name" != worktree-config || repo config exp.worktree | grep "^yes "; }
}

# written: objects, refs and notes go in, and git is content.
written () {
	h=$(git rev-parse HEAD) && b=$(echo "$way" | git hash-object --stdin) &&
	echo "$way" | repo write blob >"$TRASH/actual" && echo "$b" >"$TRASH/expect" && test_cmp "$TRASH/expect" "$TRASH/actual" &&
	repo commit-write "$(git rev-parse HEAD^{tree})" m "{}" "$h" >"$TRASH/id" && n=refs/exps/odd/$way &&
	repo update $n "$(cat "$TRASH/id")" none && test "$(git rev-parse $n)" = "$(cat "$TRASH/id")" &&
	repo update $n "$h" "$(cat "$TRASH/id")" && repo update $n none "$h" && test_must_fail git rev-parse -q --verify $n &&
	repo note-write refs/notes/exps append "$h" "by $way" && git notes --ref=exps show "$h" | grep "by $way" &&
	repo make "$(git rev-parse HEAD^{tree})" 100644 "$b" sub/deep/new >"$TRASH/id" &&
	test "$(git rev-parse "$(cat "$TRASH/id"):sub/deep/new")" = "$b" && git fsck --connectivity-only
}

# snapped: the tree of the work tree is git's, the index is as it was.
snapped () {
	test "$(git rev-parse --is-bare-repository)" = true && return
	i=$(git rev-parse --path-format=absolute --git-path index) && cksum <"$i" >"$TRASH/before" && rm -f "$i.git" &&
	top=$(git rev-parse --show-toplevel) && echo changed >"$top/params.yaml" && echo untracked >"$top/untracked" &&
	repo snap >"$TRASH/actual" && cksum <"$i" >"$TRASH/after" && test_cmp "$TRASH/before" "$TRASH/after" &&
	cp -p "$i" "$i.git" && GIT_INDEX_FILE=$i.git git -c core.fsmonitor=false add --sparse -A ":/" &&
	GIT_INDEX_FILE=$i.git git write-tree >"$TRASH/expect" && rm -f "$i.git" && test_cmp "$TRASH/expect" "$TRASH/actual"
}

test_expect_success 'there are repositories to look at' '
	test "$(grep -c "^ok " "$TRASH/made")" -gt 10
'

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
		test_expect_success "$name is refused as git refuses it" 'refused "$path"'
		continue
	fi
	both "$name is read" 'cd "$path" && opened'
	both "$name is written to" 'cd "$path" && written'
	both "$name gives git'\''s tree" 'cd "$path" && snapped'
	cd "$TRASH/work" || exit
done <"$TRASH/made"

test_done
