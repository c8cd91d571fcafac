"""Imports, given to both tools; prints TAP.

imports.py DIR    every project lives below DIR

A project is made by DVC, copied, and each tool does the same in its copy; then
every byte is compared. A case is a function that gets both; its first line is
the name of the test.
"""
import hashlib
import json
import os
import random

import pair
import project
import tools
from tools import Trouble, same

FILES = {
    ".dvc/config": "", ".dvc/.gitignore": "/config.local\n/tmp\n/cache\n",
    "in.txt": "in2\n", "dir/a": "a\n", "dir/b/c": "c\r\n",
    "dvc.yaml": """stages:
  use:
    cmd: echo use >>"$COUNTER"; cat in_imported.txt d/a >used
    deps: [in_imported.txt, d]
    outs: [used]
""",
}


def imported(t):
    t.dvc("import-url", "-q", "in.txt", "in_imported.txt")
    t.dvc("import-url", "-q", "dir", "d")
    t.dvc("repro", "-q")


def local(p):
    return p.make(FILES, imported)


def entry(p, file, old, new):
    def change(t):
        path = os.path.join(t.root, file)
        text = tools.text(path)
        if old not in text:
            raise Trouble("no '%s' in %s" % (old, text))
        project.put(path, text.replace(old, new))
    p.each(change)


def refused(t, *words):
    """Our run fails with one line that has these words; nothing changed."""
    before = tools.files(t.root)
    code, _, err = t.ours("run", "-q", "--no-record", code=None)
    if not code or any(w not in err for w in words):
        raise Trouble("exit %d: %s" % (code, err))
    same("files", before == tools.files(t.root), True)


# --- cases ---------------------------------------------------------------------------


def vector(p):
    """the sum of an import is that of the test vector"""
    local(p)
    text = tools.text(p.b.root + "/in_imported.txt.dvc")
    same("md5", "md5: 7470b62e8b5e32b641fe930ec8a1667c" in text, True)
    same("status", p.status(), {})
    p.run([])


def frozen_source(p):
    """the source of a frozen import may change or go: nothing happens"""
    local(p)
    p.write("in.txt", "other\n")
    p.drop("dir")
    same("status", p.status(), {})
    p.run([])


def thawed(p):
    """without frozen, a changed source is imported again"""
    local(p)
    for name in ("in_imported.txt", "d"):
        entry(p, name + ".dvc", "frozen: true\n", "")
    same("status", p.status(), {})
    p.run([])
    p.write("in.txt", "new\n")
    p.write("dir/a", "aa\n")
    same("what changed", sorted(p.status()), ["d.dvc", "in_imported.txt.dvc"])
    p.run(["use"])
    same("status", p.status(), {})


def thawed_out(p):
    """without frozen, changed data comes back from the cache"""
    local(p)
    entry(p, "in_imported.txt.dvc", "frozen: true\n", "")
    p.write("in_imported.txt", "mine\n")
    p.status()
    # DVC throws it away; we keep it in the cache first.
    p.a.dvc("repro", "-q", "-P")
    p.b.ours("run", "-q", "--no-record")
    mine = hashlib.md5(b"mine\n").hexdigest()
    p.b.drop(".dvc/cache/files/md5/%s/%s" % (mine[:2], mine[2:]))
    if not os.listdir(p.b.root + "/.dvc/cache/files/md5/" + mine[:2]):
        os.rmdir(p.b.root + "/.dvc/cache/files/md5/" + mine[:2])
    p.alike()


def frozen_out(p):
    """data of a frozen import that changed is recorded, with a new sum"""
    local(p)
    p.write("in_imported.txt", "mine\n")
    p.write("d/more", "m\n")
    p.status()
    p.run(["use"])
    same("status", p.status(), {})


def checksum(p):
    """an edited entry is a changed checksum, and run writes the right one"""
    local(p)
    entry(p, "in_imported.txt.dvc", "path: in_imported.txt\n",
          "path: in_imported.txt\n  remote: r\n  desc: words\n")
    entry(p, "d.dvc", "frozen: true", "desc: words\nfrozen: true")
    same("status", p.status(),
         {"in_imported.txt.dvc": ["changed checksum"]})
    p.run([])
    same("status", p.status(), {})


def partial(p):
    """an import that was never downloaded is imported by run"""
    def work(t):
        t.dvc("import-url", "-q", "--no-download", "in.txt", "x")
        t.drop("dvc.yaml")
    p.make(FILES, work)
    p.status()
    p.run([])
    same("status", p.status(), {})


def outside(p):
    """a source outside of the project, and one in the old format"""
    def work(t):
        imported(t)
        project.put(os.path.dirname(t.root) + "/far", "far\n")
        t.dvc("import-url", "-q", "../far", "far")
    p.make(FILES, work)
    for t in (p.a, p.b):
        project.put(os.path.dirname(t.root) + "/far", "far\n")
    entry(p, "far.dvc", "frozen: true\n", "")
    same("status", p.status(), {})
    for t in (p.a, p.b):
        project.put(os.path.dirname(t.root) + "/far", "farther\r\n")
    same("what changed", sorted(p.status()), ["far.dvc"])
    p.run([])


def kept_words(p):
    """comments, desc, meta, remote and push of an import stay"""
    local(p)
    entry(p, "in_imported.txt.dvc", "frozen: true\n",
          "# why\ndesc: about\nmeta: {a: [1, 2]}\n")
    entry(p, "in_imported.txt.dvc", "outs:\n", "# what\nouts:   # here\n")
    p.write("in.txt", "again\n")
    p.run()
    text = tools.text(p.b.root + "/in_imported.txt.dvc")
    same("words", all(w in text for w in (
        "# why", "desc: about", "meta: {a: [1, 2]}", "# what", "# here")), True)


def elsewhere(p):
    """imports of other repositories, URLs, data bases need no network"""
    far = os.path.dirname(os.path.dirname(p.a.root)) + "/far"
    other = tools.Tools(far, far + "-say")
    os.makedirs(far)
    other.git("init", "-q", "-b", "main")
    project.put(far + "/data/x", "in2\n")
    other.commit("one")
    data = """frozen: true
deps:
- %s
outs:
- md5: 655288253f184005c74c635897120dd7
  size: 4
  hash: md5
  path: %s
"""
    p.make(dict(FILES, **{"r.dvc": data % ("""path: data/x
  repo:
    url: %s
    rev: main
    rev_lock: %s
    config: {core: {remote: r}}""" % (far, other.git(
        "rev-parse", "HEAD").strip()), "r"), "u.dvc": data % (
        """checksum: '"abc"'
  size: 4
  hash: md5
  path: https://nowhere.invalid/u""", "u"), "q.dvc": data % (
        "db: {connection: c, query: select 1, file_format: csv}", "q"),
        "dvc.yaml": FILES["dvc.yaml"].replace("in_imported.txt, d", "r, u, q")
        .replace("in_imported.txt d/a", "r u q")}), lambda t: [
            project.put(t.root + "/" + x, "in2\n") for x in "ruq"] + [
            project.put(t.root + "/.dvc/cache/files/md5/65/"
                        "5288253f184005c74c635897120dd7", "in2\n", 0o444)])
    same("sums", sorted(p.status()), ["q.dvc", "r.dvc", "u.dvc", "use"])
    for name in "ruq":
        refused(p.b, ".dvc: line", "is not supported yet")
        put_sum(p, name + ".dvc")
    same("status", sorted(p.status()), ["use"])
    p.run(["use"])
    p.drop("r", "u", "q")
    p.a.dvc("checkout", "-q")
    p.b.ours("data", "checkout")
    p.alike()
    p.write("r", "mine\n")
    same("status", sorted(p.status()), ["r.dvc", "use"])
    os.rename(far, far + "-away")
    refused(p.b, "r.dvc: line 4: importing from 'data/x' again is not")
    p.b.ours("data", "checkout", "-f")
    p.b.ours("status")


def put_sum(p, file):
    """Write the sum that DVC computes for this very file."""
    def work():
        from dvc.repo import Repo
        from dvc.dvcfile import load_file
        os.chdir(p.a.root)
        print(load_file(Repo("."), file).stage.compute_md5())
        return 0
    os.waitpid(tools.child(work, p.a.spare + ".sum", p.a.spare + ".err"), 0)
    sum = tools.text(p.a.spare + ".sum").strip()

    def change(t):
        path = os.path.join(t.root, file)
        text = tools.text(path)
        if text.startswith("md5:"):
            text = text.split("\n", 1)[1]
        project.put(path, "md5: %s\n%s" % (sum, text))
    p.each(change)


def with_command(p):
    """a .dvc file with a command is refused by both, and a lock of DVC 1"""
    p.make(FILES, imported)
    p.write("old.dvc", "cmd: echo hi\nouts:\n- path: o\n")
    code, _, err = p.b.ours("status", code=None)
    same("exit", (code, p.a.dvc("status", code=None)[0] != 0), (128, True))
    for word in ("old.dvc: line 1: ", "'cmd'", "hint: "):
        if word not in err:
            raise Trouble(err)
    p.drop("old.dvc")
    p.write("dvc.lock", "use:\n  cmd: echo\n")
    code, _, err = p.b.ours("status", code=None)
    same("exit", (code, p.a.dvc("status", code=None)[0] != 0), (128, True))
    if "dvc.lock: " not in err or "hint: " not in err:
        raise Trouble(err)


def many(p):
    """the sums of 300 random imports are those that DVC computes"""
    r = random.Random(18)
    p.make({".dvc/config": "['remote \"r\"']\n    url = /nowhere\n"})
    for i in range(300):
        p.b.text = random_import(r)
        project.put("%s/%03d.dvc" % (p.a.root, i), p.b.text)
        project.put("%s/%03d.dvc" % (p.b.root, i), p.b.text)

    def work():
        from dvc.repo import Repo
        from dvc.dvcfile import load_file
        os.chdir(p.a.root)
        repo = Repo(".")
        for i in range(300):
            print(load_file(repo, "%03d.dvc" % i).stage.compute_md5())
        return 0
    os.waitpid(tools.child(work, p.a.spare + ".sum", p.a.spare + ".err"), 0)
    sums = tools.text(p.a.spare + ".sum").split()
    if len(sums) != 300:
        raise Trouble(tools.text(p.a.spare + ".err")[-2000:])
    for i, sum in enumerate(sums):
        path = "%s/%03d.dvc" % (p.b.root, i)
        text = tools.text(path)
        if sum != "None":
            project.put(path, "md5: %s\n%s" % (sum, text))
    found = p.b.ours("status", "--json", code=None)[1]
    bad = [k for k, v in json.loads(found).items() if "changed checksum" in v]
    if bad:
        raise Trouble("%d differ, as %s:\n%s" % (
            len(bad), bad[0], tools.text(p.b.root + "/" + bad[0])))


def random_import(r):
    import yaml
    n = "%030x" % r.randrange(16 ** 30)
    out = {"path": r.choice(["o/", "./o/", "ö/"]) + n}
    dep = {"path": r.choice(["in", "./in/../x", "/abs/in", "../up",
                             "https://nowhere.invalid/x", "remote://r/x"])}
    for e in (out, dep):
        if r.random() < .8:
            e["md5"] = n + r.choice(["ab", "CD", "ab.dir"])
        if r.random() < .6:
            e["hash"] = "md5"
        if r.random() < .5:
            e["size"], e["isexec"] = 7, r.random() < .5
        if r.random() < .3:
            e["etag"] = '"Ab-%s"' % n
        if r.random() < .2:
            e["checksum"] = "ABC" + n
        if r.random() < .2:
            e["version_id"] = ""  # without a cloud DVC breaks on others
        if r.random() < .2 and e is out:
            e["cloud"] = r.choice([{}, {"r": {"etag": "E-tag", "size": 3}},
                                   {"r": {"size": 3, "isexec": True}}])
        if r.random() < .1:
            e["fs_config"] = {"jobs": 2}
    for key, value in (("cache", False), ("persist", True), ("push", False),
                       ("remote", "r"), ("desc", "d"), ("labels", ["l"]),
                       ("meta", {"a": 1}), ("type", "t")):
        if r.random() < .2:
            out[key] = value
    if r.random() < .3:
        dep = {"path": "./data/x", "repo": {"url": "https://nowhere.invalid/r"}}
        for key in ("rev", "rev_lock", "remote"):
            if r.random() < .5:
                dep["repo"][key] = r.choice(["", "abc"])
        if r.random() < .5:
            dep["repo"]["config"] = {"remote": {"type": 1, "é": 2.5}}
    elif r.random() < .2:
        dep = {"db": {"connection": "c", "query": r.choice(["", "select 1"])}}
    doc = {"deps": [dep], "outs": [out]}
    for key, value in (("frozen", True), ("always_changed", True),
                       ("desc", "x"), ("meta", 1), ("wdir", "."),
                       ("wdir", "w")):
        if r.random() < .3:
            doc[key] = value
    return yaml.safe_dump(doc, allow_unicode=True, sort_keys=False)


pair.main([vector, frozen_source, thawed, thawed_out, frozen_out, checksum,
           partial, outside, kept_words, elsewhere, with_command, many])
