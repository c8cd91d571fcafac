#!/bin/sh
test_description='options mean what their table says'
. "$(dirname "$0")/test-lib.sh"

test_expect_success 'setup' '
	project && git exp stage add -n one echo one -q
'

test_expect_success 'a flag takes no value, and says so' '
	test_code 129 git exp stage list --all=yes 2>err &&
	grep "^error: no value belongs to option .--all=yes." err &&
	grep -e "--name-only" err
'

test_expect_success 'a value that is missing is misuse' '
	test_code 129 git exp stage add -n 2>err &&
	grep "^error: a value is missing after .-n." err
'

test_expect_success 'options are not shortened' '
	test_code 129 git exp stage list --name 2>err &&
	grep "unknown option .--name." err
'

test_expect_success 'the help has one entry for each option that is shown' '
	git exp stage list -h >out &&
	grep "^    -R, --recursive  " out &&
	test_grep ! "names-only" out &&
	git exp stage list --names-only >actual && echo one >expect &&
	test_cmp expect actual
'

test_expect_success 'a command keeps its own options' '
	git exp stage add -q -n two python3 -n 3 --name x -- y &&
	git exp stage add -q -n three -- -dashed --bogus &&
	git exp stage list --json two three >json &&
	grep "\"cmd\": \[\"python3 -n 3 --name x -- y\"\]" json &&
	grep "\"cmd\": \[\"-dashed --bogus\"\]" json
'

test_expect_success 'the later one wins, and no- takes back' '
	git exp stage list --json --no-json two >actual &&
	echo "two  No outputs or dependencies" >expect && test_cmp expect actual
'

test_expect_success 'misuse changes nothing' '
	err=$TRASH/err &&
	snapshot_state >"$TRASH/before" &&
	test_code 129 git exp stage add -n x --bogus cmd 2>"$err" &&
	test_code 129 git exp stage add cmd 2>"$err" &&
	test_code 129 git exp stage add -n x 2>"$err" &&
	test_code 129 git exp stage add -n x "" 2>"$err" &&
	test_code 129 git exp stage 2>"$err" &&
	test_code 129 git exp stage frobnicate 2>"$err" &&
	test_code 129 git exp init --code src 2>"$err" &&
	test_code 129 git exp version x 2>"$err" &&
	snapshot_state >"$TRASH/after" &&
	test_cmp "$TRASH/before" "$TRASH/after"
'

test_done
