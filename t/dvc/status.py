"""status --json of stages in every state, by both tools; prints TAP.

status.py DIR
"""
import pair
from tools import same

FILES = {
    ".dvc/config": "", ".dvc/.gitignore": "/config.local\n/tmp\n/cache\n",
    "a": "a\n", "o": "", "o2": "", "zz": "", "zz.dvc": "outs:\n- path: zz\n",
    "yy.dvc": "outs:\n- path: yy\n", "w/params.yaml": "k: 1\n",
    "dvc.yaml": """stages:
  s: {cmd: x, deps: [a], outs: [o], params: [lr]}
  t: {cmd: x, deps: [a], outs: [o2, o3], frozen: true}
  c: {cmd: x, frozen: true}
  d: {cmd: x}
  e: {cmd: x, outs: [o4], params: [nofile.yaml: ], always_changed: true}
  w: {cmd: x, wdir: w, params: [k, no.k], metrics: [m: {cache: false}]}
""",
}
RUN = """stages:
  one:
    cmd: cat a >x
    deps: [a]
    params: [lr, net.units]
    outs: [x]
  two:
    cmd: cat x >y && cp y z
    deps: [x]
    params: [p.yaml: ]
    outs: [y]
    metrics: [z: {cache: false}]
  three:
    cmd: cat y >k
    wdir: .
    deps: [y, z]
    outs: [k]
"""
PARAMS = "lr: 1\nnet: {units: 2}\n"


def never(p):
    """what never ran is new, modified or deleted, as DVC has it"""
    p.make(FILES)
    same("stages", len(p.status()), 8)


def after(p):
    """each stage is judged alone, whatever the ones before it would do"""
    p.make(dict(FILES, **{"dvc.yaml": RUN, "params.yaml": PARAMS,
                          "p.yaml": "q: 1\nr: [1]\n"}),
           lambda t: (t.drop("zz.dvc"), t.drop("yy.dvc"),
                      t.dvc("repro", "-q")))
    same("status", p.status(), {})
    for path, text in (("a", "b\n"), ("params.yaml", "lr: 2\n"),
                       ("p.yaml", "q: 2\ns: 1\n"),
                       ("dvc.yaml", RUN.replace("cat y >k", "cat  y >k")),
                       ("z", "other\n"), ("k", "other\n")):
        p.write(path, text)
        p.status()
    p.drop("x", "z", "params.yaml")
    p.status()
    p.write("dvc.yaml", RUN.replace("[a]", "[a, o]").replace(
        "[x]", "[x, o2]").replace("lr, net", "r.yaml: [v]}, {params.yaml: [net")
        .replace("params: [r.yaml", "params: [{r.yaml")
        .replace("units]", "units]}]").replace("three:", "four:"))
    p.write("r.yaml", "v: 1\n")
    p.status()
    p.drop(".dvc/cache")
    p.status()


pair.main([never, after])
