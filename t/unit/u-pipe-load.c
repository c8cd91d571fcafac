#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/map.h"
#include "base/src.h"
#include "spec/pipe.h"

/* --- the walk, over files in memory ---------------------------------------------- */

static struct map files;

static void file(const char *path, const char *text)
{
	struct buf *b = malloc(sizeof(*b));

	*b = (struct buf)BUF_INIT;
	buf_str(b, text);
	map_put(&files, path, b);
}

static void drop(void *value)
{
	buf_clear(value);
	free(value);
}

static int load(struct pipe *p, bool gitignored)
{
	struct src_mem mem;
	int err;

	src_mem(&mem, &files);
	*p = (struct pipe)PIPE_INIT;
	err = pipe_load(p, &mem.src, gitignored, "/excluded\n");
	map_clear(&files, drop);
	return err;
}

#define TINY "stages:\n  t:\n    cmd: a\n"

static void the_walk_goes_top_down_and_leaves_out_what_is_hidden(void **state)
{
	static const char *const want[] = {
		"b.dvc", "dvc.yaml", "a/dvc.yaml", "a/b/dvc.yaml", "z/dvc.yaml",
	};
	struct pipe p;

	(void)state;
	file("dvc.yaml", TINY);
	file("b.dvc", "outs:\n- path: big\n");
	file("big/dvc.yaml", "broken: [\n");
	file("a/dvc.yaml", TINY);
	file("a/b/dvc.yaml", TINY);
	file("z/dvc.yaml", TINY);
	file(".dvcignore", "# no\n  /hid  \n");
	file("hid/dvc.yaml", "broken: [\n");
	file("z/.gitignore", "g\n");
	file("z/g/dvc.yaml", "broken: [\n");
	file("excluded/dvc.yaml", "broken: [\n");
	file(".dvc/dvc.yaml", "broken: [\n");
	file(".git/x.dvc", "broken: [\n");
	file("nested/.dvc/config", "");
	file("nested/dvc.yaml", "broken: [\n");
	assert_int_equal(load(&p, true), 0);
	assert_int_equal(p.files.nr, 5);
	for (size_t i = 0; i < 5; i++)
		assert_string_equal(p.files.item[i], want[i]);
	pipe_clear(&p);
}

static void a_revision_has_no_ignored_files(void **state)
{
	struct pipe p;

	(void)state;
	file("g/dvc.yaml", TINY);
	file(".gitignore", "g\n");
	assert_int_equal(load(&p, false), 0);
	assert_int_equal(p.nr, 1);
	pipe_clear(&p);
}

static void outputs_that_dvcignore_hides_are_refused(void **state)
{
	struct pipe p;

	(void)state;
	file("dvc.yaml", TINY "    outs: [s/x.tmp]\n");
	file("s/.dvcignore", "*.tmp\n");
	assert_int_equal(load(&p, true), ERR_INVALID);
	assert_string_equal(err_message(), "dvc.yaml: line 4: output 's/x.tmp' "
			    "of stage 't' is hidden by .dvcignore");
	pipe_clear(&p);
}

static void a_lock_that_git_ignores_is_refused(void **state)
{
	struct pipe p;

	(void)state;
	file("dvc.yaml", TINY);
	file(".gitignore", "*.lock\n");
	assert_int_equal(load(&p, true), ERR_INVALID);
	assert_string_equal(err_message(), "'dvc.lock' is ignored by Git");
	pipe_clear(&p);
}

/* --- targets ------------------------------------------------------------------------ */

static void expect(const struct pipe *p, const char *cwd, const char *target,
		   const char *addrs)
{
	struct pipe_pick pick = { 0 };
	struct buf got = BUF_INIT;

	assert_int_equal(pipe_target(p, cwd, target, true, &pick), 0);
	for (size_t i = 0; i < pick.nr; i++)
		buf_fmt(&got, "%s ", p->item[pick.item[i]].addr);
	assert_string_equal(got.s, addrs);
	buf_clear(&got);
	free(pick.item);
}

static void targets_are_read_as_dvc_reads_them(void **state)
{
	struct pipe_pick pick = { 0 };
	struct pipe p;

	(void)state;
	file("dvc.yaml", TINY "    outs: [o]\n  train:\n    cmd: b\n");
	file("sub/dvc.yaml", TINY);
	file("sub/d.dvc", "outs:\n- path: d\n");
	assert_int_equal(load(&p, true), 0);
	expect(&p, "", "t", "t ");
	expect(&p, ".", "dvc.yaml", "t train ");
	expect(&p, "", "sub/dvc.yaml", "sub/dvc.yaml:t ");
	expect(&p, "", "sub/dvc.yaml:t", "sub/dvc.yaml:t ");
	expect(&p, "", ":train", "train ");
	expect(&p, "sub", "t", "sub/dvc.yaml:t ");
	expect(&p, "sub", "../dvc.yaml:train", "train ");
	expect(&p, "sub", "d.dvc", "sub/d.dvc ");
	expect(&p, "", "o/deep", "t ");
	assert_int_equal(pipe_target(&p, "", "o", false, &pick), ERR_NOTFOUND);
	assert_int_equal(pipe_target(&p, "", "trian", true, &pick),
			 ERR_NOTFOUND);
	assert_string_equal(err_message(), "no stage named 'trian'");
	assert_string_equal(err_hints(), "did you mean 'train'?");
	assert_int_equal(pipe_target(&p, "sub", "train", true, &pick),
			 ERR_NOTFOUND);
	assert_string_equal(err_hints(), "did you mean '../dvc.yaml:train'?");
	assert_int_equal(pipe_target(&p, "", "no/dvc.yaml", true, &pick),
			 ERR_NOTFOUND);
	assert_int_equal(pick.nr, 0);
	pipe_clear(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			the_walk_goes_top_down_and_leaves_out_what_is_hidden),
		cmocka_unit_test(a_revision_has_no_ignored_files),
		cmocka_unit_test(outputs_that_dvcignore_hides_are_refused),
		cmocka_unit_test(a_lock_that_git_ignores_is_refused),
		cmocka_unit_test(targets_are_read_as_dvc_reads_them),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("pipe-load", tests, NULL, NULL);
}
