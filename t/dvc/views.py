# Makes projects of every kind that `git exp show` has to read, asks DVC what
# it shows of them, asks `git exp`, and compares. Usage: views.py DIR SEED
# PART, PART one of json, csv, diff, numbers. All of DVC runs in this process.
import contextlib
import json
import os
import random
import re
import subprocess
import sys

from dvc.cli import main as dvc_main

CLOCK = [1700000000]
TOP, PART = sys.argv[1], sys.argv[3]


def git(*args, **kw):
    env = dict(os.environ)
    date = f"@{CLOCK[0]} +0000"
    env.update(GIT_AUTHOR_DATE=date, GIT_COMMITTER_DATE=date)
    out = subprocess.run(["git", *args], env=env, check=True,
                         stdout=subprocess.PIPE, **kw).stdout
    return out.decode().strip()


def put(path, text):
    if os.path.dirname(path):
        os.makedirs(os.path.dirname(path), exist_ok=True)
    mode = "wb" if isinstance(text, bytes) else "w"
    with open(path, mode, **({} if mode == "wb" else {"encoding": "utf-8"})) as f:
        f.write(text)


def commit(message, force=()):
    CLOCK[0] += 60
    git("add", "-A")
    for path in force:
        git("add", "-f", path)
    git("commit", "-q", "--allow-empty", "-m", message)
    return git("rev-parse", "HEAD")


def ref(baseline, name, commit):
    git("update-ref", f"refs/exps/{baseline[:2]}/{baseline[2:]}/{name}", commit)


def start(path):
    os.makedirs(path)
    os.chdir(path)
    git("init", "-q")
    put(".dvc/config", "")
    put(".dvc/.gitignore", "/config.local\n/tmp\n/cache\n")
    put(".dvcignore", "")


def cached(text):
    import hashlib
    data = text if isinstance(text, bytes) else text.encode()
    md5 = hashlib.md5(data).hexdigest()
    put(f".dvc/cache/files/md5/{md5[:2]}/{md5[2:]}", data)
    return md5, len(data)


def listing(files):
    entries = [{"md5": cached(t)[0], "relpath": p} for p, t in sorted(files.items())]
    import hashlib
    text = json.dumps(entries, sort_keys=True)
    md5 = hashlib.md5(text.encode()).hexdigest()
    put(f".dvc/cache/files/md5/{md5[:2]}/{md5[2:]}.dir", text)
    return md5 + ".dir"


# --- projects: each returns nothing and leaves a repository ------------------

def number(r):
    return r.choice([r.random(), r.random() * 1e-7, r.randint(-5, 10 ** 6),
                     r.random() * 1e9, 0, 0.0, -0.0, 1e22, 123456.789,
                     round(r.random(), 3), True, False])


def simple(r):
    put("params.yaml", "lr: 0.1\nmodel:\n  units: 16\n  act: relu\n")
    put("dvc.yaml", "stages:\n  train:\n    cmd: x\n    deps: [src.py]\n"
        "    params: [lr, model.units]\n    metrics: [{m.json: {cache: false}}]\n")
    put("src.py", "x")
    put("m.json", '{"acc": 0.5, "loss": 1.25}')


def change_simple(r, i):
    put("params.yaml", f"lr: {round(r.random(), 4)}\nmodel:\n"
        f"  units: {r.randint(1, 99)}\n  act: relu\n")
    put("m.json", json.dumps({"acc": number(r), "loss": number(r)}))


def values(r):
    put("dvc.yaml", "metrics: [a.json, deep/b.yaml, c.json, d.yaml, e.json]\n"
        "params: [p.yaml, q.json]\n")
    change_values(r, 0)


def change_values(r, i):
    word = r.choice(["text", "", "ünï", "a,b", 'say "x"', " ", "[b]x[/b]", "日本語",
                     "\u3000 wide "] + [] if PART == "numbers" else
                    ["two\nlines", "cr\rhere", "bell\x07"])
    put("a.json", json.dumps({"n": number(r), "s": word, "none": None,
        "list": [1, 2], "map": {}, "deep": {"x": number(r), "y": {"z": word}},
        "t": True, "Created": 1, "rev": number(r)}))
    put("deep/b.yaml", f"acc: {abs(r.random())}\nn: 1_000\nnan: .nan\ninf: -.inf\n"
        "null_one: ~\nwhen: 2026-01-02\noct: 0o17\nyes_no: yes\n"
        # DVC's own cache makes texts of numbers, and then sees two keys.
        + ("" if PART != "json" else "1: one\n1.5: half\n"))
    put("c.json", r.choice(["3.5", "0", '"words"', "[1, 2]", "null", "true", "{}", ""]))
    put("d.yaml", r.choice(["", "- 1\n- 2\n", "just words\n", "x: [1\n", "a: 1\na: 2\n"]))
    put("e.json", r.choice(['{"x": NaN, "y": Infinity, "big": 123456789012345678901234567890}',
                            '{"x": 1, "x": 2}', "{bad", b"\xff\xfe{}"]))
    put("p.yaml", f"lr: {number(r)}\nlist: [1, 0.25, two, [3], {{a: 1.5}}]\nnone: null\n"
        f"word: {json.dumps(word)}\nempty: {{}}\nnolist: []\nwhen: later\n")
    put("q.json", json.dumps({"lr": number(r), "p": {"q": {"r": [number(r), None, "x'y"]}},
                              "Δ": word}))


def nested(r):
    put("params.yaml", "a: 1\n")
    put("dvc.yaml", "stages:\n  s1:\n    cmd: x\n    params:\n    - other.yaml:\n"
        "      - z.last\n      - a.first\n      - l.1\n      - l.0\n      - m\n      - m.list\n"
        "    - a\n    - json.json:\n      - k\n      - missing.key\n"
        "  s2:\n    cmd: y\n    wdir: sub\n    params: [in.x, gone, t.list, t]\n"
        "  s3:\n    cmd: z\n    params:\n    - whole.yaml:\n    - nofile.yaml: [x]\n    - json.json:\n"
        "      - q.*\n      - list\n")
    change_nested(r, 0)


def change_nested(r, i):
    put("params.yaml", f"a: {number(r)}\nb: {{c: {number(r)}}}\n")
    put("other.yaml", f"a: {{first: {number(r)}, second: 2}}\nz: {{last: {number(r)}}}\n"
        f"l: [{number(r)}, {number(r)}, 3]\nm: {{list: [1, 2], x: {number(r)}}}\n"
        + ("'': 1\n" if r.random() < 0.2 else ""))
    put("json.json", json.dumps({"k": {"v": number(r)}, "q": {"a": 1, "b": [2]},
                                 "list": [[1, [2]], {"x": 1}]}))
    put("sub/params.yaml", f"in: {{x: {number(r)}, y: 1}}\nt: {{list: [1, {number(r)}]}}\n")
    put("whole.yaml", r.choice(["x: 1\ny: {z: [1, 2]}\n", "", "[1, 2]\n", "word\n"]))


def several(r):
    for d in ("", "sub/", "sub/deep/"):
        put(d + "dvc.yaml", "stages:\n  train:\n    cmd: x\n    deps: [data, code.py]\n"
            "    params: [lr]\n    metrics: [{m.json: {cache: false}}]\n"
            "    outs: [out, {kept: {cache: false, persist: true}}]\n"
            "    plots: [{p.csv: {cache: false}}]\nmetrics: [top.json, ../up.json]\n"
            "params: [extra.yaml]\n" if d else
            "stages:\n  first:\n    cmd: x\n    deps: [sub/deep/out]\n    outs: [sub/data]\n"
            "  zero:\n    cmd: [a, b]\n    outs: [z]\n    frozen: true\n")
    change_several(r, 0)


def change_several(r, i):
    put("params.yaml", f"lr: {number(r)}\n")
    for d in ("sub/", "sub/deep/"):
        put(d + "params.yaml", f"lr: {number(r)}\nunused: 1\n")
        put(d + "extra.yaml", f"lr: {number(r)}\nonly_{len(d)}: 2\n")
        put(d + "m.json", json.dumps({"acc": number(r), "lr": 1}))
        put(d + "top.json", json.dumps({"acc": number(r)}))
    put("up.json", json.dumps({"up": number(r)}))
    put("sub/up.json", json.dumps({"up": number(r), "acc": 2}))
    if r.random() < 0.7:
        md5 = "%032x" % r.getrandbits(128)
        put("sub/dvc.lock", "schema: '2.0'\nstages:\n  train:\n    cmd: x\n    deps:\n"
            f"    - path: data\n      hash: md5\n      md5: {md5}.dir\n      size: 12\n      nfiles: 3\n"
            f"    - path: gone.py\n      hash: md5\n      md5: {md5}\n      size: 4\n"
            f"    outs:\n    - path: out\n      hash: md5\n      md5: {md5}\n      size: 5\n"
            "      isexec: true\n  stale:\n    cmd: y\n")


def data_files(r):
    put("dvc.yaml", "stages:\n  use:\n    cmd: x\n    deps: [data, raw.bin" +
        # In revisions DVC puts its current directory before a URL.
        (", 'https://example.com/x'" if PART == "json" else "") + "]\n"
        "    outs: [model]\n    metrics: [scores.json, all]\n    params: [p.yaml:]\n"
        .replace("[p.yaml:]", "\n    - p.yaml:"))
    change_data_files(r, 0)


def change_data_files(r, i):
    md5, size = cached("raw%d" % r.randint(0, 9))
    put("raw.bin.dvc", f"outs:\n- md5: {md5}\n  size: {size}\n  hash: md5\n  path: raw.bin\n")
    tree = listing({"a.txt": "a", "b/c.txt": "c%d" % r.randint(0, 9)})
    put("data.dvc", f"outs:\n- md5: {tree}\n  size: 3\n  nfiles: 2\n  hash: md5\n  path: data\n")
    put("imp.dvc", f"md5: {md5}\nfrozen: true\ndeps:\n- md5: {md5}\n  size: {size}\n  hash: md5\n"
        f"  path: over/there\nouts:\n- md5: {md5}\n  size: {size}\n  hash: md5\n  path: imp\n")
    put("repo.dvc", f"md5: {md5}\nfrozen: true\ndeps:\n- path: x\n  repo:\n    url: https://example.com/r\n"
        f"    rev_lock: {md5}\nouts:\n- md5: {md5}\n  size: {size}\n  hash: md5\n  path: fromrepo\n")
    put("p.yaml", f"x: {number(r)}\n")
    scores, nr = cached(json.dumps({"acc": number(r), "f1": number(r)}))
    if r.random() < 0.3:
        scores = "f" * 32
    every = listing({"one.json": json.dumps({"one": number(r)}), "two/t.yaml": "two: 2\n"})
    put("dvc.lock", "schema: '2.0'\nstages:\n  use:\n    cmd: x\n    deps:\n"
        f"    - path: data\n      hash: md5\n      md5: {tree}\n      size: 3\n      nfiles: 2\n"
        f"    - path: raw.bin\n      md5: {md5}\n      size: {size}\n"
        "    - path: https://example.com/x\n      checksum: abc\n"
        f"    outs:\n    - path: scores.json\n      hash: md5\n      md5: {scores}\n      size: {nr}\n"
        f"    - path: all\n      hash: md5\n      md5: {every}\n      size: 9\n      nfiles: 2\n")
    put(".gitignore", "/raw.bin\n/data\n/imp\n/fromrepo\n/model\n/scores.json\n/all\n")


def broken(r):
    simple(r)
    put(".dvcignore", "hide\n")


def change_broken(r, i):
    change_simple(r, i)
    bad = ["yaml", "schema", "lock", "lockschema", "params", "metrics", "gone", "utf8",
           "dup", "key", "dir", "none", "noutf8", "date", "list", "hidden"]
    CLOCK[1:] = [CLOCK[1] + 1] if CLOCK[1:] else [0]
    what = bad[CLOCK[1] % len(bad)]
    good = ("stages:\n  train:\n    cmd: x\n    params: [lr]\n"
            "    metrics: [{m.json: {cache: false}}]\n")
    put("dvc.yaml", {"yaml": "stages: [\n", "schema": "stages:\n  train: {cmd: x, bad: 1}\n",
                     "dup": "stages:\n  a: {cmd: x}\n  a: {cmd: y}\n",
                     "none": "", "noutf8": b"stages: \xff\n",
                     "hidden": good + "    outs: [hide]\n",
                     }.get(what, good))
    for path in ("dvc.lock", "dir/x.json"):
        if os.path.exists(path):
            os.remove(path)
    if what == "lock":
        put("dvc.lock", "stages: {\n")
    elif what == "lockschema":
        put("dvc.lock", "schema: '2.0'\nstages:\n  train: {bad: 1}\n")
    elif what == "params":
        put("params.yaml", "lr: [1\n")
    elif what == "metrics":
        put("m.json", "{")
    elif what == "gone":
        os.remove("m.json")
        os.remove("params.yaml")
    elif what == "utf8":
        put("params.yaml", b"lr: \xff\n")
    elif what == "date":
        put("params.yaml", "lr: 2026-01-02\n")
    elif what == "list":
        put("params.yaml", "- lr\n")
    elif what == "key":
        put("dvc.yaml", good.replace("[lr]", "[lr.x.y]"))
    elif what == "dir":
        put("dir/x.json", '{"x": 1}')
        put("dir/sub/y.yaml", "y: 2\n")
        put("dvc.yaml", good + "metrics: [dir]\nparams: [dir/sub]\n")


def collide(r):
    put("dvc.yaml", "metrics: [a.json, b.json]\nparams: [c.json]\n")
    change_collide(r, 0)


def change_collide(r, i):
    put("a.json", json.dumps({"acc": number(r), "only": {"a": 1}, "Experiment": 1}))
    put("b.json", json.dumps({"acc": number(r), "lr": number(r), "x:y": 2, "State": "s"}))
    put("c.json", json.dumps({"only": {"a": number(r)}, "own": 1, "State": 2}))
    put("params.yaml", f"lr: {number(r)}\nb.json: 1\ntyp: x\n")


KINDS = [simple, values, nested, several, data_files, broken, collide]


def build(path, kind, r):
    change = globals()["change_" + kind.__name__]
    start(path)
    kind(r)
    commit("first")
    change(r, 0)
    base = commit("second")
    branch = r.choice(["main", "topic"])
    if branch == "topic":
        git("checkout", "-q", "-b", "topic")
        git("branch", "-q", "-f", "main", "HEAD~1")
    # Several experiments that DVC cannot read stand in no order.
    for i in range(1 if kind is broken and PART == "csv" else r.randint(1, 4)):
        git("checkout", "-q", "--detach", base)
        change(r, i)
        tip = commit(f"exp {i}")
        if r.random() < 0.3:
            change(r, i)
            tip = commit("and on")
        ref(base, r.choice(["exp-%d", "warm-loaf%d", "ünï-%d", "a,b%d"]) % i, tip)
        if r.random() < 0.3:
            CLOCK[0] -= 60
    git("checkout", "-q", branch)
    # One name for a commit: of several DVC takes any.
    tag = r.random()
    if tag < 0.4:
        git("tag", "v1", "HEAD~1")
    elif tag < 0.7:
        git("tag", "-a", "-m", "x", "v2", "HEAD~1")
    if r.random() < 0.2:
        git("checkout", "-q", "--detach", base)
    if r.random() < 0.6:
        change(r, 9)


# --- comparing ------------------------------------------------------------------

@contextlib.contextmanager
def redirected(fd, path):
    """Rich keeps its own hold on stdout: only the descriptor catches all."""
    sys.stdout.flush()
    kept, to = os.dup(fd), os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(to, fd)
    os.close(to)
    try:
        yield
    finally:
        sys.stdout.flush()
        os.dup2(kept, fd)
        os.close(kept)


def dvc(*args):
    out = os.path.join(TOP, "dvc.out")
    with redirected(1, out), redirected(2, os.path.join(TOP, "dvc.err")):
        code = dvc_main(list(args))
    if code:
        raise RuntimeError(f"dvc {args}: {code}")
    with open(out, encoding="utf-8", newline="") as f:
        return f.read()


def ours(*args):
    p = subprocess.run(["git", "exp", *args], stdout=subprocess.PIPE,
                       stderr=subprocess.PIPE)
    if p.returncode:
        raise RuntimeError(f"git exp {args}: {p.returncode} {p.stderr.decode()}")
    return p.stdout.decode()


def strip(v):
    """Without what is ours; of errors only the type; NaN equals NaN."""
    if isinstance(v, dict):
        if set(v) == {"type", "msg"}:
            return {"type": v["type"]}
        return {re.sub("^tmp.*(?=https:)|^.*/(?=https:)", "", k): strip(x)
                for k, x in v.items() if k != "git_exp"}
    if isinstance(v, list):
        return [strip(x) for x in v]
    return "NaN" if v != v else v


def in_order(states):
    """Experiments that DVC could not read come last, in no order."""
    for state in states:
        bad = [e for e in state["experiments"] or [] if not e["revs"][0]["data"]]
        if bad:
            rest = [e for e in state["experiments"] if e["revs"][0]["data"]]
            state["experiments"] = rest + sorted(bad, key=lambda e: e["name"])
    return states


def first_difference(a, b, path=""):
    if isinstance(a, dict) and isinstance(b, dict):
        for k in list(a) + [k for k in b if k not in a]:
            if a.get(k, "absent") != b.get(k, "absent"):
                return first_difference(a.get(k, "absent"), b.get(k, "absent"), f"{path}/{k}")
    if isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for i, (x, y) in enumerate(zip(a, b)):
            if x != y:
                return first_difference(x, y, f"{path}/{i}")
    return f"{path}: DVC {json.dumps(a)[:300]}\n#   ours {json.dumps(b)[:300]}"


def same_json(what, *args):
    top = () if args[0] in ("metrics", "params") else ("exp",)
    a, b = strip(json.loads(dvc(*top, *args))), strip(json.loads(ours(*args)))
    if args[0] == "show":
        a, b = in_order(a), in_order(b)
    # 1 and 1.0 and true are equal in Python, and different here.
    if a != b or json.dumps(a, sort_keys=True) != json.dumps(b, sort_keys=True):
        return f"{what}: {first_difference(a, b)}"
    return None


def same_bytes(what, *args):
    a, b = dvc("exp", *args), ours(*args)
    if a == b:
        return None
    for x, y in zip(a.splitlines() + [""], b.splitlines() + [""]):
        if x != y:
            return f"{what}\n#   DVC  {x!r}\n#   ours {y!r}"
    return f"{what}: {len(a)} bytes, ours {len(b)}"


def same_lines(what, *args):
    """DVC has its files in the order of a set: any order of lines is its own."""
    a, b = sorted(dvc(*args).splitlines()), sorted(ours(*args).splitlines())
    for x, y in zip(a + [""], b + [""]):
        if x != y:
            return f"{what}\n#   DVC  {x!r}\n#   ours {y!r}"
    return None


# DVC itself dies of some tables; then there is nothing to compare.
def if_dvc_can(check, *args):
    try:
        return check(*args)
    except RuntimeError as e:
        if str(e).startswith("dvc "):
            return None
        return str(e)


CHECKS = {
    "json": [
        (same_json, "show", "--json"),
        (same_json, "show", "--json", "-n", "-1", "--hide-workspace"),
        (same_json, "show", "--json", "-A", "--sha"),
        (same_json, "show", "--json", "-a", "-T"),
        (same_json, "show", "--json", "--param-deps"),
        (same_json, "show", "--json", "--rev", "HEAD~1"),
    ],
    "csv": [
        (same_bytes, "show", "--csv"),
        (same_bytes, "show", "--csv", "-A", "--precision", "3"),
        (same_bytes, "show", "--csv", "--only-changed"),
        (same_bytes, "show", "--csv", "--param-deps"),
        (same_bytes, "show", "--csv", "--sort-by", "lr", "--sort-order", "desc"),
        (same_bytes, "show", "--csv", "--sort-by", "acc"),
        (same_bytes, "show", "--md"),
    ],
    "diff": [
        (same_json, "diff", "--json"),
        (same_json, "diff", "--json", "--all"),
        (same_json, "diff", "--json", "HEAD~1", "HEAD"),
        (same_json, "diff", "--json", "HEAD~1", "HEAD", "--param-deps"),
    ],
    "numbers": [
        (same_json, "params", "diff", "--json"),
        (same_json, "params", "diff", "--json", "HEAD~1", "HEAD", "--all"),
        (same_json, "params", "diff", "--json", "HEAD~1", "--deps", "--all"),
        (same_json, "params", "diff", "--json", "--all", "--targets", "params.yaml",
         "a.json", "no.yaml", "deep"),
        (same_lines, "params", "diff", "HEAD~1"),
        (same_lines, "params", "diff", "--all", "--no-path"),
        (same_lines, "params", "diff", "--md", "HEAD", "HEAD~1"),
        (same_json, "metrics", "diff", "--json"),
        (same_json, "metrics", "diff", "--json", "HEAD~1", "HEAD", "--all"),
        (same_json, "metrics", "diff", "--json", "--all", "-R", "--targets", "m.json",
         "params.yaml", "no.json", "deep", "--no-path"),
        (same_lines, "metrics", "diff", "HEAD~1"),
        (same_lines, "metrics", "diff", "HEAD~1", "--precision", "2", "--all", "--no-path"),
        (same_lines, "metrics", "diff", "--md", "HEAD", "HEAD~1"),
        (same_json, "metrics", "show", "--json"),
        (same_json, "metrics", "show", "--json", "-a", "-T"),
        (same_json, "metrics", "show", "--json", "-A"),
        (same_json, "metrics", "show", "--json", "a.json", "deep", "no.json", "-T"),
        (same_lines, "metrics", "show"),
        (same_lines, "metrics", "show", "-a", "--precision", "3"),
        (same_lines, "metrics", "show", "-A", "--md"),
    ],
}


def run(seed, part):
    r = random.Random(seed)
    bad = done = 0
    for i in range(int(os.environ.get("VIEWS", "14" if part == "numbers" else "28"))):
        kind = KINDS[i % len(KINDS)]
        path = os.path.join(TOP, f"p{i}")
        build(path, kind, r)
        for check, *args in CHECKS[part]:
            why = if_dvc_can(check, " ".join(args), *args)
            done += 1
            if why:
                bad += 1
                print(f"# {kind.__name__} (p{i}): {why}")
    print(f"# seed {seed}: {done} comparisons, {bad} differ")
    return bad


if __name__ == "__main__":
    sys.exit(1 if run(int(sys.argv[2]), sys.argv[3]) else 0)
