#!/bin/sh
test_description='whatever paths the files say, nothing outside is written, nor anything of git'
. "$(dirname "$0")/test-lib.sh"

W=$TRASH/w S=$TRASH/s
mkdir "$W" "$S"
long=$(printf '%0300d' 0)

# As they stand between double quotes, in YAML and in JSON alike. link, file,
# dot and hooks are links out of the project; LONG is 300 zeros.
cat >"$S/paths" <<'PATHS'
../canary/file
../canary/new
../canary
..
../..
/
.
./
CANARY/file
CANARY/new
CANARY
.git
.git/
.git/config
.git/hooks/post-checkout
.git/refs/heads/new
.GIT
.GIT/config
.Git/hooks/x
.git.
.git 
.git /config
git~1/config
.git\u200c/config
.git::$INDEX_ALLOCATION/x
a/../../canary/file
a/../.git/config
./.git/./config
.git/../../canary/new
.git/modules/x/config
link
link/file
link/new
link/dir/x
file
dot
dot/config
dot/hooks/x
hooks/y
sub/link/file
sub/../link/new
..\\canary\\file
a\\..\\..\\canary
a\nb
a\r\nb
a\rb
\n
a\u0000b
\u0001\u001b[31mred
\u007f
\ud800
LONG
LONG/LONG/LONG/LONG/LONG/LONG/LONG/LONG/LONG/LONG/LONG/LONG/LONG/LONG
-x
--output=../canary/new
--help
~/x
~
$HOME/x
$(touch PWNED)
`touch PWNED`
;touch PWNED
| touch PWNED
*
:(top)x
:/x
:!x
!x
#x
file:///etc/passwd
s3://bucket/key
.dvc
.dvc/config
.dvc/cache/files
.dvcignore
.gitignore
.gitmodules
dvc.yaml
dvc.lock
x.dvc
 
PATHS
sed -i "s#CANARY#$W/canary#; s/LONG/$long/g" "$S/paths"

# The bytes, modes and names of what nobody may touch.
canary () {
	find "$W/canary" "$W/home" .git/hooks .git/config .git/HEAD .git/index .git/refs/heads .git/info \
		-printf '%p %m %s %l %y %n\n' -type f -exec cksum {} +
	ls -A ..
}

# quiet COMMAND: it may do it or not, but says no in words of its own.
quiet () {
	code=0
	"$@" >"$S/say" 2>"$S/err" </dev/null || code=$?
	case $code in
	0|1|128|129) ;;
	*) echo "exit $code: $*" && cat "$S/err" && return 1 ;;
	esac
	test -s "$S/err" || return 0
	if ! awk '/[[:cntrl:]]/ || !/^(fatal|error|warning|hint|usage): / || /^fatal: / && n++ { bad = 1 }
		END { exit bad }' "$S/err"
	then
		echo "odd words of: $*" && cat "$S/err" && return 1
	fi
}

# each PLACE COMMAND...: with every path at that place, in a fresh project.
each () {
	place=$1 nr=0
	shift
	while IFS= read -r path
	do
		nr=$((nr + 1))
		rm -rf "$W/p" && cp -a "$S/tpl" "$W/p" && cd "$W/p" && "$place" "$path" || return 1
		for words
		do
			quiet git-exp $words || { echo "path $nr: $path"; return 1; }
		done
		canary >"$S/now" && cmp -s "$S/was" "$S/now" && ! test -e PWNED ||
		{ echo "path $nr: $path"; test_cmp "$S/was" "$S/now"; return 1; }
	done <"$S/paths"
	test $nr -gt 60
}

payload=$(printf payload | md5sum | cut -d ' ' -f 1)
a_lock () {
	printf 'schema: "2.0"\nstages:\n  s:\n    cmd: "true"\n    outs:\n    - path: "%s"\n      hash: md5\n      md5: %s\n      size: 7\n' "$1" "$payload" >dvc.lock
}
cached () { printf 'stages:\n  s:\n    cmd: "true"\n    outs:\n    - "%s"\n' "$1" >dvc.yaml && a_lock "$1"; }
uncached () { printf 'stages:\n  s:\n    cmd: "true"\n    outs:\n    - "%s":\n        cache: false\n' "$1" >dvc.yaml && a_lock "$1"; }
persisted () { printf 'stages:\n  s:\n    cmd: "true"\n    outs:\n    - "%s":\n        persist: true\n' "$1" >dvc.yaml && a_lock "$1"; }
needed () { printf 'stages:\n  s:\n    cmd: "true"\n    deps:\n    - "%s"\n' "$1" >dvc.yaml; }
within () { printf 'stages:\n  s:\n    cmd: "true"\n    wdir: "%s"\n    outs:\n    - file\n' "$1" >dvc.yaml && a_lock file; }
measured () { printf 'stages:\n  s:\n    cmd: "true"\n    params:\n    - "%s":\n      - lr\n    metrics:\n    - "%s":\n        cache: false\nmetrics:\n- "%s"\n' "$1" "$1" "$1" >dvc.yaml; }
pointed () { printf 'outs:\n- path: "%s"\n  hash: md5\n  md5: %s\n  size: 7\n' "$1" "$payload" >x.dvc; }
listed () {
	printf '[{"md5": "%s", "relpath": "%s"}]' "$payload" "$1" >"$S/list" &&
	id=$(md5sum <"$S/list" | cut -d ' ' -f 1) && dir=.dvc/cache/files/md5/${id%"${id#??}"} &&
	mkdir -p "$dir" && cp "$S/list" "$dir/${id#??}.dir" &&
	printf 'outs:\n- path: d\n  hash: md5\n  md5: %s.dir\n  size: 7\n  nfiles: 1\n' "$id" >x.dvc
}
offered () {
	cached "$1" && an_experiment "$1" && rm -f dvc.yaml dvc.lock
}
an_experiment () {
	yaml=$(git hash-object -w dvc.yaml) && lock=$(git hash-object -w dvc.lock) &&
	tree=$(printf '100644 blob %s\tdvc.yaml\n100644 blob %s\tdvc.lock\n' "$yaml" "$lock" | git mktree) &&
	an_experiment_of "$tree"
}
an_experiment_of () {
	base=$(git rev-parse HEAD) && rest=${base#??} &&
	git update-ref "refs/exps/${base%"$rest"}/$rest/hostile" "$(git commit-tree -p HEAD -m x "$1")"
}

test_expect_success 'setup' '
	command -v md5sum && mkdir "$W/canary" "$W/canary/dir" "$W/home" && echo 1 >"$W/canary/file" && echo 2 >"$W/canary/dir/x" &&
	git init -q "$S/tpl" && cd "$S/tpl" && git exp init && echo "lr: 1" >params.yaml && mkdir sub a &&
	ln -s ../canary link && ln -s ../../canary sub/link && ln -s ../canary/file file &&
	ln -s .git dot && ln -s .git/hooks hooks && rm -f .git/hooks/* && echo "#!/bin/sh" >.git/hooks/post-checkout &&
	printf "/link\n/file\n/dot\n/hooks\n/sub\n/a\n" >.gitignore && git add . && git commit -qm base &&
	git exp save --name mine &&
	mkdir -p .dvc/cache/files/md5/"${payload%"${payload#??}"}" &&
	printf payload >.dvc/cache/files/md5/"${payload%"${payload#??}"}/${payload#??}" &&
	HOME=$W/home && export HOME && git exp status; git exp show >/dev/null &&
	cp -a "$S/tpl" "$W/p" && cd "$W/p" && canary >"$S/was" && test_grep canary/dir/x "$S/was"
'

test_expect_success 'as an output'                   'each cached "data checkout -f" run "run -f" save'
test_expect_success 'as an output that is not cached' 'each uncached run "run -f"'
test_expect_success 'as an output that persists'     'each persisted "run -f"'
test_expect_success 'as a dependency'                'each needed run'
test_expect_success 'as a directory to work in'      'each within run "run -f"'
test_expect_success 'as parameters and metrics'      'each measured run show'
test_expect_success 'in a .dvc file'                 'each pointed "data checkout -f" run save'
test_expect_success 'in the listing of a directory'  'each listed "data checkout -f" run'
test_expect_success 'in an experiment that is applied' 'each offered "apply hostile" undo "log hostile"'

# --- trees that git itself would not make --------------------------------------

# bad_tree WHAT TREE
bad_tree () {
	rm -rf "$W/p" && cp -a "$S/tpl" "$W/p" && cd "$W/p" && tree=$(eval "$1") && an_experiment_of "$tree" &&
	quiet git-exp apply hostile && quiet git-exp undo && quiet git-exp show && quiet git-exp diff mine hostile &&
	canary >"$S/now" && test_cmp "$S/was" "$S/now"
}
blob () { echo evil | git hash-object -w --stdin; }
leaf () { printf '%s blob %s\t%s\n' "${2-100644}" "$(blob)" "$1" | git mktree; }
inside () { printf '040000 tree %s\t%s\n' "$2" "$1" | git mktree; }

test_expect_success 'an experiment with .git in its tree' '
	bad_tree "inside .git \"\$(leaf config)\"" && bad_tree "inside .GIT \"\$(leaf config)\"" &&
	bad_tree "inside a \"\$(inside .git \"\$(leaf config)\")\""
'
test_expect_success 'an experiment with .. in its tree' '
	bad_tree "inside .. \"\$(inside canary \"\$(leaf file)\")\"" && bad_tree "inside . \"\$(leaf file)\""
'
test_expect_success 'an experiment with a file where a link leads out' '
	bad_tree "inside link \"\$(leaf file)\"" && bad_tree "inside dot \"\$(leaf config)\"" &&
	bad_tree "leaf file"
'
test_expect_success 'an experiment with a link that leads out' '
	bad_tree "printf \"120000 blob %s\tnew\n\" \"\$(printf ../canary/new | git hash-object -w --stdin)\" | git mktree"
'

test_done
