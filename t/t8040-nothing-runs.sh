#!/bin/sh
test_description='nothing of a fetched repository runs unless the user types run'
. "$(dirname "$0")/test-lib.sh"

command -v strace >/dev/null || test_skip_all 'there is no strace'
strace -o /dev/null true 2>/dev/null || test_skip_all 'strace may not trace here'
W=$TRASH/w sq="'"
mkdir "$W"
GIT=$(command -v git) GIT_PATH=$(git --exec-path)

# Every hook that git knows, and more ways for it to start a program.
trap_git () {
	rm -rf .git/hooks && mkdir .git/hooks &&
	for hook in applypatch-msg commit-msg fsmonitor-watchman post-applypatch post-checkout \
		post-commit post-index-change post-merge post-receive post-rewrite post-update \
		pre-applypatch pre-auto-gc pre-commit pre-merge-commit pre-push pre-rebase \
		pre-receive prepare-commit-msg proc-receive push-to-checkout reference-transaction \
		sendemail-validate update
	do
		printf '#!/bin/sh\necho %s >>"%s/PWNED"\n' "$hook" "$W" >.git/hooks/$hook &&
		chmod +x .git/hooks/$hook || return 1
	done &&
	git config core.fsmonitor "$PWD/.git/hooks/fsmonitor-watchman" &&
	git config core.editor "touch $W/PWNED" && git config diff.external "touch $W/PWNED" &&
	git config core.pager "touch $W/PWNED" && git config core.sshCommand "touch $W/PWNED" &&
	git config diff.x.textconv "touch $W/PWNED" && git config diff.x.command "touch $W/PWNED" &&
	git config gpg.program "$W/evil.sh" && git config core.askPass "$W/evil.sh" &&
	git config alias.exp "!touch $W/PWNED"
}

# only_git COMMAND: it starts nothing but git, and nothing is touched.
only_git () {
	code=0
	strace -f -qq -e trace=execve -e signal=none -o "$W/trace" git-exp "$@" >"$W/out" 2>"$W/err" </dev/null || code=$?
	case $code in 0|1|128) ;; *) echo "exit $code: $*"; cat "$W/err"; return 1 ;; esac
	sed -n 's/^[0-9]* *execve("\([^"]*\)", .* = 0$/\1/p' "$W/trace" >"$W/ran"
	head -n 1 "$W/ran" | grep -q '/git-exp$' || return 1
	sed 1d "$W/ran" | grep -v -x -e "$GIT" -e "$GIT_PATH/git" -e "$GIT_PATH/git-[a-z-]*" >"$W/odd"
	test_lines 0 "$W/odd" && ! test -e "$W/PWNED" && test -z "$(find . -name "PWNED*")" ||
	{ echo "in: git exp $*"; return 1; }
}

test_expect_success 'setup: a repository somebody else wrote' '
	git init -q "$W/theirs" && cd "$W/theirs" && git exp init && echo "lr: 1" >params.yaml &&
	echo payload >data && git exp data add data &&
	cat >dvc.yaml <<-\EOF &&
	stages:
	  s:
	    cmd: touch PWNED
	    deps:
	    - params.yaml
	    - "$(touch PWNED)"
	    - "`touch PWNED`"
	    params:
	    - lr
	    outs:
	    - "; touch PWNED"
	    - "| touch PWNED"
	    - model
	  always:
	    cmd: [touch PWNED, touch PWNED2]
	    always_changed: true
	EOF
	echo "* diff=x" >.gitattributes && echo "[core]" >.gitconfig &&
	for f in git git-status sh python3 md5sum evil.sh
	do
		printf "#!/bin/sh\ntouch PWNED\n" >"$f" && chmod +x "$f" || return 1
	done &&
	: >"\$(touch PWNED)" && : >"\`touch PWNED\`" &&
	cat >>.dvc/config <<-EOF &&
	[core]
	    analytics = false
	    hardlink_lock = false
	[${sq}remote "r"$sq]
	    url = "ext::touch PWNED"
	    ask_password = true
	EOF
	cat >dvc.lock <<-\EOF &&
	schema: "2.0"
	stages:
	  s:
	    cmd: touch PWNED
	    outs:
	    - path: model
	      hash: md5
	      md5: d41d8cd98f00b204e9800998ecf8427e
	      size: 0
	EOF
	git add . && git commit -qm theirs && git exp save --name theirs && git exp save --name other &&
	echo "lr: 2" >params.yaml && git exp save --name third; git checkout -q params.yaml &&
	git for-each-ref refs/exps >"$W/refs" && test_lines 3 "$W/refs" && trap_git && cp -a "$W/theirs" "$W/fresh"
'

for words in 'status' 'status --json' 'run -n' 'run -n --explain -S lr=3' 'show' 'show --json' 'show --csv' \
	'list' 'list -A' 'log theirs' 'diff theirs third' 'diff' 'stage list' 'stage list --json' 'data checkout -f' \
	'data add params2' 'apply third' 'undo' 'branch third b' 'save --name mine' 'rename third thrice' 'remove thrice' \
	'undo' 'stage add -n t true' 'init --force' 'version' 'help'
do
	test_expect_success "$words" '
		cd "$W/theirs" && echo x >params2 && only_git $words
	'
done

test_expect_success 'the same without libgit2' '
	rm -rf "$W/theirs" && mv "$W/fresh" "$W/theirs" && cd "$W/theirs" &&
	GIT_EXP_NO_LIBGIT2=1 && export GIT_EXP_NO_LIBGIT2 && test_when_finished "unset GIT_EXP_NO_LIBGIT2" &&
	only_git status && only_git apply third && only_git save --name mine && only_git branch third b &&
	only_git rename third thrice && only_git remove thrice && only_git undo && only_git undo
'

test_expect_success 'an undo that had something to do did it' '
	test -n "$(git for-each-ref "refs/exps/**/thrice")" && test "$(cat params.yaml)" = "lr: 1"
'

test_expect_success 'run runs the command, and no hook' '
	cd "$W/theirs" && rm -f "; touch PWNED" && printf "stages:\n  s:\n    cmd: echo ran >made\n    outs:\n    - made\n" >dvc.yaml && rm dvc.lock &&
	git exp run 2>/dev/null; git-exp run --name ran && test "$(cat made)" = ran && ! test -e "$W/PWNED" && ! test -e PWNED
'

test_done
