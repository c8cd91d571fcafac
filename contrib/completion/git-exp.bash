# Completion of 'git exp' in bash: Git's own completion calls _git_exp.
# Commands and options are asked of the program, so this never grows old.

# Words of ours: runs git exp with the -C, --git-dir and so on of the line.
__git_exp_words ()
{
	__git exp "$@" 2>/dev/null
}

# The commands of a command (stage, plots); of others these are options.
__git_exp_parts ()
{
	__git_exp_words "$1" --git-completion-helper | grep '^[a-z]'
}

__git_exp_options ()
{
	__gitcomp "$(__git_exp_words "$@" --git-completion-helper |
		grep '^--' | tr '\n' ' ')"
}

_git_exp ()
{
	local at=$((${__git_cmd_idx:-1} + 1)) verb parts

	if [ "$cword" -le "$at" ]; then
		__gitcomp_nl "$(__git_exp_words help --list-commands)"
		return
	fi
	verb=${words[at]}
	case $verb in
	stage|data|params|metrics|plots)
		if [ "$cword" -eq $((at + 1)) ]; then
			__gitcomp_nl "$(__git_exp_parts "$verb")"
			return
		fi
		parts=${words[at + 1]} ;;
	esac
	case $cur in
	-*)
		__git_exp_options "$verb" $parts
		return ;;
	esac
	case $verb in
	apply|branch|diff|log|remove|rename)
		__gitcomp_nl "$(__git_exp_words list --name-only)" ;;
	run|status|freeze|unfreeze)
		__gitcomp_nl "$(__git_exp_words stage list --all --name-only)" ;;
	help)
		__gitcomp_nl "$(__git_exp_words help --list-commands)" ;;
	esac
}
