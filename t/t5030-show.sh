#!/bin/sh
test_description='git exp show: revisions and experiments in a table'
. "$(dirname "$0")/test-lib.sh"
. "$TEST_DIR/exp-lib.sh"

json () { python3 -c "import json, sys; v = json.load(open('$1')); $2"; }

test_expect_success 'setup' '
	pipeline here &&
	values 32 0.01 0.9472 0.1998 && keep cold-milk &&
	values 64 0.1 0.95 0.172 && keep warm-loaf && best=$tip &&
	values -1 0.01 0.9361 0.2518 && record=$failed_record keep lost-key &&
	values 64 0.01 0.9583 0.1720
'

test_expect_success 'workspace, baseline, experiments newest first, failed last' '
	git exp show >out &&
	sed -n "s/^  \(.[^ ]* *[^ ]*\) .*/\1/p" out | sed "s/ *$//" >names &&
	cat >expect <<-\EOF &&
	Experiment
	workspace
	main
	├── warm-loaf
	├── cold-milk
	└── lost-key
	EOF
	sed -i "s/^\([a-zE][a-z]*\) .*/\1/" names && test_cmp expect names
'

test_expect_success 'the points of numbers stand in one column, metrics come first' '
	test_grep "^  Experiment *Created *acc *loss *model.units *model.act *train.lr$" out &&
	test_grep "^  workspace *-  *0.9583  *0.1720  *64   relu  *0.01$" out &&
	test_grep "warm-loaf *Nov 14, 2023  *0.9500  *0.1720  *64   relu  *0.1$" out
'

test_expect_success 'a failed experiment says why in place of its metrics' '
	test_grep "lost-key *Nov 14, 2023   failed: train exited 1  *-1   relu  *0.01$" out &&
	git exp show --hide-failed >fewer && test_grep ! lost-key fewer &&
	test_grep "└── cold-milk" fewer
'

test_expect_success 'an experiment of today shows the time, one of this year the day' '
	year=$(date +%Y) && values 1 1 1 1 && git add -A && tree=$(git write-tree) &&
	new=$(GIT_COMMITTER_DATE="$year-01-02 03:04:05 +0000" git commit-tree -p $base -m x $tree) &&
	now=$(GIT_COMMITTER_DATE="$(date +%s) +0000" git commit-tree -p $base -m x $tree) &&
	git update-ref $(exp_ref $base old) $new && git update-ref $(exp_ref $base now) $now &&
	test_when_finished "git update-ref -d $(exp_ref $base now); git update-ref -d $(exp_ref $base old)" &&
	git exp show >out && git reset -q --hard && values 64 0.01 0.9583 0.1720 &&
	test_grep "── old *Jan 02 " out && test_grep "── now *[01][0-9]:[0-9][0-9] [AP]M " out
'

test_expect_success 'a starred one is marked' '
	echo "{\"at\":\"2023-11-14T23:00:00.000Z\",\"by\":\"a\",\"star\":true}" |
	git notes --ref exps add -F - $best &&
	git exp show >out && test_grep "warm-loaf ★  " out
'

test_expect_success 'JSON has DVC rows, and what is ours under git_exp' '
	git exp show --json >out.json && test_lines 1 out.json &&
	json out.json "
assert [s[\"rev\"] for s in v] == [\"workspace\", \"$base\"]
assert v[0][\"experiments\"] is None and v[0][\"data\"][\"timestamp\"] is None
assert v[1][\"name\"] == \"main\"
assert [e[\"name\"] for e in v[1][\"experiments\"]] == [\"warm-loaf\", \"cold-milk\", \"lost-key\"]
d = v[1][\"experiments\"][0][\"revs\"][0][\"data\"]
assert list(d) == [\"rev\", \"timestamp\", \"params\", \"metrics\", \"deps\", \"outs\", \"meta\"]
assert d[\"metrics\"] == {\"metrics.json\": {\"data\": {\"acc\": 0.95, \"loss\": 0.172}}}
assert d[\"outs\"][\"model\"] == {\"hash\": None, \"size\": None, \"nfiles\": None, \"use_cache\": True, \"is_data_source\": False}
assert v[1][\"experiments\"][0][\"git_exp\"][\"star\"] is True
f = v[1][\"experiments\"][2]
assert f[\"executor\"][\"state\"] == \"failed\" and f[\"revs\"][0][\"error\"][\"msg\"] == \"Experiment run failed\"
assert f[\"git_exp\"][\"why\"] == \"failed: train exited 1\"
assert f[\"git_exp\"][\"record\"][\"args\"] == [\"run\", \"-S\", \"model.units=-1\"]
"
'

test_expect_success 'CSV ends its lines with CRLF and keeps every digit' '
	git exp show --csv --hide-failed --hide-workspace >out.csv &&
	printf "%s\r\n" "Experiment,rev,typ,Created,parent,acc,loss,model.units,model.act,train.lr,train.py" \
		",main,baseline,2023-11-14T22:16:20,,0.9361,0.2518,16,relu,0.01," \
		"warm-loaf,$(echo $best | cut -c1-7),branch_commit,2023-11-14T22:18:20,,0.95,0.172,64,relu,0.1," >expect &&
	sed 3q out.csv >head && test_cmp expect head && test_lines 4 out.csv
'

test_expect_success 'a failed one adds a column of states to CSV and Markdown' '
	git exp show --csv >out.csv &&
	test_grep "^Experiment,rev,typ,Created,parent,State,acc" out.csv &&
	test_grep "^lost-key,[0-9a-f]*,branch_base,[^,]*,,Failed,0.9361" out.csv &&
	git exp show --md >out.md && test_grep "^| └── [0-9a-f]* \[lost-key\] *| Nov 14, 2023 | Failed *| 0.9361 " out.md
'

test_expect_success 'experiments sorted by a column' '
	git exp show --csv --hide-failed --sort-by acc | sed -n "4,5s/,.*//p" >got &&
	printf "cold-milk\nwarm-loaf\n" >expect && test_cmp expect got &&
	test_code 128 git exp show --csv --sort-by nothing 2>err &&
	test_grep "fatal: unknown sort column .nothing." err
'

test_expect_success 'narrow: unchanged columns go first, from the right, and it says so' '
	GIT_PAGER_IN_USE=1 COLUMNS=75 git exp show >out &&
	test_grep "^  Experiment *Created *acc *loss *model.units$" out &&
	test_grep "^  (2 columns left out" out &&
	GIT_PAGER_IN_USE=1 COLUMNS=20 git exp show >out &&
	test_grep "^  ├── warm-loaf" out && test_grep "(5 columns left out" out
'

test_expect_success 'colours for parameters that differ from the baseline' '
	git -c color.ui=always exp show >out &&
	esc=$(printf "\033") &&
	test_grep "warm-loaf.*$esc\[33m *64$esc\[m.*$esc\[33m *0.1 *$esc\[m" out &&
	test_grep ! "main.*$esc\[33m" out
'

test_expect_success 'a metrics file that does not parse is marked, the rest is shown' '
	echo "{" >metrics.json && test_when_finished "values 64 0.01 0.9583 0.1720" &&
	git exp show >out && test_grep "^  workspace *-  *!  *!  *64 " out
'

test_expect_success 'a pipeline that does not parse says why in its row' '
	cp dvc.yaml keep.yaml && test_when_finished "mv keep.yaml dvc.yaml" &&
	echo "stages: [" >dvc.yaml && git exp show >out &&
	test_grep "^  workspace *-  *! dvc.yaml: line 2" out && test_grep "Nov 14, 2023   0.9361  *0.2518" out
'

test_expect_success 'what a value holds cannot move the cursor' '
	printf "{\"acc\": \"a\\\\u001b[31mb\\\\n\"}" >metrics.json &&
	test_when_finished "values 64 0.01 0.9583 0.1720" &&
	git exp show >out && test_grep "a\\\\x1b\[31mb\\\\n" out
'

test_expect_success 'several revisions, and experiments of one' '
	test_tick && git commit -q --allow-empty -m later &&
	test_when_finished "git reset -q --soft $base" &&
	git exp show --csv --hide-workspace >out && test_lines 2 out &&
	git exp show --csv --hide-workspace HEAD~1 >out && test_grep "^warm-loaf," out &&
	git exp show --csv --hide-workspace -n 2 >out && test_grep "^warm-loaf," out &&
	test_grep "^,main," out && test_grep "^,$(echo $base | cut -c1-7)," out &&
	git exp show --csv --hide-workspace -A >all && test_grep "^warm-loaf," all &&
	git exp show --csv --hide-workspace --sha >out && test_grep ! ",main," out &&
	test_code 128 git exp show nothing 2>err && test_grep "neither a revision nor an experiment" err
'

test_expect_success 'an experiment of several commits is one row, JSON has them all' '
	git checkout -q --detach && test_when_finished "git checkout -q -f main && values 64 0.01 0.9583 0.1720" &&
	values 1 1 0.1 1 && test_tick && git commit -q -a -m one && one=$(git rev-parse HEAD) &&
	values 2 2 0.2 2 && test_tick && git commit -q -a -m two && two=$(git rev-parse HEAD) &&
	git update-ref $(exp_ref $base chain) $two && git checkout -q -f main &&
	test_when_finished "git update-ref -d $(exp_ref $base chain)" &&
	git exp show --csv >out && grep -c "^chain," out >n && echo 1 >expect && test_cmp expect n &&
	git exp show --json >out.json && json out.json "
e = [e for e in v[1][\"experiments\"] if e[\"name\"] == \"chain\"][0]
assert [r[\"rev\"] for r in e[\"revs\"]] == [\"$two\", \"$one\"], e
assert [r[\"name\"] for r in e[\"revs\"]] == [\"chain\", None]
"
'

test_expect_success 'a ref whose commit is gone is left out with a warning' '
	gone=0123456789012345678901234567890123456789 &&
	mkdir -p ".git/$(exp_ref $base x)" && rmdir ".git/$(exp_ref $base x)" &&
	echo $gone >".git/$(exp_ref $base x)" && test_when_finished "rm .git/$(exp_ref $base x)" &&
	git exp show >out 2>err && test_grep "experiment .x. is left out" err && test_grep warm-loaf out
'

test_expect_success 'a bare repository has no work tree to show' '
	git clone -q --mirror . ../bare.git && git -C ../bare.git exp show >out &&
	test_grep ! workspace out && test_grep "└── lost-key" out && test_grep warm-loaf out
'

test_expect_success 'a project below the top of the repository' '
	git init -q ../deep && mkdir ../deep/sub && cp -r .dvc dvc.yaml params.yaml metrics.json train.py ../deep/sub &&
	(cd ../deep && git add -A && git commit -q -m x && cd sub &&
	git exp show --csv >../../out && test_code 128 git -C .. exp show 2>../../err) &&
	test_grep "^,main,.*,0.9583,0.172,64,relu,0.01" ../out && test_grep "no project" ../err
'

test_expect_success 'no commit yet: the work tree alone' '
	git init -q ../fresh && cp -r .dvc dvc.yaml params.yaml metrics.json ../fresh && cd ../fresh &&
	git exp show >out && test_grep "^  workspace " out && test_lines 3 out && cd ../here
'

test_expect_success 'two formats at once make no sense' '
	test_code 129 git exp show --json --csv 2>err && test_grep "exclude each other" err
'

test_expect_success 'nothing is written' '
	snapshot_state >"$TRASH/before" && git exp show >/dev/null &&
	git exp show --json -A >/dev/null && snapshot_state >"$TRASH/after" &&
	test_cmp "$TRASH/before" "$TRASH/after"
'

test_done
