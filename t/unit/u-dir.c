#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "store/digest.h"
#include "store/dir.h"

#define EMPTY "d41d8cd98f00b204e9800998ecf8427e"
#define ENTRY(path) "{\"md5\": \"" EMPTY "\", \"relpath\": \"" path "\"}"

static void add(struct dir *d, const char *path, const char *bytes)
{
	char hex[DIGEST_HEX];

	digest_mem(DIGEST_MD5, bytes, strlen(bytes), hex);
	dir_add(d, path, hex, strlen(bytes));
}

/* The text of dvc-formats 18, recomputed with Python's json and hashlib. */
static const char known[] =
	"[{\"md5\": \"" EMPTY "\", \"relpath\": \"a-b\"}, "
	"{\"md5\": \"415290769594460e2e485922904f345d\", \"relpath\": \"a.txt\"}, "
	"{\"md5\": \"9dd4e461268c8034f5c8564e155c67a6\", \"relpath\": \"a/b\"}, "
	"{\"md5\": \"60b725f10c9c85c70d97880dfe8191b3\", \"relpath\": \"b.txt\"}, "
	"{\"md5\": \"b8b340fb35d9faf6c0faa16368485f2f\", \"relpath\": \"sub/a.txt\"}, "
	"{\"md5\": \"66ddcd97cfdeabb2f6fb8a999b4bc76f\", "
	"\"relpath\": \"\\u00fc \\\"q\\\".txt\"}]";

static void the_known_listing(void **state)
{
	struct dir d = DIR_INIT;
	struct buf b = BUF_INIT;
	char id[40];

	(void)state;
	add(&d, "sub/a.txt", "bb\r\n");
	add(&d, "a/b", "x");
	add(&d, "\303\274 \"q\".txt", "\303\251");
	add(&d, "b.txt", "a\n");
	add(&d, "a.txt", "y");
	add(&d, "a-b", "");
	dir_text(&d, &b, id);
	assert_string_equal(b.s, known);
	assert_string_equal(id, "35586bed63d60b48c485ef89a49bcf5f.dir");
	assert_non_null(dir_find(&d, "a/b"));
	assert_int_equal(dir_find(&d, "sub/a.txt")->size, 4);
	assert_null(dir_find(&d, "a"));
	dir_clear(&d);
	buf_clear(&b);
}

static void an_empty_directory(void **state)
{
	struct dir d = DIR_INIT;
	struct buf b = BUF_INIT;
	char id[40];

	(void)state;
	dir_text(&d, &b, id);
	assert_string_equal(b.s, "[]");
	assert_string_equal(id, "d751713988987e9331980363e24189ce.dir");
	assert_null(dir_find(&d, "a"));
	assert_int_equal(dir_parse(&d, " [ ] ", 5, "x"), 0);
	assert_int_equal(d.nr, 0);
	dir_clear(&d);
	buf_clear(&b);
}

/* Each name's own MD5 stands beside it; text and id made by Python. */
static void names_that_are_no_utf8(void **state)
{
	static const char *const name[] = {
		"\377", "a\303", "\355\240\200", "\360\237\230\200",
		"\356\200\200", "\355\237\277", "\342\202",
		"a\177\1\t\"\\/b", "\303\251", "\360\217\200\200",
		"\364\220\200\200", "\300\200",
	};
	struct dir d = DIR_INIT, back = DIR_INIT;
	struct buf b = BUF_INIT;
	char id[40];

	(void)state;
	for (size_t i = 0; i < sizeof(name) / sizeof(*name); i++)
		add(&d, name[i], name[i]);
	dir_text(&d, &b, id);
	assert_string_equal(id, "052ed598ee8994a632c56b5ac8352336.dir");
	assert_int_equal(dir_parse(&back, b.s, b.len, "x"), 0);
	assert_int_equal(back.nr, d.nr);
	for (size_t i = 0; i < d.nr; i++) {
		assert_string_equal(back.item[i].path, d.item[i].path);
		assert_string_equal(back.item[i].md5, d.item[i].md5);
		assert_ptr_equal(dir_find(&d, d.item[i].path), &d.item[i]);
	}
	dir_clear(&d);
	dir_clear(&back);
	buf_clear(&b);
}

static int parse(struct dir *d, const char *text)
{
	return dir_parse(d, text, strlen(text), "x.dir");
}

static void reads_what_python_may_write(void **state)
{
	struct dir d = DIR_INIT;
	struct buf b = BUF_INIT;
	char id[40];

	(void)state;
	assert_int_equal(parse(&d, known), 0);
	dir_text(&d, &b, id);
	assert_string_equal(b.s, known);
	dir_clear(&d);
	assert_int_equal(parse(&d, "[\n {\"relpath\" : \"b\\ud83d\\ude00\\/c\", "
			       "\"size\": 3, \"isexec\": true, \"etag\": "
			       "\"\\u00e9\", \"md5\":\"" EMPTY "\"},\t"
			       ENTRY("\303\251") "]\n"), 0);
	assert_int_equal(d.nr, 2);
	assert_string_equal(d.item[0].path, "b\360\237\230\200/c");
	assert_string_equal(d.item[1].path, "\303\251");
	dir_clear(&d);
	buf_clear(&b);
}

static void refuses(const char *text)
{
	struct dir d = DIR_INIT;

	err_clear();
	if (parse(&d, text) != ERR_INVALID)
		fail_msg("accepted: %s", text);
	assert_ptr_equal(strstr(err_message(), "x.dir: "), err_message());
	assert_int_equal(d.nr, 0);
}

static void refuses_what_is_no_listing(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(known) - 1; i++) {
		struct buf b = BUF_INIT;

		buf_add(&b, known, i);
		refuses(b.s);
		buf_clear(&b);
	}
	refuses("{}");
	refuses("[] []");
	refuses("[1]");
	refuses("[{}]");
	refuses("[" ENTRY("a") ",]");
	refuses("[" ENTRY("a") ", " ENTRY("a") "]");
	refuses("[{\"md5\": \"" EMPTY "\"}]");
	refuses("[{\"relpath\": \"a\"}]");
	refuses("[{\"md5\": \"D41D8CD98F00B204E9800998ECF8427E\", \"relpath\": \"a\"}]");
	refuses("[{\"md5\": \"../../../../etc/passwd\", \"relpath\": \"a\"}]");
	refuses("[{\"md5\": null, \"relpath\": \"a\"}]");
	refuses("[{\"md5\": \"" EMPTY "\", \"relpath\": [\"a\"]}]");
	refuses("[" ENTRY("a\\ud83d") "]");
	refuses("[" ENTRY("a\\udc00") "]");
	refuses("[" ENTRY("a\\u0000") "]");
	refuses("[" ENTRY("a\\x") "]");
	refuses("[" ENTRY("a\nb") "]");
}

static void refuses_paths_that_leave_the_directory(void **state)
{
	(void)state;
	refuses("[" ENTRY("") "]");
	refuses("[" ENTRY("/etc/passwd") "]");
	refuses("[" ENTRY("..") "]");
	refuses("[" ENTRY("../a") "]");
	refuses("[" ENTRY("a/../../b") "]");
	refuses("[" ENTRY("a/..") "]");
	refuses("[" ENTRY("./a") "]");
	refuses("[" ENTRY("a//b") "]");
	refuses("[" ENTRY("a/") "]");
	refuses("[" ENTRY("\\u002e\\u002e/a") "]");
}

/* Neither is ever in a listing by DVC, which ignores them. */
static void refuses_paths_that_would_make_a_repository(void **state)
{
	struct dir d = DIR_INIT;

	(void)state;
	refuses("[" ENTRY(".git") "]");
	refuses("[" ENTRY(".git/config") "]");
	refuses("[" ENTRY("a/.GIT/hooks/post-checkout") "]");
	refuses("[" ENTRY("a/.dvc/config") "]");
	assert_int_equal(parse(&d, "[" ENTRY("a/.gitignore") ", " ENTRY("b.dvc")
			       ", " ENTRY("..a/...") "]"), 0);
	dir_clear(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_known_listing),
		cmocka_unit_test(an_empty_directory),
		cmocka_unit_test(names_that_are_no_utf8),
		cmocka_unit_test(reads_what_python_may_write),
		cmocka_unit_test(refuses_what_is_no_listing),
		cmocka_unit_test(refuses_paths_that_leave_the_directory),
		cmocka_unit_test(refuses_paths_that_would_make_a_repository),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("dir", tests, NULL, NULL);
}
