#!/bin/sh
test_description='on projects made by chance, DVC and we leave and see the same'
. "$(dirname "$0")/test-lib.sh"

PYTHON=$BUILD_DIR/build/venv/bin/python
test -x "$PYTHON" || test_skip_all 'DVC is not installed (make deps)'
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE

# One that fails is made again by PROJECTS='its seed' t/t7010-projects.sh
# --keep. Where CI is set, one more is new every time.
seeds=${PROJECTS-} nr=0
while test -z "${PROJECTS-}" && test "$nr" -lt 36
do
	nr=$((nr + 1)) seeds="$seeds $nr"
done
test -z "${CI-}" || seeds="$seeds $(date +%s)"
echo "# seeds:$seeds"
test_by "$PYTHON" "$TEST_DIR/dvc/compare.py" "$TRASH/projects" $seeds
