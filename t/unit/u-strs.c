#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "base/strs.h"

static void serves_as_an_argv(void **state)
{
	struct strs l = STRS_INIT;

	(void)state;
	for (int i = 0; i < 40; i++) {
		strs_fmt(&l, "arg%d", i);
		assert_null(l.item[l.nr]);
	}
	assert_string_equal(l.item[39], "arg39");
	strs_clear(&l);
	assert_int_equal(l.nr, 0);
}

static void splits_and_counts_empty_pieces(void **state)
{
	struct strs l = STRS_INIT;

	(void)state;
	strs_split(&l, "a,,b,", ',');
	assert_int_equal(l.nr, 4);
	assert_string_equal(l.item[1], "");
	assert_string_equal(l.item[2], "b");
	assert_string_equal(l.item[3], "");
	strs_split(&l, "", ',');
	assert_int_equal(l.nr, 5);
	strs_clear(&l);
}

/* The order of `printf 'b\na/b\nZ\na-b\n\303\266\na.b\n' | LC_ALL=C sort`. */
static void sorts_by_bytes_and_finds(void **state)
{
	static const char *const want[] = {
		"Z", "a-b", "a.b", "a/b", "b", "\xc3\xb6"
	};
	struct strs l = STRS_INIT;

	(void)state;
	assert_int_equal(strs_find(&l, "x"), -1);
	strs_split(&l, "b,a/b,Z,a-b,\xc3\xb6,a.b", ',');
	strs_sort(&l);
	for (size_t i = 0; i < 6; i++) {
		assert_string_equal(l.item[i], want[i]);
		assert_int_equal(strs_find(&l, want[i]), i);
	}
	assert_int_equal(strs_find(&l, "c"), -1);
	strs_clear(&l);
}

static void adds_once_and_drops_in_order(void **state)
{
	struct strs l = STRS_INIT;

	(void)state;
	assert_true(strs_once(&l, "a"));
	assert_true(strs_once(&l, "b"));
	assert_false(strs_once(&l, "a"));
	strs_nadd(&l, "cdef", 1);
	strs_drop(&l, 0);
	assert_int_equal(l.nr, 2);
	assert_string_equal(l.item[0], "b");
	assert_string_equal(l.item[1], "c");
	assert_null(l.item[2]);
	assert_true(strs_has(&l, "c"));
	assert_false(strs_has(&l, "a"));
	strs_clear(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(serves_as_an_argv),
		cmocka_unit_test(splits_and_counts_empty_pieces),
		cmocka_unit_test(sorts_by_bytes_and_finds),
		cmocka_unit_test(adds_once_and_drops_in_order),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("strs", tests, NULL, NULL);
}
