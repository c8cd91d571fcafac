"""Which stages DVC visits for targets and options, and which we do.

targets.py SEED PROJECTS: makes projects below the current directory, which is
a Git repository, asks both tools about random command lines, and prints what
differs. DVC is asked in this process, ours as `git exp run -n`.
"""
import os
import random
import re
import subprocess
import sys

here = os.path.dirname(os.path.abspath(__file__))
sys.path[:] = [p for p in sys.path if os.path.abspath(p or ".") != here]

import networkx as nx

# Where DVC walks a set, whose order changes from process to process, let it
# go by the graph; and by names where it goes by the order of the disk.
nx.filters.show_nodes = lambda nodes: set(nodes).__contains__
listed = os.walk


def walk(*args, **more):
    for root, dirs, files in listed(*args, **more):
        dirs.sort()
        yield root, dirs, sorted(files)


os.walk = walk

from dvc.exceptions import DvcException
from dvc.repo import Repo
from dvc.repo.reproduce import collect_stages, get_active_graph, plan_repro
from dvc.stage.exceptions import StageNotFound


class Project:
    def __init__(self, rng, root):
        self.r, self.root = rng, root
        os.makedirs(root + "/.dvc/tmp")
        put(root + "/.dvc/config", "[core]\n    no_scm = true\n")
        for name in ("raw", "in"):
            put(f"{root}/{name}", name)
        self.files = {"dvc.yaml": [], "sub/dvc.yaml": [], "sub/in/dvc.yaml": []}
        self.names, self.data = [], []
        made = []
        for i in range(rng.randrange(1, 16)):
            self.stage(i, made)
        for i in range(rng.randrange(3)):
            at = rng.choice(["", "sub/"])
            self.data.append(f"{at}data{i}.dvc")
            put(f"{root}/{at}data{i}", "x")
            put(f"{root}/{at}data{i}.dvc", f"outs:\n- path: data{i}\n")
        for file, stages in self.files.items():
            rng.shuffle(stages)
            if stages or file == "dvc.yaml":
                put(f"{root}/{file}", "stages:\n" + "".join(stages)
                    if stages else "stages: {}\n")

    def stage(self, i, made):
        r = self.r
        file = r.choice(["dvc.yaml"] * 3 + ["sub/dvc.yaml", "sub/in/dvc.yaml"])
        up = "../" * file.count("/")
        name = r.choice(["prep", "train", "eval", "plot-", "ü"]) + str(i)
        deps = r.sample(made, min(len(made), r.choice([0, 1, 1, 2, 3])))
        deps = [d + "/x" if r.random() < .2 else d for d in deps]
        each = r.choice([""] * 5 + ["foreach", "matrix"])
        key = "" if not each else "${item}" if each == "foreach" else "${item.k}"
        text = "cmd: 'true'\n"
        if deps or r.random() < .5:
            text += "deps:\n" + "".join(
                f"- {up}{d}\n" for d in deps or ["raw"])
        for k in range(r.choice([1, 1, 2])):
            text += "outs:\n" * (k == 0) + f"- {up}o{i}_{k}{key}\n"
            made += [f"o{i}_{k}{x}" for x in ("ab" if each else [""])]
        if r.random() < .12:
            text += "frozen: true\n"
        self.files[file].append(f"  {name}:\n" + indent(
            f"foreach: [a, b]\ndo:\n{indent(text, 2)}" if each == "foreach" else
            "matrix: {k: [a, b]}\n" * (each == "matrix") + text, 4))
        self.names.append((file, name))
        if each and r.random() < .5:
            self.names.append((file, name + "@" + r.choice("ab")))

    def line(self):
        """Words of a command line, and what they mean to DVC's function."""
        r, more, opts = self.r, {}, []
        for opt, key, chance in (
                ("-s", "single_item", .15), ("-p", "pipeline", .2),
                ("--downstream", "downstream", .3), ("-R", "recursive", .25),
                ("--glob", "glob", .25), ("-P", "all_pipelines", .05)):
            if r.random() < chance:
                opts.append(opt)
                more[key] = True
        words = [self.word(more) for _ in range(r.choice([1, 1, 2, 3]))]
        return opts, words, more

    def word(self, more):
        r = self.r
        if more.get("glob") and r.random() < .7:
            at = r.choice(["", "", "sub/dvc.yaml:", "dvc.yaml:"])
            return at + r.choice(["*", "prep*", "*1*", "?????", "[!t]*",
                                  "[a-p]*[0-4]", "train[", "*-*", "ü?", "[-e]*", "*@*",
                                  "*@a", "[!p]*@?", "t?????@[b-z]"])
        if more.get("recursive") and r.random() < .7:
            return r.choice(["sub", ".", "sub/in", "./sub/"])
        if self.data and r.random() < .2 and not more.get("glob"):
            return r.choice(self.data)
        file, name = r.choice(self.names)
        if more.get("glob"):
            return f"{file}:{name}"
        if r.random() < .1:
            return file
        return name if file == "dvc.yaml" and r.random() < .7 else f"{file}:{name}"


def indent(text, n):
    return "".join(" " * n + x + "\n" for x in text.splitlines())


def put(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def theirs(repo, words, more):
    """As dvc.repo.reproduce.reproduce() puts its steps in order."""
    every, pipeline = more.get("all_pipelines"), more.get("pipeline")
    single = more.get("single_item") and not (every or pipeline)
    down = more.get("downstream", False) and not (every or pipeline)
    stages = []
    if not every:
        try:
            stages = collect_stages(repo, words, more.get("recursive", False),
                                    more.get("glob", False))
        except (DvcException, StageNotFound):
            return "refused"
        if not stages:
            return "refused"	# of an empty choice DVC makes all stages
        if more.get("glob") or more.get("recursive"):
            for w in words:
                if not collect_stages(repo, [w], more.get("recursive", False),
                                      more.get("glob", False)):
                    return "refused"
    if single:
        return " ".join(s.addressing for s in stages)
    graph = get_active_graph(repo.index.graph)
    return " ".join(s.addressing for s in plan_repro(
        graph, stages, pipeline=bool(pipeline), downstream=down))


SAID = re.compile(r"^(?:Running stage|Stage|Verifying (?:outputs|data sources) in "
                  r"(?:frozen )?stage:|Pulling data for stage:)? ?'(.*?)'(?:: ?$| didn't| is cached|$)")


def ours(opts, words):
    p = subprocess.run(["git", "exp", "run", "-n", "--no-record", *opts, "--",
                        *words], capture_output=True, encoding="utf-8")
    if p.returncode == 128:
        return "refused"
    found = [SAID.match(x) for x in p.stdout.splitlines()]
    return " ".join(m.group(1) for m in found if m)


def main(seed, projects):
    rng, top = random.Random(seed), os.getcwd()
    count, bad, refused = 0, 0, 0
    for i in range(projects):
        p = Project(rng, f"{top}/p{i}")
        os.chdir(p.root)
        repo = Repo(".")
        for _ in range(5):
            opts, words, more = p.line()
            want, have = theirs(repo, words, more), ours(opts, words)
            count += 1
            refused += want == "refused"
            if want != have:
                bad += 1
                print(f"p{i}: {opts} {words}\n  DVC:  {want}\n  ours: {have}")
        os.chdir(top)
    print(f"{count} command lines, {refused} refused, {bad} differ")
    return 1 if bad or refused * 3 > count else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
