#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/map.h"
#include "base/src.h"
#include "spec/canon.h"
#include "spec/tmpl.h"
#include "spec/val-shape.h"

/* --- files in memory, and a project made of them ------------------------------- */

static struct map files, docs;
static struct src_mem mem;

static void file(const char *path, const char *text)
{
	struct buf *b = malloc(sizeof(*b));

	*b = (struct buf)BUF_INIT;
	buf_str(b, text);
	map_put(&files, path, b);
}

static void drop_file(void *value)
{
	buf_clear(value);
	free(value);
}

static void drop_doc(void *value)
{
	val_clear(value);
	free(value);
}

static const struct shape_where stage = { "dvc.yaml", "stage", "s", NULL };

/* `vars` is YAML; everything is forgotten again by done(). */
static int begin(struct tmpl *t, const char *vars)
{
	static struct val v;
	int err;

	val_clear(&v);
	assert_int_equal(val_yaml(&v, vars, strlen(vars), "vars"), 0);
	src_mem(&mem, &files);
	*t = (struct tmpl){ .file = "dvc.yaml", .src = &mem.src,
			    .docs = &docs };
	err = tmpl_begin(t, v.kind == VAL_LIST ? &v : NULL);
	return err;
}

static void done(struct tmpl *t)
{
	tmpl_clear(t);
	map_clear(&files, drop_file);
	map_clear(&docs, drop_doc);
}

/* The YAML text `in`, its templates filled in, as JSON. */
static void becomes(struct tmpl *t, unsigned how, const char *in,
		    const char *json)
{
	struct val v = VAL_INIT, out = VAL_INIT;
	struct buf text = BUF_INIT;

	assert_int_equal(val_yaml(&v, in, strlen(in), "in"), 0);
	if (tmpl_resolve(t, &stage, &out, &v, how, NULL))
		fail_msg("%s: %s", in, err_message());
	canon_json(&text, &out, 0);
	assert_string_equal(text.s, json);
	buf_clear(&text);
	val_clear(&v);
	val_clear(&out);
}

static void refuses(struct tmpl *t, unsigned how, const char *in,
		    const char *why, const char *hint)
{
	struct val v = VAL_INIT, out = VAL_INIT;

	assert_int_equal(val_yaml(&v, in, strlen(in), "in"), 0);
	t->text = in;
	t->len = strlen(in);
	assert_int_equal(tmpl_resolve(t, &stage, &out, &v, how, NULL),
			 ERR_INVALID);
	assert_string_equal(err_message(), why);
	if (hint)
		assert_string_equal(err_hints(), hint);
	else
		assert_null(err_hints());
	t->text = NULL;
	val_clear(&v);
	val_clear(&out);
}

/* --- values -------------------------------------------------------------------- */

static const char params[] =
	"s: text\ni: 3\nf: 1e-3\nb: true\nn: null\nl: [1, [2, x]]\n"
	"m: {a: {b: 5}, q: \"it's\", t: true, u: false, l: [1, a b]}\n";

static void one_template_keeps_its_type(void **state)
{
	struct tmpl t;

	(void)state;
	file("params.yaml", params);
	assert_int_equal(begin(&t, ""), 0);
	becomes(&t, 0, "['${s}', '${i}', '${f}', '${b}', '${n}']",
		"[\"text\", 3, 0.001, true, null]");
	done(&t);
}

static void text_is_written_as_python_writes_it(void **state)
{
	struct tmpl t;

	(void)state;
	file("params.yaml", params);
	assert_int_equal(begin(&t, ""), 0);
	becomes(&t, 0, "'${s} ${i} ${f} ${b} ${n}.'",
		"\"text 3 0.001 true None.\"");
	becomes(&t, TMPL_ANY, "'a ${l}'", "\"a [1, [2, 'x']]\"");
	done(&t);
}

static void names_have_parts_and_places(void **state)
{
	struct tmpl t;

	(void)state;
	file("params.yaml", params);
	assert_int_equal(begin(&t, ""), 0);
	becomes(&t, 0, "'${m.a.b}${m[a][b]}${ m . a[ b ] } ${l.1[-1]}'",
		"\"555 x\"");
	done(&t);
}

static void a_backslash_makes_it_text(void **state)
{
	struct tmpl t;

	(void)state;
	file("params.yaml", params);
	assert_int_equal(begin(&t, ""), 0);
	becomes(&t, 0, "'\\${i} \\\\${i} ${i} $ {i} ${'",
		"\"${i} \\\\${i} 3 $ {i} ${\"");
	done(&t);
}

static void keys_are_filled_in_and_the_last_of_equal_ones_counts(void **state)
{
	struct tmpl t;

	(void)state;
	file("params.yaml", params);
	assert_int_equal(begin(&t, ""), 0);
	becomes(&t, 0, "{text: 1, z: 2, '${s}': 3, '${i}': 4}",
		"{\"text\": 3, \"z\": 2, \"3\": 4}");
	done(&t);
}

static void a_map_becomes_options(void **state)
{
	struct tmpl t;

	(void)state;
	file("params.yaml", params);
	assert_int_equal(begin(&t, ""), 0);
	becomes(&t, TMPL_CMD, "'x ${m}'", "\"x --a.b 5 --q 'it'\\\"'\\\"'s' "
		"--t --l 1 'a b'\"");
	t.style = TMPL_NO_FLAGS | TMPL_APPEND;
	becomes(&t, TMPL_CMD, "'x ${m}'", "\"x --a.b 5 --q 'it'\\\"'\\\"'s' "
		"--t --no-u --l 1 --l 'a b'\"");
	done(&t);
}

/* --- mistakes ------------------------------------------------------------------- */

static void what_is_missing_is_named_with_line_column_and_a_guess(void **state)
{
	struct tmpl t;

	(void)state;
	file("params.yaml", params);
	assert_int_equal(begin(&t, "[train: {epochs: 1, rate: 2}]"), 0);
	refuses(&t, 0, "a: |\n  one\n  é ${train.epoch}\n",
		"dvc.yaml: line 3, column 5: stage 's': nothing is named "
		"'train.epoch'", "did you mean '${train.epochs}'?");
	refuses(&t, 0, "a: ${rate}", "dvc.yaml: line 1, column 4: stage 's': "
		"nothing is named 'rate'", "did you mean '${train.rate}'?");
	refuses(&t, 0, "a: ${zebra}", "dvc.yaml: line 1, column 4: stage 's': "
		"nothing is named 'zebra'", NULL);
	done(&t);
}

static void lists_and_maps_do_not_stand_in_text(void **state)
{
	struct tmpl t;

	(void)state;
	file("params.yaml", params);
	assert_int_equal(begin(&t, ""), 0);
	refuses(&t, TMPL_CMD, "x ${l}", "dvc.yaml: line 1, column 3: stage 's': "
		"'${l}' is a list, which cannot stand in text", NULL);
	refuses(&t, 0, "${m}", "dvc.yaml: line 1, column 1: stage 's': "
		"'${m}' is a map, which cannot stand in text", NULL);
	done(&t);
}

static void mistakes_in_a_name_are_shown(void **state)
{
	static const char *const bad[] = {
		"${}", "${.a}", "${a.}", "${a..b}", "${a[}", "${a[]}", "${a]}",
		"${a[0}", "${[0]}", "${a[0]b}", "${a.[0]}", "${a[0.1]}",
	};
	struct tmpl t;

	(void)state;
	file("params.yaml", "a: [[1]]\n");
	assert_int_equal(begin(&t, ""), 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct val v = VAL_INIT;

		val_set_str(&v, bad[i]);
		assert_int_equal(tmpl_check(&t, &stage, &v), ERR_INVALID);
		assert_string_equal(t.trouble, "ResolveError");
		val_clear(&v);
	}
	done(&t);
}

/* --- vars ------------------------------------------------------------------------- */

static void vars_are_merged_and_never_overwritten(void **state)
{
	struct tmpl t;

	(void)state;
	file("params.yaml", "m: {a: 1}\n");
	file("v.json", "{\"m\": {\"b\": 2}, \"x\": 3, \"y\": 4}");
	assert_int_equal(begin(&t, "['v.json:m,x', {m: {c: 5}}]"), 0);
	becomes(&t, 0, "'${m.a}${m.b}${m.c}${x}'", "\"1253\"");
	refuses(&t, 0, "a: ${y}", "dvc.yaml: line 1, column 4: stage 's': "
		"nothing is named 'y'", NULL);
	done(&t);
	file("params.yaml", "m: {a: 1}\n");
	assert_int_equal(begin(&t, "[{m: {a: 2}}]"), ERR_INVALID);
	assert_string_equal(err_message(), "dvc.yaml: line 1: cannot redefine "
			    "'m.a' from 'vars[0]', as it is already in "
			    "'params.yaml'");
	done(&t);
}

static void a_stage_adds_for_itself_alone(void **state)
{
	struct val vars = VAL_INIT;
	const char *text = "[{m: {b: 2}, own: 3}, w.yaml]";
	struct tmpl t;

	(void)state;
	file("params.yaml", "m: {a: 1}\n");
	file("dir/w.yaml", "w: 4\n");
	assert_int_equal(begin(&t, ""), 0);
	val_yaml(&vars, text, strlen(text), "vars");
	assert_int_equal(tmpl_vars(&t, &stage, "dir", &vars), 0);
	becomes(&t, 0, "'${m.a}${m.b}${own}${w}'", "\"1234\"");
	tmpl_end(&t);
	becomes(&t, 0, "'${m.a}'", "1");
	refuses(&t, 0, "a: ${m.b}", "dvc.yaml: line 1, column 4: stage 's': "
		"nothing is named 'm.b'", NULL);
	val_clear(&vars);
	done(&t);
}

static void what_comes_from_files_is_remembered(void **state)
{
	struct buf json = BUF_INIT;
	struct tmpl t;

	(void)state;
	file("params.yaml", params);
	assert_int_equal(begin(&t, "[here: 1]"), 0);
	assert_int_equal(tmpl_vars(&t, &stage, ".", NULL), 0);
	becomes(&t, TMPL_CMD, "'${l[1].0} ${here} ${s} ${m} ${s}'",
		"\"2 1 text --a.b 5 --q 'it'\\\"'\\\"'s' --t --l 1 'a b' "
		"text\"");
	canon_json(&json, &t.used, 0);
	assert_string_equal(json.s, "{\"params.yaml\": {\"l.1.0\": 2, "
			    "\"s\": \"text\"}}");
	buf_clear(&json);
	done(&t);
}

/* --- groups ------------------------------------------------------------------------ */

static void names_are(struct tmpl *t, bool matrix, const char *in,
		      const char *names)
{
	struct tmpl_group g = TMPL_GROUP_INIT;
	struct val v = VAL_INIT;
	struct buf all = BUF_INIT;

	assert_int_equal(val_yaml(&v, in, strlen(in), "in"), 0);
	if (matrix ? tmpl_matrix(&g, t, &stage, &v) :
	    tmpl_foreach(&g, t, &stage, &v))
		fail_msg("%s: %s", in, err_message());
	for (size_t i = 0; i < g.names.nr; i++)
		buf_fmt(&all, "%s|", g.names.item[i].key);
	assert_string_equal(all.s, names);
	tmpl_group_clear(&g);
	val_clear(&v);
	buf_clear(&all);
}

static void groups_are_named_as_dvc_names_them(void **state)
{
	struct tmpl t;

	(void)state;
	file("params.yaml", "l: [true, 2]\nm: {u: 1, 3: 4}\n");
	assert_int_equal(begin(&t, ""), 0);
	names_are(&t, false, "[1, 1.50, true, null, x]", "1|1.5|true|None|x|");
	names_are(&t, false, "${l}", "True|2|");
	names_are(&t, false, "[a, {b: 1}]", "0|1|");
	names_are(&t, false, "{a: 1, 3: 2}", "a|3|");
	names_are(&t, false, "${m}", "u|");
	names_are(&t, false, "[a, b, a]", "a|b|");
	names_are(&t, true, "{x: [1, 2], y: [[0], k]}",
		  "1-y0|1-k|2-y0|2-k|");
	names_are(&t, true, "{x: ab, y: ['${l}', 1]}",
		  "a-y0|a-1|b-y0|b-1|");
	names_are(&t, true, "{x: [], y: [1]}", "");
	done(&t);
}

static void item_and_key_are_those_of_the_name(void **state)
{
	struct tmpl_group g = TMPL_GROUP_INIT;
	struct val v = VAL_INIT;
	const char *text = "{x: [1, 2], y: [{z: p}, q]}";
	struct tmpl t;

	(void)state;
	assert_int_equal(begin(&t, "[item: old]"), 0);
	val_yaml(&v, text, strlen(text), "v");
	assert_int_equal(tmpl_matrix(&g, &t, &stage, &v), 0);
	assert_int_equal(tmpl_set(&t, &stage, &g, 2), 0);
	becomes(&t, 0, "'${key} ${item.x} ${item.y.z}'", "\"2-y0 2 p\"");
	tmpl_end(&t);
	becomes(&t, 0, "'${item}'", "\"old\"");
	tmpl_group_clear(&g);
	val_clear(&v);
	done(&t);
}

static void too_much_is_refused(void **state)
{
	struct tmpl_group g = TMPL_GROUP_INIT;
	const char *text = "{a: 0123456789, b: 0123456789, c: 0123456789, "
		"d: 0123456789, e: 0123456789, f: '01'}";
	struct val v = VAL_INIT;
	struct tmpl t;

	(void)state;
	assert_int_equal(begin(&t, ""), 0);
	val_yaml(&v, text, strlen(text), "v");
	for (size_t i = 0; i < v.nr; i++)
		val_set_str(&v.item[i], i < 5 ? "0123456789" : "01");
	assert_int_equal(tmpl_matrix(&g, &t, &stage, &v), ERR_INVALID);
	assert_string_equal(err_message(), "dvc.yaml: line 1: stage 's', "
			    "'matrix': this makes more than 100000 stages");
	tmpl_group_clear(&g);
	val_clear(&v);
	done(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_template_keeps_its_type),
		cmocka_unit_test(text_is_written_as_python_writes_it),
		cmocka_unit_test(names_have_parts_and_places),
		cmocka_unit_test(a_backslash_makes_it_text),
		cmocka_unit_test(keys_are_filled_in_and_the_last_of_equal_ones_counts),
		cmocka_unit_test(a_map_becomes_options),
		cmocka_unit_test(what_is_missing_is_named_with_line_column_and_a_guess),
		cmocka_unit_test(lists_and_maps_do_not_stand_in_text),
		cmocka_unit_test(mistakes_in_a_name_are_shown),
		cmocka_unit_test(vars_are_merged_and_never_overwritten),
		cmocka_unit_test(a_stage_adds_for_itself_alone),
		cmocka_unit_test(what_comes_from_files_is_remembered),
		cmocka_unit_test(groups_are_named_as_dvc_names_them),
		cmocka_unit_test(item_and_key_are_those_of_the_name),
		cmocka_unit_test(too_much_is_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("tmpl", tests, NULL, NULL);
}
