#!/bin/sh
test_description='plots say what DVC says of them'
. "$(dirname "$0")/test-lib.sh"

PYTHON=${TEST_PYTHON:-$BUILD_DIR/build/venv/bin/python}
test -x "$PYTHON" || test_skip_all 'DVC is not installed (make deps)'
export PYTHONDONTWRITEBYTECODE=1

# SEED=n looks elsewhere, PLOTS=n at more projects.
test_expect_success 'plots show and diff --json of generated projects equal DVC' '
	"$PYTHON" "$TEST_DIR/dvc/plots.py" "$TRASH/projects" "${SEED:-1}" "${PLOTS:-8}"
'

test_expect_success 'the built-in templates are those of DVC' '
	cat >compare.py <<-\EOF &&
	import json, subprocess
	from dvc_render.vega_templates import TEMPLATES
	names = subprocess.run(["git", "exp", "plots", "templates"], stdout=subprocess.PIPE, text=True).stdout.split()
	assert names == [t.DEFAULT_NAME for t in TEMPLATES], names
	for t in TEMPLATES:
	    ours = subprocess.run(["git", "exp", "plots", "templates", t.DEFAULT_NAME], stdout=subprocess.PIPE).stdout
	    assert json.loads(ours) == t.DEFAULT_CONTENT, t.DEFAULT_NAME
	EOF
	project here && cd here && "$PYTHON" ../compare.py
'

# What Python reads of bytes that a table may be made of.
test_expect_success 'any small table reads as with Python' '
	cat >../csvs.py <<-\EOF &&
	import itertools, json, os, random, subprocess, sys
	from dvc.repo.plots import _load_sv
	r = random.Random(int(os.environ.get("SEED", 1)))
	names = []
	for i in range(400):
	    text = "k,v\n" + "".join(r.choice(["a", ",", "\"", "\n", "\r\n", "1", " ", "\r", "é"]) for _ in range(r.randint(1, 14)))
	    names.append(f"t{i}.csv")
	    with open(names[-1], "w", newline="") as f:
	        f.write(text)
	out = subprocess.run(["git", "exp", "plots", "show", "--json", "-t", "simple", "-y", "v", *names],
	                     stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout
	data = json.loads(out)["data"]
	seen = 0
	for name in names:
	    rows = _load_sv(open(name).read())
	    if not rows or {k for row in rows for k in row} != set(rows[0]):
	        assert data[name] == [], (name, open(name).read(), data[name])
	        continue
	    ours = data[name][0]["content"]["data"]["values"]
	    for row in ours:
	        del row["rev"], row["step"]
	    rows = [{"null" if k is None else k: v for k, v in row.items()} for row in rows]
	    assert ours == rows, (open(name).read(), rows, ours)
	    seen += 1
	assert seen > 150, seen
	EOF
	"$PYTHON" ../csvs.py
'

test_done
