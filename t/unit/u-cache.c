#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/ignore.h"
#include "base/mem.h"
#include "store/cache.h"
#include "store/dir.h"
#include "store/stat.h"

/* --- a driver for the shell tests -------------------------------------------- */

static int say(int err, const struct content *out)
{
	if (err) {
		printf("error %d %s\n", err, err_message());
		return 1;
	}
	if (out)
		printf("%s %s %" PRIu64 " %" PRIu64 "%s\n",
		       out->kind == CONTENT_DIR ? "dir" :
		       out->kind == CONTENT_FILE ? "file" : "none", out->id,
		       out->size, out->nfiles, out->exec ? " exec" : "");
	return 0;
}

static unsigned flags_of(const char *s)
{
	return (strchr(s, 'r') ? CACHE_RELINK : 0) |
		(strchr(s, 'f') ? CACHE_FORCE : 0);
}

/* VERB PATH [ID] with the settings in the environment. */
static int act(struct cache *c, char **argv)
{
	const char *flags = getenv("FLAGS") ? getenv("FLAGS") : "";
	struct content out;
	int err;

	if (!strcmp(argv[1], "look")) {
		err = cache_look(c, argv[2], &out, NULL);
		return say(err, &out);
	}
	if (!strcmp(argv[1], "save")) {
		err = cache_save(c, argv[2], &out, flags_of(flags));
		return say(err, &out);
	}
	if (!strcmp(argv[1], "place"))
		return say(cache_place(c, argv[3], strchr(flags, 'x'), argv[2],
				       flags_of(flags)), NULL);
	if (!strcmp(argv[1], "unlink"))
		return say(cache_unlink(c, argv[2]), NULL);
	if (!strcmp(argv[1], "whole"))
		return !cache_whole(c, argv[2]);
	return 2;
}

static int drive(char **argv)
{
	struct cache c = CACHE_INIT;
	struct ignore rules = IGNORE_INIT;
	struct buf b = BUF_INIT;
	char *file;
	int code;

	cache_open(&c, getenv("CACHE"), getenv("TYPES"));
	c.project = mem_dup(getenv("PROJECT"));
	c.stat = stat_open(getenv("STAT"));
	if (getenv("OTHER"))
		strs_add(&c.others, getenv("OTHER"));
	if (c.project) {
		file = file_join(c.project, ".dvcignore");
		if (!file_read(file, &b, 0))
			ignore_add(&rules, "", b.s);
		c.ignore = &rules;
		free(file);
	}
	code = act(&c, argv);
	stat_close(c.stat);
	cache_close(&c);
	ignore_clear(&rules);
	buf_clear(&b);
	return code;
}

/* --- a world for each test ------------------------------------------------------ */

#define X "9dd4e461268c8034f5c8564e155c67a6"	/* md5 of "x" */
#define DIR_AB "3002eac91f38782c05ecdb7f0722bad8.dir"	/* a = "x", sub/b = "y" */

static char *top;
static struct cache c;

static char *at(const char *name)
{
	static char *last[4];
	static int i;

	i = (i + 1) % 4;
	mem_set(&last[i], name ? mem_fmt("%s/%s", top, name) : NULL);
	return last[i];
}

static void write_to(const char *name, const char *text)
{
	assert_int_equal(file_write(at(name), text, strlen(text), 0,
				    FILE_MKDIRS), 0);
}

static void holds(const char *name, const char *text)
{
	struct buf b = BUF_INIT;

	assert_int_equal(file_read(at(name), &b, 0), 0);
	assert_string_equal(b.s, text);
	buf_clear(&b);
}

static struct stat state_of(const char *name)
{
	struct stat st;

	assert_int_equal(lstat(at(name), &st), 0);
	return st;
}

static void use(const char *types)
{
	cache_close(&c);
	cache_open(&c, at("p/.dvc/cache"), types);
	c.project = mem_dup(at("p"));
}

static int begin(void **state)
{
	char dir[] = "/tmp/u-cache.XXXXXX";

	(void)state;
	if (!mkdtemp(dir))
		return -1;
	top = file_real(dir);
	use(NULL);
	return 0;
}

static int end(void **state)
{
	(void)state;
	cache_close(&c);
	file_remove_tree(top);
	for (int i = 0; i < 4; i++)
		at(NULL);
	mem_set(&top, NULL);
	return 0;
}

static void save_tree(unsigned flags)
{
	struct content out;

	write_to("p/d/a", "x");
	write_to("p/d/sub/b", "y");
	assert_int_equal(cache_save(&c, at("p/d"), &out, flags), 0);
	assert_string_equal(out.id, DIR_AB);
	assert_int_equal(out.size, 2);
	assert_int_equal(out.nfiles, 2);
}

static int place(const char *id, const char *name, unsigned flags)
{
	err_clear();
	return cache_place(&c, id, false, at(name), flags);
}

/* --- tests ---------------------------------------------------------------------- */

static void what_is_not_there_is_no_failure(void **state)
{
	struct content out;

	(void)state;
	assert_int_equal(cache_look(&c, at("p/none"), &out, NULL), 0);
	assert_int_equal(out.kind, CONTENT_NONE);
	assert_string_equal(out.id, "");
	assert_int_equal(cache_save(&c, at("p/none"), &out, 0), ERR_NOTFOUND);
}

static void placing_again_touches_nothing(void **state)
{
	struct stat before, after;

	(void)state;
	save_tree(CACHE_RELINK);
	before = state_of("p/d/a");
	assert_int_equal(place(DIR_AB, "p/d", CACHE_RELINK), 0);
	assert_int_equal(place(X, "p/d/a", CACHE_RELINK), 0);
	after = state_of("p/d/a");
	assert_true(stat_same(&before, &after));
}

static void bytes_that_no_cache_holds_stay(void **state)
{
	(void)state;
	save_tree(0);
	write_to("p/d/a", "precious");
	assert_int_equal(place(DIR_AB, "p/d", 0), ERR_EXISTS);
	assert_int_equal(place(X, "p/d/a", 0), ERR_EXISTS);
	holds("p/d/a", "precious");
	assert_non_null(err_hints());
	assert_int_equal(place(DIR_AB, "p/d", CACHE_FORCE), 0);
	holds("p/d/a", "x");
}

/* Not even the harmless half of the work is done. */
static void a_refusal_changes_nothing(void **state)
{
	(void)state;
	save_tree(0);
	write_to("p/d/extra", "precious");
	write_to("p/d/a", "y");
	assert_int_equal(place(DIR_AB, "p/d", 0), ERR_EXISTS);
	holds("p/d/extra", "precious");
	holds("p/d/a", "y");
}

static void what_the_cache_holds_may_go(void **state)
{
	(void)state;
	save_tree(0);
	write_to("p/d/extra/deep/z", "x");
	write_to("p/d/a", "y");
	assert_int_equal(place(DIR_AB, "p/d", 0), 0);
	holds("p/d/a", "x");
	assert_false(file_exists(at("p/d/extra")));
}

static void ignored_files_stay(void **state)
{
	struct ignore rules = IGNORE_INIT;

	(void)state;
	ignore_add(&rules, "", "*.tmp\n");
	c.ignore = &rules;
	save_tree(0);
	write_to("p/d/more/k.tmp", "precious");
	write_to("p/d/more/z", "x");
	assert_int_equal(place(DIR_AB, "p/d", CACHE_FORCE), 0);
	holds("p/d/more/k.tmp", "precious");
	assert_false(file_exists(at("p/d/more/z")));
	assert_int_equal(place(X, "p/d", 0), ERR_EXISTS);
	holds("p/d/more/k.tmp", "precious");
	ignore_clear(&rules);
}

static void a_file_and_a_directory_change_places(void **state)
{
	(void)state;
	save_tree(0);
	assert_int_equal(place(X, "p/d", 0), 0);
	holds("p/d", "x");
	assert_int_equal(place(DIR_AB, "p/d", 0), 0);
	holds("p/d/sub/b", "y");
	assert_int_equal(file_unlink(at("p/d/sub/b")), 0);
	assert_int_equal(rmdir(at("p/d/sub")), 0);
	write_to("p/d/sub", "y");
	assert_int_equal(place(DIR_AB, "p/d", 0), 0);
	holds("p/d/sub/b", "y");
	assert_int_equal(file_unlink(at("p/d/a")), 0);
	write_to("p/d/a/deep/z", "y");
	assert_int_equal(place(DIR_AB, "p/d", 0), 0);
	holds("p/d/a", "x");
}

static void no_link_leads_us_elsewhere(void **state)
{
	(void)state;
	save_tree(0);
	write_to("canary/b", "alive");
	assert_int_equal(file_remove_tree(at("p/d/sub")), 0);
	assert_int_equal(symlink(at("canary"), at("p/d/sub")), 0);
	assert_int_equal(place(DIR_AB, "p/d", 0), ERR_EXISTS);
	holds("canary/b", "alive");
	assert_int_equal(place(DIR_AB, "p/d", CACHE_FORCE), 0);
	holds("canary/b", "alive");
	holds("p/d/sub/b", "y");
	assert_int_equal(file_remove_tree(at("p/d")), 0);
	assert_int_equal(symlink(at("canary"), at("p/d")), 0);
	assert_int_equal(place(DIR_AB, "p/d", 0), ERR_EXISTS);
	assert_int_equal(place(X, "p/d/b", CACHE_FORCE), ERR_INVALID);
	assert_int_equal(place(X, "p/d/new/f", CACHE_FORCE), ERR_INVALID);
	assert_int_equal(place(DIR_AB, "p/d", CACHE_FORCE), 0);
	holds("canary/b", "alive");
	assert_false(file_exists(at("canary/a")));
	holds("p/d/a", "x");
}

static void a_listing_that_leaves_is_refused(void **state)
{
	static const char text[] = "[{\"md5\": \"" X "\", \"relpath\": \"../out\"}]";
	static const char id[] = "0123456789abcdef0123456789abcdef.dir";

	(void)state;
	save_tree(0);
	assert_int_equal(file_write(at("p/.dvc/cache/files/md5/01/"
				       "23456789abcdef0123456789abcdef.dir"),
				    text, strlen(text), 0444, FILE_MKDIRS), 0);
	assert_int_equal(place(id, "p/new", CACHE_FORCE), ERR_INVALID);
	assert_false(file_exists(at("p/out")));
	assert_int_equal(place("../../../../etc/passwd", "p/new", 0), ERR_INVALID);
	assert_null(cache_path(&c, "../../../../etc/passwd"));
	assert_false(cache_has(&c, "../../../../etc/passwd"));
}

static void a_missing_object_is_noticed_before_anything_changes(void **state)
{
	char *object;

	(void)state;
	save_tree(0);
	write_to("p/d/a", "y");
	write_to("p/d/extra", "y");
	object = cache_path(&c, X);
	assert_int_equal(unlink(object), 0);
	assert_false(cache_whole(&c, DIR_AB));
	assert_int_equal(place(DIR_AB, "p/d", CACHE_FORCE), ERR_NOTFOUND);
	holds("p/d/a", "y");
	holds("p/d/extra", "y");
	free(object);
}

static void damage(const char *object, mode_t mode)
{
	assert_int_equal(chmod(object, 0644), 0);
	assert_int_equal(truncate(object, 0), 0);
	assert_int_equal(chmod(object, mode), 0);
}

static void a_wrong_object_is_replaced(void **state)
{
	struct content out;
	struct stat st;
	char *object;

	(void)state;
	save_tree(0);
	object = cache_path(&c, X);
	damage(object, 0644);
	assert_false(cache_has(&c, X));
	assert_int_equal(lstat(object, &st), -1);
	save_tree(0);
	damage(object, 0444);
	assert_true(cache_has(&c, X));
	assert_int_equal(cache_save(&c, at("p/d/a"), &out, 0), 0);
	assert_int_equal(lstat(object, &st), 0);
	assert_int_equal(st.st_size, 1);
	assert_int_equal(chmod(object, 0644), 0);
	assert_true(cache_has(&c, X));
	assert_int_equal(lstat(object, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0444);
	free(object);
}

static void objects_are_0444_under_any_umask(void **state)
{
	mode_t old = umask(077);
	struct stat st;
	char *object;

	(void)state;
	save_tree(0);
	umask(old);
	object = cache_path(&c, X);
	assert_int_equal(lstat(object, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0444);
	free(object);
	object = cache_path(&c, DIR_AB);
	assert_int_equal(lstat(object, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0444);
	free(object);
}

static void other_caches_are_asked(void **state)
{
	struct buf b = BUF_INIT;
	char *object;

	(void)state;
	save_tree(0);
	cache_close(&c);
	cache_open(&c, at("second"), NULL);
	assert_false(cache_has(&c, X));
	strs_add(&c.others, at("p/.dvc/cache"));
	assert_true(cache_whole(&c, DIR_AB));
	object = cache_path(&c, X);
	assert_non_null(strstr(object, "/p/.dvc/"));
	free(object);
	assert_int_equal(cache_read(&c, X, &b), 0);
	assert_string_equal(b.s, "x");
	object = cache_path(&c, X);
	assert_non_null(strstr(object, "/second/"));
	assert_true(file_exists(object));
	free(object);
	assert_int_equal(place(DIR_AB, "q", 0), 0);
	holds("q/sub/b", "y");
	buf_clear(&b);
}

static void hard_links_share_and_unlink_parts(void **state)
{
	struct stat a, b;
	char *object;

	(void)state;
	use("hardlink");
	save_tree(CACHE_RELINK);
	object = cache_path(&c, X);
	a = state_of("p/d/a");
	assert_int_equal(lstat(object, &b), 0);
	assert_int_equal(a.st_ino, b.st_ino);
	assert_int_equal(a.st_mode & 07777, 0444);
	assert_int_equal(cache_unlink(&c, at("p/d")), 0);
	a = state_of("p/d/a");
	assert_int_not_equal(a.st_ino, b.st_ino);
	assert_int_equal(a.st_mode & 07777, 0644);
	holds("p/d/a", "x");
	free(object);
}

/* Whoever has the other name open would write into the cache. */
static void a_file_with_two_names_is_not_given_away(void **state)
{
	struct content out;

	(void)state;
	use("hardlink");
	write_to("p/one", "x");
	assert_int_equal(link(at("p/one"), at("p/two")), 0);
	assert_int_equal(cache_save(&c, at("p/one"), &out, CACHE_RELINK), 0);
	write_to("p/new", "z");
	assert_int_equal(state_of("p/two").st_nlink, 1);
	assert_int_equal(state_of("p/two").st_mode & 07777, 0644);
}

static void only_known_types_count(void **state)
{
	(void)state;
	use(" symlink , nonsense,copy ");
	assert_int_equal(c.types.nr, 2);
	assert_string_equal(c.types.item[0], "symlink");
	use("nonsense");
	assert_int_equal(c.types.nr, 2);
	assert_string_equal(c.types.item[0], "reflink");
}

static void left_over_temporary_files_are_not_data(void **state)
{
	(void)state;
	write_to("p/d/.a.0123456789abcdef.tmp", "half");
	save_tree(0);
}

/* A remembered hash is believed only as long as nothing changed. */
static void the_stat_cache_is_asked(void **state)
{
	struct timespec later = { .tv_sec = 4000000000 };
	struct content out;
	struct stat st;

	(void)state;
	c.stat = stat_open(NULL);
	write_to("p/f", "x");
	st = state_of("p/f");
	stat_keep(c.stat, &st, &later, "0123456789abcdef0123456789abcdef");
	assert_int_equal(cache_look(&c, at("p/f"), &out, NULL), 0);
	assert_string_equal(out.id, "0123456789abcdef0123456789abcdef");
	write_to("p/f", "x");
	assert_int_equal(cache_look(&c, at("p/f"), &out, NULL), 0);
	assert_string_equal(out.id, X);
	stat_close(c.stat);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_not_there_is_no_failure),
		TEST(placing_again_touches_nothing),
		TEST(bytes_that_no_cache_holds_stay),
		TEST(a_refusal_changes_nothing),
		TEST(what_the_cache_holds_may_go),
		TEST(ignored_files_stay),
		TEST(a_file_and_a_directory_change_places),
		TEST(no_link_leads_us_elsewhere),
		TEST(a_listing_that_leaves_is_refused),
		TEST(a_missing_object_is_noticed_before_anything_changes),
		TEST(a_wrong_object_is_replaced),
		TEST(objects_are_0444_under_any_umask),
		TEST(other_caches_are_asked),
		TEST(hard_links_share_and_unlink_parts),
		TEST(a_file_with_two_names_is_not_given_away),
		TEST(only_known_types_count),
		TEST(left_over_temporary_files_are_not_data),
		TEST(the_stat_cache_is_asked),
	};

	if (argc > 2)
		return drive(argv);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("cache", tests, NULL, NULL);
}
