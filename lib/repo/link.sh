#!/bin/sh
# link.sh - print the linker's words for libgit2 and libyaml.
#
# usage: link.sh <work directory>       CC, SAN, SHARED=1 from the environment
#
# Loading libgit2 as a shared library costs more than all our work together:
# twenty libraries, and at start-up a TLS stack with the system's certificates,
# for a network that we never use (git itself fetches and pushes). So where the
# static libraries are there, they are linked, and the entry points of the TLS,
# SSH and Kerberos libraries become small functions of ours: those that
# libgit2's start and end reach say "done" (a new object is zeroed, as its owner
# reads it; no certificate is found), every other one aborts. A program
# linked so must first have opened a repository and read its HEAD here; when it
# cannot, or anything is missing, the shared libraries are used.

dir=${1:?usage: link.sh directory}
: "${CC:=cc}"
pkgs='libgit2 yaml-0.1'
mkdir -p "$dir" || exit 1

shared () {
	echo "link: $1: shared libraries" >&2
	# shellcheck disable=SC2086
	pkg-config --libs $pkgs
	exit
}

# The file of a static library, or nothing.
archive () {
	f=$($CC -print-file-name="lib$1.a")
	case $f in */*) test -f "$f" && echo "$f" ;; esac
}

test -z "${SHARED-}" || shared 'as asked'
test -z "${SAN-}" || shared 'with a sanitizer'
git2=$(archive git2)
test -n "$git2" || shared 'no static libgit2'
command -v nm >/dev/null || shared 'no nm'

# What libgit2 wants of libraries that only a network needs.
nm -u "$git2" 2>/dev/null | awk '
	$2 ~ /^(gss_|GSS_C_|libssh2_)/ { print $2 }
	$2 ~ /^mbedtls_/ && $2 !~ /^mbedtls_(sha|md)/ { print $2 }
' | sort -u >"$dir/names"
{
	printf '#include <%s>\n' stdlib.h string.h malloc.h
	awk '
	/^GSS_C_/ { print "void *" $1 ";"; next }
	/^mbedtls_.*_init$/ { print "void " $1 "(void *p); void " $1 \
		"(void *p) { memset(p, 0, malloc_usable_size(p)); }"; next }
	/^mbedtls_strerror$/ { print "void " $1 "(int e, char *s, size_t n); void " $1 \
		"(int e, char *s, size_t n) { (void)e; if (n) *s = 0; }"; next }
	/_crt_parse_/ { print "int " $1 "(void); int " $1 "(void) { return -1; }"; next }
	/get_ciphersuite_id/ { print "int " $1 "(void); int " $1 "(void) { return 1; }"; next }
	/_(init|free|exit|seed|setup)$/ || /_conf(ig)?_/ ||
	/_ciphersuites/ { print "long " $1 "(void); long " $1 "(void) { return 0; }"; next }
	{ print "void " $1 "(void); void " $1 "(void) { abort(); }" }
	' "$dir/names"
} >"$dir/stubs.c"
$CC -O2 -fno-builtin -c -o "$dir/stubs.o" "$dir/stubs.c" 2>"$dir/log" || shared 'no stubs'

# The rest of what libgit2 asks for, static where that exists.
words="$dir/stubs.o $git2"
# shellcheck disable=SC2086
for l in $(pkg-config --libs --static $pkgs)
do
	case $l in
	-lgit2 | -lssh2 | -lmbedtls | -lmbedx509 | -lgssapi* | -lkrb5* | -lk5crypto | \
	-lcom_err | -lssl) continue ;;
	-lz | -lpthread | -lrt | -lm | -ldl | -lc) words="$words $l" ;;
	-l*) a=$(archive "${l#-l}"); words="$words ${a:-$l}" ;;
	*) words="$words $l" ;;
	esac
done

cat >"$dir/try.c" <<'END'
#include <git2.h>
int main(int argc, char **argv)
{
	git_repository *repo = NULL;
	git_oid id;
	int bad;

	if (argc < 2 || git_libgit2_init() < 0)
		return 1;
	bad = git_repository_open(&repo, argv[1]) ||
	      git_reference_name_to_id(&id, repo, "HEAD");
	git_repository_free(repo);
	git_libgit2_shutdown();
	return bad ? 1 : 0;
}
END
# shellcheck disable=SC2086
$CC -o "$dir/try" "$dir/try.c" $words >"$dir/log" 2>&1 || shared 'static libgit2 does not link'
rm -rf "$dir/try.git" && mkdir "$dir/try.git" || exit 1
(
	cd "$dir/try.git" && unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE &&
	git -c init.defaultBranch=main init -q . &&
	id=$(git hash-object -w -t tree /dev/null) &&
	c=$(GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a \
		git commit-tree -m try "$id") &&
	git update-ref HEAD "$c"
) >"$dir/log" 2>&1 || shared 'no git to try with'
"$dir/try" "$dir/try.git" >"$dir/log" 2>&1 || shared 'static libgit2 does not run'
echo "$words"
