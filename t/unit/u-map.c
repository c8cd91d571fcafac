#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "base/map.h"
#include "base/mem.h"

static void fill(struct map *m, int n)
{
	for (int i = 0; i < n; i++) {
		char *key = mem_fmt("key %d", i);

		assert_null(map_put(m, key, mem_dup(key)));
		free(key);
	}
}

static void finds_each_of_many_and_no_other(void **state)
{
	struct map m = MAP_INIT;

	(void)state;
	assert_null(map_get(&m, "key 0"));
	fill(&m, 5000);
	for (int i = 0; i < 5000; i++) {
		char *key = mem_fmt("key %d", i);

		assert_int_equal(map_find(&m, key), i);
		assert_string_equal(map_get(&m, key), key);
		free(key);
	}
	assert_int_equal(map_find(&m, "key 5000"), -1);
	assert_null(map_get(&m, ""));
	map_clear(&m, free);
}

static void replaces_in_place(void **state)
{
	struct map m = MAP_INIT;
	char *old;

	(void)state;
	fill(&m, 3);
	old = map_put(&m, "key 1", mem_dup("new"));
	assert_string_equal(old, "key 1");
	assert_int_equal(m.nr, 3);
	assert_string_equal(m.item[1].value, "new");
	free(old);
	map_clear(&m, free);
}

static void drops_and_keeps_the_order_of_the_rest(void **state)
{
	for (int n = 4; n <= 100; n += 96) {
		struct map m = MAP_INIT;
		char *old;

		fill(&m, n);
		old = map_drop(&m, "key 1");
		assert_string_equal(old, "key 1");
		free(old);
		assert_null(map_drop(&m, "key 1"));
		assert_int_equal(m.nr, n - 1);
		assert_string_equal(m.item[1].key, "key 2");
		assert_int_equal(map_find(&m, "key 3"), 2);
		assert_int_equal(map_find(&m, "key 1"), -1);
		assert_null(map_put(&m, "key 1", mem_dup("again")));
		assert_int_equal(map_find(&m, "key 1"), n - 1);
		map_clear(&m, free);
	}
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_each_of_many_and_no_other),
		cmocka_unit_test(replaces_in_place),
		cmocka_unit_test(drops_and_keeps_the_order_of_the_rest),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("map", tests, NULL, NULL);
}
