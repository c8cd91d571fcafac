#!/bin/sh
test_description='dvc.lock, .dvc and dvc.yaml come out as DVC writes them'
. "$(dirname "$0")/test-lib.sh"

PY=${TEST_PYTHON:-$BUILD_DIR/build/venv/bin/python}
"$PY" -c 'import dvc' 2>/dev/null || test_skip_all 'DVC is not installed (make deps)'

# How DVC itself would write each of many random entries, one lock each.
cat >locks.py <<'EOF'
import json, os, random, sys
from collections import OrderedDict
from dvc.utils.serialize import dumps_yaml, parse_yaml_for_update

rnd = random.Random(int(sys.argv[1]))
words = ["a", "data", "übung", "日本", "--long-option", "x" * 90, "'q'", '"d"',
         "#no", "a: b", "{x}", "[1]", "$HOME", "|", ">", "&&", "*", "0.5",
         "true", "null", "~", "2020-01-01", "1e-3", "-", "\\", "%", "@", "🙂",
         "no", "0x1F", "key=value", "a#b", "...", "---", "?", "! x", "`"]

# No two spaces in a row: where DVC folds there, it loses one.
def text(n):
    if rnd.random() < .03:
        return rnd.choice(["", " ", " a", "a ", "a\tb", "\x07"])
    return " ".join(rnd.choice(words) for _ in range(rnd.randint(1, n)))

# DVC cannot read its own keys of more than 80 columns.
def key():
    return " ".join(rnd.choice([w for w in words if len(w) < 20])
                    for _ in range(rnd.randint(1, 2)))

def command():
    kind = rnd.random()
    if kind < .5:
        return text(30)
    if kind < .7:
        return "\n".join(text(8) for _ in range(rnd.randint(2, 4)))
    return [text(12) for _ in range(rnd.randint(1, 3))]

def name():
    return "/".join(rnd.choice(["a", "b.txt", "ä", "c d", "x-y", "Z", "0",
                                "日本", "it's", "no", "1.0"])
                    for _ in range(rnd.randint(1, 3)))

def value(depth):
    kind = rnd.randint(0, 9 if depth else 6)
    if kind == 0:
        return rnd.choice([True, False, None])
    if kind == 1:
        return rnd.choice([0, -1, 10**30, rnd.randint(-99, 99)])
    if kind == 2:
        return rnd.choice([0.1, 1e-5, 1e22, 1.0, -0.0, 1e300, .30000000000000004,
                           float("inf"), rnd.random()])
    if kind < 7:
        return text(6)
    if kind == 7:
        return [value(depth - 1) for _ in range(rnd.randint(0, 3))]
    return {key(): value(depth - 1) for _ in range(rnd.randint(0, 3))}

def path(out):
    d = {"path": name(), "hash": "md5", "md5": "%032x" % rnd.getrandbits(128)}
    if rnd.random() < .2:
        del d["hash"]
    d["size"] = rnd.randint(0, 10**12)
    if rnd.random() < .3:
        d["md5"] += ".dir"
        d["nfiles"] = rnd.randint(0, 99)
    elif rnd.random() < .3:
        d["isexec"] = True
    return d

def paths(out):
    ds = {d["path"]: d for d in (path(out) for _ in range(rnd.randint(0, 4)))}
    return list(ds.values())

def entry():
    e = {"cmd": command()}
    files = rnd.sample(["params.yaml", "a.yaml", "z.json", "Z.yaml"], rnd.randint(0, 3))
    deps, outs = paths(False), paths(True)
    if deps:
        e["deps"] = deps
    if files:
        e["params"] = {f: {key(): value(3) for _ in range(rnd.randint(0, 4))}
                       for f in files}
    if outs:
        e["outs"] = outs
    return e

def as_dvc(e):
    """The order of to_single_stage_lockfile()."""
    res = OrderedDict(cmd=e["cmd"])
    if "deps" in e:
        res["deps"] = sorted(e["deps"], key=lambda d: d["path"])
    if "params" in e:
        files = OrderedDict((f, OrderedDict(sorted(e["params"][f].items())))
                            for f in sorted(e["params"]))
        if "params.yaml" in files:
            files.move_to_end("params.yaml", last=False)
        res["params"] = files
    if "outs" in e:
        res["outs"] = sorted(e["outs"], key=lambda d: d["path"])
    return res

for i in range(int(sys.argv[2])):
    old = {"stage%d" % k: entry() for k in range(rnd.randint(0, 3))}
    new = {rnd.choice(["stage0", "stage1", "new", "tr@a-1"]): entry()
           for k in range(2)}
    before = ""
    if old:
        before = dumps_yaml({"schema": "2.0",
                             "stages": {n: as_dvc(e) for n, e in old.items()}})
    # DVC may fold a text anew each time, until nothing changes.
    while before:
        again = dumps_yaml(parse_yaml_for_update(before, "dvc.lock"))
        if again == before:
            break
        before = again
    data = parse_yaml_for_update(before, "dvc.lock")
    if not data:
        data.update({"schema": "2.0"})
    data["stages"] = data.get("stages", {})
    for n, e in new.items():
        data["stages"].update({n: as_dvc(e)})
    os.mkdir(str(i))
    open("%d/before" % i, "w").write(before)
    json.dump(new, open("%d/new" % i, "w"))
    open("%d/expect" % i, "w").write(dumps_yaml(data))
EOF

for seed in 1 2 3
do
	test_expect_success "30 random locks, seed $seed" '
		mkdir seed.'$seed' && (
			cd seed.'$seed' &&
			PYTHONIOENCODING=utf-8 PYTHONUTF8=1 "$PY" ../locks.py '$seed' 30 &&
			for d in *
			do
				"$OBJ_DIR/t/u-lock" $d/before $d/new >$d/actual &&
				test_cmp $d/expect $d/actual || exit 1
			done
		)
	'
done

test_expect_success 'DVC reads the same values from a lock of ours' '
	PYTHONUTF8=1 "$PY" - seed.* <<-\EOF
	import json, os, sys
	from dvc.schema import COMPILED_LOCKFILE_SCHEMA
	from dvc.utils.serialize import load_yaml
	for seed in sys.argv[1:]:
	    for d in os.listdir(seed):
	        lock = load_yaml(f"{seed}/{d}/actual")
	        COMPILED_LOCKFILE_SCHEMA(lock)
	        for name, entry in json.load(open(f"{seed}/{d}/new")).items():
	            mine = lock["stages"][name]
	            assert mine["cmd"] == entry["cmd"], (seed, d)
	            assert mine.get("params") == entry.get("params"), (seed, d)
	EOF
'

test_expect_success 'a lock that DVC refuses is refused' '
	cat >table.py <<-\EOF &&
	import subprocess, sys
	from dvc.schema import COMPILED_LOCKFILE_SCHEMA
	from dvc.utils.serialize import parse_yaml
	head = "schema: \"2.0\"\nstages: "
	texts = [head + t for t in [
	    "{}", "", "[]", "{a: {cmd: x}}", "{a: {cmd: [x, 1]}}", "{a: {cmd: }}",
	    "{a: {cmd: 1}}", "{a: {}}", "{a: }", "{1: {cmd: x}}", "{a: {cmd: x, x: 1}}",
	    "{a: {cmd: x, deps: []}}", "{a: {cmd: x, deps: {}}}",
	    "{a: {cmd: x, deps: [{path: d}]}}", "{a: {cmd: x, deps: [{}]}}",
	    "{a: {cmd: x, deps: [{path: 1}]}}",
	    "{a: {cmd: x, deps: [{path: d, md5: }]}}",
	    "{a: {cmd: x, deps: [{path: d, md5: \"\"}]}}",
	    "{a: {cmd: x, deps: [{path: d, md5: ab}]}}",
	    "{a: {cmd: x, deps: [{path: d, md5: 123}]}}",
	    "{a: {cmd: x, deps: [{path: d, size: 1.0}]}}",
	    "{a: {cmd: x, deps: [{path: d, isexec: 1}]}}",
	    "{a: {cmd: x, deps: [{path: d, cloud: {r: {etag: abc}}}]}}",
	    "{a: {cmd: x, deps: [{path: d, cloud: {r: {}, s: {}}}]}}",
	    "{a: {cmd: x, outs: [{path: d, files: [{relpath: x, md5: abc}]}]}}",
	    "{a: {cmd: x, outs: [{path: d, files: [{md5: abc}]}]}}",
	    "{a: {cmd: x, outs: [{path: d, cache: true}]}}",
	    "{a: {cmd: x, deps: [{path: d, dataset: {a: 1}}]}}",
	    "{a: {cmd: x, params: {}}}", "{a: {cmd: x, params: [a]}}",
	    "{a: {cmd: x, params: {p: {k: [1]}}}}", "{a: {cmd: x, params: {p: {1: 2}}}}",
	    "{a: {cmd: x, params: {p: }}}",
	    "{}\ndatasets: 1", "{}\nmore: 1",
	]] + ["schema: 2.0", "schema: \"3.0\"", "schema: \"2.0\"", "a: {cmd: x}"]
	wrong = 0
	for text in texts:
	    try:
	        COMPILED_LOCKFILE_SCHEMA(parse_yaml(text, "x"))
	        dvc = 0
	    except Exception as e:
	        dvc = 1
	    open("lock", "w").write(text + "\n")
	    us = subprocess.run([sys.argv[1], "lock"], capture_output=True).returncode
	    if us != dvc:
	        print(f"DVC {dvc}, we {us}: {text}")
	        wrong = 1
	sys.exit(wrong)
	EOF
	"$PY" table.py "$OBJ_DIR/t/u-lock"
'

test_expect_success 'stages come out as DVC serializes them' '
	cat >dvc.yaml <<-\EOF &&
	stages:
	  a:
	    cmd: echo a
	    always_changed: true
	    outs: [z, {b: {push: false, persist: true, desc: d, remote: r}}, {"c d": {cache: false}}]
	    metrics: [{m.json: {cache: false}}, n.json]
	    plots: [{q.csv: {y: b, x: a, title: t, header: false, cache: false}}, p.csv]
	    deps: [z.py, Z.py, "it''s"]
	    params: [z, {other.yaml: [k, b]}, a.b, {whole.json: }, {A.yaml: [x]}]
	    desc: "what: it does"
	  b:
	    cmd: [one, "two: 2"]
	    wdir: sub/dir
	    frozen: true
	    params: [{params.yaml: }]
	  c:
	    cmd: |
	      one --with a-rather-long-option --and another --so that it --has to be folded
	      two
	EOF
	mkdir -p .dvc sub/dir &&
	printf "[core]\n    no_scm = true\n" >.dvc/config &&
	echo "{a: 1}" >sub/dir/params.yaml &&
	HOME=$HOME "$PY" - >expect <<-\EOF &&
	from dvc.repo import Repo
	from dvc.stage.serialize import to_pipeline_file
	from dvc.utils.serialize import dumps_yaml
	r = Repo()
	stages = {}
	for s in ["a", "b", "c"]:
	    stages.update(to_pipeline_file(r.stage.load_one(name=s)))
	print(dumps_yaml({"stages": stages}), end="")
	EOF
	"$OBJ_DIR/t/u-dvcfile" dvc.yaml >actual &&
	test_cmp expect actual
'

test_done
