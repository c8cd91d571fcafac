#!/bin/sh
test_description='-S changes one value and no other byte'
. "$(dirname "$0")/test-lib.sh"

PY=${TEST_PYTHON:-$BUILD_DIR/build/venv/bin/python}
"$PY" -c 'import dvc' 2>/dev/null || test_skip_all 'DVC is not installed (make deps)'
PYTHONUTF8=1
export PYTHONUTF8

test_expect_success 'words mean what they mean for Hydra' '
	cat >words.py <<-\EOF &&
	import json, subprocess, sys, warnings
	from hydra.core.override_parser.overrides_parser import OverridesParser
	from hydra.core.override_parser.types import QuotedString
	warnings.simplefilter("ignore")
	values = """012 1e-3 1_000 +1 -1 .5 5. 1.e3 inf -INF nan +NaN 1__0 0_1 00 0 -0
	0x10 1.2.3 12abc 1_0.5_0 1._5 1.5_ 1_e5 00.1 01.5 -.5e-3 1E+5 1e5 1e 1e+ . - +
	true TrUe FALSE null NULL Null yes no on ~x nullx infx a,b [1] {a:1} f(1) x=y
	x:y : :: 1:2 12:30 http://x/y?z a@b.c %d a|b * a&b a#b !x <x x;y a( a) a] a} ^
	$x ${x} a\\,b \\\\x \\x a\\:b \\=x \\\\\\,x a\\nb --x a-b _1 é 2020-01-01 \\
	9999999999999999999999 -9999999999999999999999 1e400 0.1 -0.0 1.0 0e0
	\x27x\x27 "x" \x27\x27 "" \x27a,b\x27 "a\x27b" \x27a\\\x27b\x27 \x27a\\\\\x27 \x27a\\nb\x27 \x27a\\\\b\x27
	\x27x "x x\x27y\x27 \x27x\x27y \x27é\x27 \x271\x27 "\\\"" "\\\\" "\\\\\\"" "x\\" """.split()
	values += ["", " ", " a", "a ", "a b", " a  b ", "1 2", "- 1", " 1 ", "a\tb", "a\\ ",
	           "\\ a", "x : y", "x: ", " \x27a b\x27", "a\\\tb", "\x27a\nb\x27", "= 1", "a,", " ,"]
	words = ["a=" + v for v in values]
	words += ["+a=1", "++a=1", "~a", "a.b=1", "a.0=1", "a.0.b=1", "a-b=1", "_a=1", "~a.b.c",
	          "+a.b=x", "a", "=1", "a..b=1", ".a=1", "a.=1", " a=1", "a =1", "a@b=1", "+++a=1"]
	words += ["a=[1]", "a=[ 1 , x y,\x271\x27,[null , {k : v}] ]", "a={}", "a={a:1, b c: [], 1: x, true : y}",
	          "a=[1", "a=[1 2]", "a={a}", "a={\x27q\x27: 1}", "a={a:1,,b:2}", "a=[,]", "a={a:b:c}",
	          "a=int(1.7)", "a=int( \x2712\x27 )", "a=int([1.5,\x272\x27,{x: \x273\x27}])", "a=int(x)", "a=int(nan)",
	          "a=int()", "a=int(1,value=2)", "a=int(value=true)", "a=int(1e30)", "a=int(-0.5)", "a=int(_1)",
	          "a=int(1__0)", "a=int(\x27 +1_0 \x27)", "a=float(1)", "a=float(\x27 1_0.5e1 \x27)", "a=float(infinity)",
	          "a=float(1e)", "a=float(.)", "a=float(\x27.\x27)", "a=float(\x271_\x27)", "a=float(\x275.\x27)",
	          "a=float(null)", "a=str(1e-5)", "a=str([true,1.0,inf])", "a=str(null)", "a=bool(TRUE)", "a=bool(0.0)",
	          "a=bool(nan)", "a=bool(null)", "a=bool(x)", "a=bool({a: 1})", "a=sort([3,1,2])", "a=sort([b,a,\x27c\x27])",
	          "a=sort([3,1,2],reverse=true)", "a=sort(list=[2,1])", "a=sort([[2,1],[1,3],[1]])", "a=sort([1,x])",
	          "a=sort(5)", "a=sort({b: 1})", "a=sort([1.5,true,0])", "a=sort()", "a=sort(null)", "a=shuffle(x)",
	          "a=shuffle([])", "a=json_str(1)", "a=extend_list(1)", "a=f (x)", "a=int(1", "a=int(1 2)", "a=sort([2,1],x=1)",
	          "a=tag(x)", "a=sort(list=[2],3)", "a=1,2", "a=choice(1)", "a=range(3)", "a=interval(0,1)", "a=glob(x)",
	          "a/b=1", "a/b/c=1", "a/b.c=1", "$a=1", "a$=1", "a.$b.1_0=1", "a.01=1", "a.1b=1", "1=1", "1.a=1", "-a=1",
	          "a.-b=1", "a/1=1", "\u00e9=1", "~a=1", "~a=", "~a=[1]", "~a=1,2", "~=1", "+~a=1", "a:b=1", "a b=1"]
	words = [w for w in words if "\0" not in w]
	run = subprocess.run([sys.argv[1], "parse", *words], capture_output=True, text=True)
	ours = run.stdout.split("\n")[:-1]
	plain = lambda v: v.text if isinstance(v, QuotedString) else [plain(x) for x in v] if isinstance(v, list) else \
	    {k: plain(x) for k, x in v.items()} if isinstance(v, dict) else v
	ops = {"CHANGE": 0, "ADD": 1, "FORCE_ADD": 2, "DEL": 3}
	wrong = len(words) != len(ours)
	for word, our in zip(words, ours):
	    try:
	        # DVC looks for the file before Hydra sees the word.
	        left, colon, right = word.partition("=")[0].partition(":")
	        o = OverridesParser.create().parse_override(word[len(left) + 1:] if colon else word)
	        v = plain(o._value)
	        kind = {bool: "bool", int: "int", float: "float", str: "str", list: "list", dict: "map",
	                type(None): "null"}.get(type(v))
	        if kind is None or o.package:	# sweeps, configs of Hydra
	            want = "refused"
	        else:
	            want = f"{ops[o.type.name]} {o.key_or_group} {kind} {json.dumps(v)}"
	    except Exception:
	        want = "refused"
	    if word in ("=1", "~=1"):	# for Hydra the key may be empty
	        want = "refused"
	    if our != want:
	        print(f"{word!r}: Hydra {want!r}, we {our!r}")
	        wrong = 1
	sys.exit(wrong)
	EOF
	"$PY" words.py "$OBJ_DIR/t/u-edit"
'

cat >check.py <<'EOF'
"""Apply edits to texts, and judge the result by ruamel.yaml and json alone."""
import copy, json, math, os, random, subprocess, sys
from ruamel.yaml import YAML

PROGRAM = sys.argv[1]

def load(name, text):
    return json.loads(text) if name.endswith(".json") else YAML(typ="safe").load(text) or {}

def same(a, b):
    if type(a) is not type(b):
        return False
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[k], b[k]) for k in a)
    if isinstance(a, list):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b or (a != a and b != b)

CASES = []

def later(check, name, text, word, *more):
    CASES.append((check, name, text, word, more))

def run_all():
    """All cases through one process, then each is judged."""
    with open("cases", "wb") as f:
        for check, name, text, word, more in CASES:
            f.write("".join(x + "\0" for x in (name, "1", word, text)).encode())
    out = subprocess.run([PROGRAM, "apply", "cases"], stdout=subprocess.PIPE, check=True).stdout.decode().split("\0")
    assert len(out) == 2 * len(CASES) + 1
    for (check, name, text, word, more), code, after in zip(CASES, out[0::2], out[1::2]):
        if code != "0":
            fail(text, word, after, "refused")
        check(name, text, word, after, *more)
    print(len(CASES), "cases")

def leaves(v, at=()):
    if isinstance(v, (dict, list)) and v:
        for k in v if isinstance(v, dict) else range(len(v)):
            yield from leaves(v[k], at + (k,))
    elif not isinstance(v, (dict, list)):
        yield at, v

def maps(v, at=()):
    if isinstance(v, dict):
        yield at
    if isinstance(v, (dict, list)):
        for k in v if isinstance(v, dict) else range(len(v)):
            yield from maps(v[k], at + (k,))

def follow(v, at):
    for k in at:
        v = v[k]
    return v

def node(text, at):
    n = YAML().compose(text)
    for k in at:
        n = n.value[k] if isinstance(k, int) and n.id == "sequence" else next(
            v for key, v in n.value if key.value == str(k))
    return n.start_mark.index, n.end_mark.index

def fail(text, word, after, why):
    print(f"{why}: {word!r}\n--- before\n{text}\n--- after\n{after}")
    sys.exit(1)

VALUES = {"5": 5, "1e-4": 1e-4, "true": True, "null": None, "word": "word", "": "",
          "'1'": "1", "'a: b # c'": "a: b # c", "two words": "two words", "yes": "yes",
          "'x, [y]'": "x, [y]", "012": "012", "\"it's\"": "it's", "'é'": "é",
          "'null'": "null", "w\\,x": "w,x", "'" + "long " * 30 + "'": "long " * 30}

def check_set(name, text, word, after, at, value):
    want = copy.deepcopy(load(name, text))
    follow(want, at[:-1])[at[-1]] = value
    if not same(want, load(name, after)):
        fail(text, word, after, "wrong values")
    if name.endswith(".json"):
        return
    plain = text.replace("\r\n", "\n")
    start, end = node(plain, at)
    if not plain[start:end].strip():	# what stands nowhere has no place
        pairs = zip(plain.splitlines(), after.splitlines())
        if sum(old != new for old, new in pairs) != (value is not None):
            fail(text, word, after, "other lines changed")
        return
    head, tail = plain[:start].rstrip(" "), plain[end:]
    if plain[start:end].startswith(("|", ">")):
        tail = plain[start:end][len(plain[start:end].rstrip()):] + tail
    if "\r\n" in text and after.count("\r\n") != after.count("\n"):
        fail(text, word, after, "line ends changed")
    after = after.replace("\r\n", "\n")
    if not after.startswith(head) or not after.endswith(tail) or \
       len(after) < len(head) + len(tail):
        fail(text, word, after, "other bytes changed")

def check_whole(name, text, word, after, at, value):
    """A collection is replaced: what stands before its key and behind its last word stays."""
    want = copy.deepcopy(load(name, text))
    follow(want, at[:-1])[at[-1]] = value
    if not same(want, load(name, after)):
        fail(text, word, after, "wrong values")
    if name.endswith(".json"):
        return
    plain, after = text.replace("\r\n", "\n"), after.replace("\r\n", "\n")
    start, end = node(plain, at)
    flow = plain[start] in "[{"
    above = plain[:start].rstrip()
    head = plain[:start] if flow or above.endswith("-") else above.split("#")[0].rstrip().rpartition("\n")[0]
    if flow:
        if not after.startswith(head) or not after.endswith(plain[end:]):
            fail(text, word, after, "other bytes changed")
        return
    # Comments behind a block and no deeper than it are not its own.
    end = plain.find("\n", len(plain[:end].rstrip()) - 1)
    tail = full(plain[end:]) if end >= 0 else []
    if not after.startswith(head) or tail != full(after)[len(full(after)) - len(tail):]:
        fail(text, word, after, "other lines changed")

def full(text):
    return [x for x in text.split("\n") if x.strip() and not x.strip().startswith("#")]

def lines(text):
    """A key that becomes the first of its list item gets the dash."""
    return [line.lstrip(" -") for line in text.lstrip("\ufeff").splitlines()]

def kept(name, text, after):
    """Every old line is still there, in order."""
    others = iter(lines(after))
    return all(any(line == other for other in others) for line in lines(text))

def check_add(name, text, word, after, at, value):
    want = load(name, text)
    follow(want, at)["new_key"] = value
    if not same(want, load(name, after)):
        fail(text, word, after, "wrong values")
    if "{" not in text and text.endswith("\n") and not kept(name, text, after):
        fail(text, word, after, "lines lost")

def check_drop(name, text, word, after, at):
    want = load(name, text)
    del follow(want, at[:-1])[at[-1]]
    if not same(want, load(name, after)):
        fail(text, word, after, "wrong values")
    if "{" not in after and not kept(name, after, text):
        fail(text, word, after, "lines changed")

def boxes(v, at=()):
    if isinstance(v, (dict, list)):
        if at and v:
            yield at, v
        for k in v if isinstance(v, dict) else range(len(v)):
            yield from boxes(v[k], at + (k,))

def typed(at):
    """Hydra's keys are ASCII names; numbers only in lists."""
    return all(isinstance(k, int) or (k.isascii() and k.replace("_", "a").isalnum() and not k[0].isdigit())
               for k in at) and not isinstance(at[0], int)

def key(at):
    return ".".join(map(str, at))

LISTS = {"[1,{k: x y},[]]": [1, {"k": "x y"}, []], "[]": [], "['a: b','#',true]": ["a: b", "#", True]}

def check_all(name, text, rnd):
    data = load(name, text)
    some = [x for x in leaves(data) if typed(x[0])]
    for at, old in some if len(some) < 9 else rnd.sample(some, 8):
        inside = isinstance(follow(data, at[:-1]), dict)
        if any(isinstance(k, int) and isinstance(follow(data, at[:i]), dict) for i, k in enumerate(at)):
            continue
        for word in rnd.sample(list(VALUES), 2):
            later(check_set, name, text, key(at) + "=" + word, at, VALUES[word])
        word = rnd.choice(list(LISTS))
        later(check_set, name, text, key(at) + "=" + word, at, LISTS[word])
        if inside and old is not None:
            later(check_drop, name, text, "~" + key(at), at)
    some = [x for x in boxes(data) if typed(x[0]) and len(x[1]) and not isinstance(x[0][-1], bool)]
    for at, old in some if len(some) < 7 else rnd.sample(some, 6):
        if any(isinstance(k, int) and isinstance(follow(data, at[:i]), dict) for i, k in enumerate(at)):
            continue
        later(check_whole, name, text, key(at) + "=x", at, "x")
        if isinstance(old, list):
            word = rnd.choice(list(LISTS))
            if len(LISTS[word]) != len(old):
                later(check_whole, name, text, key(at) + "=" + word, at, LISTS[word])
    for at in maps(data):
        if at and not typed(at):
            continue
        later(check_add, name, text, "+" + key(at + ("new_key", "deep")) + "=7", at, {"deep": 7})
        later(check_add, name, text, "+" + key(at + ("new_key",)) + "=[1,{a: x, 'b'}]".replace("'b'", "b: 'y, z'"),
              at, [1, {"a": "x", "b": "y, z"}])

TEXTS = [
    "lr: 0.1\n",
    "lr: 0.1",
    "# c\n\nlr:    0.1    # rate\n\n\n# end",
    "a:\r\n  b: 1 # x\r\n  c: 'q'\r\nd: e\r\n",
    "---\na: 1\nb:\n  c: 2\n",
    "---\na: 1\n...\n",
    "%YAML 1.2\n---\na: 1\n",
    "\ufeffa: 1\nb: é\n",
    "a: {b: 1, c: {d: x, e: 'y'}, f: [1, two, {g: 3}]}\nh: 1\n",
    "{\"a\": 1, \"b\": [x, y]}\n",
    "{\n  a: 1,   # one\n  b: 2    # two\n}\n",
    "a:\nb: # none\nc: ~\nd: null\ne: ''\n",
    "a: |\n  one\n  two\nb: >-\n  three\n\n  four\nc: 1\n",
    "a: |+\n  one\n\nb: 1\n",
    "a: |\n  # no comment\n  x\n# a comment\nb: 1\n",
    "t:\n  a: |2\n      deep\n  b: 1\n",
    "a: one\n  two\n  three\nb: 'x\n\n  y'\nc: \"p \\\n  q\"\n",
    "l:\n- 1\n- two\n- - 3\n  - 4\n- a: 5\n  b: 6\n-   c: 7\n-\n  d: 8\n",
    "l:\n    - a: 1\n      b:\n          - x\n\n    # between\n    - a: 2\nm: 1\n",
    "a:\n    b:\n        c: 1\n\n    # of d\n    d: 2\n# of e\ne: 3\n",
    "'quoted key': 1\n\"other\": 2\nplain key: 3\n",
    "a: !!str 5\nb: !!int '6'\nc: 2\n",
    "a: &x 1\nb: &y\n  c: 2\nd: 3\n",
    "3: three\nyes: 1\n",
    "a: 1 \nb:  2   # wide\nc:   3\n",
    "日本: 値\nü:\n  ö: ä # é\n",
    "a: - b\n" if False else "a: '- b'\n",
    "a: {b: 1,\n    c: 2,\n  }\nd: 1\n",
    "a: []\nb: {}\nc: [\n  1,\n  2\n]\n",
    "deep: {er: {est: {x: 1}}}\n",
    "a: 2020-01-02 x\nb: 12:30\nc: 0x1F\nd: .inf\n",
]

JSONS = ['{"a": 1, "b": {"c": "x\\n"}}', '{}', '{"a":1,"b":[1,{"c":2}]}', '{\n\t"a":\t1 ,\n\t"b": {}\n}\n',
         '{ "ü": "é", "l": [ 1 , "two" , null ] }\n', '{"a": {"b": {"c": 1.5e3}}, "d": NaN}']

def scalar(rnd):
    return rnd.choice(["1", "0.5", "x", "'it''s'", '"q\\n"', "two words", "true", "~",
                       "", "é", "-1e-3", "a:b", "c#d", "http://x/y"])

def flow(rnd, depth):
    kind = rnd.random()
    if not depth or kind < .6:
        return scalar(rnd) or "''"
    if kind < .8:
        return "[" + ", ".join(flow(rnd, depth - 1) for _ in range(rnd.randint(1, 3))) + "]"
    return "{" + ", ".join(f"k{i}: {flow(rnd, depth - 1)}" for i in range(rnd.randint(1, 3))) + "}"

def block(rnd, depth, indent):
    pad, out = " " * indent, []
    for i in range(rnd.randint(1, 4)):
        note = rnd.choice(["", "", "", " # note", "   # wide"])
        kind = rnd.random()
        if rnd.random() < .2:
            out.append(rnd.choice(["", pad + "# above"]))
        if depth and kind < .3:
            step = rnd.choice([1, 2, 4])
            out += [f"{pad}m{i}:{note}"] + block(rnd, depth - 1, indent + step)
        elif depth and kind < .45:
            step = rnd.choice([0, 2])
            out.append(f"{pad}l{i}:{note}")
            for _ in range(rnd.randint(1, 3)):
                if rnd.random() < .6:
                    out.append(f"{pad}{' ' * step}- {scalar(rnd) or 1}{note}")
                else:
                    gap = rnd.choice([1, 3])
                    item = block(rnd, 0, indent + step + 1 + gap)
                    item = [x for x in item if x.strip() and not x.strip().startswith("#")]
                    item[0] = f"{pad}{' ' * step}-{' ' * gap}{item[0].lstrip()}"
                    out += item
        elif kind < .6:
            out.append(f"{pad}f{i}: {flow(rnd, 2)}{note}")
        elif kind < .65:
            style = rnd.choice(["|", ">", "|-", ">-"])
            out += [f"{pad}t{i}: {style}{note}", f"{pad}  line one", f"{pad}  # two"]
        else:
            out.append(f"{pad}s{i}: {scalar(rnd)}{note}")
    return out

def main(what, seed):
    rnd = random.Random(seed)
    if what == "table":
        for text in TEXTS:
            check_all("params.yaml", text, rnd)
    elif what == "json":
        for text in JSONS:
            check_all("p.json", text, rnd)
        for i in range(10):
            data = {"k%d" % i: rnd.choice([1, "x", [1, {"a": 2}], {"b": {"c": None}}])
                    for i in range(rnd.randint(0, 4))}
            check_all("p.json", json.dumps(data, indent=rnd.choice([None, 1, 4, "\t"]),
                      separators=rnd.choice([None, (",", ":")])), rnd)
    else:
        for i in range(12):
            text = "\n".join(block(rnd, 3, 0)) + rnd.choice(["\n", "", "\n\n"])
            # Nothing can stand below a block scalar that ends without LF.
            if text.endswith("# two"):
                text += "\n"
            if rnd.random() < .2:
                text = text.replace("\n", "\r\n")
            check_all("params.yaml", text, rnd)

main(sys.argv[2], int(sys.argv[3]))
run_all()
EOF

test_expect_success 'a table of unusual YAML' '
	"$PY" check.py "$OBJ_DIR/t/u-edit" table 1
'

test_expect_success 'JSON of every layout' '
	"$PY" check.py "$OBJ_DIR/t/u-edit" json 1
'

for seed in 1 2
do
	test_expect_success "random YAML, seed $seed" '
		"$PY" check.py "$OBJ_DIR/t/u-edit" random '$seed'
	'
done

test_expect_success 'the same values and refusals as DVC, on 300 random files' '
	"$PY" "$TEST_DIR/dvc/edits.py" "$OBJ_DIR/t/u-edit" 300 1
'

test_done
