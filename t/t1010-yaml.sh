#!/bin/sh
test_description='YAML and JSON are read and written as by DVC itself'
. "$(dirname "$0")/test-lib.sh"

PYTHON=$BUILD_DIR/build/venv/bin/python
test -x "$PYTHON" || test_skip_all 'DVC is not installed (make deps)'
test -x "$OBJ_DIR/t/u-val" || test_skip_all 'the unit tests are not built'

# SEED=n repeats a run that failed; COUNT=20000 looks longer.
SEED=${SEED:-$(date +%s)} COUNT=${COUNT:-3000}
echo "# seed $SEED"

# ask WHAT: see t/dvc/yaml.py
ask () {
	"$PYTHON" "$TEST_DIR/dvc/yaml.py" "$OBJ_DIR/t/u-val" "$1" "$SEED" "$COUNT"
}

test_expect_success 'YAML has the values that DVC reads' 'ask yaml'
test_expect_success 'YAML has the bytes that DVC writes' 'ask emit'
test_expect_success 'what we write is read alike by both' 'ask again'
test_expect_success 'JSON is taken, refused and printed as by Python' 'ask json'
test_expect_success 'values are shown as Python shows them' 'ask python'

test_done
