#!/bin/sh
test_description='a full disk, a read-only one, a lock of another: said, nothing half-written, nothing lost'
. "$(dirname "$0")/test-lib.sh"

W=$TRASH/w
mkdir "$W" "$W/disk"
mounted=false
mount -t tmpfs -o size=3m none "$W/disk" 2>/dev/null && mounted=true
trap 'umount "$W/disk" 2>/dev/null; test_exit' EXIT
need_mount () { $mounted || test_skip_next 'a file system cannot be mounted here (not root)'; }

exp_of () { git for-each-ref --format='%(objectname)' "refs/exps/**/$1"; }

# What counts: files, outputs, experiments, branches; not what is in between.
state () {
	find . \( -path ./.git -o -path ./.dvc/tmp -o -path ./.dvc/cache \) -prune \
		-o -type f ! -name '.*.tmp' -exec cksum {} + | sort -k 3
	cksum .git/index
	git for-each-ref --format='%(refname) %(tree)' refs/heads refs/exps
}

# fill KIB: so much is left.
fill () {
	free=$(df -k "$W/disk" | awk 'END { print $4 }')
	test "$free" -le "$1" || dd if=/dev/zero of="$W/disk/ballast" bs=1024 count=$((free - $1)) 2>/dev/null
}

whole () {
	git fsck --no-dangling >"$W/fsck" 2>&1 && ! grep -v '^notice' "$W/fsck" &&
	git for-each-ref --format='%(objectname)' refs/exps refs/git-exp | sort -u >"$W/ids" &&
	comm -23 "$W/ids.before" "$W/ids" >"$W/lost" && test_lines 0 "$W/lost" &&
	find .dvc/cache/files -type f ! -name '.*' -exec md5sum {} + |
	sed 's/^\([0-9a-f]*\)  .*\/\(..\)\/\([0-9a-f]*\)\(\.dir\)*$/\1 \2\3/' |
	awk '$1 != $2 { print "broken object: " $0; bad = 1 } END { exit bad }'
}

# full TEMPLATE COMMAND AGAIN: with ever more room, until it is enough.
full () {
	rm -rf "$W/end" && cp -a "$1" "$W/end" && (cd "$W/end" && eval "$2" && state >"$W/state.end") &&
	git -C "$1" for-each-ref --format='%(objectname)' refs/exps refs/git-exp | sort -u >"$W/ids.before" || return 1
	failed=0
	for room in 0 4 8 12 16 20 24 28 36 44 52 60 72 84 100 120 160 240 400
	do
		rm -rf "$W"/disk/* && cp -a "$1" "$W/disk/r" && cd "$W/disk/r" && fill "$room" && code=0 || return 1
		(eval "$2") >"$W/out" 2>"$W/err" || code=$?
		case $code in
		0) ;;
		128) test "$(grep -c "^fatal: " "$W/err")" = 1 ;;
		1) test_grep "^error: stage" "$W/err" ;;
		*) false ;;
		esac || { echo "room $room: exit $code"; cat "$W/err"; return 1; }
		rm -f "$W/disk/ballast"
		whole && eval "$3" >"$W/out2" 2>&1 && state >"$W/state" && test_cmp "$W/state.end" "$W/state" ||
		{ echo "room $room, exit $code"; cat "$W/err" "$W/out2"; return 1; }
		test $code = 0 || failed=$((failed + 1))
	done
	echo "$failed failures of: $2"
	cd "$W" && test $failed -gt 0 && test $code = 0
}

test_expect_success 'setup' '
	mkdir "$W/base" && cd "$W/base" && project && rm -rf .git/hooks && echo "lr: 1" >params.yaml && echo input >in.txt &&
	cat >dvc.yaml <<-\EOF &&
	stages:
	  train:
	    cmd: mkdir -p model && cat in.txt params.yaml >model/w && echo more >model/x && cp params.yaml m.yaml
	    deps:
	    - in.txt
	    params:
	    - lr
	    outs:
	    - model
	    metrics:
	    - m.yaml:
	        cache: false
	EOF
	git add . && git commit -qm base && git exp run -q --name one && git exp run -q -S lr=2 --name two &&
	mkdir data && for i in 1 2 3 4 5 6; do echo $i >data/$i; done &&
	cp -a "$W/base" "$W/dirty" && cd "$W/dirty" && echo edited >in.txt && rm -rf model && mkdir model && echo mine >model/w && rm -rf data
'

need_mount
test_expect_success 'run on a full disk' '
	full "$W/base" "git-exp run -q -S lr=3 --name three" "test -n \"\$(exp_of three)\" || git-exp run -q -S lr=3 --name three"
'
need_mount
test_expect_success 'data add on a full disk' 'full "$W/base" "git-exp data add data" "git-exp data add data"'
need_mount
test_expect_success 'apply on a full disk' 'full "$W/dirty" "git-exp apply one" "git-exp apply one"'
need_mount
test_expect_success 'save on a full disk' '
	full "$W/dirty" "git-exp save --name three" "test -n \"\$(exp_of three)\" || git-exp save --name three"
'
need_mount
test_expect_success 'remove on a full disk' '
	full "$W/base" "git-exp remove one" "test -z \"\$(exp_of one)\" || git-exp remove one"
'
need_mount
test_expect_success 'the same without libgit2' '
	GIT_EXP_NO_LIBGIT2=1 && export GIT_EXP_NO_LIBGIT2 && test_when_finished "unset GIT_EXP_NO_LIBGIT2" &&
	full "$W/base" "git-exp run -q -S lr=3 --name three" "test -n \"\$(exp_of three)\" || git-exp run -q -S lr=3 --name three"
'

# --- read-only -------------------------------------------------------------------

need_mount
test_expect_success 'read-only: run refuses before the first command, the rest can be read' '
	rm -rf "$W"/disk/* && cp -a "$W/base" "$W/disk/r" && cd "$W/disk/r" &&
	printf "stages:\n  train:\n    cmd: touch %s/ran\n" "$W" >dvc.yaml &&
	mount -o remount,ro "$W/disk" && test_when_finished "mount -o remount,rw \"$W/disk\"" &&
	for words in "run" "run -S lr=5" "save" "apply one" "data add data" "remove one" "rename one uno" "branch one b" "stage add -n zz true"
	do
		test_code 128 git exp $words >"$W/out" 2>"$W/err" && test "$(grep -c "^fatal: " "$W/err")" = 1 ||
		{ echo "in: $words"; cat "$W/err"; return 1; }
	done &&
	! test -e "$W/ran" &&
	git exp show >"$W/out" && grep -q two "$W/out" && git exp list >"$W/out" && grep -q two "$W/out" &&
	test_code 1 git exp status && git exp run -n && git exp log one && git exp diff one two
'

# --- locks -----------------------------------------------------------------------

command -v flock >/dev/null || test_skip_next 'there is no flock'
test_expect_success 'a lock of DVC: who has it, and --wait waits for it' '
	cd "$W/base" && mkdir -p .dvc/tmp && rm -f "$W/held" &&
	{ flock -x 9 && echo " $$" >.dvc/tmp/lock && : >"$W/held" && sleep 5; } 9>>.dvc/tmp/lock &
	while ! test -e "$W/held"; do sleep 0.1; done &&
	cd "$W/base" && { git exp run --wait -S lr=7 --name waited >"$W/out" 2>&1; echo $? >"$W/code"; } &
	waiter=$!
	cd "$W/base" && test_code 128 git exp save 2>"$W/err" &&
	test_grep "^fatal: another process (pid $$) holds" "$W/err" && test_grep "^hint: .*--wait" "$W/err" &&
	! test -e "$W/code" && wait $waiter && test "$(cat "$W/code")" = 0 && test -n "$(exp_of waited)"
'

test_expect_success 'a live entry in rwlock is named, a dead one is taken out' '
	cd "$W/base" && mkdir -p .dvc/tmp/exps &&
	printf "{\"write\": {\"workspace\": {\"pid\": %s, \"cmd\": \"dvc exp run\"}}}" $$ >.dvc/tmp/exps/rwlock &&
	test_code 128 git exp save 2>"$W/err" && test_grep "^fatal: .*$$" "$W/err" &&
	sleep 0 & dead=$! && wait $dead &&
	printf "{\"write\": {\"workspace\": {\"pid\": %s, \"cmd\": \"dvc exp run\"}}}" $dead >.dvc/tmp/exps/rwlock &&
	cd "$W/base" && git exp save --name after 2>"$W/err" && test_grep "^warning: .*$dead" "$W/err"
'

test_done
