"""Projects made by chance, the same ones for the same seed.

Project(seed, must) decides everything; write(root) puts it on disk. FEATURES
names what a project may hold: each in `must` is there, others by chance, and
.features says which it became. Commands are one-liners of sh that add the
tag of their stage to the file $COUNTER, so a test sees what really ran.
"""
import json
import os
import random
import re
import shlex

FEATURES = """cmd-string cmd-lines cmd-list wdir dep-file dep-dir dep-in-dir
out-file out-dir params-default params-nested params-yaml params-json
params-whole cache-false persist push-false desc metrics-cached
metrics-uncached plots-cached plots-uncached frozen always-changed callback
no-deps top-params top-metrics top-plots many-dvc-yaml dvc-file dvc-dir
dvcignore exec-bit empty-file empty-dir unicode space odd-name chain diamond
long-cmd comments one-stage""".split()

PLAIN = ["data", "model", "out", "x-1", "b.c", "UPPER", "_u", "n0", "a,b", "v=1"]
ODD = {
    "unicode": ["größe", "日本", "naïve-ß", "😀"],
    "space": ["two words", "a b c", "end of"],
    "odd-name": ["it's", "#hash", "[x]", "!not", "yes", "1", "null", "a+b",
                 "per%cent", "-dash", "a@b", "(p)", "~t", "1e3", "q?", "s*r",
                 "a;b", "{c}", "&d", "x,y", "0x1F", "t#u", "=", "dq\"q"],
}
VALUES = r"""1|0|-3|+7|012|0x1F|0o14|1_000|1e-3|1e3|.5|5.|-0.0|1e22|1e-7|.inf
0.30000000000000004|123456789012345678901234567890|true|True|false|~|null|""|yes
no|off|12:30|some text|'a b'|"q\"é\n"|[]|{}|[1, 2.0, null, [a, {b: c}]]|-.inf
{k: v, z: [1], a: {b: 1}}|été 日本|"1"|'null'|"\ttab"|'#x'|0.1.2|~x|'='
'it''s: quoted'|"\U0001F600 and \a" """.replace("\n", "|").split("|")
# No two spaces together: where DVC folds a command there, it loses one, and
# finds the command changed ever after.
LONG = " ".join("--option-%d v%s" % (i, "v" * (i * 7 % 23)) for i in range(12))


# --- YAML as people write it ------------------------------------------------------


def word(text):
    if re.fullmatch(r"[a-z][a-z0-9_./-]*", text) and text not in (
            "true", "false", "null"):
        return text
    if "'" in text or "\n" in text or re.search(r"[^ -~]", text):
        return json.dumps(text, ensure_ascii=False)
    return "'%s'" % text


def scalar(value, pad):
    if isinstance(value, str) and "\n" in value:
        lines = value[:-1].split("\n")
        return "|\n" + "\n".join(pad + "  " + s for s in lines)
    return word(value) if isinstance(value, str) else json.dumps(value)


def block(value, pad=""):
    """The lines of a map or a list, each ending in a newline."""
    out = []
    for item in value.items() if isinstance(value, dict) else value:
        head = "- "
        if isinstance(value, dict):
            head, item = word(item[0]) + ": ", item[1]
        if item == {} or item == []:
            text = json.dumps(item)
        elif isinstance(item, (dict, list)) and head != "- ":
            text = "\n" + block(item, pad + "  ").rstrip("\n")
        elif isinstance(item, (dict, list)):
            text = block(item, pad + "  ").strip(" \n")
        else:
            text = scalar(item, pad)
        out.append(pad + (head + text if text[0] != "\n"
                          else head.rstrip() + text) + "\n")
    return "".join(out)


# --- one stage ----------------------------------------------------------------------


class Stage:
    """What a stage reads and makes; paths are those of the project."""

    def __init__(self, tag, name, home, wdir):
        self.tag, self.name, self.home, self.wdir = tag, name, home, wdir
        self.deps, self.params, self.outs = [], [], []
        self.flags = {}
        self.cmd = "cmd-string"
        self.long = False

    @property
    def address(self):
        return (self.home + "/dvc.yaml:" if self.home else "") + self.name

    def reads(self):
        return self.deps or self.params

    def always(self):
        return bool(self.flags.get("always_changed")
                    or not (self.deps or self.params or self.outs))

    def restorable(self):
        """May its results come from the run cache? As DVC's documents say."""
        return bool(self.reads() and self.outs and not self.always()
                    and not any(o.flags.get("persist") or o.kind == "outs"
                                and o.flags.get("cache") is False
                                for o in self.outs))

    def rel(self, path):
        return os.path.relpath(path, os.path.join(self.home, self.wdir))

    def lines(self):
        def quote(path):
            path = self.rel(path)
            return shlex.quote("./" + path if path[0] == "-" else path)
        read = " ".join(quote(p) for p, _ in self.deps + self.params)
        look = ("find %s -type f ! -name '*.tmp' -exec cksum {} + | sort" % read
                if read else "echo nothing")
        yield 'echo %s >>"$COUNTER"' % self.tag
        for i, out in enumerate(self.outs):
            yield out.made(quote(out.path), "{ %s; echo %s %d; }" % (
                look, self.tag, i))
        if self.long:
            yield ": " + LONG

    def body(self):
        lines = list(self.lines())
        cmd = {"cmd-string": " && ".join(lines), "cmd-list": lines,
               "cmd-lines": "".join(s + "\n" for s in lines)}[self.cmd]
        body = {"cmd": cmd}
        if self.wdir:
            body["wdir"] = self.wdir
        if self.deps:
            body["deps"] = [self.rel(p) for p, _ in self.deps]
        if self.params:
            body["params"] = [e for p, keys in self.params
                              for e in self.entries(self.rel(p), keys)]
        for out in self.outs:
            path = self.rel(out.path)
            body.setdefault(out.kind, []).append(
                {path: out.flags} if out.flags else path)
        body.update(self.flags)
        return body

    @staticmethod
    def entries(path, keys):
        if path == "params.yaml" and keys:
            return keys
        return [{path: keys}]


class Out:
    def __init__(self, path, kind="outs", shape="file"):
        self.path, self.kind, self.shape, self.flags = path, kind, shape, {}

    def made(self, path, look):
        """The command that makes it; metrics and plots are JSON and CSV."""
        if self.shape == "json":
            return ('%s | cksum | { read a b; echo "{\\"sum\\": $a, \\"in\\": '
                    '{\\"é b\\": $b.5, \\"ok\\": true, \\"no\\": null}}" >%s; }'
                    % (look, path))
        if self.shape == "csv":
            return "printf 'step,v\\n0,1\\n1,2\\n' >%s" % path
        if self.shape == "empty":
            return ": >%s" % path
        if self.shape == "exec":
            return "%s >%s && chmod +x %s" % (look, path, path)
        if self.shape == "empty-dir":
            return "mkdir %s" % path
        if self.shape == "dir":
            return ("mkdir -p %s/sub/é && %s | cksum >%s/sub/f && : >%s/'a b'"
                    " && echo n >%s/sub/é/-x && mkdir %s/hollow"
                    % (path, look, path, path, path, path))
        return "%s | cksum >%s" % (look, path)


# --- the whole ------------------------------------------------------------------------


class Project:
    def __init__(self, seed, must=()):
        self.r = random.Random("git exp %s" % seed)
        self.features = set()
        self.must = set(must)
        self.files, self.data, self.modes = {}, [], {}
        self.stages, self.names = [], set()
        self.top = {}
        self.people = {name: text for name, text in self.sources()}
        self.files.update(self.people)
        count = 1 if "one-stage" in self.must else self.r.randint(2, 12)
        if count == 1:
            self.features.add("one-stage")
        shape = self.r.choice(["chain", "diamond", "any"])
        for want in ("diamond", "chain"):
            shape = want if want in self.must else shape
        for i in range(count):
            self.stages.append(self.stage(i, shape))
        self.put_musts()
        self.top_level()
        self.settle()

    # --- chance ---

    def some(self, feature, chance):
        """Is it this feature's turn? Once for sure where it must be."""
        if self.r.random() < chance or feature in self.must - self.features:
            self.features.add(feature)
            return True
        return False

    def name(self, base="", plain=""):
        """A new one; with nothing of what DVC cannot bear there."""
        kind = None
        for f, chance in (("unicode", .15), ("space", .15), ("odd-name", .2)):
            if not kind and self.some(f, chance):
                kind = f
        text = self.r.choice(ODD[kind] if kind else PLAIN)
        for c in plain:
            text = text.replace(c, "")
        while (base + text).casefold() in self.names:
            text += self.r.choice("abcdefghij0123456789")
        self.names.add((base + text).casefold())
        return base + text

    # --- what people made ---

    def sources(self):
        yield "src/main.sh", "echo main\n"
        for _ in range(self.r.randint(1, 3)):
            yield self.name("src/"), "source %d\n" % self.r.randint(0, 9)
        yield self.name("in/"), "".join(
            self.r.choice("ab\r\n \0é") for _ in range(self.r.randint(0, 40)))
        if self.some("empty-file", .3):
            yield "in/empty", ""
        if self.some("exec-bit", .3):
            yield "src/tool", "#!/bin/sh\n"
            self.modes["src/tool"] = 0o755
        if self.some("dvcignore", .3):
            yield ".dvcignore", "# mine\n*.tmp\n!keep.tmp\n/in/no where/\n"
            yield "src/not.tmp", "ignored\n"
            yield "src/deep/keep.tmp", "kept\n"
        if self.some("dvc-file", .3):
            yield self.datum(self.name("raw/")), "raw data\n"
        if self.some("dvc-dir", .3):
            base = self.datum(self.name("big "))
            for i in range(self.r.randint(0, 4)):
                yield "%s/%s/f%d" % (base, self.r.choice(["a", "b b", "é"]), i), \
                    "datum %d\n" % self.r.randint(0, 3)
            yield base + "/last", ""

    def datum(self, path):
        self.data.append(path)
        return path

    # --- stages ---

    def stage(self, i, shape):
        r = self.r
        home = ("sub", "lib/é")[i % 2] if self.some("many-dvc-yaml", .15) else ""
        wdir = self.name("w", "#?") if self.some("wdir", .15) else ""
        stage = Stage("s%d" % i, self.name("stage "[:r.randint(0, 6)]), home, wdir)
        stage.name = stage.name.replace("@", "A")
        if wdir:
            self.files[os.path.join(home, wdir, "here")] = "here\n"
        for f in ("cmd-lines", "cmd-list"):
            if self.some(f, .25):
                stage.cmd = f
        self.features.add(stage.cmd)
        stage.long = self.some("long-cmd", .15)
        if i and self.some("callback", .06):
            return stage
        if not self.some("no-deps", .08):
            self.inputs(stage, i, shape)
        self.outputs(stage)
        if self.some("always-changed", .06):
            stage.flags["always_changed"] = True
        if self.some("desc", .1):
            stage.flags["desc"] = "what it's: for"
        if stage.outs and not stage.always() and self.some("frozen", .06):
            stage.flags["frozen"] = True
        return stage

    def inputs(self, stage, i, shape):
        r = self.r
        before = [o.path for s in self.stages[-1:] for o in s.outs]
        if shape == "diamond":
            before = [o.path for s in self.stages[-3:] for o in s.outs]
        elif shape == "any":
            before = [o.path for s in self.stages for o in s.outs]
        picks = r.sample(before, min(len(before), r.randint(1, 3)))
        if picks:
            self.features.add("chain")
        if len(picks) > 1:
            self.features.add("diamond")
        roots = sorted(set(self.people) - {".dvcignore"})
        roots = [p for p in roots if not any(
            p.startswith(d + "/") for d in self.data)] + self.data
        picks += r.sample(roots, r.randint(0 if picks else 1, 2))
        if self.some("dep-dir", .25):
            picks.append("src")
        if self.some("dep-in-dir", .2):
            picks += [o.path + "/sub/f" for s in self.stages for o in s.outs
                      if o.shape == "dir"][:1]
        picks = [p for p in dict.fromkeys(picks)
                 if not ("src" in picks and p.startswith("src/"))]
        picks = [p for p in picks if os.path.dirname(os.path.dirname(p))
                 not in picks]
        r.shuffle(picks)
        stage.deps = [(p, None) for p in picks]
        if any("/" in p for p in picks):
            self.features.add("dep-file")
        self.parameters(stage)

    def parameters(self, stage):
        at = os.path.join(stage.home, stage.wdir)
        if self.some("params-default", .35):
            keys = self.keys(os.path.join(at, "params.yaml"))
            if self.some("params-nested", .4):
                keys += ["in.é b.k", "in.list.1"]
            stage.params.append((os.path.join(at, "params.yaml"), keys))
        if self.some("params-yaml", .2):
            stage.params.append(("conf/o p.yaml", self.keys("conf/o p.yaml")))
        if self.some("params-json", .2):
            stage.params.append(("conf.json", self.keys("conf.json")))
        if self.some("params-whole", .15):
            path = self.r.choice(["whole.yaml", "whole.json"])
            self.keys(path)
            stage.params.append((path, self.r.choice([None, []])))

    def keys(self, path):
        """The file, made at the first call, and a few of its keys."""
        names = ["k%d" % i for i in range(6)] + ["a-b", "ü", "size"]
        if path not in self.files:
            if path.endswith("json"):
                values = [1, 2.5, 1e-7, None, True, "é\n", [], {}, [1, {"b": 0}],
                          {"z": 1, "a": 2}, 10**20, "", "1"]
                text = json.dumps({k: self.r.choice(values) for k in names},
                                  indent=self.r.choice([None, 2]),
                                  ensure_ascii=self.r.random() < .5)
            else:
                text = "".join("%s: %s\n" % (k, self.r.choice(VALUES))
                               for k in names)
                text += "in:\n  é b: {k: 1.50, 'o': x}\n  list: [a, 2e-3]\n"
                if self.some("comments", .5):
                    text = "# first\n" + text + "# last\n"
            self.files[path] = text
        return self.r.sample(names, self.r.randint(1, 4))

    def outputs(self, stage):
        at = os.path.join(stage.home, stage.wdir)
        for _ in range(self.r.randint(1, 2)):
            shape, feature = self.r.choice(
                [("file", "out-file"), ("dir", "out-dir"), ("file", "out-file")])
            for f, s in (("empty-dir", "empty-dir"), ("exec-bit", "exec"),
                         ("empty-file", "empty"), ("out-dir", "dir")):
                if self.some(f, .1):
                    shape = s
            if shape == "file":
                self.features.add("out-file")
            stage.outs.append(Out(self.name(os.path.join(at, "")), "outs", shape))
        for kind, shape, ext in (("metrics", "json", ".json"),
                                 ("plots", "csv", ".csv")):
            cached, not_cached = self.some(kind + "-cached", .1), \
                self.some(kind + "-uncached", .2)
            for on, no_cache in ((cached, False), (not_cached, True)):
                if on:
                    out = Out(self.name(os.path.join(at, kind[0] + " "[:len(
                        stage.name) % 2]), "#?") + ext, kind, shape)
                    if no_cache:
                        out.flags["cache"] = False
                    if kind == "plots" and self.r.random() < .5:
                        out.flags["x"] = "step"
                    stage.outs.append(out)
        for out in stage.outs:
            self.out_flags(out)

    def out_flags(self, out):
        if out.kind == "outs" and out.shape in ("file", "exec", "empty") \
                and self.some("cache-false", .1):
            out.flags["cache"] = False
        if out.shape in ("file", "empty") and self.some("persist", .07):
            out.flags["persist"] = True
        if out.flags.get("cache") is not False and self.some("push-false", .1):
            out.flags["push"] = False
        if self.some("desc", .08):
            out.flags["desc"] = "é: said of it"

    def put_musts(self):
        """What chance left out, on the last stage that can take it."""
        stages = [s for s in self.stages if s.outs]
        for f in sorted(self.must - self.features):
            stage = self.r.choice(stages or self.stages)
            if f == "frozen":
                stage.flags["frozen"] = True
            elif f == "callback":
                self.stages.append(Stage("s%d" % len(self.stages), "tell me",
                                         "", ""))
            elif f.startswith("params-"):
                self.parameters(stage)
            elif f in ("cache-false", "persist", "push-false"):
                out = Out(self.name(os.path.join(stage.home, stage.wdir, "")))
                self.out_flags(out)
                stage.outs.append(out)
            else:
                continue
            self.features.add(f)

    def top_level(self):
        if self.some("top-params", .2):
            self.keys("top/p.yaml")
            self.top["params"] = ["top/p.yaml"]
        if self.some("top-metrics", .2):
            self.files["top/m.json"] = '{"acc": 0.5, "s": "é", "l": [1]}'
            self.top["metrics"] = ["top/m.json"]
        if self.some("top-plots", .2):
            self.files["top/p.csv"] = "a,b\n1,2\n"
            self.top["plots"] = self.r.choice(
                [["top/p.csv"], [{"top/p.csv": {"x": "a", "title": "é"}}]])

    def settle(self):
        """No stage reads below what it writes; one file is listed once."""
        for stage in self.stages:
            seen = {}
            for path, keys in stage.params:
                seen.setdefault(path, keys)
            stage.params = list(seen.items())
        self.frozen = [s for s in self.stages if s.flags.get("frozen")]
        made = tuple(o.path for o in self.outs())
        for stage in self.frozen:
            stage.deps = [d for d in stage.deps if not d[0].startswith(made)]

    # --- on disk ---

    def pipelines(self):
        homes = {}
        for stage in self.stages:
            homes.setdefault(stage.home, []).append(stage)
        if self.top:
            homes.setdefault("", [])
        for home, stages in homes.items():
            tree = {"stages": {s.name: s.body() for s in stages}} if stages else {}
            if not home:
                tree.update(self.top)
            text = block(tree)
            if "comments" in self.features:
                text = "# of people\n\n" + text
            yield os.path.join(home, "dvc.yaml"), text

    def outs(self):
        return [o for s in self.stages for o in s.outs]

    def write(self, root):
        for path, text in list(self.files.items()) + list(self.pipelines()):
            put(os.path.join(root, path), text, self.modes.get(path))
        for stage in self.stages:
            os.makedirs(os.path.join(root, stage.home, stage.wdir), exist_ok=True)
        if "empty-dir" in self.features:
            os.makedirs(os.path.join(root, "src", "empty", "deep"), exist_ok=True)

    def lay(self, root):
        """What frozen stages made in former times; nobody tracks it."""
        for stage in self.frozen:
            for out in stage.outs:
                lay(os.path.join(root, out.path), out.shape)


def put(path, text, mode=None):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="") as f:
        f.write(text)
    if mode:
        os.chmod(path, mode)


def lay(path, shape):
    if "dir" in shape:
        os.makedirs(path)
        put(os.path.join(path, "sub", "f"), "old\n")
    else:
        put(path, '{"old": 1}\n' if shape == "json" else "old,v\n1,2\n")
