"""What DVC says of a project, as `git exp` says it; runs in a fork of tools.py.

view() gives {"stages", "dag", "status", "top"}, or {"error": its class,
"said": its message, "file", "path": keys down to the place, "marks": lines}.
"""
import json
import os
import re
import sys
import tempfile

VIEWS = {
    "show": ["exp", "show", "--json"],
    "metrics show": ["metrics", "show", "--json"],
    "metrics diff": ["metrics", "diff", "--json"],
    "params diff": ["params", "diff", "--json"],
}


def place(repo, edge):
    if not edge.fs or edge.fs.protocol != "local" or not edge.fs_path:
        return edge.def_path
    if os.path.isabs(edge.def_path):
        return os.path.normpath(edge.def_path)
    return os.path.relpath(edge.fs_path, repo.root_dir)


def an_out(repo, out):
    return {"path": place(repo, out), "cache": out.use_cache,
            "persist": out.persist, "metric": bool(out.metric),
            "plot": bool(out.plot), "push": out.can_push}


def a_stage(repo, s):
    from dvc.dependency import ParamsDependency
    deps, params = [], {}
    for d in s.deps:
        if isinstance(d, ParamsDependency):
            params[place(repo, d)] = sorted(set(d.params)) or None
        else:
            deps.append(place(repo, d))
    cmd = s.cmd if isinstance(s.cmd, list) else [s.cmd] if s.cmd else []
    return {"stage": s.addressing, "cmd": cmd,
            "wdir": os.path.relpath(s.wdir, repo.root_dir), "deps": deps,
            "outs": [an_out(repo, o) for o in s.outs], "params": params,
            "frozen": s.frozen, "always_changed": s.always_changed,
            "desc": s.desc}


def fail(_, exc):
    raise exc


def whole(repo):
    from dvc.repo.index import Index
    from dvc.stage.utils import check_no_externals

    index = Index.from_repo(repo, onerror=fail)
    index.check_graph()
    for stage in index.stages:
        check_no_externals(stage)
    # What the text of a name decides only later, or never, DVC says here.
    index.data_keys, index.metric_keys, index.param_keys, index.plot_keys
    return index


def view():
    """Of the project in the current directory."""
    from dvc.repo import Repo

    try:
        repo = Repo(os.getcwd())
        index = whole(repo)
        graph = index.graph
        out = {
            "stages": [a_stage(repo, s) for s in index.stages],
            "dag": {"nodes": sorted(s.addressing for s in graph.nodes),
                    "edges": sorted([a.addressing, b.addressing]
                                    for a, b in graph.edges)},
            "status": repo.status(),
        }
        return json.loads(json.dumps(out))
    except Exception as exc:
        return refusal(exc)


def status():
    from dvc.repo import Repo

    return Repo(os.getcwd()).status()


def refusal(exc):
    from dvc.exceptions import DvcException

    out = {"error": type(exc).__name__, "said": str(exc),
           "crash": not isinstance(exc, DvcException)}
    cause = getattr(exc, "exc", None)
    file = getattr(exc, "relpath", None) or getattr(exc, "path", None)
    if cause is not None and file:
        out["file"] = os.path.normpath(str(file))
        errors = getattr(cause, "errors", None)
        if errors:
            out["path"] = [str(p) for p in errors[0].path]
        marks = [getattr(cause.__cause__, name + "_mark", None)
                 for name in ("context", "problem")]
        out["marks"] = [m.line + 1 for m in marks if m]
    found = re.match(r"failed to (?:parse|resolve) (?:stage )?'(.*?)'"
                     r" in '(.*?)'", str(exc))
    if found:
        out["file"], out["path"] = found[2], found[1]
    return out


def command(args):
    """What `dvc ARGS` prints, or None where it fails; our stderr has why."""
    from dvc.cli import main
    # Rich keeps its own hold on stdout: only the descriptor catches all.
    sys.stdout.flush()
    kept = os.dup(1)
    with tempfile.TemporaryFile() as out:
        os.dup2(out.fileno(), 1)
        code = main(list(args))
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)
        out.seek(0)
        lines = [s for s in out.read().decode().split("\n") if s.strip()]
    if code:
        return None
    return json.loads(lines[-1]) if lines else {}


def views():
    out = {"status": status()}
    for name, args in VIEWS.items():
        out[name] = command(args)
    return out
