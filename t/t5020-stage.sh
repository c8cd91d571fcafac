#!/bin/sh
test_description='stage add and stage list do what those of DVC do'
. "$(dirname "$0")/test-lib.sh"

here=$PWD

# Two equal projects, one for each tool.
start () {
	cd "$here" && git init -q "$1" && (
		cd "$1" && git exp init -q && mkdir sub src &&
		echo "lr: 1" >params.yaml && echo x >tracked &&
		git add . && git commit -q -m start
	)
}

test_expect_success 'setup' 'start ours && start theirs'

test_expect_success 'what was added is said, with the files to add' '
	start said && cd said &&
	git exp stage add -n train -o model -w sub -M m.json run it >out &&
	printf "%s\n" "Added stage '\''train'\'' in '\''dvc.yaml'\''" "" \
		"To track the changes with git, run:" "" \
		"	git add sub/.gitignore dvc.yaml" >expect &&
	test_cmp expect out && git diff --cached --quiet &&
	git exp stage add -q -n quiet true >out && test_cmp /dev/null out
'

test_expect_success 'a comment and odd layout of other stages stay' '
	start keep && cd keep &&
	cat >dvc.yaml <<-\EOF &&
	# top
	stages:
	    odd:   # why
	        cmd:   "a"
	        deps: [ x,  y ]
	EOF
	cp dvc.yaml before && git exp stage add -q -n new -d z cmd &&
	head -n 5 dvc.yaml >after && test_cmp before after &&
	git exp stage list --name-only >names && printf "odd\nnew\n" >expect &&
	test_cmp expect names
'

# refused WHY ARGS...: stage add fails, its message matches, nothing changed.
refused () {
	why=$1 && shift &&
	snapshot_state | grep -v " ./.dvc/tmp/" >"$TRASH/before" &&
	test_code 128 git exp stage add "$@" 2>"$TRASH/err.txt" &&
	test_grep "^fatal: .*$why" "$TRASH/err.txt" &&
	snapshot_state | grep -v " ./.dvc/tmp/" >"$TRASH/after" &&
	test_cmp "$TRASH/before" "$TRASH/after"
}

test_expect_success 'what cannot stand in the project is refused, nothing written' '
	start bad && cd bad &&
	git exp stage add -q -n one -d in -o out/dir one &&
	refused "already exists" -n one x &&
	refused "name" -n a.b x &&
	refused "name" -n a/b x &&
	refused "more than once" -n x -d a -d ./a x &&
	refused "more than once" -n x -d params.yaml -p lr x &&
	refused "tracked by Git" -n x -o tracked x &&
	refused "out/dir" -n x -o out/dir x &&
	refused "out/dir/in" -n x -o out/dir/in x &&
	refused "out" -n x -O out x &&
	refused "circle" -n x -d out/dir -o in x &&
	refused "outside" -n x -o ../o x &&
	refused "does not exist" -n x -w nodir x &&
	refused "not a directory" -n x -w tracked x &&
	refused "outside" -n x -w .. x &&
	refused "git" -n x -o .git/x x
'

test_expect_success 'a dvc.yaml that does not parse is named with its line' '
	start broken && cd broken && printf "stages:\n  a: [\n" >dvc.yaml &&
	refused "dvc.yaml: line" -n x x
'

test_expect_success 'an output whose directory is missing warns once' '
	start late && cd late &&
	git exp stage add -q -n x -o nodir/out x 2>err &&
	test_lines 1 err && grep "^warning: .*nodir" err && test ! -e nodir
'

command -v flock >/dev/null || test_skip_next 'no flock'
test_expect_success 'it waits for the lock of DVC, then says who has it' '
	start locked && cd locked && mkdir -p .dvc/tmp &&
	test_code 128 flock .dvc/tmp/lock git exp stage add -q -n x x 2>err &&
	grep "^fatal: .*lock" err && test ! -e dvc.yaml
'

test_expect_success 'list: a file that cannot be read is left out, with --fail not' '
	start rest && cd rest && git exp stage add -q -n top true &&
	echo "stages: {low: {cmd: y, outs: [o]}}" >sub/dvc.yaml && echo "stages: [" >src/dvc.yaml &&
	git exp stage list --all --name-only >out 2>err && test_lines 1 err &&
	grep "^warning: src/dvc.yaml: line [12][,:] .*left out$" err &&
	printf "%s\n" top sub/dvc.yaml:low >want && test_cmp want out &&
	git exp stage list top >out && test_lines 1 out &&
	git exp stage list -R sub >out && test_lines 1 out &&
	test_code 128 git exp stage list --all --fail >out 2>err &&
	test_cmp /dev/null out && grep "^fatal: src/dvc.yaml: line [12][,:] " err &&
	test_code 128 git exp stage list src/dvc.yaml 2>err &&
	grep "^fatal: src/dvc.yaml: line [12][,:] " err &&
	echo "stages: {top: {cmd: y, outs: [../sub/o]}}" >src/dvc.yaml &&
	test_code 128 git exp stage list --all >out 2>err && test_lines 1 err &&
	grep "^fatal: .*sub/o" err
'

# Every way to spell a stage; "-" stands for our own way of the same words.
cat >"$TRASH/cases" <<\EOF
-n c01 python3 train.py
-n c02 -d src python3 "a b" 'c "d"' ''
-n c03 "one word  as it is"
-n c04 -d ./src/ -d sub/../x -d b//c -o out/ -o ./o2 -o sub//o3 -O nn/ cmd
-n c05 -p lr cmd
-n c06 -p lr,model.units,a -p q.yaml:b,a -p w.json: cmd
-n c07 -p z.yaml:k -p b.yaml:k -p m,l -p params.yaml:c cmd
-n c08 -p other.yaml: -p lr,lr -p lr cmd
-n c09 -p params.yaml: cmd
-n c10 -p '' cmd
-n c11 -o o11 -O o11b --outs-persist o11c --outs-persist-no-cache o11d cmd
-n c12 -m m12 -M m12b --plots p12 --plots-no-cache p12b cmd
-n c13 -w sub -d x -o m13 -m mm13.json -p lr cmd
-n c14 -w ./sub/ cmd
-n c15 --desc 'what it does' cmd
-n c16 --desc 'two
lines' cmd
-n c17 --always-changed cmd
-n c18 -o 'with space' -o 'ümlaut' -o 'a*b' -o '#k' -o 'sub/!h' cmd
-n c19 cmd --flag -n x
-n c20 'echo "quoted" and '"'single'"
-n c21 'multi
line'
-n c22 'trailing: colon # and hash'
-n c23 '{braces}' '[brackets]'
-n c24 -d '- dash' -d '? q' -d 'true' -d '12' -d 'null' -d '~x' cmd
-n c25 "a very long command line that goes on and on and on, far beyond eighty columns, to see where it is folded by ruamel"
-n 'c 26' cmd
-n c27 -O ../outside27 cmd
-n c28 -d /etc/hostname cmd
-n c29 -o nodir/deep/out cmd
-n c30 -d o11 -d m12 -o o30 cmd
-n c01 -f -d src again
-n c12 -f -M n12 again
-n c01 again
-n c31 -d a -d a cmd
-n c32 -d params.yaml -p lr cmd
-n c33 -o out cmd
-n c34 -o out/in cmd
-n bad.name cmd
-n c35 -o ../cached cmd
-n c36 -d o30 -o c36 -o o36 cmd
-n c37 -d o36 -o x37 -d sub/y cmd
-n c38 -w nodir38 cmd
-n c39 ' '
-n c40 -d . cmd
-n ü41 -p 'k=1' -p 'k w,z' cmd
-n c42 -p sub/p.yaml:a -w sub cmd
EOF

cat >"$TRASH/theirs.py" <<\EOF
import os, shlex, sys, tempfile
from dvc.cli import main

# DVC keeps the streams it found first: only the descriptor can be redirected.
def quiet(args):
    with tempfile.TemporaryFile() as to:
        sys.stdout.flush()
        old = os.dup(1)
        os.dup2(to.fileno(), 1)
        code = main(args)
        sys.stdout.flush()
        os.dup2(old, 1)
        os.close(old)
        to.seek(0)
        return code, to.read().decode()

def text(path):
    return open(path, encoding="utf-8").read() if os.path.exists(path) else ""

def keep(name, code):
    with open(f"{sys.argv[2]}/{name}", "w", encoding="utf-8") as f:
        f.write(f"{'ok' if code == 0 else 'refused'}\n" + text("dvc.yaml") +
                "--\n" + text(".gitignore") + "--\n" + text("sub/.gitignore"))

words = open(sys.argv[1], encoding="utf-8").read()
lines, at = [], ""
for line in words.splitlines(keepends=True):
    at += line
    try:
        lines.append(shlex.split(at))
        at = ""
    except ValueError:
        pass
for n, args in enumerate(lines):
    keep(n, quiet(["stage", "add", *args])[0])
for name, args, where in (("list", [], "."), ("all", ["--all"], "."),
        ("names", ["--name-only"], "."), ("some", ["c02", "c12"], "."),
        ("below", ["--all"], "sub"), ("up", ["../dvc.yaml:c05"], "sub"),
        ("deep", ["-R", "."], ".")):
    os.chdir(os.path.join(sys.argv[3], where))
    code, out = quiet(["stage", "list", *args])
    open(f"{sys.argv[2]}/list-{name}", "w", encoding="utf-8").write(out)
print(len(lines))
EOF

dvc=$BUILD_DIR/build/venv/bin/python
if ! test -x "$dvc"
then
	test_skip_next 'DVC is not installed (make deps)'
	test_expect_success 'as DVC writes it' ''
	test_done
fi

test_expect_success 'DVC adds its stages' '
	mkdir "$TRASH/want" "$TRASH/have" && cd "$here/theirs" &&
	LC_ALL=C.UTF-8 "$dvc" "$TRASH/theirs.py" "$TRASH/cases" "$TRASH/want" "$PWD" >"$TRASH/nr" &&
	cat "$TRASH/nr" && test "$(cat "$TRASH/nr")" -ge 46
'

keep () {
	{
		echo "$2"
		cat dvc.yaml
		echo --
		cat .gitignore 2>/dev/null
		echo --
		cat sub/.gitignore 2>/dev/null
	} >"$TRASH/have/$1"
}

# Hand each case to the tool as the words that a shell makes of it.
cd "$here/ours" || exit 1
n=0 at=''
while IFS= read -r line
do
	at="$at$line"
	words=$(printf '%s' "$at" | tr -dc "'" | wc -c)
	if test $((words % 2)) = 1
	then
		at="$at
"
		continue
	fi
	case=$at at=''
	test_expect_success "as DVC: $(printf '%s' "$case" | tr '\n#' ' .' | cut -c1-60)" '
		if eval "git exp stage add $case" >"$TRASH/said" 2>&1
		then keep $n ok
		else keep $n refused
		fi
		cat "$TRASH/said" &&
		test_cmp "$TRASH/want/$n" "$TRASH/have/$n"
	'
	n=$((n + 1))
done <"$TRASH/cases"

test_expect_success 'every case was compared' 'test "$n" = "$(cat "$TRASH/nr")"'

list () {
	git exp stage list "$@"
}
test_expect_success 'list: as DVC prints it' '
	cd "$here/ours" &&
	list >"$TRASH/have/list-list" && list --all >"$TRASH/have/list-all" &&
	list --name-only >"$TRASH/have/list-names" &&
	list c02 c12 >"$TRASH/have/list-some" &&
	list -R . >"$TRASH/have/list-deep" && cd sub &&
	list --all >"$TRASH/have/list-below" &&
	list ../dvc.yaml:c05 >"$TRASH/have/list-up" &&
	for what in list all names some below up deep
	do
		test -s "$TRASH/want/list-$what" &&
		test_cmp "$TRASH/want/list-$what" "$TRASH/have/list-$what" ||
			echo "differs: $what"
	done >"$TRASH/bad" && test_cmp /dev/null "$TRASH/bad"
'

test_expect_success 'list --json: what stands in dvc.yaml, paths from the project' '
	cd "$here/ours" && list --json c13 c06 >"$TRASH/json" &&
	python3 - "$TRASH/json" <<-\EOF
	import json, sys
	one, two = json.load(open(sys.argv[1]))
	def out(path, **more):
	    base = dict(cache=True, persist=False, metric=False, plot=False, push=True)
	    return dict(path=path, **{**base, **more})
	assert one == {
	    "stage": "c13", "cmd": ["cmd"], "wdir": "sub", "deps": ["sub/x"],
	    "outs": [out("sub/m13"), out("sub/mm13.json", metric=True)],
	    "params": {"sub/params.yaml": ["lr"]}, "frozen": False,
	    "always_changed": False, "desc": None}, one
	assert two["params"] == {
	    "params.yaml": ["a", "lr", "model.units"], "q.yaml": ["a", "b"],
	    "w.json": None}, two
	EOF
'

test_expect_success 'list --json: random projects as DVC resolves them' '
	git init -q "$here/many" && mkdir "$here/many/p" && cd "$here/many" &&
	"$dvc" "$TEST_DIR/dvc/pipe.py" generate p 40 &&
	LC_ALL=C.UTF-8 "$dvc" "$TEST_DIR/dvc/pipe.py" view p/* >"$TRASH/theirs" &&
	for one in p/*
	do
		(cd "$one" && { git exp stage list --all --json --fail 2>/dev/null || echo null; })
	done >"$TRASH/mine" &&
	python3 - "$TRASH/theirs" "$TRASH/mine" <<-\EOF
	import json, sys
	theirs, mine = ([json.loads(x) for x in open(n, encoding="utf-8")] for n in sys.argv[1:])
	def stage(s):
	    cmd = s["cmd"]
	    return {"stage": s["addr"], "cmd": cmd if isinstance(cmd, list) else [cmd] if cmd else [],
	        "wdir": s["wdir"], "deps": [d["path"] for d in s["deps"]],
	        "outs": [{k: o[k] for k in ("path", "cache", "persist", "metric", "plot", "push")}
	                 for o in s["outs"]],
	        "params": {p["path"]: None if p["whole"] else p["keys"] for p in s["params"]},
	        "frozen": s["frozen"], "always_changed": s["always_changed"], "desc": s.get("desc")}
	compared = 0
	assert len(theirs) == len(mine) == 40
	for a, b in zip(theirs, mine):
	    if "stages" in a and b is not None:
	        want = [stage(s) for s in a["stages"]]
	        assert want == b, (want, b)
	        compared += len(b)
	        assert all(list(x) == list(y) for x, y in zip(want, b))
	print(compared)
	assert compared > 100
	EOF
'

test_done
