"""Read a picture of boxes and lines back into a graph, and doubt everything.

read(text) gives (labels, edges, loops), an edge being (user, needed). Raises
Wrong when a line ends nowhere, two lines run into one another, a box is open,
or anything is drawn that belongs to neither box nor line.
"""
import sys
import unicodedata

U, D, L, R = 1, 2, 4, 8
ARMS = {"│": U | D, "─": L | R, "┘": U | L, "┐": D | L, "┤": U | D | L,
        "└": U | R, "┌": D | R, "├": U | D | R, "┴": U | L | R,
        "┬": D | L | R, "┼": U | D | L | R}
STEP = {U: (0, -1), D: (0, 1), L: (-1, 0), R: (1, 0)}
BACK = {U: D, D: U, L: R, R: L}


class Wrong(Exception):
    pass


def cells(text):
    rows = []
    for line in text.splitlines():
        row = []
        for c in line:
            if unicodedata.combining(c):
                row[-1] += c
                continue
            row.append(c)
            if unicodedata.east_asian_width(c) in "WF":
                row.append("")
        rows.append(row)
    width = max(map(len, rows), default=0)
    return [r + [" "] * (width - len(r)) for r in rows]


class Picture:
    def __init__(self, text):
        self.g = cells(text)
        self.owner, self.labels, self.used = {}, [], {}
        self.edges, self.loops = [], []
        for y in range(len(self.g) - 2):
            for x in range(len(self.g[y])):
                if self.g[y][x] == "┌":
                    self.box(x, y)
        self.lines()

    def at(self, x, y):
        inside = 0 <= y < len(self.g) and 0 <= x < len(self.g[y])
        return self.g[y][x] if inside else " "

    def border(self, x, y, end, more):
        while self.at(x, y) in more:
            x += 1
        return x if self.at(x, y) == end else None

    def box(self, x, y):
        right = self.border(x + 1, y, "┐", "─▼┴")
        if right is None or self.at(x, y + 2) != "└" or self.border(
                x + 1, y + 2, "┘", "─┬▲") != right:
            return
        label = "".join(self.g[y + 1][x + 1:right])
        if self.at(x, y + 1) != "│" or self.at(right, y + 1) != "│" or \
                not label.strip() or label.strip()[0] in ARMS:
            return
        label, n = label.strip(), len(self.labels)
        if label.endswith(" ↻"):
            label = label[:-2]
            self.loops.append(label)
        self.labels.append(label)
        for cx in range(x, right + 1):
            for cy in range(y, y + 3):
                if (cx, cy) in self.owner:
                    raise Wrong("boxes overlap at %d,%d" % (cx, cy))
                self.owner[cx, cy] = n, cy - y

    def lines(self):
        for (x, y), (n, row) in self.owner.items():
            if row == 2 and self.at(x, y) in "┬▲":
                self.follow(n, x, y)
        for y, row in enumerate(self.g):
            for x, c in enumerate(row):
                if c in ARMS and (x, y) not in self.owner:
                    self.whole(x, y, c)
                elif c in ARMS or c in " " or (x, y) in self.owner:
                    continue
                else:
                    raise Wrong("stray %r at %d,%d" % (c, x, y))
        arrows = sum(r == 0 and self.at(x, y) in "▼┴"
                     for (x, y), (n, r) in self.owner.items())
        if arrows != len(self.edges):
            raise Wrong("%d arrivals, %d edges" % (arrows, len(self.edges)))

    def whole(self, x, y, c):
        """Each arm is on exactly one line; a bridge is on two."""
        seen = self.used.get((x, y), [])
        arms = 0
        for line, a in seen:
            if arms & a:
                raise Wrong("two lines at %d,%d" % (x, y))
            arms |= a
        lines = {line for line, a in seen}
        want = U | D | L | R if c == "│" and len(lines) == 2 else ARMS[c]
        if arms != want or len(lines) > 2 or (len(lines) == 2 and c != "│"):
            raise Wrong("%r at %d,%d is drawn for %s" % (c, x, y, seen))

    def follow(self, n, x, y):
        turned = self.at(x, y) == "▲"
        line, todo, ends = (x, y), [(x, y + 1, D)], []
        while todo:
            x, y, way = todo.pop()
            if (x, y) in self.owner:
                ends.append((self.arrive(x, y, way, turned), x))
                continue
            c = self.at(x, y)
            if c not in ARMS:
                raise Wrong("a line ends at %d,%d" % (x, y))
            arms = ARMS[c] | BACK[way]
            if c == "│" and way in (L, R):
                arms = L | R
            elif not ARMS[c] & BACK[way]:
                raise Wrong("a line runs against %r at %d,%d" % (c, x, y))
            mine = dict(self.used.get((x, y), [])).get(line, 0)
            if mine & arms:
                raise Wrong("a line comes twice to %d,%d" % (x, y))
            self.used.setdefault((x, y), []).append((line, arms))
            for a in (U, D, L, R):
                if arms & a and a != BACK[way]:
                    if a == U:
                        raise Wrong("a line goes up at %d,%d" % (x, y))
                    todo.append((x + STEP[a][0], y + STEP[a][1], a))
        if not ends or len({e for e, _ in ends}) != len(ends):
            raise Wrong("a line without end, or with one twice")
        for end, _ in ends:
            pair = self.labels[end], self.labels[n]
            self.edges.append(pair[::-1] if turned else pair)

    def arrive(self, x, y, way, turned):
        n, row = self.owner[x, y]
        if way != D or row != 0 or self.at(x, y) != ("┴" if turned else "▼"):
            raise Wrong("a line runs into the box at %d,%d" % (x, y))
        return n


def read(text):
    p = Picture(text)
    return p.labels, p.edges, p.loops


if __name__ == "__main__":
    for part in zip(("boxes", "edges", "loops"), read(sys.stdin.read())):
        print(*part)
