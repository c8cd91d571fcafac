"""Compare our YAML and JSON with DVC's, byte for byte, on random values.

usage: yaml.py UNIT WHAT SEED COUNT

UNIT is the unit test program u-val, which answers when it gets a word such
as yaml-json: the texts on its standard input, read as YAML, printed as JSON.
WHAT is one of the functions below. Says what differs and exits 1.
"""

import datetime
import json
import random
import struct
import subprocess
import sys
import warnings

from dvc.utils.serialize import dumps_yaml, parse_yaml

WORDS = """a word some --option x=1 " ' # : - ? [ ] { } , & * ! | > % @ ` ~ = <<
true null 1 1.5 0x1 ... --- 2020-01-01 ${x} \\ \\n $(cat) /path/to/file y no
é 漢字 😀""".split() + [
    "\n", "\t", " ", "  ", ": ", " #", "- ", "\n ", " \n", "\r", "python train.py",
    "\x00", "\x07", "\x1b", "\x7f", "\x80", "\x85", "\xa0", "\u2028", "\u2029",
    "\ufeff", "\uffff", "\ue000", "\ud800", "a" * 30, "b" * 79, "c" * 85,
]
NUMBERS = [None, True, False, 0, -1, 10**30, 1.5, 1e-5, 1e22, 1e16, -0.0, 0.1,
           float("inf"), float("-inf"), float("nan"), [], {}]


class Unit:
    def __init__(self, program):
        self.program = program

    def answers(self, what, texts):
        asked = b"".join(b"%d\n%b" % (len(t), t) for t in texts)
        out = subprocess.run([self.program, what], input=asked, check=True,
                             stdout=subprocess.PIPE).stdout
        at = 0
        while at < len(out):
            line = out.index(b"\n", at) + 1
            end = line + int(out[at:line])
            yield out[line:end]
            at = end


# --- random values ----------------------------------------------------------


def some(choices, least, most, between=""):
    return between.join(random.choice(choices)
                        for _ in range(random.randint(least, most)))


def mixed():
    """Words of even shape with something nasty dropped in."""
    chars = list(" ".join("w" * random.randint(1, 12)
                          for _ in range(random.randint(5, 25))))
    for _ in range(random.randint(0, 4)):
        chars[random.randrange(len(chars))] = random.choice(WORDS)
    return "".join(chars)


def string():
    kind = random.randrange(5)
    if kind == 0:
        return some(WORDS, 0, 3)
    if kind == 1:
        return some(WORDS, 1, 30, " ")
    if kind == 2:
        return mixed()
    if kind == 3:
        return some(WORDS, 5, 60)
    return "k%d" % random.randint(0, 99)


def key():
    return string() if random.random() < 0.4 else "k%d" % random.randint(0, 99)


def value(depth=0):
    kind = random.random()
    if depth > 5 or kind < 0.45:
        return string()
    if kind < 0.6:
        return random.choice(NUMBERS)
    if kind < 0.8:
        return [value(depth + 1) for _ in range(random.randint(0, 4))]
    return {key(): value(depth + 1) for _ in range(random.randint(0, 4))}


# --- random texts -----------------------------------------------------------

PIECES = """0 1 9 12 _ . e E + - 0x 0b 0o f inf nan .inf .nan NaN true True null
Null ~ yes a Z 7 8 = No x .5 tRUE e5 +1 -0 1e400 2020-01-01 2020-1-1 T : 12:30
12:30:45 <<""".split()
VALUES = ["1", "a", "b b", '"q\\n\\u00e9\\x41"', "'it''s'", "true", "~", "", "é",
          "1.5", "*x", "&x 1", "&y {a: 1, b: 2}", "&x [1, 2]", "!!str 5",
          '!!int "7"', "!!float 3", "!foo 1", "!!bool yes", "! 12", '! "12"',
          "!!null x", "{}", "[]", "[a, b]", "{a: 1, c}", '"a\n  b"', "x # c",
          "|\n    lit\n    two\n", ">-\n    fold\n    two\n", "=", "@", "%a",
          "'", "a: b", "!!seq [1]", "!!str [1]", "[1,]", "[,1]", "[a: 1, b]",
          '"a" b', "[&x 1, *x]", "{? a : b}", "{<<: *y, a: 3}",
          '"\\U0001F600"', "- 1", "? a", "<<"]
KEYS = ["a", "b", "c", '"a"', "1", "1.0", "true", "~", "<<", "=", "d", "é",
        "'<<'", "&x k", "!!str 1", '"1"', "0x1", "null", "<<", "<<"]
MERGES = ["*y", "{a: 1, q: 2}", "[*y, {a: 9}]", "[{a: 1},{b: 2, a: 0}]", "1",
          "[]", "{}", "*x", "[1]"]
TOKENS = """{ } [ ] , : "a" "b" 1 -0 1.5 1e5 1E+5 01 - .5 1. true false null NaN
-Infinity Infinity "\\ud800" "\\ud83d\\ude00" "\\u0000" "\\x" "é" -0.0 1e400
123456789012345678901234567890 5e-324 'a' // nul \"""".split() + [
    " ", "\n", "\t", '"\x01"', '"\x7f"']


def document(indent, depth):
    pad = " " * indent
    out = ""
    if depth > 3:
        return pad + "k: 1\n"
    for _ in range(random.randint(1, 4)):
        name = random.choice(KEYS) + ":"
        deep = random.random() < 0.3
        if random.random() < 0.3 and not out:
            name = "-"
        elif out and out[indent] == "-":
            name = "-"
        if name == "<<:":
            out += pad + "<<: " + random.choice(MERGES) + "\n"
        elif deep:
            out += pad + name + random.choice(["", " # c"]) + "\n"
            out += document(indent + 2, depth + 1)
        else:
            out += pad + name + " " + random.choice(VALUES) + "\n"
    return out


def yaml_text():
    if random.random() < 0.4:
        return "a: " + some(PIECES, 1, 4) + "\n"
    text = random.choice(["", "base: &y {a: 1, b: 2}\nbx: &x 5\n", "---\n",
                          "\ufeff", "%YAML 1.2\n---\n"])
    text += document(0, 0)
    text += random.choice(["", "", "...\n", "# c\n", "---\n", "...\n1\n"])
    return text.replace("\n", "\r\n") if random.random() < 0.1 else text


def json_text(depth=0):
    kind = random.random()
    if depth == 0 and kind < 0.3:
        return some(TOKENS, 1, 7)
    if depth > 4 or kind < 0.6:
        return random.choice(TOKENS[6:])
    items = [json_text(depth + 1) for _ in range(random.randint(0, 3))]
    if kind < 0.8:
        return "[" + ", ".join(items) + "]"
    return "{" + ",".join('"%s":%s' % (random.choice("abcé"), i)
                          for i in items) + "}"


def float_text():
    bits = struct.pack("Q", random.getrandbits(64))
    return json.dumps(random.choice([
        struct.unpack("d", bits)[0],
        random.random() * 10 ** random.randint(-20, 30),
        round(random.random(), random.randint(1, 9)),
        2.0 ** random.randint(-1074, 1023)]))


# --- what Python and DVC say ------------------------------------------------


def undated(data):
    """JSON has no dates; that one was seen is all we compare."""
    if isinstance(data, datetime.date):
        return None
    if isinstance(data, dict):
        return {undated(k): undated(v) for k, v in data.items()}
    if isinstance(data, (list, tuple)):
        return [undated(v) for v in data]
    return data


def dvc_yaml(text):
    """None where it is refused, False where a date is in it."""
    try:
        lines = text.decode().replace("\r\n", "\n").replace("\r", "\n")
        data = parse_yaml(lines, "f")
        return json.dumps(data).encode()
    except TypeError:
        return False if repr(undated(data)) != repr(data) else None
    except Exception:
        return None


def python_json(text):
    try:
        return json.dumps(json.loads(text.decode())).encode()
    except ValueError:
        return None


def differ(what, asked, wanted, got):
    nr = 0
    got = list(got)
    assert len(got) == len(asked)
    for text, want, have in zip(asked, wanted, got):
        if want is False:
            continue
        refused = have.startswith(b"error: f: line ")
        if (want is None and refused) or want == have:
            continue
        nr += 1
        if nr < 10:
            print(f"{what}: {text!r}\n  want {want!r}\n  have {have!r}")
    print(f"{what}: {len(asked)} texts, {nr} differ")
    return nr


def emit(unit, count):
    texts = [json.dumps(value()).encode() for _ in range(count)]
    want = [dumps_yaml(json.loads(t)).encode("utf-8", "surrogatepass")
            for t in texts]
    return differ("emit", texts, want, unit.answers("json-emit", texts))


def python(unit, count):
    data = [value() for _ in range(count)]
    texts = [json.dumps(v).encode() for v in data]
    want = [str(v).encode("utf-8", "surrogatepass") for v in data]
    return differ("python", texts, want, unit.answers("json-python", texts))


def yaml(unit, count):
    texts = [yaml_text().encode() for _ in range(count)]
    return differ("yaml", texts, map(dvc_yaml, texts),
                  unit.answers("yaml-json", texts))


def again(unit, count):
    """What we write, DVC reads as what it was; and so do we."""
    data = [{"k": value()} for _ in range(count)]
    asked = [json.dumps(v).encode() for v in data]
    asked = [t for t in asked if b"\\ud800" not in t]
    texts = list(unit.answers("json-emit", asked))
    return differ("again", texts, map(dvc_yaml, texts),
                  unit.answers("yaml-json", texts))


def json_(unit, count):
    texts = [json_text().encode() for _ in range(count)]
    texts += [float_text().encode() for _ in range(count)]
    texts += [b'"\xff"', b'"\xed\xa0\x80"', b"\xef\xbb\xbf{}", b"",
              b"1" * 4300, b"1" * 4301]
    return differ("json", texts, map(python_json, texts),
                  unit.answers("json-json", texts))


def main():
    program, what, seed, count = sys.argv[1:]
    warnings.simplefilter("ignore")
    random.seed(int(seed))
    print("seed", seed)
    tests = {"emit": emit, "python": python, "yaml": yaml, "again": again,
             "json": json_}
    sys.exit(tests[what](Unit(program), int(count)) != 0)


main()
