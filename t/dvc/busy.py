"""DVC's own locks from outside DVC, the counterpart of u-busy for t1050.

busy.py WHAT ROOT [PATH...]: take, read, write or workspace; says "held" or
why not, and keeps it until its stdin ends. HARDLINK in the environment: as
with core.hardlink_lock.
"""
import contextlib
import os
import sys

del sys.path[0]  # our neighbours have names that DVC imports

from dvc.fs import localfs
from dvc.lock import LockError, make_lock
from dvc.rwlock import rwlock

HARD = "HARDLINK" in os.environ  # core.hardlink_lock


@contextlib.contextmanager
def table(folder, read, write):
    os.makedirs(folder, exist_ok=True)
    with rwlock(folder, localfs, "dvc repro", read, write, HARD):
        yield


def act(what, root, *paths):
    tmp = os.path.join(root, ".dvc", "tmp")
    os.makedirs(tmp, exist_ok=True)
    if what == "take":
        return make_lock(os.path.join(tmp, "lock"), tmp_dir=tmp,
                         hardlink_lock=HARD)
    if what == "workspace":
        return table(os.path.join(tmp, "exps"), [], ["workspace"])
    return table(tmp, *((list(paths), []) if what == "read"
                        else ([], list(paths))))


try:
    with act(*sys.argv[1:]):
        print("held", flush=True)
        sys.stdin.read()
except LockError as exc:
    print(" ".join(str(exc).split()), flush=True)
    sys.exit(1)
