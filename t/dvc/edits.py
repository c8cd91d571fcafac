"""Random overrides on random parameter files: DVC's apply_overrides and ours.

edits.py U-EDIT COUNT SEED    compares what both make of COUNT files, and how
many of them both refuse; sweeps likewise. Prints the first differences.
"""
import contextlib
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import warnings

warnings.simplefilter("ignore")


def scalar(rnd):
    return rnd.choice(["1", "0.5", "x", "'it''s'", '"q\\n"', "two words", "true", "~", "-1e-3",
                       "", "é", "a:b", "c#d", "[]", "{}", "'2'", "1_000", "0x1F", ".inf", "no"])


def flow(rnd, depth):
    kind = rnd.random()
    if not depth or kind < .5:
        return scalar(rnd) or "''"
    if kind < .75:
        return "[" + ", ".join(flow(rnd, depth - 1) for _ in range(rnd.randint(0, 3))) + "]"
    return "{" + ", ".join(f"k{i}: {flow(rnd, depth - 1)}" for i in range(rnd.randint(0, 3))) + "}"


def block(rnd, depth, indent):
    pad, out = " " * indent, []
    for i in range(rnd.randint(1, 4)):
        note = rnd.choice(["", "", "", " # note", "   # wide"])
        kind = rnd.random()
        if rnd.random() < .2:
            out.append(rnd.choice(["", pad + "# above"]))
        if depth and kind < .3:
            out += [f"{pad}m{i}:{note}"] + block(rnd, depth - 1, indent + rnd.choice([1, 2, 4]))
        elif depth and kind < .5:
            step = rnd.choice([0, 2])
            out.append(f"{pad}l{i}:{note}")
            for _ in range(rnd.randint(1, 3)):
                if rnd.random() < .6:
                    out.append(f"{pad}{' ' * step}- {flow(rnd, 1) or 1}{note}")
                else:
                    gap = rnd.choice([1, 3])
                    item = [x for x in block(rnd, rnd.randint(0, 1), indent + step + 1 + gap)
                            if x.strip() and not x.strip().startswith("#")]
                    item[0] = f"{pad}{' ' * step}-{' ' * gap}{item[0].lstrip()}"
                    out += item
        elif kind < .65:
            out.append(f"{pad}f{i}: {flow(rnd, 2)}{note}")
        elif kind < .7:
            style = rnd.choice(["|", ">", "|-", ">-"])
            out += [f"{pad}t{i}: {style}{note}", f"{pad}  line one", f"{pad}  two"]
        else:
            out.append(f"{pad}s{i}: {scalar(rnd)}{note}")
    return out


ODD = ["""'s 0': 1
"m0":   # quoted keys
    'k0' : [1, 2]
    ? k1
    : x
l0:
-   - 1
    - - 2
      -   3
- a: b
- x
""", """%YAML 1.2
---
s0: !!str 5
m0: !!map
  k0: !!int '7'
f0: !!seq [a, !!float 2]
...
""", """f0: {
  k0: 1,   # one
  k1: [a,
    b   # two
  ], k2: {},
}
f1: [ 1 , 2, ]
l0: [
  {k0: x}, y
]
""", """m0: &m
  k0: 1
  k1: [1, 2]
m1:
  <<: *m
  k2: 3
m2: *m
s0: &s x
s1: *s
""", """\ufeffs0: é
日本: 値
m0:
  ü: {ö: ä}   # é
  s0: "multi
    line \\u00e9"
t0: |2-
    deep

  x
t1: >+
  kept

l0:
  # first
  -
    # inner
    k0: 1
    # last

  # between
  - k0: 2   # two
    k1:
    - 1

# end
""", "m0:\n\tk0: 1\n".replace("\t", "   ") + "   k1:\t2\t# tab\nl0:\n-\t1\n- \t2\n",
       "- 1\n", "5\n", "null\n", "~", "[]", "a", "---\n", "---\n# c\n...\n", "{s0: 1, m0: {k0: 2}}", "{ }\n# c\n",
       "# c\n\n{s0: 1}\n", "--- {s0: 1}\n", "--- # c\ns0: 1\n", "s0: 1\n...\n# c\n", "m0:\nl0:\n"]


def yaml_text(rnd):
    if rnd.random() < .12:
        text = rnd.choice(ODD)
        return text.replace("\n", "\r\n") if rnd.random() < .2 else text
    text = "\n".join(block(rnd, 3, 0)) + rnd.choice(["\n", "\n", "", "\n\n"])
    if text.endswith("  two"):      # below it nothing can stand without changing it
        text += "\n"
    if rnd.random() < .15:
        text = text.replace("\n", "\r\n")
    if rnd.random() < .1:
        text = "---\n" + text
    return text if rnd.random() < .97 else rnd.choice(["", "# empty\n", "{}", "s0: 1"])


def json_value(rnd, depth):
    kind = rnd.random()
    if depth and kind < .35:
        return {f"{rnd.choice('mlsf')}{i}": json_value(rnd, depth - 1) for i in range(rnd.randint(0, 3))}
    if depth and kind < .55:
        return [json_value(rnd, depth - 1) for _ in range(rnd.randint(0, 3))]
    return rnd.choice([1, 0.5, "x", "é\n", True, None, -1e-7, "", 10 ** 20])


def json_text(rnd):
    data = {f"{rnd.choice('mlsf')}{i}": json_value(rnd, 3) for i in range(rnd.randint(0, 4))}
    return json.dumps(data, indent=rnd.choice([None, 1, 4, "\t"]), ensure_ascii=rnd.random() < .5,
                      separators=rnd.choice([None, (",", ":"), (" , ", " : ")]))


def paths(v, at=()):
    if at:
        yield at
    if isinstance(v, (dict, list)):
        for k in v if isinstance(v, dict) else range(len(v)):
            yield from paths(v[k], at + (k,))


GOOD = r"""1 -7 012 1_000 0x10 1e-3 -.5 5. 1.2.3 inf -INF nan true FALSE TrUe null Null x foo-bar a/b.c 12:30
http://x/y?z a@b %d a|b * - $x yes no 'x' "x" '' 'it\'s' "a'b" '1' 'true' 'é' "\\" '\\\'' a\,b \= \\ 1e400
99999999999999999999 -0 -0.0 x:y 1.0 0 2024-01-01 {x:1} [] '[1]' '~' '{' '#'""".split() + [
    "a b", " a  b ", "'a, b'", "'x\ny'", "a\\ ", "x : y", "'# no'", "' x '", "'a: b'", '"tab\t"']
BAD = r"""~ x#y é !x 'x "x ??? {x} a,b [1 1] {a:1 (x) f(1) x=y & a} a\nb ${""".split()
FUNCTIONS = """int float str bool choice range sort shuffle tag interval glob json_str extend_list Int""".split()


def value(rnd, depth, paths):
    kind = rnd.random()
    space = rnd.choice(["", "", "", " ", "\t"])
    if kind < .55 or not depth:
        word = rnd.choice(GOOD if rnd.random() < .97 else BAD)
        if rnd.random() < .03:
            word += rnd.choice([" ", "", ",", ")", "}"]) + rnd.choice(GOOD)
        if rnd.random() < .08 and paths:
            word = rnd.choice(["", "", "x", "$", "\\"]) + "${" + rnd.choice(paths) + "}" + rnd.choice(["", "", "y"])
        return word
    if kind < .7:
        return "[" + space + ("," + space).join(value(rnd, depth - 1, paths) for _ in range(rnd.randint(0, 3))) + space + "]"
    if kind < .83:
        return "{" + space + ("," + space).join(
            rnd.choice(["k0", "k1", "a b", "s0", "m0", "1", "true", "1.5", "a-b", "x\\,y"] * 4 + ["null", "'q'"])
            + space + ":" + space + value(rnd, depth - 1, paths) for _ in range(rnd.randint(0, 3))) + "}"
    name = rnd.choice(FUNCTIONS[:4] * 5 + ["sort"] * 3 + FUNCTIONS)
    args = [value(rnd, depth - 1, paths) for _ in range(rnd.randint(0, 3) or 1)]
    if name == "range" and rnd.random() < .8:
        args = [rnd.choice(["0", "1", "3", "-2", "0.5", "true", "null", "2.0"]) for _ in range(rnd.randint(1, 3))]
    if rnd.random() < .15:
        args.append(rnd.choice(["value", "sweep", "list", "reverse", "start", "stop", "step"]) + "="
                    + rnd.choice(["true", "[2,1]", "1", value(rnd, 0, paths)]))
    return name + rnd.choice(["", "", " "]) + "(" + space + ("," + space).join(args) + space + ")"


def word(rnd, keys):
    key = rnd.choice(keys) if keys and rnd.random() < .85 else rnd.choice(
        ["new", "s0", "m0.new", "l0.0", "l1.7", "f0.k0", "a/b", "$x", "a@b", "1", "a..b", "-a", "a-b",
         "s0.x.y", "l0.x", "é", "m1.s0.deep", "a b"])
    if keys and rnd.random() < .1:
        key += rnd.choice([".new", ".0", ".k0", ".x.y"])
    op = rnd.choice(["", "", "", "+", "++", "++", "++", "~"])
    if op == "~" and rnd.random() < .8:
        return op + key
    return op + key + "=" + rnd.choice(["", "", "", " "]) + value(rnd, 2, keys)


def case(rnd):
    from dvc.utils.serialize import PARSERS
    name = "params.json" if rnd.random() < .25 else "params.yaml"
    text = json_text(rnd) if name.endswith("n") else yaml_text(rnd)
    try:
        data = PARSERS[os.path.splitext(name)[1]](text, name)
    except Exception:       # a text that is none is refused by both
        data = {"s0": 1}
    keys = [".".join(map(str, p)) for p in paths(data)]
    return name, text, [word(rnd, keys) for _ in range(rnd.choice([1, 1, 1, 2, 3]))]


def strict(v):
    if isinstance(v, dict):
        return {(type(k).__name__, repr(k)): strict(x) for k, x in v.items()}
    if isinstance(v, list):
        return [strict(x) for x in v]
    return type(v).__name__, repr(v)


def load(name, text):
    from dvc.utils.serialize import PARSERS
    return strict(PARSERS[os.path.splitext(name)[1]](text, name))


def theirs(name, text, words):
    """What DVC means to write. (Its writer moves comments, and may break a file by it.)"""
    from dvc.utils import hydra, serialize
    from dvc.utils.collections import to_omegaconf
    suffix, out = os.path.splitext(name)[1], []

    @contextlib.contextmanager
    def modify(path):
        data = serialize.parse_yaml_for_update(text, path) if suffix == ".yaml" else serialize.parse_json(text, path)
        yield data
        plain = to_omegaconf(data)
        out.append(serialize.dumps_yaml(plain) if suffix == ".yaml" else json.dumps(plain))

    real, serialize.MODIFIERS = serialize.MODIFIERS, {suffix: modify}
    try:
        hydra.apply_overrides(name, words)
        return load(name, out[0])
    except BaseException as e:
        if isinstance(e, KeyboardInterrupt):
            raise
        return "refused", f"{type(e).__name__}: {e} {e.__cause__}".replace("\n", " ")[:300]
    finally:
        serialize.MODIFIERS = real


def ask(program, what, fields):
    with open("cases", "wb") as f:
        f.write(b"".join(x.encode() + b"\0" for x in fields))
    out = subprocess.run([program, what, "cases"], stdout=subprocess.PIPE, check=True).stdout.decode()
    out = out.split("\0")
    return list(zip(out[0::2], out[1::2]))


def refused(v):
    return isinstance(v, tuple)


# On purpose we differ where the grammar says sweep, but a later word or key takes
# the place of it; where a later word takes the place of a "${}" that leads nowhere,
# or a "${}" stands in a map that another puts into a text (DVC shows it unresolved);
# where "${}" or "???" stand in the file; and in the empty key.
OURS = ["sweep cannot stand inside", "glob() is not", "interval() is not", "null cannot be a key"]


def compare(program, count, seed):
    rnd = random.Random(seed)
    cases = [case(rnd) for _ in range(count)]
    ours = ask(program, "apply", [x for n, t, w in cases for x in (n, str(len(w)), *w, t)])
    bad = both = 0
    for (name, text, words), (code, after) in zip(cases, ours):
        if any("shuffle" in w for w in words):
            continue
        want = theirs(name, text, words)
        try:
            have = ("refused", after) if code != "0" else load(name, after)
        except Exception as e:
            have = f"does not parse: {e}"
        both += refused(want)
        if refused(have) and any(x in have[1] for x in OURS):
            continue
        if refused(have) and re.search("alias|without touching more", have[1]) and "*" in text:
            continue
        if refused(have) and "? k1" in text and "place in the text" in have[1]:
            continue
        if sum(w.count("${") for w in words) > 1 and any(re.search(r"[x$\\]\$\{|\}y", w) for w in words):
            continue
        if refused(want) and len(words) > 1 and any("${" in w for w in words):
            continue
        if (refused(want) and refused(have)) or want == have:
            continue
        bad += 1
        if bad <= 5:
            print(f"--- {words}\n{text}\n--- DVC: {want}\n--- ours: {have}\n{after}\n")
    print(f"{count} files, seed {seed}: {both} refused by both, {bad} differ")
    return bad


def sweep_word(rnd):
    key = rnd.choice(["", "+", "++", "~"]) + rnd.choice(["a", "b", "a.b", "c"])
    kind = rnd.random()
    if kind < .35:
        return key + "=" + ",".join(value(rnd, 1, []) for _ in range(rnd.randint(1, 3)))
    if kind < .6:
        args = [rnd.choice(["0", "1", "3", "-2", "0.5", "0.1", "true", "10", "7.3", "-1.1", "1e-3"])
                for _ in range(rnd.randint(1, 2))] + rnd.choice([[], ["step=0.1"], ["step=-1"], ["0.7"]])
        text = f"range({','.join(args)})"
        return key + "=" + rnd.choice([text, f"sort({text})", f"sort({text},reverse=true)", f"float({text})",
                                       f"int({text})", f"tag(x,{text})", f"str({text})"])
    if kind < .8:
        args = ",".join(value(rnd, 1, []) for _ in range(rnd.randint(1, 3)))
        return key + "=" + rnd.choice(["choice(%s)", "sort(%s)", "int(%s)", "str(%s)", "float(choice(%s))",
                                       "tag(a,b,choice(%s))", "sort(choice(%s),reverse=true)"]) % args
    return key + "=" + value(rnd, 2, [])


def sweeps(program, count, seed):
    from dvc.utils.hydra import get_hydra_sweeps, to_hydra_overrides
    from dvc.utils.cli_parse import to_path_overrides
    rnd = random.Random(seed)
    cases = []
    for _ in range(count):
        words = [sweep_word(rnd) for _ in range(rnd.randint(1, 3))]
        if rnd.random() < .2:
            words.append("other.json:" + sweep_word(rnd))
        if not any("\n" in w or "\t" in w or "shuffle" in w or "interval" in w
                   or "glob" in w or re.search(r"null\s*:", w, re.I) for w in words):
            cases.append(words)
    ours = ask(program, "expand", [x for w in cases for x in (str(len(w)), *w)])
    bad = many = 0
    for words, (code, after) in zip(cases, ours):
        try:
            by_path = to_path_overrides(words)
            if not any(x.is_sweep_override() for p in by_path for x in to_hydra_overrides(by_path[p])):
                want = "one"
            else:
                runs = get_hydra_sweeps(by_path)
                want = ["\t".join(w if p == "params.yaml" else f"{p}:{w}" for p in run for w in run[p])
                        for run in runs] or "refused"
                many += len(want)
        except Exception as e:
            want = "refused"
        have = after.split("\n")
        have = "refused" if code != "0" else "one" if have[0] == "one" else [x.rstrip("\t") for x in have[1:]]
        if have == "refused" and any(x in after for x in OURS):
            continue
        lower = lambda v: [x.lower() for x in v] if isinstance(v, list) else v
        if lower(want) != lower(have):
            bad += 1
            if bad <= 5:
                print(f"--- {words}\n--- DVC: {want}\n--- ours: {have}\n{after}\n")
    print(f"{len(cases)} sweeps, seed {seed}: {many} runs, {bad} differ")
    return bad


if __name__ == "__main__":
    sys.path[:] = [p for p in sys.path if os.path.abspath(p or ".") != os.path.dirname(os.path.abspath(__file__))]
    prog, nr, first = os.path.abspath(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    with tempfile.TemporaryDirectory(dir=".") as work:
        os.chdir(work)
        wrong = compare(prog, nr, first) + sweeps(prog, nr // 2, first)
        os.chdir("..")
    sys.exit(bool(wrong))
