"""The smallest project that still shows a difference.

smallest(case, trouble, differs) drops files, then keys and items, the big ones
first, then makes what is left simpler, and keeps every step after which the
same step of the comparison finds a difference. It asks at most
LIMIT times and for SECONDS.
"""
import re
import time

from spelled import FlowList, FlowMap, Raw

LIMIT, SECONDS = 300, 120


def kind_of(trouble):
    """The step that found it, and its first words less names and numbers."""
    first = trouble.split("\n")[0]
    return re.sub(r"'[^']*'|\d+", "", first)[:60] if ":" in first else first[:20]


def paths(tree, at=()):
    """Every place in a tree, outer ones first."""
    pairs = tree.items() if isinstance(tree, dict) else enumerate(
        tree) if isinstance(tree, list) else ()
    found = [(at + (key,), value) for key, value in pairs]
    for path, value in found:
        yield path
    for path, value in found:
        yield from paths(value, path)


def same_key(tree, key):
    """A Raw key is itself only; in a copy it has to be found by its text."""
    if isinstance(tree, dict) and isinstance(key, Raw):
        for k in tree:
            if isinstance(k, Raw) and str.__eq__(k, key):
                return k
    return key


def reach(tree, path):
    """The container above the path and the key in it, in a copied tree."""
    for key in path[:-1]:
        tree = tree[same_key(tree, key)]
    return tree, same_key(tree, path[-1])


def simpler(value):
    """Plainer values to try in this one's place."""
    if isinstance(value, (FlowMap, FlowList)):
        yield dict(value) if isinstance(value, dict) else list(value)
    elif isinstance(value, dict) and len(value) == 1:
        yield from value.values()
        yield from (k for k in value if isinstance(k, str))
    elif isinstance(value, list) and len(value) == 1:
        yield value[0]
    elif isinstance(value, str):
        yield "true"
        for sep in ("\n", " && ", " "):
            parts = [p for p in value.split(sep) if p]
            if 1 < len(parts) < 9:
                for i in range(len(parts)):
                    yield sep.join(parts[:i] + parts[i + 1:])
        for found in re.findall(r"\$\{[^}]*\}", value):
            if found != value:
                yield found


class Search:
    def __init__(self, case, trouble, differs):
        self.case, self.trouble, self.ask = case.copy(), trouble, differs
        self.kind, self.left, self.tried = kind_of(trouble), LIMIT, set()
        self.end = time.monotonic() + SECONDS

    def keep(self, case):
        text = case.show() + case.config
        if self.left <= 0 or text in self.tried or time.monotonic() > self.end:
            return False
        self.tried.add(text)
        self.left -= 1
        trouble = self.ask(case)
        if not trouble or kind_of(trouble) != self.kind:
            return False
        self.case, self.trouble = case, trouble
        return True

    def plain(self):
        for key, value in (("comments", False), ("config", ""), ("numbers", [])):
            if getattr(self.case, key):
                case = self.case.copy()
                setattr(case, key, value)
                self.keep(case)

    def drop_files(self):
        for path in sorted(self.case.files):
            case = self.case.copy()
            del case.files[path]
            self.keep(case)

    def drop_lines(self, path):
        """Of a file that is text."""
        size = len(self.case.files[path].split("\n")) // 2
        while size:
            at = 0
            while at < len(self.case.files[path].split("\n")):
                lines = self.case.files[path].split("\n")
                case = self.case.copy()
                case.files[path] = "\n".join(lines[:at] + lines[at + size:])
                if not self.keep(case):
                    at += size
            size //= 2

    def drop_nodes(self, path, deep):
        """Over all that is there, as long as something went."""
        if path not in self.case.files:
            return
        if isinstance(self.case.files[path], str):
            self.drop_lines(path)
            return
        gone = True
        while gone and self.left > 0:
            gone = False
            for at in self.big_first(path):
                if len(at) > deep:
                    continue
                case = self.case.copy()
                try:
                    above, key = reach(case.files[path], at)
                    del above[key]
                except (KeyError, IndexError, TypeError):
                    continue
                gone |= self.keep(case)

    def big_first(self, path):
        tree = self.case.files[path]

        def size(at):
            above, key = reach(tree, at)
            return -len(repr(above[key]))
        return sorted(paths(tree), key=size)

    def simplify(self, path):
        done = isinstance(self.case.files.get(path, ""), str)
        while not done and self.left > 0:
            done = True
            for at in list(paths(self.case.files[path])):
                above, key = reach(self.case.files[path], at)
                if any(self.put(path, at, new) for new in simpler(above[key])):
                    done = False
                    break

    def put(self, path, at, new):
        case = self.case.copy()
        above, key = reach(case.files[path], at)
        above[key] = new
        return self.keep(case)


def smallest(case, trouble, differs):
    s = Search(case, trouble, differs)
    s.plain()
    main = [p for p in s.case.files if p.endswith("dvc.yaml")]
    for path in sorted(main, key=len, reverse=True):
        s.drop_nodes(path, 3)
        s.simplify(path)
    s.drop_files()
    for path in sorted(s.case.files, key=lambda p: p not in main):
        s.drop_nodes(path, 9)
        s.simplify(path)
    for path in main:
        s.drop_nodes(path, 9)
    s.drop_files()
    return s.case, s.trouble
