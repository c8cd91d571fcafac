"""Change random TOML and Python files with -S, and let DVC judge the result.

usage: change.py UNIT SEED COUNT

UNIT is the unit test program u-edit. What the file must say afterwards is
what DVC's own overrides make of the same values in a JSON file; that nothing
else has changed is seen in the bytes.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import tomllib

sys.path.pop(0)         # our neighbours have names that DVC imports

from dvc.utils.hydra import apply_overrides
from dvc.utils.serialize import parse_py, parse_toml

VALUES = ["5", "-0.5", "1e-7", "true", "zz", "'a b'", "'q\"'", '"it\'s"', "inf",
          "[1, 2]", "[]", "'x\\ty'", "10000000000000000000000", "'é'", "1.0", "''"]
MAPS = ["{x: 1}", "{x: {y: 2, z: [1, {w: 3}]}}", "{}"]
TOML = ["1", "0x1F", "'lit'", '"basic"', "1_000.5", "[1, 2]", "[ 'a', [3] ]",
        "{k = 1}", "{ k = 1, 'l m'.n = 2 }", "{}", '"""\nlong\n"""', "true",
        "'''\nraw\n'''", "[\n  1, # one\n  2,\n]"]
PY = ["1", "0x1F", "'one'", '"two"', "1_000.5", "[1, 2]", "(1, 2)", "(3,)", "-2",
      "{'k': 1}", "{'k': {'l': [1]}}", "'a' \\\n    \"b\"", "None", "r'\\w'",
      "'''long\n'''", "True", "[\n    1,  # one\n]", "1, 2", "(5)"]


def toml_text():
    """Names are few, so many tables meet; what is no TOML is thrown away."""
    out, end = "", random.choice(["\n", "\n", "\n", "\r\n"])
    for _ in range(random.randint(1, 9)):
        name = ".".join(random.choice("abc") for _ in range(random.choice([1, 1, 2, 3])))
        kind = random.random()
        if kind < 0.25:
            out += random.choice(["", "\n", "\n# about\n"]) + f"[{name}]" + random.choice(
                ["", " # t"]) + "\n"
        elif kind < 0.33:
            out += f"\n[[{name}]]\n"
        elif kind < 0.4:
            out += random.choice(["# note\n", "\n"])
        else:
            out += random.choice(["", "  "]) + name + random.choice(
                [" = ", "=", "   =  "]) + random.choice(TOML) + random.choice(
                ["", "", "  # c"]) + "\n"
    if random.random() < 0.1:
        out = out.rstrip("\n")
    return out.replace("\n", end)


def py_text(indent="", depth=0):
    out = ""
    for _ in range(random.randint(1, 5)):
        name = random.choice("abcdef")
        if random.random() < 0.2 and depth < 2:
            out += f"{indent}class {name.upper()}:\n" + py_text(indent + "    ", depth + 1)
        else:
            out += f"{indent}{name}" + random.choice([" = ", "=", ": int = "])
            out += random.choice(PY) + random.choice(["", "  # c", ";"]) + "\n"
    return out


def paths(v, at=()):
    yield at, v
    if isinstance(v, dict):
        for k in v:
            if k.isalnum():
                yield from paths(v[k], at + (k,))
    elif isinstance(v, (list, tuple)):
        for i, item in enumerate(v):
            yield from paths(item, at + (str(i),))


def word(tree, python):
    """A change of something that is there, or next to it."""
    at, old = random.choice(list(paths(tree)))
    kind = random.random()
    if not python and isinstance(old, dict) and (kind < 0.6 or not at):
        more = random.choice(["n", "n.m", "new_1"])
        value = random.choice(VALUES + MAPS)
        return "+" + ".".join(at + (more,)) + "=" + value
    if not at:
        return None
    if not python and kind < 0.3:
        return "~" + ".".join(at)
    value = random.choice(VALUES + ([] if python or kind < 0.8 else MAPS))
    return ".".join(at) + "=" + value


def wanted(tree, what):
    """None where DVC itself refuses the word."""
    with open("p.json", "w", encoding="utf-8") as f:
        json.dump(tree, f)
    try:
        apply_overrides("p.json", [what])
    except Exception:
        return None
    with open("p.json", encoding="utf-8") as f:
        return json.load(f)


def plain(tree):
    return json.loads(json.dumps(tree))


def canon(tree):
    return json.dumps(tree, sort_keys=True)


def touched(before, after):
    """The bytes between what both have at the beginning and at the end."""
    n = len(os.path.commonprefix([before, after]))
    m = len(os.path.commonprefix([before[n:][::-1], after[n:][::-1]]))
    return before[n:len(before) - m], after[n:len(after) - m]


def kept(what, old, before, after):
    """Is nothing changed but the value?"""
    gone, new = touched(before, after)
    if isinstance(old, dict) or "[[" in before:
        return True                     # whole tables come and go
    if what[0] == "+":
        return not gone.strip()
    if what[0] == "~":
        return not new or "{}" in after or new.startswith("[")
    scalar = not isinstance(old, (list, tuple))
    return "\n" not in new and (not scalar or "\n" not in gone or "long" in gone or
                                "raw" in gone or "\\" in gone)


def case(python):
    while True:
        text = py_text() if python else toml_text()
        try:
            lines = text.replace("\r\n", "\n")
            tree = (parse_py if python else parse_toml)(lines, "f")
            json.dumps(tree)
            if not python:
                tomllib.loads(lines)    # it knows a table named twice
        except Exception:
            continue
        what = word(tree, python)
        if what:
            return text, tree, what


def judge(text, tree, what, python, code, after):
    """"right", "wrong", or "refused" for no reason that is known."""
    want = wanted(plain(tree), what)
    if want is None or not python and "null" in json.dumps(want):
        return "right" if code != "0" else "wrong"
    if code != "0":
        # DVC's own writer dies of dicts, with a KeyError.
        known = "no dict and no class" if python else "one of several tables"
        return "right" if known in after else "refused"
    try:
        lines = after.replace("\r\n", "\n")
        have = plain((parse_py if python else parse_toml)(lines, "f"))
    except Exception:
        return "wrong"
    old = tree
    for part in what.lstrip("+~").split("=")[0].split("."):
        old = old[int(part)] if isinstance(old, (list, tuple)) else old.get(part)
        if old is None:
            break
    same = canon(have) == canon(want) and kept(what, old, text, after)
    return "right" if same else "wrong"


def main():
    unit, seed, count = os.path.abspath(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    random.seed(seed)
    cases = []
    for i in range(count):
        cases.append((i % 3 == 0, *case(i % 3 == 0)))
    bad = refused = 0
    with tempfile.TemporaryDirectory(dir=os.environ.get("TRASH")) as top:
        os.chdir(top)
        with open("cases", "wb") as f:
            for python, text, tree, what in cases:
                name = "p.py" if python else "p.toml"
                f.write("".join(x + "\0" for x in (name, "1", what, text)).encode())
        out = subprocess.run([unit, "apply", "cases"], stdout=subprocess.PIPE,
                             check=True).stdout.decode().split("\0")
        for (python, text, tree, what), code, after in zip(cases, out[0::2], out[1::2]):
            result = judge(text, tree, what, python, code, after)
            refused += result == "refused"
            bad += result == "wrong"
            if result == "wrong" and bad < 8:
                print(f"{what}\n--- before\n{text}\n--- after ({code})\n{after}")
            if result == "refused" and os.environ.get("REFUSED"):
                print("refused", what, repr(text), after)
        os.chdir("/")
    print(f"{count} changes, {bad} wrong, {refused} refused for no known reason")
    sys.exit(bad > 0 or refused > 0)


main()
