#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/map.h"
#include "base/src.h"
#include "base/strs.h"
#include "spec/canon.h"
#include "spec/params.h"
#include "spec/val.h"

/* Load `text` as the only file, under `path`. */
static int load(struct val *out, const char *path, const char *text)
{
	struct map files = MAP_INIT;
	struct buf b = BUF_INIT;
	struct src_mem mem;
	int err;

	buf_str(&b, text);
	map_put(&files, path, &b);
	src_mem(&mem, &files);
	err = params_load(out, &mem.src, path);
	src_clear(&mem.src);
	map_clear(&files, NULL);
	buf_clear(&b);
	return err;
}

static void is_json(const struct val *v, const char *expect)
{
	struct buf b = BUF_INIT;

	canon_json(&b, v, 0);
	assert_string_equal(b.s, expect);
	buf_clear(&b);
}

static void chooses_the_format_by_the_suffix(void **state)
{
	struct val v = VAL_INIT;

	(void)state;
	assert_int_equal(load(&v, "p.yaml", "lr: 1e-3\nname: yes\n"), 0);
	is_json(&v, "{\"lr\": 0.001, \"name\": \"yes\"}");
	assert_int_equal(load(&v, "p.json", "{\"lr\": NaN, \"b\": 1E5}"), 0);
	is_json(&v, "{\"lr\": NaN, \"b\": 100000.0}");
	assert_int_equal(load(&v, "p.JSON", "{lr: 1}"), ERR_INVALID);
	assert_int_equal(load(&v, "p.conf", "{lr: 1}"), 0);
	is_json(&v, "{\"lr\": 1}");
	val_clear(&v);
}

/* Path("a/b.c.json").suffix and DVC's own: fs.suffix("a/b.c.json"). */
static void a_suffix_begins_at_the_first_dot_for_who_reads(void **state)
{
	struct val v = VAL_INIT;

	(void)state;
	assert_int_equal(load(&v, "d.x/p.TOML", "a.b = 0x10\n"), 0);
	is_json(&v, "{\"a\": {\"b\": 16}}");
	assert_int_equal(load(&v, "p.py", "a = (1, None)\n"), 0);
	is_json(&v, "{\"a\": [1, null]}");
	assert_int_equal(load(&v, "p.v2.json", "{a: 1}"), 0);
	assert_int_equal(load(&v, ".toml", "a = 1"), 0);
	assert_int_equal(params_format("a.b/c"), PARAMS_YAML);
	assert_int_equal(params_format("p.v2.py"), PARAMS_YAML);
	assert_int_equal(params_writer("a.b/p.v2.Py"), PARAMS_PY);
	assert_int_equal(params_writer("a.py/.toml"), PARAMS_YAML);
	assert_int_equal(params_writer("p.json"), PARAMS_JSON);
	val_clear(&v);
}

/* Python: yaml.load(text) or {}, json.loads(text) or {} */
static void takes_nothing_for_an_empty_map(void **state)
{
	static const char *const yaml[] = { "", "# no\n", "null\n", "[]\n",
					    "0\n", "''\n", "false\n" };
	struct val v = VAL_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(yaml) / sizeof(*yaml); i++) {
		assert_int_equal(load(&v, "p.yaml", yaml[i]), 0);
		is_json(&v, "{}");
	}
	assert_int_equal(load(&v, "p.json", "0.0"), 0);
	is_json(&v, "{}");
	assert_int_equal(load(&v, "p.json", ""), ERR_INVALID);
	val_clear(&v);
}

static int collect(const char *key, const struct val *v, void *payload)
{
	buf_fmt(payload, "%s=", key);
	canon_json(payload, v, 0);
	buf_char(payload, '\n');
	return !strcmp(key, "stop");
}

static void walks_the_leaves_in_the_order_of_the_file(void **state)
{
	struct buf b = BUF_INIT;
	struct val v = VAL_INIT;

	(void)state;
	load(&v, "p.yaml", "b: 1\na:\n  y: [1, {z: 2}]\n  x: {}\n  3: w\n");
	assert_int_equal(params_flat(&v, collect, &b), 0);
	assert_string_equal(b.s, "b=1\na.y=[1, {\"z\": 2}]\na.3=\"w\"\n");
	buf_reset(&b);
	load(&v, "p.yaml", "stop: 1\nmore: 2\n");
	assert_int_equal(params_flat(&v, collect, &b), 1);
	assert_string_equal(b.s, "stop=1\n");
	buf_reset(&b);
	load(&v, "p.yaml", "0.5\n");
	assert_int_equal(params_flat(&v, collect, &b), 0);
	assert_string_equal(b.s, "=0.5\n");
	buf_clear(&b);
	val_clear(&v);
}

static void keeps_of_metrics_what_tables_show(void **state)
{
	struct val v = VAL_INIT, m = VAL_INIT;

	(void)state;
	load(&v, "m.json", "{\"acc\": 0.5, \"none\": null, \"list\": [1], "
	     "\"ok\": true, \"deep\": {\"a\": 1, \"b\": []}, \"name\": \"x\", "
	     "\"empty\": {\"x\": null}}");
	params_metrics(&m, &v);
	is_json(&m, "{\"acc\": 0.5, \"ok\": true, \"deep\": {\"a\": 1}, "
		"\"name\": \"x\"}");
	load(&v, "m.json", "0.75");
	params_metrics(&m, &v);
	is_json(&m, "0.75");
	load(&v, "m.json", "[1, 2]");
	params_metrics(&m, &v);
	is_json(&m, "{}");
	val_clear(&v);
	val_clear(&m);
}

static void selects_keys_under_their_dotted_names(void **state)
{
	struct val v = VAL_INIT, out = VAL_INIT;
	struct strs keys = STRS_INIT;

	(void)state;
	load(&v, "p.yaml", "a: {b: 1, c: {d: 2}}\nl:\n- 5\n- k: 6\nn:\n");
	strs_split(&keys, "a.c,a.b,l.1.k,n,nothing,a.x", ',');
	assert_int_equal(params_select(&out, &v, &keys), 4);
	is_json(&out, "{\"a.c\": {\"d\": 2}, \"a.b\": 1, \"l.1.k\": 6, "
		"\"n\": null}");
	strs_clear(&keys);
	val_clear(&v);
	val_clear(&out);
}

static void a_missing_file_is_not_found(void **state)
{
	struct map files = MAP_INIT;
	struct val v = VAL_INIT;
	struct src_mem mem;

	(void)state;
	src_mem(&mem, &files);
	assert_int_equal(params_load(&v, &mem.src, "p.yaml"), ERR_NOTFOUND);
	src_clear(&mem.src);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chooses_the_format_by_the_suffix),
		cmocka_unit_test(a_suffix_begins_at_the_first_dot_for_who_reads),
		cmocka_unit_test(takes_nothing_for_an_empty_map),
		cmocka_unit_test(walks_the_leaves_in_the_order_of_the_file),
		cmocka_unit_test(keeps_of_metrics_what_tables_show),
		cmocka_unit_test(selects_keys_under_their_dotted_names),
		cmocka_unit_test(a_missing_file_is_not_found),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("params", tests, NULL, NULL);
}
