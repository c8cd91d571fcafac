#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/strs.h"
#include "spec/canon.h"
#include "spec/edit.h"

static const struct edit none = EDIT_INIT;

static int apply(struct buf *text, const char *name, const char *word)
{
	struct edit e = none;
	int err = edit_parse(&e, word);

	if (!err)
		err = edit_apply(text, name, &e);
	edit_clear(&e);
	return err;
}

static void becomes(const char *name, const char *before, const char *word,
		    const char *after)
{
	struct buf text = BUF_INIT;

	buf_str(&text, before);
	if (apply(&text, name, word))
		fail_msg("%s: %s", word, err_message());
	assert_string_equal(text.s, after);
	buf_clear(&text);
}

static void yaml(const char *before, const char *word, const char *after)
{
	becomes("params.yaml", before, word, after);
}

static void json(const char *before, const char *word, const char *after)
{
	becomes("p.json", before, word, after);
}

/* Refused with `code` and `message`, and not a byte has changed. */
static void refused(const char *before, const char *word, int code,
		    const char *message)
{
	struct buf text = BUF_INIT;

	buf_str(&text, before);
	assert_int_equal(apply(&text, "params.yaml", word), code);
	assert_string_equal(err_message(), message);
	assert_string_equal(text.s, before);
	buf_clear(&text);
}

static void changes_nothing_but_the_value(void **state)
{
	(void)state;
	yaml("# top\nlr:   0.1   # rate\nb: 2\n", "lr=1e-3",
	     "# top\nlr:   0.001   # rate\nb: 2\n");
	yaml("a:\r\n  b: 1\r\n  c: x\r\n", "a.b=2", "a:\r\n  b: 2\r\n  c: x\r\n");
	yaml("a: {b: [1, 2], c: x}\n", "a.c=yes", "a: {b: [1, 2], c: yes}\n");
	yaml("a: {b: [1, 2], c: x}\n", "a.b.1=5", "a: {b: [1, 5], c: x}\n");
	yaml("l:\n- n: 1\n-   n: 2 # two\n", "l.1.n=3",
	     "l:\n- n: 1\n-   n: 3 # two\n");
	yaml("a: !!str 5\nb: [!!int '6']\n", "b.0=x",
	     "a: !!str 5\nb: [x]\n");
	yaml("a: !!str 5\n", "a=1", "a: 1\n");
	yaml("\xc3\xa9: 1\nb: 2", "b=3", "\xc3\xa9: 1\nb: 3");
}

static void keeps_the_quotes_of_a_string(void **state)
{
	(void)state;
	yaml("a: 'x'\n", "a=y", "a: 'y'\n");
	yaml("a: \"x\"\n", "a='q\"'", "a: \"q\\\"\"\n");
	yaml("a: 'x'\n", "a=1", "a: 1\n");
	yaml("a: x\n", "a='1'", "a: '1'\n");
	yaml("a: x\n", "a=null", "a: null\n");
	yaml("a: x\n", "a=", "a: ''\n");
	yaml("a: {b: x}\n", "a.b='p, q'", "a: {b: 'p, q'}\n");
}

static void fills_in_values_that_stand_nowhere(void **state)
{
	(void)state;
	yaml("a:\nb: 1\n", "a=x", "a: x\nb: 1\n");
	yaml("a: # why\n", "a=x", "a: x # why\n");
	yaml("a: {b: , c}\n", "a.b=1", "a: {b: 1 , c}\n");
	yaml("a: {b: , c}\n", "a.c=1", "a: {b: , c: 1}\n");
	yaml("l:\n-\n- 1\n", "l.0=x", "l:\n- x\n- 1\n");
}

static void replaces_block_scalars(void **state)
{
	(void)state;
	yaml("a: |\n  one\n  two\n\n# c\nb: 1\n", "a=x",
	     "a: x\n\n# c\nb: 1\n");
	yaml("a: >-\n  one\n  two\nb: 1\n", "a=2", "a: 2\nb: 1\n");
	yaml("a: 'x\n  y'\nb: 1\n", "a=z", "a: 'z'\nb: 1\n");
}

static void adds_behind_the_last_key_of_a_map(void **state)
{
	(void)state;
	yaml("", "+a=1", "a: 1\n");
	yaml("# only words\n", "+a.b=1", "# only words\na:\n  b: 1\n");
	yaml("a: 1", "+b=x", "a: 1\nb: x\n");
	yaml("a:\n    b: 1\n    # end\n\nc: 2\n", "+a.d=3",
	     "a:\n    b: 1\n    d: 3\n    # end\n\nc: 2\n");
	yaml("a:\n  b: 1\r\n", "++a.x.y=2", "a:\n  b: 1\r\n  x:\n    y: 2\n");
	yaml("a: 1\r\n", "+b=2", "a: 1\r\nb: 2\r\n");
	yaml("a: {}\n", "+a.b=1", "a: {b: 1}\n");
	yaml("a: {b: 1}\n", "+a.c.d=x", "a: {b: 1, c: {d: x}}\n");
	yaml("{\n  a: 1\n}\n", "+b=2", "{\n  a: 1,\n  b: 2\n}\n");
	yaml("a:\nb: 1\n", "+a.c=2", "a:\n  c: 2\nb: 1\n");
	yaml("l:\n- a: 1\n- b: 2\n", "+l.0.c=3", "l:\n- a: 1\n  c: 3\n- b: 2\n");
	yaml("t: |+\n  x\n\n", "+b=1", "t: |+\n  x\n\nb: 1\n");
}

static void deletes_the_lines_of_a_key(void **state)
{
	(void)state;
	yaml("a: 1\nb: 2 # two\n# c\nc: 3\n", "~b", "a: 1\n# c\nc: 3\n");
	yaml("a:\n  b:\n  - 1\n  c: 2\n", "~a.b", "a:\n  c: 2\n");
	yaml("a:\n  b: 1\nc: 2\n", "~a.b", "a: {}\nc: 2\n");
	yaml("l:\n- a: 1\n  b: 2\n", "~l.0.a", "l:\n- b: 2\n");
	yaml("l:\n- a: 1\n- b: 2\n", "~l.0.a", "l:\n- {}\n- b: 2\n");
	yaml("a: {b: 1, c: 2}\n", "~a.c", "a: {b: 1}\n");
	yaml("a: {b: 1, c: 2}\n", "~a.b", "a: {c: 2}\n");
	yaml("a: {b: 1}\n", "~a.b", "a: {}\n");
	yaml("a: 1\n", "~a", "");
}

static void keeps_the_layout_of_json(void **state)
{
	(void)state;
	json("{\"a\": 1, \"b\": {\"c\": \"x\"}}", "b.c=y",
	     "{\"a\": 1, \"b\": {\"c\": \"y\"}}");
	json("{\n\t\"a\" : 1e-3\n}\n", "a='\xc3\xa9'",
	     "{\n\t\"a\" : \"\\u00e9\"\n}\n");
	json("{\"a\":1,\"b\":2}", "+c=3", "{\"a\":1,\"b\":2,\"c\": 3}");
	json("{\n  \"a\": 1\n}", "+b.c=true",
	     "{\n  \"a\": 1,\n  \"b\": {\"c\": true}\n}");
	json("{ }", "+b=null", "{\"b\": null}");
	json("{\"a\": [1, {\"b\": 2}], \"c\": 3}", "a.1.b=inf",
	     "{\"a\": [1, {\"b\": Infinity}], \"c\": 3}");
	json("{\"a\": 1, \"b\": 2, \"c\": 3}", "~b", "{\"a\": 1, \"c\": 3}");
}

static void refuses_keys_that_are_not_there(void **state)
{
	(void)state;
	refused("train:\n  lr: 1\n", "train.ir=2", ERR_NOTFOUND,
		"params.yaml has no parameter 'train.ir'");
	assert_string_equal(err_hints(), "did you mean 'train.lr'?\n"
			    "to add it write '+train.ir=...'");
	refused("train:\n  lr: 1\n", "~lr", ERR_NOTFOUND,
		"params.yaml has no parameter 'lr'");
	assert_string_equal(err_hints(), "did you mean 'train.lr'?");
	refused("a: 1\n", "+a=2", ERR_EXISTS,
		"params.yaml already has a parameter 'a'");
}

static void refuses_what_one_edit_cannot_say(void **state)
{
	(void)state;
	refused("a: &x {b: 1}\nc: *x\n", "c.b=2", ERR_INVALID,
		"params.yaml: line 2: 'c.b' comes from an alias and cannot be "
		"changed alone");
	refused("a: &x 1\nc: *x\n", "a=2", ERR_INVALID,
		"params.yaml: cannot change 'a' without touching more than "
		"that");
	refused("a: [1]\n", "~a.0", ERR_INVALID, "params.yaml: cannot "
		"change 'a.0': items of a list cannot be deleted alone");
	refused("a: [1]\n", "+a.1=2", ERR_INVALID, "params.yaml: cannot "
		"change 'a.1': lists cannot grow by one item");
	assert_string_equal(err_hints(),
			    "give the whole list: 'key=[1,2,3]'");
	refused("a: [1]\n", "+a.x=2", ERR_INVALID, "params.yaml: 'x' in "
		"'a.x' stands in a list, so it must be a number");
	refused("a: {b: 1}\n", "a=[1]", ERR_INVALID, "params.yaml: cannot "
		"change 'a': a map cannot become a list");
	refused("a: 1\n", "~a=2", ERR_INVALID,
		"params.yaml: 'a' is 1, not 2, so it is not removed");
	refused("a:\n", "~a", ERR_INVALID, "params.yaml: cannot change "
		"'a': it is null, which counts as removed");
	refused("- 1\n", "+a=1", ERR_INVALID, "params.yaml: expected a map "
		"of parameters, found a list");
	refused("a: 1\n", "a=?" "??", ERR_INVALID, "params.yaml: three "
		"question marks stand for a value that is missing, so they "
		"cannot be one");
}

/* Collections: as OmegaConf has it, lists are replaced, maps are merged. */
static void writes_lists_and_maps_where_values_stood(void **state)
{
	(void)state;
	yaml("a: 1 # one\nb: 2\n", "a=[1,{k: v}, 'x, y']",
	     "a: [1, {k: v}, 'x, y'] # one\nb: 2\n");
	yaml("a: [1, 2]  # two\n", "a=[3]", "a: [3]  # two\n");
	yaml("a: [1, 2]\n", "a=[1,5]", "a: [1, 5]\n");
	yaml("a:\n- 1 # one\n- 2\n# end\nb: 1\n", "a=[3,4,x]",
	     "a:\n- 3\n- 4\n- x\n# end\nb: 1\n");
	yaml("a:\n  - 1\n  - b: 2\n\nc: 3\n", "a=[{b: [1]}]",
	     "a:\n  - b:\n    - 1\n\nc: 3\n");
	yaml("a:   # note\n  b: 1\n  # in\n  c: 2\n# out\nd: 3\n", "a=x",
	     "a: x   # note\n# out\nd: 3\n");
	yaml("a:\r\n- 1\r\n- 2\r\nb: 1\r\n", "a=[]", "a: []\r\nb: 1\r\n");
	yaml("a:\r\n- 1\r\n- 2\r\nb: 1\r\n", "a=[5]", "a:\r\n- 5\r\nb: 1\r\n");
	yaml("l:\n- a: 1\n  b: 2\n- x\n", "l.0=5", "l:\n- 5\n- x\n");
	yaml("l:\n- - 1\n  - 2\n- x", "l.0=[7]", "l:\n- - 7\n- x");
	yaml("a:\n- 1\n- 2", "a=[x]", "a:\n- x");
	yaml("a: &x !!map # c\n  k: 1\nb: 2\n", "a=v", "a: &x v # c\nb: 2\n");
	yaml("a: &x\n  # c\n  - 1\nb: 2\n", "a=[2,3]",
	     "a: &x\n  # c\n  - 2\n  - 3\nb: 2\n");
	yaml("a:\n  s: ~\n  t: 1\n", "a.s={x: 1, y: [2]}",
	     "a:\n  s:\n    x: 1\n    y:\n    - 2\n  t: 1\n");
	yaml("# c\n--- null # d\n# x\n", "+a=1", "# c\n---  # d\n# x\na: 1\n");
	yaml("---\n# c\n...\n", "+a=1", "---\n# c\na: 1\n...\n");
	yaml("a: 1\n...\n", "~a", "{}\n...\n");
	json(" []\n", "+a=1", " {\"a\": 1}\n");
	yaml("a: 1\n", "+b=[1,{c: 2}]", "a: 1\nb:\n- 1\n- c: 2\n");
	yaml("a: {b: 1}\n", "+a={c: {d: [x]}}", "a: {b: 1, c: {d: [x]}}\n");
	yaml("a:\n  b: 1 # b\n", "a={b: 2}", "a:\n  b: 2 # b\n");
	yaml("a: 1\n", "+a.b.c=2", "a: {b: {c: 2}}\n");
	yaml("a: {b: 1}\n", "+a={}", "a: {b: 1}\n");
	json("{\n  \"a\": [1,\n    2]\n}", "a=[true,{1: x}]",
	     "{\n  \"a\": [true,\n    {\"1\": \"x\"}]\n}");
	json("{\"a\": 1}", "+b=[{c: null}]",
	     "{\"a\": 1, \"b\": [{\"c\": null}]}");
}

static void removes_only_the_value_that_is_named(void **state)
{
	(void)state;
	yaml("a: 1\nb: 2\n", "~a=1.0", "b: 2\n");
	yaml("a: [1, {b: x}]\nc: 1\n", "~a=[1,{b: x}]", "c: 1\n");
	yaml("a: ''\nb: 1\n", "~a=", "b: 1\n");
	yaml("a: 5\nb: 1\n", "~a=null", "b: 1\n");
}

static void puts_values_for_references(void **state)
{
	(void)state;
	yaml("a: 1\nb: {c: [x, 7]}\n", "a=${b.c.1}", "a: 7\nb: {c: [x, 7]}\n");
	yaml("a: 1\nb: {c: [x, 7]}\n", "a=${b.c[0]}", "a: x\nb: {c: [x, 7]}\n");
	yaml("a: 1\nb: 0.5\n", "a=x${b}-${b}", "a: x0.5-0.5\nb: 0.5\n");
	yaml("a: 1\nb: 2\n", "a='\\${b}'", "a: ${b}\nb: 2\n");
	yaml("a: ${b}\nb: 2\n", "b=3", "a: ${b}\nb: 3\n");
	refused("a: 1\n", "a=${b}", ERR_NOTFOUND,
		"params.yaml has no parameter 'b', which '${b}' refers to");
	refused("a: 1\n", "a=${a}", ERR_INVALID,
		"params.yaml: a '${...}' refers to itself");
	refused("a: 1\n", "a=${oc.env:HOME}", ERR_INVALID, "params.yaml: "
		"'${oc.env:HOME}': '${...}' may only name another parameter "
		"here");
	refused("a: 1\n", "a='${'", ERR_INVALID,
		"params.yaml: '${': expected '}' behind '${'");
}

/* --- words: what Hydra 1.3 makes of them ------------------------------- */

static void says(const char *word, enum edit_op op, const char *key,
		 enum val_kind kind, const char *value)
{
	struct edit e = none;
	struct buf b = BUF_INIT;

	if (edit_parse(&e, word))
		fail_msg("%s: %s", word, err_message());
	assert_int_equal(e.op, op);
	assert_string_equal(e.key, key);
	assert_int_equal(e.value.kind, kind);
	canon_json(&b, &e.value, 0);
	assert_string_equal(b.s, value);
	buf_clear(&b);
	edit_clear(&e);
}

static void types_words_as_hydra_does(void **state)
{
	(void)state;
	says("a=012", EDIT_SET, "a", VAL_STR, "\"012\"");
	says("a=1_000", EDIT_SET, "a", VAL_INT, "1000");
	says("a=+1", EDIT_SET, "a", VAL_INT, "1");
	says("a=-0", EDIT_SET, "a", VAL_INT, "0");
	says("a=1.e3", EDIT_SET, "a", VAL_FLOAT, "1000.0");
	says("a=1e5", EDIT_SET, "a", VAL_FLOAT, "100000.0");
	says("a=5.", EDIT_SET, "a", VAL_FLOAT, "5.0");
	says("a=1_0.5_0", EDIT_SET, "a", VAL_FLOAT, "10.5");
	says("a=1_e5", EDIT_SET, "a", VAL_STR, "\"1_e5\"");
	says("a=-INF", EDIT_SET, "a", VAL_FLOAT, "-Infinity");
	says("a=TrUe", EDIT_SET, "a", VAL_BOOL, "true");
	says("a=yes", EDIT_SET, "a", VAL_STR, "\"yes\"");
	says("a=NULL", EDIT_SET, "a", VAL_NULL, "null");
	says("+a= b  c ", EDIT_ADD, "a", VAL_STR, "\"b  c\"");
	says("++a.b=", EDIT_PUT, "a.b", VAL_STR, "\"\"");
	says("a='1'", EDIT_SET, "a", VAL_STR, "\"1\"");
	says("a='it\\'s'", EDIT_SET, "a", VAL_STR, "\"it's\"");
	says("a='x\\\\'", EDIT_SET, "a", VAL_STR, "\"x\\\\\"");
	says("a='\\n'", EDIT_SET, "a", VAL_STR, "\"\\\\n\"");
	says("a=b\\,c\\ ", EDIT_SET, "a", VAL_STR, "\"b,c \"");
	says("a=9999999999999999999999", EDIT_SET, "a", VAL_INT,
	     "9999999999999999999999");
}

static void takes_the_file_from_before_the_colon(void **state)
{
	struct edit e = none;

	(void)state;
	assert_int_equal(edit_parse(&e, "conf/p.json:+a=b:c"), 0);
	assert_string_equal(e.file, "conf/p.json");
	assert_string_equal(e.key, "a");
	assert_string_equal(e.value.s, "b:c");
	assert_int_equal(e.op, EDIT_ADD);
	edit_clear(&e);
	assert_int_equal(edit_parse(&e, "~a.b"), 0);
	assert_string_equal(e.file, "params.yaml");
	assert_int_equal(e.op, EDIT_DROP);
	edit_clear(&e);
}

static void refuses_words_it_does_not_know(void **state)
{
	static const char *const bad[][2] = {
		{ "a=[1", "'a=[1': expected ',' or ']' at the end" },
		{ "a=[1)", "'a=[1)': expected ',' or ']', not ')', at "
			   "character 5" },
		{ "a={b}", "'a={b}': expected ':', not '}', at character 5" },
		{ "a=[,1]", "'a=[,1]': expected a value, not ',', at "
			    "character 4" },
		{ "a=1]", "'a=1]': expected nothing more, not ']', at "
			  "character 4" },
		{ "a=1,2", "'a=1,2': several values where one is needed" },
		{ "a=f(1)", "'a=f(1)': there is no function 'f'" },
		{ "a=int(x)", "'a=int(x)': int() cannot take \"x\"" },
		{ "a=int(1,b=2)", "'a=int(1,b=2)': int() takes no 'b'" },
		{ "a=sort([1,x])", "'a=sort([1,x])': sort() cannot compare "
				   "these values with each other" },
		{ "a=interval(0,1)", "'a=interval(0,1)': interval() is not "
				     "supported" },
		{ "a=[choice(1)]", "'a=[choice(1)]': a sweep cannot stand "
				   "inside of a list or map" },
		{ "a=x#y", "'a=x#y': '#', character 4, must stand in quotes" },
		{ "a='x", "'a='x': the quote at character 3 is not closed" },
		{ "a='x' y", "'a='x' y': expected nothing more, not 'y', at "
			     "character 7" },
		{ "a", "'a' says no value" },
		{ "=1", "'=1': no key before the '='" },
		{ ":a=1", "':a=1': no file before the ':'" },
		{ "a..b=1", "'a..b=1': expected '=', not '.', at character 2" },
		{ "a@b=1", "'a@b=1': '@' chooses between configs of Hydra, "
			   "and a file of parameters has none" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct edit e = none;

		assert_int_equal(edit_parse(&e, bad[i][0]), ERR_INVALID);
		assert_string_equal(err_message(), bad[i][1]);
		edit_clear(&e);
	}
}

/* --- sweeps ------------------------------------------------------------- */

/* Words end in ' ' and runs in '|'. */
static void expands(const char *words, const char *runs)
{
	struct strs list = STRS_INIT;
	struct edit_runs r;
	struct buf b = BUF_INIT;

	strs_split(&list, words, ' ');
	if (edit_expand(&r, &list))
		fail_msg("%s: %s", words, err_message());
	for (size_t i = 0; i < r.nr; i++) {
		for (size_t k = 0; k < r.item[i].nr; k++)
			buf_fmt(&b, "%s ", r.item[i].item[k]);
		buf_char(&b, '|');
	}
	assert_string_equal(b.s, runs);
	buf_clear(&b);
	edit_runs_clear(&r);
	strs_clear(&list);
}

static void expands_sweeps_as_dvc_queues_them(void **state)
{
	(void)state;
	expands("a='1' b=2", "a='1' b=2 |");
	expands("a=1,2 b=x,y", "a=1 b=x |a=1 b=y |a=2 b=x |a=2 b=y |");
	expands("a=range(3) f.json:+b='1',2",
		"a=0 f.json:+b='1' |a=0 f.json:+b=2 |a=1 f.json:+b='1' |"
		"a=1 f.json:+b=2 |a=2 f.json:+b='1' |a=2 f.json:+b=2 |");
	expands("a=range(0,0.3,0.1)", "a=0.0 |a=0.1 |a=0.2 |");
	expands("a=sort(choice(3,1),reverse=true) a=7", "a=7 |");
	expands("a=1,2 ~b a=[x,{y:'z'}],null", "a=[x,{y:'z'}] ~b=null |"
		"a=null ~b=null |");
	expands("a=tag(t,range(2,0,-1))", "a=2 |a=1 |");
}

static void refuses_sweeps_without_end(void **state)
{
	static const char *const bad[][2] = {
		{ "a=range(0,1000000000)", "'a=range(0,1000000000)': the range "
					   "has more than 10000 values" },
		{ "a=range(0,inf)", "'a=range(0,inf)': a range needs finite "
				    "numbers" },
		{ "a=range(0,1,0)", "'a=range(0,1,0)': the step of a range "
				    "cannot be 0" },
		{ "a=range(1,0)", "the sweep over 'a' has no values" },
		{ "a=range(200) b=range(200)", "the sweeps of -S make more "
					       "than 10000 runs" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct strs list = STRS_INIT;
		struct edit_runs r;

		strs_split(&list, bad[i][0], ' ');
		assert_int_equal(edit_expand(&r, &list), ERR_INVALID);
		assert_string_equal(err_message(), bad[i][1]);
		edit_runs_clear(&r);
		strs_clear(&list);
	}
}

/* --- driven by the shell tests ------------------------------------------- */

static int drive_parse(int argc, char **argv)
{
	static const char *const kinds[] = { "null", "bool", "int", "float",
					     "str", "date", "list",
					     "map" };

	for (int i = 0; i < argc; i++) {
		struct edit e = none;
		struct buf b = BUF_INIT;

		if (edit_parse(&e, argv[i])) {
			printf("refused\n");
		} else {
			canon_json(&b, &e.value, 0);
			printf("%d %s %s %s\n", (int)e.op, e.key,
			       kinds[e.value.kind], b.s);
		}
		buf_clear(&b);
		edit_clear(&e);
	}
	return 0;
}

/* The next of the fields that end in NUL. */
static const char *field(const char **at)
{
	const char *s = *at;

	*at = s + strlen(s) + 1;
	return s;
}

static void answer(int err, const struct buf *text)
{
	const char *s = err ? err_message() : text->s;

	printf("%d", err);
	putchar('\0');
	fputs(s, stdout);
	putchar('\0');
}

/* file, how many words, the words, its text: the text as they change it. */
static void one_case(const char **at)
{
	const char *name = field(at);
	size_t nr = (size_t)atoi(field(at));
	struct edit *e = calloc(nr + 1, sizeof(*e));
	struct buf text = BUF_INIT;
	int err = 0;

	for (size_t i = 0; i < nr; i++) {
		const char *word = field(at);

		if (!err)
			err = edit_parse(&e[i], word);
	}
	buf_str(&text, field(at));
	if (!err)
		err = edit_apply_all(&text, name, e, nr);
	answer(err, &text);
	for (size_t i = 0; i < nr; i++)
		edit_clear(&e[i]);
	free(e);
	buf_clear(&text);
}

/* how many words, the words: those of each run, a line for each. */
static void one_sweep(const char **at)
{
	struct strs words = STRS_INIT;
	struct edit_runs runs = { 0 };
	struct buf text = BUF_INIT;
	int err;

	for (int nr = atoi(field(at)); nr > 0; nr--)
		strs_add(&words, field(at));
	err = edit_expand(&runs, &words);
	buf_str(&text, runs.sweep ? "sweep" : "one");
	for (size_t i = 0; i < runs.nr; i++) {
		buf_char(&text, '\n');
		for (size_t k = 0; k < runs.item[i].nr; k++)
			buf_fmt(&text, "%s\t", runs.item[i].item[k]);
	}
	answer(err, &text);
	edit_runs_clear(&runs);
	strs_clear(&words);
	buf_clear(&text);
}

static int drive(int argc, char **argv)
{
	struct buf all = BUF_INIT;
	const char *at;
	int err;

	if (!strcmp(argv[1], "parse"))
		return drive_parse(argc - 2, argv + 2);
	if (argc != 3)
		return 2;
	err = file_read(argv[2], &all, 0);
	for (at = all.s; !err && at < all.s + all.len; ) {
		if (!strcmp(argv[1], "apply"))
			one_case(&at);
		else
			one_sweep(&at);
	}
	buf_clear(&all);
	return err ? 1 : 0;
}

static void toml(const char *before, const char *word, const char *after)
{
	becomes("p.toml", before, word, after);
}

static void python(const char *before, const char *word, const char *after)
{
	becomes("p.py", before, word, after);
}

static void toml_keeps_every_other_byte(void **state)
{
	(void)state;
	toml("# c\na   =  1 # x\n", "a=2", "# c\na   =  2 # x\n");
	toml("a = 'x'\nb = \"y\"\n", "a=q", "a = 'q'\nb = \"y\"\n");
	toml("a = 'x'\n", "a=\"it's\"", "a = \"it's\"\n");
	toml("[t]\r\n  a.b = [1,\r\n 2] # c\r\n", "t.a.b.1=3",
	     "[t]\r\n  a.b = [1,\r\n 3] # c\r\n");
	toml("[[p]]\nq = {r = 1, 's' = 2}\n", "p.0.q.s=0.5",
	     "[[p]]\nq = {r = 1, 's' = 0.5}\n");
	toml("a = 1", "a=[x, {b: 1e-7}]", "a = [\"x\", {b = 1e-07}]");
}

static void toml_adds_where_the_table_ends(void **state)
{
	(void)state;
	toml("a = 1 # x\n\n[t]\nb = 1\n", "+c=2",
	     "a = 1 # x\nc = 2\n\n[t]\nb = 1\n");
	toml("a = 1\n[t]\n  b = 1\n\n# u\n[u]\n", "+t.c=x y",
	     "a = 1\n[t]\n  b = 1\n  c = \"x y\"\n\n# u\n[u]\n");
	toml("# t\n[t]\n", "+a=1", "a = 1\n\n# t\n[t]\n");
	toml("t.a.b = 1\n", "+t.a.c=2", "t.a.b = 1\nt.a.c = 2\n");
	toml("[t.u]\n", "+t.a=1", "[t]\na = 1\n\n[t.u]\n");
	toml("q = {}\nr = { a = 1 }\n", "+q.b=1", "q = {b = 1}\nr = { a = 1 }\n");
	toml("r = { a.b = 1 }\n", "+r.c=1", "r = { a.b = 1, c = 1 }\n");
	toml("a = 1", "+n.m.o=1", "a = 1\n\n[n.m]\no = 1\n");
	toml("[t]\na = 1\n[u]\n", "+t.n={x: 1, y: {}}",
	     "[t]\na = 1\n\n[t.n]\nx = 1\ny = {}\n\n[u]\n");
}

static void toml_removes_the_lines_of_the_key(void **state)
{
	(void)state;
	toml("a = 1 # x\nb = \"\"\"\n\"\"\" # y\nc = 3\n", "~b",
	     "a = 1 # x\nc = 3\n");
	toml("q = {r = 1, s = 2, t = 3}\n", "~q.r", "q = {s = 2, t = 3}\n");
	toml("q = {r = 1, s = 2, t = 3}\n", "~q.t", "q = {r = 1, s = 2}\n");
	toml("a = 1\n\n[t]\nb = 1\n[t.u]\n# v\n[v]\nc = 1\n", "~t",
	     "a = 1\n\n# v\n[v]\nc = 1\n");
	toml("a.b = 1\n", "~a.b", "a = {}\n");
	toml("[a.b.c]\nd = 1\n", "~a.b.c", "[a.b]\n");
	toml("a = 1\n\n[t]\nb = 1\n", "t=5", "a = 1\nt = 5\n");
}

static void python_gets_another_value_in_its_place(void **state)
{
	(void)state;
	python("a = 1  # c\nA = 2\n", "a=2", "a = 2  # c\nA = 2\n");
	python("class A:\n  b: int = 'x'; c = \"y\"\n", "A.c=\"it's\"",
	       "class A:\n  b: int = 'x'; c = \"it's\"\n");
	python("a = 'x' \\\n  \"y\" # c\n", "a=z", "a = \"z\" # c\n");
	python("a = 'x'\n", "a=null", "a = None\n");
	python("t = (1, 2)\n", "t=[3]", "t = (3,)\n");
	python("t = 1, [2]\n", "t.1.0=true", "t = 1, [True]\n");
	python("d = {'a': {'b': 1}}\n", "d.a.b=0.5", "d = {'a': {'b': 0.5}}\n");
	python("a = 1\na = 2\n", "a=3", "a = 1\na = 3\n");
	python("a = 1\n", "a=-inf", "a = -1e999\n");
}

/* Refused, and not a byte has changed. */
static void refuses_in(const char *name, const char *before, const char *word,
		       const char *message)
{
	struct buf text = BUF_INIT;

	buf_str(&text, before);
	assert_int_equal(apply(&text, name, word), ERR_INVALID);
	assert_string_equal(err_message(), message);
	assert_string_equal(text.s, before);
	buf_clear(&text);
}

/* DVC fails at each of these when it writes the file. */
static void says_what_toml_and_python_cannot_hold(void **state)
{
	(void)state;
	refuses_in("p.toml", "a = 1\n", "a=null",
		   "p.toml: cannot set 'a' to null: TOML has no null");
	refuses_in("p.toml", "a = 1\n", "+b=[null]",
		   "p.toml: cannot set 'b' to null: TOML has no null");
	refuses_in("p.toml", "[[a]]\n", "a.0=1", "p.toml: cannot change 'a.0': "
		   "it is one of several tables");
	refuses_in("p.py", "a = 1\n", "+b=1", "p.py: a Python file cannot be "
		   "given another parameter: 'b'");
	refuses_in("p.py", "a = 1\n", "~a", "p.py: a Python file cannot lose "
		   "a parameter: 'a'");
	refuses_in("p.py", "a = 1\n", "a={b: 1}", "p.py: in a Python file no "
		   "dict and no class can come or go: 'a'");
	refuses_in("p.py", "class A: b = 1\n", "A=1", "p.py: in a Python file "
		   "no dict and no class can come or go: 'A'");
	refuses_in("p.py", "a = 1\n", "a=nan", "p.py: Python has no literal "
		   "for nan, for 'a'");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(changes_nothing_but_the_value),
		cmocka_unit_test(toml_keeps_every_other_byte),
		cmocka_unit_test(toml_adds_where_the_table_ends),
		cmocka_unit_test(toml_removes_the_lines_of_the_key),
		cmocka_unit_test(python_gets_another_value_in_its_place),
		cmocka_unit_test(says_what_toml_and_python_cannot_hold),
		cmocka_unit_test(keeps_the_quotes_of_a_string),
		cmocka_unit_test(fills_in_values_that_stand_nowhere),
		cmocka_unit_test(replaces_block_scalars),
		cmocka_unit_test(adds_behind_the_last_key_of_a_map),
		cmocka_unit_test(deletes_the_lines_of_a_key),
		cmocka_unit_test(keeps_the_layout_of_json),
		cmocka_unit_test(refuses_keys_that_are_not_there),
		cmocka_unit_test(refuses_what_one_edit_cannot_say),
		cmocka_unit_test(writes_lists_and_maps_where_values_stood),
		cmocka_unit_test(removes_only_the_value_that_is_named),
		cmocka_unit_test(puts_values_for_references),
		cmocka_unit_test(expands_sweeps_as_dvc_queues_them),
		cmocka_unit_test(refuses_sweeps_without_end),
		cmocka_unit_test(types_words_as_hydra_does),
		cmocka_unit_test(takes_the_file_from_before_the_colon),
		cmocka_unit_test(refuses_words_it_does_not_know),
	};

	if (argc > 1)
		return drive(argc, argv);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("edit", tests, NULL, NULL);
}
