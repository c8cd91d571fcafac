"""stage add -f over an old stage, by both tools; prints TAP.

stages.py DIR [SEED [COUNT]]

Pairs of an old stage and of flags for a new one are made by chance. Where the
file is as DVC writes it both must give the same bytes; where a person wrote
it, the same values, and not one other byte outside of the stage.
"""
import io
import os
import random
import re
import sys

import pair
import project
import tools
from tools import Trouble, same

PATHS = ["a", "b.csv", "c d", "m.json", "ö", "sub/x", "-y", "9"]
FLAGS = ["outs", "metrics", "plots"]
OPTIONS = {("outs", True, False): "-o", ("outs", False, False): "-O",
           ("outs", True, True): "--outs-persist",
           ("outs", False, True): "--outs-persist-no-cache",
           ("metrics", True, False): "-m", ("metrics", False, False): "-M",
           ("plots", True, False): "--plots",
           ("plots", False, False): "--plots-no-cache"}
LONG = "python train.py " + " ".join("--option-%d value" % i for i in range(9))


def words(r, most=3):
    return r.sample(PATHS, r.randint(0, most))


def old_out(r, path, plots):
    f = {}
    for key, value in (("desc", "said: it"), ("type", "t"), ("labels", ["l", "k"]),
                       ("meta", {"a": [1, {"b": None}]}), ("cache", False),
                       ("cache", True), ("persist", True), ("remote", "r"),
                       ("push", False), ("push", True)):
        if r.random() < .15:
            f[key] = value
    if plots and r.random() < .4:
        f["x"] = "step"
    return {path: f} if f or r.random() < .1 else path


def old_stage(r):
    s = {}
    for key, value in (("desc", "old words"), ("meta", {"who": "me", "n": [1, 2]}),
                       ("frozen", True), ("always_changed", True)):
        if r.random() < .3:
            s[key] = value
    s["cmd"] = r.choice(["echo a", LONG, ["echo a", "echo b"], "a\nb\n", "'x y'"])
    if r.random() < .7:
        s["deps"] = ["in%d" % i for i in range(r.randint(1, 3))]
    if r.random() < .5:
        s["params"] = r.choice([["lr"], ["lr", "a.b"], [{"q.yaml": ["x"]}],
                                ["lr", {"q.yaml": None}]])
    left = words(r, 5)
    for key in FLAGS:
        n = r.randint(0, 2)
        mine, left = left[:n], left[n:]
        if mine:
            s[key] = [old_out(r, p, key == "plots") for p in mine]
    keys = list(s)
    if r.random() < .5:
        r.shuffle(keys)
    return {k: s[k] for k in keys}


def new_args(r, old):
    args = ["stage", "add", "-f", "-n", "s"]
    for d in r.sample(["in0", "in1", "in2", "in3"], r.randint(0, 3)):
        args += ["-d", d]
    for p in r.choice([[], ["lr"], ["a.b", "lr"], ["q.yaml:"], ["q.yaml:x,y", "lr"]]):
        args += ["-p", p]
    was = [next(iter(o)) if isinstance(o, dict) else o
           for k in FLAGS for o in old.get(k, [])]
    for path in sorted(set(words(r, 2) + [w for w in was if r.random() < .7])):
        args += ["%s=%s" % (o, path) if o[1] == "-" else o + path
                 for o in [r.choice(list(OPTIONS.values()))]]
    if r.random() < .2:
        args.append("--always-changed")
    if r.random() < .2:
        args += ["--desc", "new words"]
    return args + r.choice([["echo a"], ["echo", "other"], [LONG], ["'x y'"]])


def dump(doc):
    from dvc.utils.serialize import dumps_yaml
    return dumps_yaml(doc)


BEFORE = "# a file\nparams:   [p.yaml] # odd\nstages:\n  first: {cmd: echo   1}\n"
AFTER = "  last:\n      cmd: |\n         echo 1\n\nmetrics:\n    - z.json\n"


def by_hand(r, stage):
    """The same values, as people write them."""
    lines = dump({"stages": {"s": stage}}).split("\n")[1:-1]
    out = []
    for line in lines:
        if r.random() < .15 and not out[-1:][0:1] == []:
            if re.match(r" {4}[a-z]", line):
                out.append("    # about this")
        out.append(line + ("  # why" if re.match(r" {4}(- )?[a-z_]+:?( \w+)?$", line)
                           and r.random() < .3 else ""))
    return "\n".join(out) + "\n"


def both(p, text, args):
    p.write("dvc.yaml", text)
    theirs = p.a.dvc(*args, code=None)
    ours = p.b.ours(*args, code=None)
    if (theirs[0] == 0) != (ours[0] == 0):
        raise Trouble("%s\nover\n%s\nDVC: %s\nours: %s" % (
            args, text, theirs, ours))
    return theirs[0] == 0


def result(p):
    return [tools.text(t.root + "/dvc.yaml") for t in (p.a, p.b)]


def differ(text, args, one, other):
    raise Trouble("%s\nover\n%s\nDVC makes\n%s\nwe\n%s" % (args, text, one, other))


def fresh(p):
    p.make({".dvc/config": "", "sub/keep": ""})


def pairs(p):
    """over a stage as DVC writes it: every byte as from DVC"""
    fresh(p)
    taken = 0
    for i in range(COUNT):
        r = random.Random("%d-%d" % (SEED, i))
        old = old_stage(r)
        args = new_args(r, old)
        text = dump({"stages": {"first": {"cmd": "echo"}, "s": old,
                                "last": {"cmd": "echo"}}})
        if both(p, text, args):
            taken += 1
            one, other = result(p)
            if one != other:
                differ(text, args, one, other)
    if taken < COUNT / 2:
        raise Trouble("only %d of %d were taken" % (taken, COUNT))


def hands(p):
    """over a stage written by hand: the same values, the rest untouched"""
    from ruamel.yaml import YAML
    fresh(p)
    for i in range(COUNT):
        r = random.Random("h%d-%d" % (SEED, i))
        old = old_stage(r)
        args = new_args(r, old)
        text = BEFORE + by_hand(r, old) + AFTER
        if not both(p, text, args):
            continue
        one, other = result(p)
        a, b = (YAML(typ="safe").load(x) for x in (one, other))
        if a != b:
            differ(text, args, one, other)
        if not other.startswith(BEFORE) or not other.endswith(AFTER):
            differ(text, args, "(the rest must stay)", other)
        for comment in ("# about this",):
            if one.count(comment) > other.count(comment):
                differ(text, args, one, other)


def flow(p):
    """what stood in braces and brackets does so still"""
    fresh(p)
    text = ("stages:\n  s: {cmd: echo a, deps: [in0,   in1], outs: [a]}\n"
            "  t:\n    cmd: x\n    deps: [in0,   in1] # two\n    outs:\n"
            "    - m: {cache: false}\n    metrics: [n: {cache: false}]\n")
    for args in (["stage", "add", "-f", "-n", "s", "-d", "in2", "echo a"],
                 ["stage", "add", "-f", "-n", "s", "-d", "in1", "-d", "in0",
                  "-o", "m", "-M", "n", "echo b"]):
        both(p, text, args)
        same("dvc.yaml", *(x[:x.index("  t:")] for x in result(p)))
        same("the rest", result(p)[1].endswith(text[text.index("  t:"):]), True)
    args = ["stage", "add", "-f", "-n", "t", "-d", "in9", "-d", "in1",
            "--outs-persist", "m", "-M", "n", "x"]
    both(p, text, args)
    one, other = (x[x.index("  t:"):] for x in result(p))
    same("dvc.yaml", re.sub(" +#", " #", one), other)


def templated(p):
    """a stage of templates, foreach or matrix is replaced, as DVC does"""
    fresh(p)
    p.write("params.yaml", "x: in0\n")
    text = "stages:\n  s:\n    cmd: echo ${x}\n    deps:\n    - ${x}\n"
    group = "stages:\n  s:\n    foreach:\n    - 1\n    do:\n      cmd: echo ${item}\n"
    for old in (text, group, group.replace("foreach:\n    - 1\n    do:\n      ",
                                           "matrix:\n      z: [1]\n    ")
                .replace("item", "item.z")):
        if both(p, old, ["stage", "add", "-f", "-n", "s", "-d", "b", "cat b"]):
            same("dvc.yaml", *result(p))


SEED = int(os.environ.get("SEED", "4"))
COUNT = int(os.environ.get("COUNT", "60"))

if __name__ == "__main__":
    pair.main([pairs, hands, flow, templated])
