#!/bin/sh
test_description='show and diff say what DVC says'
. "$(dirname "$0")/test-lib.sh"

PYTHON=${TEST_PYTHON:-$BUILD_DIR/build/venv/bin/python}
test -x "$PYTHON" || test_skip_all 'DVC is not installed (make deps)'
SEED=${SEED:-1}
export PYTHONDONTWRITEBYTECODE=1

views () {
	mkdir "$TRASH/$1" && "$PYTHON" "$TEST_DIR/dvc/views.py" "$TRASH/$1" "$SEED" "$1" >out
	test_result=$?
	cat out
	return $test_result
}

for what in json:'show --json' csv:'show --csv and --md' diff:'diff --json' numbers:'params and metrics'
do
	test_expect_success "${what#*:} of generated projects equals DVC's" "views ${what%%:*}"
	sed -n 's/^# seed/# seed/p' out
done

test_done
