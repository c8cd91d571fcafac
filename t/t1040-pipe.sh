#!/bin/sh
test_description='pipelines are read, and refused, as DVC reads and refuses them'
. "$(dirname "$0")/test-lib.sh"

PYTHON=$BUILD_DIR/build/venv/bin/python
VIEW=$TEST_DIR/dvc/pipe.py
test -x "$PYTHON" || test_skip_all 'DVC is not installed (make deps)'
DVC_SITE_CACHE_DIR=$TRASH/site PYTHONDONTWRITEBYTECODE=1
export DVC_SITE_CACHE_DIR PYTHONDONTWRITEBYTECODE

test_expect_success 'every line of the table is taken or refused alike' '
	git init -q table && mkdir table/p &&
	"$PYTHON" "$VIEW" cases "$DATA_DIR/pipe-cases.txt" table/p &&
	"$PYTHON" "$VIEW" view table/p/* >theirs &&
	"$OBJ_DIR/t/u-pipe" table/p/* >ours &&
	"$PYTHON" "$VIEW" compare ours theirs "$DATA_DIR/pipe-cases.txt"
'

test_expect_success 'every refusal is one line with file and line' '
	grep "\"error\"" ours >refused &&
	{ grep -v "\"error\": \"[^ :]*: line [0-9]*[:,] " refused >odd || :; } &&
	test_cmp /dev/null odd
'

test_expect_success 'projects of many files look the same to both' '
	git init -q many && mkdir many/p &&
	"$PYTHON" "$VIEW" generate many/p 60 &&
	"$PYTHON" "$VIEW" view many/p/* >theirs &&
	"$OBJ_DIR/t/u-pipe" many/p/* >ours &&
	"$PYTHON" "$VIEW" compare ours theirs
'

test_done
