"""Projects by chance over the whole language of dvc.yaml, the same for a seed.

Project(seed, must) is a Case (case.py) with .features, the names out of
FEATURES that it became, and .broken, the kind of damage (broken.py) or None.
Every command adds a tag to $COUNTER.
"""
import hashlib
import os
import random

from broken import damage
from case import Case
from scope import Scope, WORDS
from spelled import FlowList, FlowMap, Raw

FEATURES = """params-yaml vars-yaml vars-json vars-toml vars-py vars-keys
vars-inline vars-merged vars-stage vars-stage-file vars-same-twice dotted
brackets spaces-inside negative-index nested index exact text-int text-float
text-bool text-null text-word escape cmd-string cmd-lines cmd-list cmd-map
cmd-whole parsing-bool parsing-list wdir wdir-templated dep-templated
dep-output dep-dir out-templated out-key-templated out-flags out-dir metrics
plots plot-props param-default param-file-yaml param-file-json param-file-toml
param-file-py param-whole param-templated frozen always-changed callback desc
meta foreach-list foreach-mixed foreach-maps foreach-lists foreach-map
foreach-map-of-maps foreach-var foreach-templated foreach-empty foreach-typed
key-in-map matrix-one matrix-many matrix-maps matrix-lists matrix-var
matrix-templated matrix-string matrix-item matrix-key top-params top-metrics
top-plots top-plots-map top-artifacts top-datasets top-templated many-files
sub-params odd-name flow-style comments anchors dvc-pointer item-hidden
stage-name-literal group-dep""".split()

ODD = ["größe", "日本", "two words", "it's", "#hash", "[x]", "yes", "1", "null",
       "a+b", "-dash", "~t", "1e3", "q?", "s*r", "x,y", "0x1F", "=", 'dq"q', "a.b",
       "a:b", "x/y", "true", "%d"]


class Body:
    """One stage as it grows; `uniq` tells the members of a group apart."""

    def __init__(self, tag, home):
        self.tag, self.home, self.wdir = tag, home, ""
        self.uniq, self.members = "", [""]
        self.reads, self.lines, self.makes = [], [], []
        self.item = {}
        self.tree, self.entry = {}, {}
        self.scope = None

    def rel(self, path):
        return os.path.relpath(path, os.path.join(self.home, self.wdir) or ".")

    def name(self, end):
        """A path in the stage's directory, its own in every member."""
        return "%s%s%s" % (self.tag, "-" + self.uniq if self.uniq else "", end)

    def names(self, end):
        return [os.path.normpath(os.path.join(
            self.home, self.wdir, "%s%s%s" % (
                self.tag, "-" + m if self.uniq else "", end)))
            for m in self.members]


class Project(Case):
    def __init__(self, seed, must=(), broken=""):
        self.r = random.Random("language %s" % seed)
        self.must, self.features = set(must), set()
        super().__init__()
        self.outs, self.nr = [], 0
        self.parsing()
        homes = [""]
        if self.some("many-files", .2):
            homes.append(self.r.choice(["sub", "lib/é"]))
        self.scopes = {home: Scope(self, home) for home in homes}
        self.trees = {}
        for home in homes:
            self.pipeline(home)
        self.finish()
        if self.some("dvc-pointer", .1):
            self.pointer()
        if broken:
            damage(self, broken)

    # --- chance ---

    def some(self, feature, chance):
        if self.r.random() < chance or feature in self.must - self.features:
            self.features.add(feature)
            return True
        return False

    def one(self, feature, choices):
        """One of (name, weight): `feature-name` is counted, and may be wanted."""
        names = [n for n, _ in choices]
        wanted = [n for n in names if feature + n in self.must - self.features]
        name = self.r.choice(wanted) if wanted else self.r.choices(
            names, [w for _, w in choices])[0]
        self.features.add(feature + name)
        return name

    def count(self):
        self.nr += 1
        return self.nr

    def parsing(self):
        lines = []
        if self.some("parsing-bool", .2):
            lines.append("bool = boolean_optional")
        if self.some("parsing-list", .2):
            lines.append("list = append")
        self.config = "['remote \"far\"']\n    url = /nowhere/at/all\n"
        if lines:
            self.config += "[parsing]\n" + "".join(
                "    %s\n" % s for s in lines)

    # --- one dvc.yaml ---

    def pipeline(self, home):
        scope, stages = self.scopes[home], {}
        tree = {}
        count = self.r.randint(1, 3)
        for i in range(count):
            name, body = self.stage(home, scope)
            stages[name] = body.entry
        top = self.top_level(home, scope)
        if scope.list:
            tree["vars"] = scope.vars()
        tree["stages"] = stages
        tree.update(top)
        if self.r.random() < .3:
            tree = dict(reversed(tree.items()))
        self.trees[home] = tree

    def stage_name(self, tag):
        if self.some("odd-name", .12):
            return self.r.choice(ODD) + tag
        if self.some("stage-name-literal", .03):
            return "${x}" + tag
        return self.r.choice(["train", "prep-", "s_", "Eval"]) + tag

    def stage(self, home, scope):
        body = Body("s%d" % self.count(), home)
        body.scope = scope
        name = self.stage_name(body.tag)
        kind = self.r.choices(["plain", "foreach", "matrix"], [5, 3, 3])[0]
        wanted = self.must - self.features
        for k in ("foreach", "matrix"):
            if any(f.startswith(k) for f in wanted) and self.r.random() < .5:
                kind = k
        head = getattr(self, "group_" + kind)(body, scope)
        if self.some("vars-stage", .15):
            body.scope = Scope(self, home, scope, body.tag)
        self.fill(body)
        if kind == "foreach":
            body.entry = dict(head, do=body.tree)
            if self.r.random() < .2:
                body.entry = dict(reversed(body.entry.items()))
        else:
            body.entry = dict(head, **body.tree)
        return name, body

    # --- groups ---

    def group_plain(self, body, scope):
        return {}

    def some_words(self, most=3):
        return self.r.sample(WORDS, self.r.randint(1, most))

    def group_foreach(self, body, scope):
        kind = self.one("foreach-", [
            ("list", 4), ("mixed", 2), ("maps", 3), ("lists", 1), ("map", 3),
            ("map-of-maps", 2), ("empty", .5), ("typed", 1)])
        data = getattr(self, "each_" + kind.replace("-", "_"))(body)
        if self.some("item-hidden", .08) and not scope.has("item"):
            scope.put("item", {"of": "the project"}, "inline")
        if kind == "list" and self.some("foreach-templated", .3):
            var = scope.word()
            if var.value not in data:
                data = data + ["${%s}" % var.expr]
                body.members.append(var.value)
        elif kind not in ("empty", "typed") and self.some("foreach-var", .3):
            data = "${%s}" % scope.name_of(data)
        elif self.some("flow-style", .2):
            data = FlowMap(data) if isinstance(data, dict) else FlowList(data)
        return {"foreach": data}

    def each_list(self, body):
        words = self.some_words()
        body.uniq, body.members = "${item}", list(words)
        body.item["word"] = ["item"]
        return words

    def each_typed(self, body):
        body.uniq, body.members = "${item}", ["true", "2", "0.5", "None"]
        body.item["scalar"] = ["item"]
        return [Raw("True"), 2, Raw("5e-1"), Raw("~")]

    def each_mixed(self, body):
        body.uniq, body.members = "${key}", ["a", "b"]
        body.item["scalar"] = ["item", "key"]
        self.features.add("key-in-map")
        return {"a": Raw(self.r.choice(["1", "x", "true", "~", "1e-3"])),
                "b": Raw(self.r.choice(["é", "'1'", "false", "0o17"]))}

    def each_maps(self, body):
        words = self.some_words()
        body.uniq, body.members = "${item.id}", list(words)
        body.item.update(word=["item.id"], scalar=["item.v", "item.in[0].k"])
        return [{"id": w, "v": Raw(self.r.choice(["1", "~", "2.50", "no"])),
                 "in": [{"k": i}, "x"]} for i, w in enumerate(words)]

    def each_lists(self, body):
        words = self.some_words(2)
        body.uniq, body.members = "${item[0]}", list(words)
        body.item.update(word=["item.0"], scalar=["item[1]"])
        return [[w, i] for i, w in enumerate(words)]

    def each_map(self, body):
        words = self.some_words()
        body.uniq, body.members = "${key}", list(words)
        body.item.update(word=["key"], scalar=["item"])
        self.features.add("key-in-map")
        return {w: self.r.choice([i, "v%d" % i, Raw("2.0"), None])
                for i, w in enumerate(words)}

    def each_map_of_maps(self, body):
        words = self.some_words(2)
        body.uniq, body.members = "${key}", list(words)
        body.item.update(word=["key", "item.n"], scalar=["item.deep.er"])
        return {w: {"n": "n%d" % i, "deep": {"er": Raw("1e3")}}
                for i, w in enumerate(words)}

    def each_empty(self, body):
        body.uniq, body.members = "${item}", []
        body.item["word"] = ["item"]
        return self.r.choice([[], {}])

    def group_matrix(self, body, scope):
        axes, all_names = {}, [""]
        count = 1 if self.some("matrix-one", .3) else self.r.randint(2, 3)
        if count > 1:
            self.features.add("matrix-many")
        body.item = {"word": [], "scalar": []}
        for i in range(count):
            axis = self.r.choice(["a", "model", "x-y", "é"]) + "xyz"[i]
            kind = self.one("matrix-", [("words", 5), ("maps", 2), ("lists", 1),
                                        ("string", .6)])
            data, names = self.axis(kind, axis, body)
            if kind != "string" and self.some("matrix-var", .25):
                data = "${%s}" % scope.name_of(data)
            elif kind == "words" and self.some("matrix-templated", .25):
                var = scope.word()
                if var.value not in names:
                    data = data + ["${%s}" % var.expr]
                    names = names + [var.value]
            axes[axis] = data
            all_names = [(a + "-" if a else "") + n
                         for a in all_names for n in names]
        body.uniq, body.members = "${key}", all_names
        self.features.update(("matrix-key", "matrix-item"))
        return {"matrix": axes}

    def axis(self, kind, axis, body):
        words = self.some_words(2)
        if kind == "maps":
            body.item["scalar"] += ["item.%s.v" % axis]
            return [{"v": Raw("%d.50" % i), "w": w} for i, w in enumerate(words)], \
                ["%s%d" % (axis, i) for i in range(len(words))]
        if kind == "lists":
            body.item["scalar"] += ["item.%s[0]" % axis]
            return [[w, i] for i, w in enumerate(words)], \
                ["%s%d" % (axis, i) for i in range(len(words))]
        body.item["word"] += ["item.%s" % axis]
        if kind == "string":
            return "ab", ["a", "b"]
        return words, list(words)

    # --- what a stage holds ---

    def var(self, body, kind):
        """An expression: of the group, of the stage's or the file's scope."""
        mine = body.item.get(kind, [])
        if mine and self.r.random() < .5:
            return self.r.choice(mine)
        return body.scope.get(kind).expr

    def known(self, body):
        """A word whose value the generator knows: (expression, value)."""
        var = body.scope.word()
        return var.expr, var.value

    def fill(self, body):
        self.wdir(body)
        callback = self.some("callback", .05) and not body.uniq
        if not callback:
            self.deps(body)
            self.params(body)
            self.results(body)
        cmd = self.cmd(body)
        tree = {"cmd": cmd}
        if body.wdir:
            tree["wdir"] = body.tree.pop("wdir")
        tree.update(body.tree)
        self.rest(tree, body)
        if body.scope.parent:
            body.scope.settle(body.wdir)
            if body.scope.list:
                tree["vars"] = body.scope.vars()
        items = list(tree.items())
        if self.r.random() < .3:
            self.r.shuffle(items)
        body.tree = dict(items)

    def wdir(self, body):
        if not self.some("wdir", .15):
            return
        if self.some("wdir-templated", .5) and not (
                body.scope.parent and body.uniq):
            # Variables of the stage itself cannot say where it runs.
            scope = body.scope.parent or body.scope
            var = scope.word()
            body.tree["wdir"] = "w/x-${%s}" % var.expr
            body.wdir = "w/x-" + var.value
        else:
            body.tree["wdir"] = body.wdir = "w/here"
        self.files[os.path.join(body.home, body.wdir, "is-here")] = "here\n"

    def deps(self, body):
        r, deps = self.r, []
        if self.some("dep-templated", .3):
            expr, value = self.known(body)
            path = os.path.join(body.home, body.wdir, "in-" + value)
            self.files.setdefault(path, "input %s\n" % value)
            deps.append("in-${%s}" % expr)
        if body.uniq and body.members and r.random() < .3 and not any(
                "/" in m for m in body.members):
            for m in body.members:
                self.files[os.path.join(body.home, body.wdir, "each-" + m)] = m
            deps.append("each-" + body.uniq)
        if self.outs and self.some("dep-output", .6):
            path = r.choice(self.outs)
            if "-" in os.path.basename(path):
                self.features.add("group-dep")
            deps.append(body.rel(path))
        if self.some("dep-dir", .1):
            self.files.setdefault("src/a.sh", "a\n")
            self.files.setdefault("src/b b/c", "c\n")
            deps.append(body.rel("src"))
        elif not deps or r.random() < .3:
            self.files.setdefault("src/a.sh", "a\n")
            deps.append(body.rel("src/a.sh"))
        body.reads += [d for d in deps if os.path.basename(d) != "src"]
        if r.random() > .08:
            body.tree["deps"] = FlowList(deps) if self.some(
                "flow-style", .1) else deps

    def params(self, body):
        entries = []
        scope = self.scopes[body.home]
        if not body.wdir and scope.kept and self.some("param-default", .35):
            keys = self.r.sample(scope.kept, min(len(scope.kept), 2))
            if self.some("param-templated", .2):
                keys[0] = "${%s}" % body.scope.name_of(keys[0])
            entries += keys
        for ext in ("yaml", "json", "toml", "py"):
            if self.some("param-file-" + ext, .07):
                entries.append(self.param_file(body, ext))
        if entries:
            body.tree["params"] = entries

    def param_file(self, body, ext):
        path = "p%d.%s" % (self.count(), ext)
        names = ["k1", "k2", "k3"]
        tree = {k: self.scopes[body.home].value("scalar", ext) for k in names}
        tree["n"] = self.r.randint(1, 99)
        tree["sub"] = {"deep": self.scopes[body.home].value("scalar", ext),
                       "l": FlowList([1, 2.5, "é"])}
        full = os.path.normpath(os.path.join(body.home, body.wdir, path))
        self.files[full] = tree
        self.numbers.append((full, ("n",)))
        if self.some("param-whole", .25):
            return {path: self.r.choice([None, FlowList()])}
        if self.r.random() < .15:
            path = "${%s}.%s" % (body.scope.name_of(path[:-len(ext) - 1]), ext)
            self.features.add("param-templated")
        return {path: self.r.sample(
            names + ["n", "sub", "sub.deep", "sub.l.1"], self.r.randint(1, 4))}

    def results(self, body):
        count = self.r.choice([0, 1, 1, 1, 2])
        for i in range(count):
            self.output(body, i)
        if self.some("metrics", .35):
            self.metric(body)
        if self.some("plots", .2):
            self.plot(body)

    def output(self, body, i):
        end, value = ".o%d" % i, ".o%d" % i
        if self.some("out-templated", .4):
            expr, word = self.known(body)
            end, value = "-${%s}%s" % (expr, end), "-" + word + value
        path, shape = body.name(end), "file"
        if self.some("out-dir", .12):
            shape = "dir"
        flags = {}
        if self.some("out-flags", .3):
            flags = self.flags(body)
        if self.some("out-key-templated", .1) and not body.uniq:
            path = "${%s}" % body.scope.name_of(body.tag + value)
        body.tree.setdefault("outs", []).append({path: flags} if flags else path)
        body.makes.append((path, shape))
        for full in body.names(value):
            self.outs.append(full if shape == "file" else full + "/f")

    def flags(self, body):
        r, flags = self.r, {}
        for key, chance in (("cache", .4), ("persist", .3), ("push", .3)):
            if r.random() < chance:
                flags[key] = r.random() < .4
        if r.random() < .2:
            flags["desc"] = "said of ${%s}" % self.var(body, "word")
        if r.random() < .2:
            flags["type"] = r.choice(["model", "${%s}" % self.var(body, "word")])
        if r.random() < .2:
            flags["labels"] = ["l1", "${%s}" % self.var(body, "word")]
        if r.random() < .2:
            flags["meta"] = {"any": [1, "${%s}" % self.var(body, "scalar")]}
        if r.random() < .1:
            flags["checkpoint"] = False
        if r.random() < .05:
            flags["remote"] = "far"
        return flags

    def metric(self, body):
        path = body.name(".json")
        flags = {"cache": False} if self.r.random() < .7 else {}
        body.tree.setdefault("metrics", []).append(
            {path: flags} if flags else path)
        body.makes.append((path, "json"))
        self.outs += body.names(".json")

    def plot(self, body):
        path = body.name(".csv")
        flags = {"cache": False} if self.r.random() < .6 else {}
        if self.some("plot-props", .5):
            flags.update(x="step", title="of ${%s}" % self.var(body, "word"))
            if self.r.random() < .3:
                flags.update(template="smooth", x_label="x", header=True)
        body.tree.setdefault("plots", []).append(
            {path: flags} if flags else path)
        body.makes.append((path, "csv"))

    # --- the command ---

    def said(self, body):
        """Words of a command that hold templates, harmless to a shell."""
        r, out = self.r, []
        for kind in ("int", "float", "bool", "null", "word"):
            if self.some("text-" + kind, .15):
                out.append("%s=${%s}" % (kind, body.scope.get(kind).expr))
        if body.item.get("scalar") and r.random() < .7:
            out.append("${%s}" % r.choice(body.item["scalar"]))
        if body.item.get("word") and r.random() < .7:
            out.append("w${%s}" % r.choice(body.item["word"]))
        if self.some("escape", .12):
            out.append(r.choice([r"\${HOME}", r"a\${b}c", r"\\\${x}"]))
        return out

    def made(self, path, shape, look):
        if shape == "json":
            return ('%s | cksum | { read a b; echo "{\\"sum\\": $a, \\"n\\": '
                    '{\\"é b\\": $b.5, \\"ok\\": true}}" >"%s"; }' % (look, path))
        if shape == "csv":
            return "printf 'step,v\\n0,1\\n1,2\\n' >\"%s\"" % path
        if shape == "dir":
            return 'mkdir -p "%s" && %s >"%s/f"' % (path, look, path)
        return '%s | cksum >"%s"' % (look, path)

    def cmd(self, body):
        r = self.r
        tag = body.name("")
        lines = ['echo "%s" | tr " " _ >>"$COUNTER"' % tag]
        said = self.said(body)
        if said:
            lines.append(": '%s'" % " ".join(said))
        if self.some("cmd-map", .2):
            lines.append(": ${%s}" % body.scope.get("conf").expr)
        if self.some("cmd-whole", .06):
            lines.append("${%s}" % body.scope.name_of("true"))
        read = " ".join('"%s"' % p for p in body.reads)
        number = body.scope.get("number")
        look = "{ cat %s; echo ${%s}; }" % (read or "/dev/null", number.expr)
        for path, shape in body.makes:
            lines.append(self.made(path, shape, look))
        style = self.one("cmd-", [("string", 4), ("lines", 3), ("list", 3)])
        if style == "list":
            return lines
        if style == "lines":
            return "".join(s + "\n" for s in lines)
        return " && ".join(lines)

    def rest(self, tree, body):
        if body.makes and self.some("frozen", .05):
            tree["frozen"] = self.r.random() < .3
        if self.some("always-changed", .05):
            tree["always_changed"] = self.r.random() < .5
        if self.some("desc", .1):
            tree["desc"] = self.r.choice(["a stage: plain", "of ${%s}" % self.var(
                body, "word"), "é\ntwo lines\n"])
        if self.some("meta", .1):
            tree["meta"] = {"k${%s}" % self.var(body, "word"): [
                "${%s}" % self.var(body, "scalar"), {"x": None}]}

    # --- beside the stages ---

    def top_level(self, home, scope):
        top = {}
        if self.some("top-params", .15):
            path = os.path.join(home, "top-p.yaml")
            self.files[path] = {"tp": scope.value("scalar", "yaml"), "n": 3}
            self.numbers.append((path, ("n",)))
            top["params"] = [self.top(scope, "top-p", ".yaml")]
        if self.some("top-metrics", .2):
            self.files[os.path.join(home, "top-m.json")] = {
                "acc": Raw("0.50"), "s": "é", "l": [1], "none": None}
            top["metrics"] = [self.top(scope, "top-m", ".json")]
        if self.some("top-plots", .12):
            self.files[os.path.join(home, "top.csv")] = "a,b\n1,2\n2,3\n"
            top["plots"] = [self.top(scope, "top", ".csv")]
            if self.some("top-plots-map", .5):
                word = scope.word().expr
                top["plots"] = [{top["plots"][0]: {
                    "x": "a", "y": "b", "title": "t ${%s}" % word}},
                    {"both": {"y": {"top.csv": ["a", "b"]}, "x_label": "l"}},
                    {"none.csv": None}][:self.r.randint(1, 3)]
        if self.some("top-artifacts", .1):
            word = scope.word().expr
            top["artifacts"] = {self.r.choice(["art", "${%s}" % word]): {
                "path": "m-${%s}.bin" % word, "type": "model",
                "labels": ["a", "${%s}" % word], "desc": "d", "meta": {"k": 1}}}
        if self.some("top-datasets", .08):
            word = scope.word().expr
            top["datasets"] = [{"name": "ds-${%s}" % word, "type": "url",
                                "url": "s3://bucket/${%s}" % word}]
        return top

    def top(self, scope, stem, ext):
        if self.some("top-templated", .4):
            return "${%s}%s" % (scope.name_of(stem), ext)
        return stem + ext

    def pointer(self):
        """What `dvc add` leaves: a file, its pointer, its object."""
        data = b"raw data\n"
        md5 = hashlib.md5(data).hexdigest()
        self.files["raw.bin"] = data.decode()
        self.files["raw.bin.dvc"] = {"outs": [{
            "md5": md5, "size": len(data), "hash": "md5", "path": "raw.bin"}]}
        self.files[".gitignore"] = "/raw.bin\n"
        path = ".dvc/cache/files/md5/%s/%s" % (md5[:2], md5[2:])
        self.files[path], self.modes[path] = data.decode(), 0o444
        stages = self.trees[""]["stages"]
        plain = [s for s in stages.values() if "cmd" in s and "wdir" not in s]
        if plain:
            plain[0]["deps"] = list(plain[0].get("deps", [])) + ["raw.bin"]

    def finish(self):
        self.comments = self.some("comments", .2)
        for home, scope in self.scopes.items():
            self.files[os.path.join(home, "dvc.yaml")] = self.trees[home]
            for path, tree in scope.files.items():
                self.files[os.path.join(home, path)] = tree
                if home and path == "params.yaml":
                    self.features.add("sub-params")
        if "params.yaml" in self.files:
            tree = self.files["params.yaml"]
            if self.some("anchors", .1) and tree:
                tree["anchor"] = Raw("&a {x: 1}")
                tree["alias"] = Raw("*a")
                tree["merged"] = Raw("{<<: *a, y: 2}")
