"""Absolute paths that lead into the project, by both tools; prints TAP.

absolute.py DIR
"""
import json
import os
import re

import pair
import project
import tools
from tools import same

FILES = {
    ".dvc/config": "", "sub/raw": "r\n", "sub/params.yaml": "lr: 1\n",
    ".dvc/.gitignore": "/config.local\n/tmp\n/cache\n", "data": "d\n",
}
STAGES = """stages:
  a:
    cmd: echo a >>"$COUNTER"; cat raw >../x
    wdir: ROOT/sub
    deps:
    - ROOT/sub/raw
    - ROOT/data
    params:
    - ROOT/sub/params.yaml:
      - lr
    outs:
    - ROOT/x
  b:
    cmd: echo b >>"$COUNTER"; cat x >y
    deps:
    - x
    outs:
    - ROOT/./sub/../y:
        cache: false
"""


def made(p):
    p.make(FILES)
    p.each(lambda t: project.put(t.root + "/dvc.yaml",
                                 STAGES.replace("ROOT", t.root)))
    return p


def results(t):
    found = tools.files(t.root)
    del found["dvc.yaml"]
    return found


def runs(p):
    """they are dependencies, parameters, cached outputs and edges like others"""
    made(p)
    p.status()
    p.a.dvc("repro", "-q", "-P")
    p.b.ours("run", "-q", "--no-record")
    same("ran", p.a.ran(), ["a", "b"])
    same("ran", p.b.ran(), ["a", "b"])
    same("files", results(p.a), results(p.b))
    same("status", p.status(), {})
    p.drop("x")
    p.write("sub/raw", "other\n")
    p.a.dvc("repro", "-q", "-P")
    p.b.ours("run", "-q", "--no-record")
    same("ran", p.b.ran(), ["a", "b"])
    same("files", results(p.a), results(p.b))


def recorded(p):
    """an experiment with such paths is shown and applied"""
    made(p)
    t = p.b
    t.commit("the stages")
    t.ours("run", "-q", "--name", "one")
    t.git("checkout", "-q", "-f", ".")
    t.drop("x"), t.drop("y"), t.drop("dvc.lock")
    t.ours("apply", "one")
    same("x", tools.text(t.root + "/x"), "r\n")
    same("status", t.dvc_json("status", "--json"), {})
    rows = json.dumps(t.ours_json("show", "--json"))
    same("no error", re.findall('"error": [^n]', rows), [])


def in_data_files(p):
    """in .dvc files too, of data and of imports"""
    p.make(FILES)
    md5 = "60c3567178c84ff50de7c23a9bae6f9f"
    p.each(lambda t: project.put(t.root + "/sub/i.dvc", """frozen: false
deps:
- md5: %s
  size: 2
  hash: md5
  path: %s/data
outs:
- md5: %s
  size: 2
  hash: md5
  path: %s/sub/i
""" % (md5, t.root, md5, t.root)))
    p.write("sub/i", "d\n")
    p.status()


def added(p):
    """stage add writes them relative to the stage"""
    p.make(FILES)
    for t, run in ((p.a, p.a.dvc), (p.b, p.b.ours)):
        run("stage", "add", "-n", "s", "-w", t.root + "/sub",
            "-d", t.root + "/data", "-p", t.root + "/sub/params.yaml:lr",
            "-o", t.root + "/sub/o", "-M", t.root + "/m.json", "true")
    p.alike()


pair.main([runs, recorded, in_data_files, added])
