"""The same project twice, for DVC and for us, and what drives cases on it."""
import json
import os
import shutil
import sys
import traceback

import project
import tools
from tools import Trouble, same


class Pair:
    """The same project twice: `a` is DVC's, `b` ours."""

    def __init__(self, root):
        self.a = tools.Tools(root + "/a/p", root + "/say-a")
        self.b = tools.Tools(root + "/b/p", root + "/say-b")
        self.template = root + "/t"

    def make(self, files, work=None):
        """`work`: what is done in the one that both are copies of."""
        t = tools.Tools(self.template, self.template + "-say")
        os.makedirs(self.template)
        for path, text in files.items():
            project.put(os.path.join(t.root, path), text)
        t.git("init", "-q")
        if work:
            work(t)
        shutil.rmtree(os.path.join(t.root, ".dvc/tmp"), ignore_errors=True)
        t.commit("the beginning")
        for x in (self.a, self.b):
            shutil.copytree(t.root, x.root, symlinks=True)
        self.a.ran(), self.b.ran()
        return self

    def each(self, work):
        for t in (self.a, self.b):
            work(t)

    def write(self, path, text):
        self.each(lambda t: project.put(os.path.join(t.root, path), text))

    def drop(self, *paths):
        self.each(lambda t: [t.drop(p) for p in paths])

    def status(self):
        """Both say the same of both projects."""
        theirs = [t.dvc_json("status", "--json") for t in (self.a, self.b)]
        for i, t in enumerate((self.a, self.b)):
            up = json.dumps(os.path.dirname(t.root))[1:-1]
            theirs[i] = json.loads(json.dumps(theirs[i]).replace(up, "UP"))
        same("DVC's status", *theirs)
        for t in (self.a, self.b):
            code, out, err = t.ours("status", "--json", code=None)
            if code > 1:
                raise Trouble(err)
            ours = json.loads(out.replace(
                json.dumps(os.path.dirname(t.root))[1:-1], "UP"))
            del ours["git_exp"]
            same("status", theirs[0], ours)
        return theirs[0]

    def run(self, expect=None):
        self.a.dvc("repro", "-q", "-P")
        self.b.ours("run", "-q", "--no-record")
        ran = self.a.ran()
        same("what ran", ran, self.b.ran())
        if expect is not None:
            same("what DVC ran", ran, expect)
        self.alike()

    def alike(self):
        self.drop_waste()
        tools.same_files(self.a.root, self.b.root)

    def drop_waste(self):
        """DVC leaves the listing of a changed directory in the old cache."""
        old = os.path.join(self.a.root, ".dvc/cache")
        for base, dirs, names in os.walk(old):
            dirs[:] = [d for d in dirs if len(d) == 2 or base != old]
            for name in names:
                full = os.path.join(base, name)
                if name.endswith(".dir") and not os.path.exists(
                        self.b.root + full[len(self.a.root):]):
                    os.unlink(full)
                    if not os.listdir(base):
                        os.rmdir(base)


def main(cases):
    top = os.path.realpath(sys.argv[1])
    only = sys.argv[2:]
    tools.load()
    failed = nr = 0
    for case in cases:
        if only and case.__name__ not in only:
            continue
        nr += 1
        name = case.__doc__.strip().split("\n")[0]
        try:
            case(Pair(os.path.join(top, case.__name__)))
            print("ok %d - %s" % (nr, name), flush=True)
        except Trouble as e:
            failed += 1
            print("not ok %d - %s" % (nr, name))
            print("# " + str(e).replace("\n", "\n# "), flush=True)
        except Exception:
            failed += 1
            print("not ok %d - %s" % (nr, name))
            print("# " + traceback.format_exc().replace("\n", "\n# "),
                  flush=True)
    print("1..%d" % nr)
    sys.exit(bool(failed))

