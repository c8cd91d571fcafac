#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "spec/canon.h"
#include "spec/emit.h"
#include "spec/val-plain.h"
#include "spec/val.h"

static int yaml(struct val *v, const char *text)
{
	return val_yaml(v, text, strlen(text), "f");
}

static int json(struct val *v, const char *text)
{
	return val_json(v, text, strlen(text), "f");
}

/* The text reads as this JSON. */
static void reads(const char *text, const char *want)
{
	struct val v = VAL_INIT;
	struct buf b = BUF_INIT;

	if (yaml(&v, text))
		fail_msg("%s: %s", text, err_message());
	canon_json(&b, &v, 0);
	assert_string_equal(b.s, want);
	buf_clear(&b);
	val_clear(&v);
}

static void refuses(const char *text, const char *message)
{
	struct val v = VAL_INIT;

	assert_int_equal(yaml(&v, text), ERR_INVALID);
	assert_string_equal(err_message(), message);
	assert_int_equal(v.kind, VAL_NULL);
	val_clear(&v);
}

static void json_refuses(const char *text, const char *message)
{
	struct val v = VAL_INIT;

	assert_int_equal(json(&v, text), ERR_INVALID);
	assert_string_equal(err_message(), message);
	val_clear(&v);
}

/* Slow projects are those whose files the short way declines. */
static void usual_text_takes_the_short_way(void **state)
{
	static const char *const usual[] = {
		"schema: '2.0'\nstages:\n  a:\n    cmd: x\n    deps:\n    - path: b\n",
		"# c\nlr: 0.1 # step\n\nmodel:\n    units:\n      - 1\n      - \"x\\n\"\n",
		"stages:\n  a:\n    cmd: |\n      x\n       y\n    desc: a b\n      c\n",
		"a:\nb: 'it''s'\n- c", "a: [1]", "a: &x b", "a: b: c", "a:\tb",
		"a: 1\na: 2", "--- \na: b", "a", "", "a: {}", "a: b\r\n",
	};
	(void)state;

	for (size_t i = 0; i < sizeof(usual) / sizeof(*usual); i++) {
		struct val v = VAL_INIT;

		if (val_plain(&v, usual[i], strlen(usual[i])) != (i < 3))
			fail_msg("%s", usual[i]);
		assert_int_equal(v.kind, i < 3 ? VAL_MAP : VAL_NULL);
		val_clear(&v);
	}
}

static void types_as_yaml_1_2(void **state)
{
	(void)state;
	reads("[yes, no, on, off, y, n, 12:30, 0.1.2]",
	      "[\"yes\", \"no\", \"on\", \"off\", \"y\", \"n\", \"12:30\", "
	      "\"0.1.2\"]");
	reads("[012, 0o14, 0x1F, 0b1, 1_000, +1, -0, 017, 0o17, 08]",
	      "[12, 12, 31, 1, 1000, 1, 0, 17, 15, 8]");
	reads("[1e3, 1E5, 1e-3, .5, 1., -.5, 0.1_0, .inf, -.INF, .NaN]",
	      "[1000.0, 100000.0, 0.001, 0.5, 1.0, -0.5, 0.1, Infinity, "
	      "-Infinity, NaN]");
	reads("[~, null, NULL, Null, nULL, True, FALSE, tRUE, '', '1']",
	      "[null, null, null, null, \"nULL\", true, false, \"tRUE\", "
	      "\"\", \"1\"]");
	reads("[.5e3, .5e+3, 1.5e3, 1900-02-28 1:2, 2000-02-29]",
	      "[\".5e3\", 500.0, 1500.0, \"1900-02-28 1:2\", "
	      "\"2000-02-29\"]");
	reads("0xffffffffffffffffffffffff: -0b1_1\n",
	      "{\"79228162514264337593543950335\": -3}");
}

static void reads_tags(void **state)
{
	(void)state;
	reads("a: !!str 1\nb: !!int \"0x10\"\nc: !!float 3\nd: !!bool yes\n"
	      "e: ! \"12\"\nf: !!null x\n",
	      "{\"a\": \"1\", \"b\": 16, \"c\": 3.0, \"d\": true, "
	      "\"e\": 12, \"f\": null}");
	refuses("a: 1\nb: !foo 1\n", "f: line 2: unknown tag '!foo'");
	refuses("a: !!int x\n",
		"f: line 1: wrong value for the tag 'tag:yaml.org,2002:int'");
}

static void an_empty_document_is_an_empty_map(void **state)
{
	(void)state;
	reads("", "{}");
	reads("# nothing\n", "{}");
	reads("---\n", "{}");
	reads("[]\n", "{}");
	reads("0\n", "{}");
	reads("1\n", "1");
}

static void a_byte_order_mark_is_no_column(void **state)
{
	(void)state;
	reads("\xef\xbb\xbf" "a: 1\nb: 2\n", "{\"a\": 1, \"b\": 2}");
}

static void hints(const char *text, const char *message, const char *hint)
{
	refuses(text, message);
	if (hint)
		assert_string_equal(err_hints(), hint);
	else
		assert_null(err_hints());
}

static void says_why_a_text_is_no_yaml(void **state)
{
	(void)state;
	hints("a:\n\tb: x\n",
	      "f: line 2, column 1: a tab where YAML indents with spaces",
	      "put spaces in place of the tab");
	hints("a: |\n\tx\n",
	      "f: line 2, column 1: a tab where YAML indents with spaces",
	      "put spaces in place of the tab");
	hints("a:\n  cmd: echo b: c\n",
	      "f: line 2, column 14: ': ' in a text that has no quotes around it",
	      "put quotes around the whole text");
	hints("a: b\n  c: d\n",
	      "f: line 2, column 4: a map cannot begin here: there is a value already",
	      "look at the indentation of this line and of the one before it");
	hints("a:\n  b: x\n c: y\n",
	      "f: line 3, column 2: this does not line up with the map that begins in line 1",
	      "all keys of a map stand in one column");
	hints("a:\n  - x\n  y: z\n",
	      "f: line 3, column 3: this does not line up with the list that begins in line 2",
	      "all '-' of a list stand in one column");
	hints("a: \"x\" y\n",
	      "f: line 1, column 8: text behind a value that has ended",
	      "put quotes around the whole text");
	hints("a:\n  b: 'x\n  c: y\n",
	      "f: line 2, column 6: a quote that is opened here is never closed",
	      NULL);
	hints("a: {b: c\nd: e\n",
	      "f: line 2, column 2: ',' or '}' was expected here",
	      "the '{' is in line 1");
	hints("a: @x\n", "f: line 1, column 4: '@' cannot begin a value",
	      "put quotes around the whole text");
	hints("a: - x\n", "f: line 1, column 4: a list cannot begin here",
	      "its first '-' stands on a line of its own");
	hints("a: \"\\d\"\n",
	      "f: line 1, column 5: an escape that double quotes do not know",
	      "in single quotes a backslash stands for itself");
	hints("a: }\n", "f: line 1, column 4: a value was expected here", NULL);
	hints("a: b\n\xc3(\n", "f: line 2, column 2: this is not UTF-8", NULL);
	hints("a: b\nc: \x01\n", "f: line 2, column 4: a control character",
	      NULL);
}

static void names_the_line(void **state)
{
	(void)state;
	refuses("a: 1\nb: 2\na: 3\n", "f: line 3: duplicate key 'a'");
	refuses("{1: a, 1.0: b}\n", "f: line 1: duplicate key '1.0'");
	refuses("a: 1\nb: [1\n",
		"f: line 3, column 1: ',' or ']' was expected here");
	refuses("a: *x\n", "f: line 1: there is no anchor 'x'");
	refuses("\n\na: =\n", "f: line 3: only in quotes one can say '='");
	refuses("a: 2020-02-30\n",
		"f: line 1: only in quotes one can say '2020-02-30'");
	refuses("a: 1900-02-29\n",
		"f: line 1: only in quotes one can say '1900-02-29'");
	refuses("a: 1\n---\nb: 1\n", "f: line 2: more than one document");
	refuses("[a]: 1\n", "f: line 1: a key must be a scalar");
	refuses("\xff\xfe" "a\0", "f: line 1, column 1: this is not UTF-8");
}

static void keys_of_long_maps_are_found_twice(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	for (int i = 0; i < 30; i++)
		buf_fmt(&b, "k%d: %d\n", i, i);
	buf_str(&b, ".nan: 1\n.NaN: 2\n\"a\\0\": 1\n\"a\\0b\": 2\nk7: 1\n");
	refuses(b.s, "f: line 35: duplicate key 'k7'");
	buf_clear(&b);
}

static void merges_as_ruamel(void **state)
{
	(void)state;
	reads("b: &b {x: 1, y: 2}\nc:\n  y: 3\n  <<: *b\n",
	      "{\"b\": {\"x\": 1, \"y\": 2}, \"c\": {\"x\": 1, \"y\": 3}}");
	reads("<<: [{a: 1, b: 1}, {b: 2, c: 2}]\n",
	      "{\"b\": 1, \"c\": 2, \"a\": 1}");
	refuses("<<: {a: 1}\n<<: {b: 1}\n", "f: line 2: duplicate key '<<'");
	refuses("<<: 1\n", "f: line 1: only maps can be merged by '<<'");
	reads("'<<': 1\n", "{\"<<\": 1}");
}

static void aliases_are_marked(void **state)
{
	struct val v = VAL_INIT;

	(void)state;
	assert_int_equal(yaml(&v, "a: &x {k: [1]}\nb: *x\n<<: {c: 1}\n"), 0);
	assert_false(val_path(&v, "a.k.0")->alias);
	assert_true(val_path(&v, "b.k.0")->alias);
	assert_true(val_path(&v, "c")->alias);
	val_clear(&v);
	refuses("a: &x [*x]\n",
		"f: line 1: an alias inside of what it names: 'x'");
}

static void does_not_explode(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	buf_str(&b, "a: &a0 [1,2,3,4,5,6,7,8,9,0]\n");
	for (int i = 0; i < 9; i++)
		buf_fmt(&b, "a%d: &a%d [*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d]\n",
			i, i + 1, i, i, i, i, i, i, i);
	refuses(b.s, "f: line 7: too many values come through aliases, "
		"at 'a5'");
	buf_reset(&b);
	for (int i = 0; i < 256; i++)
		buf_char(&b, '[');
	for (int i = 0; i < 256; i++)
		buf_char(&b, ']');
	reads(b.s, b.s);
	buf_reset(&b);
	for (int i = 0; i < 100000; i++)
		buf_char(&b, '[');
	refuses(b.s, "f: line 1: nested too deep");
	json_refuses(b.s, "f: line 1: nested too deep");
	buf_clear(&b);
}

/* What stands between at and end of the value at `path`. */
static void stands(const char *text, const char *path, int line,
		   const char *want)
{
	struct val v = VAL_INIT, *at;
	char *cut;

	assert_int_equal((*text == '{' ? json : yaml)(&v, text), 0);
	at = val_path(&v, path);
	assert_non_null(at);
	cut = strndup(text + at->at, at->end - at->at);
	assert_string_equal(cut, want);
	assert_int_equal(at->line, line);
	free(cut);
	val_clear(&v);
}

static void knows_the_bytes(void **state)
{
	static const char text[] =
		"\xef\xbb\xbf# \xc3\xa9\xf0\x9f\x98\x80\r\n"
		"\xc3\xa9: {a: 'x y', b: [1, \xc3\xa9\xc3\xa9]} # c\r\n"
		"c: &k !!str 0.1   # c\n"
		"d: |\n  l1\n  l2\n\n"
		"e:\nf:\n- p: \"q\\\"\"\n- two\n  words\n\n# end\n";

	(void)state;
	stands(text, "\xc3\xa9", 2, "{a: 'x y', b: [1, \xc3\xa9\xc3\xa9]}");
	stands(text, "\xc3\xa9.a", 2, "'x y'");
	stands(text, "\xc3\xa9.b.1", 2, "\xc3\xa9\xc3\xa9");
	stands(text, "c", 3, "0.1");
	stands(text, "d", 4, "|\n  l1\n  l2");
	stands(text, "e", 8, "");
	stands(text, "f", 10, "- p: \"q\\\"\"\n- two\n  words");
	stands(text, "f.0", 10, "p: \"q\\\"\"");
	stands(text, "f.1", 11, "two\n  words");
	stands("{\"\xc3\xa9\": 1,\n \"b\": [-1.5e3, {\"c\": \"\xc3\xa9\"}]}",
	       "b.1.c", 2, "\"\xc3\xa9\"");
	stands("{\"b\": [-1.5e3, {}]}", "b.0", 1, "-1.5e3");
}

static void json_reads_as_python(void **state)
{
	struct val v = VAL_INIT;

	(void)state;
	assert_int_equal(json(&v, " {\"a\\u0000\\ud83d\\ude00\": [-0, -0.0, "
			      "123456789012345678901234567890, NaN], "
			      "\"b\": \"\\ud800\", \"c\": 1, \"c\": 2}"), 0);
	assert_int_equal(v.nr, 3);
	assert_int_equal(v.key[0].len, 6);
	assert_memory_equal(v.key[0].s, "a\0\xf0\x9f\x98\x80", 6);
	assert_string_equal(v.item[0].item[0].s, "0");
	assert_true(signbit(v.item[0].item[1].f));
	assert_string_equal(v.item[0].item[2].s,
			    "123456789012345678901234567890");
	assert_true(isnan(v.item[0].item[3].f));
	assert_string_equal(v.item[1].s, "\xed\xa0\x80");
	assert_string_equal(v.item[2].s, "2");
	assert_true(v.twice);
	assert_int_equal(json(&v, "{\"a\": {\"b\": 1}}"), 0);
	assert_false(v.twice || v.item[0].twice);
	val_clear(&v);
}

static void json_refuses_what_python_refuses(void **state)
{
	(void)state;
	json_refuses("", "f: line 1: a value is missing");
	json_refuses("{\"a\": 1,\n}", "f: line 2: a key in quotes is missing");
	json_refuses("[1,]", "f: line 1: a value is missing");
	json_refuses("[01]", "f: line 1: ',' or ']' is missing");
	json_refuses("1.", "f: line 1: more text after the value");
	json_refuses("\n\n\"a\nb\"",
		     "f: line 3: control character in a string");
	json_refuses("\"\\x41\"", "f: line 1: unknown escape in a string");
	json_refuses("\"\\ud8", "f: line 1: unknown escape in a string");
	json_refuses("['a']", "f: line 1: a value is missing");
	json_refuses("\n\"\xc0\x80\"", "f: line 2: not UTF-8");
	json_refuses("\"\xed\xa0\x80\"", "f: line 1: not UTF-8");
	json_refuses("\xef\xbb\xbf{}",
		     "f: line 1: a byte order mark is not JSON");
	json_refuses("1 // one", "f: line 1: more text after the value");
}

static void finds_by_path(void **state)
{
	struct val v = VAL_INIT;
	int64_t n;
	double f;

	(void)state;
	assert_int_equal(yaml(&v, "a: {b: [x, {c: 7}]}\n3: {true: 2.0}\n"), 0);
	assert_string_equal(val_text(val_path(&v, "a.b.0")), "x");
	assert_true(val_int64(val_path(&v, "a.b.1.c"), &n));
	assert_int_equal(n, 7);
	assert_true(val_number(val_path(&v, "3.true"), &f));
	assert_true(val_int64(val_path(&v, "3.true"), &n));
	assert_int_equal(n, 2);
	assert_null(val_path(&v, "a.b.2"));
	assert_null(val_path(&v, "a.b.-1"));
	assert_null(val_path(&v, "a.b.0.x"));
	assert_null(val_path(&v, ""));
	assert_null(val_get(NULL, "a"));
	assert_null(val_get(&v, "3"));
	assert_null(val_text(&v));
	val_clear(&v);
}

static void equal_as_python(void **state)
{
	static const char *const pairs[][3] = {
		{ "1", "1.0", "=" }, { "1", "true", "=" }, { "0", "-0.0", "=" },
		{ "1", "\"1\"", "!" }, { "null", "false", "!" },
		{ "NaN", "NaN", "!" }, { "[1, 2]", "[1, 2.0]", "=" },
		{ "[1, 2]", "[2, 1]", "!" }, { "[1]", "[1, 1]", "!" },
		{ "{\"a\": 1, \"b\": 2}", "{\"b\": 2, \"a\": 1}", "=" },
		{ "{\"a\": 1}", "{\"b\": 1}", "!" },
		{ "9007199254740993", "9007199254740992.0", "!" },
		{ "100000000000000000000000", "1e23", "!" },
		{ "99999999999999991611392", "1e23", "=" },
		{ "\"a\\u0000b\"", "\"a\\u0000c\"", "!" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		struct val a = VAL_INIT, b = VAL_INIT;

		json(&a, pairs[i][0]);
		json(&b, pairs[i][1]);
		if (val_equal(&a, &b) != (*pairs[i][2] == '=') ||
		    val_equal(&b, &a) != (*pairs[i][2] == '='))
			fail_msg("%s and %s", pairs[i][0], pairs[i][1]);
		val_clear(&a);
		val_clear(&b);
	}
}

static void builds_sorts_and_drops(void **state)
{
	struct val v = VAL_INIT, copy = VAL_INIT;
	struct buf b = BUF_INIT;

	(void)state;
	val_set_map(&v);
	val_set_int(val_put(&v, "z"), -5);
	val_set_str(val_put(&v, "\xef\xbf\xbd"), "x");
	val_set_list(val_put(&v, "a"));
	val_set_float(val_add(val_get(&v, "a")), 1e16);
	val_set_bool(val_add(val_get(&v, "a")), true);
	val_set_int(val_put(&v, "z"), 6);
	val_copy(&copy, &v);
	val_drop(&v, 1);
	val_sort(&v);
	canon_json(&b, &v, 0);
	assert_string_equal(b.s, "{\"a\": [1e+16, true], \"z\": 6}");
	buf_reset(&b);
	val_clear(&v);
	canon_json(&b, &copy, 0);
	assert_string_equal(b.s, "{\"z\": 6, \"\\ufffd\": \"x\", "
			    "\"a\": [1e+16, true]}");
	buf_clear(&b);
	val_clear(&copy);
}

static void a_word_of_the_command_line_is_typed(void **state)
{
	struct val v = VAL_INIT;

	(void)state;
	assert_true(val_scalar(&v, "1e-3", 4));
	assert_int_equal(v.kind, VAL_FLOAT);
	assert_true(val_scalar(&v, "a: b", 4));
	assert_string_equal(val_text(&v), "a: b");
	assert_false(val_scalar(&v, "0b_", 3));
	assert_string_equal(val_text(&v), "0b_");
	assert_true(val_typed("0b_", 3));
	assert_true(val_typed("<<", 2));
	assert_true(val_typed("", 0));
	assert_false(val_typed("1\0", 2));
	val_clear(&v);
}

/* --- for the shell tests -------------------------------------------------- */

static void tag(struct buf *out, const struct val *v)
{
	static const char *const type[] = {
		"null", "bool", "integer", "float", "string", "date",
	};

	buf_fmt(out, "{\"type\": \"%s\", \"value\": ", type[v->kind]);
	if (v->kind == VAL_NULL || v->kind == VAL_BOOL)
		buf_str(out, v->b ? "\"true\"" : "\"false\"");
	else if (v->kind == VAL_FLOAT)
		buf_char(out, '"'), canon_float(out, v->f), buf_char(out, '"');
	else
		canon_str(out, v->s, v->len);
	buf_char(out, '}');
}

/* As the public TOML test suite says it: each scalar with its type. */
static void tagged(struct buf *out, const struct val *v)
{
	if (v->kind != VAL_LIST && v->kind != VAL_MAP) {
		tag(out, v);
		return;
	}
	buf_char(out, v->kind == VAL_MAP ? '{' : '[');
	for (size_t i = 0; i < v->nr; i++) {
		if (i)
			buf_str(out, ", ");
		if (v->kind == VAL_MAP) {
			canon_str(out, v->key[i].s, v->key[i].len);
			buf_str(out, ": ");
		}
		tagged(out, &v->item[i]);
	}
	buf_char(out, v->kind == VAL_MAP ? '}' : ']');
}

/* What JSON has not is only marked. */
static void mark(struct val *v)
{
	if (v->kind == VAL_DATE)
		val_set_str(v, "something JSON has not");
	for (size_t i = 0; i < v->nr; i++) {
		mark(&v->item[i]);
		if (v->kind == VAL_MAP)
			mark(&v->key[i]);
	}
}

static int answer(struct buf *out, const char *what, const char *text,
		  size_t len)
{
	struct val v = VAL_INIT;
	int err = strstr(what, "yaml-") ? val_yaml(&v, text, len, "f") :
		  strstr(what, "toml-") ? val_toml(&v, text, len, "f") :
		  strstr(what, "py-") ? val_py(&v, text, len, "f") :
					val_json(&v, text, len, "f");

	if (strstr(what, "py-"))
		mark(&v);
	if (err)
		buf_fmt(out, "error: %s", err_message());
	else if (strstr(what, "-tagged"))
		tagged(out, &v);
	else if (strstr(what, "-json"))
		canon_json(out, &v, 0);
	else if (strstr(what, "-python"))
		canon_python(out, &v);
	else
		emit_yaml(out, &v, 0);
	val_clear(&v);
	return 0;
}

/* "FROM-TO": texts come as "length LF bytes", and so go the answers. */
static int drive(const char *what)
{
	struct buf in = BUF_INIT, out = BUF_INIT;
	size_t len;

	while (scanf("%zu", &len) == 1 && getchar() == '\n') {
		buf_reset(&in);
		buf_reset(&out);
		buf_room(&in, len);
		if (fread(in.s, 1, len, stdin) != len)
			return 1;
		answer(&out, what, in.s, len);
		printf("%zu\n", out.len);
		fwrite(out.s, 1, out.len, stdout);
	}
	buf_clear(&in);
	buf_clear(&out);
	return fflush(stdout) || ferror(stdout);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(usual_text_takes_the_short_way),
		cmocka_unit_test(types_as_yaml_1_2),
		cmocka_unit_test(reads_tags),
		cmocka_unit_test(an_empty_document_is_an_empty_map),
		cmocka_unit_test(a_byte_order_mark_is_no_column),
		cmocka_unit_test(names_the_line),
		cmocka_unit_test(says_why_a_text_is_no_yaml),
		cmocka_unit_test(keys_of_long_maps_are_found_twice),
		cmocka_unit_test(merges_as_ruamel),
		cmocka_unit_test(aliases_are_marked),
		cmocka_unit_test(does_not_explode),
		cmocka_unit_test(knows_the_bytes),
		cmocka_unit_test(json_reads_as_python),
		cmocka_unit_test(json_refuses_what_python_refuses),
		cmocka_unit_test(finds_by_path),
		cmocka_unit_test(equal_as_python),
		cmocka_unit_test(builds_sorts_and_drops),
		cmocka_unit_test(a_word_of_the_command_line_is_typed),
	};

	if (argc > 1)
		return drive(argv[1]);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("val", tests, NULL, NULL);
}
