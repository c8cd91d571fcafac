"""The proof against the real DVC on projects made by chance; prints TAP.

compare.py DIR SEED...   every project lives below DIR while it is looked at

Each project is made twice. In `theirs` DVC works first, in `ours` we do; then
each tool looks at, and goes on with, what the other one left.
"""
import collections
import json
import multiprocessing
import os
import re
import shutil
import sys
import urllib.parse

import project
import tools
from tools import same, same_files

AT_LEAST = 3
ALL = 36


# --- what both tools say of a repository ------------------------------------------


def plain(value):
    """DVC's rows as we compare them: without our own key, errors by type."""
    if isinstance(value, list):
        return [plain(v) for v in value]
    if not isinstance(value, dict):
        return "nan" if value != value else value
    out = {k: plain(v) for k, v in value.items() if k != "git_exp"}
    if isinstance(out.get("error"), dict):
        out["error"] = out["error"].get("type")
    return out


def as_dvc_writes(path):
    """DVC takes the paths of a commit for URLs: '#' and '?' are not safe."""
    parts = list(urllib.parse.urlsplit("/" + path))
    parts[2] = os.path.normpath(parts[2])
    return urllib.parse.urlunsplit(parts)[1:]


def rename(data):
    for key in ("deps", "outs") if data else ():
        data[key] = {as_dvc_writes(k): v for k, v in data[key].items()}


def rows_of_both(ours):
    """Less the rows that only we have; each path as DVC writes it."""
    for row in ours:
        for e in [row] + [r for x in row.get("experiments") or []
                          for r in x["revs"]]:
            if e["rev"] != "workspace":
                rename(e["data"])
        if row.get("experiments"):
            row["experiments"] = [e for e in row["experiments"] if (
                e.get("executor") or {}).get("state") != "failed"] or None
    return ours


def same_show(t, *args):
    theirs = t.dvc_json("exp", "show", "--json", *args)
    ours = rows_of_both(t.ours_json("show", "--json", *args))
    same("show %s, DVC's and ours" % " ".join(args), plain(theirs), plain(ours))
    return theirs


def always(p):
    return sorted(s.address for s in p.stages if s.always()
                  and not s.flags.get("frozen"))


def dvc_says_done(t, p):
    said = t.dvc_json("status", "--json")
    left = {k: v for k, v in said.items() if v != ["always changed"]}
    same("dvc status", left, {})
    same("always changed, by dvc status", sorted(said), sorted(
        s.address for s in p.stages if s.always()))
    said = t.dvc("repro", "--dry", "-P")
    same("dvc repro --dry", sorted(re.findall("^Running stage '(.*)':$", said,
                                              re.M)), always(p))


def we_say_done(t, p):
    code, out, err = t.ours("status", "--json", code=None)
    if code not in (0, 1) or code != bool(always(p)):
        raise tools.Trouble("git exp status: exit %d\n%s%s" % (code, out, err))
    t.ran()
    t.ours("run", "--no-record")
    same("git exp run runs", sorted(t.ran()), sorted(
        s.tag for s in p.stages if s.address in always(p)))


# --- one project ----------------------------------------------------------------------


class Pair:
    def __init__(self, seed, must, root):
        self.p = project.Project(seed, must)
        self.seed = seed
        self.root = root
        os.makedirs(root)
        self.theirs = tools.Tools(root + "/theirs", root + "/theirs-say")
        self.ours = tools.Tools(root + "/ours", root + "/ours-say")
        self.both = (self.theirs, self.ours)

    def make(self):
        t = self.theirs
        os.mkdir(t.root)
        t.git("init", "-q")
        os.mkdir(t.root + "/.dvc")
        project.put(t.root + "/.dvc/config", "")
        project.put(t.root + "/.dvc/.gitignore", "/config.local\n/tmp\n/cache\n")
        self.p.write(t.root)
        shutil.copytree(t.root, self.ours.root, symlinks=True)
        if self.p.data:
            self.theirs.dvc("add", *self.p.data)
            self.ours.ours("data", "add", *self.p.data)
            same_files(self.theirs.root, self.ours.root)
        for t in self.both:
            t.commit("all of it")
            self.p.lay(t.root)

    def run(self, *how):
        """The same work by both; the same stages, the same files."""
        self.theirs.dvc(*(how or ("repro", "-P")))
        self.ours.ours("run")
        same("stages that ran", self.theirs.ran(), self.ours.ran())
        same_files(self.theirs.root, self.ours.root)

    def first(self):
        """DVC's exp run takes one dvc.yaml where repro takes all, and drops
        outputs that no lock knows, which a frozen stage needs."""
        homes = {s.home for s in self.p.stages}
        if self.seed_is_odd() and homes == {""} and not self.p.frozen:
            self.run("exp", "run")
        else:
            self.run()

    def seed_is_odd(self):
        return sum(map(ord, str(self.seed))) % 2

    def look(self):
        dvc_says_done(self.ours, self.p)
        we_say_done(self.theirs, self.p)
        self.ours.ours("status", code=int(bool(always(self.p))))

    def change(self):
        """Something in what people wrote; gives what undoes it."""
        r, old = self.p.r, {}
        for path in sorted(set(self.p.people) - {".dvcignore"}):
            if r.random() < .4:
                old[path] = "changed %d\n" % r.randint(0, 9)
        for stage in self.p.stages:
            for path, _ in stage.params:
                text = self.p.files[path]
                new = re.sub(r'(k[0-4]"?: )(\d|true|null)\b', r"\g<1>4", text)
                if new != text and r.random() < .7:
                    old[path] = new
        for stage in self.p.stages:
            if stage.outs and not stage.flags.get("frozen"):
                stage.long ^= r.random() < .1
                if not stage.always() and r.random() < .1:
                    stage.flags["frozen"] = True
        self.put(old)
        return old

    def put(self, texts):
        texts = dict(texts, **dict(self.p.pipelines()))
        for t in self.both:
            for path, text in texts.items():
                project.put(os.path.join(t.root, path), text,
                            self.p.modes.get(path))

    def back(self, changed):
        """What was frozen meanwhile thaws, commands stay as they are."""
        for stage in self.p.stages:
            if stage not in self.p.frozen:
                stage.flags.pop("frozen", None)
        self.put({path: self.p.files[path] for path in changed})

    def data(self):
        """What one tool added, the other one brings back."""
        for t in self.both:
            for path in self.p.data:
                t.drop(path)
        self.ours.dvc("checkout", *self.p.data)
        self.theirs.ours("data", "checkout", *self.p.data)
        same_files(self.theirs.root, self.ours.root)
        same("dvc data status", *(t.dvc_json("data", "status", "--json")
                                  for t in self.both))

    def lose(self):
        """Every output and every lock are gone, the caches are not."""
        for t in self.both:
            for stage in self.p.stages:
                t.drop(os.path.join(stage.home, "dvc.lock"))
                for out in stage.outs:
                    if not stage.flags.get("frozen"):
                        t.drop(out.path)

    def restore(self):
        """Each from the run cache that the other one wrote."""
        self.lose()
        self.ours.dvc("repro", "-P")
        self.theirs.ours("run", "--no-record")
        ran = self.ours.ran()
        same("restored", ran, self.theirs.ran())
        must = {s.tag for s in self.p.stages
                if not s.restorable() and not s.flags.get("frozen")}
        same("ran though it could be restored", sorted(set(ran) - must), [])
        same_files(self.theirs.root, self.ours.root)

    def experiments(self):
        """Ours in DVC's eyes; what both tools show of either repository."""
        shown = same_show(self.ours)
        names = [e["name"] for row in shown for e in row["experiments"] or []]
        listed = self.ours.dvc("exp", "list", "--name-only").split()
        same("exp list", sorted(listed), sorted(names))
        same_show(self.theirs)
        return names

    def promote(self, names):
        if not names:
            raise tools.Trouble("no experiment was recorded")
        t, name = self.ours, names[-1]
        want = t.dvc_json("exp", "show", "--json")
        want = [e["revs"][0]["data"] for row in want
                for e in row["experiments"] or [] if e["name"] == name][0]
        t.dvc("exp", "apply", name)
        now = t.dvc_json("exp", "show", "--json")[0]["data"]
        rename(now)
        for key in ("params", "metrics", "deps", "outs"):
            same("%s of the workspace after exp apply" % key, want[key], now[key])
        t.dvc("exp", "branch", name, "taken")
        same("exp branch", t.git("rev-parse", "taken"), t.git(
            "for-each-ref", "--format=%(objectname)", "refs/exps/*/*/" + name))


STEPS = ("make", "first", "look", "change and run", "back and run", "restore",
         "data", "experiments", "promote")


def step(pair, what, kept):
    if what == "change and run":
        kept["changed"] = pair.change()
        pair.run()
        pair.look()
    elif what == "back and run":
        pair.back(kept["changed"])
        pair.run()
    elif what == "experiments":
        kept["names"] = pair.experiments()
    elif what == "promote":
        pair.promote(kept["names"])
    elif what == "data":
        if pair.p.data:
            pair.data()
    else:
        getattr(pair, what)()


def check(job):
    """One project; gives its seed, features, and what was wrong or None."""
    seed, must, root = job
    pair, kept = Pair(seed, must, root), {}
    features = sorted(pair.p.features)
    for what in STEPS:
        try:
            step(pair, what, kept)
        except Exception as exc:
            if not isinstance(exc, tools.Trouble):
                import traceback
                exc = traceback.format_exc()
            return seed, features, "%s: %s" % (what, exc)
    shutil.rmtree(root)
    return seed, features, None


# --- all of them ------------------------------------------------------------------------


def musts(seed):
    """Seeds 1 to ALL share out every feature AT_LEAST times."""
    return tuple(f for i, f in enumerate(project.FEATURES * AT_LEAST)
                 if str(i % ALL + 1) == seed)


def main(root, *seeds):
    os.makedirs(root, exist_ok=True)
    tools.load()
    counts, failed, nr = collections.Counter(), 0, 0
    with multiprocessing.Pool(int(os.environ.get("COMPARE_JOBS", "2"))) as pool:
        jobs = [(s, musts(s), os.path.join(root, s)) for s in seeds]
        for seed, features, trouble in pool.imap(check, jobs):
            nr += 1
            counts.update(features)
            failed += bool(trouble)
            print("%s %d - both tools agree on project %s" % (
                "not ok" if trouble else "ok", nr, seed), flush=True)
            for line in (trouble or "").split("\n"):
                if line:
                    print("# " + line)
    for feature in project.FEATURES:
        print("# %3d projects with %s" % (counts[feature], feature))
    few = [f for f in project.FEATURES if counts[f] < AT_LEAST]
    if len(seeds) >= ALL:
        nr += 1
        print("%s %d - each feature is in at least %d projects" % (
            "not ok" if few else "ok", nr, AT_LEAST))
        failed += bool(few)
    print("1..%d" % nr)
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
