#!/bin/sh
test_description='git exp diff: metrics and parameters of two revisions'
. "$(dirname "$0")/test-lib.sh"
. "$TEST_DIR/exp-lib.sh"

test_expect_success 'setup' '
	pipeline here &&
	values 32 0.01 0.9472 0.1998 && keep cold-milk &&
	values 64 0.1 0.95 0.172 && keep warm-loaf &&
	values 64 0.01 0.9583 0.1720
'

test_expect_success 'HEAD and the work tree' '
	cat >expect <<-\EOF &&
	Path          Metric  HEAD    workspace  Change
	metrics.json  acc     0.9361  0.9583     +0.0222
	metrics.json  loss    0.2518  0.172      -0.0798

	Path         Param        HEAD  workspace  Change
	params.yaml  model.units  16    64         +48
	EOF
	git exp diff >out && test_cmp expect out
'

test_expect_success 'two experiments by their names' '
	git exp diff cold-milk warm-loaf >out && test_grep "acc *0.9472  *0.95  *+0.0028" out &&
	test_grep "train.lr *0.01  *0.1  *+0.09$" out && test_grep ! act out
'

test_expect_success 'one revision is compared with the work tree, which has a name too' '
	git exp diff warm-loaf >out && test_grep "warm-loaf  *workspace" out &&
	git exp diff workspace warm-loaf >out && test_grep "workspace  *warm-loaf" out &&
	test_grep "train.lr *0.01 *0.1 " out
'

test_expect_success 'JSON in DVC shape' '
	git exp diff --json >out && python3 - <<-\EOF
	import json
	v = json.load(open("out"))
	assert v["params"] == {"params.yaml": {"model.units": {"old": 16, "new": 64, "diff": 48}}}, v
	assert v["metrics"]["metrics.json"]["acc"] == {"old": 0.9361, "new": 0.9583, "diff": 0.9583 - 0.9361}
	EOF
'

test_expect_success 'Markdown, without the column of files' '
	git exp diff --md --no-path >out &&
	test_grep "^| Metric   | HEAD   | workspace   | Change  *|$" out && test_grep "^| acc  *| 0.9361 | 0.9583 " out
'

test_expect_success 'what is the same, too' '
	git exp diff --all >out && test_grep "model.act *relu *relu *-$" out && test_grep "train.lr *0.01  *0.01  *0$" out
'

test_expect_success 'fewer digits, only parameters of stages' '
	git exp diff --precision 2 >out && test_grep "acc *0.94 *0.96 *+0.022" out &&
	git exp diff --all --param-deps >out && test_grep ! act out && test_grep train.lr out
'

test_expect_success 'the exit code says whether something differs' '
	test_code 1 git exp diff --exit-code >out && test_lines 6 out &&
	git exp diff --exit-code HEAD main >out && test_lines 0 out &&
	git exp diff --exit-code --all HEAD main >out && git exp diff >out
'

test_expect_success 'what only one of them has, and values that are no numbers' '
	test_when_finished "values 64 0.01 0.9583 0.1720" &&
	printf "model:\n  units: [1, 2]\n  act: tanh\nnew: true\n" >params.yaml && git exp diff >out &&
	test_grep "params.yaml *model.act *relu *tanh *-$" out && test_grep "model.units *16 *\[1, 2\] *-$" out &&
	test_grep "new *- *True *-$" out && test_grep "train.lr *0.01 *- *-$" out
'

test_expect_success 'a file that does not parse counts as empty; a bad pipeline is told' '
	test_when_finished "git checkout -q dvc.yaml; values 64 0.01 0.9583 0.1720" && echo "{" >metrics.json &&
	git exp diff >out && test_grep "acc *0.9361 *- *-$" out && echo "stages: [" >dvc.yaml &&
	git exp diff >out 2>err && test_grep "warning: nothing could be read of .workspace.: dvc.yaml: line 2" err
'

test_expect_success 'a bare repository compares revisions' '
	git clone -q --mirror . ../bare.git && git -C ../bare.git exp diff main warm-loaf >out &&
	test_grep "model.units *16 *64" out && test_code 128 git -C ../bare.git exp diff 2>err &&
	test_grep "no work tree" err
'

test_expect_success 'no commit, unknown names, too many words' '
	git init -q ../fresh && cp -r .dvc dvc.yaml ../fresh && test_code 128 git -C ../fresh exp diff 2>err &&
	test_grep "no commit yet" err && test_code 128 git exp diff nothing 2>err &&
	test_grep "fatal: .nothing. is neither a revision nor an experiment" err &&
	test_code 129 git exp diff a b c 2>err
'

test_done
