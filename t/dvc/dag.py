"""The graph as DVC prints it and as we do, and whether our picture is true.

dag.py SEED PROJECTS: makes random projects below the current directory, which
is a Git repository, and asks both tools; prints what differs.
"""
import json
import os
import random
import subprocess
import sys

import targets

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)),
                             "..", "data"))
import picture
from dvc.commands.dag import _build, _show_dot, _show_mermaid
from dvc.exceptions import DvcException
from dvc.repo import Repo


class Project(targets.Project):
    """A directory with an @ is taken for a group too: DVC goes by names alone."""

    def __init__(self, rng, root):
        self.dirs = [""] * 4 + rng.choice([["sub/"], ["g@1/", "g@2/", "h@1/"]])
        super().__init__(rng, root)

    def stage(self, i, made):
        super().stage(i, made)
        at = self.r.choice(self.dirs)
        if not at:
            return
        file, name = self.names[-1]
        if "@" in name:
            return
        text = self.files[file].pop().replace("- " + "../" * file.count("/"),
                                              "- ../" * at.count("/"))
        self.files.setdefault(at + "dvc.yaml", []).append(text)
        self.names[-1] = (at + "dvc.yaml", name)


def choose(rng, p):
    """A target, or none; DVC finds no file in a directory with an @."""
    words = [None, rng.choice(["o0_0", "o1_0/x", "nothing"])]
    words += [w for w in (p.word({}), p.word({})) if "@" not in os.path.dirname(w)]
    return rng.choice(words)


def ours(*words):
    p = subprocess.run(["git", "exp", "dag", *words], capture_output=True,
                       encoding="utf-8")
    return p.stdout if p.returncode == 0 else \
        "refused" if p.returncode == 128 else f"exit {p.returncode}"


def theirs(repo, show, target, **more):
    try:
        return show(_build(repo, target, **more)) + "\n"
    except DvcException:
        return "refused"


def as_json(graph):
    return json.dumps({"nodes": list(graph.nodes), "edges": [
        list(e) for e in graph.edges]}, ensure_ascii=True)


def forms(repo, target, more):
    yield "--dot", lambda g: _show_dot(g)
    yield "--mermaid", lambda g: _show_mermaid(g)
    yield "--md", lambda g: _show_mermaid(g, True)
    if os.getcwd() == repo.root_dir:
        yield "--json", as_json


def loose(text):
    """The order of nodes that were put together is DVC's set's."""
    if text.startswith("{"):
        v = json.loads(text)
        return sorted(v["nodes"]), sorted(v["edges"])
    return sorted(text.splitlines())


def shape(text):
    """A Mermaid chart without its numbers."""
    names, out = {}, []
    for line in text.strip("`\n").splitlines():
        line = line.strip()
        if "-->" in line:
            out.append([names[x] for x in line.split("-->")])
        elif "[" in line:
            node, _, name = line.partition("[")
            names[node] = name
            out.append(name)
    return sorted(map(str, out))


def see(words):
    """Our picture against our JSON, which others compare with DVC's."""
    want = json.loads(ours("--json", *words))
    text = ours(*words)
    try:
        boxes, edges, loops = picture.read(text)
    except picture.Wrong as e:
        return f"{e}\n{text}"
    edges += [(x, x) for x in loops]
    if sorted(boxes) != sorted(want["nodes"]) or \
            sorted(edges) != sorted(map(tuple, want["edges"])):
        return f"{sorted(edges)} is not {sorted(want['edges'])}\n{text}"
    return None


def main(seed, projects):
    rng, top = random.Random(seed), os.getcwd()
    bad = count = 0
    for i in range(projects):
        p = Project(rng, f"{top}/d{i}")
        os.chdir(os.path.join(p.root, rng.choice(["", "", "sub"])
                              if os.path.isdir(p.root + "/sub") else ""))
        repo = Repo(".")
        for _ in range(4):
            target = choose(rng, p)
            more = {"full": rng.random() < .3}
            more[rng.choice(["outs", "collapse_foreach_matrix", "none"])] = True
            more.pop("none", None)
            if more.get("outs") and target:
                target = None	# DVC looks for nodes of one letter then
            words = ["--" + k.replace("_", "-") for k, v in more.items() if v]
            words += [target] if target else []
            for form, show in forms(repo, target, more):
                want = theirs(repo, show, target, **more)
                have = ours(form, *words)
                count += 1
                groups = more.get("collapse_foreach_matrix")
                if want != have and not (groups and want != "refused" and (
                        shape(want) == shape(have) if form[1:3] == "-m"
                        else loose(want) == loose(have))):
                    bad += 1
                    print(f"d{i} {os.getcwd()}: {form} {words}\nDVC:\n{want}ours:\n{have}")
            if ours("--json", *words) != "refused" and os.getcwd() == p.root:
                count += 1
                wrong = see(words)
                if wrong:
                    bad += 1
                    print(f"d{i}: {words}\n{wrong}")
        os.chdir(top)
    print(f"{count} graphs, {bad} differ")
    return 1 if bad else 0


sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
