#!/bin/sh
test_description='dag prints what DVC prints, and draws what is true'
. "$(dirname "$0")/test-lib.sh"

PYTHON=$BUILD_DIR/build/venv/bin/python
DVC_SITE_CACHE_DIR=$TRASH/site PYTHONDONTWRITEBYTECODE=1
export DVC_SITE_CACHE_DIR PYTHONDONTWRITEBYTECODE

test -x "$PYTHON" || test_skip_next 'DVC is not installed (make deps)'
test_expect_success 'random graphs and targets, as text and as a picture' '
	git init -q random && (cd random &&
	LC_ALL=C.UTF-8 "$PYTHON" "$TEST_DIR/dvc/dag.py" 5130 30)
'

# draw: the picture of dvc.yaml, read back, has the nodes and edges of --json.
cat >"$TRASH/draw.py" <<'END'
import json, subprocess, sys
sys.path.insert(0, sys.argv[1])
import picture

def ask(*words):
    return subprocess.run(["git", "exp", "dag", *words], check=True,
                          stdout=subprocess.PIPE, encoding="utf-8").stdout
text, want = ask(), json.loads(ask("--json"))
boxes, edges, loops = picture.read(text)
assert sorted(boxes) == sorted(want["nodes"]), text
assert sorted(edges) == sorted(map(tuple, want["edges"])), text
assert text == ask(), "not the same twice"
END
draw () {
	LC_ALL=C.UTF-8 python3 "$TRASH/draw.py" "$DATA_DIR"
}

# graph SEED NODES CHANCE: each stage needs each one before it by chance.
graph () {
	awk -v seed="$1" -v n="$2" -v p="$3" "BEGIN {
		srand(seed); print \"stages:\"
		for (i = 0; i < n; i++) {
			printf \"  %s%d: {cmd: x, outs: [o%d], deps: [raw\", \
				i % 3 ? \"train_a_model\" : i % 2 ? \"p\" : \"模型\", i, i
			for (k = 0; k < i; k++)
				if (rand() < p)
					printf \", o%d\", k
			print \"]}\"
		} }" >dvc.yaml
}

test_expect_success 'small and large, thin and dense pictures are true' '
	project many && cd many &&
	for how in "1 0" "2 1" "9 1" "12 .2" "30 .1" "30 .5" "40 .3" "60 .7" "200 .005" "200 .01" "200 .05"
	do
		graph 1 $how && draw && graph 2 $how && draw || return 1
	done
'

test_expect_success 'the picture that a person sees' '
	project few && cd few && mkdir sub && echo "{outs: [{path: d}]}" >sub/d.dvc &&
	cat >dvc.yaml <<-\EOF &&
	stages:
	  prepare: {cmd: x, deps: [sub/d], outs: [clean]}
	  train: {cmd: x, deps: [clean], outs: [model]}
	  plot: {cmd: x, deps: [clean]}
	  lint: {cmd: x}
	EOF
	cat >want <<-\EOF &&
	    ┌───────────┐     ┌──────┐
	    │ sub/d.dvc │     │ lint │
	    └─────┬─────┘     └──────┘
	          │
	     ┌────▼────┐
	     │ prepare │
	     └────┬────┘
	    ┌─────┴────┐
	┌───▼───┐  ┌───▼──┐
	│ train │  │ plot │
	└───────┘  └──────┘
	EOF
	git exp dag >out && test_cmp want out && draw &&
	(cd sub && git exp dag d.dvc >../out) && test_lines 3 out && grep "│ d.dvc │" out
'

test_expect_success 'targets: what they need, or all with --full' '
	git exp dag --json train >out &&
	echo "{\"nodes\": [\"prepare\", \"train\", \"sub/d.dvc\"], \"edges\": [[\"prepare\", \"sub/d.dvc\"], [\"train\", \"prepare\"]]}" >want &&
	test_cmp want out && git exp dag --json model/inside >out && test_cmp want out &&
	git exp dag --json --full train >out && grep plot out && ! grep lint out &&
	git exp dag --json --outs train >out &&
	echo "{\"nodes\": [\"clean\", \"model\", \"sub/d\"], \"edges\": [[\"clean\", \"sub/d\"], [\"model\", \"clean\"]]}" >want &&
	test_cmp want out && (cd sub && git exp dag --outs --dot d >../out) &&
	printf "%s\n" "strict digraph {" "\"d\";" "}" "" >want && test_cmp want out
'

test_expect_success 'wide and odd names keep the picture straight' '
	cat >dvc.yaml <<-\EOF &&
	stages:
	  模型一: {cmd: x, outs: [a]}
	  größe-b: {cmd: x, deps: [a], outs: [b]}
	EOF
	mkdir "e\"
	x" && echo "stages: {y: {cmd: x, deps: [../b]}}" >"e\"
	x/dvc.yaml" &&
	git exp dag >out && grep "│ e\"\\\\n.*x/dvc.yaml:y │" out &&
	git exp dag --mermaid >out && grep "#quot;" out && git exp dag --dot >out && grep "e\\\\\"" out &&
	rm -r e* && draw && git exp dag >out && grep "│ 模型一 │" out
'

test_expect_success 'colour only where it is wanted' '
	! git exp dag | grep "$(printf "\033")" && git -c color.ui=always exp dag >out &&
	grep "$(printf "\033\[36m模型一\033\[m")" out &&
	sed "s/$(printf "\033")\[[0-9]*m//g" out >plain && git exp dag >want && test_cmp want plain
'

# refused CODE MESSAGE WORDS: one line, and nothing on stdout.
refused () {
	want=$1 message=$2 && shift 2 &&
	test_code "$want" git exp dag "$@" >out 2>err && test_cmp /dev/null out &&
	grep "^[a-z]*: $message" err
}

test_expect_success 'what cannot be drawn is refused' '
	refused 128 "no stage named .modell." modell && refused 128 "no pipeline file" no/dvc.yaml &&
	refused 129 ".dag. takes one target" a b && refused 129 "--outs and --coll" -o --collapse-foreach-matrix &&
	refused 129 "--dot, --mermaid and --json" --dot --json &&
	echo "stages: {a: {cmd: x, deps: [b], outs: [c]}, b: {cmd: x, deps: [c], outs: [b]}}" >dvc.yaml &&
	refused 128 "dvc.yaml: line 1: stages need one another in a circle: a -> b -> a" &&
	echo "stages: {a: {cmd: x}}" >dvc.yaml && refused 128 ".a. has no outputs" -o a
'

test_expect_success 'nothing to draw is an empty picture' '
	rm -r dvc.yaml sub && git exp dag >out && test_cmp /dev/null out &&
	git exp dag --json >out && echo "{\"nodes\": [], \"edges\": []}" >want && test_cmp want out &&
	git exp dag --mermaid >out && echo "flowchart TD" >want && test_cmp want out
'

test_expect_success 'a graph too large for any screen is refused quickly' '
	awk "BEGIN { print \"stages:\"; for (i = 0; i < 6000; i++)
		printf \"  s%d: {cmd: x, outs: [o%d], deps: [o%d, o%d]}\\n\", i, i, i - 1, i / 2 }" |
	sed "s/o-1, o0/raw/; s/o0, o0\]/o0]/" >dvc.yaml &&
	refused 128 "the graph is too large for a picture" && grep "^hint: .*--dot" err &&
	git exp dag --dot >out && test -s out && echo "stages: {all: {cmd: x, deps: [.]}, t: {cmd: x,
	matrix: {a: [$(seq -s, 200)], b: [$(seq -s, 200)]}, outs: [\"o\${item.a}-\${item.b}\"]}}" >dvc.yaml &&
	refused 128 "the graph is too large for a picture" &&
	git exp dag --collapse-foreach-matrix >out && test_lines 7 out
'

test_done
