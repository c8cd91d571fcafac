"""Projects full of templates, run by both tools; prints TAP.

templates.py DIR    every project lives below DIR

Each project is made twice and run by one tool in each; then what is on disk
must be the same bytes, and each tool must find the other's work done.
"""
import os
import shutil
import sys
import traceback

import compare
import project
import tools
from tools import same, same_files

GROUPS = {
    "params.yaml": "names: [a, b]\nlr: 1.0e-3\nflags: {deep: true, off: false,"
                   " l: [1, x y], n: null}\nsizes: {s: {w: 1}, m: {w: 2}}\n",
    "more.json": '{"who": "é", "out": {"dir": "res"}}',
    "in-a": "1\n", "in-b": "2\n",
    "dvc.yaml": r"""
vars: [more.json, {suffix: txt}]
stages:
  prep:
    foreach: ${names}
    do:
      cmd: cat in-${item} >prep-${item}.${suffix} ; echo prep-${item} >>"$COUNTER"
      deps: ["in-${item}"]
      outs: ["prep-${item}.${suffix}"]
  train:
    matrix:
      name: ${names}
      size: [{w: 1}, {w: 2}]
      fast: [true, false]
    cmd:
    - echo train-${key} >>"$COUNTER"
    - echo ${item.size.w} ${item.fast} ${lr} ${who} \${HOME} >t-${key}.json
    - echo '{"v":' ${item.size.w} '}' >t-${key}.json
    deps: ["prep-${item.name}.${suffix}"]
    params: [lr, sizes]
    metrics: ["t-${key}.json": {cache: false}]
  sized:
    foreach: ${sizes}
    do:
      cmd: mkdir -p ${out.dir} && echo ${key} ${item.w} ${flags} >${out.dir}/${key} ;
        echo sized-${key} >>"$COUNTER"
      outs: ["${out.dir}/${key}": {push: false, desc: "of ${who}"}]
  end:
    vars: [{here: 5}]
    cmd: echo ${here} ${who} >end ; echo end >>"$COUNTER"
    deps: [res/s, res/m]
    outs: [end]
metrics: ["${who}.json"]
params: ["more.json"]
""",
    "é.json": '{"top": 1}',
}
NESTED = {
    "params.yaml": "x: root\n",
    "sub/params.yaml": "x: [1, 2]\nm: {n: deep}\n",
    "sub/w1/own.yaml": "y: one\n", "sub/w2/own.yaml": "y: two\n",
    "dvc.yaml": "stages:\n  r:\n    cmd: echo ${x} >r; echo r >>\"$COUNTER\"\n"
                "    outs: [r]\n    deps: [sub/w1/o-one]\n",
    "sub/dvc.yaml": r"""
stages:
  g:
    foreach: ${x}
    do:
      wdir: w${item}
      vars: [own.yaml]
      cmd: echo ${y} ${m.n} >o-${y}; echo g-${item} >>"$COUNTER"
      outs: ["o-${y}"]
  a@b:
    foreach: [c/d, "e f", g.h]
    do:
      cmd: echo ${item} >"o-${item}" ; echo 'odd-${item}' | tr ' /' '__' >>"$COUNTER"
      params: [m.n]
      outs: ["o-${item}": {cache: false}]
""",
    "sub/o-c/keep": "",
}
PLAIN = {
    "params.yaml": "s: text\n",
    ".dvc/config": "[parsing]\n    bool = boolean_optional\n    list = append\n",
    "dvc.yaml": r"""
vars: [{o: {yes: true, no: false, l: [1, "a b"], d: {e: 1.0, f: null}}}]
stages:
  a: {cmd: "echo ${o} >a ; echo a >>\"$COUNTER\"", outs: [a]}
  b: {cmd: ["echo \\${s} ${s} >b", "echo b >>\"$COUNTER\""], deps: [a], outs: [b]}
""",
}


def make(files, root):
    theirs = tools.Tools(root + "/theirs", root + "/theirs-say")
    ours = tools.Tools(root + "/ours", root + "/ours-say")
    os.makedirs(theirs.root)
    theirs.git("init", "-q")
    for path, text in {".dvc/config": "", ".dvc/.gitignore":
                       "/config.local\n/tmp\n/cache\n", **files}.items():
        project.put(os.path.join(theirs.root, path), text)
    theirs.commit("the project")
    shutil.copytree(theirs.root, ours.root, symlinks=True)
    return theirs, ours


def both_run(files, root):
    theirs, ours = make(files, root)
    theirs.dvc("repro", "-P")
    ours.ours("run")
    same("stages that ran", sorted(theirs.ran()), sorted(ours.ran()))
    same_files(theirs.root, ours.root)
    for t in theirs, ours:
        same("dvc status", t.dvc_json("status", "--json"), {})
        t.ours("status")
        t.ours("run", "--no-record")
        t.dvc("repro", "-P")
        same("stages that ran again", t.ran(), [])
        t.commit("results")
        compare.same_show(t)
        compare.same_show(t, "--param-deps")
    return theirs, ours


def groups(root):
    """foreach and matrix, run by both: the same bytes, and all is done"""
    theirs, ours = both_run(GROUPS, root)
    theirs.dvc("exp", "run", "-S", "lr=0.5")
    ours.ours("run", "-S", "lr=0.5")
    same("stages that -S makes run", sorted(theirs.ran()), sorted(ours.ran()))
    same("dvc.lock", *(tools.text(t.root + "/dvc.lock")
                       for t in (theirs, ours)))


def nested(root):
    """groups in a nested dvc.yaml, with vars of the stage in their wdir"""
    both_run(NESTED, root)


def styles(root):
    """both styles of options in .dvc/config"""
    both_run(PLAIN, root)


def targets(root):
    """a group or one of it as a target, as DVC takes them"""
    theirs, ours = make(GROUPS, root)
    for target in ("prep", "train@a-size0-true", "sized@m", "prep@b", "end"):
        theirs.dvc("repro", target)
        ours.ours("run", "--no-record", target)
        same("stages that ran for " + target, sorted(theirs.ran()),
             sorted(ours.ran()))
    theirs.drop("dvc.lock")
    ours.drop("dvc.lock")
    theirs.dvc("repro", "dvc.yaml:train", code=0)
    ours.ours("run", "--no-record", "dvc.yaml:train")
    for t in theirs, ours:
        t.dvc("repro", "train@a", code=255)
        t.ours("run", "train@a", code=128)


def revisions(root):
    """a template that fails at one revision spoils that row alone"""
    theirs, _ = make(PLAIN, root)
    good = theirs.git("rev-parse", "HEAD").strip()
    for path, text in (("params.yaml", "t: 1\n"), ("params.yaml", "s: [\n"),
                       ("params.yaml", "s: 2020-01-01\n"),
                       ("dvc.yaml", "vars: [no.yaml]\n"),
                       ("dvc.yaml", "stages: {'a@b': {cmd: x}}\n")):
        theirs.git("checkout", "-q", good, ".")
        project.put(theirs.root + "/" + path, text)
        theirs.commit("bad " + text)
    theirs.git("checkout", "-q", good, ".")
    rows = compare.same_show(theirs, "-A")
    bad = [r["error"]["type"] for r in rows if r.get("error")]
    same("what DVC calls them", sorted(bad), sorted([
        "ResolveError", "ResolveError", "StageNotFound", "TypeError",
        "YAMLFileCorruptedError"]))


def datasets(root):
    """a dataset is read as a dependency, and shown by neither"""
    theirs, _ = make({"params.yaml": "d: set\n", "x": "", "dvc.yaml":
                      'datasets: [{name: "${d}", url: "s3://b/d", type: url}]\n'
                      'stages: {a: {cmd: "x", deps: ["ds://${d}", x]}}\n'},
                     root)
    compare.same_show(theirs)


def main(root):
    tools.load()
    bad = 0
    cases = [groups, nested, styles, targets, revisions, datasets]
    for n, case in enumerate(cases, 1):
        try:
            case(os.path.join(root, case.__name__))
            print("ok %d - %s" % (n, case.__doc__), flush=True)
        except Exception:
            bad += 1
            print("# " + traceback.format_exc().replace("\n", "\n# "))
            print("not ok %d - %s" % (n, case.__doc__), flush=True)
    print("1..%d" % len(cases))
    sys.exit(bad > 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
