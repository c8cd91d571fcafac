#!/bin/sh
test_description='libgit2 is linked statically where that works, else as ever'
. "$(dirname "$0")/test-lib.sh"

CC=${CC:-cc}
link () { CC="$CC" sh "$BUILD_DIR/lib/repo/link.sh" "$TRASH/link" >libs 2>said; }
unset SAN SHARED

archive=$($CC -print-file-name=libgit2.a)
case $archive in */*) ;; *) test_skip_next 'no static libgit2' ;; esac
command -v nm >/dev/null || test_skip_next 'no nm'
test_expect_success 'a static libgit2 is taken, and no library of a network with it' '
	link && test_cmp /dev/null said && test_grep "/libgit2[.]a" libs &&
	test_grep ! "ssh2\|gssapi\|mbedtls[^c]\|-lssl" libs
'

test_expect_success 'shared libraries when they are asked for' '
	SHARED=1 link && test_grep "as asked" said && test_grep "^-lgit2\| -lgit2" libs &&
	SAN=-fsanitize=address link && test_grep "sanitizer" said && test_grep -lgit2 libs
'

test_expect_success 'and when the static ones are not there or do not work' '
	printf "#!/bin/sh\ncase \$* in *print-file-name*) echo \${1##*=} ;; *) exec cc \"\$@\" ;; esac\n" >none &&
	printf "#!/bin/sh\ncase \$* in */try.c*) exit 1 ;; *) exec cc \"\$@\" ;; esac\n" >broken &&
	chmod +x none broken &&
	CC=./none link && test_grep "no static libgit2" said && test_grep -lgit2 libs &&
	if test -f "$archive"
	then
		CC=./broken link && test_grep "does not link" said && test_grep -lgit2 libs
	fi
'

test_done
