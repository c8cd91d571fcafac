"""Parameters that are one object to Python, tracked by both tools; prints TAP.

aliases.py DIR [NAME...]    every project lives below DIR

An alias in params.yaml, or a key tracked together with what stands below it:
DVC writes such a list or map once, with an anchor, and counts the anchors
through the whole dvc.lock. Every file of both tools is compared.
"""
import random

import pair

STAGE = """  %s:
    cmd: echo %s >>"$COUNTER"; echo %s >%s.txt
    params: [%s]
    outs: [%s.txt]
"""


def pipeline(tracked, words="12"):
    return "stages:\n" + "".join(
        STAGE % (name, name, word, name, ", ".join(keys), name)
        for (name, keys), word in zip(sorted(tracked.items()), words))


def runs(p, files, tracked):
    """Run, then change one command after the other: numbers move."""
    p.make({".dvc/config": "", ".gitignore": "/*.txt\n",
            ".dvc/.gitignore": "/config.local\n/tmp\n/cache\n",
            "dvc.yaml": pipeline(tracked), **files})
    p.run()
    for words in ("13", "43", "46"):
        p.write("dvc.yaml", pipeline(tracked, words))
        p.run()


def below(p):
    """a key and what stands below it, in YAML and JSON"""
    keys = ["train", "train.opt.betas", "train.opt",
            "{p.json: [a, a.b, a.b.1.c, d]}"]
    runs(p, {"params.yaml": "train:\n  opt: {betas: [0.9, 0.99], eps: 1}\n"
                            "  e: []\n",
             "p.json": '{"a": {"b": [1, {"c": []}]}, "d": []}\n'},
         {"one": keys, "two": keys[1:]})


def named(p):
    """aliases of maps and lists, empty ones too"""
    keys = ["base", "other", "base.y", "l", "e", "f"]
    runs(p, {"params.yaml": "base: &b {x: 1, y: [1, 2]}\nother: *b\n"
                            "l: [*b, *b]\ne: &e {}\n"
                            "f: [*e, [], &g [[1], [2]], *g]\n"},
         {"one": keys, "two": keys[2:]})


def merged(p):
    """what merge keys bring along"""
    keys = ["def", "train", "eval", "train.opt.betas"]
    runs(p, {"params.yaml": "def: &d\n  opt: &o {name: adam, betas: [0.9]}\n"
                            "  k: &s text\ntrain:\n  <<: *d\n  lr: 1\n"
                            "eval:\n  <<: *d\n  k: *s\n  n: [[*o], *o]\n"},
         {"one": keys, "two": ["train", "eval"]})


def whole(p):
    """a whole file, and the same places in two files"""
    text = "x: &x [1]\nz: {q: *x}\nw: [*x, {a: *x}]\n"
    runs(p, {"params.yaml": text, "o.yaml": text},
         {"one": ["{params.yaml: }", "{o.yaml: [z, w]}"], "two": ["x", "z"]})


def value(r, names, deep):
    """Flow YAML by chance; names given so far may come again."""
    kind = r.random()
    if names and kind < .25:
        return "*" + r.choice(names)
    if deep and kind < .8:
        name = "n%d" % r.randrange(9) if r.random() < .4 else None
        items = [value(r, names, deep - 1) for _ in range(r.randrange(4))]
        text = "[%s]" % ", ".join(items) if r.random() < .5 else "{%s}" % \
            ", ".join("k%d: %s" % x for x in enumerate(items))
        if name:
            # Given anew it may stand before its own alias: leave it out.
            if "*" + name not in text and name not in names:
                names.append(name)
                text = "&%s %s" % (name, text)
        return text
    return r.choice(["1", "text", "0.5", "null", "true"])


def chance(p):
    """params.yaml by chance"""
    for seed in range(12):
        r = random.Random(seed)
        names = []
        text = "".join("%s: %s\n" % (k, value(r, names, 3)) for k in "abcdef")
        one = type(p)("%s/%d" % (p.template, seed))
        runs(one, {"params.yaml": text},
             {"one": r.sample("abcdef", 5), "two": r.sample("abcdef", 3)})


if __name__ == "__main__":
    pair.main([below, named, merged, whole, chance])
