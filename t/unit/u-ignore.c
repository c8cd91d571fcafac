#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/file.h"
#include "base/ignore.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/strs.h"

static bool ignored(const char *text, const char *path, bool dir)
{
	struct ignore g = IGNORE_INIT;
	bool yes;

	ignore_add(&g, "", text);
	yes = ignore_match(&g, path, dir);
	ignore_clear(&g);
	return yes;
}

/* The examples of gitignore(5), "PATTERN FORMAT" and "EXAMPLES". */
static void does_what_the_manual_of_gitignore_says(void **state)
{
	(void)state;
	assert_true(ignored("hello.*", "a/hello.java", false));
	assert_true(ignored("/hello.*", "hello.c", false));
	assert_false(ignored("/hello.*", "a/hello.java", false));
	assert_true(ignored("foo/", "a/foo", true));
	assert_false(ignored("foo/", "foo", false));
	assert_true(ignored("doc/frotz", "doc/frotz", true));
	assert_false(ignored("doc/frotz", "a/doc/frotz", true));
	assert_true(ignored("foo/*", "foo/test.json", false));
	assert_true(ignored("foo/*", "foo/bar/hello.c", false));
	assert_true(ignored("**/foo/bar", "x/y/foo/bar", false));
	assert_true(ignored("abc/**", "abc/x/y", false));
	assert_false(ignored("abc/**", "abc", true));
	assert_true(ignored("a/**/b", "a/b", false));
	assert_true(ignored("a/**/b", "a/x/y/b", false));
	assert_true(ignored("/*\n!/foo\n/foo/*\n!/foo/bar", "foo/x", false));
	assert_false(ignored("/*\n!/foo\n/foo/*\n!/foo/bar", "foo/bar", true));
	assert_true(ignored("\\#x\n\\!y", "#x", false));
	assert_true(ignored("\\#x\n\\!y", "!y", false));
	assert_false(ignored("#x", "#x", false));
}

static void nothing_comes_back_below_an_ignored_directory(void **state)
{
	(void)state;
	assert_true(ignored("out/\n!out/keep", "out/keep", false));
	assert_false(ignored("out/*\n!out/keep", "out/keep", false));
}

static void deeper_files_see_only_what_is_below_them(void **state)
{
	struct ignore g = IGNORE_INIT;

	(void)state;
	ignore_add(&g, "", "*.log\n");
	ignore_add(&g, "sub", "!*.log\n/top\n");
	assert_true(ignore_match(&g, "a.log", false));
	assert_false(ignore_match(&g, "sub/a.log", false));
	assert_int_equal(ignore_decide(&g, "sub/a.log", false), 0);
	assert_int_equal(ignore_decide(&g, "a.log", false), 1);
	assert_int_equal(ignore_decide(&g, "a.txt", false), -1);
	assert_true(ignore_match(&g, "sub/top", false));
	assert_false(ignore_match(&g, "sub/x/top", false));
	assert_false(ignore_match(&g, "subtop", false));
	ignore_clear(&g);
}

static void a_plain_glob_knows_no_slashes(void **state)
{
	(void)state;
	assert_true(ignore_glob("*token*", "params.yaml:api/token_1"));
	assert_true(ignore_glob("?[!b-d]", "/a"));
	assert_false(ignore_glob("?[!b-d]", "/c"));
	assert_false(ignore_glob("a", "ab"));
	assert_false(ignore_glob("", "a"));
	assert_true(ignore_glob("*", ""));
}

static void many_stars_take_no_time(void **state)
{
	struct buf p = BUF_INIT, t = BUF_INIT;

	(void)state;
	for (int i = 0; i < 200; i++) {
		buf_str(&p, i % 10 ? "a*" : "/**/a*");
		buf_str(&t, "aaaaaaaaaaaaaaaaaaaa/");
	}
	buf_str(&p, "b");
	assert_false(ignored(p.s, t.s, false));
	buf_clear(&p);
	buf_clear(&t);
}

/* --- git as the arbiter ------------------------------------------------ */

static unsigned dice_at = 20261123;

static unsigned dice(unsigned n)
{
	dice_at = dice_at * 1103515245u + 12345u;
	return (dice_at >> 16) % n;
}

static const char *const tree[] = {
	"a/", "a/a", "a/b/", "a/b/a", "a/b/c.c", "a/b/b/", "a/b/b/x ",
	"b/", "b/ab", "b/a/", "b/a/b", "b/a/c", "b/#x", "b/foo bar", "ab/",
	"ab/a.c", "ab/b/", "ab/b/a", "c", "c.c", "abx", "bx", "#x", "!x",
	"x ", "a]", "a-", "a[b", "foo bar", "A", "1", ".c", "\303\266",
	"c.d/", "c.d/a/", "c.d/a/b/", "c.d/a/b/c", "*", "q\\",
};

static const char *const parts[] = {
	"a", "b", "ab", "c", "*", "?", "a*", "*b", "*.c", "[ab]", "[!a]",
	"[a-c]x", "**", "\\a", "x\\ ", "foo bar", "[[:alpha:]]", "[]a]*",
	"[a", "a\\", "*b*x", "a[]-]", "[^a-b]*", "a[[]b", "[[:upper:]0-9]",
	"\\*", "[\\]a]?", "??", "q\\\\", "c.d", "[--0]", "#x", "!x", "\\!x",
	"*[[:foo:]]", "\303?", "b", "a", "",
};

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static void pattern(struct buf *out)
{
	unsigned n = 1 + dice(3);

	buf_str(out, dice(4) ? "" : "!");
	buf_str(out, dice(4) ? "" : "/");
	for (unsigned i = 0; i < n; i++) {
		buf_str(out, i ? "/" : "");
		buf_str(out, parts[dice(COUNT(parts))]);
	}
	buf_str(out, dice(4) ? "" : "/");
	buf_str(out, dice(6) ? "" : "  ");
	buf_str(out, dice(8) ? "\n" : "\r\n");
}

static void patterns(const char *file, struct ignore *g, const char *dir)
{
	struct buf text = BUF_INIT;

	for (unsigned n = 1 + dice(3); n; n--)
		pattern(&text);
	assert_int_equal(file_write(file, text.s, text.len, 0, 0), 0);
	ignore_add(g, dir, text.s);
	buf_clear(&text);
}

static void git(char *const *argv, const struct buf *in, struct buf *out)
{
	int code;

	assert_int_equal(proc_capture(argv, NULL, NULL, in, out, NULL, 0,
				      &code), 0);
	assert_in_range(code, 0, 1);
}

static void plant(struct buf *paths)
{
	for (size_t i = 0; i < COUNT(tree); i++) {
		char *path = file_normal(tree[i]);

		if (tree[i][strlen(tree[i]) - 1] == '/')
			assert_int_equal(file_mkdirs(path), 0);
		else
			assert_int_equal(file_write(path, "", 0, 0, 0), 0);
		buf_add(paths, path, strlen(path) + 1);
		free(path);
	}
}

static bool listed(const struct buf *zs, const char *path)
{
	for (size_t i = 0; i < zs->len; i += strlen(zs->s + i) + 1)
		if (!strcmp(zs->s + i, path))
			return true;
	return false;
}

static void compare(const struct ignore *g, const struct buf *said)
{
	for (size_t i = 0; i < COUNT(tree); i++) {
		bool dir = tree[i][strlen(tree[i]) - 1] == '/';
		char *path = file_normal(tree[i]);

		if (ignore_match(g, path, dir) != listed(said, path))
			fail_msg("git says %d of '%s'", !ignore_match(g, path, dir),
				 path);
		free(path);
	}
}

static void agrees_with_git_about_ten_thousand_pairs(void **state)
{
	char *const *ask = PROC_ARGV("git", "-c", "core.excludesFile=",
				     "check-ignore", "--no-index", "-z",
				     "--stdin");
	char dir[] = "/tmp/u-ignore.XXXXXX", *old = file_cwd();
	struct buf paths = BUF_INIT;

	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_int_equal(chdir(dir), 0);
	git(PROC_ARGV("git", "init", "-q"), NULL, NULL);
	plant(&paths);
	for (int i = 0; i < 260; i++) {
		struct ignore g = IGNORE_INIT;
		struct buf said = BUF_INIT;

		patterns(".gitignore", &g, "");
		patterns("a/.gitignore", &g, "a");
		patterns("b/a/.gitignore", &g, "b/a");
		git(ask, &paths, &said);
		compare(&g, &said);
		buf_clear(&said);
		ignore_clear(&g);
	}
	assert_int_equal(chdir(old), 0);
	assert_int_equal(file_remove_tree(dir), 0);
	buf_clear(&paths);
	free(old);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(does_what_the_manual_of_gitignore_says),
		cmocka_unit_test(nothing_comes_back_below_an_ignored_directory),
		cmocka_unit_test(deeper_files_see_only_what_is_below_them),
		cmocka_unit_test(a_plain_glob_knows_no_slashes),
		cmocka_unit_test(many_stars_take_no_time),
		cmocka_unit_test(agrees_with_git_about_ten_thousand_pairs),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("ignore", tests, NULL, NULL);
}
