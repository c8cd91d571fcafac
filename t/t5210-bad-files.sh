#!/bin/sh
test_description='a bad dvc.yaml, parameter or word: file and line, nothing changed'
. "$(dirname "$0")/test-lib.sh"
. "$TEST_DIR/bad-lib.sh"

test_expect_success 'setup' '
	project && echo data >in && echo "lr: 1" >params.yaml && mkdir sub &&
	git add . && git commit -qm inputs
'

# pipeline <<text: the stages' part of dvc.yaml, so line 1 is "stages:".
pipeline () {
	{ echo "stages:" && cat; } >dvc.yaml
}

# Every command that reads the pipeline says this one line.
always () {
	cat >"$W/line" &&
	for words in run "run -n" "run -f -k -j 2" "run -S lr=2" status "stage list" "stage add -n new true" save
	do
		# shellcheck disable=SC2086
		refused 128 git exp $words <"$W/line" || { echo "at: git exp $words"; return 1; }
	done
}

# circle: as above, for what `stage list` need not know.
never_runs () {
	cat >"$W/line" &&
	for words in run "run -n" "run -S lr=2" status save
	do
		# shellcheck disable=SC2086
		refused 128 git exp $words <"$W/line" || { echo "at: git exp $words"; return 1; }
	done
}

test_expect_success 'a syntax error' '
	printf "  a:\n    cmd: [\n  b: }\n" | pipeline && always <<-\EOF
	fatal: dvc.yaml: line 4, column 6: a value was expected here
	EOF
'

test_expect_success 'an unknown key, with the one that was meant' '
	printf "  a:\n    cmd: echo\n    dep: [in]\n" | pipeline && always <<-\EOF &&
	fatal: dvc.yaml: line 4: unknown key '\''dep'\'' in stage '\''a'\'' (did you mean '\''deps'\''?)
	EOF
	printf "stage:\n  a:\n    cmd: echo\n" >dvc.yaml && always <<-\EOF
	fatal: dvc.yaml: line 1: unknown key '\''stage'\'' (did you mean '\''stages'\''?)
	EOF
'

test_expect_success 'a duplicate key' '
	printf "  a:\n    cmd: echo\n    cmd: false\n" | pipeline && always <<-\EOF &&
	fatal: dvc.yaml: line 4: duplicate key '\''cmd'\''
	EOF
	printf "  a:\n    cmd: echo\n  a:\n    cmd: echo\n" | pipeline && always <<-\EOF
	fatal: dvc.yaml: line 4: duplicate key '\''a'\''
	EOF
'

test_expect_success 'a command that is none, and none at all' '
	printf "  a:\n    cmd: true\n" | pipeline && always <<-\EOF &&
	fatal: dvc.yaml: line 3: stage '\''a'\'': '\''cmd'\'' must be text or a list of texts, not true or false
	EOF
	printf "  a:\n    deps: [in]\n" | pipeline && always <<-\EOF
	fatal: dvc.yaml: line 3: stage '\''a'\'': no '\''cmd'\''
	EOF
'

test_expect_success 'a circle, named in full' '
	pipeline <<-\EOF &&
	  a:
	    cmd: cp z x
	    deps: [z]
	    outs: [x]
	  b:
	    cmd: cp x y
	    deps: [x]
	    outs: [y]
	  c:
	    cmd: cp y z
	    deps: [y]
	    outs: [z]
	EOF
	never_runs <<-\EOF &&
	fatal: dvc.yaml: line 2: stages need one another in a circle: a -> c -> b -> a
	EOF
	printf "  a:\n    cmd: cp z z\n    deps: [z]\n    outs: [z]\n" | pipeline && always <<-\EOF
	fatal: dvc.yaml: line 4: stage '\''a'\'' both needs '\''z'\'' and makes '\''z'\''
	EOF
'

test_expect_success 'two stages with one output, an output in another' '
	printf "  a:\n    cmd: echo\n    outs: [x]\n  b:\n    cmd: echo\n    outs: [x]\n" | pipeline && always <<-\EOF &&
	fatal: dvc.yaml: line 7: output '\''x'\'' is made by two stages: '\''a'\'' and '\''b'\''
	EOF
	printf "  a:\n    cmd: echo\n    outs: [d]\n  b:\n    cmd: echo\n    outs: [d/x]\n" | pipeline && always <<-\EOF
	fatal: dvc.yaml: line 7: output '\''d/x'\'' of stage '\''b'\'' is inside output '\''d'\'' of stage '\''a'\''
	EOF
'

test_expect_success 'outputs where none may be' '
	printf "  a:\n    cmd: echo\n    outs: [../far]\n" | pipeline && always <<-\EOF &&
	fatal: dvc.yaml: line 4: stage '\''a'\'': cached output '\''../far'\'' is outside the project
	EOF
	printf "  a:\n    cmd: echo\n    outs: [\"$TRASH/far\"]\n" | pipeline && always <<-EOF &&
	fatal: dvc.yaml: line 4: stage '\''a'\'': cached output '\''$TRASH/far'\'' is outside the project
	EOF
	for path in .git .git/x
	do
		printf "  a:\n    cmd: echo\n    outs: [%s: {cache: false}]\n" $path | pipeline && always <<-EOF || return 1
		fatal: dvc.yaml: line 4: stage '\''a'\'': output '\''$path'\'' is inside '\''.git'\''
		EOF
	done
'

test_expect_success 'templates that mean nothing, with line and column' '
	printf "vars: [x.yaml]\nstages: {}\n" >dvc.yaml && always <<-\EOF &&
	fatal: dvc.yaml: line 1: '\''x.yaml'\'' does not exist
	EOF
	echo "{train: {epochs: 3}, lr: 1}" >params.yaml &&
	printf "  a:\n    cmd: |\n      echo\n      echo é \${train.epoch}\n" | pipeline && always <<-\EOF &&
	fatal: dvc.yaml: line 5, column 14: stage '\''a'\'', '\''cmd'\'': nothing is named '\''train.epoch'\''
	hint: did you mean '\''${train.epochs}'\''?
	EOF
	printf "  a:\n    cmd: echo \${epochs}\n" | pipeline && always <<-\EOF &&
	fatal: dvc.yaml: line 3, column 15: stage '\''a'\'', '\''cmd'\'': nothing is named '\''epochs'\''
	hint: did you mean '\''${train.epochs}'\''?
	EOF
	printf "  a:\n    cmd: echo \${train[}\n" | pipeline && always <<-\EOF &&
	fatal: dvc.yaml: line 3, column 15: stage '\''a'\'', '\''cmd'\'': '\''${train[}'\'' lacks a name before the '\''}'\''
	EOF
	printf "  a:\n    foreach: [1, 2]\n    do: {cmd: echo, outs: [x]}\n" | pipeline && always <<-\EOF &&
	fatal: dvc.yaml: line 4: output '\''x'\'' is made by two stages: '\''a@1'\'' and '\''a@2'\''
	EOF
	printf "  a:\n    foreach: [1, 2]\n    cmd: echo\n" | pipeline && always <<-\EOF &&
	fatal: dvc.yaml: line 4: unknown key '\''cmd'\'' in stage '\''a'\''
	EOF
	echo "lr: 1" >params.yaml
'

test_expect_success 'a broken parameter file of each kind, with its line' '
	for kind in toml py
	do
		printf "  a:\n    cmd: echo\n    params: [p.%s: [x]]\n" $kind | pipeline &&
		printf "x = 1\ny = [2\n" >p.$kind && cp p.$kind before || return 1
		case $kind in
		toml) say="line 3: '\'','\'' or '\'']'\'' is missing" ;;
		py) say="line 2: a bracket is not closed: '\'']'\'' is missing" ;;
		esac
		never_runs <<-EOF || return 1
		fatal: p.$kind: $say
		EOF
		refused 128 git exp run -S p.$kind:x=2 <<-EOF || return 1
		fatal: p.$kind: $say
		EOF
		test_cmp before p.$kind && rm p.$kind before || return 1
	done
'

test_expect_success 'a missing dependency of the first stage: nothing is begun' '
	printf "  a:\n    cmd: cp nope x\n    deps: [nope]\n    outs: [x]\n" | pipeline &&
	for words in run "run -n" "run -f" "run --no-record"
	do
		refused 128 git exp $words <<-\EOF || return 1
		fatal: dvc.yaml: line 4: dependency '\''nope'\'' of stage '\''a'\'' does not exist
		hint: no stage makes it: put it there, or correct its name
		EOF
	done
'

test_expect_success 'one of a later stage may yet be made: a warning, then a failure' '
	printf "  a:\n    cmd: echo >x\n    outs: [x]\n  b:\n    cmd: cp nope y\n    deps: [x, nope]\n    outs: [y]\n" | pipeline &&
	test_code 1 git exp run --name late >"$W/out" 2>"$W/err" && cat >"$W/expect" <<-\EOF && test_cmp "$W/expect" "$W/err" &&
	warning: dvc.yaml: line 7: dependency '\''nope'\'' of stage '\''b'\'' does not exist, and no stage before it says that it will change that
	error: dvc.yaml: line 7: dependency '\''nope'\'' of stage '\''b'\'' does not exist
	hint: kept as failed experiment '\''late'\'': '\''git exp log late'\'' shows its output
	EOF
	test -e x && ! test -e y
'

test_expect_success 'DVC lets a stage make what it does not declare; so do we' '
	printf "  a:\n    cmd: echo >x; echo >nope\n    outs: [x]\n  b:\n    cmd: cp nope y\n    deps: [x, nope]\n    outs: [y]\n" | pipeline &&
	git exp run >"$W/out" 2>"$W/err" && test -e y && rm nope
'

# --- parameters --------------------------------------------------------------

stage_lr () { printf "  a:\n    cmd: echo >>ran\n    params: [lr]\n" | pipeline; }

test_expect_success 'the parameter file is missing' '
	stage_lr && rm params.yaml && for words in run "run -n"
	do
		refused 128 git exp $words <<-\EOF || return 1
		fatal: dvc.yaml: line 4: parameter file '\''params.yaml'\'' of stage '\''a'\'' does not exist
		hint: no stage makes it: put it there, or correct its name
		EOF
	done &&
	test_code 1 git exp status >"$W/out" && test_grep "parameter file params.yaml is missing" "$W/out" && ! test -e ran
'

test_expect_success 'it does not parse, or says a thing twice' '
	printf "lr: [1\nx: }\n" >params.yaml && never_runs <<-\EOF &&
	fatal: params.yaml: line 2, column 2: '\'','\'' or '\'']'\'' was expected here
	hint: the '\''['\'' is in line 1
	EOF
	printf "lr: 1\nlr: 2\n" >params.yaml && never_runs <<-\EOF && ! test -e ran
	fatal: params.yaml: line 2: duplicate key '\''lr'\''
	EOF
'

test_expect_success 'it lacks what the stage names' '
	echo "x: 1" >params.yaml && refused 128 git exp run <<-\EOF && ! test -e ran
	fatal: dvc.yaml: line 4: parameter '\''lr'\'' of stage '\''a'\'' is missing from '\''params.yaml'\''
	hint: add it to the file, or with -S '\''+<key>=<value>'\''
	EOF
'

test_expect_success 'a date, which DVC cannot read where templates may be' '
	printf "x: 1\nlr: 2020-01-01\n" >params.yaml && for words in run "run -n" status
	do
		refused 128 git exp $words <<-\EOF || return 1
		fatal: params.yaml: line 2: the date '\''2020-01-01'\'' cannot be a parameter
		hint: put it in quotes
		EOF
	done &&
	printf "lr: 1\nborn: {since: [2020-01-01]}\n" >params.yaml && refused 128 git exp run <<-\EOF && ! test -e ran
	fatal: params.yaml: line 2: the date '\''2020-01-01'\'' cannot be a parameter
	hint: put it in quotes
	EOF
'

test_expect_success 'a date in another file, which DVC cannot hash; elsewhere in it it does no harm' '
	printf "lr: 1\n" >params.yaml && printf "  a:\n    cmd: echo >>ran\n    params: [o.yaml: [lr]]\n" | pipeline &&
	printf "x: 1\nlr: {since: [2020-01-01]}\n" >o.yaml && for words in run "run -n"
	do
		refused 128 git exp $words <<-\EOF || return 1
		fatal: o.yaml: line 2: stage '\''a'\'' cannot use the date '\''2020-01-01'\'' as a parameter
		hint: put it in quotes
		EOF
	done &&
	printf "lr: 1\nborn: 2020-01-01\n" >o.yaml && git exp run >"$W/out" && test -e ran && rm o.yaml ran && stage_lr
'

test_expect_success 'what TOML and Python have and JSON has not' '
	rm -f ran && cp dvc.yaml "$W/keep" &&
	printf "  a:\n    cmd: touch ran\n    params: [p.toml: [x], q.py: [x]]\n" | pipeline &&
	printf "x = 1\ny = 07:32:00\n" >p.toml && printf "x = {1, 2}\n" >q.py &&
	refused 128 git exp run <<-\EOF && printf "x = 1\n" >q.py &&
	fatal: q.py: line 1: stage '\''a'\'' cannot use the value '\''{1, 2}'\'' as a parameter
	hint: JSON has no such value: use numbers, texts, lists or dicts
	EOF
	printf "x = 07:32:00\n" >p.toml && refused 128 git exp run <<-\EOF && ! test -e ran &&
	fatal: p.toml: line 1: stage '\''a'\'' cannot use the date '\''07:32:00'\'' as a parameter
	hint: put it in quotes
	EOF
	printf "x = 1\ny = 07:32:00\n" >p.toml && printf "x = 1\ny = {1, 2}\n" >q.py &&
	git exp run >"$W/out" && test -e ran && rm ran p.toml q.py && cp "$W/keep" dvc.yaml
'

# --- -S -------------------------------------------------------------------------

set_refused () {
	refused 128 git exp run -S "$1" <"$W/say" && refused 128 git exp run -n -S "$1" <"$W/say"
}

test_expect_success '-S of what is not there suggests how to add it' '
	echo "lr: 1" >params.yaml && cat >"$W/say" <<-\EOF && set_refused lrr=2 &&
	fatal: params.yaml has no parameter '\''lrr'\''
	hint: did you mean '\''lr'\''?
	hint: to add it write '\''+lrr=...'\''
	EOF
	cat >"$W/say" <<-\EOF && set_refused a.b=2 &&
	fatal: params.yaml has no parameter '\''a.b'\''
	hint: to add it write '\''+a.b=...'\''
	EOF
	echo "fatal: params.yaml has no parameter $(printf "\047zz\047")" >"$W/say" && set_refused "~zz"
'

test_expect_success '-S + of what is there, of no file, of nothing' '
	cat >"$W/say" <<-\EOF && set_refused +lr=2 &&
	fatal: params.yaml already has a parameter '\''lr'\''
	hint: to change it write '\''lr=...'\''
	EOF
	cat >"$W/say" <<-\EOF && set_refused no.yaml:lr=2 &&
	fatal: there is no parameter file '\''no.yaml'\''
	hint: -S changes a file that is there: make it, or name another with -S file:key=value
	EOF
	cat >"$W/say" <<-\EOF && set_refused lr &&
	fatal: '\''lr'\'' says no value
	hint: write '\''lr=value'\''
	EOF
	echo "fatal: $(printf "\047=2\047"): no key before the $(printf "\047=\047")" >"$W/say" && set_refused =2
'

test_expect_success '-S of values that are no values: what was expected, and where' '
	echo "fatal: $(printf "\047lr=[1, 2\047: expected \047,\047 or \047]\047 at the end")" >"$W/say" &&
	set_refused "lr=[1, 2" &&
	echo "fatal: $(printf "\047lr={a}\047: expected \047:\047, not \047}\047, at character 6")" >"$W/say" &&
	set_refused "lr={a}" &&
	printf "%s\n" "fatal: $(printf "\047lr=in(1)\047: there is no function \047in\047")" \
		"hint: $(printf "did you mean \047int\047?")" >"$W/say" && set_refused "lr=in(1)" &&
	echo "fatal: $(printf "params.yaml has no parameter \047x\047, which \047\${x}\047 refers to")" >"$W/say" &&
	set_refused "lr=\${x}"
'

test_expect_success 'names of experiments that Git refuses' '
	git exp run -f --name good >"$W/out" &&
	while IFS="|" read -r name why
	do
		for words in "run -S lr=5 --name" "save --name" "rename good"
		do
			case $words$name in rename*-*) continue ;; esac
			refused 128 git exp $words "$name" <<-EOF || return 1
			fatal: '\''$name'\'' is not a valid experiment name: $why
			EOF
		done
	done <<-\EOF
	a b|it holds a space
	a..b|it holds '\''..'\''
	.a|it begins with a dot
	a.|it ends with a dot
	a.lock|it ends with '\''.lock'\''
	-a|it begins with a dash
	a/b|it holds a '\''/'\''
	a@{b|it holds '\''@{'\''
	a~b|it holds one of ~ ^ : ? * [ \
	|it is empty
	HEAD|Git means something else by it
	EOF
'

test_expect_success 'names of branches that Git refuses, and taken ones' '
	for name in "a b" a..b .a a.lock a~b "" HEAD
	do
		test_must_fail git check-ref-format --branch "$name" &&
		refused 128 git exp branch good "$name" <<-EOF || return 1
		fatal: '\''$name'\'' is not a valid branch name
		EOF
	done &&
	refused 128 git exp branch good main <<-\EOF
	fatal: a branch '\''main'\'' exists already
	EOF
'

test_expect_success 'the name of an experiment that there is' '
	for words in "run -S lr=5 --name good" "save --name good" "rename good good"
	do
		refused 128 git exp $words <<-\EOF || return 1
		fatal: there is an experiment '\''good'\'' already
		hint: choose another name, or drop that one with '\''git exp remove good'\''
		EOF
	done
'

test_expect_success 'an ambiguous experiment: both are listed' '
	a=$(git rev-parse --short=7 HEAD) && git commit -q --allow-empty -m two &&
	b=$(git rev-parse --short=7 HEAD) && git exp run -f --name good >"$W/out" &&
	test_tick && git commit -q --allow-empty -m three &&
	for words in "apply good" "branch good x" "remove good" "rename good x" "log good"
	do
		state >"$W/before" && test_code 128 git exp $words 2>"$W/err" &&
		state >"$W/after" && test_cmp "$W/before" "$W/after" &&
		test_grep "^fatal: .good. names several experiments, none of them below HEAD: " "$W/err" &&
		test_grep "$a:good" "$W/err" && test_grep "$b:good" "$W/err" || return 1
	done &&
	git exp log $a:good >"$W/out"
'

# --- words of the command line ------------------------------------------------------

test_expect_success 'a target that is none, with the one that was meant' '
	printf "  train:\n    cmd: echo\n" | pipeline && for words in "run tran" "status tran" "run -S lr=7 tran"
	do
		refused 128 git exp $words <<-\EOF || return 1
		fatal: no stage named '\''tran'\''
		hint: did you mean '\''train'\''?
		EOF
	done &&
	refused 128 git exp run model.bin <<-\EOF
	fatal: no stage named '\''model.bin'\''
	hint: '\''git exp stage list --all'\'' names them all
	EOF
'

test_expect_success 'misuse: 129, a usage, nothing done' '
	state >"$W/before" &&
	while IFS="|" read -r words why
	do
		test_code 129 git exp $words >"$W/out" 2>"$W/err" </dev/null &&
		test_lines 0 "$W/out" && head -n 1 "$W/err" >"$W/line" && echo "error: $why" >"$W/expect" &&
		test_cmp "$W/expect" "$W/line" && test_grep "usage: git exp " "$W/err" || return 1
	done <<-\EOF &&
	run --bad|unknown option '\''--bad'\''
	run -j|a value is missing after '\''-j'\''
	run -j x|bad value for option '\''-j'\''
	run -j -1|'\''-j'\'' takes a number of stages, 0 or more
	run -S|a value is missing after '\''-S'\''
	run --json|unknown option '\''--json'\''
	status --jso|unknown option '\''--jso'\''
	apply|which experiment?
	branch|which experiment?
	remove|which experiment?
	rename a|an experiment and its new name are needed
	save x|save keeps the whole workspace: '\''x'\'' is too much
	undo x|undo takes back the last one only
	stage|'\''stage'\'' needs a command
	stage lst|'\''lst'\'' is not a command of '\''stage'\''
	data ad x|'\''ad'\'' is not a command of '\''data'\''
	EOF
	test_code 129 git exp rum 2>"$W/err" && test_grep "	run$" "$W/err" &&
	state >"$W/after" && test_cmp "$W/before" "$W/after"
'

test_done
