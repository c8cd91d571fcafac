"""Both tools on projects over the whole language; prints TAP.

interop.py DIR [--steps a,b] [--no-shrink] SEED...

A seed says it all. `7` makes a project of the features whose turn it is (see
musts), every fifth with damage; `7:bad foreach` one with this damage; `each`
one with each kind of damage. What differs is made smaller and printed. Steps: stages, dag, status, run, and views.
"""
import collections
import json
import multiprocessing
import os
import shutil
import sys
import traceback

import broken
import compare
import language
import places
import shrink
import theirs
import tools
from case import put
from tools import Trouble, same, same_files

STEPS = "stages dag status run views".split()
AT_LEAST = 3
ALL = 60


def in_dvc(t, work):
    """What work() gives, done by DVC in a fork standing in the project."""
    def inside():
        t.environ()
        print("\n" + json.dumps(work()))
    os.waitpid(tools.child(inside, t.spare + ".out", t.spare + ".err"), 0)
    said = tools.text(t.spare + ".out").strip().split("\n")[-1]
    try:
        return json.loads(said)
    except ValueError:
        return {"error": "died", "crash": True, "said": tools.text(
            t.spare + ".err")[-2000:]}


class Both:
    """One case in the hands of both tools, step by step."""

    def __init__(self, case, root):
        self.case = case
        os.makedirs(root)
        self.theirs = tools.Tools(root + "/theirs", root + "/theirs-say")
        self.ours = tools.Tools(root + "/ours", root + "/ours-say")

    def make(self):
        t = self.ours
        os.mkdir(t.root)
        t.git("init", "-q")
        self.case.write(t.root)
        t.commit("all of it")
        shutil.copytree(t.root, self.theirs.root, symlinks=True)

    def look(self, steps):
        """Refused or not, and what was read; False where there is no more."""
        self.view = view = in_dvc(self.ours, theirs.view)
        code, out, err = self.ours.ours("status", "--json", code=None)
        if "error" in view:
            if not self.case.broken:
                raise Trouble("generator: DVC refuses what should be good: %s"
                              % view["said"])
            self.refused(view, code, err)
            return False
        if code not in (0, 1):
            self.unfit(code, err)
            return False
        if "stages" in steps:
            said = self.ours.ours_json("stage", "list", "--all", "--json")
            same("stages: DVC's and ours", view["stages"], said)
        if "dag" in steps:
            self.dag(view["dag"])
        if "status" in steps:
            self.status(view["status"], tools.last_json(out, ("status",)))
        return bool(view["stages"])

    def refused(self, view, code, err):
        if code in (0, 1):
            raise Trouble("taken: DVC refuses it: %s: %s" % (
                view["error"], view["said"]))
        lines = [s for s in err.split("\n") if s.startswith(("fatal:", "error:"))]
        if code != 128 or len(lines) != 1:
            raise Trouble("refused, but how: exit %d\n%s" % (code, err))
        missing = self.case.broken not in broken.WIDE and places.wrong(
            self.case, view, lines[0])
        if missing:
            raise Trouble("place: our message lacks %s\n  DVC: %s: %s\n  ours: %s"
                          % (missing, view["error"], view["said"], lines[0]))

    def unfit(self, code, err):
        """We may refuse at once what DVC finds only as it runs."""
        if not self.case.broken or self.case.broken in broken.LATE \
                or not self.theirs.dvc("repro", "-P", code=None)[0]:
            raise Trouble("refused: DVC takes it; git exp status: %d\n%s" % (
                code, err))

    def dag(self, want):
        said = self.ours.ours_json("dag", "--json")
        same("dag: nodes, DVC's and ours", want["nodes"], sorted(said["nodes"]))
        same("dag: edges, DVC's and ours", want["edges"], sorted(said["edges"]))

    def status(self, want, said):
        said.pop("git_exp", None)
        same("status: DVC's and ours", want, said)

    def our_status(self):
        code, out, err = self.ours.ours("status", "--json", code=None)
        if code not in (0, 1):
            raise Trouble("status: git exp status: exit %d\n%s" % (code, err))
        return tools.last_json(out, ("status",))

    def run(self):
        """The same stages, the same files; True where both get through."""
        code, _, said = self.theirs.dvc("repro", "-P", code=None)
        mine, _, err = self.ours.ours("run", code=None)
        if bool(code) != bool(mine):
            raise Trouble("run: DVC's exit is %d, ours %d\n%s\n%s" % (
                code, mine, said[-1500:], err[-1500:]))
        if not (code and self.case.broken in broken.SOONER):
            same("run: what ran", self.theirs.ran(), self.ours.ran())
        if code:
            self.locks()
            return False
        same_files(self.theirs.root, self.ours.root)
        return True

    def locks(self):
        a, b = ({k: v for k, v in tools.files(t.root).items()
                 if os.path.basename(k) == "dvc.lock"}
                for t in (self.theirs, self.ours))
        same("run: the locks, DVC's and ours", a, b)

    def views(self):
        """After an edit and one more run, in the repository that we made."""
        t = self.ours
        t.git("add", "-A")
        t.git("commit", "-q", "--allow-empty", "-m", "what ran")
        for path, text in self.case.edited().items():
            put(os.path.join(t.root, path), text)
        self.status(in_dvc(t, theirs.status), self.our_status())
        t.ours("run")
        want = in_dvc(t, theirs.views)
        if "error" in want:
            raise Trouble("views: DVC cannot see what we left: " + want["said"])
        self.status(want["status"], self.our_status())
        said = compare.rows_of_both(t.ours_json("show", "--json"))
        same("show: DVC's and ours", compare.plain(want["show"]),
             compare.plain(said))
        for name in ("metrics show", "metrics diff", "params diff"):
            code, out, err = t.ours(*name.split(), "--json", code=None)
            said = None if code else json.loads(out.strip() or "{}")
            same("%s: DVC's and ours" % name, compare.plain(want[name]),
                 compare.plain(said))


def differs(case, root, steps):
    """What differs, its first word the step; None where nothing does."""
    shutil.rmtree(root, ignore_errors=True)
    both = Both(case, root)
    try:
        both.make()
        if both.look(steps) and "run" in steps and both.run() \
                and "views" in steps:
            both.views()
        return None
    except Trouble as trouble:
        return str(trouble)
    except Exception:
        return "test: " + traceback.format_exc()
    finally:
        shutil.rmtree(root, ignore_errors=True)


# --- all of them ----------------------------------------------------------------


def musts(seed, count):
    """Seeds 1 to `count` share out every feature AT_LEAST times."""
    return tuple(f for i, f in enumerate(language.FEATURES * AT_LEAST)
                 if str(i % count + 1) == seed)


def check(job):
    seed, must, steps, root, small = job
    nr, _, kind = seed.partition(":")
    if not kind and int(nr) % 5 == 0:
        kind = list(broken.KINDS)[int(nr) // 5 % len(broken.KINDS)]
    project = language.Project(nr, must, kind)
    trouble = differs(project, root, steps)
    if trouble and small:
        case, trouble = shrink.smallest(
            project, trouble, lambda c: differs(c, root, steps))
        trouble += "\nThe smallest project that shows it:\n" + case.show()
    elif trouble:
        trouble += "\n" + project.show()
    return seed, sorted(project.features), project.broken, trouble


def report(nr, seed, kind, trouble):
    print("%s %d - both tools agree on project %s%s" % (
        "not ok" if trouble else "ok", nr, seed,
        " (%s)" % kind if kind else ""))
    for line in (trouble or "").split("\n"):
        if line:
            print("#   " + line)
    sys.stdout.flush()


def main(root, *args):
    args, steps, small = list(args), STEPS, True
    while args and args[0].startswith("--"):
        if args.pop(0) == "--no-shrink":
            small = False
        else:
            steps = args.pop(0).split(",")
    args = [s for a in args for s in (["1:" + k for k in broken.KINDS]
                                      if a == "each" else [a])]
    os.makedirs(root, exist_ok=True)
    tools.load()
    counts, kinds = collections.Counter(), collections.Counter()
    failed = nr = 0
    jobs = [(s, musts(s, ALL), steps, os.path.join(root, str(i)), small)
            for i, s in enumerate(args)]
    with multiprocessing.Pool(int(os.environ.get("COMPARE_JOBS", "2"))) as pool:
        for seed, features, kind, trouble in pool.imap(check, jobs):
            nr += 1
            failed += bool(trouble)
            counts.update(features)
            kinds.update([kind] if kind else [])
            report(nr, seed, kind, trouble)
    return summary(counts, kinds, nr, failed, len(args) >= ALL)


def summary(counts, kinds, nr, failed, whole):
    for feature in language.FEATURES:
        print("# %3d projects with %s" % (counts[feature], feature))
    for kind in broken.KINDS:
        print("# %3d projects broken by: %s" % (kinds[kind], kind))
    few = [f for f in language.FEATURES if counts[f] < AT_LEAST]
    if whole:
        nr += 1
        failed += bool(few)
        print("%s %d - each feature is in at least %d projects" % (
            "not ok" if few else "ok", nr, AT_LEAST))
        for feature in few:
            print("#   too few: " + feature)
    print("1..%d" % nr)
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
