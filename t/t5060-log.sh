#!/bin/sh
test_description='git exp log tells how an experiment was made'
. "$(dirname "$0")/test-lib.sh"
. "$TEST_DIR/exp-lib.sh"

test_expect_success 'setup: one by us that failed, one by DVC without a record' '
	pipeline here &&
	values 32 0.01 0.9472 0.1998 && keep cold-milk && cold=$tip &&
	values -1 0.01 0.9361 0.2518 && record=$failed_record keep lost-key && lost=$tip &&
	printf "one\n10 %%\r100 %%\nbad: \033[31mred\033[0m\007\n\n" | git notes --ref exps-log add -F - $lost &&
	printf "%s\n" "{\"at\":\"2023-11-14T23:00:00.000Z\",\"by\":\"a\",\"tag\":\"+best\"}" \
		"{\"at\":\"2023-11-14T23:00:01.000Z\",\"by\":\"a\",\"star\":true}" \
		"{\"at\":\"2023-11-14T23:00:02.000Z\",\"by\":\"a\",\"text\":\"look at this\"}" |
	git notes --ref exps add -F - $lost
'

test_expect_success 'the record, what people said, and the end of the output' '
	cat >expect <<-EOF &&
	experiment lost-key ★
	Commit:   $lost
	Baseline: $base
	By:       A U Thor <author@example.com>
	Date:     Tue Nov 14 22:18:20 2023 +0000
	State:    failed
	Typed:    git exp run -S model.units=-1
	Set:      params.yaml: model.units = -1
	Host:     linux x86_64, 2 cpus
	Tags:     best
	Note:     look at this
	Stages:
	    train  ran     0.4 s  cpu 0.3 s  100.0 MiB  exit 1  param model.units: 16 -> -1

	Message:
	    exp lost-key

	The end of its output:
	    one
	    100 %
	    bad: red\\x07
	EOF
	git exp log lost-key >out && test_cmp expect out
'

test_expect_success 'an experiment without a record: author, date, message' '
	cat >expect <<-EOF &&
	experiment cold-milk
	Commit:   $cold
	Baseline: $base
	By:       A U Thor <author@example.com>
	Date:     Tue Nov 14 22:17:20 2023 +0000

	Message:
	    exp cold-milk
	EOF
	git exp log cold-milk >out && test_cmp expect out
'

test_expect_success 'JSON' '
	git exp log --json lost-key >out && test_lines 1 out && python3 - $base $lost <<-\EOF
	import json, sys
	base, lost = sys.argv[1:]
	v = json.load(open("out"))
	assert list(v) == ["name", "ref", "rev", "baseline", "author", "time", "message", "record", "tags", "star", "text", "log"]
	assert (v["name"], v["rev"], v["baseline"], v["time"]) == ("lost-key", lost, base, 1700000300)
	assert v["record"]["stages"][0]["exit"] == 1 and v["record"]["v"] == 1
	assert v["tags"] == ["best"] and v["star"] is True and v["text"] == "look at this"
	assert v["log"].startswith("one\n10 %\r100 %\n")
	EOF
'

test_expect_success 'a word that needs quotes is typed again with them' '
	values 3 0.01 0.9 0.2 &&
	record="{\"at\":\"2023-11-14T22:20:00.000Z\",\"v\":1,\"state\":\"success\",\"args\":[\"run\",\"-m\",\"it'\''s two\"]}" keep quoted &&
	git exp log quoted >out && test_grep "^Typed:    git exp run -m '\''it'\''\\\\'\'''\''s two'\''$" out
'

test_expect_success 'by id, by ref, in a bare repository' '
	git exp log $cold >out && test_grep "Commit:   $cold" out &&
	git exp log $(exp_ref $base cold-milk) >out && test_grep "^experiment cold-milk" out &&
	git clone -q --mirror . ../bare.git && git -C ../bare.git exp log lost-key >out && test_grep "State:    failed" out
'

test_expect_success 'nobody of that name; no name, two names' '
	test_code 128 git exp log nobody 2>err && test_grep "fatal: no experiment .nobody." err &&
	test_code 129 git exp log 2>err && test_code 129 git exp log a b 2>err
'

test_done
