#!/bin/sh
# Design 10, rows 3 and 4: a first run of 176 tiny stages against ninja, and one
# stage recorded in 10,000 tracked files against git's own commands for the
# snapshot.
. "$(dirname "$0")/lib.sh"
. "$PERF_DIR/graph.sh"
mkdir graph && cd graph && make_graph 176 || exit 1
cat >../cold.sh <<'END'
chmod -R u+w .dvc/cache 2>/dev/null
rm -rf .dvc/cache dvc.lock o[0-9]* .ninja_log .ninja_deps .ninja-out/* .git/exp
END
claim "git-exp run -j2, 176 stages, first" 2x "${RUNS:-5}" -r 'sh ../cold.sh' -- \
	git-exp run -q -j 2 --no-record -- ninja -j 2
claim "git-exp run -j1, 176 stages, first" - "${RUNS:-5}" -r 'sh ../cold.sh' -- \
	git-exp run -q --no-record -- ninja -j 1
cd ..

mkdir many && cd many && git init -q . && git exp init >/dev/null || exit 1
awk 'BEGIN { for (i = 0; i < 10000; i++) { d = "d" int(i / 100);
	if (i % 100 == 0) system("mkdir -p " d); f = d "/f" i; print i >f; close(f) } }'
printf 'stages:\n  t:\n    cmd: "true"\n    always_changed: true\n' >dvc.yaml
git add . && git commit -qm many || exit 1
cat >../snapshot.sh <<'END'
cp .git/index .git/private
export GIT_INDEX_FILE=.git/private
git add -A && git write-tree && git commit-tree -p HEAD -m x HEAD^{tree}
END
claim "git-exp run, true, 10,000 files" 3x "${RUNS:-11}" -- \
	git-exp run -q -- sh ../snapshot.sh
