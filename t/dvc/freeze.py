"""freeze and unfreeze by both tools; prints TAP.

freeze.py DIR
"""
import os

import pair
import project
import tools
from tools import Trouble, same

FILES = {
    ".dvc/config": "", "raw": "r\n", "in.txt": "in2\n",
    ".dvc/.gitignore": "/config.local\n/tmp\n/cache\n",
    "dvc.yaml": """stages:
  a:
    cmd: echo a >>"$COUNTER"; cat raw >x
    deps:
    - raw
    outs:
    - x
  b:
    cmd: echo b >>"$COUNTER"; cat x >y
    deps:
    - x
    outs:
    - y
""",
    "sub/dvc.yaml": "stages:\n  c:\n    cmd: echo c >>\"$COUNTER\"\n    deps:\n    - ../raw\n",
}


def made(p):
    def work(t):
        t.dvc("import-url", "-q", "in.txt", "i")
        t.dvc("repro", "-q", "-P")
    return p.make(FILES, work)


def both(p, *args):
    p.a.dvc(*args)
    p.b.ours(*args)
    p.alike()


def by_turns(p):
    """stages and imports freeze and thaw, the bytes are those of DVC"""
    made(p)
    both(p, "freeze", "a", "sub/dvc.yaml:c")
    p.write("raw", "other\n")
    p.status()
    p.run([])
    both(p, "freeze", "a")
    both(p, "unfreeze", "i.dvc", "a")
    p.write("in.txt", "other\n")
    p.status()
    p.run(["a", "b"])
    both(p, "unfreeze", "a", "b", "i.dvc")
    both(p, "freeze", "b", "a", "i.dvc")
    both(p, "unfreeze", "sub/dvc.yaml:c", "b", "a")
    p.run(["c"])


def by_hand(p):
    """only the line of frozen comes and goes in a file written by hand"""
    made(p)
    text = ("# mine\nstages:\n    a:   # first\n        cmd:   'x'\n\n"
            "        deps: [ raw ]   # in\n\n    # second\n    b: {cmd:  y}\n")
    t = p.b
    project.put(t.root + "/dvc.yaml", text)
    same("said", t.ours("freeze", "a").split("\n")[0], "Froze stage 'a'")
    same("frozen", tools.text(t.root + "/dvc.yaml"), text.replace(
        "# in\n", "# in\n        frozen: true\n"))
    same("said", t.ours("freeze", "a"), "Stage 'a' is frozen already\n")
    os.chdir(t.root + "/sub")
    t.ours("unfreeze", "-q", "a")
    same("thawed", tools.text(t.root + "/dvc.yaml"), text)
    same("said", t.ours("unfreeze", "a"), "Stage 'a' is not frozen\n")


def refused(p):
    """unknown, several and templated stages are refused, nothing is changed"""
    made(p)
    text = FILES["dvc.yaml"] + ("  t:\n    cmd: echo ${x}\n  g:\n"
                                "    foreach: [1]\n    do:\n      cmd: e ${item}\n")
    p.write("params.yaml", "x: 1\n")
    for extra, targets in ((0, ["zz"]), (0, ["a", "zz"]), (0, ["dvc.yaml"]),
                           (0, ["no.dvc"]), (1, ["t"]), (1, ["g"]),
                           (1, ["g@1"]), (1, ["a", "t"])):
        project.put(p.a.root + "/dvc.yaml", text if extra else FILES["dvc.yaml"])
        project.put(p.b.root + "/dvc.yaml", text if extra else FILES["dvc.yaml"])
        before = tools.files(p.b.root)
        code, _, err = p.b.ours("freeze", *targets, code=None)
        if code != 128 or not err.startswith("fatal: "):
            raise Trouble("%s: exit %d: %s" % (targets, code, err))
        same("files", before == tools.files(p.b.root), True)
        same("DVC", p.a.dvc("freeze", *targets, code=None)[0], 1)


pair.main([by_turns, by_hand, refused])
