"""What people get wrong in dvc.yaml: damage(project) does one such thing.

KINDS maps a name to a function of a Harm, which holds one dvc.yaml, one stage
of it and the map with that stage's keys. Some kinds are refused when the file
is read, some (LATE) only when the stages run, and some, which look wrong,
are not refused at all: the test asks DVC and wants the same of us.
"""
import os

from spelled import FlowList, FlowMap, Raw

LATE = {"command fails", "output not made", "dependency gone", "parameter gone",
        "parameter file gone", "directory gone"}
# DVC runs the command and fails when it records: we say so before.
SOONER = {"date in parameters"}
# So much is wrong that each tool may stop at another place.
WIDE = {"params.yaml"}


class Harm:
    def __init__(self, project):
        self.p, self.r = project, project.r
        self.home = self.r.choice(list(project.trees))
        self.tree = project.trees[self.home]
        self.name = self.r.choice(list(self.tree["stages"]))
        self.entry = self.tree["stages"][self.name]
        self.body = self.entry.get("do", self.entry)
        self.file = os.path.join(self.home, "dvc.yaml")
        self.more = []

    def any(self, *choices):
        return self.r.choice(choices)

    def rewrite(self, old, new):
        """The whole file as text, the first `old` replaced."""
        text = self.p.text(self.file)
        assert old in text
        self.p.files[self.file] = text.replace(old, new, 1)

    def var(self, kind="word"):
        return self.p.scopes[self.home].get(kind).expr

    def name_of(self, value):
        return self.p.scopes[self.home].name_of(value)

    def add(self, key, item):
        self.body[key] = list(self.body.get(key, [])) + [item]

    def set_vars(self, *items):
        self.more += items


# --- the shape ----------------------------------------------------------------


def unknown_key(h):
    where = h.any("top", "stage", "out", "plot")
    if where == "top":
        h.tree[h.any("stage", "outs", "Stages", "name")] = {}
    elif where == "stage":
        h.body[h.any("dep", "out", "name", "always_change", "checkpoint",
                     "live")] = h.any("x", None, [])
    elif where == "out":
        h.add(h.any("outs", "metrics"), {"odd-out": {
            h.any("cached", "x", "title", "hash"): h.any(True, "x")}})
    else:
        h.add("plots", {"odd.csv": {h.any("Title", "width"): "t"}})


def wrong_type(h):
    kind = h.any("deps", "outs", "params", "metrics", "plots", "cmd", "wdir",
                 "frozen", "always_changed", "desc", "vars", "flag")
    if kind in ("deps", "outs", "metrics", "plots", "params"):
        h.body[kind] = h.any("a", {"a": None}, [1], [None], [["a"]], None, 3, True)
    elif kind == "cmd":
        h.body["cmd"] = h.any({"a": 1}, 1, None, True, Raw("2020-01-01"))
    elif kind in ("frozen", "always_changed"):
        h.body[kind] = h.any("yes", 1, None, "${%s}" % h.var("bool"))
    elif kind in ("wdir", "desc"):
        h.body[kind] = h.any(1, None, ["."], True, Raw("1.0"))
    elif kind == "vars":
        h.body["vars"] = h.any("v.yaml", {"a": 1}, [1], [None], [["a"]])
    else:
        h.add("outs", {"odd-out": h.any(
            {"cache": "yes"}, {"persist": 1}, {"desc": 1}, {"labels": "a"},
            {"labels": [1]}, {"type": None}, {"push": "${%s}" % h.var("bool")},
            None, [], {"remote": True}, {"cache": None}, {"checkpoint": 1})})


def wrong_top(h):
    key = h.any("stages", "vars", "params", "metrics", "plots", "artifacts",
                "datasets")
    h.tree[key] = h.any("text", 1, None, True, [1], [None], {"a": 1}, [[]],
                        {"a": None}, [{"a": {"b": 1}}], [{"a": 1, "b": 2}])


def stage_of_wrong_type(h):
    h.tree["stages"][h.name] = h.any(None, "echo", [], 1, {}, ["cmd"])


def no_cmd(h):
    h.body.pop("cmd", None)


def name_not_text(h):
    h.tree["stages"] = dict(h.tree["stages"])
    h.tree["stages"][Raw(h.any("1", "true", "~", "1.5"))] = {"cmd": "true"}


def at_in_name(h):
    h.tree["stages"]["a@b"] = {"cmd": "true"}


def artifact(h):
    h.tree["artifacts"] = h.any(
        {"a": {"type": "model"}}, {"a": None}, {"a": {"path": 1}}, [],
        {"a": {"path": "p", "x": 1}}, {"a": {"path": "p", "labels": "l"}},
        {"a b": {"path": "p"}}, {"a": {"path": "${no.where}"}})


def plot_top(h):
    h.tree["plots"] = h.any(
        [{"a": {"x": 1}}], [{"a": {"y": {"f": 1}}}], [{"a": {"Y": "b"}}],
        [{"a": None, "b": None}], {"a": None}, ["a", 1], [{"a": {"x": ["b"]}}],
        [{"a": {"y": {"f": ["c", "d"]}}}], [{}])


# --- templates ------------------------------------------------------------------


def missing_variable(h):
    text = "${%s}" % h.any("no.where", "nowhere", h.var() + ".more",
                           h.var() + "[0]", "a[x].b", "item", "key", "item.no")
    where = h.any("cmd", "cmd", "wdir", "outs", "deps", "params", "desc", "meta",
                  "foreach", "top", "key")
    if where in ("cmd", "desc", "wdir"):
        h.body[where] = h.any("", "echo ") + text
    elif where in ("outs", "deps", "params"):
        h.add(where, h.any("", "x-") + text)
    elif where == "meta":
        h.body["meta"] = {"a": [{"b": text}]}
    elif where == "key":
        h.add("outs", {text: {"cache": False}})
    elif where == "foreach":
        h.tree["stages"]["more"] = {"foreach": text, "do": {"cmd": "true"}}
    else:
        h.tree[h.any("metrics", "params", "plots")] = ["ok-${%s}" % h.var(), text]


def bad_expression(h):
    text = h.any("${a[}", "${}", "${a.}", "${.a}", "${a..b}", "${a[0}", "${a]}",
                 "${a[]}", "${ }", "${a[0].}", "${[a]}", "${${a}}", "${a.b[",
                 "${a", "$ {a}", "${a}}", "x${.}y", "${a[b[0]]}", "${a[0]b}")
    where = h.any("cmd", "deps", "desc", "metrics", "foreach", "matrix", "key")
    if where in ("cmd", "desc"):
        h.body[where] = h.any("", "echo ") + text
    elif where == "deps":
        h.add("deps", text)
    elif where == "metrics":
        h.tree["metrics"] = [text]
    elif where == "foreach":
        h.tree["stages"]["more"] = {"foreach": text, "do": {"cmd": "true"}}
    elif where == "matrix":
        h.tree["stages"]["more"] = {"matrix": {"a": [text]}, "cmd": "true"}
    else:
        h.body["meta"] = {text: 1}


def many_into_text(h):
    value = h.any(["a", "b"], [], {"a": 1}, {})
    text = h.any("", "x ", "") + "${%s}" % h.name_of(value)
    where = h.any("cmd", "deps", "outs", "desc", "wdir", "meta", "params", "top")
    if where in ("cmd", "desc", "wdir"):
        h.body[where] = text
    elif where in ("deps", "outs", "params"):
        h.add(where, text)
    elif where == "meta":
        h.body["meta"] = {"a": text}
    else:
        h.tree["metrics"] = [text]


def nested_list_in_cmd(h):
    value = h.any({"a": [[1]]}, {"a": [{"b": 1}]}, {"a": {"b": [1, [2]]}})
    h.body["cmd"] = "echo ${%s}" % h.name_of(value)


def typed(h):
    """One ${x} keeps its type; where that makes no sense, DVC may die."""
    value = h.any(1, True, None, Raw("1.5"))
    text = "${%s}" % h.name_of(value)
    where = h.any("desc", "meta", "cmd", "cmd list", "deps", "params", "wdir",
                  "outs", "labels", "plot")
    if where in ("desc", "meta", "cmd", "wdir"):
        h.body[where] = text
    elif where == "cmd list":
        h.body["cmd"] = ["true", text]
    elif where in ("deps", "params", "outs"):
        h.add(where, text)
    elif where == "labels":
        h.add("outs", {"odd-out": {"labels": [text], "desc": text}})
    else:
        h.add("plots", {"odd.csv": {"x": text}})


# --- vars -----------------------------------------------------------------------


def vars_conflict(h):
    h.p.files[os.path.join(h.home, "again.yaml")] = {"twice": 2, "g": {"x": 1}}
    first = h.any({"twice": 1}, {"g": {"x": 1}}, {"g": 1}, {"twice": {"a": 1}},
                  {"g": {"y": 2}})
    if h.r.random() < .5:
        h.set_vars(first, "again.yaml")
    else:
        h.set_vars(first)
        h.body["vars"] = [h.any({"twice": 1}, {"g": {"x": 2}}, {"g": {"z": 2}})]


def vars_file(h):
    put = lambda name, tree: h.p.files.__setitem__(
        os.path.join(h.home, name), tree)
    put("one.yaml", {"q1": 1, "q2": {"r": 2}})
    put("list.yaml", ["a"])
    put("broken.yaml", "a: [1\n")
    put("broken.toml", "a = = 1\n")
    put("broken.json", "{\"a\": }\n")
    put("broken.py", "a = (\n")
    put("twice.yaml", "a: 1\na: 2\n")
    put("empty.yaml", "")
    put("date.yaml", "d: 2020-01-01\n")
    put("folder.yaml/x", "x")
    items = h.any(
        ["none.yaml"], ["one.yaml:q3"], ["one.yaml:q1", "one.yaml"],
        ["one.yaml", "one.yaml:q1"], ["one.yaml:q1", "one.yaml:q1"],
        ["one.yaml:q1", "one.yaml:q2"], ["one.yaml:q1,q2", "one.yaml:q2"],
        ["one.yaml", "one.yaml"], ["one.yaml", "./one.yaml"], ["list.yaml"],
        ["broken.yaml"], ["broken.toml"], ["broken.json"], ["broken.py"],
        ["twice.yaml"], ["empty.yaml"], ["date.yaml"], ["folder.yaml"],
        ["one.yaml:q1,,q2"], ["one.yaml:"], ["one.yaml:q2.r"], [""],
        ["one.yaml: q1"])
    if h.r.random() < .3:
        h.body["vars"] = items
    else:
        h.set_vars(*items)


def vars_template(h):
    item = h.any("${%s}.yaml" % h.var(), {"new": "${%s}" % h.var()},
                 {"${%s}" % h.var(): 1}, {"new": ["x", {"y": "a ${b} c"}]},
                 {"new": "\\${%s}" % h.var()})
    if h.r.random() < .4:
        h.body["vars"] = [item]
    else:
        h.set_vars(item)


def vars_keys(h):
    h.set_vars(h.any({Raw("1"): 2}, {Raw("true"): {"a": 1}}, {}, {Raw("~"): 1},
                     {"a": Raw("2020-01-01")}, {"a": {Raw("1"): "x"}}))
    h.body["cmd"] = "echo ${%s}" % h.any("1", "true", "a.1", "a")


def item_reserved(h):
    each = h.any({"foreach": ["a"]}, {"foreach": {"k": 1}}, {"matrix": {"a": ["b"]}})
    inner = {"cmd": "echo ${item}", "vars": [h.any(
        {"item": 1}, {"key": 1}, {"item": {"x": 1}}, {"items": 1})]}
    if "foreach" in each:
        h.tree["stages"]["more"] = dict(each, do=inner)
    else:
        h.tree["stages"]["more"] = dict(each, **inner)


def params_yaml(h):
    h.p.files[os.path.join(h.home, "params.yaml")] = h.any(
        "- a\n", "a: [1\n", "a: 1\na: 2\n", "text\n", "", "a:\tb: c\n", "\x00",
        "a: &x 1\nb: *y\n", "a: !x 1\n", "---\na: 1\n---\nb: 2\n", "a: 2020-01-01\n",
        "<<<<<<< HEAD\na: 1\n",
        "a: 1\n b: 2\n", "'a': 'b\n")


# --- foreach, matrix --------------------------------------------------------------


def bad_foreach(h):
    body = {"cmd": "echo ${item}"}
    h.tree["stages"]["more"] = h.any(
        {"foreach": 1, "do": body}, {"foreach": "text", "do": body},
        {"foreach": None, "do": body}, {"foreach": ["a"]}, {"do": body},
        {"foreach": "${%s}" % h.var(), "do": body},
        {"foreach": "x${%s}" % h.name_of([1]), "do": body},
        {"foreach": ["a"], "do": body, "cmd": "true"},
        {"foreach": ["a"], "do": body, "matrix": {"a": ["b"]}},
        {"foreach": ["a"], "do": None}, {"foreach": ["a"], "do": {}},
        {"foreach": ["a"], "do": dict(body, x=1)},
        {"foreach": ["a"], "do": {"foreach": ["b"], "do": body}},
        {"foreach": ["a", "a"], "do": body},
        {"foreach": {"a": 1}, "do": {"cmd": "echo ${key} ${item.x}"}},
        {"foreach": ["a"], "do": {"cmd": "echo ${key}"}},
        {"foreach": ["a"], "do": dict(body, matrix={"m": ["x", "y"]})},
        {"foreach": [Raw("1"), Raw("1.0"), Raw("true")], "do": body},
        {"foreach": {Raw("1"): "a", Raw("true"): "b"}, "do": body},
        {"foreach": [None], "do": body}, {"foreach": ["a/b", "@", "c@d"], "do": body},
        {"foreach": ["a", {"b": 1}], "do": body},
        {"foreach": "${%s}" % h.name_of({"k": [1]}), "do": body})


def bad_matrix(h):
    cmd = "echo ${item.a}"
    h.tree["stages"]["more"] = h.any(
        {"matrix": {"a": 1}, "cmd": cmd}, {"matrix": ["a"], "cmd": cmd},
        {"matrix": "${%s}" % h.name_of({"a": [1]}), "cmd": cmd},
        {"matrix": {"a": {"b": 1}}, "cmd": cmd}, {"matrix": None, "cmd": cmd},
        {"matrix": {}, "cmd": "true"}, {"matrix": {"a": []}, "cmd": cmd},
        {"matrix": {"a": ["b"]}}, {"matrix": {"a": ["b"]}, "cmd": "${item.c}"},
        {"matrix": {"a": "${%s}" % h.var()}, "cmd": cmd},
        {"matrix": {"a": "${%s}" % h.name_of({"k": 1})}, "cmd": cmd},
        {"matrix": {"a": ["x", "x"]}, "cmd": cmd},
        {"matrix": {"a": ["x-y", "x"], "b": ["z", "y-z"]}, "cmd": cmd},
        {"matrix": {"a": ["b"]}, "do": {"cmd": cmd}},
        {"matrix": {Raw("1"): ["b"]}, "cmd": "true"},
        {"matrix": {"a": [[1], {"b": 2}, None, True]}, "cmd": "echo ${key}"},
        {"matrix": {"a": ["${%s}" % h.name_of([1, 2])]}, "cmd": "echo ${key}"},
        {"matrix": {"${%s}" % h.var(): ["x"]}, "cmd": "echo ${key}"},
        {"matrix": {"a": "${%s}" % h.name_of([])}, "cmd": cmd},
        {"matrix": {"a": "no-${%s}" % h.var()}, "cmd": cmd})


# --- between stages ----------------------------------------------------------------


def duplicate_out(h):
    kind = h.any("two", "one", "group", "norm")
    if kind == "two":
        h.add("outs", "same-out")
        h.tree["stages"]["more"] = {"cmd": "true", h.any("outs", "metrics"): [
            "same-out"], "wdir": h.body.get("wdir", ".")}
    elif kind == "one":
        h.add("outs", "same-out")
        h.add(h.any("outs", "metrics", "plots"), h.any(
            "same-out", {"same-out": {"cache": False}}))
    elif kind == "norm":
        h.add("outs", "same-out")
        h.add("outs", h.any("./same-out", "x/../same-out", "same-out/"))
    else:
        h.tree["stages"]["more"] = {"foreach": ["a", "b"], "do": {
            "cmd": "echo ${item}", "outs": ["same-out"]}}


def out_inside(h):
    h.tree["stages"]["outer"] = {"cmd": "true", "outs": ["big"]}
    h.tree["stages"]["inner"] = {"cmd": "true", "outs": ["big/small"]}


def circle(h):
    size = h.r.randint(1, 3)
    for i in range(size):
        h.tree["stages"]["c%d" % i] = {
            "cmd": "true", "deps": ["ring%d" % i],
            "outs": ["ring%d" % ((i + 1) % size)]}


def odd_path(h):
    kind = h.any("deps", "outs", "metrics", "outs")
    h.add(kind, h.any(
        "", ".", "..", "../outside", "/tmp/outside", ".git", ".git/x", "dvc.yaml",
        "x.dvc", ".dvc/x", "a//b", "a/./b", "./a", "~/x",
        "remote://far/x", "ds://none", "a\nb", "\t", "*", ".dvcignore"))


def params_entry(h):
    h.body["params"] = [h.any(
        {"a.yaml": "x"}, {"a.yaml": [1]}, {"a.yaml": {"b": None}}, {}, "",
        {"a.yaml": None, "b.yaml": ["x"]}, {Raw("1"): ["a"]}, {"a.yaml": 1},
        {"": ["a"]}, {"a.yaml": [None]}, "a..b", 3)]


# --- text ------------------------------------------------------------------------


def bad_yaml(h):
    h.body["desc"] = "MARK"
    h.rewrite("desc: MARK", h.any(
        "desc: a: b", "\tdesc: a", "desc: 'a", "desc: [a", "desc: {a: b",
        "desc: a\n    desc: b", "desc: @a", "desc: *a", "desc: !!int x",
        "desc: \"\\q\"", " desc: a", "desc: &a a\n    meta: *b", "desc a",
        "<<<<<<< HEAD\n    desc: a", "desc: %a", "desc: |x\n  a", "- desc",
        "desc: a\x07b", "? desc\n    ? meta", "desc: `a`", "desc: a #b\n#c",
        "desc: !!binary aaa", "desc: \"a\n    b", "meta: {<<: 1}",
        "meta: {<<: [{a: 1}, {a: 2}], b: 3}", "meta: {a: 1, a: 2}",
        "desc: !x a", "desc:a", "desc: ]", "desc: a\n  b"))


def odd_file(h):
    text = h.p.text(h.file)
    h.p.files[h.file] = h.any(
        "", "---\n" + text, text + "...\n", text + "---\na: 1\n", "\ufeff" + text,
        text.replace("\n", "\r\n"), "[]\n", "text\n", "~\n", "stages:\n", "{}\n",
        "%YAML 1.2\n---\n" + text, "stages: {}\n", "# nothing\n", "stages: []\n",
        text.rstrip("\n"), "\n\n" + text, "1\n", "null: 1\n")


# --- when it runs -----------------------------------------------------------------


def command_fails(h):
    h.body["cmd"] = h.any("false", "echo x >&2; exit 7", "no-such-command-here",
                          ["true", "exit 3", "true"], "true\nfalse\ntrue\n")


def output_not_made(h):
    h.body["cmd"] = "true"
    h.add(h.any("outs", "metrics"), "never-made")


def dependency_gone(h):
    h.add("deps", h.any("not-there", "not/there"))


def parameter_gone(h):
    h.p.files[os.path.join(h.home, h.body.get("wdir", "") if "$" not in
                           h.body.get("wdir", "") else "", "some.yaml")] = {"a": 1}
    h.add("params", {"some.yaml": ["a", h.any("b", "a.b", "a.0")]})


def parameter_file_gone(h):
    h.add("params", {"none.yaml": h.any(["a"], None)})


def date(h):
    h.p.files[os.path.join(h.home, "date.yaml")] = {"d": Raw("2020-01-01")}
    h.body.pop("wdir", None)
    h.add("params", {"date.yaml": ["d"]})


def directory_gone(h):
    h.body["wdir"] = "no-dir"


KINDS = {
    "unknown key": unknown_key, "wrong type": wrong_type,
    "wrong top level": wrong_top, "stage of wrong type": stage_of_wrong_type,
    "no cmd": no_cmd, "name not text": name_not_text, "@ in a name": at_in_name,
    "artifact": artifact, "plot": plot_top, "missing variable": missing_variable,
    "bad expression": bad_expression, "list or map into text": many_into_text,
    "nested list in cmd": nested_list_in_cmd, "typed": typed,
    "vars conflict": vars_conflict, "vars file": vars_file,
    "vars with template": vars_template, "keys of vars": vars_keys,
    "item is reserved": item_reserved, "params.yaml": params_yaml,
    "bad foreach": bad_foreach, "bad matrix": bad_matrix,
    "duplicate output": duplicate_out, "output in output": out_inside,
    "circle": circle, "odd path": odd_path, "params entry": params_entry,
    "bad yaml": bad_yaml, "odd file": odd_file, "command fails": command_fails,
    "output not made": output_not_made, "dependency gone": dependency_gone,
    "parameter gone": parameter_gone, "parameter file gone": parameter_file_gone,
    "date in parameters": date, "directory gone": directory_gone,
}


def damage(project, kind):
    """One kind of damage; the project says which."""
    h = Harm(project)
    project.broken = kind
    KINDS[kind](h)
    # Variables made on the way stand in files or in `vars` by now.
    for home, scope in project.scopes.items():
        tree = project.trees[home]
        more = h.more if tree is h.tree else []
        if isinstance(tree.get("vars", []), list) and (scope.list or more) \
                and project.broken != "wrong top level":
            tree["vars"] = scope.vars() + more
        for path, text in scope.files.items():
            project.files.setdefault(os.path.join(home, path), text)
