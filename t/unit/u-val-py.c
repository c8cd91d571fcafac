#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "spec/canon.h"
#include "spec/val.h"

static int py(struct val *v, const char *text)
{
	return val_py(v, text, strlen(text), "f");
}

static void reads(const char *text, const char *want)
{
	struct val v = VAL_INIT;
	struct buf b = BUF_INIT;

	if (py(&v, text))
		fail_msg("%s: %s", text, err_message());
	canon_json(&b, &v, 0);
	assert_string_equal(b.s, want);
	buf_clear(&b);
	val_clear(&v);
}

static void refuses(const char *text, const char *message)
{
	struct val v = VAL_INIT;

	if (!py(&v, text))
		fail_msg("taken: %s", text);
	assert_string_equal(err_message(), message);
	assert_int_equal(v.kind, VAL_NULL);
	val_clear(&v);
}

/* dvc/utils/serialize/_py.py and what Python makes of it. */
static void finds_what_is_assigned(void **state)
{
	(void)state;
	reads("a = 1; b: int = 2\nc: int\n(d) = e = 3\nf, g = 1, 2\nh += 1\n"
	      "self.i = 4\nj.k = 5\nl[0] = 6\na = 7\n",
	      "{\"a\": 7, \"b\": 2, \"i\": 4}");
	reads("class A(B):\n  x = 1\n  class C: y = 2; z = 3\n"
	      "  def __init__(self, a=lambda: 0):\n    self.x = 4\n    w = 5\n"
	      "    if a:\n      self.v = 6\n  def other(self):\n    self.u = 7\n"
	      "  async def __init__(self):\n    self.t = 8\nclass D: pass\n",
	      "{\"A\": {\"x\": 4, \"C\": {\"y\": 2, \"z\": 3}}, \"D\": {}}");
	reads("if 1:\n  a = 1\nelse:\n  a = 2\nfor b in c: b = 1\n"
	      "match x:\n  case {'a': 1}:\n    y = 1\nmatch = 3\n",
	      "{\"match\": 3}");
	reads("def __init__(self):\n\tself.a = 1\n\tclass B:\n\t\tc = 2\n",
	      "{\"a\": 1, \"B\": {\"c\": 2}}");
}

static void reads_literals_as_python(void **state)
{
	(void)state;
	reads("a = 0x_fF\nb = 1_0.5e-1\nc = -0\nd = - (1)\ne = .5\nf = 00\n"
	      "g = 0xFFFFFFFFFFFFFFFFFFFF\nh = 1e400\n",
	      "{\"a\": 255, \"b\": 1.05, \"c\": 0, \"d\": -1, \"e\": 0.5, "
	      "\"f\": 0, \"g\": 1208925819614629174706175, \"h\": Infinity}");
	reads("a = 'x' \"y\" r'\\n' u'\\u00e9' '\\x41\\101\\q\\\n'\n"
	      "b = '''t\r\n'''\nc = ('m'\n  'n')\n",
	      "{\"a\": \"xy\\\\n\\u00e9AA\\\\q\", \"b\": \"t\\n\", \"c\": \"mn\"}");
	reads("a = 1, 2\nb = (3,)\nc = ()\nd = [1, (2, [3])]\ne = None, True\n",
	      "{\"a\": [1, 2], \"b\": [3], \"c\": [], \"d\": [1, [2, [3]]], "
	      "\"e\": [null, true]}");
	reads("a = {'x': {1: 2}, 1: 'i', True: 't', None: [], 0.5: {}}\n",
	      "{\"a\": {\"x\": {\"1\": 2}, \"1\": \"t\", \"null\": [], "
	      "\"0.5\": {}}}");
	reads("a = 1 + 2\nb = not True\nc = x\nd = f''\ne = [*[1]]\ng = - -1\n"
	      "h = {**{}}\ni = -True\nj = 1 if 1 else 2\nk = [x]\nl = 5\n",
	      "{\"l\": 5}");
}

/* Sets, bytes, complex numbers and "..." are values, but not for JSON. */
static void marks_what_json_has_not(void **state)
{
	static const char *const texts[] = {
		"{1, 2}", "set()", "b'x'", "-1+2j", "1j", "...", "{1: {2}}",
		"[b'x' b'y']", "{(1, 2): 3}",
	};
	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct buf b = BUF_INIT, out = BUF_INIT;
		struct val v = VAL_INIT;

		buf_fmt(&b, "a = %s\n", texts[i]);
		assert_int_equal(py(&v, b.s), 0);
		assert_int_equal(v.nr, 1);
		assert_int_equal(canon_json(&out, &v, CANON_STRICT),
				 ERR_INVALID);
		buf_clear(&b);
		buf_clear(&out);
		val_clear(&v);
	}
}

static void refuses_what_is_no_python(void **state)
{
	(void)state;
	refuses("a = (1\n\n", "f: line 1: a bracket is not closed: ')' is "
		"missing");
	refuses("a = (1\nb = 2\n", "f: line 2: 'b' cannot stand here: is the "
		"bracket of line 1 closed?");
	refuses("a = 1]\n", "f: line 1: ']' closes no bracket");
	refuses("a = 'x\n", "f: line 1: string without end");
	refuses("a = 1\n  b = 2\n", "f: line 2: indented without need");
	refuses("if a:\nb = 2\n", "f: line 2: an indented block is missing");
	refuses("if a:\n    b = 1\n  c = 2\n",
		"f: line 3: indented as no line before it");
	refuses("if a:\n        b = 1\n\tc = 2\n",
		"f: line 3: tabs and spaces are mixed");
	refuses("a = \n", "f: line 2: the line ends too early");
	refuses("a = 1 2\n", "f: line 1: '2' cannot stand here");
	refuses("print 'x'\n", "f: line 1: ''x'' cannot stand here");
	refuses("a = 0777\n", "f: line 1: no number is written so");
	refuses("a = 1__0\n", "f: line 1: no number is written so");
	refuses("a = $x\n", "f: line 1: a character that means nothing here");
	refuses("a = 1 \\ \nb", "f: line 1: text after a backslash at the end "
		"of a line");
	refuses("class A\n  a = 1\n", "f: line 2: ':' is missing");
	refuses("try:\n  a\nb = 1\n", "f: line 3: 'except' is missing");
	refuses("else:\n  a\n", "f: line 1: 'else' cannot stand here");
	refuses("None = 1\n", "f: line 1: no value can be given to a constant");
	refuses("@a\nb = 1\n", "f: line 2: a decorator with nothing behind it");
	refuses("a = b'\xc3\xa9'\n", "f: line 1: bytes that are not ASCII");
	refuses("a = 'x' b'y'\n", "f: line 1: bytes and text side by side");
	refuses("a = f('\\x1')\n", "f: line 1: no character has the code of "
		"this escape");
	refuses("a = {[1]: 2}\n", "f: line 1: a list or a dict can be no key");
	refuses("a = 1\nb = '\xff'\n", "f: line 2: not UTF-8");
	refuses("\xef\xbb\xbf" "a = 1\n",
		"f: line 1: a character that means nothing here");
}

/* PEP 701, 695 and 750; the Python of the tests may be older than that. */
static void reads_newer_python(void **state)
{
	(void)state;
	reads("f(f\"{x[\"a\"]}\")\na = 1\n", "{\"a\": 1}");
	reads("f(f'{x:\">{y}}')\nf(f'{{\"}}')\na = 1\n", "{\"a\": 1}");
	reads("f(f\"\"\"{\n x[f'{y['b']}'] }\"\"\")\na = 1\n", "{\"a\": 1}");
	reads("type A[T] = list[T]\nclass B[T]: c = t'{x}'; d = 1\n",
	      "{\"B\": {\"d\": 1}}");
	reads("type = 1\n", "{\"type\": 1}");
	refuses("a = f'{x\n", "f: line 1: string without end");
}

/* Python knows their names, we do not. */
static void refuses_named_characters_in_values(void **state)
{
	(void)state;
	refuses("a = '\\N{BULLET}'\n", "f: line 1: characters by their name "
		"(\\N) are not known here, use \\u");
	reads("a = 1\nb('\\N{BULLET}')\n", "{\"a\": 1}");
}

static void nests_as_deep_as_python(void **state)
{
	struct buf b = BUF_INIT;
	struct val v = VAL_INIT;

	(void)state;
	buf_str(&b, "a = ");
	for (int i = 0; i < 100; i++)
		buf_str(&b, "[(");
	for (int i = 0; i < 100; i++)
		buf_str(&b, ")]");
	assert_int_equal(py(&v, b.s), 0);
	buf_splice(&b, 4, 0, "[", 1);
	refuses(b.s, "f: line 1: too many brackets in each other");
	buf_reset(&b);
	for (int i = 0; i < 101; i++) {
		for (int j = 0; j < i; j++)
			buf_char(&b, ' ');
		buf_str(&b, "class A:\n");
	}
	refuses(b.s, "f: line 101: indented too deep");
	buf_clear(&b);
	val_clear(&v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_is_assigned),
		cmocka_unit_test(reads_literals_as_python),
		cmocka_unit_test(marks_what_json_has_not),
		cmocka_unit_test(refuses_what_is_no_python),
		cmocka_unit_test(refuses_named_characters_in_values),
		cmocka_unit_test(nests_as_deep_as_python),
		cmocka_unit_test(reads_newer_python),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("val-py", tests, NULL, NULL);
}
