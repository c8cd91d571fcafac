#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "base/err.h"
#include "repo/entries.h"

#define RAW "\x01\x23\x45\x67\x89\xab\xcd\xef\x10\x32\x54\x76\x98\xba\xdc\xfe\x00\x11\x22\x33"
#define HEX "0123456789abcdef1032547698badcfe00112233"
static const char text[] = "100644 a\0" RAW "40000 b\0" RAW "100755 b.c\0" RAW;

static void takes_a_tree_apart(void **state)
{
	struct entries e = ENTRIES_INIT;

	(void)state;
	assert_int_equal(entries_parse(&e, text, sizeof(text) - 1, 40), 0);
	assert_int_equal(e.nr, 3);
	assert_string_equal(e.item[1].name, "b");
	assert_int_equal(e.item[1].mode, MODE_TREE);
	assert_string_equal(e.item[2].id.hex, HEX);
	entries_clear(&e);
	assert_int_equal(entries_parse(&e, "", 0, 40), 0);
	assert_int_equal(e.nr, 0);
}

static void looks_names_up_in_gits_order(void **state)
{
	/* as git sorts: a-b, a.b, a/ (a directory), a0 */
	static const char order[] = "100644 a-b\0" RAW "100644 a.b\0" RAW
		"40000 a\0" RAW "100644 a0\0" RAW "160000 b\0" RAW
		"100644 b.c\0" RAW;
	static const char *const names[] = { "a-b", "a.b", "a", "a0", "b", "b.c" };
	struct entries e = ENTRIES_INIT;

	(void)state;
	assert_int_equal(entries_parse(&e, order, sizeof(order) - 1, 40), 0);
	for (long i = 0; i < 6; i++) {
		assert_int_equal(entries_find(&e, names[i], strlen(names[i])), i);
		assert_int_equal(entries_scan(&e, names[i], strlen(names[i])), i);
	}
	assert_int_equal(entries_find(&e, "ab", 2), -1);
	assert_int_equal(entries_find(&e, "a.", 2), -1);
	assert_int_equal(entries_find(&e, "", 0), -1);
	entries_clear(&e);
}

static void refuses_every_cut_and_every_odd_mode(void **state)
{
	static const char *const bad[] = { "x a", " 100644 a", "100644", "100644 ",
		"0 a", "9 a", "777777777 a", "100644a", NULL };
	struct entries e = ENTRIES_INIT;

	(void)state;
	for (size_t len = 1; len < sizeof(text) - 1; len++) {
		char *exact = malloc(len);
		int err;

		memcpy(exact, text, len);
		err = entries_parse(&e, exact, len, 40);
		free(exact);
		if (!err != (len == 29 || len == 57))
			fail_msg("cut to %zu bytes: %d", len, err);
		entries_clear(&e);
	}
	for (const char *const *s = bad; *s; s++) {
		char whole[64] = "";

		memcpy(whole, *s, strlen(*s));
		memcpy(whole + strlen(*s) + 1, RAW, 20);
		if (entries_parse(&e, whole, strlen(*s) + 21, 40) !=
		    ERR_INVALID)
			fail_msg("taken: %s", *s);
		entries_clear(&e);
	}
}

static void setting_replaces_adds_and_removes(void **state)
{
	struct entries e = ENTRIES_INIT;
	struct oid id = { HEX };

	(void)state;
	entries_set(&e, "ab", 1, MODE_FILE, &id);
	entries_set(&e, "b", 1, MODE_FILE, &id);
	entries_set(&e, "a", 1, MODE_TREE, &id);
	entries_set(&e, "none", 4, 0, &id);
	assert_int_equal(e.nr, 2);
	assert_int_equal(e.item[entries_scan(&e, "a", 1)].mode, MODE_TREE);
	entries_set(&e, "a", 1, 0, &id);
	assert_int_equal(entries_scan(&e, "a", 1), -1);
	assert_int_equal(entries_scan(&e, "b", 1), 0);
	entries_clear(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_a_tree_apart),
		cmocka_unit_test(looks_names_up_in_gits_order),
		cmocka_unit_test(refuses_every_cut_and_every_odd_mode),
		cmocka_unit_test(setting_replaces_adds_and_removes),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("tree", tests, NULL, NULL);
}
