#!/bin/sh
test_description='stages come in the order in which DVC would run them'
. "$(dirname "$0")/test-lib.sh"

PYTHON=$BUILD_DIR/build/venv/bin/python
test -x "$PYTHON" || test_skip_all 'DVC is not installed (make deps)'
DVC_SITE_CACHE_DIR=$TRASH/site PYTHONDONTWRITEBYTECODE=1
export DVC_SITE_CACHE_DIR PYTHONDONTWRITEBYTECODE

# Writes projects p1, p2, ... with random stages, and what DVC makes of each:
# pN.want has the order of `dvc repro -P`, or the word "circle".
cat >graphs.py <<'END'
import os, random, sys

# DVC takes files in the order the file system lists them; ours is sorted.
listed = os.walk
def walk(*args, **more):
    for root, dirs, files in listed(*args, **more):
        dirs.sort()
        yield root, dirs, sorted(files)
os.walk = walk

from dvc.exceptions import CyclicGraphError
from dvc.repo import Repo
from dvc.repo.reproduce import get_active_graph, plan_repro

def outs(rng, names):
    made = []
    for n in names:
        top = rng.choice(["o", "o", "d%d" % rng.randrange(3)])
        path = f"{top}/{n}" if rng.random() < .7 else f"{n}.out"
        made.append(path)
    return made

def stage(rng, name, mine, known):
    deps = set()
    for p in rng.sample(known, min(len(known), rng.randrange(4))):
        way = rng.random()
        if way < .2 and "/" in p:
            p = p.split("/")[0]
        elif way < .4:
            p += "/inside"
        deps.add(p)
    deps -= {mine}
    text = f"  {name}:\n    cmd: c{name}\n"
    if deps:
        deps = sorted(deps)
        rng.shuffle(deps)
        text += "    deps:\n" + "".join(f"    - {d}\n" for d in deps)
    if rng.random() < .2 and known:
        p = rng.choice(known)
        if p not in deps and p != mine:
            text += f"    params:\n    - {p}:\n"
    text += f"    outs:\n    - {mine}\n"
    if rng.random() < .1:
        text += "    frozen: true\n"
    return text

def build(rng, root):
    os.makedirs(root + "/.dvc/tmp")
    open(root + "/.dvc/config", "w").write("[core]\n    no_scm = true\n")
    names = [f"s{i}" for i in range(rng.randrange(2, 14))]
    made = outs(rng, names)
    # what a stage may need: mostly the earlier ones of a hidden order
    hidden = list(range(len(names)))
    rng.shuffle(hidden)
    text = "stages:\n"
    for i, n in enumerate(names):
        known = [made[j] for j in hidden[:hidden.index(i)]] + ["raw"]
        if rng.random() < .02:
            known = made
        text += stage(rng, n, made[i], known)
    open(root + "/dvc.yaml", "w").write(text)
    if rng.random() < .3:
        open(root + "/raw.dvc", "w").write("outs:\n- path: raw\n")

def ask(root):
    os.chdir(root)
    try:
        g = get_active_graph(Repo(".").index.graph)
        return " ".join(s.addressing for s in plan_repro(g))
    except CyclicGraphError:
        return "circle"

rng, here = random.Random(int(sys.argv[1])), os.getcwd()
for i in range(int(sys.argv[2])):
    root = f"{here}/p{i}"
    build(rng, root)
    open(f"{root}.want", "w").write(ask(root) + "\n")
END

ours () {
	"$OBJ_DIR/t/u-graph" --order "$PWD/$1" >"$1.got" 2>"$1.err" ||
	sed "s/.* in a circle: .*/circle/" "$1.err" >"$1.got"
}

compare () {
	for want in p*.want
	do
		ours "${want%.want}" &&
		test_cmp "$want" "${want%.want}.got" || return 1
	done
}

test_expect_success 'the order of random pipelines is that of DVC' '
	"$PYTHON" graphs.py 4010 150 && compare
'

test_expect_success 'some of them were circles and most were not' '
	grep -l circle p*.want >circles &&
	test -s circles && test "$(wc -l <circles)" -lt 75
'

test_done
