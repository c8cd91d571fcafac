#!/bin/sh
test_description='absolute paths that lead into the project count as inside'
. "$(dirname "$0")/test-lib.sh"

PYTHON=$BUILD_DIR/build/venv/bin/python
test -x "$PYTHON" || test_skip_all 'DVC is not installed (make deps)'
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE

test_by "$PYTHON" "$TEST_DIR/dvc/absolute.py" "$TRASH/absolute"
