"""What DVC itself makes of the same projects, for t1040-pipe.sh.

  pipe.py cases FILE DIR     one project below DIR for each case in FILE
  pipe.py generate DIR N     N projects of several dvc.yaml files, not all good
  pipe.py measure DIR         the number of its stages, and milliseconds
  pipe.py view DIR...        one line of JSON for each, as u-pipe prints it
  pipe.py compare OURS THEIRS [FILE]
"""
import json
import os
import random
import sys
import traceback

del sys.path[0]  # our neighbours have names that DVC imports


def make(root, files):
    os.makedirs(os.path.join(root, ".dvc"))
    open(os.path.join(root, ".dvc", "config"), "w").close()
    for name, text in files.items():
        path = os.path.join(root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)


def read_cases(name):
    """(mark, title, files): one line each, or "=== TITLE", "--- FILE" blocks."""
    case = None
    with open(name, encoding="utf-8") as f:
        for line in f:
            if line[:3] in ("===", "<<<"):
                if case:
                    yield case
                case = (line[0], line[4:].strip(), {})
            elif case and line.startswith("--- "):
                case[2][line[4:].strip()] = ""
            elif case and case[2]:
                case[2][list(case[2])[-1]] += line
            elif not case and line[0] in "=<":
                mark, file, text = (line.rstrip("\n").split(" ", 2) + [""])[:3]
                text = text.replace("\\n", "\n")
                yield mark, file + " " + text, {file: text + "\n"}
    if case:
        yield case


def cases(name, root):
    for i, (_, _, files) in enumerate(read_cases(name)):
        make(os.path.join(root, "%03d" % i), files)


# --- projects made by chance --------------------------------------------------

WORDS = ["a", "data", "model.bin", "out put", "größe", "日本", "x-1", "deep/er",
         "../up", "m.json", "it's", "a:b", "#no", "1"]


def some(r, most):
    return r.sample(WORDS, r.randint(0, most))


def an_out(r, path, plot):
    flags = {}
    for key in ("cache", "persist", "push"):
        if r.random() < 0.3:
            flags[key] = r.random() < 0.5
    if r.random() < 0.2:
        flags["desc"] = "said of it"
    if plot and r.random() < 0.5:
        flags.update(x="step", title="T")
    return {path: flags} if flags or r.random() < 0.2 else path


def a_stage(r, tag):
    own = lambda kind, n: ["%s-%s-%d %s" % (tag, kind, i, r.choice("aé"))
                           for i in range(r.randint(0, n))]
    stage = {"cmd": r.choice(["run", ["one", "two"], "first\nsecond\n",
                              "echo \\${HOME}"])}
    if r.random() < 0.4:
        stage["wdir"] = r.choice(["w", "w/../v", ".", "w dir"])
    if r.random() < 0.7:
        stage["deps"] = some(r, 3)
    if r.random() < 0.6:
        stage["params"] = r.sample(
            ["lr", "b.c", {"o.json": ["k", "j"]}, {"whole.yaml": None},
             {"params.yaml": ["z"]}, {"o.json": ["i"]}, {"sub/p.yaml": []}], 3)
    for kind in ("plots", "outs", "metrics"):
        if r.random() < 0.5:
            stage[kind] = [an_out(r, p, kind == "plots") for p in own(kind, 2)]
    if r.random() < 0.1:
        stage["outs"] = ["shared"]
    for key in ("frozen", "always_changed"):
        if r.random() < 0.2:
            stage[key] = r.random() < 0.7
    return stage


def generate(root, count):
    from ruamel.yaml import YAML

    yaml = YAML(typ="safe")
    yaml.allow_unicode = True
    yaml.default_flow_style = False
    for n in range(int(count)):
        r = random.Random(n)
        files = {".dvcignore": "/hidden\n", ".gitignore": "/ignored/\n*.tmp\n"}
        dirs = ["", "sub/", "sub/b c/", "zoë/", "hidden/", "ignored/",
                "sub.dir/"]
        for d, where in enumerate(r.sample(dirs, r.randint(1, 5))):
            doc = {"stages": {}}
            for i in range(r.randint(0, 4)):
                tag = "%d%d" % (d, i)
                doc["stages"][r.choice(["s", "train ", "é"]) + tag] = \
                    a_stage(r, tag)
            if r.random() < 0.4:
                doc["metrics"] = ["top.json", "m/"]
                doc["plots"] = ["c.csv", {"id": {"y": {"f": "g"}}}]
            files[where + "dvc.yaml"] = doc
            if r.random() < 0.5:
                files[where + "raw%d.dvc" % d] = {
                    "outs": [{"md5": "%032x" % n, "size": n, "hash": "md5",
                              "path": "raw%d" % d}]}
                if r.random() < 0.5:
                    files[where + "raw%d/dvc.yaml" % d] = "in an output: ["
        for name, text in (("sub/.dvcignore", "b c/\n"),
                           ("sub.dir/.dvcignore", " *.dvc \n!raw1.dvc\n"),
                           ("zoë/.gitignore", "*.dvc\n!raw0.dvc\n"),
                           ("nested/.dvc/config", ""),
                           ("nested/dvc.yaml", "of another project: ["),
                           ("sub/.hg/dvc.yaml", "of another tool: [")):
            if r.random() < 0.3 or name == "nested/.dvc/config":
                files[name] = text
        path = os.path.join(root, "%03d" % n)
        os.makedirs(path)
        texts = {}
        for name, doc in files.items():
            if isinstance(doc, dict):
                from io import StringIO
                out = StringIO()
                yaml.dump(doc, out)
                doc = out.getvalue()
            texts[name] = doc
        make(path, texts)
        os.symlink("sub", os.path.join(path, "link"))


# --- DVC's view ---------------------------------------------------------------

def sorted_walk(walk):
    """DVC takes names as the directory has them; u-pipe sorts them."""
    def wrapper(top, *args, **kwargs):
        for root, dirs, files in walk(top, *args, **kwargs):
            dirs.sort(key=lambda d: (d + "/").encode())
            files.sort(key=str.encode)
            yield root, dirs, files
    return wrapper


def place(repo, edge):
    if not edge.fs or edge.fs.protocol != "local" or not edge.fs_path:
        return edge.def_path
    if os.path.isabs(edge.def_path):
        return os.path.normpath(edge.def_path)
    return os.path.relpath(edge.fs_path, repo.root_dir)


def out_view(repo, o):
    v = {"def": o.def_path, "path": place(repo, o), "cache": o.use_cache,
         "persist": o.persist, "push": o.can_push, "metric": bool(o.metric),
         "plot": bool(o.plot)}
    if o.remote:
        v["remote"] = o.remote
    if o.annot.desc:
        v["desc"] = o.annot.desc
    if o.hash_info.value and not o.files:
        v["md5"] = o.hash_info.value
        if o.hash_name == "md5":
            v["hash"] = "md5"
    if isinstance(o.plot, dict):
        v["props"] = o.plot
    return v


def stage_view(repo, s):
    from dvc.dependency import DbDependency, ParamsDependency, RepoDependency
    from dvc.stage import PipelineStage

    rel = lambda p: os.path.relpath(p, repo.root_dir)
    v = {"addr": s.addressing, "file": rel(s.path), "wdir": rel(s.wdir),
         "cmd": s.cmd, "frozen": s.frozen,
         "always_changed": s.always_changed, "deps": [], "params": [],
         "outs": [out_view(repo, o) for o in s.outs]}
    if isinstance(s, PipelineStage):
        v["name"] = s.name
        v["templated"] = s.raw_data.parametrized
        v["used"] = s.tracked_vars
        if s.raw_data.generated_from:
            v["group"] = s.raw_data.generated_from
    if isinstance(s.desc, str) and s.desc:
        v["desc"] = s.desc
    for d in s.deps:
        if isinstance(d, ParamsDependency):
            v["params"].append({"def": d.def_path, "path": place(repo, d),
                                "whole": not d.params,
                                "keys": sorted(set(d.params))})
        elif isinstance(d, DbDependency):
            v["deps"].append({"def": "db:", "path": "db:"})
        elif isinstance(d, RepoDependency):
            v["deps"].append({"def": d.def_path, "path": d.def_path})
        else:
            v["deps"].append({"def": d.def_path, "path": place(repo, d)})
    v["params"].sort(key=lambda p: (p["def"] != "params.yaml", p["def"]))
    return v


def files_view(repo, sections):
    out = []
    for path, entries in sections.items():
        for e in entries:
            name, props = next(iter(e.items())) if isinstance(e, dict) \
                else (e, None)
            out.append({"from": os.path.relpath(path, repo.root_dir),
                        "id": name, "props": props})
    return out


def view_one(root):
    from dvc.repo import Repo
    from dvc.repo.index import Index
    from dvc.stage.utils import check_no_externals

    def fail(_, exc):
        raise exc

    os.chdir(root)
    repo = Repo(root)
    index = Index.from_repo(repo, onerror=fail)
    index.check_graph()
    for s in index.stages:
        check_no_externals(s)
    return {"stages": [stage_view(repo, s) for s in index.stages],
            "metrics": files_view(repo, index._metrics),
            "params": files_view(repo, index._params),
            "plots": files_view(repo, index._plots)}


def measure(root):
    import time
    import dvc.repo  # noqa: F401

    root = os.path.abspath(root)
    view_one(root)
    start = time.perf_counter()
    nr = len(view_one(root)["stages"])
    print("%d %.3f" % (nr, (time.perf_counter() - start) * 1e3))


def view(*roots):
    import dvc.repo  # noqa: F401  (without it every project is refused)

    os.walk = sorted_walk(os.walk)
    for root in [os.path.abspath(r) for r in roots]:
        try:
            out = view_one(root)
        except Exception as exc:
            out = {"error": "%s: %s" % (type(exc).__name__, exc)}
            if "VIEW_DEBUG" in os.environ:
                traceback.print_exc()
        print(json.dumps(out), flush=True)


# --- comparing ----------------------------------------------------------------

def compare(ours, theirs, name=None):
    marks = [c[:2] for c in read_cases(name)] if name else None
    bad = 0
    with open(ours) as a, open(theirs) as b:
        pairs = list(zip(a, b, strict=True))
    for i, (a, b) in enumerate(map(json.loads, pair) for pair in pairs):
        mark, title = marks[i] if marks else ("=", "project %03d" % i)
        refused = ("error" in a, "error" in b)
        if mark == "<":
            ok = refused == (True, False)
        else:
            ok = refused[0] == refused[1] and (refused[0] or a == b)
        if not ok:
            bad += 1
            print("%s %03d %s\n  ours   %s\n  theirs %s" %
                  (mark, i, title, json.dumps(a), json.dumps(b)))
    taken = sum("error" not in json.loads(b) for _, b in pairs)
    print("%d projects, DVC takes %d, %d differ" % (len(pairs), taken, bad))
    sys.exit(bad > 0 or taken < len(pairs) // 3)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
