#!/bin/sh
test_description='the cache is sound wherever saving or placing is cut off'
. "$(dirname "$0")/test-lib.sh"

driver=$OBJ_DIR/t/u-cache
test -x "$driver" || test_skip_all 'u-cache is not built (make unit)'
command -v md5sum >/dev/null || test_skip_all 'there is no md5sum'
PROJECT=$PWD/p CACHE=$PWD/p/.dvc/cache STAT=$TRASH/stat
export PROJECT CACHE STAT

plant () {
	rm -rf p "$STAT" && mkdir -p p/d/sub &&
	echo a >p/d/a && echo a >p/d/same && echo b >p/d/sub/b &&
	: >p/d/empty && echo c >p/f && chmod +x p/f
}

# Each object has the bytes that its name says, and a mode nobody can write to.
sound () {
	find "$CACHE/files" -type f 2>/dev/null >objects
	while IFS= read -r object
	do
		case ${object##*/} in .*.tmp) continue ;; esac
		sum=$(md5sum <"$object") dir=${object%/*}
		name=${dir##*/}${object##*/}
		test "${sum%% *}" = "${name%.dir}" || { echo "broken: $object"; return 1; }
		case $(ls -l "$object") in
		-r--r--r--*|-r-xr--r--*) ;;
		*) ls -l "$object"; return 1 ;;
		esac
	done <objects
}

# A listing is there only when all its files are.
promised () {
	for listing in $(find "$CACHE/files" -name "*.dir" ! -name ".*" 2>/dev/null)
	do
		dir=${listing%/*}
		"$driver" whole "${dir##*/}${listing##*/}" || return 1
	done
}

everything () {
	(cd p && find d f -type f ! -name ".*.tmp" -exec md5sum {} + | sort)
}

save_all () {
	"$driver" save "$PROJECT/d" && "$driver" save "$PROJECT/f"
}

export TYPES FLAGS
for TYPES in copy hardlink symlink
do
	FLAGS=r
	test_expect_success "saving with $TYPES, cut off at each step" '
		plant && save_all >want && everything >files &&
		n=0 code=1 &&
		while test $code != 0
		do
			n=$((n + 1)) code=0 &&
			plant &&
			GIT_EXP_TEST_DIE_AT=$n save_all >out 2>&1 || code=$?
			test $code = 0 || test $code = 137 || return 1
			sound && promised || return 1
			save_all >again && test_cmp want again &&
			everything >now && test_cmp files now || return 1
		done &&
		test $n -gt 15
	'

	test_expect_success "placing with $TYPES, cut off at each step" '
		plant && save_all >want && everything >files &&
		read -r kind id rest <want &&
		rm -rf p.saved && cp -R p p.saved &&
		n=0 code=1 &&
		while test $code != 0
		do
			n=$((n + 1)) code=0 &&
			rm -rf p "$STAT" && mkdir p && cp -R p.saved/.dvc p.saved/f p &&
			mkdir -p p/d/old/deep && echo b >p/d/a && echo c >p/d/old/deep/z &&
			GIT_EXP_TEST_DIE_AT=$n "$driver" place "$PROJECT/d" $id || code=$?
			test $code = 0 || test $code = 137 || return 1
			sound && promised || return 1
			"$driver" place "$PROJECT/d" $id &&
			everything >now && test_cmp files now || return 1
		done &&
		test $n -gt 5
	'
done

# The writer never truncates: sizes stay, and many a change falls within one
# tick of the clock.
test_expect_success 'a file written to while it is saved makes no wrong object' '
	rm -rf p "$STAT" && mkdir p && : >writing &&
	for v in 1 2 3
	do
		yes "$v" | head -n 150000 >v$v || return 1
	done &&
	cp v1 p/f &&
	{
		while test -f writing
		do
			for v in 1 2 3; do cat v$v 1<>p/f; done
		done &
	} &&
	for TYPES in copy hardlink
	do
		for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15
		do
			FLAGS= "$driver" save "$PROJECT/f" >>out 2>&1
		done
	done
	rm writing && wait && sound && rm p/f && cp v2 p/f &&
	test "$("$driver" look "$PROJECT/f" | cut -d" " -f2)" = \
		"$(md5sum <v2 | cut -d" " -f1)"
'

test_done
