#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/map.h"
#include "base/src.h"
#include "spec/canon.h"
#include "spec/lock.h"

static const struct lock none = LOCK_INIT;
static const struct lock_entry nothing = LOCK_ENTRY_INIT;

static int parse(struct lock *l, const char *text)
{
	return lock_parse(l, "dvc.lock", text, strlen(text));
}

/* The entry that this YAML map says. */
static void entry(struct lock_entry *e, const char *name, const char *text)
{
	struct val v = VAL_INIT;

	assert_int_equal(val_yaml(&v, text, strlen(text), "x"), 0);
	assert_int_equal(lock_entry_from(e, name, &v, "x"), 0);
	val_clear(&v);
}

static void becomes(const char *before, const char *name, const char *text,
		    const char *after)
{
	struct lock_entry e = nothing;
	struct lock l = none;

	assert_int_equal(parse(&l, before), 0);
	entry(&e, name, text);
	lock_put(&l, &e);
	assert_string_equal(l.text, after);
	assert_int_equal(l.len, strlen(after));
	assert_true(l.changed);
	lock_entry_clear(&e);
	lock_clear(&l);
}

/* The sample of dvc-formats 2, as DVC 3.67.1 writes it. */
static const char sample[] =
	"schema: '2.0'\n"
	"stages:\n"
	"  train:\n"
	"    cmd: sh run.sh\n"
	"    deps:\n"
	"    - path: data\n"
	"      hash: md5\n"
	"      md5: 0123456789abcdef0123456789abcdef.dir\n"
	"      size: 18\n"
	"      nfiles: 5\n"
	"    params:\n"
	"      params.yaml:\n"
	"        epochs: 10\n"
	"        nest:\n"
	"          a: 0.001\n"
	"          b:\n"
	"          - 1\n"
	"    outs:\n"
	"    - path: model.bin\n"
	"      hash: md5\n"
	"      md5: fedcba9876543210fedcba9876543210\n"
	"      size: 1\n"
	"      isexec: true\n";

static void reads_what_dvc_writes(void **state)
{
	struct lock l = none;
	struct lock_entry *e;

	(void)state;
	assert_int_equal(parse(&l, sample), 0);
	e = lock_find(&l, "train");
	assert_non_null(e);
	assert_null(lock_find(&l, "test"));
	assert_string_equal(e->cmd.s, "sh run.sh");
	assert_int_equal(lock_dep(e, "data")->nfiles, 5);
	assert_int_equal(lock_dep(e, "data")->size, 18);
	assert_string_equal(lock_dep(e, "data")->hash, "md5");
	assert_null(lock_dep(e, "model.bin"));
	assert_true(lock_out(e, "model.bin")->isexec);
	assert_int_equal(lock_out(e, "model.bin")->nfiles, -1);
	assert_string_equal(val_get(&e->params, "params.yaml")->key[0].s,
			    "epochs");
	lock_clear(&l);
}

static void writes_a_new_file_as_dvc_does(void **state)
{
	struct lock l = none, old = none;

	(void)state;
	assert_int_equal(parse(&old, sample), 0);
	assert_int_equal(parse(&l, ""), 0);
	lock_put(&l, lock_find(&old, "train"));
	assert_string_equal(l.text, sample);
	assert_int_equal(lock_find(&l, "train")->at, strlen("schema: '2.0'\n"
							     "stages:\n"));
	assert_int_equal(lock_find(&l, "train")->end, l.len);
	lock_clear(&l);
	lock_clear(&old);
}

static void sorts_what_it_writes(void **state)
{
	(void)state;
	becomes("", "s", "{cmd: c, deps: [{path: b}, {path: B}, {path: a/b}, "
		"{path: a.b}], params: {z.yaml: {k: 1}, a.yaml: {k: 1}, "
		"params.yaml: {b: {y: 1, x: 2}, a: 1}}}",
		"schema: '2.0'\nstages:\n  s:\n    cmd: c\n    deps:\n"
		"    - path: B\n    - path: a.b\n    - path: a/b\n"
		"    - path: b\n    params:\n      params.yaml:\n"
		"        a: 1\n        b:\n          y: 1\n          x: 2\n"
		"      a.yaml:\n        k: 1\n      z.yaml:\n        k: 1\n");
}

static void keeps_the_bytes_of_all_other_entries(void **state)
{
	(void)state;
	becomes("# mine\nschema: \"2.0\"   # s\nstages:\n"
		"    a:   {cmd: x}   # flow\n"
		"    b:\n        cmd: old   # old\n        # deep\n"
		"    # of c\n\n    c:\n      outs: []\n      cmd: [x,\n  y]\n"
		"# end\ndatasets: []\n", "b", "{cmd: new}",
		"# mine\nschema: \"2.0\"   # s\nstages:\n"
		"    a:   {cmd: x}   # flow\n"
		"    b:\n      cmd: new\n"
		"    # of c\n\n    c:\n      outs: []\n      cmd: [x,\n  y]\n"
		"# end\ndatasets: []\n");
}

static void appends_at_the_indentation_of_the_file(void **state)
{
	(void)state;
	becomes("schema: '2.0'\nstages:\n   a:\n      cmd: x\n\n# end\n",
		"b", "{cmd: y}", "schema: '2.0'\nstages:\n   a:\n"
		"      cmd: x\n   b:\n     cmd: y\n\n# end\n");
	becomes("schema: '2.0'\nstages:\n  a:\n    cmd: x", "b", "{cmd: y}",
		"schema: '2.0'\nstages:\n  a:\n    cmd: x\n  b:\n    cmd: y\n");
	becomes("schema: '2.0'\nstages: {}\n", "b", "{cmd: y}",
		"schema: '2.0'\nstages:\n  b:\n    cmd: y\n");
	becomes("schema: '2.0'\ndatasets:\n- a: 1\n", "b", "{cmd: y}",
		"schema: '2.0'\ndatasets:\n- a: 1\nstages:\n  b:\n"
		"    cmd: y\n");
	becomes("{schema: '2.0', stages: {a: {cmd: x}}}\n", "b", "{cmd: y}",
		"schema: '2.0'\nstages:\n  a:\n    cmd: x\n  b:\n    cmd: y\n");
}

static void puts_many_times_into_one_file(void **state)
{
	struct lock l = none, again = none;
	struct lock_entry e = nothing;

	(void)state;
	parse(&l, "");
	for (int round = 0; round < 3; round++)
		for (int i = 0; i < 5; i++) {
			char name[] = "s0", text[60];

			name[1] = (char)('0' + (i * 3) % 5);
			snprintf(text, sizeof(text), "{cmd: '%0*d'}",
				 1 + i * (round + 1), round);
			entry(&e, name, text);
			lock_put(&l, &e);
			lock_entry_clear(&e);
		}
	assert_int_equal(parse(&again, l.text), 0);
	assert_int_equal(again.nr, 5);
	for (size_t i = 0; i < 5; i++) {
		assert_string_equal(again.item[i].name, l.item[i].name);
		assert_string_equal(again.item[i].cmd.s, l.item[i].cmd.s);
		assert_int_equal(again.item[i].at, l.item[i].at);
		assert_int_equal(again.item[i].end, l.item[i].end);
	}
	lock_clear(&l);
	lock_clear(&again);
}

static void keeps_keys_of_other_stores(void **state)
{
	(void)state;
	becomes("", "s", "{cmd: c, deps: [{path: 's3://b/x', etag: abc, "
		"size: 3, version_id: v}, {dataset: {name: d}, "
		"path: 'ds://d'}], outs: [{path: o, hash: md5, md5: ABCD, "
		"cloud: {r: {etag: eee}}, nfiles: 0, isexec: false}]}",
		"schema: '2.0'\nstages:\n  s:\n    cmd: c\n    deps:\n"
		"    - path: ds://d\n      dataset:\n        name: d\n"
		"    - path: s3://b/x\n      etag: abc\n      size: 3\n"
		"      version_id: v\n    outs:\n    - path: o\n"
		"      hash: md5\n      md5: ABCD\n      nfiles: 0\n"
		"      cloud:\n        r:\n          etag: eee\n");
}

static void refuses_what_dvc_refuses(void **state)
{
	static const char *const bad[] = {
		"schema: 2.0\nstages: {}\n",
		"schema: '3.0'\n",
		"schema: '2.0'\nstages:\n",
		"schema: '2.0'\nmore: 1\n",
		"schema: '2.0'\nstages: {a: {}}\n",
		"schema: '2.0'\nstages: {a: {cmd: 1}}\n",
		"schema: '2.0'\nstages: {a: {cmd: x, wdir: d}}\n",
		"schema: '2.0'\nstages: {a: {cmd: x, deps: {path: d}}}\n",
		"schema: '2.0'\nstages: {a: {cmd: x, deps: [d]}}\n",
		"schema: '2.0'\nstages: {a: {cmd: x, deps: [{md5: abc}]}}\n",
		"schema: '2.0'\nstages: {a: {cmd: x, outs: [{path: d, "
			"cache: false}]}}\n",
		"schema: '2.0'\nstages: {a: {cmd: x, outs: [{path: d, "
			"size: x}]}}\n",
		"schema: '2.0'\nstages: {a: {cmd: x, outs: [{path: d, "
			"md5: ab}]}}\n",
		"schema: '2.0'\nstages: {a: {cmd: x, params: [lr]}}\n",
		"schema: '2.0'\nstages: {a: {cmd: x, params: {p: 1}}}\n",
		"schema: '2.0'\nstages: {1: {cmd: x}}\n",
		"- schema\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct lock l = none;

		if (!parse(&l, bad[i]))
			fail_msg("taken: %s", bad[i]);
		if (strncmp(err_message(), "dvc.lock: line ", 15))
			fail_msg("%s: %s", bad[i], err_message());
		lock_clear(&l);
	}
}

static void says_what_to_do_about_schema_1(void **state)
{
	struct lock l = none;

	(void)state;
	assert_int_equal(parse(&l, "train:\n  cmd: x\n"), ERR_INVALID);
	assert_string_equal(err_message(), "dvc.lock: written by a DVC older "
			    "than 2.0 (it has no 'schema')");
	assert_non_null(strstr(err_hints(), "remove 'dvc.lock'"));
	lock_clear(&l);
}

static void no_file_is_an_empty_lock(void **state)
{
	struct map files = MAP_INIT;
	struct lock l = none;
	struct src_mem mem;

	(void)state;
	src_mem(&mem, &files);
	assert_int_equal(lock_read(&l, &mem.src, "dvc.lock"), 0);
	assert_int_equal(l.nr, 0);
	assert_false(l.changed);
	src_clear(&mem.src);
	lock_clear(&l);
}

static void makes_the_map_that_is_hashed(void **state)
{
	struct lock l = none;
	struct val v = VAL_INIT;
	struct buf b = BUF_INIT;

	(void)state;
	parse(&l, sample);
	lock_val(&v, &l.item[0]);
	canon_json(&b, &v, 0);
	assert_string_equal(b.s, "{\"cmd\": \"sh run.sh\", \"deps\": "
		"[{\"path\": \"data\", \"hash\": \"md5\", \"md5\": "
		"\"0123456789abcdef0123456789abcdef.dir\", \"size\": 18, "
		"\"nfiles\": 5}], \"params\": {\"params.yaml\": {\"epochs\": "
		"10, \"nest\": {\"a\": 0.001, \"b\": [1]}}}, \"outs\": "
		"[{\"path\": \"model.bin\", \"hash\": \"md5\", \"md5\": "
		"\"fedcba9876543210fedcba9876543210\", \"size\": 1, "
		"\"isexec\": true}]}");
	buf_clear(&b);
	val_clear(&v);
	lock_clear(&l);
}

/*
 * For the shell tests: put each entry of the JSON file's map into the lock
 * and print it, or with "check" only say whether the lock can be read.
 */
static int drive(char **argv)
{
	struct buf text = BUF_INIT;
	struct val v = VAL_INIT;
	struct lock l = none;
	int err = file_read(argv[1], &text, 0);

	if (!err)
		err = lock_parse(&l, argv[1], text.s, text.len);
	buf_reset(&text);
	if (!err && argv[2])
		err = file_read(argv[2], &text, 0);
	if (!err && argv[2])
		err = val_json(&v, text.s, text.len, argv[2]);
	for (size_t i = 0; i < v.nr && !err; i++) {
		struct lock_entry e = nothing;

		err = lock_entry_from(&e, v.key[i].s, &v.item[i], argv[2]);
		if (!err)
			lock_put(&l, &e);
		lock_entry_clear(&e);
	}
	if (err)
		fprintf(stderr, "error: %s\n", err_message());
	else
		fwrite(l.text, 1, l.len, stdout);
	buf_clear(&text);
	val_clear(&v);
	lock_clear(&l);
	return err ? 1 : 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_dvc_writes),
		cmocka_unit_test(writes_a_new_file_as_dvc_does),
		cmocka_unit_test(sorts_what_it_writes),
		cmocka_unit_test(keeps_the_bytes_of_all_other_entries),
		cmocka_unit_test(appends_at_the_indentation_of_the_file),
		cmocka_unit_test(puts_many_times_into_one_file),
		cmocka_unit_test(keeps_keys_of_other_stores),
		cmocka_unit_test(refuses_what_dvc_refuses),
		cmocka_unit_test(says_what_to_do_about_schema_1),
		cmocka_unit_test(no_file_is_an_empty_lock),
		cmocka_unit_test(makes_the_map_that_is_hashed),
	};

	if (argc > 1)
		return drive(argv);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("lock", tests, NULL, NULL);
}
