#!/bin/sh
test_description='git exp params diff: what DVC prints of parameters'
. "$(dirname "$0")/test-lib.sh"
. "$TEST_DIR/exp-lib.sh"

test_expect_success 'setup' '
	pipeline here &&
	values 32 0.01 0.9472 0.1998 && keep cold-milk &&
	values 64 0.015 0.9583 0.1720
'

test_expect_success 'no column of changes, values in full' '
	cat >expect <<-\EOF &&
	Path         Param        HEAD    workspace
	params.yaml  model.units  16      64
	params.yaml  train.lr     0.01    0.015
	EOF
	git exp params diff >out && test_cmp expect out &&
	git exp params diff cold-milk --md --no-path >out && cat >expect <<-\EOF &&
	| Param       | cold-milk   | workspace   |
	|-------------|-------------|-------------|
	| model.units | 32          | 64          |
	| train.lr    | 0.01        | 0.015       |

	EOF
	test_cmp expect out
'

test_expect_success 'JSON still has the difference of numbers' '
	git exp params diff --json HEAD cold-milk >out &&
	echo "{\"params.yaml\": {\"model.units\": {\"old\": 16, \"new\": 32, \"diff\": 16}}}" >expect && test_cmp expect out
'

test_expect_success 'the whole of params.yaml counts, unless only dependencies are asked for' '
	git exp params diff --all >out && test_grep "model.act  *relu  *relu$" out &&
	git exp params diff --all --deps >out && test_grep ! act out && test_grep train.lr out
'

test_expect_success 'lists compare and print as Python prints them' '
	test_when_finished "values 64 0.015 0.9583 0.1720" &&
	printf "model: {units: [1, a, 0.5, [true]], act: null}\n" >params.yaml && git exp params diff >out &&
	test_grep "model.units *16 *\[1, .a., 0.5, \[True\]\]$" out && test_grep "model.act *relu *-$" out &&
	git exp params diff --json >out && test_grep "\"new\": \"\[1, .a., 0.5, \[True\]\]\"}" out
'

test_expect_success 'targets: files that nobody uses, whole, from where one stands' '
	mkdir -p conf && echo "a: {b: 1, when: 2026-01-02}" >conf/x.yaml && echo "{\"c\": 2}" >conf/y.json &&
	git exp params diff --json --targets conf/x.yaml conf/y.json >out &&
	test_grep "\"conf/x.yaml\": {\"a.b\": {\"old\": null, \"new\": 1}, \"a.when\": {\"old\": null, \"new\": \"2026-01-02\"}}" out &&
	test_grep "\"conf/y.json\": {\"c\": {\"old\": null, \"new\": 2}}" out && test_grep ! params.yaml out &&
	(cd conf && git exp params diff --targets x.yaml) >out 2>err && test_grep "^x.yaml  *a.b " out &&
	(cd conf && git exp params diff) >out && test_grep "^\.\./params.yaml " out
'

test_expect_success 'what cannot be read is told, and counts as nothing' '
	test_when_finished "values 64 0.015 0.9583 0.1720" && git exp params diff --targets no.yaml >out 2>err &&
	test_lines 0 out && test_grep "^warning: in .HEAD.: no such file: .no.yaml." err && test_lines 2 err &&
	echo "a: [" >params.yaml && git exp params diff >out 2>err && test_grep "model.units  *16  *-$" out &&
	test_grep "^warning: in .workspace.: params.yaml: line 2" err
'

test_expect_success 'wrong use, unknown revisions and no commit' '
	test_code 129 git exp params 2>err && test_code 129 git exp params show 2>err &&
	test_code 129 git exp params diff --json --md 2>err && test_code 129 git exp params diff a b c 2>err &&
	test_code 128 git exp params diff nothing 2>err && test_grep "fatal: .nothing. is neither" err &&
	git init -q ../fresh && cp -r .dvc dvc.yaml ../fresh && test_code 128 git -C ../fresh exp params diff 2>err &&
	test_grep "no commit yet" err
'

test_done
