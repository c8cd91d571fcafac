"""Both tools on one repository: each one's words on the other's experiments,
and both at the same time; prints TAP.

together.py DIR    every repository lives below DIR

A case is a function that gets a fresh repository with one experiment of each
tool; its first line is the name of the test.
"""
import os
import re
import sys
import time
import traceback

import compare
import project
import tools
from tools import Trouble, same

PIPELINE = """stages:
  prepare:
    cmd: echo prepare >>"$COUNTER"; sort raw >clean
    deps: [raw]
    outs: [clean]
  train:
    cmd:
    - echo train >>"$COUNTER"
    - test ! -e "$COUNTER.gate" || { echo >"$COUNTER.in"; cat "$COUNTER.gate"; }
    - test ! -e "$COUNTER.fail"
    - >-
      echo "{\\"loss\\": $(sed -n 's/^lr. \\([0-9]\\)/\\1/p' params.yaml)}" |
      sed 's/ }/ 0}/' >m.json
    - mkdir -p model && cat clean m.json >model/w && echo a,b >log.csv
    deps: [clean]
    params: [lr, net.units]
    outs: [model]
    plots: [log.csv: {cache: false}]
    metrics: [m.json: {cache: false}]
"""
PARAMS = "lr: 0.1\nnet:\n  units: 16 # a lot\n"


def repository(root):
    t = tools.Tools(root, root + "-say")
    os.makedirs(root)
    t.git("init", "-q")
    for path, text in {
            ".dvc/config": "", "raw": "b\na\n", "dvc.yaml": PIPELINE,
            ".dvc/.gitignore": "/config.local\n/tmp\n/cache\n",
            "params.yaml": PARAMS, "code.py": "one\n"}.items():
        project.put(os.path.join(root, path), text)
    t.commit("the pipeline")
    return t


def with_both(root):
    """An experiment 'theirs' and an experiment 'ours' on one baseline."""
    t = repository(root)
    t.dvc("exp", "run", "-n", "theirs", "-S", "lr=0.2")
    t.ours("run", "--name", "ours", "-S", "lr=0.3")
    t.ran()
    return t


def names(t):
    return sorted(t.dvc("exp", "list", "--name-only", "-A").split())


def of(t, name):
    return t.git("for-each-ref", "--format=%(objectname)",
                 "refs/exps/*/*/" + name).strip()


def read(t, path):
    return tools.text(os.path.join(t.root, path))


def write(t, path, text):
    project.put(os.path.join(t.root, path), text)


def lr(t):
    return re.findall("lr: (.*)", read(t, "params.yaml"))[0]


def has(text, *words):
    for word in words:
        if word not in text:
            raise Trouble("no '%s' in:\n%s" % (word, text))


# --- one repository, two tools -------------------------------------------------------


def theirs_on_ours(t):
    """DVC applies, branches, renames, saves over and removes our experiment"""
    id = of(t, "ours")
    t.ours("apply", "theirs")
    t.dvc("exp", "apply", "ours")
    same("lr after dvc exp apply", lr(t), "0.3")
    same("metrics", read(t, "m.json"), '{"loss": 0.3}\n')
    same("the model", ": 0.3" in read(t, "model/w"), True)
    t.ours("status")
    t.dvc("exp", "branch", "ours", "taken")
    same("the branch", t.git("rev-parse", "taken").strip(), id)
    t.dvc("exp", "rename", "ours", "renamed")
    same("names", names(t), ["renamed", "theirs"])
    same("our list", sorted(t.ours("list", "--name-only").split()), names(t))
    same("after the rename", of(t, "renamed"), id)
    has(t.ours("log", "renamed"), "renamed")
    write(t, "code.py", "two\n")
    t.dvc("exp", "save", "-n", "saved")
    compare.same_show(t)
    t.dvc("exp", "remove", "renamed")
    same("names", names(t), ["saved", "theirs"])
    same("our list", sorted(t.ours("list", "--name-only").split()), names(t))


def ours_on_theirs(t):
    """we apply, branch, rename, save over, log, remove and bring back DVC's"""
    id = of(t, "theirs")
    t.ours("apply", "theirs")
    same("lr after git exp apply", lr(t), "0.2")
    same("metrics", read(t, "m.json"), '{"loss": 0.2}\n')
    same("the model", ": 0.2" in read(t, "model/w"), True)
    same("dvc status", t.dvc_json("status", "--json"), {})
    t.ours("branch", "theirs", "taken")
    same("the branch", t.git("rev-parse", "taken").strip(), id)
    t.ours("rename", "theirs", "renamed")
    same("names", names(t), ["ours", "renamed"])
    same("after the rename", of(t, "renamed"), id)
    has(t.ours("log", "renamed"), "renamed")
    write(t, "code.py", "two\n")
    t.ours("save", "--name", "saved")
    compare.same_show(t)
    t.dvc("exp", "apply", "saved")
    same("saved code", read(t, "code.py"), "two\n")
    t.ours("remove", "renamed")
    same("names", names(t), ["ours", "saved"])
    t.ours("undo")
    same("names", names(t), ["ours", "renamed", "saved"])
    same("after the undo", of(t, "renamed"), id)


def diffs(t):
    """exp diff --json is the same for every pair"""
    for pair in ([], ["HEAD"], ["theirs"], ["theirs", "ours"],
                 ["ours", "theirs"], ["HEAD", "ours"]):
        for more in ([], ["--all"], ["--param-deps"]):
            same("diff %s" % " ".join(pair + more), *(
                compare.plain(x) for x in (
                    t.dvc_json("exp", "diff", "--json", *pair, *more),
                    t.ours_json("diff", "--json", *pair, *more))))


def shows(t):
    """show --json is the same with several commits, branches, tags, failures"""
    t.commit("results")
    t.git("tag", "v1")
    t.ours("run", "--name", "again", "-S", "net.units=32")
    t.dvc("exp", "run", "-n", "fourth", "-S", "net.units=64")
    t.git("checkout", "-q", "-f", "-b", "side", "HEAD^")
    t.ours("run", "--name", "other")
    open(t.counter + ".fail", "w").close()
    t.ours("run", "-S", "lr=0.9", code=1)
    os.unlink(t.counter + ".fail")
    write(t, "params.yaml", PARAMS)
    for args in ([], ["-A"], ["-a"], ["-T"], ["--rev", "main"], ["-n", "2"],
                 ["--rev", "main", "-n", "2"], ["--param-deps"],
                 ["-a", "-n", "-1"]):
        compare.same_show(t, *args)
    same("names", names(t), sorted(t.ours("list", "-A", "--name-only").split()))


def restores(t):
    """what one of them ran, the other one restores"""
    for how, want in ((t.ours, "0.2"), (t.dvc, "0.3"), (t.ours, "0.3")):
        write(t, "params.yaml", PARAMS.replace("0.1", want))
        t.drop("model")
        if how == t.ours:
            t.ours("run", "--no-record")
        else:
            t.dvc("repro", "-q")
        same("ran", t.ran(), [])
        has(read(t, "model/w"), ": " + want)


def parameters(t):
    """-S gives the same parameters, metrics, deps and outs as DVC's"""
    for set in (["lr=1e-5"], ["net.units=8", "lr=true"], ["lr='a b'"],
                ["lr=text"], ["++lr=null"]):
        shown = []
        for how in (["exp", "run", "-n", "a", "-f"], ["run", "--name", "b", "-f"]):
            write(t, "params.yaml", PARAMS)
            args = how + [x for s in set for x in ("-S", s)]
            (t.dvc if how[0] == "exp" else t.ours)(*args)
        for row in t.dvc_json("exp", "show", "--json"):
            shown += [e["revs"][0]["data"] for e in row["experiments"] or []
                      if e["name"] in "ab"]
        for key in ("params", "metrics", "deps", "outs"):
            same(key + " of " + " ".join(set), shown[0][key], shown[1][key])
        t.ours("remove", "a", "b")
    same("the comment", "# a lot" in read(t, "params.yaml"), True)


def leftovers(t):
    """DVC lists on, with failures, undo points and trash of ours about"""
    open(t.counter + ".fail", "w").close()
    t.ours("run", "-S", "lr=0.4", "--name", "failed", code=1)
    os.unlink(t.counter + ".fail")
    write(t, "params.yaml", PARAMS)
    t.ours("save", "--name", "gone")
    t.ours("remove", "gone")
    t.ours("apply", "theirs")
    kept = t.git("for-each-ref", "--format=%(refname)", "refs/git-exp")
    has(kept, "/failed/", "/trash/", "/undo/")
    same("names", names(t), ["ours", "theirs"])
    for ref in t.git("for-each-ref", "--format=%(refname)", "refs/exps").split():
        if len(ref.split("/")) != 5 and ref.split("/")[2] not in (
                "exec", "apply", "stash"):
            raise Trouble("a ref DVC cannot read: " + ref)
    t.dvc("exp", "show")
    t.dvc("exp", "remove", "-A")
    same("names", names(t), [])


def data(t):
    """what one adds, the other one checks out and finds unchanged"""
    for add, checkout in ((t.dvc, t.ours), (t.ours, t.dvc)):
        who = "dvc" if add == t.dvc else "us"
        for path in ("d %s/a b" % who, "d %s/é/x" % who, "f-" + who):
            write(t, path, who + path)
        paths = ["d " + who, "f-" + who]
        add(*([] if add == t.dvc else ["data"]), "add", *paths)
        before = tools.files(t.root)
        for path in paths:
            t.drop(path)
        checkout(*([] if checkout == t.dvc else ["data"]), "checkout", *paths)
        same("what was checked out", tools.files(t.root), before)
        status = t.dvc_json("data", "status", "--json")
        same("dvc data status", "uncommitted" in status
             or "not_in_cache" in status, False)
        same("status", *(compare.plain(x) for x in (t.ours_json(
            "status", "--json"), t.dvc_json("status", "--json"))))


# --- at the same time -------------------------------------------------------------------


class Going:
    """A run that stands in the middle of `train` until it is let go."""

    def __init__(self, t):
        self.t = t
        self.gate, self.into = t.counter + ".gate", t.counter + ".in"
        os.mkfifo(self.gate)

    def wait_in(self):
        end = time.time() + 60
        while not os.path.exists(self.into):
            if time.time() > end:
                raise Trouble("the stage did not begin")
            time.sleep(.02)

    def let_go(self):
        with open(self.gate, "w"):
            pass
        os.unlink(self.gate)
        os.unlink(self.into)


def dvc_waits_for_us(t):
    """while our run is going, dvc exp run refuses and changes nothing"""
    going = Going(t)
    ours = t.start_ours("run", "--name", "long", "-S", "lr=0.5")
    going.wait_in()
    head, tree = t.git("rev-parse", "HEAD"), tools.files(t.root)
    for args in (["-n", "no"], ["-S", "lr=0.7"]):
        code, out, err = t.dvc("exp", "run", *args, code=None)
        same("exit of dvc exp run", code, 255)
        has(err, "busy", "git")
        same("HEAD", t.git("rev-parse", "HEAD"), head)
        same("files", tools.files(t.root), tree)
    going.let_go()
    out, err = ours.communicate()
    if ours.returncode:
        raise Trouble("git exp run: exit %d\n%s%s" % (ours.returncode, out, err))
    same("names", names(t), ["long", "ours", "theirs"])
    t.dvc("exp", "run", "-n", "after")


def we_wait_for_dvc(t):
    """while dvc exp run or repro is going, run, apply, save and undo refuse"""
    for how in (["exp", "run", "-n", "long", "-S", "lr=0.5"],
                ["repro", "-f", "train"]):
        going = Going(t)
        pid = t.start_dvc(*how)
        going.wait_in()
        tree = tools.files(t.root)
        for args in (["run"], ["run", "-S", "lr=0.7"], ["apply", "theirs"],
                     ["save"], ["undo"]):
            code, out, err = t.ours(*args, code=None)
            same("exit of git exp %s while dvc %s" % (" ".join(args), how[0]),
                 (code, err), (128, err))
            has(err.lower(), "dvc")
            same("files", tools.files(t.root), tree)
        going.let_go()
        same("exit of dvc", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 0)
    same("names", names(t), ["long", "ours", "theirs"])
    t.ours("run", "--name", "after")


def dvclive(t):
    """a program that uses dvclive makes no second experiment"""
    write(t, "live.py", "from dvclive import Live\n"
          "with Live(save_dvc_exp=True) as live:\n"
          "    live.log_param('depth', 3)\n"
          "    live.log_metric('acc', 0.5)\n")
    write(t, "dvc.yaml", "stages:\n  live:\n    cmd: '%s live.py'\n"
          "    deps: [live.py]\n    metrics:\n"
          "    - dvclive/metrics.json: {cache: false}\n"
          "    plots:\n    - dvclive/plots/metrics: {cache: false, x: step}\n"
          % sys.executable)
    t.commit("live")
    t.ours("run", "--name", "live")
    same("names", names(t), ["live", "ours", "theirs"])
    has(read(t, "dvclive/metrics.json"), "0.5")
    same("refs", len(t.git("for-each-ref", "refs/exps/*/*/*").split("\n")), 4)
    same("dvc status", t.dvc_json("status", "--json"), {})
    compare.same_show(t)


CASES = (theirs_on_ours, ours_on_theirs, diffs, shows, restores, parameters,
         leftovers, data, dvc_waits_for_us, we_wait_for_dvc, dvclive)


def release(gate):
    """Nobody is left standing when a test has failed."""
    if os.path.exists(gate):
        try:
            os.close(os.open(gate, os.O_WRONLY | os.O_NONBLOCK))
        except OSError:
            pass  # nobody reads
        os.unlink(gate)


def trouble(case, root):
    try:
        case(with_both(root))
    except Trouble as exc:
        return str(exc)
    except Exception:
        return traceback.format_exc()
    finally:
        release(root + "-say.ran.gate")
    return None


def main(root, *only):
    tools.load()
    failed = 0
    cases = [c for c in CASES if not only or c.__name__ in only]
    for nr, case in enumerate(cases, 1):
        said = trouble(case, os.path.join(root, case.__name__))
        failed += bool(said)
        print("%s %d - %s" % ("not ok" if said else "ok", nr, case.__doc__),
              flush=True)
        for line in (said or "").split("\n"):
            if line:
                print("# " + line)
    print("1..%d" % len(cases))
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
