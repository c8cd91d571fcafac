"""Compare the parameters we find in Python files with those that DVC finds.

usage: read_py.py UNIT files DIR...
       read_py.py UNIT random SEED COUNT

UNIT is the unit test program u-val, which answers "py-json". "files" are all
Python files below some directories; "random" makes small ones, and damages
some. Says what differs and exits 1.
"""

import json
import os
import random
import subprocess
import sys
import warnings

from dvc.utils.serialize import parse_py


def ask(unit, texts):
    asked = b"".join(b"%d\n%b" % (len(t), t) for t in texts)
    out = subprocess.run([unit, "py-json"], input=asked, check=True,
                         stdout=subprocess.PIPE).stdout
    at = 0
    while at < len(out):
        line = out.index(b"\n", at) + 1
        at = line + int(out[at:line])
        yield out[line:at]


# What has no JSON is only marked; its place counts, and its key.
ODD = "something JSON has not"


def plain(data):
    if isinstance(data, dict):
        return {ODD if not isinstance(k, (str, int, float, bool, type(None)))
                else k: plain(v) for k, v in data.items()}
    if isinstance(data, (list, tuple)):
        return [plain(v) for v in data]
    if data is None or isinstance(data, (str, int, float, bool)):
        return data
    return ODD


def dvc(text):
    try:
        lines = text.decode().replace("\r\n", "\n").replace("\r", "\n")
        return json.dumps(json.loads(json.dumps(plain(parse_py(lines, "f")))))
    except RecursionError:
        raise
    except Exception:
        return None


def compare(unit, what, texts, limit=12):
    """How many values differ, and what we take that Python refuses."""
    bad = lax = refused = 0
    for name, text, have in zip(what, texts, ask(unit, texts)):
        want = dvc(text)
        refused += want is None
        wrong = have.startswith(b"error: f: line ")
        have = have.decode() if wrong else json.dumps(json.loads(have))
        if want == (None if wrong else have):
            continue
        if want is None:
            lax += 1
            if os.environ.get("LAX"):
                print("lax", text[-200:])
            continue
        bad += 1
        if bad < limit:
            print(f"{name}: {text[:300]!r}\n  want {want[:300]!r}\n"
                  f"  have {have[:300]!r}")
    print(f"{len(texts)} texts, {refused} are no Python, {bad} are read "
          f"otherwise, {lax} are taken though Python refuses them")
    return bad, lax, refused


def files(unit, *roots):
    names = [os.path.join(top, n) for root in roots
             for top, _, found in os.walk(root) for n in found
             if n.endswith(".py")]
    texts = []
    for name in sorted(names):
        with open(name, "rb") as f:
            texts.append(f.read())
    bad, lax, refused = compare(unit, sorted(names), texts)
    return bad


# --- random files ---------------------------------------------------------------

NUMBERS = """0 1 12 1_000 0x1F 0xff_ff 0o17 0b101 0_0 00 01 1. .5 1.5e3 1e-5 1E5
1e 1_ 0x 0b2 1j 1.5j 1e400 -0.0 1__0 9999999999999999999999 0777 08.5 1if
0xfor 1_0.0_1 1._5 5e-324 0X1f 0O7""".split()
STRINGS = ["a", "\\n", "\\x41", "\\x4", "\\u00e9", "\\ud800", "\\U0001F600",
           "\\U00110000", "\\101", "\\400", "\\q", "\\\n", "é", "\n", "\\'", '"',
           "'", "{x}", "#", "\\\\", "\\", "\r\n", "\\\r\n", "\t", " ", "\\8"]
PREFIXES = ["", "", "", "", "", "u", "r", "b", "f", "Rb", "bR", "F", "ur", "x"]
NAMES = ["a", "b", "lr", "self", "self.x", "self.y.z", "x.y", "match", "case",
         "é", "None", "a[0]", "print", "_", "type", "A", "a", "b", "c"]
OPERATORS = ["+", "-", "*", "**", "//", "%", "@", "<", "==", "!=", "and", "or",
             "in", "not in", "is", "is not", "if", "else", "|", ":=", "->", "<>",
             ",", ".", "=", ";", ":", "~", "!", "$", "`", "?", "lambda", "yield"]
HEADS = ["if x:", "for i in range(3):", "while 1:", "try:", "with a as b:",
         "def f(a, *, b: int = 1) -> dict[str, int]:", "class A:", "class B(A):",
         "def __init__(self, x=1):", "def __init__(self):", "class A:",
         "async def g():", "else:", "except E as e:", "if lambda: 1:",
         "match x:", "class C(metaclass=M):", "@dec\nclass A:", "elif y:"]
LINES = ["import os", "from . import x", "from a.b import (c,\n d)", "pass",
         "return 1", "x += 1", "print('x')", "assert x, y", "del a[0]", "...",
         "# nothing", "", "global q", "'''doc\nstring'''", "a = b = 1", "raise",
         "a, b = 1, 2", "yield x", "for_ = 1", "print 'x'", "x: int", "@f",
         "lambda: 0", "x if y else z", "*a, b = c", "await z", "f(*a, **k)",
         "x[1:2, ::3]", "a = [i for i in x if i]", "a = {**b, 'c': 1}", "exec y"]


def some(choices, least, most, between=""):
    return between.join(random.choice(choices)
                        for _ in range(random.randint(least, most)))


def string():
    quote = random.choice(["'", '"', "'''", '"""'])
    return random.choice(PREFIXES) + quote + some(STRINGS, 0, 4) + quote


def value(depth=0):
    kind = random.random()
    if kind < 0.3:
        return some(["1", "0.5", "'x'", "True", "None", "False", "...", "2"], 1, 1)
    if kind < 0.4:
        return random.choice(NUMBERS)
    if kind < 0.5:
        return some([string(), string(), "'y'"], 1, 2, " ")
    if kind < 0.58:
        return random.choice(["-", "+", "- ", "~", "not ", "-(", "*"]) + value(depth)
    if kind < 0.62:
        return value(depth) + " " + random.choice(OPERATORS) + " " + value(depth)
    if kind < 0.65:
        return random.choice(["set()", "dict()", "x", "f(1)", "a.b", "1+2j", "-1-2j"])
    if depth > 3:
        return "7"
    between = random.choice([",", ", ", ", ", ",\n  ", " , # c\n"])
    items = [value(depth + 1) for _ in range(random.randint(0, 3))]
    end = random.choice(["", "", ",", "\n"])
    if kind < 0.74:
        return "[" + between.join(items) + end + "]"
    if kind < 0.84:
        return "(" + between.join(items) + end + ")"
    if kind < 0.88:
        return "{" + between.join(items) + end + "}"
    keys = ["'k'", "'k'", "1", "1.0", "True", "None", "(1, 2)", "b'x'", "[]"]
    return "{" + between.join(f"{random.choice(keys)}: {i}" for i in items) + end + "}"


def assignment():
    name = random.choice(NAMES)
    kind = random.random()
    if kind < 0.1:
        name = f"({name})"
    if kind > 0.85:
        name += random.choice([": int", ": dict[str, int]", ": 'x'", " = b", ", c"])
    text = f"{name} = {value()}"
    if random.random() < 0.1:
        text += ", " + value()
    if random.random() < 0.1:
        text += "; " + f"{random.choice(NAMES)} = {value()}"
    return text + random.choice(["", "", "", "  # c", ";", " \\\n  ", ","])


def block(indent, depth=0):
    out = ""
    for _ in range(random.randint(1, 4)):
        kind = random.random()
        if kind < 0.3 and depth < 3:
            head = random.choice(HEADS).replace("\n", "\n" + indent)
            if random.random() < 0.1:
                out += indent + head + " " + assignment() + "\n"
            else:
                more = random.choice(["  ", "    ", "\t"])
                out += indent + head + "\n" + block(indent + more, depth + 1)
        elif kind < 0.5:
            out += indent + random.choice(LINES) + "\n"
        else:
            out += indent + assignment() + "\n"
    return out


def damaged(text):
    for _ in range(random.randint(1, 2)):
        at = random.randrange(len(text) + 1)
        kind = random.random()
        if kind < 0.5:
            text = text[:at] + text[at + random.randint(1, 3):]
        elif kind < 0.9:
            text = text[:at] + random.choice(
                OPERATORS + STRINGS + NAMES + NUMBERS + list("()[]{}: \n\t")) + text[at:]
        else:
            text = text[:at]
    return text


def random_files(unit, seed, count):
    random.seed(int(seed))
    texts = []
    for i in range(int(count)):
        text = block("")
        text = damaged(text) if i % 2 else text
        texts.append(text.encode("utf-8", "surrogatepass"))
    bad, lax, refused = compare(unit, ["random"] * len(texts), texts)
    return bad + (lax > refused / 10)


def main():
    unit, what, *rest = sys.argv[1:]
    warnings.simplefilter("ignore")
    sys.setrecursionlimit(20000)
    run = {"files": files, "random": random_files}[what]
    sys.exit(run(unit, *rest) != 0)


if __name__ == "__main__":
    main()
