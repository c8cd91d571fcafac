#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "spec/canon.h"
#include "spec/val.h"

/* The expectations are what json.dumps, repr and str of Python 3.11 say. */

static void prints(const char *text, unsigned flags, const char *want)
{
	struct val v = VAL_INIT;
	struct buf b = BUF_INIT;

	assert_int_equal(val_yaml(&v, text, strlen(text), "f"), 0);
	assert_int_equal(canon_json(&b, &v, flags), 0);
	assert_string_equal(b.s, want);
	buf_clear(&b);
	val_clear(&v);
}

static void separators_and_names(void **state)
{
	(void)state;
	prints("b: [1, 2.0, null, true]\na: {}\nc: []\n", 0,
	       "{\"b\": [1, 2.0, null, true], \"a\": {}, \"c\": []}");
	prints("[.nan, .inf, -.inf, -0.0]", 0,
	       "[NaN, Infinity, -Infinity, -0.0]");
	prints("{3: a, true: b, null: c, 1.5: d}", 0,
	       "{\"3\": \"a\", \"true\": \"b\", \"null\": \"c\", "
	       "\"1.5\": \"d\"}");
}

static void escapes_to_ascii(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	prints("\"\\0\\t\\n\\r\\b\\f\\x1f\\x7f\\\"\\\\/\\u00e9"
	       "\\uffff\\U0001F600\\U0010ffff\"", 0,
	       "\"\\u0000\\t\\n\\r\\b\\f\\u001f\\u007f\\\"\\\\/\\u00e9"
	       "\\uffff\\ud83d\\ude00\\udbff\\udfff\"");
	canon_str(&b, "\xed\xa0\x80\xff\xc0\x80", 6);
	assert_string_equal(b.s, "\"\\ud800\\udcff\\udcc0\\udc80\"");
	buf_clear(&b);
}

static void sorts_every_level(void **state)
{
	(void)state;
	prints("z: {b: 1, a: 2}\nB: 1\n\xef\xbd\xa1: 1\n\xf0\x9f\x98\x80: 2\n",
	       CANON_SORT, "{\"B\": 1, \"z\": {\"a\": 2, \"b\": 1}, "
	       "\"\\uff61\": 1, \"\\ud83d\\ude00\": 2}");
	prints("{10: a, 9: b, -1: c, 9.5: d, true: e}", CANON_SORT,
	       "{\"-1\": \"c\", \"true\": \"e\", \"9\": \"b\", "
	       "\"9.5\": \"d\", \"10\": \"a\"}");
}

static void leaves_sizes_out(void **state)
{
	(void)state;
	prints("size: 1\na: [{nfiles: 2, md5: x}, {size: 3}]\nsizes: 4\n",
	       CANON_NO_SIZES,
	       "{\"a\": [{\"md5\": \"x\"}, {}], \"sizes\": 4}");
}

static void strict_refuses(const char *text, const char *message)
{
	struct val v = VAL_INIT;
	struct buf b = BUF_INIT;

	assert_int_equal(val_yaml(&v, text, strlen(text), "f"), 0);
	assert_int_equal(canon_json(&b, &v, CANON_SORT | CANON_STRICT),
			 ERR_INVALID);
	assert_string_equal(err_message(), message);
	buf_clear(&b);
	val_clear(&v);
}

static void strict_refuses_what_dvc_cannot_hash(void **state)
{
	(void)state;
	strict_refuses("a: [2020-01-02]",
		       "the date '2020-01-02' cannot be hashed");
	strict_refuses("2020-01-02: 1",
		       "the date '2020-01-02' cannot be hashed");
	strict_refuses("{a: 1, 2: 3}",
		       "keys of different types in one map cannot be hashed");
	prints("a: 2020-01-02\n", 0, "{\"a\": \"2020-01-02\"}");
}

/* The texts that DVC hashes, of which the second was taken from it. */
static void known_texts(void **state)
{
	(void)state;
	prints("", CANON_SORT, "{}");
	prints("lr: 1e-05\nsize: 3\n"
	       "sub: {name: \xc3\xa9, b: [1, 2.0, null, true]}\n",
	       CANON_SORT | CANON_NO_SIZES | CANON_STRICT,
	       "{\"lr\": 1e-05, \"sub\": {\"b\": [1, 2.0, null, true], "
	       "\"name\": \"\\u00e9\"}}");
	prints("- relpath: '\xc3\xbc \"q\".txt'\n  md5: 66ddcd97\n", CANON_SORT,
	       "[{\"md5\": \"66ddcd97\", "
	       "\"relpath\": \"\\u00fc \\\"q\\\".txt\"}]");
}

static void floats_as_repr(void **state)
{
	static const struct { double f; const char *want; } cases[] = {
		{ 0.1, "0.1" }, { 1.0, "1.0" }, { 1e-5, "1e-05" },
		{ 1e-4, "0.0001" }, { 1e22, "1e+22" }, { 1e16, "1e+16" },
		{ 1e15, "1000000000000000.0" }, { 0.1 + 0.2,
		"0.30000000000000004" }, { 123456.789, "123456.789" },
		{ 5e-324, "5e-324" }, { 2.2250738585072014e-308,
		"2.2250738585072014e-308" }, { 1.7976931348623157e308,
		"1.7976931348623157e+308" }, { -0.0, "-0.0" },
		{ 0x1p-44, "5.684341886080802e-14" }, { 1e100, "1e+100" },
		{ 9007199254740993.0, "9007199254740992.0" },
		{ -1.5e-7, "-1.5e-07" },
	};
	struct buf b = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		buf_reset(&b);
		canon_float(&b, cases[i].f);
		assert_string_equal(b.s, cases[i].want);
	}
	buf_reset(&b);
	canon_float(&b, (double)NAN);
	canon_float(&b, -HUGE_VAL);
	assert_string_equal(b.s, "nan-inf");
	buf_clear(&b);
}

static void prints_like_python(void **state)
{
	static const char *const cases[][2] = {
		{ "a'b", "a'b" }, { "1", "1" }, { "~: ~", "{None: None}" },
		{ "[true, 1.0, x, 1e22]", "[True, 1.0, 'x', 1e+22]" },
		{ "[\"it's\", '\"', \"'\\\"\", \"\\\\\"]",
		  "[\"it's\", '\"', '\\'\"', '\\\\']" },
		{ "[\"\\n\\t\\r\\0\\x7f\\u00a0\\u00e9\\u200b\\U000e0001\"]",
		  "['\\n\\t\\r\\x00\\x7f\\xa0\xc3\xa9\\u200b\\U000e0001']" },
		{ "a: {b: [{}, []]}", "{'a': {'b': [{}, []]}}" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *text = cases[i][0];
		struct val v = VAL_INIT;
		struct buf b = BUF_INIT;

		assert_int_equal(val_yaml(&v, text, strlen(text), "f"), 0);
		canon_python(&b, &v);
		assert_string_equal(b.s, cases[i][1]);
		buf_clear(&b);
		val_clear(&v);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(separators_and_names),
		cmocka_unit_test(escapes_to_ascii),
		cmocka_unit_test(sorts_every_level),
		cmocka_unit_test(leaves_sizes_out),
		cmocka_unit_test(strict_refuses_what_dvc_cannot_hash),
		cmocka_unit_test(known_texts),
		cmocka_unit_test(floats_as_repr),
		cmocka_unit_test(prints_like_python),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("canon", tests, NULL, NULL);
}
