"""Does our refusal name the place that DVC's refusal names?

wrong(case, theirs, said) gives what is missing in our message, or None.
"""
import os
import re


def node_at(node, path):
    """The nodes of key and value down a path of a composed document."""
    key = node
    for part in path:
        found = None
        if hasattr(node, "value") and isinstance(node.value, list):
            for i, item in enumerate(node.value):
                if isinstance(item, tuple) and item[0].value == part:
                    found = item
                elif not isinstance(item, tuple) and str(i) == part:
                    found = (item, item)
        if not found:
            break
        key, node = found
    return key, node


def lines(text, path):
    """From the first to the last line of what stands at the path."""
    from ruamel.yaml import YAML

    try:
        root = YAML(typ="rt").compose(text)
        key, value = node_at(root, path)
    except Exception:
        return None
    last = value.end_mark
    return key.start_mark.line + 1, last.line + (last.column > 0) or 1


def stage_path(case, file, dotted):
    """'train@a.cmd' as the keys to it, however odd the names are."""
    tree = case.files.get(file)
    stages = tree.get("stages") if isinstance(tree, dict) else None
    for name in sorted(stages or {}, key=len, reverse=True):
        if not dotted.startswith(name):
            continue
        body, rest = stages[name], dotted[len(name):]
        if rest and rest[0] not in "@.":
            continue
        path, last = ["stages", name], rest.rsplit(".", 1)[-1]
        if not isinstance(body, dict):
            return path
        if last in body:
            return path + [last]
        if isinstance(body.get("do"), dict):
            return path + (["do", last] if last in body["do"] else [])
        return path
    return ["stages"]


def path_of(case, theirs):
    path = theirs.get("path")
    if isinstance(path, list):
        # An item that is wrong makes the list wrong.
        return path[:-1] if path[-1:] and path[-1].isdigit() else path
    if path is None:
        return None
    head, _, rest = path.partition(".")
    if head == "stages":
        return stage_path(case, theirs["file"], rest)
    if head in ("vars", "metrics", "params", "plots", "artifacts", "datasets"):
        return [head] + ([rest] if rest else [])
    return stage_path(case, theirs["file"], path)


def quoted(text):
    return {os.path.basename(w.split("\n")[0])
            for w in re.findall(r"'([^']+)'", text) if len(w) > 1}


def wrong(case, theirs, said):
    if theirs["crash"]:
        return None
    file = theirs.get("file")
    if not file:
        found = re.search(r"unable to read: '(.*?)'", theirs["said"])
        file = found and os.path.normpath(found[1])
    if file and file not in said:
        return "the file '%s'" % file
    at = re.search(r"line (\d+)", said)
    marks = theirs.get("marks")
    if marks and at and min(abs(int(at[1]) - m) for m in marks) > 1:
        return "line %s of %s" % (marks, file)
    path = path_of(case, theirs)
    span = path and lines(case.text(file), path)
    if span and at and span[0] <= int(at[1]) <= span[1]:
        return None
    words = quoted(theirs["said"]) - {os.path.basename(str(file)), ""}
    if theirs["error"] == "CyclicGraphError":
        words = set(re.findall(r"[^\s,]+", theirs["said"].rsplit(":")[-1][:-1]))
        missing = [w for w in words if w not in said]
        return "the stages %s" % ", ".join(missing) if missing else None
    if path and path[-1] in said or words and any(w in said for w in words):
        return None
    if span:
        return "lines %d to %d of %s (%s)" % (*span, file, ".".join(path))
    return "one of " + ", ".join(sorted(words)) if words else None
