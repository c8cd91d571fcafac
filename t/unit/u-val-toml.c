#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <time.h>
#include "base/buf.h"
#include "base/err.h"
#include "spec/canon.h"
#include "spec/val.h"

static int toml(struct val *v, const char *text)
{
	return val_toml(v, text, strlen(text), "f");
}

/* The text reads as this JSON. */
static void reads(const char *text, const char *want)
{
	struct val v = VAL_INIT;
	struct buf b = BUF_INIT;

	if (toml(&v, text))
		fail_msg("%s: %s", text, err_message());
	canon_json(&b, &v, 0);
	assert_string_equal(b.s, want);
	buf_clear(&b);
	val_clear(&v);
}

static void refuses(const char *text, const char *message)
{
	struct val v = VAL_INIT;

	if (!toml(&v, text))
		fail_msg("taken: %s", text);
	assert_string_equal(err_message(), message);
	assert_int_equal(v.kind, VAL_NULL);
	val_clear(&v);
}

/* The examples of the TOML specification. */
static void reads_what_the_specification_shows(void **state)
{
	(void)state;
	reads("", "{}");
	reads("a.\"b c\".'d' = 1 # x\n[t]\nk = +99\n[t.u]\n[[p]]\nn = 1\n[[p]]\n",
	      "{\"a\": {\"b c\": {\"d\": 1}}, \"t\": {\"k\": 99, \"u\": {}}, "
	      "\"p\": [{\"n\": 1}, {}]}");
	reads("a = [1_000, 0xDEAD_BEEF, 0o755, 0b11, -0, 0xFFFFFFFFFFFFFFFFFFFF]",
	      "{\"a\": [1000, 3735928559, 493, 3, 0, 1208925819614629174706175]}");
	reads("f = [6.626e-34, 5e+22, -0.0, inf, -inf, nan, 224_617.445_991]",
	      "{\"f\": [6.626e-34, 5e+22, -0.0, Infinity, -Infinity, NaN, "
	      "224617.445991]}");
	reads("s = \"\"\"\nRoses \\\n   are\\u00e9\"\"\"\"\"\nl = '''\n'C:\\'''",
	      "{\"s\": \"Roses are\\u00e9\\\"\\\"\", \"l\": \"'C:\\\\\"}");
	reads("d = [1979-05-27 07:32:00Z, 07:32:00.5,\n1979-05-27] # x",
	      "{\"d\": [\"1979-05-27 07:32:00Z\", \"07:32:00.5\", "
	      "\"1979-05-27\"]}");
	reads("p = {x.y = 1, z = [{}, {a = true}]}",
	      "{\"p\": {\"x\": {\"y\": 1}, \"z\": [{}, {\"a\": true}]}}");
	reads("[fruit]\napple.color = 1\n[fruit.apple.texture]\nx = 2\n",
	      "{\"fruit\": {\"apple\": {\"color\": 1, \"texture\": {\"x\": 2}}}}");
}

static void a_table_is_named_once(void **state)
{
	(void)state;
	refuses("a = 1\na = 2\n", "f: line 2: 'a' is there already");
	refuses("[a]\n[b]\n[a]\n", "f: line 3: 'a' is there already");
	refuses("a.b = 1\n[a]\n", "f: line 2: 'a' is there already");
	refuses("[a.b.c]\n[a]\nb.c.d = 1\n",
		"f: line 3: 'c' is there already and cannot grow here");
	refuses("a = {b = 1}\na.c = 2\n",
		"f: line 2: 'a' is there already and cannot grow here");
	refuses("a = {b = 1}\n[a.c]\n", "f: line 2: 'a' is there already and "
		"is no table that can grow");
	refuses("a = [{}]\n[[a]]\n", "f: line 2: 'a' is there already and is "
		"no array of tables");
	refuses("[[a]]\n[a]\n", "f: line 2: 'a' is there already");
	refuses("a = {b = 1, b = 2}", "f: line 1: 'b' is there already");
	reads("[a.b.e]\n[a]\nc = 1\nb.d = 2\n",
	      "{\"a\": {\"b\": {\"e\": {}, \"d\": 2}, \"c\": 1}}");
}

/* What tomlkit, and so DVC, takes though TOML 1.0 does not. */
static void takes_of_toml_1_1_what_dvc_takes(void **state)
{
	(void)state;
	reads("s = \"\\x41\\e\"", "{\"s\": \"A\\u001b\"}");
	reads("t = 07:32\nd = 1979-05-27T07:32Z", "{\"t\": \"07:32\", "
	      "\"d\": \"1979-05-27T07:32Z\"}");
	reads("a = {\n  b = 1, # x\n  c = 2,\n}\n",
	      "{\"a\": {\"b\": 1, \"c\": 2}}");
	reads("a = 1\rb = \"\"\"x\r\ny\"\"\"\r\n",
	      "{\"a\": 1, \"b\": \"x\\ny\"}");
}

/* It also takes digits of other scripts, and a table twice if it is far away. */
static void refuses_what_dvc_takes_by_accident(void **state)
{
	(void)state;
	refuses("a = 1\xd9\xa1", "f: line 1: a value is missing or is no TOML "
		"(text needs quotes)");
	refuses("b.c = 1\n[c]\n[[a]]\n[c.b]\n[c]\n",
		"f: line 5: 'c' is there already");
}

static void names_the_line(void **state)
{
	(void)state;
	refuses("a = 1\n\nb = x\n", "f: line 3: a value is missing or is no "
		"TOML (text needs quotes)");
	refuses("a = \"x\n\"\n", "f: line 1: string without end");
	refuses("a = '''\n\n", "f: line 3: string without end");
	refuses("\r\na = \"\\q\"", "f: line 2: unknown escape in a string");
	refuses("a = \"\\ud800\"", "f: line 1: no character has the code of "
		"this escape");
	refuses("a = [1\n2]", "f: line 2: ',' or ']' is missing");
	refuses("a = {b = 1 c = 2}", "f: line 1: ',' or '}' is missing");
	refuses("a = 1 b = 2", "f: line 1: more text after the value");
	refuses("[a\n", "f: line 1: ']' is missing after the name of a table");
	refuses("a b = 1", "f: line 1: '=' is missing");
	refuses("= 1", "f: line 1: a key is missing");
	refuses("\xef\xbb\xbf" "a = 1", "f: line 1: a key is missing");
	refuses("# x\n# \x01", "f: line 2: control character in a comment");
	refuses("a = \"\x7f\"", "f: line 1: control character in a string");
	refuses("a = 1\nb = '\xff'", "f: line 2: not UTF-8");
	refuses("a = 2021-02-29", "f: line 1: a value is missing or is no TOML "
		"(text needs quotes)");
}

static void repeated(struct buf *b, const char *text, size_t nr)
{
	while (nr--)
		buf_str(b, text);
}

static void nests_as_deep_as_tomlkit(void **state)
{
	struct buf b = BUF_INIT;
	struct val v = VAL_INIT;

	(void)state;
	buf_str(&b, "a = ");
	repeated(&b, "[", 100);
	repeated(&b, "]", 100);
	assert_int_equal(toml(&v, b.s), 0);
	buf_splice(&b, 4, 0, "[", 1);
	buf_char(&b, ']');
	refuses(b.s, "f: line 1: nested too deep");
	buf_reset(&b);
	repeated(&b, "a.", 100);
	buf_str(&b, "a = 1");
	refuses(b.s, "f: line 1: key of more than 100 parts");
	buf_reset(&b);
	buf_char(&b, '[');
	repeated(&b, "a.", 99);
	buf_str(&b, "a]\n");
	repeated(&b, "b.", 99);
	buf_str(&b, "b = ");
	repeated(&b, "[", 60);
	repeated(&b, "]", 60);
	refuses(b.s, "f: line 2: nested too deep");
	buf_clear(&b);
	val_clear(&v);
}

static void big_tables_are_read_quickly(void **state)
{
	clock_t begin = clock();
	struct buf b = BUF_INIT;
	struct val v = VAL_INIT;

	(void)state;
	for (int i = 0; i < 40000; i++)
		buf_fmt(&b, "k%d.x = %d\n", i, i);
	for (int i = 0; i < 20000; i++)
		buf_fmt(&b, "[t.k%d]\n[[l]]\n", i);
	assert_int_equal(toml(&v, b.s), 0);
	assert_int_equal(v.nr, 40002);
	assert_true(clock() - begin < 2 * CLOCKS_PER_SEC);
	buf_clear(&b);
	val_clear(&v);
}

static void knows_the_bytes(void **state)
{
	const char *text = "[t]\na.b  =  [ 'x', {c = 2} ] # y\n";
	struct val v = VAL_INIT;
	const struct val *item;

	(void)state;
	assert_int_equal(toml(&v, text), 0);
	item = val_path(&v, "t.a.b.0");
	assert_memory_equal(text + item->at, "'x'", item->end - item->at);
	item = val_path(&v, "t.a.b.1");
	assert_memory_equal(text + item->at, "{c = 2}", item->end - item->at);
	item = val_path(&v, "t.a.b.1.c");
	assert_int_equal(item->line, 2);
	val_clear(&v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_the_specification_shows),
		cmocka_unit_test(a_table_is_named_once),
		cmocka_unit_test(takes_of_toml_1_1_what_dvc_takes),
		cmocka_unit_test(refuses_what_dvc_takes_by_accident),
		cmocka_unit_test(names_the_line),
		cmocka_unit_test(nests_as_deep_as_tomlkit),
		cmocka_unit_test(big_tables_are_read_quickly),
		cmocka_unit_test(knows_the_bytes),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("val-toml", tests, NULL, NULL);
}
