"""Compare our TOML with the public test suite and with what DVC reads.

usage: read_toml.py UNIT suite DIR
       read_toml.py UNIT random SEED COUNT [DIR]

UNIT is the unit test program u-val, which answers "toml-tagged" with each
scalar and its type, as the suite does. DIR holds the suite's "tests" folder.
"""

import datetime
import json
import math
import os
import random
import subprocess
import sys
import tomllib

from dvc.utils.serialize import parse_toml
from tomlkit._utils import parse_rfc3339

sys.set_int_max_str_digits(4300)

# Where tomlkit, and so DVC, takes what TOML 1.0 refuses: it reads the new
# things of TOML 1.1, and a CR that stands alone is an end of a line, because
# DVC opens the file as text. Nothing else may differ from the suite.
TAKEN = """
invalid/datetime/no-secs invalid/local-datetime/no-secs invalid/local-time/no-secs
invalid/inline-table/linebreak-01 invalid/inline-table/linebreak-02
invalid/inline-table/linebreak-03 invalid/inline-table/linebreak-04
invalid/control/bare-cr invalid/control/comment-cr
invalid/inline-table/trailing-comma invalid/string/basic-byte-escapes
""".split()


def ask(unit, texts):
    asked = b"".join(b"%d\n%b" % (len(t), t) for t in texts)
    out = subprocess.run([unit, "toml-tagged"], input=asked, check=True,
                         stdout=subprocess.PIPE).stdout
    at = 0
    while at < len(out):
        line = out.index(b"\n", at) + 1
        at = line + int(out[at:line])
        yield out[line:at]


def when(data):
    kind = "datetime" if isinstance(data, datetime.datetime) else (
        "date" if isinstance(data, datetime.date) else "time")
    return {"type": kind, "value": data.isoformat()}


def scalar(kind, text):
    """One value of the suite or of ours, so that equal ones are equal."""
    if kind == "float":
        number = float(text)
        return {"type": kind, "value": "nan" if math.isnan(number) else repr(number)}
    if kind.startswith("date") or kind.startswith("time"):
        return when(parse_rfc3339(text))
    return {"type": kind, "value": text}


def tagged(tree):
    if isinstance(tree, list):
        return [tagged(v) for v in tree]
    if set(tree) == {"type", "value"} and isinstance(tree["value"], str):
        return scalar(tree["type"].replace("-local", ""), tree["value"])
    return {k: tagged(v) for k, v in tree.items()}


def tag(data):
    """What DVC read, in the words of the suite."""
    if isinstance(data, dict):
        return {k: tag(v) for k, v in data.items()}
    if isinstance(data, list):
        return [tag(v) for v in data]
    if isinstance(data, bool):
        return {"type": "bool", "value": str(data).lower()}
    if isinstance(data, int):
        return {"type": "integer", "value": str(data)}
    if isinstance(data, float):
        return scalar("float", repr(data))
    if isinstance(data, str):
        return {"type": "string", "value": data}
    return when(data)


def dvc(text):
    """None where DVC refuses it, or dies of it."""
    try:
        lines = text.decode().replace("\r\n", "\n").replace("\r", "\n")
        return tag(parse_toml(lines, "f"))
    except Exception:
        return None


def strict(text):
    """What Python's own reader says, which knows no table twice."""
    try:
        return tomllib.loads(text.decode()) is not None
    except ValueError:
        return False


def ours(answer):
    return None if answer.startswith(b"error: f: line ") else tagged(
        json.loads(answer))


def show(what, text, want, have):
    print(f"{what}: {text[:400]!r}\n  want {json.dumps(want)[:400]}"
          f"\n  have {json.dumps(have)[:400] if have is not None else None}")


def same(want, have):
    """The order counts, too: tables are shown in it."""
    return json.dumps(want) == json.dumps(have)


# --- the suite --------------------------------------------------------------


def read(path):
    with open(path, "rb") as f:
        return f.read()


def suite(unit, root):
    """Of TOML 1.0.0."""
    names = read(os.path.join(root, "files-toml-1.0.0")).decode().split()
    names = sorted(n[:-5] for n in names if n.endswith(".toml"))
    assert len(names) > 600
    texts = [read(os.path.join(root, n + ".toml")) for n in names]
    bad, taken = 0, []
    for name, text, answer in zip(names, texts, ask(unit, texts)):
        have, theirs, want = ours(answer), dvc(text), None
        if name.startswith("valid/"):
            want = tagged(json.loads(read(os.path.join(root, name + ".json"))))
            if b"\r\n" in text:    # as Python opens files of text
                want = json.loads(json.dumps(want).replace("\\r\\n", "\\n"))
        elif have is not None:
            taken.append(name)
            want = have
        if have != want or not same(have, theirs):
            show(name, text, want if have != want else theirs, have)
            bad += 1
    for name in set(taken) ^ set(TAKEN):
        print("taken or refused:", name)
        bad += 1
    print(f"{len(names)} files of the suite, {bad} are read otherwise")
    return bad


# --- random texts -----------------------------------------------------------

PIECES = """0 1 9 12 _ . e E + - 0x 0b 0o f inf nan NaN true false a Z 7 8 = : -01
-02 T t 12:30 12:30:45 .5 2020-01-01 2021-02-29 23:59:60 +01:00 Z z 00 1e400 0x_1
1_0 1__0 0xF 0o7 0b1 5.0 5. e5 E-07 +1 -0 -0.0 +inf -nan 24:00:00""".split() + [" "]
STRINGS = ['a', '\\"', '\\\\', "\\n", "\\t", "\\u00e9", "\\U0001F600", "\\ud800",
           "\\U00110000", "\\x41", "\\e", "\\q", "é", "😀", "'", '"', '""', "''",
           "\n", "\\\n  ", "\\  \n", "\\ x", "\r\n", "\r", "\t", "\x00", "\x1f",
           "\x7f", "#", " ", "\\", "b", "'''", '"""', "\\u12", "\\b\\f\\r"]
KEYS = ["a", "b", "c", "a", "b", "c", '"a"', "'b'", '""', "1", "a-b", "é",
        '"c\\n"', "d", "true", "a b", '"""a"""', "''"]
NEWLINES = ["\n"] * 12 + ["\r\n", "\r", "  # c\n", "\t\n", " x\n", "# \x01\n", ""]


def some(choices, least, most, between=""):
    return between.join(random.choice(choices)
                        for _ in range(random.randint(least, most)))


def string():
    quote = random.choice(['"', "'", '"""', "'''"])
    return quote + some(STRINGS, 0, 5) + quote


def key(parts=3):
    return some(KEYS, 1, random.randint(1, parts),
                random.choice([".", ".", ".", " . ", "..", ". "]))


def spaced(text):
    return some(["", "", " ", "\n", "# c\n", "\t"], 1, 1) + text


def value(depth=0):
    kind = random.random()
    if kind < 0.35:
        return random.choice(["1", "0.5", "true", '"x"', "2020-01-01", "'y'"])
    if kind < 0.5:
        return some(PIECES, 1, 4)
    if kind < 0.65:
        return string()
    if depth > 3:
        return "1"
    between = random.choice([",", ", ", ", ", " ,\n", ",,"])
    items = random.randint(0, 3)
    end = random.choice(["", "", "", ",", "\n"])
    if kind < 0.8:
        return "[" + between.join(spaced(value(depth + 1))
                                  for _ in range(items)) + end + "]"
    return "{" + between.join(f"{key()} = {value(depth + 1)}"
                              for _ in range(items)) + end + "}"


def document():
    """Few names, so that they meet."""
    out = ""
    for _ in range(random.randint(1, 9)):
        kind = random.random()
        if kind < 0.4:
            out += f"[{key()}]"
        elif kind < 0.55:
            out += f"[[{key()}]]"
        else:
            easy = random.random() < 0.7
            out += f"{key()} = {random.choice('12') if easy else value()}"
        out += random.choice(NEWLINES) if random.random() < 0.3 else "\n"
    return out.encode()


def tables():
    """Nothing but tables and short pairs, all of them well formed."""
    out = ""
    for _ in range(random.randint(2, 9)):
        name = some("abc", 1, random.randint(1, 4), ".")
        out += random.choice([f"[{name}]\n", f"[{name}]\n", f"[[{name}]]\n",
                              f"{name} = 1\n", f"{name} = {{b = 1}}\n",
                              f"{name} = {{b.c = 1, {name} = 2}}\n"])
    return out.encode()


def damaged(files):
    text = bytearray(random.choice(files))
    for _ in range(random.randint(1, 3)):
        at = random.randrange(len(text) + 1)
        kind = random.random()
        if kind < 0.4:
            del text[at:at + random.randint(1, 4)]
        elif kind < 0.8:
            text[at:at] = some(PIECES + STRINGS + KEYS, 1, 1).encode(
                "utf-8", "surrogatepass")
        else:
            text[at:at] = random.choice(files)
    return bytes(text)


def random_texts(unit, seed, count, root=None):
    random.seed(int(seed))
    files = []
    if root:
        for top, _, names in os.walk(root):
            files += [read(os.path.join(top, n)) for n in sorted(names)
                      if n.endswith(".toml")]
        files = [f for f in files if len(f) < 2000]
    texts = []
    for i in range(int(count)):
        texts.append(tables() if i % 3 == 0 else damaged(files)
                     if files and i % 3 == 1 else document())
    bad = taken = twice = far = 0
    for text, answer in zip(texts, ask(unit, texts)):
        want, have = dvc(text), ours(answer)
        taken += want is not None
        if b" is there already" in answer and not strict(text):
            twice += want is not None
        elif have is not None and want is None and strict(text):
            far += 1
        elif not same(want, have):
            bad += 1
            if bad < 12:
                show("random", text, want, have)
                if have is None:
                    print("  ", answer.decode())
    print(f"{count} texts, {taken} of them TOML, {bad} are read otherwise; "
          f"{twice} name a table twice and tomlkit does not see it, {far} have "
          "tables so far apart that it does not put them together")
    return bad + (twice + far > taken / 20)


def main():
    unit, what, *rest = sys.argv[1:]
    run = {"suite": suite, "random": random_texts}[what]
    sys.exit(run(unit, *rest) != 0)


if __name__ == "__main__":
    main()
