#!/bin/sh
# Design 10, row 2: a run with nothing to do, 10 and 176 stages, against a
# `ninja` no-op on the same graph (and DVC, where it is).
. "$(dirname "$0")/lib.sh"
. "$PERF_DIR/graph.sh"
runs=${RUNS:-31}
for n in 10 176
do
	mkdir "n$n" && cd "n$n" && make_graph "$n" || exit 1
	git exp run -q && ninja >/dev/null && git exp run >/dev/null || exit 1
	claim "git-exp run, $n stages, files just made" - 5 -- git-exp run -- ninja
	# Files this young may change without their times changing: until they
	# are older, each run takes the whole snapshot again.
	sleep 3 && git exp run >/dev/null || exit 1
	claim "git-exp run, $n stages, nothing to do" 3x "$runs" -- git-exp run -- ninja
	claim "git-exp status, $n stages" - "$runs" -- git-exp status -- ninja
	test -z "$DVC" || claim "  the same against dvc repro" - 1 -- git-exp run -- "$DVC" repro
	cd ..
done
