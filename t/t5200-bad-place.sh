#!/bin/sh
test_description='the wrong place or person: said in one line, nothing changed'
. "$(dirname "$0")/test-lib.sh"
. "$TEST_DIR/bad-lib.sh"

sq="'"

# Words that make every command at least begin.
every='init|stage add -n a true|stage list|freeze a|unfreeze a|data add f|data checkout|status|run|save|apply e|undo|show|list|diff|log e|branch e|remove e|rename e f'

# each LIST FUNCTION: call it with the words of each command of the list.
each () {
	each_list=$1 each_fn=$2
	while test -n "$each_list"
	do
		each_one=${each_list%%"|"*}
		case $each_list in
		*"|"*) each_list=${each_list#*"|"} ;;
		*) each_list= ;;
		esac
		# shellcheck disable=SC2086
		$each_fn $each_one || { echo "at: git exp $each_one"; return 1; }
	done
}

# --- not a repository ------------------------------------------------------

no_repository () {
	says 128 git-exp "$@" <<-EOF
	fatal: not a git repository (or any of the parent directories): .git
	EOF
}

test_expect_success 'not a repository: every command says so, and makes nothing' '
	mkdir "$TRASH/nowhere" && cd "$TRASH/nowhere" &&
	each "$every" no_repository && ls -A >"$W/out" && test_lines 0 "$W/out"
'

test_expect_success 'version and help need none' '
	git-exp version >"$W/out" && git-exp help >"$W/out" && git-exp run -h >"$W/out"
'

# --- bare ------------------------------------------------------------------

test_expect_success 'setup: a project with two experiments, and its bare copy' '
	project "$TRASH/full" && cd "$TRASH/full" &&
	printf "stages:\n  a:\n    cmd: grep lr params.yaml >m.yaml\n    params: [lr]\n    metrics: [m.yaml: {cache: false}]\n" >dvc.yaml &&
	echo "lr: 1" >params.yaml && git add . && git commit -qm one &&
	git exp run -q --name e && git exp run -q -S lr=2 --name f &&
	git clone -q --mirror . "$TRASH/bare.git" 2>"$W/err" && cd "$TRASH/bare.git" &&
	test "$(git config core.bare)" = true
'

in_bare () {
	git for-each-ref >"$W/before"
	says 128 git-exp "$@" <<-EOF && git for-each-ref >"$W/after" && test_cmp "$W/before" "$W/after"
	fatal: 'git exp $1' must be run in a work tree
	EOF
}

test_expect_success 'bare: what needs a work tree refuses' '
	cd "$TRASH/bare.git" &&
	each "init|init true|stage add -n a true|stage list|data add f|data checkout|status|run|run -n|save|apply e|undo" in_bare &&
	! test -e .dvc && ! test -e dvc.yaml
'

test_expect_success 'bare: what needs only Git works' '
	cd "$TRASH/bare.git" &&
	git exp list --name-only >"$W/out" && test_grep "^e$" "$W/out" && test_grep "^f$" "$W/out" &&
	git exp show >"$W/out" && test_grep " e .* 1 *1\$" "$W/out" &&
	git exp log e >"$W/out" && test_grep "^experiment e$" "$W/out" &&
	git exp diff e f >"$W/out" && test_grep "lr *1 *2" "$W/out" &&
	git exp branch e kept >"$W/out" && git rev-parse kept >"$W/out" &&
	git exp rename e g >"$W/out" && git exp list --name-only >"$W/out" && test_grep "^g$" "$W/out" &&
	git exp remove f >"$W/out" 2>"$W/err" && test_lines 0 "$W/err" &&
	git exp list --name-only >"$W/out" && test_grep ! "^f$" "$W/out"
'

test_expect_success 'bare: a difference with the work tree that is not there' '
	cd "$TRASH/bare.git" && says 128 git exp diff <<-\EOF
	fatal: there is no work tree here: name two revisions
	EOF
'

# --- no commit yet -----------------------------------------------------------

test_expect_success 'no commit: init, stage, data, status, show and list work' '
	git init -q "$TRASH/fresh" && cd "$TRASH/fresh" &&
	git exp init >"$W/out" && git exp stage add -n a -o o "echo hi >o" >"$W/out" &&
	git exp stage list >"$W/out" && echo data >f && git exp data add f >"$W/out" &&
	rm f && git exp data checkout >"$W/out" && test "$(cat f)" = data &&
	test_code 1 git exp status >"$W/out" && test_grep "never ran" "$W/out" &&
	git exp show >"$W/out" && test_grep workspace "$W/out" &&
	git exp list >"$W/out" && test_lines 0 "$W/out"
'

test_expect_success 'no commit: run runs, and says that nothing is recorded' '
	cd "$TRASH/fresh" &&
	git exp run --name x >"$W/out" 2>"$W/err" && test "$(cat o)" = hi &&
	echo "warning: there is no commit yet, so nothing is recorded" >"$W/expect" &&
	test_cmp "$W/expect" "$W/err" && git for-each-ref >"$W/out" && test_lines 0 "$W/out" &&
	git exp run -q 2>"$W/err" >"$W/out" && test_cmp "$W/expect" "$W/err"
'

test_expect_success 'no commit: a failed run is only said' '
	cd "$TRASH/fresh" && cp dvc.yaml "$W/keep" &&
	printf "stages:\n  a:\n    cmd: exit 3\n" >dvc.yaml &&
	test_code 1 git exp run >"$W/out" 2>"$W/err" &&
	sed "s/after [0-9.]* s/after N s/" "$W/err" >"$W/actual" &&
	echo "error: stage ${sq}a$sq exited with 3 after N s" >"$W/expect" &&
	test_cmp "$W/expect" "$W/actual" && git for-each-ref >"$W/out" && test_lines 0 "$W/out" &&
	cp "$W/keep" dvc.yaml
'

no_experiment () {
	refused 128 git exp "$@" <<-\EOF
	fatal: no experiment 'e'
	hint: 'git exp list -A' names them all
	EOF
}

test_expect_success 'no commit: save, apply, branch, diff, remove, rename refuse' '
	cd "$TRASH/fresh" &&
	each "apply e|branch e|remove e|rename e f|log e" no_experiment &&
	refused 128 git exp save <<-\EOF &&
	fatal: there is no commit yet to save an experiment below
	EOF
	refused 128 git exp diff <<-\EOF &&
	fatal: there is no commit yet to compare with
	EOF
	refused 128 git exp undo <<-\EOF
	fatal: there is nothing to undo in this work tree
	EOF
'

# --- no identity -----------------------------------------------------------

nobody () {
	(
		unset GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL EMAIL
		refused 128 git exp "$@" <<-\EOF
		fatal: who are you? no email was given and auto-detection is disabled
		hint: git config --global user.name 'Your Name'
		hint: git config --global user.email you@example.com
		EOF
	)
}

test_expect_success 'no identity: refused before the first command starts' '
	cd "$TRASH/full" && git exp apply e >"$W/out" 2>&1 && git exp apply f >"$W/out" 2>&1 &&
	sed "s/cmd: /&touch ran; /" dvc.yaml >"$W/text" && cat "$W/text" >dvc.yaml &&
	git config user.useConfigOnly true &&
	each "run|run -f|run -S lr=3|run -S lr=3 --name x|run -k -j 2|save|save --name y|apply e|remove e" nobody &&
	! test -e ran
'

test_expect_success 'no identity: what makes no commit works' '
	(
		cd "$TRASH/full" &&
		unset GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL EMAIL &&
		git exp list >"$W/out" && git exp show >"$W/out" && git exp log e >"$W/out" &&
		test_code 1 git exp status >"$W/out" && git exp run -n >"$W/out" &&
		git exp undo >"$W/out" && test_grep "^Took back: apply f\$" "$W/out" &&
		git exp run --no-record >"$W/out" && test -e ran
	)
'

# --- no project ----------------------------------------------------------------

no_project () {
	refused 128 git exp "$@" <<-\EOF
	fatal: no project: there is no '.dvc' here or above
	hint: 'git exp init' makes one
	EOF
}

orphaned () {
	refused 128 git exp "$@" <<-\EOF
	fatal: there is a dvc.yaml, but no '.dvc' here or above
	hint: 'git exp init' makes one
	EOF
}

# Those that could do without a project say their own thing after the hint.
hinted () {
	test_code "$@" >"$W/out" 2>"$W/err" &&
	echo "hint: there is a dvc.yaml, but no ${sq}.dvc$sq here or above: ${sq}git exp init$sq makes one" >"$W/expect" &&
	head -n 1 "$W/err" >"$W/actual" && test_cmp "$W/expect" "$W/actual"
}
fails () { hinted 128 git exp "$@"; }
works () { hinted 0 git exp "$@"; }

needs='stage add -n a true|stage list|data add f|data checkout|status|run|save|apply e|show|diff'

test_expect_success 'no project: what needs one names init' '
	git init -q "$TRASH/plain" && cd "$TRASH/plain" && git commit -q --allow-empty -m one &&
	each "$needs" no_project
'

test_expect_success 'a dvc.yaml without .dvc: every command names init' '
	cd "$TRASH/plain" && echo "stages: {}" >dvc.yaml && mkdir -p below/it &&
	each "$needs" orphaned &&
	each "undo|log e|branch e|remove e|rename e f" fails && works list &&
	cd below/it && each "$needs" orphaned && works list
'

test_expect_success 'with a project nothing is hinted' '
	cd "$TRASH/full" && git exp list 2>"$W/err" >"$W/out" && test_lines 0 "$W/err" &&
	mkdir -p sub && cd sub && git exp list 2>"$W/err" >"$W/out" && test_lines 0 "$W/err"
'

# --- nothing to run ---------------------------------------------------------------

nothing () {
	refused 128 git exp "$@" <<-\EOF
	fatal: there is nothing to run: the project has no stage
	hint: 'git exp init <command>' or 'git exp stage add' makes a stage
	EOF
}

test_expect_success 'a project without a stage has nothing to run' '
	project "$TRASH/empty" && cd "$TRASH/empty" &&
	each "run|run -n|run -f|run --name x|run --no-record" nothing &&
	echo "stages: {}" >dvc.yaml && each "run|run -n" nothing &&
	git exp status >"$W/out" && test_grep "no stages" "$W/out"
'

# --- a merge that is not done ----------------------------------------------------------

unmerged () {
	refused 128 git exp "$@" <<-\EOF
	fatal: the index has unmerged files: 'code'
	hint: resolve the conflicts and 'git add' the files
	EOF
}

test_expect_success 'unmerged files: what would record them refuses, the rest works' '
	git clone -q "$TRASH/full" "$TRASH/merge" && cd "$TRASH/merge" &&
	git fetch -q origin "refs/exps/*:refs/exps/*" && git config --unset user.useConfigOnly;
	sed "s/cmd: /&touch ran; /" dvc.yaml >"$W/text" && cat "$W/text" >dvc.yaml && git commit -qam ran &&
	echo 1 >code && git add code && git commit -qm code && git checkout -q -b other &&
	echo 2 >code && git commit -qam 2 && git checkout -q - && echo 3 >code && git commit -qam 3 &&
	test_must_fail git merge other &&
	each "run|run -f|run -S lr=9|save|apply e" unmerged && ! test -e ran &&
	test_code 1 git exp status >"$W/out" && git exp run -n >"$W/out" && git exp show >"$W/out" &&
	git exp list >"$W/out" && git exp log e >"$W/out"
'

test_done
