#!/bin/sh
test_description='entries that DVC 2 wrote, as DVC 3 reads them'
. "$(dirname "$0")/test-lib.sh"

PYTHON=$BUILD_DIR/build/venv/bin/python
test -x "$PYTHON" || test_skip_all 'DVC is not installed (make deps)'
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE

test_by "$PYTHON" "$TEST_DIR/dvc/legacy.py" "$TRASH/legacy"
