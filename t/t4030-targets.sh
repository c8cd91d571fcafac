#!/bin/sh
test_description='targets and the options that choose them mean what DVC means'
. "$(dirname "$0")/test-lib.sh"

PYTHON=$BUILD_DIR/build/venv/bin/python
DVC_SITE_CACHE_DIR=$TRASH/site PYTHONDONTWRITEBYTECODE=1
export DVC_SITE_CACHE_DIR PYTHONDONTWRITEBYTECODE

test -x "$PYTHON" || test_skip_next 'DVC is not installed (make deps)'
test_expect_success 'random command lines visit what DVC visits, in its order' '
	git init -q random && (cd random &&
	LC_ALL=C.UTF-8 "$PYTHON" "$TEST_DIR/dvc/targets.py" 4030 60)
'

# Commands that say their names in a log which nobody tracks.
test_expect_success 'setup' '
	project p && cd p && mkdir sub none && echo raw >raw && echo d >data &&
	git exp data add data &&
	cat >dvc.yaml <<-\EOF &&
	stages:
	  eval: {cmd: "echo eval >>$LOG; echo 1 >report", deps: [model], outs: [report]}
	  train: {cmd: "echo train >>$LOG; echo 1 >model", deps: [clean], outs: [model]}
	  clean: {cmd: "echo clean >>$LOG; echo 1 >clean", deps: [raw], outs: [clean]}
	  plot-a: {cmd: "echo plot-a >>$LOG", deps: [report]}
	  plot-b: {cmd: "echo plot-b >>$LOG", deps: [report, clean], frozen: true}
	  alone: {cmd: "echo alone >>$LOG; echo 1 >alone", deps: [raw], outs: [alone]}
	EOF
	echo "stages: {other: {cmd: echo other >>\$LOG, deps: [../clean]}}" >sub/dvc.yaml &&
	git add . && git commit -q -m pipeline &&
	LOG=$TRASH/log && export LOG && git exp run -q --no-record &&
	git add . && git commit -q -m ran
'

# ran WORDS -- NAMES: this run executes exactly these, in this order.
ran () {
	: >"$LOG" && words='' &&
	while test "$1" != --
	do
		words="$words $1" && shift
	done && shift &&
	(set -f && git exp run -q --no-record $words) &&
	for name
	do
		echo "$name"
	done >"$TRASH/want" && test_cmp "$TRASH/want" "$LOG"
}

test_expect_success '-s runs only what it is given, in that order' '
	ran -f -s eval train -- eval train && ran -f -s train eval -- train eval &&
	ran -f -s eval eval dvc.yaml:eval -- eval &&
	ran -f -s -j 4 eval train clean -- eval train clean
'

test_expect_success '--downstream runs what needs it, without what it needs' '
	ran -f --downstream train -- train eval plot-a &&
	ran -f --downstream clean -- clean train eval plot-a other
'

test_expect_success 'a frozen stage is detached from what it needs' '
	ran -f eval -- clean train eval && ran -f -p eval -- clean train eval plot-a other &&
	ran -f --downstream eval -- eval plot-a && ran -f plot-b --
'

test_expect_success '-p takes all that hangs together, -P everything' '
	ran -f -p alone -- alone &&
	ran -f -p sub/dvc.yaml:other alone -- clean train eval plot-a other alone &&
	ran -f -P alone -- clean train eval plot-a alone other &&
	ran -f -p -s --downstream alone -- alone
'

test_expect_success '--glob: patterns of names, of one file' '
	ran -f -s --glob "*n" sub/dvc.yaml:o* -- train clean other &&
	ran -f -s --glob "[a-c]l*n*" -- clean alone &&
	ran -f -s --glob "[!a-e]*" data.dvc -- train plot-a
'

test_expect_success '-R: a directory is all that is in it' '
	ran -f -s -R sub -- other && ran -f -R sub -- clean other &&
	(cd sub && ran -f -s -R .. -- clean train eval plot-a alone other &&
	ran -f -s -R . ../dvc.yaml:alone -- other alone)
'

test_expect_success '--force-downstream runs what needs what ran' '
	ran --force-downstream -- && echo more >>raw &&
	ran --force-downstream eval -- clean train eval &&
	echo more >>raw && ran eval -- clean
'

# refused MESSAGE HINT WORDS: one line, a hint, nothing ran, nothing changed.
refused () {
	snapshot_state | grep -v " ./.dvc/tmp/" >"$TRASH/before" && : >"$LOG" && message=$1 hint=$2 && shift 2 &&
	for verb in "run --no-record" status
	do
		test_code 128 git exp $verb "$@" >"$TRASH/out2" 2>"$TRASH/err" &&
		grep "^fatal: $message\$" "$TRASH/err" && test_cmp /dev/null "$TRASH/out2" &&
		{ test -z "$hint" || grep "^hint: .*$hint" "$TRASH/err"; } || return 1
	done &&
	test_cmp /dev/null "$LOG" &&
	snapshot_state | grep -v " ./.dvc/tmp/" >"$TRASH/after" &&
	test_cmp "$TRASH/before" "$TRASH/after"
}

test_expect_success 'what means no stage is refused, with the nearest name' '
	refused "no stage named .trian." "train" trian &&
	refused "no stage named .trian." "train" eval trian &&
	refused "no stage of .dvc.yaml. matches .z\*." "stage list" --glob "z*" &&
	refused "no stage of .sub/dvc.yaml. matches .train." "" --glob sub/dvc.yaml:train &&
	refused "no pipeline file .no/dvc.yaml. in the project" "" --glob "no/dvc.yaml:*" &&
	refused "there is no stage in directory .none." "" -R none &&
	refused "no stage named .\.\..*" "" -R ..
'

test_expect_success 'status: only the targets, with -d what they need too' '
	git exp run -q --no-record && echo more >>raw &&
	test_code 1 git exp status train >out && test_lines 1 out &&
	grep "^train  *may run  *waits for clean" out &&
	test_code 1 git exp status -d train >out && test_lines 2 out &&
	test_code 0 git exp status data.dvc && test_code 1 git exp status model &&
	test_code 0 git exp status --downstream train && rm model &&
	test_code 1 git exp status --downstream train >out &&
	cut -d" " -f1 out >got && printf "%s\n" train eval plot-a >want &&
	test_cmp want got
'

test_done
