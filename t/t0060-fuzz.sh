#!/bin/sh
test_description='no bytes in a file can make a reader crash, hang or lie'
. "$(dirname "$0")/test-lib.sh"

# FUZZ_RUNS=n looks longer, SEED=n elsewhere.
SEED=${SEED:-1} RUNS=${FUZZ_RUNS:-500}
echo "# seed $SEED, $RUNS damaged files of each format"

# What the reader choked on is in the file input.
choke () {
	echo "seed $SEED: the end of it was:"
	od -c input | tail -n 40
	return 1
}

for program in "$TEST_DIR"/fuzz/f-*.c
do
	name=$(basename "$program" .c) && format=${name#f-}
	program=$OBJ_DIR/t/$name corpus=$DATA_DIR/fuzz/$format
	test -x "$program" || test_skip_all 'the fuzz targets are not built'
	# Here each one goes over the disk.
	runs=$RUNS && test "$format" != busy || runs=$((RUNS / 10))

	test_expect_success "$format: whole files" '
		"$program" "$corpus"/*
	'
	test_expect_success "$format: damaged files" '
		"$program" --mutate "$SEED" "$runs" "$corpus"/* || choke
	'
	test_expect_success "$format: big files" '
		"$program" --swell "$SEED" "$((runs / 50))" "$corpus"/* || choke
	'
done

test_done
