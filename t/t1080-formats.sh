#!/bin/sh
test_description='TOML, Python and JSON parameters are what DVC reads'
. "$(dirname "$0")/test-lib.sh"

PYTHON=$BUILD_DIR/build/venv/bin/python
UNIT=$OBJ_DIR/t/u-val
SUITE=$BUILD_DIR/build/toml-test
test -x "$PYTHON" || test_skip_all 'DVC is not installed (make deps)'
test -x "$UNIT" && test -x "$OBJ_DIR/t/u-edit" || test_skip_all 'the unit tests are not built'
test -d "$SUITE" || test_skip_all 'the TOML test suite for DVC is not there (make deps)'

# SEED=n looks at other texts, COUNT=50000 at more of them.
SEED=${SEED:-1} COUNT=${COUNT:-3000}
echo "# seed $SEED"

test_expect_success 'the public TOML test suite, value for value' '
	"$PYTHON" "$TEST_DIR/dvc/read_toml.py" "$UNIT" suite "$SUITE"
'
test_expect_success 'random and damaged TOML is read as by DVC' '
	"$PYTHON" "$TEST_DIR/dvc/read_toml.py" "$UNIT" random "$SEED" "$COUNT" "$SUITE"
'
test_expect_success 'Python files have the parameters that DVC finds' '
	"$PYTHON" "$TEST_DIR/dvc/read_py.py" "$UNIT" files \
		"$BUILD_DIR/build/venv/lib"/python*/site-packages/dvc* \
		"$BUILD_DIR/build/venv/lib"/python*/site-packages/pip
'
test_expect_success 'random and damaged Python is read as by DVC' '
	"$PYTHON" "$TEST_DIR/dvc/read_py.py" "$UNIT" random "$SEED" "$COUNT"
'

test_expect_success '-S changes TOML and Python files and nothing else in them' '
	"$PYTHON" "$TEST_DIR/dvc/change.py" "$OBJ_DIR/t/u-edit" "$SEED" "$((COUNT / 5))"
'

test_expect_success 'stages, locks and tables with all formats, both ways' '
	PYTHONDONTWRITEBYTECODE=1 "$PYTHON" "$TEST_DIR/dvc/formats.py" "$TRASH/both"
'

test_done
