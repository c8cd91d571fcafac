#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include "base/buf.h"
#include "term-width.c"
#include "progress.c"

int term_columns(int fd)
{
	(void)fd;
	return 80;
}

/* The widths are those of Unicode's EastAsianWidth and of the C library. */
static void counts_columns_not_bytes(void **state)
{
	(void)state;
	assert_int_equal(term_width("abc", 3), 3);
	assert_int_equal(term_width("\xc3\xbc", 2), 1);		/* u umlaut */
	assert_int_equal(term_width("u\xcc\x88", 3), 1);	/* u, diaeresis */
	assert_int_equal(term_width("\xe5\xae\x9f\xe9\xa8\x93", 6), 4);
	assert_int_equal(term_width("\xf0\x9f\x9a\x80", 4), 2);	/* rocket */
	assert_int_equal(term_width("\xe2\x98\x85", 3), 1);	/* star */
	assert_int_equal(term_width("\xe2\x94\x9c\xe2\x94\x80", 6), 2);
	assert_int_equal(term_width("\xe2\x80\x8b", 3), 0);	/* zero width */
	assert_int_equal(term_width("\xef\xbc\xa1", 3), 2);	/* full width A */
}

static void bytes_that_are_no_utf8_count_one_each(void **state)
{
	(void)state;
	assert_int_equal(term_width("\xff\xfe", 2), 2);
	assert_int_equal(term_width("\xc3", 1), 1);
	assert_int_equal(term_width("\xe5\xae" "a", 3), 3);
	assert_int_equal(term_width("\x80" "a", 2), 2);
}

static void cuts_between_characters(void **state)
{
	(void)state;
	assert_int_equal(term_fit("abc", 3, 2), 2);
	assert_int_equal(term_fit("\xe5\xae\x9f\xe9\xa8\x93", 6, 3), 3);
	assert_int_equal(term_fit("u\xcc\x88x", 4, 1), 3);
	assert_int_equal(term_fit("abc", 3, 9), 3);
	assert_int_equal(term_fit("abc", 3, 0), 0);
}

static void pads_by_columns(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	term_pad(&b, "\xc3\xbc", 3, false);
	assert_string_equal(b.s, "\xc3\xbc  ");
	buf_reset(&b);
	term_pad(&b, "\xe5\xae\x9f", 4, true);
	assert_string_equal(b.s, "  \xe5\xae\x9f");
	buf_reset(&b);
	term_pad(&b, "long", 2, true);
	assert_string_equal(b.s, "long");
	buf_clear(&b);
}

static void size_is(uint64_t bytes, const char *want)
{
	struct buf b = BUF_INIT;

	progress_size(&b, bytes);
	assert_string_equal(b.s, want);
	buf_clear(&b);
}

static void sizes_have_three_digits(void **state)
{
	(void)state;
	size_is(0, "0 B");
	size_is(999, "999 B");
	size_is(1024, "1.00 KiB");
	size_is(1000, "0.98 KiB");
	size_is(10240, "10.0 KiB");
	size_is(1299227607, "1.21 GiB");
	size_is(432013312, "412 MiB");
}

static void tells_what_how_far_how_fast_how_long(void **state)
{
	struct progress p = { .what = "Adding data", .unit = "files",
		.total = 20000, .bytes_total = 2000000, .done = 12431,
		.bytes = 1000000, .began = 10 };
	struct buf b = BUF_INIT;

	(void)state;
	progress_line(&p, 12, &b);
	assert_string_equal(b.s, "Adding data   50 %  12,431 of 20,000 files   "
			    "977 KiB of 1.91 MiB   488 KiB/s   2 s left");
	buf_clear(&b);
}

static void says_nothing_of_totals_it_does_not_know(void **state)
{
	struct progress p = { .what = "Reading", .unit = "files", .done = 7,
		.began = 1 };
	struct buf b = BUF_INIT;

	(void)state;
	progress_line(&p, 3, &b);
	assert_string_equal(b.s, "Reading  7 files");
	buf_clear(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_columns_not_bytes),
		cmocka_unit_test(bytes_that_are_no_utf8_count_one_each),
		cmocka_unit_test(cuts_between_characters),
		cmocka_unit_test(pads_by_columns),
		cmocka_unit_test(sizes_have_three_digits),
		cmocka_unit_test(tells_what_how_far_how_fast_how_long),
		cmocka_unit_test(says_nothing_of_totals_it_does_not_know),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("term", tests, NULL, NULL);
}
