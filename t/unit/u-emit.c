#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "base/buf.h"
#include "spec/emit.h"
#include "spec/val.h"

/*
 * The expectations are what DVC 3.67.1 with ruamel.yaml 0.19.1 writes;
 * t1010 compares many more texts where DVC is installed.
 */

static void read(struct val *v, const char *json)
{
	assert_int_equal(val_json(v, json, strlen(json), "f"), 0);
}

static void writes(const char *json, const char *want)
{
	struct val v = VAL_INIT;
	struct buf b = BUF_INIT;

	read(&v, json);
	emit_yaml(&b, &v, 0);
	assert_string_equal(b.s, want);
	buf_clear(&b);
	val_clear(&v);
}

static void writes_yaml(const char *yaml, const char *want)
{
	struct val v = VAL_INIT;
	struct buf b = BUF_INIT;

	assert_int_equal(val_yaml(&v, yaml, strlen(yaml), "f"), 0);
	emit_yaml(&b, &v, 0);
	assert_string_equal(b.s, want);
	buf_clear(&b);
	val_clear(&v);
}

static void lists_stand_under_their_key(void **state)
{
	(void)state;
	writes("{\"deps\": [{\"path\": \"a\", \"md5\": \"b\"}], "
	       "\"n\": {\"x\": {\"y\": [1]}}}",
	       "deps:\n- path: a\n  md5: b\nn:\n  x:\n    y:\n    - 1\n");
	writes("[[1, [2]], {\"a\": [3]}]",
	       "- - 1\n  - - 2\n- a:\n  - 3\n");
}

static void nothing_has_its_forms(void **state)
{
	(void)state;
	writes("{\"a\": null, \"b\": [null, \"\"], \"c\": {}, \"d\": [[]]}",
	       "a:\nb:\n- \n- ''\nc: {}\nd:\n- []\n");
	writes("{}", "{}\n");
	writes("[]", "[]\n");
	writes("null", "null\n...\n");
	writes("\"a b\"", "a b\n...\n");
	writes("\"1\"", "'1'\n");
}

static void numbers_and_words(void **state)
{
	(void)state;
	writes("[true, false, 1, 1.0, 1e-5, 1e22, 3e-7, -0.0, Infinity, "
	       "-Infinity, NaN]",
	       "- true\n- false\n- 1\n- 1.0\n- 1e-05\n- 1e+22\n- 3e-07\n"
	       "- -0.0\n- .inf\n- -.inf\n- .nan\n");
	writes_yaml("{3: 4, true: 2, '1': 2, ~: 1, 1.5: 2020-01-01}",
		    "3: 4\ntrue: 2\n'1': 2\nnull: 1\n1.5: 2020-01-01\n");
}

/* Each as the only item of a list. */
static void quotes_only_where_needed(void **state)
{
	static const char *const single[] = {
		" a", "a ", "true", "Null", "~", "1", "1.0", "1e3", "0x10",
		"0o7", "012", "1_000", "+1", ".5", "5.", ".inf", "=", "<<",
		"2020-01-01", "- a", "? a", "#a", "@a", "%a", "!a", "&a",
		"*a", "|", ">a", "[a", "{a", "`", "-", "---", "a: b", "a:",
		"a #b", "...", "2020-13-45", "0b_",
	}, *const plain[] = {
		"yes", "no", "on", "off", "y", "n", "12:30", "a:b", "a#b",
		"a, b", "1,2", "a]", "?a", ":a", "..", "${x}", "0.1.2", "-a",
		"\xc3\xa9", "\xf0\x9f\x98\x80",
	};
	struct val v = VAL_INIT;
	struct buf b = BUF_INIT, want = BUF_INIT;

	(void)state;
	val_set_list(&v);
	for (size_t i = 0; i < sizeof(single) / sizeof(*single); i++) {
		val_set_str(val_add(&v), single[i]);
		buf_fmt(&want, "- '%s'\n", single[i]);
	}
	for (size_t i = 0; i < sizeof(plain) / sizeof(*plain); i++) {
		val_set_str(val_add(&v), plain[i]);
		buf_fmt(&want, "- %s\n", plain[i]);
	}
	emit_yaml(&b, &v, 0);
	assert_string_equal(b.s, want.s);
	buf_clear(&b);
	buf_clear(&want);
	val_clear(&v);
}

static void double_quotes_and_escapes(void **state)
{
	(void)state;
	writes("[\"a\\nb\\n\", \"'a\", \"a\\tb\", \"\\u0007\\u001b\\u0000\", "
	       "\"\\u007f\\ufeff\\ud800\", \"\\\\ \\\" \\n\", "
	       "\"\\ud83d\\ude00\\n\"]",
	       "- \"a\\nb\\n\"\n- \"'a\"\n- \"a\\tb\"\n- \"\\a\\e\\0\"\n"
	       "- \"\\x7F\\uFEFF\\uD800\"\n- \"\\\\ \\\" \\n\"\n"
	       "- \"\xf0\x9f\x98\x80\\n\"\n");
	writes("[\"it's\", \"a \\\"b\\\"\"]", "- it's\n- a \"b\"\n");
}

#define W70 "wwwwwwwww wwwwwwwww wwwwwwwww wwwwwwwww wwwwwwwww wwwwwwwww " \
	"wwwwwwwww"
#define W90 "wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww" \
	"wwwwwwwwwwwwwwwwwwwwwwwwwwwwww"

static void folds_at_80(void **state)
{
	(void)state;
	writes("{\"cmd\": \"" W70 " --second bbb\"}",
	       "cmd: " W70 " \n  --second bbb\n");
	writes("{\"cmd\": \"" W90 "\"}", "cmd: \n  " W90 "\n");
	writes("{\"cmd\": \"" W90 " a b\"}", "cmd: \n  " W90 "\n  a b\n");
	writes("{\"cmd\": \": " W70 " second bbb\"}",
	       "cmd: ': " W70 " second\n  bbb'\n");
	writes("{\"cmd\": \"" W70 " second bbb ccc\\n\"}",
	       "cmd: \"" W70 " second\n  bbb ccc\\n\"\n");
	writes("{\"cmd\": \"" W70 " second 'bb' ccc\\n\"}",
	       "cmd: \"" W70 " second\n  'bb' ccc\\n\"\n");
}

/* Each bound from both sides, as DVC writes them. */
static void folds_at_the_very_column(void **state)
{
	(void)state;
	writes("[\"" W70 " 23456789\", "
	       "\"" W70 " 234567890\", "
	       "\"" W70 " 23456 8 a b\", "
	       "\"" W70 " 234567 9 b\", "
	       "\"" W70 " 2345678 a\"]",
	       "- " W70 " 23456789\n"
	       "- " W70 " \n"
	       "  234567890\n"
	       "- " W70 " 23456 8 \n"
	       "  a b\n"
	       "- " W70 " 234567 9\n"
	       "  b\n"
	       "- " W70 " 2345678 \n"
	       "  a\n");
	writes("[\": " W70 " 234 a b\", "
	       "\": " W70 " 2345 a b\"]",
	       "- ': " W70 " 234 a b'\n"
	       "- ': " W70 " 2345 a\n"
	       "  b'\n");
	writes("[\"\\n" W70 " 2345 c d\", "
	       "\"\\n" W70 " 23456 c d\", "
	       "\"\\n" W70 " 234 6 c d\"]",
	       "- \"\\n" W70 " 2345 c\n"
	       "  d\"\n"
	       "- \"\\n" W70 " 23456 c\n"
	       "  d\"\n"
	       "- \"\\n" W70 " 234 6 c\n"
	       "  d\"\n");
	writes("{\"" W90 "01234567890123456789012345678901\": 1, "
	       "\"" W90 "012345678901234567890123456789012\": 2}",
	       W90 "01234567890123456789012345678901: \n"
	       "  1\n"
	       "? " W90 "012345678901234567890123456789012\n"
	       ": 2\n");
}

static void long_keys_and_keys_of_lines(void **state)
{
	(void)state;
	writes("{\"a\\nb\": [1]}", "? \"a\\nb\"\n: - 1\n");
	writes("{\"" W90 "0123456789012345678901234567890123\": {\"b\": 1}}",
	       "? " W90 "0123456789012345678901234567890123\n"
	       ": b: 1\n");
}

static void a_pair_at_its_indent(void **state)
{
	struct val v = VAL_INIT;
	struct buf b = BUF_INIT;

	(void)state;
	read(&v, "{\"train\": {\"cmd\": \"x\", \"outs\": [{\"a\": null}]}}");
	emit_pair(&b, &v.key[0], &v.item[0], 2);
	assert_string_equal(b.s, "  train:\n    cmd: x\n    outs:\n"
			    "    - a:\n");
	buf_reset(&b);
	emit_yaml(&b, &v.item[0], 4);
	assert_string_equal(b.s, "    cmd: x\n    outs:\n    - a:\n");
	buf_clear(&b);
	val_clear(&v);
}

static void one_scalar(const char *json, int col, int indent, const char *want)
{
	struct val v = VAL_INIT;
	struct buf b = BUF_INIT;

	read(&v, json);
	emit_scalar(&b, &v, col, indent);
	assert_string_equal(b.s, want);
	buf_clear(&b);
	val_clear(&v);
}

static void one_scalar_in_block_and_flow(void **state)
{
	(void)state;
	one_scalar("\"a, b\"", 4, 0, "a, b");
	one_scalar("\"a, b\"", 4, -1, "'a, b'");
	one_scalar("\"?\"", 4, -1, "'?'");
	one_scalar("null", 4, 0, "");
	one_scalar("null", 4, -1, "null");
	one_scalar("\"a bb\"", 78, 2, "a \n    bb");
	one_scalar("\"a bb\"", 78, -1, "a bb");
	one_scalar("0.001", 4, -1, "0.001");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_stand_under_their_key),
		cmocka_unit_test(nothing_has_its_forms),
		cmocka_unit_test(numbers_and_words),
		cmocka_unit_test(quotes_only_where_needed),
		cmocka_unit_test(double_quotes_and_escapes),
		cmocka_unit_test(folds_at_80),
		cmocka_unit_test(folds_at_the_very_column),
		cmocka_unit_test(long_keys_and_keys_of_lines),
		cmocka_unit_test(a_pair_at_its_indent),
		cmocka_unit_test(one_scalar_in_block_and_flow),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("emit", tests, NULL, NULL);
}
