"""Parameters of a project."""
import os
from typing import List, Dict

SEED = 1_000; RATE = 1e-3  # two on a line
NAME: str = 'ad' "am" \
    r'\w' u"\u00e9\N{BULLET}"
LAYERS = [1, -2.5, (3, None), {'a': [True], 1: b'x'}, {4, 5}, 1+2j, ...]
PAIR = 1, 2
skipped = os.environ.get("X", lambda a, *b: {**a})


@decorator(1)
class Train(Base, metaclass=M):
    epochs = 0x10

    class Inner:
        x = """two
lines"""

    def __init__(self, a, /, b: int = 1, *, c) -> None:
        self.lr = 0.1
        local = 2
        if a:
            self.no = 3

    async def run(self):
        return [x async for x in y if not x is None]


if SEED:
	tabs = 1
elif RATE: pass
else:
	try:
		print(f"{x!r}")
	except (A, B) as e:
		raise E from e
	finally:
		del x[1:2, ::3]
match x:
    case {"a": 1}:
        y = 1
