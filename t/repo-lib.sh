# Words for the tests of the room repo, sourced after test-lib.sh.

# With it git is asked where the repository is; we want our own way tested.
unset GIT_CEILING_DIRECTORIES
unset GIT_EXP_NO_LIBGIT2
REPO=$OBJ_DIR/t/u-repo
test -x "$REPO" || test_skip_all "no $REPO"

# One operation on the repository here.
repo () { "$REPO" "$@"; }

# both TITLE BODY: the test once with libgit2 and once without; $way says which.
both () {
	for way in libgit2 git
	do
		case $way in
		git) GIT_EXP_NO_LIBGIT2=1 && export GIT_EXP_NO_LIBGIT2 ;;
		*) unset GIT_EXP_NO_LIBGIT2 ;;
		esac
		test_expect_success "$1 ($way)" "$2"
	done
	unset GIT_EXP_NO_LIBGIT2
}

# As git sees the places of the repository here.
git_places () {
	git rev-parse --show-toplevel 2>/dev/null || echo none
	git rev-parse --path-format=absolute --git-dir --git-common-dir
	case $(git rev-parse --show-object-format) in sha256) echo 64 ;; *) echo 40 ;; esac
}

# same_places DIR: we find what git finds.
same_places () {
	(cd "$1" && git_places) >expect.places &&
	(cd "$1" && repo open) >actual.places &&
	test_cmp expect.places actual.places
}

# refused DIR: git refuses, and so do we, with git's own words.
refused () {
	(cd "$1" && test_must_fail git rev-parse --git-dir) >/dev/null 2>git.err &&
	(cd "$1" && test_code 128 repo open) 2>our.err &&
	sed -n 's/^fatal: //p' git.err | head -n 1 >expect.words &&
	sed -n 's/^fatal: //p' our.err | head -n 1 >actual.words &&
	test -s expect.words && test_cmp expect.words actual.words
}

commit () {
	echo "${2-$1}" >"$1" && git add "$1" && test_tick && git commit -q -m "$1"
}
