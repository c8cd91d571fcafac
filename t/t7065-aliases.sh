#!/bin/sh
test_description='what is one object to Python stands once in dvc.lock, as from DVC'
. "$(dirname "$0")/test-lib.sh"

PYTHON=$BUILD_DIR/build/venv/bin/python
test -x "$PYTHON" || test_skip_all 'DVC is not installed (make deps)'
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE

test_by "$PYTHON" -W ignore "$TEST_DIR/dvc/aliases.py" "$TRASH/aliases"
