#!/bin/sh
test_description='make install puts everything where git looks for it'
. "$(dirname "$0")/test-lib.sh"

# The binary under test takes the place of building one.
install_to () {
	(cd "$BUILD_DIR" && env -u MAKEFLAGS -u MAKELEVEL make -s -o all \
		DESTDIR="$TRASH/dest" prefix=/usr "$@")
}

if ! test -x "$BUILD_DIR/bin/git-exp"
then
	test_skip_all 'bin/git-exp is not built'
fi

test_expect_success 'install' '
	install_to install && cd "$TRASH/dest/usr" &&
	test -x bin/git-exp && test -f share/man/man1/git-exp.1 &&
	test -f share/bash-completion/completions/git-exp &&
	test -f share/zsh/site-functions/_git-exp &&
	ls bin >names && echo git-exp >expect && test_cmp expect names &&
	rm names expect
'

test_expect_success 'every command has its page there' '
	cd "$TRASH/dest/usr" &&
	PATH=$PWD/bin:$PATH git exp help --list-commands |
	while read -r verb
	do
		test -f "share/man/man1/git-exp-$verb.1" || echo "$verb"
	done >"$TRASH/bad" && test_cmp /dev/null "$TRASH/bad"
'

test_expect_success 'the installed program runs' '
	PATH=$TRASH/dest/usr/bin:$PATH git exp version >actual &&
	grep "^git-exp version" actual
'

# The page itself, as man prints it: which of them git asked for.
page () {
	PATH=$TRASH/dest/usr/bin:$PATH MANPATH=$TRASH/dest/usr/share/man \
	MANPAGER=cat PAGER=cat MANWIDTH=80 "$@" >"$TRASH/page" 2>&1 ||
		{ cat "$TRASH/page"; return 1; }
	tr -d '\010' <"$TRASH/page" | grep -i "$want"
}

command -v man >/dev/null || test_skip_next 'no man'
test_expect_success 'git help exp, git exp --help and git exp init --help open pages' '
	want="^git-exp(1)" && page git help exp && page git exp --help &&
	want="^git-exp-init(1)" && page git exp init --help &&
	page git help git-exp-init && page git exp help init &&
	want="^git-exp-stage(1)" && page git exp stage list --help
'

command -v bash >/dev/null && test -f /usr/share/bash-completion/bash_completion &&
	test -f /usr/share/bash-completion/completions/git ||
	test_skip_next 'no bash-completion'
test_expect_success 'bash finds the installed completion by itself' '
	cd "$TRASH/work" && cat >ask.bash <<-\EOF &&
	. /usr/share/bash-completion/bash_completion
	. /usr/share/bash-completion/completions/git
	COMP_WORDS=(git exp vers) COMP_CWORD=2 COMP_LINE="git exp vers" COMP_POINT=12
	__git_wrap__git_main
	printf "%s\n" "${COMPREPLY[@]}"
	EOF
	PATH=$TRASH/dest/usr/bin:$PATH XDG_DATA_DIRS=$TRASH/dest/usr/share:/usr/share \
		bash --norc ask.bash >actual &&
	echo "version " >expect && sed "s/ *\$/ /" actual >have && test_cmp expect have
'

test_expect_success 'install-links adds the dashed names, uninstall takes all away' '
	install_to install-links && cd "$TRASH/dest/usr" &&
	test -h bin/git-exp-version &&
	PATH=$PWD/bin:$PATH git exp-version >actual && grep "^git-exp version" actual &&
	rm actual && cd "$TRASH" && install_to uninstall &&
	find dest ! -type d >left && test_cmp /dev/null left
'

test_done
