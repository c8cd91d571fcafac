#!/bin/sh
test_description='templates mean to us what they mean to DVC'
. "$(dirname "$0")/test-lib.sh"

PYTHON=$BUILD_DIR/build/venv/bin/python
VIEW=$TEST_DIR/dvc/pipe.py
CASES=$DATA_DIR/tmpl-cases.txt
test -x "$PYTHON" || test_skip_all 'DVC is not installed (make deps)'
DVC_SITE_CACHE_DIR=$TRASH/site PYTHONDONTWRITEBYTECODE=1
export DVC_SITE_CACHE_DIR PYTHONDONTWRITEBYTECODE

test_expect_success 'every rule of the table holds for both' '
	git init -q table && mkdir table/p &&
	"$PYTHON" "$VIEW" cases "$CASES" table/p &&
	"$PYTHON" "$VIEW" view table/p/* >theirs 2>said &&
	"$OBJ_DIR/t/u-pipe" table/p/* >ours &&
	"$PYTHON" "$VIEW" compare ours theirs "$CASES"
'

test_expect_success 'every refusal is one line with file and line' '
	grep "\"error\"" ours >refused &&
	{ grep -v "\"error\": \"[^ :]*: line [0-9]*[:,] " refused >odd || :; } &&
	test_cmp /dev/null odd
'

test_done
