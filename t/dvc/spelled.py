"""Trees as the text of a file: YAML as people write it, JSON, TOML, Python.

A tree is made of dicts, lists and scalars. Raw('1e-3') is a scalar or a key
that stands in the file as it is; Flow marks a list or map of one line.
spell(path, tree) picks the format by the name; a tree that is a str is text.
"""
import json
import re


class Raw(str):
    """Its own spelling. Two equal ones are still two keys of a map."""
    __hash__ = object.__hash__

    def __eq__(self, other):
        return self is other

    def __deepcopy__(self, memo):
        return Raw(self)


class FlowMap(dict):
    pass


class FlowList(list):
    pass


PLAIN = re.compile(r"[A-Za-z_./$\\][A-Za-z0-9_./${}\[\]\\@-]*")
WORDS = {"true", "false", "null", "nan", "inf"}


def word(text):
    """A string as a YAML scalar on one line."""
    if isinstance(text, Raw):
        return str.__str__(text)
    if PLAIN.fullmatch(text) and text.lower().strip(".") not in WORDS:
        return text
    if "'" in text or re.search(r"[\x00-\x1f\x7f-\x9f]", text):
        return json.dumps(text, ensure_ascii=False)
    return "'%s'" % text


def scalar(value, pad=""):
    if isinstance(value, (dict, list)):
        return flow(value)
    if not isinstance(value, str):
        return json.dumps(value)
    if isinstance(value, Raw):
        return str.replace(value, "\n", "\n" + pad)
    if "\n" in value[:-1] and value[-1] == "\n" \
            and value[0] not in " \n" and "\r" not in value:
        return "|\n" + "".join(
            pad + "  " + s + "\n" for s in value[:-1].split("\n")).rstrip("\n")
    return word(value)


def inside(value):
    """In flow style more of the text has to be quoted."""
    if isinstance(value, (dict, list)):
        return flow(value)
    if isinstance(value, Raw) or not isinstance(value, str):
        return scalar(value)
    return json.dumps(value, ensure_ascii=False)


def flow(value):
    if isinstance(value, dict):
        return "{%s}" % ", ".join("%s: %s" % (inside(k), inside(v))
                                  for k, v in value.items())
    return "[%s]" % ", ".join(inside(v) for v in value)


def block(value, pad=""):
    """The lines of a map or a list."""
    lines = []
    pairs = value.items() if isinstance(value, dict) else (
        (None, v) for v in value)
    for key, item in pairs:
        head = "-" if key is None else "%s:" % scalar(key)
        if isinstance(item, (dict, list)) and item and not isinstance(
                item, (FlowMap, FlowList)):
            rest = block(item, pad + "  ")
            text = "\n" + rest if key is not None else " " + rest.lstrip(" ")
        else:
            text = " " + scalar(item, pad) + "\n"
        lines.append(pad + head + text.replace(": \n", ":\n"))
    return "".join(lines)


def yaml(tree):
    return block(tree) if isinstance(tree, (dict, list)) and tree and not \
        isinstance(tree, (FlowMap, FlowList)) else scalar(tree) + "\n"


# --- the others ---------------------------------------------------------------


def plain(value):
    """JSON has no spellings: a Raw stands for itself, so pass it through."""
    if isinstance(value, dict):
        return "{%s}" % ", ".join("%s: %s" % (plain(str(k)), plain(v))
                                  for k, v in value.items())
    if isinstance(value, list):
        return "[%s]" % ", ".join(plain(v) for v in value)
    if isinstance(value, Raw):
        return str.__str__(value)
    return json.dumps(value)


def toml_key(key):
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else json.dumps(key)


def toml_value(value):
    if isinstance(value, dict):
        return "{%s}" % ", ".join("%s = %s" % (toml_key(k), toml_value(v))
                                  for k, v in value.items())
    if isinstance(value, list):
        return "[%s]" % ", ".join(toml_value(v) for v in value)
    if isinstance(value, Raw):
        return str.__str__(value)
    return json.dumps(value, ensure_ascii=False)


def toml(tree, at=()):
    """Simple values first, then the tables, as TOML wants it."""
    lines, tables = [], []
    for key, value in tree.items():
        if isinstance(value, dict) and value and not isinstance(value, FlowMap):
            tables.append((key, value))
        else:
            lines.append("%s = %s\n" % (toml_key(key), toml_value(value)))
    for key, value in tables:
        path = at + (toml_key(key),)
        lines.append("[%s]\n" % ".".join(path) + toml(value, path))
    return "".join(lines)


def python_value(value):
    if isinstance(value, dict):
        return "{%s}" % ", ".join("%r: %s" % (str(k), python_value(v))
                                  for k, v in value.items())
    if isinstance(value, list):
        return "[%s]" % ", ".join(python_value(v) for v in value)
    return str.__str__(value) if isinstance(value, Raw) else repr(value)


def python(tree, pad=""):
    """A map becomes a class, one in flow style a literal."""
    lines = []
    for key, value in tree.items():
        if isinstance(value, dict) and value and not isinstance(value, FlowMap):
            lines.append("%sclass %s:\n%s" % (pad, key, python(value, pad + "    ")))
        else:
            lines.append("%s%s = %s\n" % (pad, key, python_value(value)))
    return "".join(lines)


def spell(path, tree):
    if isinstance(tree, str):
        return str.__str__(tree)
    if path.endswith(".json"):
        return plain(tree) + "\n"
    if path.endswith(".toml"):
        return toml(tree)
    if path.endswith(".py"):
        return python(tree)
    return yaml(tree)
