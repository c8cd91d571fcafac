#!/bin/sh
test_description='DVC and we, on one repository, by turns and at one time'
. "$(dirname "$0")/test-lib.sh"

PYTHON=$BUILD_DIR/build/venv/bin/python
test -x "$PYTHON" || test_skip_all 'DVC is not installed (make deps)'
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE

test_by "$PYTHON" "$TEST_DIR/dvc/together.py" "$TRASH/together"
