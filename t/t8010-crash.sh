#!/bin/sh
test_description='whatever durable step a command dies at, nothing is lost and a rerun ends the same'
. "$(dirname "$0")/test-lib.sh"

command -v md5sum >/dev/null || test_skip_all 'there is no md5sum'
W=$TRASH/w
mkdir "$W"

# --- words ---------------------------------------------------------------

# Each object has the bytes that its name says, nobody can write to it, and
# what a listing names is there.
cache_sound () {
	test -d .dvc/cache/files || return 0
	find .dvc/cache/files -type f ! -name '.*' -exec md5sum {} + >"$W/sums" &&
	sed 's/^\([0-9a-f]*\)  .*\/\(..\)\/\([0-9a-f]*\)\(\.dir\)*$/\1 \2\3/' "$W/sums" |
	awk '$1 != $2 { print "broken object: " $0; bad = 1 } END { exit bad }' &&
	find .dvc/cache/files -type f ! -name '.*' -perm /222 >"$W/open" &&
	test_lines 0 "$W/open" || return 1
	for listing in $(find .dvc/cache/files -name '*.dir' ! -name '.*')
	do
		for id in $(grep -o '"md5": "[0-9a-f]*"' "$listing" | cut -d '"' -f 4)
		do
			test -f ".dvc/cache/files/md5/$(echo "$id" | cut -c 1-2)/$(echo "$id" | cut -c 3-)" ||
			{ echo "$listing: no $id"; return 1; }
		done
	done
}

# What must be there after each death: an experiment may have moved (to the
# trash, to another name) but not gone.
sound () {
	git fsck --no-dangling >"$W/fsck" 2>&1 || { cat "$W/fsck"; return 1; }
	grep -v '^notice' "$W/fsck" && return 1
	git for-each-ref --format='%(objectname)' refs/exps refs/git-exp |
	sort -u >"$W/ids" &&
	comm -23 "$W/ids.before" "$W/ids" >"$W/lost" && test_lines 0 "$W/lost" &&
	cmp "$W/tpl/.git/HEAD" .git/HEAD && cmp "$W/tpl/.git/index" .git/index &&
	test ! -f "$W/tpl/dvc.yaml" || cmp "$W/tpl/dvc.yaml" dvc.yaml || return 1
	test ! -d .dvc || git-exp show >"$W/show" 2>&1 || { cat "$W/show"; return 1; }
	if test -f dvc.yaml
	then
		code=0
		git-exp status >"$W/status" 2>&1 || code=$?
		test $code -le 1 || { cat "$W/status"; return 1; }
	fi
	cache_sound
}

# Every byte of the work tree and the index, branches, and experiments by tree.
state () {
	find . \( -path ./.git -o -path ./.dvc/tmp -o -path ./.dvc/cache \) -prune \
		-o -type f ! -name '.*.tmp' -exec cksum {} + | sort -k 3
	find . \( -path ./.git -o -path ./.dvc/tmp -o -path ./.dvc/cache \) -prune \
		-o -type d -print | sort
	cksum .git/index
	git for-each-ref --format='%(refname) %(tree)' refs/heads refs/exps
}

# walk TEMPLATE COMMAND AGAIN: die at each step, demand that all is sound, do
# AGAIN (what a person would do), demand the end that a whole COMMAND has.
# MEANWHILE, if set, is demanded after each death too.
walk () {
	rm -rf "$W/tpl" "$W/end" && cp -a "$1" "$W/tpl" && cp -a "$1" "$W/end" &&
	git -C "$W/tpl" for-each-ref --format='%(objectname)' refs/exps |
	sort -u >"$W/ids.before" &&
	(cd "$W/tpl" && state) >"$W/state.before" &&
	(cd "$W/end" && eval "$2" && state >"$W/state.end") || return 1
	n=0
	while :
	do
		n=$((n + 1)) code=0
		rm -rf "$W/r" && cp -a "$1" "$W/r" && cd "$W/r" || return 1
		(GIT_EXP_TEST_DIE_AT=$n && export GIT_EXP_TEST_DIE_AT && eval "$2") \
			>"$W/out" 2>&1 || code=$?
		test $code = 0 && break
		test $code = 137 || { echo "step $n: exit $code"; cat "$W/out"; return 1; }
		sound && eval "${MEANWHILE:-:}" && eval "$3" && state >"$W/state" &&
		test_cmp "$W/state.end" "$W/state" ||
		{ echo "=== died at step $n of: $2"; return 1; }
	done
	echo "$n steps: $2"
	sound && state >"$W/state" && test_cmp "$W/state.end" "$W/state" &&
	test $n -gt "${LEAST:-3}"
}

exp_of () { git for-each-ref --format='%(objectname)' "refs/exps/**/$1"; }
points () { git for-each-ref refs/git-exp/undo; }

# --- the templates -----------------------------------------------------------

test_expect_success 'setup: two stages, two experiments, data' '
	mkdir "$W/base" && cd "$W/base" && project &&
	echo "lr: 1" >params.yaml && echo input >in.txt &&
	cat >dvc.yaml <<-\EOF &&
	stages:
	  prep:
	    cmd: cp in.txt mid
	    deps:
	    - in.txt
	    outs:
	    - mid
	  train:
	    cmd: echo said; mkdir model; cat mid params.yaml >model/w; cp params.yaml model/p; cp params.yaml m.yaml
	    deps:
	    - mid
	    params:
	    - lr
	    outs:
	    - model
	    metrics:
	    - m.yaml:
	        cache: false
	EOF
	git add . && git commit -qm base && rm -rf .git/hooks && cp -a "$W/base" "$W/fresh" &&
	git exp run -q --name one && git exp run -q -S lr=2 --name two &&
	mkdir -p data/sub && echo a >data/a && echo a >data/same && echo b >data/sub/b && : >data/empty &&
	cp -a "$W/base" "$W/dirty" && cd "$W/dirty" &&
	echo edited >in.txt && git add in.txt && echo "edited twice" >in.txt &&
	rm -rf model && mkdir model && echo "in no cache" >model/w && echo more >model/more &&
	echo mine >mine.txt && echo "lr: 5" >params.yaml && rm -rf data &&
	cp -a "$W/dirty" "$W/applied" && cd "$W/applied" && git exp apply one
'

# --- the walks -----------------------------------------------------------------

finish_run () { test -n "$(exp_of three)" || git-exp run -q -S lr=3 --name three; }

test_expect_success 'run: two stages, -S, run cache, note and log' '
	LEAST=30 walk "$W/fresh" "git-exp run -q -S lr=3 --name three" finish_run &&
	id=$(exp_of three) && git notes --ref=exps show $id >"$W/note" &&
	git notes --ref=exps-log show $id >"$W/log" && test_grep said "$W/log"
'

test_expect_success 'run: what the run cache restores' '
	LEAST=10 walk "$W/base" "rm -rf model mid dvc.lock; git-exp run -q -S lr=1 --name three" \
		"test -n \"\$(exp_of three)\" || { rm -f dvc.lock; git-exp run -q -S lr=1 --name three; }"
'

# Either nothing of the workspace changed yet, or undo brings it all back.
recover () {
	test -z "$(points)" || git-exp undo || return 1
	state >"$W/state" && test_cmp "$W/state.before" "$W/state"
}

test_expect_success 'apply: undo after each death brings back every byte' '
	walk "$W/dirty" "git-exp apply one" "recover && git-exp apply one"
'

all_back () {
	while test -n "$(points)"
	do
		git-exp undo || return 1
	done
	state >"$W/state" && test_cmp "$W/state.before" "$W/state" && git-exp apply one
}

test_expect_success 'apply: done again after each death it ends the same, and all of it can be undone' '
	walk "$W/dirty" "git-exp apply one" "git-exp apply one && state >\"\$W/state\" && test_cmp \"\$W/state.end\" \"\$W/state\" && all_back"
'

test_expect_success 'undo of an apply' '
	walk "$W/applied" "git-exp undo" "test -z \"\$(points)\" || git-exp undo"
'

test_expect_success 'remove' '
	walk "$W/base" "git-exp remove one two" \
		"test -z \"\$(exp_of one)\$(exp_of two)\" || git-exp remove \$(test -z \"\$(exp_of one)\" || echo one) \$(test -z \"\$(exp_of two)\" || echo two)" &&
	git exp undo && state >"$W/state" && test_cmp "$W/state.before" "$W/state"
'

test_expect_success 'remove: undo after each death brings back the experiments' '
	walk "$W/base" "git-exp remove one two" "recover && git-exp remove one two"
'

test_expect_success 'undo of a remove' '
	cp -a "$W/base" "$W/removed" && (cd "$W/removed" && git exp remove one two) &&
	walk "$W/removed" "git-exp undo" "test -z \"\$(points)\" || git-exp undo"
'

# At no moment is one of the files anything but what it was.
same_data () {
	test "$(cat data/a data/same data/sub/b)" = "$(printf "a\na\nb")" && test -f data/empty
}

test_expect_success 'data add: a directory' '
	MEANWHILE=same_data LEAST=10 walk "$W/base" "git-exp data add data" "git-exp data add data"
'

test_expect_success 'data add: with hard links' '
	cp -a "$W/base" "$W/links" &&
	printf "[cache]\n    type = hardlink,symlink\n" >"$W/links/.dvc/config" &&
	MEANWHILE=same_data LEAST=10 walk "$W/links" "git-exp data add data" "git-exp data add data"
'

test_expect_success 'data checkout' '
	cp -a "$W/base" "$W/co" && (cd "$W/co" && git exp data add data) &&
	walk "$W/co" "rm -rf data model; git-exp data checkout" "git-exp data checkout"
'

test_expect_success 'save' '
	LEAST=10 walk "$W/dirty" "git-exp save --name three" \
		"test -n \"\$(exp_of three)\" || git-exp save --name three"
'

test_expect_success 'rename' '
	LEAST=1 walk "$W/base" "git-exp rename one uno" \
		"test -n \"\$(exp_of uno)\" || git-exp rename one uno"
'

test_expect_success 'branch' '
	LEAST=1 walk "$W/base" "git-exp branch one b" \
		"git rev-parse -q --verify refs/heads/b || git-exp branch one b"
'

test_expect_success 'init' '
	mkdir "$W/empty" && (cd "$W/empty" && git init -q && git commit -q --allow-empty -m base) &&
	walk "$W/empty" "git-exp init --params params.yaml --model m \"echo hi >m\"" \
		"git-exp init --force --params params.yaml --model m \"echo hi >m\""
'

test_expect_success 'stage add' '
	cp -a "$W/base" "$W/stage" && rm "$W/stage/dvc.yaml" &&
	LEAST=1 walk "$W/stage" "git-exp stage add -n s -o x true" \
		"test -f dvc.yaml || git-exp stage add -n s -o x true"
'

test_done
