"""Stages with parameters and metrics in all four formats, by both tools.

usage: formats.py DIR

In `theirs` DVC runs the stages, in `ours` we do. The locks must be the same,
byte for byte, each tool must find nothing to do in the other's repository,
and both must show the same parameters and metrics.
"""

import os
import shutil
import sys

import compare
import tools

# No tuple in a list is tracked here: DVC compares it with the list in the lock,
# finds it changed and runs the stage again, every time.
FILES = {
    "dvc.yaml": r"""
stages:
  toml:
    cmd: cp in one && cp m1 m.toml
    deps: [in]
    params:
      - p.toml: [title, model.units, model.optim, data.1.part.0.n, seed, pi]
      - whole.TOML:
    outs: [one]
    metrics: [m.toml: {cache: false}]
  python:
    cmd: cp one two && cp m2 m.py
    deps: [one]
    params:
      - p.py: [SEED, NAME, LAYERS, PAIR, Train, Train.Inner.x, LAYERS.3.a.0]
      - whole.py:
      - lr
    outs: [two]
    metrics: [m.py: {cache: false}]
  dots:
    cmd: cp two three && cp m3 m.json && echo "n = 1" >n.toml
    deps: [two]
    params:
      - p.v2.json: [a, b.c]
      - .toml: [a]
    outs: [three]
    metrics: [m.json: {cache: false}, n.toml]
params: [top.toml, p.toml]
metrics: [top.py]
""",
    "in": "in\n",
    "params.yaml": "lr: 0.1\n",
    "p.toml": r"""# parameters
title = "run \u00e9 \U0001F600 \x41"
seed = 1_000
pi = 3.1415
[model]
units = 0x10
optim.name = 'adam: #1'
optim.betas = [0.9, 1e-8, inf, 1e22]
[[data]]
[[data]]
[[data.part]]
n = 123456789012345678901234567890
text = '''
two
lines'''
""",
    "whole.TOML": "b.a = 1.0\nb.\"x y\" = true\na = [{c = -0.0}, [], {}, 'yes']\n",
    "p.py": r"""import os
SEED = 1_000; NAME: str = 'ad' "am\x41"
LAYERS = [1, -2.5, [3, None], {'a': [True], 'b': {}}]
DEEP = [(1, 2)]
PAIR = 1, 2
SKIPPED = os.environ
class Train(Base):
    epochs = 0x10
    class Inner:
        x = '''two
lines'''
    def __init__(self, a):
        self.lr = 1e-7
        local = 2
""",
    "whole.py": "B = {'x': 1, 'y': [1.5, 'no']}\na = 'A'\nfrom x import y\n",
    "p.v2.json": "{a: 1e3, b: {c: yes}}",
    ".toml": "a = 0.5\n",
    "m1": "acc = 0.5\nname = 'x'\nlist = [1]\n[deep]\nloss = 1e-5\nok = true\n",
    "m2": "acc = 0.25\nnone = None\nclass Deep:\n    loss = -1\n",
    "m3": '{"acc": NaN, "big": 123456789012345678901234567890, "acc2": 1E5}',
    "top.toml": "k = {l = [1, 'two']}\n",
    "top.py": "t = (1)\nu = 2.5\n",
}


def make(t):
    os.makedirs(t.root + "/.dvc")
    t.git("init", "-q")
    for name, text in dict(FILES, **{
            ".dvc/config": "", ".gitignore": "/n.toml\n/one\n/three\n/two\n",
            ".dvc/.gitignore": "/config.local\n/tmp\n/cache\n"}).items():
        with open(os.path.join(t.root, name), "w", encoding="utf-8") as f:
            f.write(text)
    t.commit("begin")


def nothing_left(t):
    tools.same("dvc status", t.dvc_json("status", "--json"), {})
    t.ours("status")


def changed(t, name, old, new, stages):
    """Both tools see the same stages to run after this change."""
    path = os.path.join(t.root, name)
    with open(path, encoding="utf-8") as f:
        text = f.read()
    assert old in text
    with open(path, "w", encoding="utf-8") as f:
        f.write(text.replace(old, new))
    said = t.dvc_json("status", "--json")
    tools.same("dvc status after " + new, sorted(said), stages)
    code, out, err = t.ours("status", code=None)
    tools.same("our status after " + new, code, 1 if stages else 0)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def same_show(t, *args):
    """But for p.py: where a key names a tuple DVC says AttributeError."""
    def without(rows):
        for row in rows:
            revs = [row] + [r for e in row.get("experiments") or [] for r in e["revs"]]
            for r in revs:
                r["data"]["params"].pop("p.py")
        return compare.plain(rows)
    theirs = t.dvc_json("exp", "show", "--json", *args)
    ours = compare.rows_of_both(t.ours_json("show", "--json", *args))
    tools.same("show, DVC's and ours", without(theirs), without(ours))


def main():
    top = os.path.abspath(sys.argv[1])
    theirs = tools.Tools(top + "/theirs", top + "/theirs-say")
    ours = tools.Tools(top + "/ours", top + "/ours-say")
    tools.load()
    for t in (theirs, ours):
        make(t)
    theirs.dvc("repro")
    ours.ours("run", "--no-record")
    tools.same_files(theirs.root, ours.root)
    for t in (theirs, ours):
        nothing_left(t)
        changed(t, "p.toml", "0x10", "16", [])
        changed(t, "p.toml", "0x10", "17", ["toml"])
        changed(t, "p.toml", "1e22", "2e22", ["toml"])
        changed(t, "p.py", "1_000", "1000.0", [])
        changed(t, "p.py", "PAIR = 1, 2", "PAIR = [1, 2]", [])
        changed(t, "p.py", "1e-7", "2e-7", ["python"])
        changed(t, "whole.TOML", "true", "false", ["toml"])
        changed(t, "p.v2.json", "yes", "no", ["dots"])
        t.commit("after")
        same_show(t)
        same_show(t, "-A")
    # Experiments with -S, ours, in the eyes of both.
    ours.ours("run", "-S", "p.toml:model.units=32", "-S", "p.py:Train.lr=0.5")
    same_show(ours)
    tools.same("dvc status", ours.dvc_json("status", "--json"), {})
    shutil.rmtree(top)
    print("# the same to both")


if __name__ == "__main__":
    main()
