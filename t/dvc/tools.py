"""Both tools, driven from one process: DVC in a fork of it, ours beside it.

A fork of a process that has imported DVC is a fresh DVC at a hundredth of the
price: own locks, own pid, own state, and what it prints goes to a file.
"""
import gc
import importlib
import io
import json
import os
import shutil
import subprocess
import sys
import traceback


# What DVC imports when it is too late: once in each fork.
NEEDED = """dvc.cli.parser dvc.repo.brancher dvc.repo.index dvc.repo.graph
dvc.repo.trie dvc.repo.reproduce dvc.repo.status dvc.repo.experiments.show
dvc.repo.experiments.queue.celery dvc.repo.experiments.queue.workspace
dvc.repo.experiments.executor.local dvc.stage.cache dvc.utils.strictyaml dvc.daemon
dvc_data.index.checkout dvc_data.fs dvc_data.hashfile.status dulwich.porcelain
dulwich.stash dulwich.worktree scmrepo.fs scmrepo.git.backend.pygit2.filter
fsspec.implementations.memory networkx rich.json socketserver pygit2
ruamel.yaml.mergevalue xml.etree.ElementTree""".split()


class Trouble(Exception):
    """What the test found, to be printed as it is."""


def load():
    """Import DVC here, once; our neighbours have names that DVC imports."""
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [p for p in sys.path if os.path.abspath(p or ".") != here]
    for name in NEEDED:
        importlib.import_module(name)
    gc.freeze()
    in_order()


def in_order():
    """DVC meets folders in the order of the disk; give it that of names."""
    walk = os.walk

    def sorted_walk(*args, **more):
        for root, dirs, names in walk(*args, **more):
            dirs.sort()
            names.sort()
            yield root, dirs, names
    os.walk = sorted_walk


def child(work, out, err):
    """Run work() in a fork with its output in files; gives its pid."""
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        return pid
    code = 70
    try:
        for fd, name in ((0, os.devnull), (1, out), (2, err)):
            new = os.open(name, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o666)
            os.dup2(new, fd)
            os.close(new)
        sys.stdout = io.TextIOWrapper(io.FileIO(1, "w", closefd=False),
                                      encoding="utf-8", line_buffering=True)
        sys.stderr = io.TextIOWrapper(io.FileIO(2, "w", closefd=False),
                                      encoding="utf-8", line_buffering=True)
        code = work()
        sys.stdout.flush()
        sys.stderr.flush()
    except BaseException:
        os.write(2, traceback.format_exc().encode())
    os._exit(code or 0)


class Tools:
    """In one repository: dvc(...) and ours(...) give what they printed."""

    def __init__(self, root, spare):
        self.root, self.spare = root, spare
        self.counter = spare + ".ran"
        self.clock = 1700000000
        os.makedirs(os.path.dirname(self.counter), exist_ok=True)
        self.ran()

    def tick(self):
        """No two commits at one time: then both tools may order as they like."""
        self.clock += 60
        for who in ("AUTHOR", "COMMITTER"):
            os.environ["GIT_%s_DATE" % who] = "@%d +0000" % self.clock

    def environ(self):
        os.chdir(self.root)
        os.environ.update(COUNTER=self.counter)
        os.environ["DVC_SITE_CACHE_DIR"] = self.spare + ".site"

    def start_dvc(self, *args):
        self.tick()
        def work():
            from dvc.cli import main
            self.environ()
            return main(list(args))
        return child(work, self.spare + ".out", self.spare + ".err")

    def dvc(self, *args, code=0):
        _, status = os.waitpid(self.start_dvc(*args), 0)
        out, err = (text(self.spare + x) for x in (".out", ".err"))
        got = os.waitstatus_to_exitcode(status)
        if code is not None and got != code:
            raise Trouble("dvc %s: exit %d, not %d\n%s%s"
                          % (" ".join(args), got, code, out, err))
        return out if code is not None else (got, out, err)

    def dvc_json(self, *args):
        return last_json(self.dvc(*args), args)

    def start_ours(self, *args, **more):
        self.tick()
        env = dict(os.environ, COUNTER=self.counter)
        return subprocess.Popen(["git-exp"] + list(args), cwd=self.root, env=env,
                                stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True, **more)

    def ours(self, *args, code=0):
        child = self.start_ours(*args)
        out, err = child.communicate()
        if code is not None and child.returncode != code:
            raise Trouble("git exp %s: exit %d, not %d\n%s%s" % (
                " ".join(args), child.returncode, code, out, err))
        return out if code is not None else (child.returncode, out, err)

    def ours_json(self, *args):
        return last_json(self.ours(*args), args)

    def git(self, *args):
        self.tick()
        done = subprocess.run(["git"] + list(args), cwd=self.root, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode:
            raise Trouble("git %s: %s" % (" ".join(args), done.stdout))
        return done.stdout

    def commit(self, what):
        self.git("add", "-A")
        self.git("commit", "-q", "-m", what)

    def ran(self):
        """The tags of the stages that ran since the last call."""
        tags = text(self.counter).split()
        open(self.counter, "w").close()
        return tags

    def drop(self, path):
        path = os.path.join(self.root, path)
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        elif os.path.lexists(path):
            os.unlink(path)


def text(name):
    if not os.path.exists(name):
        return ""
    with open(name, encoding="utf-8", errors="replace") as f:
        return f.read()


def last_json(said, args):
    lines = [s for s in said.split("\n") if s.strip()]
    try:
        return json.loads(lines[-1])
    except (IndexError, ValueError):
        raise Trouble("no JSON from %s:\n%s" % (" ".join(args), said))


# --- what is on disk ----------------------------------------------------------------


def files(root):
    """{path: (mode, bytes)} of all that both tools must leave alike."""
    found = {}
    for base, dirs, names in os.walk(root):
        here = os.path.relpath(base, root)
        dirs[:] = [d for d in dirs if os.path.normpath(
            os.path.join(here, d)) not in (".git", ".dvc/tmp")]
        for name in names + [d for d in dirs if not os.listdir(
                os.path.join(base, d))]:
            path = os.path.join(base, name)
            data = b""
            if not os.path.isdir(path):
                with open(path, "rb") as f:
                    data = f.read()
            found[os.path.normpath(os.path.join(here, name))] = (
                "%o" % (os.stat(path).st_mode & 0o7777), data)
    return found


def same_files(one, other):
    """Trouble where the two roots differ; both names are in it."""
    a, b = files(one), files(other)
    said = []
    for path in sorted(set(a) | set(b)):
        if a.get(path) != b.get(path):
            said.append("%r:\n  %s: %s\n  %s: %s" % (
                path, os.path.basename(one), show(a.get(path)),
                os.path.basename(other), show(b.get(path))))
    if said:
        raise Trouble("\n".join(said[:12]))


def show(entry):
    if entry is None:
        return "not there"
    return entry[0] + " " + entry[1].decode("utf-8", "replace")[:1500]


def same(what, one, other):
    if one != other:
        raise Trouble("%s:\n  %s\n  %s" % (what, *differ(one, other)))


def differ(one, other, at=""):
    """The first place where two trees of JSON differ, and what is there."""
    if isinstance(one, dict) and isinstance(other, dict):
        for k in list(one) + list(other):
            if k not in one or k not in other or one[k] != other[k]:
                return differ(one.get(k, "(absent)"), other.get(k, "(absent)"),
                              at + "/" + str(k))
    if isinstance(one, list) and isinstance(other, list) \
            and len(one) == len(other):
        for i, (a, b) in enumerate(zip(one, other)):
            if a != b:
                return differ(a, b, at + "/%d" % i)
    return "%s %.600r" % (at, one), "%s %.600r" % (at, other)
