#!/bin/sh
# run.sh - each libFuzzer program for a while, from the corpora of the tests.
# usage: run.sh SECONDS CORPORA OUT PROGRAM...
# What a program is z-FORMAT of; new inputs go to OUT/seen/FORMAT and serve the
# next time, what breaks a promise to OUT/crash/FORMAT-*. Exit 1 when there is any.
set -u
seconds=$1 corpora=$(cd "$2" && pwd -P) || exit 2
mkdir -p "$3" && out=$(cd "$3" && pwd -P) || exit 2
shift 3
words=$(cd "$(dirname "$0")" && pwd -P)/words.dict

# One input may take a second and 100 MB; ASan's shadow and what the fuzzer
# itself keeps come on top of that.
limits="-timeout=${FUZZ_TIMEOUT:-1} -malloc_limit_mb=100 -rss_limit_mb=${FUZZ_RSS:-400}"
ASAN_OPTIONS=quarantine_size_mb=4:detect_leaks=1${ASAN_OPTIONS:+:$ASAN_OPTIONS}
export ASAN_OPTIONS

failed=0
for program
do
	program=$(cd "$(dirname "$program")" && pwd -P)/$(basename "$program")
	format=$(basename "$program") && format=${format#z-}
	seen=$out/seen/$format log=$out/$format.log
	# Some go over the disk: a place where nothing of ours stands.
	place=$(mktemp -d "${TMPDIR:-/tmp}/git-exp-fuzz.XXXXXX") || exit 2
	mkdir -p "$seen" "$out/crash"
	old=$(ls "$out/crash" | wc -l)
	# shellcheck disable=SC2086
	(cd "$place" && "$program" $limits -max_total_time="$seconds" \
		-max_len="${FUZZ_LEN:-8192}" -dict="$words" -print_final_stats=1 \
		-artifact_prefix="$out/crash/$format-" "$seen" "$corpora/$format" \
		) >"$log" 2>&1
	status=$?
	rm -rf "$place"
	runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
	found=$(($(ls "$out/crash" | wc -l) - old))
	if test "$status" = 0 && test "$found" = 0
	then
		echo "ok   $format: ${runs:-0} inputs in $seconds s"
		continue
	fi
	failed=1
	echo "FAIL $format: after ${runs:-?} inputs, see $log"
	grep -E "^(==[0-9]+==ERROR|SUMMARY|.*runtime error|.*not so:|Test unit written)" \
		"$log" | sed 's/^/     /' | head -n 6
done
exit "$failed"
