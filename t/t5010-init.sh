#!/bin/sh
test_description='init makes a DVC project and writes its first stage'
. "$(dirname "$0")/test-lib.sh"

# A fresh repository with what the arguments name: dirs end in a slash.
fresh () {
	cd "$TRASH/work" && rm -rf repo && git init -q repo && cd repo &&
	for path
	do
		case $path in
		*/) mkdir -p "$path" && echo x >"${path}file" ;;
		params.yaml) printf 'train:\n  lr: 0.1\nunits: 16\n' >params.yaml ;;
		*) echo x >"$path" ;;
		esac
	done
}

# answer LINE...: git exp init -i with these lines typed.
answer () {
	printf '%s\n' "$@" | git exp init -i >"$TRASH/out.txt" 2>"$TRASH/err.txt"
}

test_expect_success 'without a command: just the project, nothing staged' '
	fresh &&
	git exp init >out &&
	printf "%s\n" "Initialized DVC repository." "" \
		"To track the changes with git, run:" "" \
		"	git add .dvcignore .dvc/.gitignore .dvc/config" >expect &&
	test_cmp expect out &&
	test ! -e .git/index &&
	git add .dvcignore .dvc && git status --short >status &&
	printf "%s\n" "A  .dvc/.gitignore" "A  .dvc/config" "A  .dvcignore" \
		"?? expect" "?? out" "?? status" >expect2 &&
	grep -v expect2 status >status2 && test_cmp expect2 status2
'

test_expect_success 'a second time nothing changes' '
	fresh && git exp init && echo "# mine" >>.dvc/config && rm .dvcignore &&
	snapshot_state >"$TRASH/before" &&
	git exp init >"$TRASH/out.txt" &&
	grep "is a DVC project already" "$TRASH/out.txt" &&
	git exp init --force >"$TRASH/out.txt" &&
	snapshot_state >"$TRASH/after" &&
	test_cmp "$TRASH/before" "$TRASH/after"
'

test_expect_success 'a project that was cut off is completed' '
	fresh && mkdir .dvc && git exp init && test -f .dvc/config &&
	test -f .dvc/.gitignore && test -f .dvcignore
'

test_expect_success 'a command: a stage of the usual paths that exist' '
	fresh src/ data/ params.yaml &&
	git exp init python3 src/train.py >out &&
	cat >expect <<-\EOF &&
	stages:
	  default:
	    cmd: python3 src/train.py
	    deps:
	    - data
	    - src
	    params:
	    - train
	    - units
	EOF
	test_cmp expect dvc.yaml &&
	grep -x "Created default stage in dvc.yaml. To run, use .git exp run." out &&
	grep "	git add .dvcignore .dvc/.gitignore .dvc/config dvc.yaml$" out &&
	test ! -e .gitignore
'

test_expect_success 'named parts are taken, --no-x leaves one out' '
	fresh src/ data/ models/ params.yaml metrics.json plots/ &&
	rm -r models &&
	git exp init --name fit --no-data --model out/m/ --metrics m.json \
		--plots=p/ --params units.yaml "a  b" &&
	cat >expect <<-\EOF &&
	stages:
	  fit:
	    cmd: a  b
	    deps:
	    - src
	    params:
	    - units.yaml:
	    outs:
	    - out/m
	    metrics:
	    - m.json:
	        cache: false
	    plots:
	    - p:
	        cache: false
	EOF
	test_cmp expect dvc.yaml &&
	test -f units.yaml && test ! -s units.yaml && test ! -e out && test ! -e p
'

test_expect_success '-i: the questions in their order, on stderr, defaults in brackets' '
	fresh src/ data/ params.yaml &&
	answer "python3 src/train.py" "" "" "" "" "" "" y &&
	test_lines 6 "$TRASH/out.txt" &&
	grep -o "^[A-Z].*\[.*\]\|^Command to execute" "$TRASH/err.txt" >asked &&
	cat >expect <<-\EOF &&
	Command to execute
	Path to a code file/directory [src, n to omit]
	Path to a data file/directory [data, n to omit]
	Path to a model file/directory [models, n to omit]
	Path to a parameters file [params.yaml, n to omit]
	Path to a metrics file [metrics.json, n to omit]
	Path to a plots file/directory [plots, n to omit]
	Do you want to add the above contents to dvc.yaml? [y/n]
	EOF
	test_cmp expect asked &&
	for name in data metrics.json models params.yaml plots src
	do
		grep " $name\$" "$TRASH/err.txt" || echo lost
	done >tree && test_grep ! lost tree
'

test_expect_success '-i: what it shows is what it writes' '
	cat >expect <<-\EOF &&
	stages:
	  default:
	    cmd: python3 src/train.py
	    deps:
	    - data
	    - src
	    params:
	    - train
	    - units
	    outs:
	    - models
	    metrics:
	    - metrics.json:
	        cache: false
	    plots:
	    - plots:
	        cache: false
	EOF
	test_cmp expect dvc.yaml &&
	awk "/^\342\224\200/ { n++; next } n == 1" "$TRASH/err.txt" >shown &&
	sed 1d dvc.yaml >written && test_cmp written shown &&
	echo /models >expect && test_cmp expect .gitignore &&
	head -n 2 "$TRASH/out.txt" >actual &&
	printf "%s\n" "Initialized DVC repository." \
		"Created default stage in dvc.yaml. To run, use '\''git exp run'\''" >expect &&
	test_cmp expect actual
'

test_expect_success '-i: n omits, a slash at the end is dropped, given parts are not asked' '
	fresh src/ params.yaml &&
	printf "%s\n" "" "run me" n mod/ n n yes |
		git exp init -i --code src/ --plots pl/ 2>"$TRASH/err.txt" &&
	cat >expect <<-\EOF &&
	stages:
	  default:
	    cmd: run me
	    deps:
	    - src
	    outs:
	    - mod
	    plots:
	    - pl:
	        cache: false
	EOF
	test_cmp expect dvc.yaml &&
	test_grep ! "code file" "$TRASH/err.txt" &&
	grep "needs a command" "$TRASH/err.txt"
'

test_expect_success '-i: inputs that are missing are made, and said' '
	fresh &&
	answer "sh x" prog.py "in/raw data" "" "" "" "" y &&
	test -f prog.py && test -d "in/raw data" && test -f params.yaml &&
	test ! -e models && test ! -e metrics.json && test ! -e plots &&
	grep "Created .prog.py., .in/raw data. and .params.yaml., which did not exist" \
		"$TRASH/out.txt" &&
	grep "prog.py. does not exist, the file will be created" "$TRASH/err.txt" &&
	grep "in/raw data. does not exist, the directory will" "$TRASH/err.txt" &&
	grep "^    - params.yaml:$" dvc.yaml &&
	grep "git add .* prog.py params.yaml .gitignore dvc.yaml" "$TRASH/out.txt"
'

test_expect_success '-i: a directory is no file of parameters' '
	fresh src/ conf/ &&
	answer "sh x" "" n n conf n n n y &&
	grep "conf. is a directory" "$TRASH/err.txt" && test_grep ! params dvc.yaml
'

test_expect_success '-i: no means nothing is written, exit 1' '
	fresh src/ &&
	snapshot_state >"$TRASH/before" &&
	test_code 1 answer "sh x" "" "" "" "" "" "" maybe n &&
	grep -x "Nothing was written." "$TRASH/out.txt" &&
	grep "answer y or n" "$TRASH/err.txt" &&
	snapshot_state >"$TRASH/after" && test_cmp "$TRASH/before" "$TRASH/after" &&
	test ! -e .dvc && test ! -e data
'

test_expect_success '-i: the end of the input at any question writes nothing' '
	fresh src/ &&
	snapshot_state >"$TRASH/before" &&
	for n in 0 1 2 3 4 5 6 7
	do
		printf "x\n\n\n\n\n\n\n" | head -n $n >"$TRASH/typed" &&
		test_code 128 git exp init -i <"$TRASH/typed" 2>"$TRASH/err.txt" &&
		grep "^fatal: end of input: nothing was written" "$TRASH/err.txt" >"$TRASH/line" &&
		snapshot_state >"$TRASH/after" &&
		test_cmp "$TRASH/before" "$TRASH/after" || echo "after $n lines"
	done >"$TRASH/bad" &&
	test_cmp /dev/null "$TRASH/bad" && test ! -e .dvc && test ! -e data
'

test_expect_success 'a stage that is there is refused before anything is asked' '
	fresh src/ && git exp init first &&
	snapshot_state >"$TRASH/before" &&
	test_code 128 git exp init second 2>"$TRASH/err.txt" &&
	grep "^fatal: stage .default. already exists in .dvc.yaml." "$TRASH/err.txt" &&
	grep "^hint: .*--force" "$TRASH/err.txt" &&
	test_code 128 git exp init -i 2>"$TRASH/err.txt" && test_grep ! "Command" "$TRASH/err.txt" &&
	snapshot_state >"$TRASH/after" && test_cmp "$TRASH/before" "$TRASH/after" &&
	git exp init --force second && grep "cmd: second" dvc.yaml &&
	git exp init --name other third && grep "cmd: third" dvc.yaml
'

test_expect_success 'nothing is written when the stage cannot stand there' '
	fresh src/ models/ && git add models && git commit -q -m models &&
	snapshot_state >"$TRASH/before" &&
	test_code 128 git exp init cmd 2>"$TRASH/err.txt" &&
	grep "^fatal: output .models. is already tracked by Git" "$TRASH/err.txt" &&
	test_code 128 git exp init --no-model --name "a.b" cmd 2>"$TRASH/err.txt" &&
	grep "name .a.b." "$TRASH/err.txt" &&
	test_code 128 git exp init --model ../out cmd 2>"$TRASH/err.txt" &&
	test_code 128 git exp init --model src/x cmd 2>"$TRASH/err.txt" &&
	echo "{" >dvc.yaml && test_code 128 git exp init --no-model cmd 2>"$TRASH/err.txt" &&
	grep "^fatal: dvc.yaml: line" "$TRASH/err.txt" && rm dvc.yaml &&
	snapshot_state >"$TRASH/after" && test_cmp "$TRASH/before" "$TRASH/after" &&
	test ! -e .dvc
'

test_expect_success 'below the top: refused, or --subdir' '
	fresh sub/ && cd sub &&
	test_code 128 git exp init 2>"$TRASH/err.txt" &&
	grep "^hint: .*--subdir" "$TRASH/err.txt" && test ! -e .dvc &&
	git exp init --subdir >"$TRASH/out.txt" && test -f .dvc/config &&
	test ! -e ../.dvc && grep "git add .dvcignore " "$TRASH/out.txt" &&
	git exp stage add -q -n x -o big cmd && echo /big >expect &&
	test_cmp expect .gitignore
'

test_expect_success 'inside a project: the dvc.yaml of this directory' '
	fresh sub/ && git exp init && cd sub && git exp init --model big cmd >out &&
	test -f dvc.yaml && test ! -e ../dvc.yaml && test ! -e .dvc &&
	grep "git add .gitignore dvc.yaml" out
'

test_expect_success '.dvc that Git ignores, or that is a file, is refused' '
	fresh && echo .dvc >.gitignore &&
	test_code 128 git exp init 2>"$TRASH/err.txt" && test ! -e .dvc &&
	grep "^fatal: ..dvc. is ignored by Git" "$TRASH/err.txt" &&
	fresh && echo x >.dvc && test_code 128 git exp init 2>"$TRASH/err.txt" &&
	grep "^fatal: ..dvc. is there" "$TRASH/err.txt"
'

test_expect_success 'keys that no dotted name reaches make it the whole file' '
	fresh && printf "a.b: 1\nc: 2\n" >params.yaml && git exp init cmd &&
	grep "^    - params.yaml:$" dvc.yaml &&
	printf "1: x\nc: 2\n" >params.yaml && git exp init -f cmd &&
	grep "^    - params.yaml:$" dvc.yaml &&
	printf "c: [\n" >params.yaml && test_code 128 git exp init -f cmd 2>err &&
	grep "^fatal: params.yaml: line" err
'

test_expect_success 'works in a linked worktree' '
	fresh src/ && git add . && git commit -q -m start &&
	git worktree add -q ../linked 2>/dev/null && cd ../linked &&
	git exp init --model m cmd && test -f .dvc/config && test -f dvc.yaml &&
	cd ../repo && git worktree remove --force ../linked
'

test_expect_success 'core.autostage of an existing project stages' '
	fresh src/ && git exp init -q && git add . && git commit -q -m start &&
	printf "[core]\n    autostage = true\n" >.dvc/config &&
	git exp init --model m cmd >out && test_grep ! "git add" out &&
	git diff --cached --name-only >staged &&
	printf "%s\n" .gitignore dvc.yaml >expect && test_cmp expect staged
'

dvc=$BUILD_DIR/build/venv/bin/python
test -x "$dvc" || test_skip_next 'DVC is not installed (make deps)'
test_expect_success 'the project is byte for byte what DVC makes, and DVC opens it' '
	fresh src/ data/ params.yaml && git exp init --model m cmd &&
	git init -q ../theirs &&
	cat >"$TRASH/both.py" <<-\EOF &&
	import os, sys
	from dvc.cli import main
	os.chdir("../theirs")
	assert main(["init", "-q"]) == 0
	os.chdir("../repo")
	from dvc.repo import Repo
	with Repo() as repo:
	    (stage,) = repo.index.stages
	    print(stage.addressing, stage.cmd)
	EOF
	"$dvc" "$TRASH/both.py" >opened &&
	echo "default cmd" >expect && test_cmp expect opened &&
	for file in .dvc/config .dvc/.gitignore .dvcignore .dvc/tmp/btime
	do
		test_cmp "../theirs/$file" "$file" || echo "$file"
	done >bad && test_cmp /dev/null bad
'

test_done
