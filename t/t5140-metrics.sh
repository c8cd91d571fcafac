#!/bin/sh
test_description='git exp metrics: what DVC prints of metrics'
. "$(dirname "$0")/test-lib.sh"
. "$TEST_DIR/exp-lib.sh"

test_expect_success 'setup' '
	pipeline here &&
	values 32 0.01 0.9472 0.1998 && keep cold-milk &&
	values 64 0.01 0.9583214 0.1720
'

test_expect_success 'differences, rounded to decimal places' '
	cat >expect <<-\EOF &&
	Path          Metric    HEAD    workspace    Change
	metrics.json  acc       0.9361  0.95832      0.02222
	metrics.json  loss      0.2518  0.172        -0.0798
	EOF
	git exp metrics diff >out && test_cmp expect out &&
	git exp metrics diff --precision 1 --no-path HEAD cold-milk >out &&
	cat >expect <<-\EOF &&
	Metric    HEAD    cold-milk    Change
	acc       0.9     0.9          0.0
	loss      0.3     0.2          -0.1
	EOF
	test_cmp expect out
'

test_expect_success 'JSON has every digit' '
	git exp metrics diff --json >out && python3 - <<-\EOF
	import json
	v = json.load(open("out"))
	assert v == {"metrics.json": {
	    "acc": {"old": 0.9361, "new": 0.9583214, "diff": 0.9583214 - 0.9361},
	    "loss": {"old": 0.2518, "new": 0.172, "diff": 0.172 - 0.2518}}}, v
	EOF
'

test_expect_success 'the work tree, then branches that say something else' '
	git branch twin && git tag v1 &&
	printf "Path          acc      loss\nmetrics.json  0.95832  0.172\n" >expect &&
	git exp metrics show >out && test_cmp expect out &&
	git exp metrics show -a >out && test_grep "^Revision *Path *acc *loss$" out &&
	test_grep "^workspace  *metrics.json  0.95832  0.172$" out &&
	test_grep "^main,twin  *metrics.json  0.9361   0.2518$" out &&
	git exp metrics show -T --json >out && test_grep "\"v1\": {\"data\": {\"metrics.json\": {\"data\"" out &&
	git exp metrics show -A >out && test_grep "^$base  *metrics.json  0.9361" out
'

test_expect_success 'the work tree is hidden when its branch says the same and stands alone' '
	test_when_finished "git branch twin; values 64 0.01 0.9583214 0.1720" && git checkout -q metrics.json &&
	git exp metrics show -a --json >out && test_grep "\"workspace\"" out &&
	git branch -q -D twin && git exp metrics show -a --json >out &&
	test_grep ! workspace out && test_grep "^{\"main\": " out
'

test_expect_success 'only numbers, words and truth are metrics; nulls, lists and what is empty are not' '
	test_when_finished "values 64 0.01 0.9583214 0.1720" &&
	echo "{\"n\": null, \"l\": [1], \"d\": {\"e\": {}, \"t\": true}, \"w\": \" x \"}" >metrics.json &&
	git exp metrics show --json >out && python3 - <<-\EOF &&
	import json
	v = json.load(open("out"))
	assert v == {"": {"data": {"metrics.json": {"data": {"d": {"t": True}, "w": " x "}}}}}, v
	EOF
	printf "Path          d.t    w\nmetrics.json  True   x\n" >expect &&
	git exp metrics show >out && test_cmp expect out &&
	git exp metrics diff >out && test_grep "d.t  *-  *True  *-$" out && test_grep "acc  *0.9361  *-  *-$" out
'

test_expect_success 'targets: any file, from where one stands' '
	mkdir -p sub/deep && echo "f1: 0.5" >sub/other.yaml && echo "{\"n\": 3}" >sub/deep/n.json && echo "x: 1" >sub/dvc.yaml.txt &&
	(cd sub && git exp metrics show other.yaml --json) >out && test_grep "^{\"\": {\"data\": {\"other.yaml\": {\"data\": {\"f1\": 0.5}}}}}$" out &&
	(cd sub && git exp metrics show) >out && test_grep "^\.\./metrics.json" out &&
	git exp metrics show -R sub --json >out && test_grep "\"sub/deep/n.json\": {\"data\": {\"n\": 3}}" out &&
	git exp metrics diff --targets sub/other.yaml sub/deep --json >out &&
	test_grep "\"sub/deep/n.json\": {\"n\": {\"old\": null, \"new\": 3}}" out
'

test_expect_success 'a cached metric of an old revision comes from the cache' '
	project ../cached && cd ../cached && printf "stages:\n  a:\n    cmd: cp in m.json\n    deps: [in]\n    metrics: [m.json]\n" >dvc.yaml &&
	echo "{\"acc\": 0.25}" >in && git add . && git exp run -q --no-record && git add . && git commit -q -m one &&
	echo "{\"acc\": 0.75}" >in && git exp run -q --no-record && git exp metrics diff >out &&
	test_grep "m.json  acc  *0.25  *0.75  *0.5$" out
'

test_expect_success 'what cannot be read is told, and counts as nothing' '
	cd ../here && echo "{" >metrics.json && git exp metrics diff >out 2>err &&
	test_grep "acc *0.9361  -  *-$" out && test_grep "^warning: in .workspace.: metrics.json: line" err && test_lines 1 err &&
	git exp metrics show --json >out 2>err && test_grep "\"metrics.json\": {\"error\": {\"type\": \"JSONFileCorruptedError\"" out &&
	git exp metrics show no.json >out 2>err && test_grep "^warning: no such file: .no.json." err &&
	printf "Path\nno.json\n" >expect && test_cmp expect out
'

test_expect_success 'a bad pipeline hides all but the files that are named' '
	test_when_finished "git checkout -q dvc.yaml metrics.json" && git checkout -q metrics.json && echo "stages: [" >dvc.yaml &&
	git exp metrics show --json >out 2>err && test_grep "^{\"\": {\"error\": {\"type\": \"YAMLSyntaxError\"" out &&
	test_grep "^warning: dvc.yaml: line" err && git exp metrics show --json metrics.json gone.json >out 2>err &&
	test_grep "\"acc\": 0.9361" out && test_grep "\"gone.json\": {\"error\": {\"type\": \"YAMLSyntaxError\"" out
'

test_expect_success 'control characters of a metric do not reach the terminal' '
	test_when_finished "git checkout -q metrics.json" &&
	printf "{\"a\\\\u001b[31m\": \"x\\\\u0007y\\\\nz\"}" >metrics.json && git exp metrics show >out &&
	test_grep "a.x1b\[31m" out && test_grep "x.x07y.nz" out && test_lines 2 out
'

test_expect_success 'nothing to show prints nothing; Markdown has its head' '
	git exp metrics diff >out && test_lines 0 out && git exp metrics diff --md >out && test_lines 3 out &&
	printf "{}\n" >expect && git exp metrics diff --json >out && test_cmp expect out
'

test_expect_success 'wrong use, unknown revisions and no commit change nothing' '
	git status --porcelain --untracked-files=no >names && test_code 129 git exp metrics 2>err && test_code 129 git exp metrics bogus 2>err &&
	test_code 129 git exp metrics diff a b c 2>err && test_code 129 git exp metrics show --json --md 2>err &&
	test_code 129 git exp metrics show --precision -1 2>err && test_code 129 git exp metrics diff --targets 2>err &&
	test_code 128 git exp metrics diff nothing 2>err && test_grep "fatal: .nothing. is neither" err &&
	git init -q ../fresh && cp -r .dvc dvc.yaml ../fresh && test_code 128 git -C ../fresh exp metrics diff 2>err &&
	test_grep "no commit yet" err && git status --porcelain --untracked-files=no >out && test_cmp names out
'

test_expect_success 'a bare repository shows its branches' '
	git clone -q --mirror . ../bare.git && git -C ../bare.git exp metrics show -T >out && test_grep "^v1 *metrics.json" out &&
	test_code 128 git -C ../bare.git exp metrics show 2>err && test_grep "no work tree" err
'

test_done
