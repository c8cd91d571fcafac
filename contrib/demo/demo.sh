#!/bin/sh
# demo.sh DIR - a real project from nothing to a promoted branch.
#
# Makes a Git repository in DIR and types into it what a person would type,
# each command line echoed after a "$". Everything else that you see is what
# the commands themselves print. Ends with exit 1 when one of them does not
# end as it should.

here=$(cd "$(dirname "$0")" && pwd) || exit 1
dir=${1:?usage: demo.sh DIR}
PATH=$(cd "$here/../.." && pwd)/bin:$PATH
export PATH

# What another repository's hook or alias would make us see.
for v in $(git rev-parse --local-env-vars)
do
	unset "$v"
done
GIT_PAGER=cat
export GIT_PAGER

command -v python3 >/dev/null || {
	echo "the demo trains with python3, which is not here: 'make deps' installs it" >&2
	exit 1
}
if test -e "$dir"
then
	test -e "$dir/.git/git-exp-demo" || {
		echo "'$dir' is there already and is no demo: take another place with 'make demo DEMO=dir'" >&2
		exit 1
	}
	chmod -R u+w "$dir" && rm -rf "$dir" || exit 1
fi

fail () {
	echo "the demo stopped: '$1' ended with $2" >&2
	exit 1
}

# Show a command line, run it.
try () {
	printf '\n$ %s\n' "$1"
	eval "$1" || fail "$1" $?
}

mkdir -p "$dir" && cp -R "$here/project/." "$dir" && cd "$dir" || exit 1
dir=$(pwd)
try 'git init --quiet'
: >.git/git-exp-demo
git config --get user.name >/dev/null || git config user.name 'Demo Researcher'
git config --get user.email >/dev/null || git config user.email 'demo@example.com'
sh "$here/unpack.sh" "$here/digits.csv.gz" data/images || exit 1
try 'ls; ls data/images | wc -l'

# The questions go to stderr; these are the answers, one on a line: command,
# code, data, model, parameters, metrics, plots (n omits), and yes.
printf '%s\n' 'python3 src/train.py' 'src' 'data/images' 'models' '' '' 'logs.csv' 'y' \
	>.git/answers
try 'git exp init -i <.git/answers'
try 'git exp data add data/images'
try 'git add .'
try 'git commit --quiet -m "a network for digits, and its pipeline"'
try 'git exp run'
try 'git exp run -S model.units=32'
try 'git exp run -S model.units=48'
try 'git exp run -S model.units=64'
try 'git exp show'

# The best one: the row of an experiment with the highest accuracy.
best=$(git exp show --csv | tr -d '\r' | awk -F, '
	NR == 1 { for (i = 1; i <= NF; i++) if ($i == "accuracy") at = i; next }
	$1 != "" && $at > top { top = $at; name = $1 }
	END { print name }')
test -n "$best" || fail 'git exp show --csv' 'no best experiment'
try "git exp diff HEAD $best"
try "git exp branch $best units-64"
try 'git exp run'

cat <<END

The repository is in $dir. Try next:
    cd $dir
    git exp status                      what would run, and why
    git exp run -S train.epochs=8       one more experiment
    git exp log $best         what is known of the best one
    git exp apply $best       its files in your workspace; 'git exp undo' takes it back
    git checkout units-64               the branch it became
END
