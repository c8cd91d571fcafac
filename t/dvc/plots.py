# Makes projects with plots of every kind, asks DVC and `git exp` for their
# specifications, and compares what they say. Usage: plots.py DIR SEED COUNT.
import hashlib
import json
import os
import random
import sys

import tools
from tools import Trouble

FILES = ["a.csv", "b.tsv", "c.json", "d.yaml", "e.yml", "plots/x.csv", "plots/y.json",
         "plots/deep/z.tsv", "plots/img.png", "pic.svg", "w.txt", "no.csv", "UP.CSV"]
FIELDS = ["step", "acc", "loss", "rev", "filename", "field", "a.b", "x[0]", "ünï", ""]
MINE = {"$schema": "x", "data": {"values": "<DVC_METRIC_DATA>"}, "title": "<DVC_METRIC_TITLE>",
        "note": "of <DVC_METRIC_X> and <DVC_METRIC_Y_LABEL>", "list": [["<DVC_METRIC_Y>"], "<DVC_METRIC_X> x"],
        "deep": [{"row": "<DVC_METRIC_ROW>", "c": "<DVC_METRIC_COLOR>"}]}
SIMPLE = {"data": {"values": "<DVC_METRIC_DATA>"}, "x": "<DVC_METRIC_X>", "none": "<DVC_METRIC_NOTHING>"}
TEMPLATES = ["simple", "linear", "confusion", "confusion_normalized", "scatter", "scatter_jitter",
             "smooth", "bar_horizontal_sorted", "bar_horizontal", "mine", "plain", "plain.json"]


def put(path, text):
    if os.path.dirname(path):
        os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(text if isinstance(text, bytes) else text.encode())


# --- data ---------------------------------------------------------------------------


def cell(r):
    return r.choice(["1", "0.5", "-1e-7", "", "word", 'say "x"', "a,b", "two\nlines", "tab\there", "é",
                     str(r.randint(0, 99))])


def quoted(r, s, delimiter):
    if any(c in s for c in '"\n' + delimiter) or r.random() < 0.1:
        return '"' + s.replace('"', '""') + '"'
    return s


def table(r, fields, rows, delimiter):
    lines = [fields] + [[cell(r) for _ in fields] for _ in range(rows)]
    if r.random() < 0.15:
        lines[-1] = lines[-1][:-1] or ["x"]
    if r.random() < 0.1:
        lines[r.randrange(len(lines))].append("more")
    if r.random() < 0.1:
        lines.insert(r.randrange(1, len(lines) + 1), [])
    if r.random() < 0.05:
        lines[0] = lines[0] + lines[0][:1]
    end = r.choice(["\n", "\n", "\r\n"])
    text = end.join(delimiter.join(quoted(r, s, delimiter) for s in line) for line in lines)
    if r.random() < 0.1:
        text += end + '"open'
    return text + (end if r.random() < 0.8 else "")


def value(r):
    return r.choice([1, 0.5, -0.0, 1e22, True, None, "word", [1, 2], {"k": 1}, "ü", r.randint(-9, 9),
                     123456789012345678901, 0.1])


def rows_of(r, fields, rows):
    out = [{f: value(r) for f in fields} for _ in range(rows)]
    if out and r.random() < 0.1:
        out[-1].pop(r.choice(fields), None)
    if out and r.random() < 0.07:
        out[-1]["other"] = 1
    return out


def document(r, fields, rows):
    data = rows_of(r, fields, rows)
    return r.choice([data, data, data, {"points": data}, {"n": 1, "in": {"p": data, "w": "x"}},
                     {"p": data, "q": rows_of(r, ["more", "step"], r.randint(0, 3))},
                     [[1, 2]], {}, "text", 3, [], {"l": []}, {"l": [1, {}]}])


def write(r, path, fields, rows):
    suffix = os.path.splitext(path)[1]
    if path == "no.csv":
        return
    if r.random() < 0.03:
        put(path, b"\xff\xfe{" if r.random() < 0.5 else b"{ : [")
    elif suffix in (".csv", ".CSV"):
        put(path, table(r, fields, rows, ","))
    elif suffix == ".tsv":
        put(path, table(r, fields, rows, "\t"))
    elif suffix in (".json", ".yaml", ".yml"):
        put(path, json.dumps(document(r, fields, rows)))
    else:
        put(path, b"\x89PNG" + os.urandom(0) + path.encode() * r.randint(1, 3) if r.random() < 0.9 else b"")


def write_all(r):
    fields = r.sample(FIELDS[:-1], r.randint(1, 5))
    if r.random() < 0.05:
        fields.append("")
    rows = r.randint(0, 4)
    for path in FILES:
        if r.random() < 0.92:
            write(r, path, fields if r.random() < 0.9 else r.sample(FIELDS, 2),
                  rows if r.random() < 0.85 else r.randint(0, 3))
    return fields


# --- definitions -----------------------------------------------------------------------


def axis(r, fields):
    return r.choice(fields) if r.random() < 0.93 else r.choice(FIELDS)


def props(r, fields, top):
    out = {}
    if r.random() < 0.5:
        out["x"] = axis(r, fields)
    if r.random() < 0.6:
        out["y"] = axis(r, fields)
        if top and r.random() < 0.3:
            out["y"] = [axis(r, fields) for _ in range(r.randint(1, 3))]
            out["y"] = list(dict.fromkeys(out["y"]))
    if r.random() < 0.5:
        out["template"] = r.choice(TEMPLATES)
    for name in ("title", "x_label", "y_label"):
        if r.random() < 0.2:
            out[name] = r.choice(["some words", "", "<DVC_METRIC_X>", "Ü"])
    if not top and r.random() < 0.3:
        out["header"] = r.random() < 0.5
    return out


def free(r, fields):
    """A plot whose id is no path."""
    out = props(r, fields, True)
    files = r.sample(FILES[:9], r.randint(1, 3))
    out["y"] = {f: axis(r, fields) if r.random() < 0.7 else
                list(dict.fromkeys(axis(r, fields) for _ in range(2))) for f in files}
    kind = r.random()
    if kind < 0.3:
        out["x"] = {r.choice(FILES[:6]): axis(r, fields)}
    elif kind < 0.4:
        out["x"] = {f: axis(r, fields) for f in files}
    return out


def entry(r, fields):
    kind = r.random()
    if kind < 0.3:
        return {r.choice(["two", "three", "pic.svg", "a.b"]): free(r, fields)}
    path = r.choice(FILES + ["plots", "plots/deep", "./a.csv"])
    if kind < 0.5:
        return path
    return {path: props(r, fields, True) if kind < 0.95 else None}


def pipeline(r, fields):
    outs = r.sample(["a.csv", "b.tsv", "c.json", "pic.svg", "no.csv"], r.randint(0, 3))
    plots = [{o: {"cache": False, **props(r, fields, False)}} for o in outs]
    doc = {"stages": {"s": {"cmd": "x", "plots": plots}}}
    if r.random() < 0.8:
        doc["plots"] = [entry(r, fields) for _ in range(r.randint(0, 4))]
    put("dvc.yaml", json.dumps(doc))
    if r.random() < 0.3:
        put("sub/dvc.yaml", json.dumps({"plots": [
            r.choice(["../a.csv", {"two": {"y": {"../a.csv": axis(r, fields), "own.csv": axis(r, fields)}}},
                      "own.csv"])]}))
        put("sub/own.csv", table(r, fields, 2, ","))


def cached(r, t):
    """A plot that only the cache has, as of an older revision."""
    data = b"step,acc\n" + b"".join(b"%d,%d\n" % (i, r.randint(0, 9)) for i in range(3))
    md5 = hashlib.md5(data).hexdigest()
    put(f".dvc/cache/files/md5/{md5[:2]}/{md5[2:]}", data)
    put("data.csv.dvc", "")
    os.remove("data.csv.dvc")
    put("deep/dvc.yaml", "stages:\n  c:\n    cmd: x\n    plots: [kept.csv: {x: step}]\n")
    put("deep/dvc.lock", "schema: '2.0'\nstages:\n  c:\n    cmd: x\n    outs:\n    - path: kept.csv\n"
        f"      hash: md5\n      md5: {md5}\n      size: {len(data)}\n")
    put("deep/.gitignore", "/kept.csv\n")


def build(r, root, spare):
    os.makedirs(root)
    t = tools.Tools(root, spare)
    t.environ()
    t.git("init", "-q")
    put(".dvc/config", "")
    put(".dvc/.gitignore", "/config.local\n/tmp\n/cache\n")
    put(".dvc/plots/mine.json", json.dumps(MINE))
    put(".dvc/plots/plain.json", json.dumps(SIMPLE))
    for i in range(3):
        fields = write_all(r)
        pipeline(r, fields)
        if r.random() < 0.4:
            cached(r, t)
        if i < 2 or r.random() < 0.2:
            t.commit(f"c{i}")
    t.git("tag", "v1", "HEAD~1")
    return t, fields


# --- comparing ------------------------------------------------------------------------


def strip(v):
    """Errors by their types, in any order; NaN equals NaN."""
    if isinstance(v, dict):
        v = {k: strip(x) for k, x in v.items() if k != "msg"}
        if "errors" in v:
            v["errors"].sort(key=json.dumps)
        return v
    if isinstance(v, list):
        return [strip(x) for x in v]
    return "NaN" if v != v else v


def options(r, fields):
    out = []
    for name in ("-x", "-y"):
        if r.random() < 0.3:
            out += [name, axis(r, fields)]
    if r.random() < 0.4:
        out += ["-t", r.choice(TEMPLATES)]
    if r.random() < 0.3:
        out += ["--title", "given"]
    if r.random() < 0.2:
        out += ["--no-header"]
    if r.random() < 0.3:
        out += ["--split"]
    if r.random() < 0.3:
        out += ["-o", "pages/of"]
    return out


def commands(r, fields):
    targets = r.sample(FILES + ["two", "plots", "sub/dvc.yaml::two", "plots/deep", "dvc.yaml", "a|two"],
                       r.randint(1, 3))
    yield ["show", "--json"]
    yield ["show", "--json", "--split"]
    yield ["show", "--json", *options(r, fields), *targets]
    yield ["show", "--json", *options(r, fields)]
    yield ["diff", "--json"]
    yield ["diff", "--json", *r.choice([["HEAD~1"], ["v1", "HEAD"], ["HEAD", "workspace", "v1"]])]
    yield ["diff", "--json", "v1", *options(r, fields), "--targets", *targets]


def check(t, args):
    """What differs, or None; where DVC dies, so do we."""
    code, out, err = t.dvc("plots", *args, code=None)
    ours = t.ours("plots", *args, code=None)
    if code:
        return None if ours[0] else f"DVC fails: {err[-300:]}"
    if ours[0]:
        return f"ours fails: {ours[2]}"
    a, b = strip(tools.last_json(out, args)), strip(tools.last_json(ours[1], args))
    if json.dumps(a, sort_keys=True) == json.dumps(b, sort_keys=True):
        return None
    return "\n#   ".join(("differs", *tools.differ(a, b)))


def pictures(t):
    return {p: d for p, d in tools.files(t.root).items() if "/static/" not in p and p.endswith((".png", ".svg"))}


def run(top, seed, count):
    tools.load()
    bad = done = 0
    for i in range(count):
        r = random.Random(f"{seed} {i}")
        t, fields = build(r, os.path.join(top, f"p{i}"), os.path.join(top, "spare"))
        for args in commands(r, fields):
            why = check(t, args)
            done += 1
            if why:
                bad += 1
                print(f"# p{i}: plots {' '.join(args)}: {why}")
    print(f"# seed {seed}: {done} comparisons, {bad} differ")
    return bad


if __name__ == "__main__":
    sys.exit(1 if run(sys.argv[1], sys.argv[2], int(sys.argv[3])) else 0)
