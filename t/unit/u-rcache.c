#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "flow/rcache.h"
#include "flow/run.h"
#include "spec/lock.h"
#include "spec/pipe.h"
#include "store/cache.h"

/* The vectors were computed with Python's hashlib and json. */
static const char entry_text[] =
	"cmd: sh run.sh\n"
	"deps:\n"
	"- path: data\n"
	"  hash: md5\n"
	"  md5: e00a3c34050f23d2e219f90bc881e208.dir\n"
	"  size: 18\n"
	"  nfiles: 5\n"
	"params:\n"
	"  params.yaml:\n"
	"    lr: 1e-05\n"
	"    size: 3\n"
	"    sub:\n"
	"      b:\n"
	"      - 1\n"
	"      - 2.0\n"
	"      -\n"
	"      - true\n"
	"      name: \xc3\xa9\n"
	"outs:\n"
	"- path: model\n"
	"  hash: md5\n"
	"  md5: 9dd4e461268c8034f5c8564e155c67a6\n"
	"  size: 1\n"
	"  isexec: true\n";
static const char key[] =
	"dfd7421bc487e3f968c9bc694572ca6c2325e498a4347f6c1531b7091e00ae8f";
static const char value[] =
	"371adc3858d05a20e1f2bf8b21d5326aad46b41ee1ebe0237a8fae90e63e3f0f";

static void entry(struct lock_entry *e, const char *text)
{
	struct val v = VAL_INIT;

	*e = (struct lock_entry)LOCK_ENTRY_INIT;
	assert_int_equal(val_yaml(&v, text, strlen(text), "e"), 0);
	assert_int_equal(lock_entry_from(e, "train", &v, "e"), 0);
	val_clear(&v);
}

static int temp_cache(void **state)
{
	static char dir[64];
	struct cache *c = calloc(1, sizeof(*c));

	snprintf(dir, sizeof(dir), "/tmp/u-rcache.XXXXXX");
	if (!mkdtemp(dir))
		return -1;
	cache_open(c, dir, NULL);
	*state = c;
	return 0;
}

static int drop_cache(void **state)
{
	struct cache *c = *state;

	file_remove_tree(c->root);
	cache_close(c);
	free(c);
	return 0;
}

static char *place(const struct cache *c, const char *name)
{
	static char path[512];

	snprintf(path, sizeof(path), "%s/runs/df/%s/%s", c->root, key, name);
	return path;
}

static void names_key_and_value_as_dvc_does(void **state)
{
	struct lock_entry e;
	char hex[DIGEST_HEX];

	(void)state;
	entry(&e, entry_text);
	assert_int_equal(rcache_key(&e, hex), 0);
	assert_string_equal(hex, key);
	assert_int_equal(rcache_value(&e, hex), 0);
	assert_string_equal(hex, value);
	lock_entry_clear(&e);
}

static void names_an_experiment_as_dvc_does(void **state)
{
	struct run_item item = { .log = BUF_INIT };
	struct run r = { .item = &item, .nr = 1 };
	char hex[DIGEST_HEX];

	(void)state;
	entry(&item.entry, entry_text);
	assert_int_equal(run_exp_hash(&r, hex), 0);
	assert_string_equal(hex, "79bd667d24555efe6e3900481418f2ca"
				 "6533813e41d5763fbb19d7f46791d6c6");
	item.failed = true;
	assert_int_equal(run_exp_hash(&r, hex), 0);
	assert_string_equal(hex, "44136fa355b3678a1146ad16f7e8649e"
				 "94fb4fc21fe77e8310c060f61caaff8a");
	lock_entry_clear(&item.entry);
}

static void refuses_a_date_among_the_parameters(void **state)
{
	struct lock_entry e;
	char hex[DIGEST_HEX];

	(void)state;
	entry(&e, "cmd: x\nparams:\n  params.yaml:\n    day: 2020-01-01\n");
	assert_int_equal(rcache_key(&e, hex), ERR_INVALID);
	lock_entry_clear(&e);
}

static void writes_the_file_dvc_would_write(void **state)
{
	const struct cache *c = *state;
	struct lock_entry e;
	struct buf text = BUF_INIT;
	struct stat st;

	entry(&e, entry_text);
	umask(022);
	assert_int_equal(rcache_save(c, &e), 0);
	assert_int_equal(file_read(place(c, value), &text, 0), 0);
	assert_int_equal(stat(place(c, value), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
	/* null in a list is "- " with its space: dvc-formats 0.1 */
	assert_non_null(strstr(text.s, "      - 2.0\n      - \n      - true\n"));
	assert_non_null(strstr(text.s, "cmd: sh run.sh\ndeps:\n- path: data\n"));
	buf_clear(&text);
	lock_entry_clear(&e);
}

static void finds_the_newest_of_several(void **state)
{
	const struct cache *c = *state;
	struct timespec old[2] = { { 1000, 0 }, { 1000, 0 } };
	struct lock_entry e, found = LOCK_ENTRY_INIT;

	entry(&e, entry_text);
	rcache_save(c, &e);
	assert_int_equal(utimensat(AT_FDCWD, place(c, value), old, 0), 0);
	free(e.out[0].md5);
	e.out[0].md5 = strdup("0cc175b9c0f1b6a831c399e269772661");
	rcache_save(c, &e);
	assert_int_equal(rcache_find(c, key, &found), 0);
	assert_string_equal(found.out[0].md5,
			    "0cc175b9c0f1b6a831c399e269772661");
	old[0].tv_sec = old[1].tv_sec = 5000000000;
	assert_int_equal(utimensat(AT_FDCWD, place(c, value), old, 0), 0);
	assert_int_equal(rcache_find(c, key, &found), 0);
	assert_string_equal(found.out[0].md5,
			    "9dd4e461268c8034f5c8564e155c67a6");
	lock_entry_clear(&found);
	lock_entry_clear(&e);
}

static void leaves_an_existing_file_alone(void **state)
{
	const struct cache *c = *state;
	struct timespec old[2] = { { 1000, 0 }, { 1000, 0 } };
	struct lock_entry e;
	struct stat st;

	entry(&e, entry_text);
	rcache_save(c, &e);
	utimensat(AT_FDCWD, place(c, value), old, 0);
	assert_int_equal(rcache_save(c, &e), 0);
	assert_int_equal(stat(place(c, value), &st), 0);
	assert_int_equal(st.st_mtime, 1000);
	lock_entry_clear(&e);
}

static void does_not_use_a_damaged_file_and_mends_it(void **state)
{
	const struct cache *c = *state;
	struct lock_entry e, found = LOCK_ENTRY_INIT;

	entry(&e, entry_text);
	assert_int_equal(file_write(place(c, value), "outs: [", 7, 0,
				    FILE_MKDIRS), 0);
	assert_int_equal(rcache_find(c, key, &found), ERR_NOTFOUND);
	assert_int_equal(rcache_save(c, &e), 0);
	assert_int_equal(rcache_find(c, key, &found), 0);
	lock_entry_clear(&found);
	lock_entry_clear(&e);
}

static void says_which_stages_it_can_hold(void **state)
{
	static const char yaml[] =
		"stages:\n"
		"  plain: {cmd: x, deps: [data], outs: [model]}\n"
		"  none: {cmd: x, outs: [a]}\n"
		"  kept: {cmd: x, deps: [data], outs: [b: {persist: true}]}\n"
		"  ever: {cmd: x, deps: [data], outs: [c], always_changed: true}\n"
		"  bare: {cmd: x, deps: [data], outs: [d: {cache: false}]}\n"
		"  score: {cmd: x, deps: [data], metrics: [e: {cache: false}]}\n";
	static const bool can[] = { true, false, false, false, true, true };
	static const bool saves[] = { true, true, true, true, false, true };
	struct pipe p = PIPE_INIT;
	struct lock_entry e;

	(void)state;
	entry(&e, entry_text);
	assert_int_equal(pipe_parse(&p, NULL, "dvc.yaml", yaml, strlen(yaml)), 0);
	for (size_t i = 0; i < p.nr; i++) {
		assert_int_equal(rcache_can(&p.item[i], &e), can[i]);
		assert_int_equal(rcache_saves(&p.item[i]), saves[i]);
	}
	pipe_clear(&p);
	lock_entry_clear(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_key_and_value_as_dvc_does),
		cmocka_unit_test(names_an_experiment_as_dvc_does),
		cmocka_unit_test(refuses_a_date_among_the_parameters),
		cmocka_unit_test_setup_teardown(writes_the_file_dvc_would_write,
						temp_cache, drop_cache),
		cmocka_unit_test_setup_teardown(finds_the_newest_of_several,
						temp_cache, drop_cache),
		cmocka_unit_test_setup_teardown(leaves_an_existing_file_alone,
						temp_cache, drop_cache),
		cmocka_unit_test_setup_teardown(does_not_use_a_damaged_file_and_mends_it,
						temp_cache, drop_cache),
		cmocka_unit_test(says_which_stages_it_can_hold),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("rcache", tests, NULL, NULL);
}
