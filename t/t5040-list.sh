#!/bin/sh
test_description='git exp list names the experiments'
. "$(dirname "$0")/test-lib.sh"
. "$TEST_DIR/exp-lib.sh"

test_expect_success 'setup: two baselines, one failed experiment' '
	pipeline here && first=$base &&
	values 32 0.01 0.9472 0.1998 && keep cold-milk && cold=$tip &&
	values 64 0.1 0.95 0.172 && keep warm-loaf && warm=$tip &&
	values -1 0.01 0.9361 0.2518 && record=$failed_record keep lost-key &&
	test_tick && git commit -q --allow-empty -m next && base=$(git rev-parse HEAD) &&
	values 8 0.01 0.9 0.2 && keep tame-crab && tame=$tip && short () { echo "$1" | cut -c1-7; }
'

test_expect_success 'those of HEAD, below its name' '
	git exp list >out && printf "main:\n\t%s [tame-crab]\n" $(short $tame) >expect && test_cmp expect out
'

test_expect_success 'those of another baseline, newest first, without failed ones' '
	git exp list --rev HEAD~1 >out &&
	printf "%s:\n\t%s [warm-loaf]\n\t%s [cold-milk]\n" $(short $first) $(short $warm) $(short $cold) >expect &&
	test_cmp expect out && git tag v1 HEAD~1 && git exp list --rev HEAD~1 >out && test_grep "^v1:" out
'

test_expect_success 'all of them; so many parents of HEAD' '
	printf "tame-crab\nwarm-loaf\ncold-milk\n" >expect &&
	git exp list -A --name-only >out && test_cmp expect out &&
	git exp list -n 2 --names-only >out && test_cmp expect out &&
	git exp list -n -1 --name-only >out && test_cmp expect out
'

test_expect_success 'ids alone; records that end in NUL' '
	printf "%s\n" $tame $warm $cold >expect && git exp list -A --sha-only >out && test_cmp expect out &&
	printf "%s %s %s\0" $base $tame tame-crab >expect && git exp list -z >out && cmp expect out &&
	printf "tame-crab\0" >expect && git exp list -z --name-only >out && cmp expect out
'

test_expect_success 'JSON' '
	git exp list --json >out && test_lines 1 out && python3 - $base $tame <<-\EOF
	import json, sys
	base, tame = sys.argv[1:]
	assert json.load(open("out")) == [{"rev": base, "name": "main", "experiments": [
	    {"name": "tame-crab", "rev": tame, "ref": f"refs/exps/{base[:2]}/{base[2:]}/tame-crab"}]}]
	EOF
'

test_expect_success 'refs that DVC reserves are no experiments' '
	git update-ref refs/exps/exec/EXEC_HEAD HEAD && git update-ref refs/exps/stash HEAD &&
	git exp list -A --name-only >out && printf "tame-crab\nwarm-loaf\ncold-milk\n" >expect && test_cmp expect out
'

test_expect_success 'an experiment whose baseline no branch reaches is listed by -A' '
	git checkout -q --orphan other && git commit -q -m other && git branch -q -D main &&
	git tag -d v1 >/dev/null && git exp list >out && test_lines 0 out &&
	git exp list -A >out && test_grep "^$(short $first):" out && test_grep "warm-loaf" out
'

test_expect_success 'no commit yet, no experiment: nothing, and no complaint' '
	git init -q ../fresh && git -C ../fresh exp list >out 2>err && test_lines 0 out && test_lines 0 err &&
	echo "[]" >expect && git -C ../fresh exp list --json >out && test_cmp expect out
'

test_expect_success 'wrong words' '
	test_code 128 git exp list --rev nothing 2>err && test_grep "fatal: .nothing. is neither" err &&
	test_code 129 git exp list --json --name-only 2>err && test_code 129 git exp list HEAD 2>err &&
	test_grep "asked for with --rev" err
'

test_done
