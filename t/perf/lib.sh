# The library of the speed scripts: source it first.
#
# claim NAME BAR RUNS -- COMMAND... -- FLOOR... prints one line: what was
# measured, both medians, the ratio, and the bar of the design. No script
# fails because of a time.
set -u
PERF_DIR=${PERF_DIR:-$(cd "$(dirname "$0")" && pwd -P)}
TOP=$(cd "$PERF_DIR/../.." && pwd -P)
PATH=$TOP/bin:$PATH
WORK=$(mktemp -d "${TMPDIR:-/tmp}/git-exp-perf.XXXXXX") || exit 1
trap 'cd / && chmod -R u+w "$WORK" 2>/dev/null; rm -rf "$WORK"' EXIT
trap 'exit 130' INT TERM
mkdir "$WORK/home" && cd "$WORK" || exit 1
HOME=$WORK/home LC_ALL=C TZ=UTC GIT_CONFIG_NOSYSTEM=1 DVC_NO_ANALYTICS=1
GIT_AUTHOR_NAME='A U Thor' GIT_AUTHOR_EMAIL=author@example.com
GIT_COMMITTER_NAME='C O Mitter' GIT_COMMITTER_EMAIL=committer@example.com
export PATH HOME LC_ALL TZ GIT_CONFIG_NOSYSTEM DVC_NO_ANALYTICS GIT_AUTHOR_NAME \
	GIT_AUTHOR_EMAIL GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL
# ninja gives commands to /bin/sh, we to $SHELL as DVC does: the same for both.
SHELL=/bin/sh
export SHELL
git config --global init.defaultBranch main
git config --global gc.auto 0
${CC:-cc} -O2 -D_POSIX_C_SOURCE=200809L -o "$WORK/clock" "$PERF_DIR/clock.c" || exit 1

claim () {
	printf '%-44s' "$1"
	bar=$2 runs=$3
	shift 3
	"$WORK/clock" "$runs" "$@" | sed "s/\$/  (bar $bar)/"
}

# DVC's own program, where the tests installed it, else nothing.
DVC=$TOP/build/venv/bin/dvc
test -x "$DVC" || DVC=
