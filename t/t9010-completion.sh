#!/bin/sh
test_description='bash and zsh complete git exp from what the program says'
. "$(dirname "$0")/test-lib.sh"

contrib=$BUILD_DIR/contrib/completion

find_git_completion () {
	for f in /usr/share/bash-completion/completions/git \
		/usr/local/share/bash-completion/completions/git \
		/opt/homebrew/etc/bash_completion.d/git-completion.bash
	do
		test -f "$f" && echo "$f" && return
	done
}
theirs=$(find_git_completion)

# complete_bash WORD...: what bash offers for this line, one on a line.
complete_bash () {
	bash --norc --noprofile -c '
		. "$1" && . "$2" || exit 1
		shift 2
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*"
		COMP_POINT=${#COMP_LINE}
		COMPREPLY=()
		__git_wrap__git_main
		printf "%s\n" "${COMPREPLY[@]}"
	' bash "$theirs" "$contrib/git-exp.bash" "$@" | sed 's/ *$//'
}

test_expect_success 'the program names its commands' '
	git exp help --list-commands >list &&
	for verb in init stage version help
	do
		grep -x "$verb" list || echo lost
	done >found &&
	test_grep ! lost found &&
	git exp -h | sed -n "s/^    \([a-z-]*\) .*/\1/p" >shown &&
	test_cmp list shown
'

test_expect_success 'every command names its long options, and -h shows the same' '
	while read -r verb
	do
		git exp "$verb" --git-completion-helper >names &&
		grep "^--" names | sed "s/=\$//" | sort >long &&
		git exp "$verb" -h >help &&
		case $verb in stage|data|params|metrics|plots) continue ;; esac &&
		sed -n "s/^    \(-., \)\{0,1\}\(--[a-z-]*\).*/\2/p" help |
			sort >inhelp &&
		test_cmp inhelp long || echo "$verb"
	done <list >bad &&
	test_cmp /dev/null bad
'

if ! command -v bash >/dev/null || test -z "$theirs"
then
	test_skip_next 'no bash, or no completion of git for it'
fi
test_expect_success 'bash: commands' '
	complete_bash git exp ver >actual && echo version >expect &&
	test_cmp expect actual &&
	complete_bash git exp "" | sort >actual && sort list >expect &&
	test_cmp expect actual
'

if ! command -v bash >/dev/null || test -z "$theirs"
then
	test_skip_next 'no bash, or no completion of git for it'
fi
test_expect_success 'bash: options, also behind options of git itself' '
	echo "--interactive" >expect &&
	complete_bash git exp init --inter >actual && test_cmp expect actual &&
	complete_bash git -C . exp init --inter >actual &&
	test_cmp expect actual &&
	echo "--metrics=" >expect &&
	complete_bash git exp init --met >actual && test_cmp expect actual
'

if ! command -v bash >/dev/null || test -z "$theirs"
then
	test_skip_next 'no bash, or no completion of git for it'
fi
test_expect_success 'bash: the commands of a command, their options' '
	printf "add\nlist\n" >expect &&
	complete_bash git exp stage "" | sort >actual && test_cmp expect actual &&
	echo "--outs-no-cache=" >expect &&
	complete_bash git exp stage add --outs-n >actual &&
	test_cmp expect actual
'

# What zsh shows when TAB is pressed after this line.
cat >ask.zsh <<\EOF
zmodload zsh/zpty || exit 2
zpty -b z zsh -f -i
wait_for () {
	local out chunk n=0
	while (( n++ < 200 )); do
		if zpty -r -t z chunk; then
			out+=$chunk
			[[ $out == *$1* ]] && { print -r -- $out; return 0 }
		else
			sleep 0.05
		fi
	done
	print -r -- "waited for $1: $out"
	return 1
}
zpty -w z "PS1='%% ' TERM=dumb; unsetopt zle_bracketed_paste beep prompt_cr; fpath=($1 \$fpath); autoload -Uz compinit; compinit -u -d ./dump; print rea''dy"
wait_for ready >/dev/null || exit 1
zpty -w -n z "$2"$'\t'
wait_for $3
EOF

if ! command -v zsh >/dev/null
then
	test_skip_next 'no zsh'
fi
test_expect_success 'zsh: commands' '
	zsh -f ask.zsh "$contrib" "git exp ver" "version"
'

if ! command -v zsh >/dev/null
then
	test_skip_next 'no zsh'
fi
test_expect_success 'zsh: options, and the commands of a command' '
	zsh -f ask.zsh "$contrib" "git exp init --inter" "--interactive" &&
	zsh -f ask.zsh "$contrib" "git exp stage li" "list" &&
	zsh -f ask.zsh "$contrib" "git exp stage add --always" "--always-changed"
'

test_done
