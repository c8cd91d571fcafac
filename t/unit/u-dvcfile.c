#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "spec/dvcfile.h"
#include "spec/pipe.h"

/* --- .dvc files -------------------------------------------------------- */

static void data_becomes(const char *before, const struct lock_path *out,
			 const char *after)
{
	struct buf text = BUF_INIT;

	buf_str(&text, before);
	if (dvcfile_data(&text, "x.dvc", out))
		fail_msg("%s", err_message());
	assert_string_equal(text.s, after);
	buf_clear(&text);
}

static char sum[] = "e00a3c34050f23d2e219f90bc881e208.dir";
static char md5[] = "md5", path[] = "data";

/* dvc-formats 3, as DVC 3.67.1 wrote it */
static void writes_a_new_file_in_dvcs_order(void **state)
{
	struct lock_path out = { .path = path, .hash = md5, .md5 = sum,
				 .size = 18, .nfiles = 5 };

	(void)state;
	data_becomes("", &out, "outs:\n"
		     "- md5: e00a3c34050f23d2e219f90bc881e208.dir\n"
		     "  size: 18\n  nfiles: 5\n  hash: md5\n  path: data\n");
	out.nfiles = -1;
	out.isexec = true;
	data_becomes("", &out, "outs:\n"
		     "- md5: e00a3c34050f23d2e219f90bc881e208.dir\n"
		     "  size: 18\n  isexec: true\n  hash: md5\n"
		     "  path: data\n");
}

static void updates_only_what_is_about_the_bytes(void **state)
{
	struct lock_path out = { .path = path, .hash = md5, .md5 = sum,
				 .size = 18, .nfiles = 5 };

	(void)state;
	data_becomes("# mine\ndesc: 'all of it'\nouts:\n"
		     "  - md5: aaaa   # old\n    size: 3\n    isexec: true\n"
		     "    hash: md5\n    path: data\n    remote: far\n"
		     "    push: false\nmeta: {by: me}\n", &out,
		     "# mine\ndesc: 'all of it'\nouts:\n"
		     "  - md5: e00a3c34050f23d2e219f90bc881e208.dir   # old\n"
		     "    size: 18\n    hash: md5\n    path: data\n"
		     "    remote: far\n    push: false\n    nfiles: 5\n"
		     "meta: {by: me}\n");
}

static void leaves_a_file_that_says_it_already(void **state)
{
	struct lock_path out = { .path = path, .hash = md5, .md5 = sum,
				 .size = 18, .nfiles = 5 };
	const char *text = "outs:\n- path: \"data\"\n  hash: 'md5'\n"
		"  nfiles: 0x5\n  size: 18\n"
		"  md5: e00a3c34050f23d2e219f90bc881e208.dir\n";

	(void)state;
	data_becomes(text, &out, text);
}

static void refuses_a_file_that_does_not_parse(void **state)
{
	struct lock_path out = { .path = path, .size = -1, .nfiles = -1 };
	struct buf text = BUF_INIT;

	(void)state;
	buf_str(&text, "outs: [\n");
	assert_int_equal(dvcfile_data(&text, "x.dvc", &out), ERR_INVALID);
	assert_string_equal(text.s, "outs: [\n");
	buf_reset(&text);
	buf_str(&text, "outs: 3\n");
	assert_int_equal(dvcfile_data(&text, "x.dvc", &out), ERR_INVALID);
	assert_string_equal(err_message(), "x.dvc: no output 'data' in it");
	buf_clear(&text);
}

/* --- stages -------------------------------------------------------------- */

/* What pipe_parse() makes of the one stage in `text`. */
static void stage(struct pipe *p, const char *text)
{
	if (pipe_parse(p, NULL, "dvc.yaml", text, strlen(text)))
		fail_msg("%s", err_message());
	assert_int_equal(p->nr, 1);
}

static const char unsorted[] =
	"stages:\n"
	"  train:\n"
	"    always_changed: true\n"
	"    plots: [{p.csv: {y: b, x: a, cache: false}}]\n"
	"    metrics: [m.json: {cache: false}]\n"
	"    outs: [z, {a: {push: false, persist: true, desc: d, remote: r}}]\n"
	"    params: [z, {other.yaml: [k, b]}, a, {whole.json: }]\n"
	"    deps: [train.py, data]\n"
	"    cmd: python train.py\n"
	"    desc: what it does\n"
	"    frozen: true\n";

static const char sorted[] =
	"  train:\n"
	"    desc: what it does\n"
	"    cmd: python train.py\n"
	"    deps:\n"
	"    - data\n"
	"    - train.py\n"
	"    params:\n"
	"    - a\n"
	"    - z\n"
	"    - other.yaml:\n"
	"      - b\n"
	"      - k\n"
	"    - whole.json:\n"
	"    outs:\n"
	"    - a:\n"
	"        desc: d\n"
	"        persist: true\n"
	"        remote: r\n"
	"        push: false\n"
	"    - z\n"
	"    metrics:\n"
	"    - m.json:\n"
	"        cache: false\n"
	"    plots:\n"
	"    - p.csv:\n"
	"        cache: false\n"
	"        x: a\n"
	"        y: b\n"
	"    frozen: true\n"
	"    always_changed: true\n";

static void writes_a_stage_in_dvcs_order(void **state)
{
	struct pipe p = PIPE_INIT;
	struct buf b = BUF_INIT;

	(void)state;
	stage(&p, unsorted);
	dvcfile_show(&b, &p.item[0]);
	assert_string_equal(b.s, sorted);
	pipe_clear(&p);
	buf_clear(&b);
}

static void stage_becomes(const char *before, const char *one, bool force,
			  const char *after)
{
	struct pipe p = PIPE_INIT;
	struct buf b = BUF_INIT;

	stage(&p, one);
	buf_str(&b, before);
	if (dvcfile_stage(&b, "dvc.yaml", &p.item[0], force))
		fail_msg("%s", err_message());
	assert_string_equal(b.s, after);
	pipe_clear(&p);
	buf_clear(&b);
}

static const char small[] = "stages: {b: {cmd: y, wdir: sub}}\n";

static void puts_a_stage_where_dvc_puts_it(void **state)
{
	(void)state;
	stage_becomes("", small, false,
		      "stages:\n  b:\n    cmd: y\n    wdir: sub\n");
	stage_becomes("# mine\nstages:\n    a:\n        cmd: x   # a\n\n"
		      "# below\nmetrics:\n- m\n", small, false,
		      "# mine\nstages:\n    a:\n        cmd: x   # a\n"
		      "    b:\n      cmd: y\n      wdir: sub\n\n"
		      "# below\nmetrics:\n- m\n");
	stage_becomes("metrics:\n  - m\n", small, false,
		      "metrics:\n  - m\nstages:\n  b:\n    cmd: y\n"
		      "    wdir: sub\n");
}

static void replaces_a_stage_only_by_force(void **state)
{
	const char *text = "stages:\n  b: {cmd: x} # old\n  c:   {cmd: z}\n";
	struct pipe p = PIPE_INIT;
	struct buf b = BUF_INIT;

	(void)state;
	stage(&p, small);
	buf_str(&b, text);
	assert_int_equal(dvcfile_stage(&b, "dvc.yaml", &p.item[0], false),
			 ERR_EXISTS);
	assert_string_equal(err_message(),
			    "stage 'b' already exists in 'dvc.yaml'");
	assert_string_equal(b.s, text);
	stage_becomes(text, small, true, "stages:\n"
		      "  b: {cmd: y, wdir: sub} # old\n  c:   {cmd: z}\n");
	pipe_clear(&p);
	buf_clear(&b);
}

static void keeps_what_need_not_change(void **state)
{
	(void)state;
	stage_becomes("stages:\n  b:   # one\n    cmd:   x   # two\n\n"
		      "    # three\n    deps: [a]\n    meta: {k:  1}\n# end\n",
		      small, true,
		      "stages:\n  b:   # one\n    cmd:   y   # two\n\n"
		      "    # three\n    meta: {k:  1}\n    wdir: sub\n# end\n");
	stage_becomes("stages:\n  b:\n    cmd: |\n      x\n    wdir: q",
		      small, true, "stages:\n  b:\n    cmd: y\n    wdir: sub");
}

static void replaces_a_stage_of_aliases_whole(void **state)
{
	(void)state;
	stage_becomes("stages:\n  a: &a\n    cmd: x\n  b:\n    <<: *a\n"
		      "    desc: d\n", small, true,
		      "stages:\n  a: &a\n    cmd: x\n  b:\n    desc: d\n"
		      "    cmd: y\n    wdir: sub\n");
}

/* --- frozen ---------------------------------------------------------------- */

static void freezes(const char *before, const char *stage, bool frozen,
		    const char *after)
{
	struct buf b = BUF_INIT;

	buf_str(&b, before);
	assert_int_equal(dvcfile_freeze(&b, "f", stage, frozen), 0);
	assert_string_equal(b.s, after);
	buf_clear(&b);
}

static void freezes_by_one_line(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	freezes("# a\nstages:\n    b:\n        cmd:   x\n\n# end\n", "b", true,
		"# a\nstages:\n    b:\n        cmd:   x\n"
		"        frozen: true\n\n# end\n");
	freezes("stages:\n  b: {cmd:  x}\n", "b", true,
		"stages:\n  b: {cmd: x, frozen: true}\n");
	freezes("stages:\n  b:\n    frozen: true # y\n    cmd: x\n", "b", false,
		"stages:\n  b:\n    cmd: x\n");
	freezes("stages:\n  b:\n    frozen: false # y\n    cmd: x\n", "b", true,
		"stages:\n  b:\n    frozen: true # y\n    cmd: x\n");
	freezes("outs:\n  - path: o # o\n", NULL, true,
		"outs:\n  - path: o # o\nfrozen: true\n");
	freezes("locked: true\nouts:\n- path: o\n", NULL, true,
		"outs:\n- path: o\nfrozen: true\n");
	freezes("frozen:  true\n", NULL, true, "frozen:  true\n");
	assert_int_equal(dvcfile_freeze(&b, "f", "b", true), ERR_NOTFOUND);
}

/* --- .gitignore ---------------------------------------------------------- */

static void ignores(const char *before, const char *name, bool added,
		    const char *after)
{
	struct buf b = BUF_INIT;

	buf_str(&b, before);
	assert_int_equal(dvcfile_gitignore(&b, name), added);
	assert_string_equal(b.s, after);
	buf_clear(&b);
}

static void ignores_a_name_once_and_escaped(void **state)
{
	(void)state;
	ignores("", "data", true, "/data\n");
	ignores("/data\n", "data", false, "/data\n");
	ignores("x\r\n/data\r\ny", "data", false, "x\r\n/data\r\ny");
	ignores("data\n", "data", true, "data\n/data\n");
	ignores("x", "data", true, "x\n/data\n");
	ignores("", "a*[b]!#?\\c d", true, "/a\\*\\[b\\]\\!\\#\\?\\\\c d\n");
}

/* For the shell tests: the stages of one dvc.yaml, as we would write them. */
static int drive(const char *file)
{
	struct pipe p = PIPE_INIT;
	struct buf text = BUF_INIT, out = BUF_INIT;
	int err = file_read(file, &text, 0);

	if (!err)
		err = pipe_parse(&p, NULL, "dvc.yaml", text.s, text.len);
	for (size_t i = 0; i < p.nr && !err; i++)
		err = dvcfile_stage(&out, "dvc.yaml", &p.item[i], false);
	if (err)
		fprintf(stderr, "error: %s\n", err_message());
	else
		fwrite(out.s, 1, out.len, stdout);
	pipe_clear(&p);
	buf_clear(&text);
	buf_clear(&out);
	return err ? 1 : 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_a_new_file_in_dvcs_order),
		cmocka_unit_test(updates_only_what_is_about_the_bytes),
		cmocka_unit_test(leaves_a_file_that_says_it_already),
		cmocka_unit_test(refuses_a_file_that_does_not_parse),
		cmocka_unit_test(writes_a_stage_in_dvcs_order),
		cmocka_unit_test(puts_a_stage_where_dvc_puts_it),
		cmocka_unit_test(replaces_a_stage_only_by_force),
		cmocka_unit_test(keeps_what_need_not_change),
		cmocka_unit_test(replaces_a_stage_of_aliases_whole),
		cmocka_unit_test(freezes_by_one_line),
		cmocka_unit_test(ignores_a_name_once_and_escaped),
	};

	if (argc > 1)
		return drive(argv[1]);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("dvcfile", tests, NULL, NULL);
}
