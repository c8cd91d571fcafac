#!/bin/sh
test_description='templates mean to us what they mean to DVC'
. "$(dirname "$0")/test-lib.sh"

PYTHON=$BUILD_DIR/build/venv/bin/python
VIEW=$TEST_DIR/dvc/pipe.py
CASES=$DATA_DIR/tmpl-cases.txt
test -x "$PYTHON" || test_skip_all 'DVC is not installed (make deps)'
DVC_SITE_CACHE_DIR=$TRASH/site PYTHONDONTWRITEBYTECODE=1
export DVC_SITE_CACHE_DIR PYTHONDONTWRITEBYTECODE

test_expect_success 'every rule of the table holds for both' '
	git init -q table && mkdir table/p &&
	"$PYTHON" "$VIEW" cases "$CASES" table/p &&
	"$PYTHON" "$VIEW" view table/p/* >theirs 2>said &&
	"$OBJ_DIR/t/u-pipe" table/p/* >ours &&
	"$PYTHON" "$VIEW" compare ours theirs "$CASES"
'

test_expect_success 'every refusal is one line with file and line' '
	grep "\"error\"" ours >refused &&
	{ grep -v "\"error\": \"[^ :]*: line [0-9]*[:,] " refused >odd || :; } &&
	test_cmp /dev/null odd
'

# costs NAME WHY: the project NAME is refused for that, or taken when WHY is
# empty, in far less than ten seconds of this processor.
costs () {
	{ (ulimit -t 10 && "$OBJ_DIR/t/u-pipe" --time "$1") >said || :; } &&
	if test -n "$2"
	then
		test_grep "$2" said
	else
		test_grep "^[0-9]* [0-9.]*$" said
	fi
}
TOO_MUCH='more of it than anybody can mean'
ten='[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]'
many="matrix: {a: $ten, b: $ten, c: $ten, d: $ten, e: $ten}"

# repeat COUNT TEXT [lines]: that text so many times, # being the number.
repeat () {
	yes '' | head -n "$1" | awk '{ print NR }' |
	case "$2" in
	*'#'*) sed "s|^|${2%%#*}|; s|\$|${2#*#}|" ;;
	*) sed "s|.*|$2|" ;;
	esac | if test -n "${3-}"; then cat; else tr -d '\n'; fi
}

test_expect_success 'a small file cannot make a large pipeline' '
	mkdir -p much/.dvc && : >much/.dvc/config &&
	printf "stages: {a: {%s, cmd: x %s}}\n" "$many" "$(repeat 50000 z)" >much/dvc.yaml &&
	costs much "$TOO_MUCH" &&
	printf "stages: {a: {%s, cmd: x}, b: {cmd: x}}\n" "$many" >much/dvc.yaml &&
	costs much "stage .b.: there are more than 100000 stages" &&
	printf "stages: {a: {matrix: {a: %s, b: %s}, cmd: x}}\n" "[$(repeat 400 "#, ")]" "[$(repeat 400 "#, ")]" >much/dvc.yaml &&
	costs much "this makes more than 100000 stages" &&
	{ printf "x: " && repeat 90000 yyyyy; } >much/params.yaml &&
	{ printf "stages: {a: {cmd: \"x " && repeat 90000 "\${x}" && echo "\"}}"; } >much/dvc.yaml &&
	costs much "$TOO_MUCH"
'

test_expect_success 'nor can it take long' '
	rm -f much/params.yaml &&
	{ printf "stages: {a: {cmd: \"x " && repeat 200000 "\${" && echo "\"}}"; } >much/dvc.yaml &&
	costs much "" &&
	for list in outs params deps
	do
		{ printf "stages: {a: {cmd: x, %s: [" $list && repeat 60000 "o#, " && echo "]}}"; } >much/dvc.yaml &&
		costs much "" || return 1
	done &&
	{ printf "stages: {a: {cmd: x, outs: [" && repeat 30000 "o#, " && printf "], deps: [" && repeat 30000 "d#, " && echo "]}}"; } >much/dvc.yaml &&
	costs much "" &&
	repeat 30000 "k#: v" lines >much/params.yaml &&
	{ printf "stages: {a: {cmd: \"x" && repeat 30000 " \${k#}" && echo "\"}}"; } >much/dvc.yaml &&
	costs much "" &&
	{ printf "stages: {a: {foreach: [" && repeat 20000 "#, " && echo "], do: {cmd: x, vars: [{z: 1}]}}}"; } >much/dvc.yaml &&
	costs much "" &&
	{ printf "stages: {a: {foreach: [" && repeat 20000 "#, " && echo "], do: {cmd: x, vars: [other.yaml]}}}"; } >much/dvc.yaml &&
	repeat 30000 "o#: v" lines >much/other.yaml && costs much "$TOO_MUCH"
'

test_done
