#!/bin/sh
test_description='of any project that dvc.yaml can say, DVC and we say the same'
. "$(dirname "$0")/test-lib.sh"

PYTHON=$BUILD_DIR/build/venv/bin/python
test -x "$PYTHON" || test_skip_all 'DVC is not installed (make deps)'
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE

# INTEROP=n looks at n projects (`make interop` at 500), one in five of them
# damaged, and at one with each kind of damage; PROJECTS='12' or
# PROJECTS='12:circle' at one alone. Where CI is set, one more is new.
set --
if test -n "${PROJECTS-}"
then
	set -- "$PROJECTS"
else
	nr=0
	while test "$nr" -lt "${INTEROP:-60}"
	do
		nr=$((nr + 1))
		set -- "$@" "$nr"
	done
	set -- "$@" each
	test -z "${CI-}" || set -- "$@" "$(date +%s)"
fi
test_by "$PYTHON" "$TEST_DIR/dvc/interop.py" "$TRASH/projects" "$@"
