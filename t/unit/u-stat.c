#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "store/stat.h"

#define A "60b725f10c9c85c70d97880dfe8191b3"
#define B "b8b340fb35d9faf6c0faa16368485f2f"

static const struct timespec now = { .tv_sec = 2000000000 };
static char *path;

static struct stat file(unsigned inode)
{
	struct stat st;

	memset(&st, 0, sizeof(st));
	st.st_dev = 7;
	st.st_ino = inode;
	st.st_size = 10;
	st.st_mtim.tv_sec = st.st_ctim.tv_sec = 1000000000;
	st.st_mtim.tv_nsec = 1;
	return st;
}

static void keep(struct stat_cache *c, unsigned inode, const char *hex)
{
	struct stat st = file(inode);

	stat_keep(c, &st, &now, hex);
}

static bool knows(struct stat_cache *c, unsigned inode, const char *hex)
{
	struct stat st = file(inode);
	char got[33] = "";

	return stat_find(c, &st, got) && !strcmp(got, hex);
}

static int begin(void **state)
{
	char dir[] = "/tmp/u-stat.XXXXXX";

	(void)state;
	if (!mkdtemp(dir))
		return -1;
	path = mem_fmt("%s/exp/stat", dir);
	return 0;
}

static int end(void **state)
{
	char *dir = file_dirname(path), *up = file_dirname(dir);
	int err = file_remove_tree(up);

	(void)state;
	free(dir);
	free(up);
	free(path);
	return err;
}

static void write_some(unsigned nr)
{
	struct stat_cache *c = stat_open(path);

	for (unsigned i = nr; i; i--)
		keep(c, i, i % 2 ? A : B);
	stat_close(c);
}

static void remembers_over_closing(void **state)
{
	struct stat_cache *c;

	(void)state;
	write_some(1000);
	c = stat_open(path);
	for (unsigned i = 1; i <= 1000; i++)
		assert_true(knows(c, i, i % 2 ? A : B));
	assert_false(knows(c, 1001, A));
	keep(c, 5, B);
	assert_true(knows(c, 5, B));
	stat_close(c);
	c = stat_open(path);
	assert_true(knows(c, 5, B));
	assert_true(knows(c, 7, A));
	stat_close(c);
}

static void one_record_for_one_file(void **state)
{
	struct stat_cache *c;
	struct stat a, b;

	(void)state;
	write_some(3);
	assert_int_equal(stat(path, &a), 0);
	for (int i = 0; i < 3; i++) {
		struct stat st = file(2);

		c = stat_open(path);
		st.st_size = 100 + i;
		stat_keep(c, &st, &now, A);
		stat_close(c);
	}
	assert_int_equal(stat(path, &b), 0);
	assert_int_equal(a.st_size, b.st_size);
}

static void any_difference_of_state_counts(void **state)
{
	struct stat_cache *c = stat_open(NULL);
	struct stat st[6];
	char hex[33];

	(void)state;
	keep(c, 1, A);
	for (int i = 0; i < 6; i++)
		st[i] = file(1);
	assert_true(stat_find(c, &st[0], hex));
	st[1].st_dev++;
	st[2].st_size++;
	st[3].st_mtim.tv_nsec++;
	st[4].st_ctim.tv_nsec++;
	st[5].st_ino++;
	for (int i = 1; i < 6; i++)
		assert_false(stat_find(c, &st[i], hex));
	stat_close(c);
}

static bool kept_at(int64_t before, bool ctime)
{
	struct stat_cache *c = stat_open(NULL);
	struct stat st = file(1);
	struct timespec *t = ctime ? &st.st_ctim : &st.st_mtim;
	int64_t ns = (int64_t)now.tv_sec * 1000000000 - before;
	char hex[33];
	bool kept;

	t->tv_sec = ns / 1000000000;
	t->tv_nsec = ns % 1000000000;
	stat_keep(c, &st, &now, A);
	kept = stat_find(c, &st, hex);
	stat_close(c);
	return kept;
}

static void a_fresh_file_is_not_remembered(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		assert_false(kept_at(-5000000000, i));
		assert_false(kept_at(0, i));
		assert_false(kept_at(10000000, i));
		assert_true(kept_at(100000000, i));
	}
}

static void whole_seconds_need_more_than_one(void **state)
{
	struct stat st = file(1);

	(void)state;
	st.st_mtim.tv_nsec = 0;
	st.st_mtim.tv_sec = now.tv_sec - 1;
	assert_true(stat_racy(&st, &now));
	st.st_mtim.tv_sec = now.tv_sec - 3;
	assert_false(stat_racy(&st, &now));
}

static void two_writers_keep_both(void **state)
{
	struct stat_cache *a, *b;

	(void)state;
	write_some(10);
	a = stat_open(path);
	b = stat_open(path);
	keep(a, 100, A);
	keep(a, 300, A);
	keep(b, 200, B);
	keep(b, 300, B);
	stat_close(a);
	stat_close(b);
	a = stat_open(path);
	assert_true(knows(a, 1, A));
	assert_true(knows(a, 100, A));
	assert_true(knows(a, 200, B));
	assert_true(knows(a, 300, B));
	stat_close(a);
}

/* Whatever one byte becomes, an answer is right or there is none. */
static void damage_is_never_believed(void **state)
{
	struct buf b = BUF_INIT;
	unsigned lost = 0;

	(void)state;
	write_some(4);
	assert_int_equal(file_read(path, &b, 0), 0);
	for (size_t i = 0; i < b.len; i++) {
		struct stat_cache *c;
		unsigned nr = 0;

		b.s[i] ^= 0x41;
		assert_int_equal(file_write(path, b.s, b.len, 0, 0), 0);
		b.s[i] ^= 0x41;
		c = stat_open(path);
		for (unsigned n = 1; n <= 4; n++) {
			assert_false(knows(c, n, n % 2 ? B : A));
			nr += knows(c, n, n % 2 ? A : B);
		}
		assert_true(nr < 4);
		lost += 4 - nr;
		stat_close(c);
	}
	assert_true(lost >= b.len);
	buf_clear(&b);
}

static void a_cut_or_foreign_file_is_empty(void **state)
{
	struct buf b = BUF_INIT;
	size_t right;

	(void)state;
	write_some(4);
	assert_int_equal(file_read(path, &b, 0), 0);
	right = b.len;
	buf_add(&b, "nine more", 9);
	for (size_t len = 0; len <= b.len; len++) {
		struct stat_cache *c;

		if (len == right)
			continue;
		assert_int_equal(file_write(path, b.s, len, 0, 0), 0);
		c = stat_open(path);
		assert_false(knows(c, 1, A));
		stat_close(c);
	}
	assert_int_equal(file_write(path, "version https://example", 23, 0, 0), 0);
	write_some(2);
	remembers_over_closing(state);
	buf_clear(&b);
}

static void not_writable_is_no_failure_and_hides_none(void **state)
{
	struct stat_cache *c = stat_open("/dev/null/stat");

	(void)state;
	keep(c, 1, A);
	err_set(ERR_FATAL, "the first failure");
	err_hint(ERR_FATAL, "its hint");
	stat_close(c);
	assert_string_equal(err_message(), "the first failure");
	assert_string_equal(err_hints(), "its hint");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(remembers_over_closing, begin, end),
		cmocka_unit_test_setup_teardown(one_record_for_one_file, begin, end),
		cmocka_unit_test(any_difference_of_state_counts),
		cmocka_unit_test(a_fresh_file_is_not_remembered),
		cmocka_unit_test(whole_seconds_need_more_than_one),
		cmocka_unit_test_setup_teardown(two_writers_keep_both, begin, end),
		cmocka_unit_test_setup_teardown(damage_is_never_believed, begin, end),
		cmocka_unit_test_setup_teardown(a_cut_or_foreign_file_is_empty,
						begin, end),
		cmocka_unit_test(not_writable_is_no_failure_and_hides_none),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("stat", tests, NULL, NULL);
}
