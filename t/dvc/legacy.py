"""Projects that DVC 2 left behind, given to both tools; prints TAP.

legacy.py DIR    every project lives below DIR

DVC 2 wrote no `hash: md5`: hashes are md5-dos2unix, objects stand in
.dvc/cache/aa. A project is made twice, converted back to that by hand, and
each tool does the same in its own; then every byte is compared. A case is a
function that gets both; its first line is the name of the test.
"""
import hashlib
import json
import os

import pair
import project
import tools
from tools import Trouble, same

PIPELINE = """stages:
  prepare:
    cmd: echo prepare >>"$COUNTER"; sort raw.txt >clean.txt
    deps: [raw.txt]
    outs: [clean.txt]
  train:
    cmd: >-
      echo train >>"$COUNTER"; mkdir -p model/sub && cat clean.txt data/win.txt
      >model/w && printf 'x\\r\\ny\\r\\n' >model/sub/crlf && grep lr params.yaml
      >m.yaml && wc -l <clean.txt >count.txt
    deps: [clean.txt, data]
    params: [lr]
    outs: [model]
    metrics:
    - m.yaml: {cache: false}
    - c.yaml
    plots:
    - count.txt: {cache: false}
  report:
    cmd: echo report >>"$COUNTER"; cat model/w >report.txt; echo end >>report.txt
    deps: [model]
    outs: [report.txt]
""".replace("wc -l <clean.txt >count.txt",
            "wc -l <clean.txt >count.txt && echo 'acc: 1' >c.yaml")

FILES = {
    ".dvc/config": "", ".dvc/.gitignore": "/config.local\n/tmp\n/cache\n",
    "raw.txt": "b\r\na\r\n", "params.yaml": "lr: 0.1\n", "dvc.yaml": PIPELINE,
    "data/win.txt": "one\r\ntwo\r\n", "data/sub/bin": "\0\r\n\0",
    "data/sub/empty": "", "alone.txt": "alone\r\n", "tool.sh": "exit 0\r\n",
}


def by_dvc2(data):
    """The hash that DVC 2 gave to these bytes."""
    h = hashlib.md5()
    for at in range(0, len(data), 2 ** 20):
        chunk = data[at:at + 2 ** 20]
        head = chunk[:512]
        odd = [c for c in head if not (32 <= c < 127 or c in b"\n\r\t\f\b")]
        if 0 not in head and len(odd) <= 0.3 * len(head):
            chunk = chunk.replace(b"\r\n", b"\n")
        h.update(chunk)
    return h.hexdigest()


def put_object(root, data, suffix=""):
    name = by_dvc2(data) + suffix
    path = os.path.join(root, ".dvc/cache", name[:2], name[2:])
    if not os.path.exists(path):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(data)
        os.chmod(path, 0o444)
    return name


def saved(root, path, cached):
    """Hash what is there, put it into the old cache, as `dvc add` once did."""
    put = put_object if cached else lambda _, data, more="": by_dvc2(data) + more
    if not os.path.isdir(path):
        with open(path, "rb") as f:
            return put(root, f.read())
    found = []
    for base, _, names in os.walk(path):
        for name in names:
            full = os.path.join(base, name)
            with open(full, "rb") as f:
                found.append({"md5": put(root, f.read()),
                              "relpath": os.path.relpath(full, path)})
    found.sort(key=lambda e: e["relpath"])
    return put(root, json.dumps(found, sort_keys=True).encode(), ".dir")


def age(root, old=None):
    """Turn entries (those whose path `old` accepts) back to those of DVC 2."""
    for base, dirs, names in os.walk(root):
        dirs[:] = [d for d in dirs if d not in (".git", ".dvc")]
        for name in names:
            if name == "dvc.lock" or name.endswith(".dvc"):
                age_file(root, base, os.path.join(base, name), old)
    return root


def age_file(root, base, file, old):
    from dvc.utils.serialize import modify_yaml
    with modify_yaml(file) as doc:
        entries = [(e, False) for e in doc.get("outs", [])]
        for stage in doc.get("stages", {}).values():
            entries += [(e, True) for e in stage.get("deps", [])]
            entries += [(e, False) for e in stage.get("outs", [])]
        for e, dep in entries:
            if e.get("hash") and (not old or old(e["path"])):
                del e["hash"]
                e["md5"] = saved(root, os.path.join(base, e["path"]), not dep)


def made(p, old=None, more=None):
    def work(t):
        os.chmod(os.path.join(t.root, "tool.sh"), 0o755)
        t.dvc("add", "-q", "data", "alone.txt", "tool.sh")
        t.dvc("repro", "-q")
        age(t.root, old)
        for path in ("files", "runs"):
            if not old:
                t.drop(".dvc/cache/" + path)
    return p.make(dict(FILES, **(more or {})), work)


# --- cases ---------------------------------------------------------------------------


def unchanged(p):
    """what DVC 2 recorded is up to date: nothing runs, no byte changes"""
    made(p)
    same("status", p.status(), {})
    before = tools.files(p.b.root)
    p.run([])
    same("our files", before == tools.files(p.b.root), True)


def line_ends(p):
    """a dependency of which only the line ends changed is unchanged"""
    made(p)
    p.write("raw.txt", "b\na\n")
    same("status", p.status(), {})
    p.run([])


def dep_changed(p):
    """a changed dependency gets `hash: md5`, what is the same stays legacy"""
    made(p)
    p.write("raw.txt", "a\r\nc\r\n")
    p.status()
    p.run(["prepare", "train", "report"])
    same("status", p.status(), {})


def same_result(p):
    """a stage that ran and made the same stays with the old cache"""
    made(p)
    p.write("raw.txt", "a\r\nb\r\n")
    p.run(["prepare"])
    same("status", p.status(), {})
    lock = tools.text(p.b.root + "/dvc.lock")
    same("old outs", lock.count("hash: md5"), 1)


def param_changed(p):
    """only a parameter changed: deps stay legacy, outs as they come out"""
    made(p)
    p.write("params.yaml", "lr: 0.2\n")
    p.status()
    p.run(["train"])
    same("status", p.status(), {})


def command_changed(p):
    """another command with the same results writes no new hash"""
    made(p)
    p.write("dvc.yaml", PIPELINE.replace("cat model/w >", "cat  model/w >"))
    p.status()
    p.run(["report"])
    same("hash", "hash: md5" in tools.text(p.b.root + "/dvc.lock"), False)


def restored(p):
    """outputs that are gone come back from the old cache"""
    made(p)
    p.drop("clean.txt", "model", "report.txt", "c.yaml")
    p.status()
    p.run([])


def run_cache(p):
    """the run cache knows the runs of legacy inputs, by the same keys"""
    made(p)
    p.write("params.yaml", "lr: 0.2\n")
    p.run(["train"])
    p.write("params.yaml", "lr: 0.3\n")
    p.run(["train"])
    p.write("params.yaml", "lr: 0.2\n")
    p.run([])
    p.write("raw.txt", "z\r\n")
    p.run(["prepare", "train", "report"])
    p.write("raw.txt", "b\r\na\r\n")
    p.run()
    p.drop("dvc.lock")
    p.run()


def hard_links(p):
    """with hard links the old objects are linked, read-only, as by DVC"""
    made(p, more={".dvc/config": "[cache]\n    type = hardlink\n"})
    p.run([])
    p.write("raw.txt", "a\r\nb\r\n")
    p.run(["prepare"])
    p.each(lambda t: same("links", os.stat(t.root + "/clean.txt").st_nlink, 2))
    p.drop("model")
    p.run([])
    p.drop("clean.txt", "tool.sh", "data")
    p.a.dvc("checkout", "-q")
    p.b.ours("data", "checkout")
    p.alike()


def not_cached(p):
    """objects that the old cache lacks are told and made again"""
    made(p)
    p.drop(".dvc/cache")
    p.status()
    p.run()
    same("status", p.status(), {})


def damaged(p):
    """a writable object that is damaged is not used"""
    made(p)

    def spoil(t):
        name = by_dvc2(b"a\r\nb\r\n")
        path = os.path.join(t.root, ".dvc/cache", name[:2], name[2:])
        os.chmod(path, 0o644)
        with open(path, "w") as f:
            f.write("other\n")
        t.drop("clean.txt")
    p.each(spoil)
    p.status()
    p.run()


def mixed(p):
    """old and new entries in one file, each by its own rule"""
    made(p, old=lambda path: path in ("clean.txt", "alone.txt", "model"))
    same("status", p.status(), {})
    p.run([])
    p.write("alone.txt", "alone\n")
    p.write("data/win.txt", "one\ntwo\n")
    p.status()
    p.run()
    p.drop("clean.txt", "model")
    p.status()
    p.run()


def data_add_same(p):
    """data add of what is the same but for line ends stays legacy"""
    made(p)
    p.a.dvc("add", "-q", "data", "alone.txt", "tool.sh")
    p.b.ours("data", "add", "data", "alone.txt", "tool.sh")
    p.alike()
    p.write("alone.txt", "alone\n")
    p.a.dvc("add", "-q", "alone.txt")
    p.b.ours("data", "add", "alone.txt")
    # DVC puts the object's line ends back; we never touch what was written.
    same("kept", open(p.b.root + "/alone.txt", "rb").read(), b"alone\n")
    p.write("alone.txt", "alone\n")
    p.alike()
    same("hash", "hash" in tools.text(p.b.root + "/alone.txt.dvc"), False)


def data_add_changed(p):
    """data add of changed content converts it, comments stay"""
    made(p)

    def note(t):
        for name in ("data", "alone.txt"):
            path = "%s/%s.dvc" % (t.root, name)
            old = tools.text(path)
            with open(path, "w") as f:
                f.write("# kept\nmeta: {a: 1} # why\n" + old +
                        "desc: about it\n")
    p.each(note)
    p.write("alone.txt", "alone 2\r\n")
    p.write("data/win.txt", "three\r\n")
    p.status()
    p.a.dvc("add", "-q", "data", "alone.txt")
    p.b.ours("data", "add", "data", "alone.txt")
    p.alike()


def run_commits_data(p):
    """run records legacy data that changed as DVC does"""
    made(p)
    p.write("alone.txt", "alone 2\r\n")
    p.write("data/sub/more", "more\r\n")
    p.status()
    p.run()
    same("status", p.status(), {})


def checkout(p):
    """data checkout brings back legacy files and directories"""
    made(p)
    p.drop("data", "alone.txt", "tool.sh", "model", "clean.txt")
    p.a.dvc("checkout", "-q")
    p.b.ours("data", "checkout")
    p.alike()
    p.write("data/win.txt", "other\n")
    p.write("data/extra", "extra\n")
    p.a.dvc("checkout", "-q", "-f")
    p.b.ours("data", "checkout", "-f")
    p.alike()


def keeps_bytes(p):
    """data checkout loses no bytes, not even line ends, unless forced"""
    made(p)
    p.write("data/win.txt", "one\r\ntwo\n")
    p.write("data/sub/empty", "no more\n")
    code, _, err = p.b.ours("data", "checkout", code=None)
    same("exit", code, 128)
    same("the bytes", open(p.b.root + "/data/win.txt", "rb").read(),
         b"one\r\ntwo\n")
    if "is in the way" not in err:
        raise Trouble(err)


def show(p):
    """show --json has the hashes and the cached metrics of the old cache"""
    made(p)
    p.drop("c.yaml")
    shown = [t.dvc_json("exp", "show", "--json") for t in (p.a,)]
    ours = p.b.ours_json("show", "--json")
    for row in shown[0] + ours:
        data = row.get("data") or {}
        data.pop("timestamp", None)
        row.pop("git_exp", None)
        row["rev"] = row["name"] = None
        data["rev"] = None
    same("show", shown[0], ours)
    text = json.dumps(ours)
    if by_dvc2(b"a\r\nb\r\n") not in text or '"acc": 1' not in text:
        raise Trouble("no old hash or metric in " + text)


def apply(p):
    """an experiment with legacy outputs is applied, and DVC agrees"""
    made(p)
    t = p.b
    t.write = lambda path, text: project.put(os.path.join(t.root, path), text)
    t.write("params.yaml", "lr: 0.5\n")
    t.ours("run", "--name", "half", "-q")
    t.git("checkout", "-q", "-f", ".")
    t.drop("model"), t.drop("c.yaml")
    t.ours("apply", "half")
    same("status", t.dvc_json("status", "--json"), {})
    same("model", os.path.exists(t.root + "/model/w"), True)
    t.ours("undo")


CASES = [unchanged, line_ends, dep_changed, same_result, param_changed,
         command_changed, restored, run_cache, hard_links, not_cached, damaged, mixed,
         data_add_same, data_add_changed, run_commits_data, checkout,
         keeps_bytes, show, apply]


pair.main(CASES)
