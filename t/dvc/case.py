"""The files of one project, to be written, edited, and made smaller.

.files {path: tree or text}, .modes {path: mode}, .config for .dvc/config,
.numbers: (path, keys) of whole numbers that a person edits after a run;
.broken, the kind of damage (broken.py) or None.
"""
import copy
import os

from spelled import spell

IGNORE = "/config.local\n/tmp\n/cache\n"


def put(path, text, mode=None):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="") as f:
        f.write(text)
    if mode:
        os.chmod(path, mode)


class Case:
    def __init__(self, files=None, modes=None, config="", numbers=(),
                 comments=False, broken=None):
        self.files, self.modes = files or {}, modes or {}
        self.config, self.numbers = config, list(numbers)
        self.comments, self.broken = comments, broken

    def copy(self):
        return Case(copy.deepcopy(self.files), dict(self.modes), self.config,
                    self.numbers, self.comments, self.broken)

    def text(self, path):
        text = spell(path, self.files[path])
        if self.comments and path.endswith(".yaml") and isinstance(
                self.files[path], dict):
            text = "# of people\n\n" + text + "# the end\n"
        return text

    def write(self, root):
        put(os.path.join(root, ".dvc/config"), self.config)
        put(os.path.join(root, ".dvc/.gitignore"), IGNORE)
        for path in self.files:
            put(os.path.join(root, path), self.text(path), self.modes.get(path))

    def edited(self):
        """Another case, with the numbers changed; and {path: text} of them."""
        other, paths = self.copy(), set()
        for path, keys in self.numbers:
            tree = other.files.get(path)
            try:
                for key in keys[:-1]:
                    tree = tree[key]
                tree[keys[-1]] += 1
                paths.add(path)
            except (KeyError, TypeError, IndexError):
                pass
        return {path: other.text(path) for path in sorted(paths)}

    def show(self):
        """All of it, as a person reads it in a report."""
        out = []
        if "[parsing]" in self.config:
            out.append("--- .dvc/config\n" + self.config)
        for path in sorted(self.files, key=lambda p: (
                os.path.basename(p) != "dvc.yaml", p)):
            if not path.startswith(".dvc/"):
                out.append("--- %s\n%s" % (path, self.text(path)))
        for path, text in self.edited().items():
            out.append("--- %s, edited after the first run\n%s" % (path, text))
        return "".join(t if t.endswith("\n") else t + "\n" for t in out)
