"""The variables that templates may use: of a dvc.yaml, or of one stage.

get(kind) gives a Var, an old or a new one, that stands in params.yaml, in a
file of `vars` or inline; name_of(value) makes one that has just this value.
"""
import os
import re

from spelled import FlowMap, Raw

# Safe in a path between double quotes, and told apart from one another.
WORDS = ["cnn", "a-b", "x.y", "rnn2", "größe", "two words", "UP", "v_1", "no",
         "on", "0x1F", "7", "3e2", "null-ish", "~z", "12:30"]

NUMBERS = {
    "yaml": {"int": "1 0 -3 +7 012 0x1F 0o14 0b11 1_000 "
                    "123456789012345678901234567890".split(),
             "float": "1e-3 1e3 .5 5. -0.0 1e22 1e-7 2.50 0.1_0 .inf 1E+2 "
                      "0.30000000000000004 -.inf 1e16 123456.789e3".split()},
    "json": {"int": "1 0 -3 123456789012345678901".split(),
             "float": "1e-3 2.50 1E3 -0.0 1e22 0.1".split()},
    "toml": {"int": "1 +7 0x1F 0o17 0b1 1_000 -3".split(),
             "float": "1e-3 2.50 1E3 6.0_1 -0.5 5e+22".split()},
    "py": {"int": "1 -3 1_000 0x1F 0b1".split(),
           "float": "1e-3 .5 2.50 1E3 -1.5".split()},
}
BOOLS = {"yaml": ["true", "True", "FALSE", "false"], "json": ["true", "false"],
         "toml": ["true", "false"], "py": ["True", "False"]}
NULLS = {"yaml": ["~", "null", "Null", ""], "json": ["null"], "py": ["None"]}
TEXTS = {
    "yaml": ["plain words", Raw("'q'"), Raw('"\\u00e9\\t"'), Raw("yes"),
             Raw("12:30"), Raw("'1'"), Raw("''"), Raw("0.1.2"), Raw("'it''s'"),
             Raw(">-\n    folded\n    text\n"), Raw('"a\\\n    b"'),
             Raw("~x"), Raw("'='"), Raw('"\\U0001F600"')],
    "json": ["plain", "é\t", "", "1", Raw('"\\ud83d\\ude00"')],
    "toml": ["plain", "é", "", Raw("'lit\\eral'"), Raw('"\\u00e9\\t"'),
             Raw("'''it's'''"), Raw('"""\nmulti \\\n   line"""')],
    "py": ["plain", "é", "", Raw("'a' 'b'"), Raw('"""tri\nple"""'),
           Raw(r"'\x41\u00e9'")],
}
PLAIN_NAMES = ["lr", "n", "units", "x_y", "Deep"]
ODD_NAMES = ["a-b", "größe", "a b", "a/b", "#x", "日"]
GROUPS = ["model", "train", "data"]


class Var:
    def __init__(self, expr, kind, value=None):
        self.expr, self.kind, self.value = expr, kind, value


class Scope:
    def __init__(self, project, home, parent=None, tag=""):
        self.p, self.r, self.home = project, project.r, home
        self.parent, self.tag = parent, tag
        self.known = {}
        self.files = {}          # below home, or below the stage's directory
        self.list = []           # what stands in `vars`, in order
        self.inline = None
        self.kept = []           # dotted keys of params.yaml

    # --- values ---

    def value(self, kind, ext):
        """A tree of this kind, spelled as that format allows."""
        r, ext = self.r, "yaml" if ext == "yml" else ext
        if kind == "scalar":
            kind = r.choice(["int", "float", "bool", "text", "null"])
        if kind == "null":
            kind = "null" if ext in NULLS else "int"
        if kind in ("int", "float"):
            return Raw(r.choice(NUMBERS[ext][kind]))
        if kind == "bool":
            return Raw(r.choice(BOOLS[ext]))
        if kind == "null":
            return Raw(r.choice(NULLS[ext]))
        if kind == "text":
            return r.choice(TEXTS[ext])
        if kind == "word":
            return r.choice(WORDS)
        if kind == "number":
            return r.randint(1, 50)
        return self.conf(ext)

    def conf(self, ext):
        """A map that a command unpacks."""
        r = self.r
        tree = {"opt": self.value("scalar", ext), "flag": Raw(BOOLS[ext][0]),
                "off": Raw(BOOLS[ext][-1]), "w": r.choice(
                    ["it's", "two words", "", "a;b", "$HOME", "é"]),
                "list": [1, self.value("float", ext), "a b"],
                "deep": {"er": self.value("int", ext), "é": "x"}}
        if ext == "py":
            tree["deep"] = FlowMap({"er": 1})
        if r.random() < .3:
            tree["list"] = []
        if r.random() < .3 and ext != "py":
            tree["deep"] = {}
        keys = r.sample(list(tree), r.randint(1, 6))
        for key in keys:
            if isinstance(tree[key], str) and "\n" in tree[key]:
                tree[key] = "x"
        return {k: tree[k] for k in keys}

    # --- places ---

    def place(self):
        """(place, format) for a new variable."""
        p = self.p
        choices = [("yaml", 2), ("json", 1), ("toml", 1), ("py", 1),
                   ("keys", 1), ("inline", 3)]
        if self.parent:
            kind = p.one("vars-", [("inline", 3), ("stage-file", 2)])
            return ("inline", "yaml") if kind == "inline" else (
                self.tag + "-v.yaml", "yaml")
        if p.some("params-yaml", .55):
            return "params.yaml", "yaml"
        kind = p.one("vars-", choices)
        if kind == "inline":
            return "inline", "yaml"
        if kind == "keys":
            return "part.yaml", "yaml"
        return ("conf/v." if kind == "yaml" else "v.") + kind, kind

    def tree_of(self, place):
        """The map that the place holds; `vars` names it from now on."""
        if place == "inline":
            if self.inline is None or self.r.random() < .3:
                self.inline = {}
                self.list.append(self.inline)
            return self.inline
        if place not in self.files:
            self.files[place] = {}
            if place != "params.yaml":
                self.list.append(place)
        return self.files[place]

    def fresh(self, ext, place):
        odd = ext != "py" and place != "part.yaml" and self.r.random() < .25
        base = self.r.choice(ODD_NAMES if odd else PLAIN_NAMES)
        return "%s%d" % (base, self.p.count())

    def has(self, name):
        return any(name in tree for tree in self.list if isinstance(tree, dict))

    def put(self, name, value, place):
        self.tree_of(place)[name] = value

    def settle(self, wdir):
        """The files of a stage stand below its directory."""
        for path, tree in self.files.items():
            self.p.files[os.path.normpath(os.path.join(
                self.home, wdir, path))] = tree
            self.p.features.add("vars-stage-file")

    def vars(self):
        out = []
        for item in self.list:
            if item == "part.yaml":
                keys = list(self.files[item])
                item += ":" + ",".join(keys)
                self.files["part.yaml"].setdefault("unused", "of nobody")
            out.append(item)
        whole = [v for v in out if isinstance(v, str) and ":" not in v]
        if whole and self.p.some("vars-same-twice", .05):
            out.append(self.r.choice(whole))
        return out

    # --- variables ---

    def get(self, kind):
        mine = self.known.get(kind, [])
        if mine and self.r.random() < .5:
            return self.r.choice(mine)
        if self.parent and self.r.random() < .4:
            return self.parent.get(kind)
        place, ext = self.place()
        if kind == "null" and ext == "toml":
            place, ext = "inline", "yaml"
        return self.new(kind, self.value(kind, ext), place, ext)

    def word(self):
        return self.get("word")

    def name_of(self, value):
        place, ext = self.place()
        if ext != "yaml" and not isinstance(value, str):
            place, ext = "inline", "yaml"
        return self.new("that", value, place, ext).expr

    def new(self, kind, value, place, ext):
        """Somewhere in the place: at its top, below a map, in a list."""
        tree, name = self.tree_of(place), self.fresh(ext, place)
        path, keys = [name], [name]
        if self.p.some("nested", .4) and place != "part.yaml":
            group = self.r.choice(GROUPS)
            if any(group in t for t in self.trees_but(tree)):
                self.p.features.add("vars-merged")
            tree = tree.setdefault(group, {})
            path = [group, name]
        if self.p.some("index", .15):
            box = [FlowMap(o="ther"), value] if ext == "py" else [
                {"o": "ther"}, value]
            tree[name], last = box, 1
            if self.p.some("negative-index", .2):
                last = -1
            var = Var(self.spelled(path + [last]), kind, value)
        else:
            tree[name] = value
            var = Var(self.spelled(path), kind, value)
            if place == "params.yaml":
                self.keep(path, kind)
        self.known.setdefault(kind, []).append(var)
        return var

    def trees_but(self, tree):
        all_of = list(self.files.values()) + [
            t for t in self.list if isinstance(t, dict)]
        return [t for t in all_of if t is not tree]

    def keep(self, path, kind):
        if re.fullmatch(r"[\w.-]+", ".".join(path)):
            self.kept.append(".".join(path))
        if kind == "number":
            self.p.numbers.append((os.path.join(self.home, "params.yaml"),
                                   tuple(path)))

    def spelled(self, path):
        """a.b.0, a[b][0], with blanks where DVC does not mind them."""
        p, out = self.p, str(path[0])
        for part in path[1:]:
            if p.some("brackets", .4):
                out += "[%s]" % part
            else:
                p.features.add("dotted")
                out += ".%s" % part
        if p.some("spaces-inside", .12):
            out = " %s " % out
        p.features.add("exact")
        return out
