#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/src.h"
#include "base/trace.h"
#include "spec/canon.h"
#include "spec/conf.h"
#include "spec/pipe.h"

/* --- as a program: each argument is a project, one line of JSON for each --- */

static void put_text(struct val *map, const char *key, const char *s)
{
	if (s)
		val_set_str(val_put(map, key), s);
}

static void show_outs(struct val *list, const struct stage *s)
{
	val_set_list(list);
	for (size_t i = 0; i < s->nr_out; i++) {
		const struct out *o = &s->out[i];
		struct val *v = val_add(list);

		val_set_map(v);
		put_text(v, "def", o->def);
		put_text(v, "path", o->path);
		put_text(v, "remote", o->remote);
		put_text(v, "desc", o->desc);
		put_text(v, "md5", o->saved.md5);
		put_text(v, "hash", o->saved.hash);
		val_set_bool(val_put(v, "cache"), o->cache);
		val_set_bool(val_put(v, "persist"), o->persist);
		val_set_bool(val_put(v, "push"), o->push);
		val_set_bool(val_put(v, "metric"), o->metric);
		val_set_bool(val_put(v, "plot"), o->plot);
		if (o->plot_props.kind == VAL_MAP)
			val_copy(val_put(v, "props"), &o->plot_props);
	}
}

static void show_deps(struct val *list, const struct stage *s)
{
	val_set_list(list);
	for (size_t i = 0; i < s->nr_dep; i++) {
		struct val *v = val_add(list);

		val_set_map(v);
		put_text(v, "def", s->dep[i].def);
		put_text(v, "path", s->dep[i].path);
	}
}

static void show_params(struct val *list, const struct stage *s)
{
	val_set_list(list);
	for (size_t i = 0; i < s->nr_param; i++) {
		struct val *v = val_add(list), *keys;

		val_set_map(v);
		put_text(v, "def", s->param[i].def);
		put_text(v, "path", s->param[i].path);
		val_set_bool(val_put(v, "whole"), s->param[i].whole);
		keys = val_put(v, "keys");
		val_set_list(keys);
		for (size_t j = 0; j < s->param[i].keys.nr; j++)
			val_set_str(val_add(keys), s->param[i].keys.item[j]);
	}
}

static void show_used(struct val *v, const struct stage *s)
{
	val_set_map(v);
	for (size_t i = 0; i < s->nr_used; i++)
		val_copy(val_put(v, s->used[i].path), &s->used[i].taken);
}

static void show_stage(struct val *v, const struct stage *s)
{
	val_set_map(v);
	put_text(v, "addr", s->addr);
	put_text(v, "name", s->kind == STAGE_RUN ? s->name : NULL);
	put_text(v, "file", s->file);
	put_text(v, "wdir", s->wdir);
	put_text(v, "desc", s->desc && *s->desc ? s->desc : NULL);
	if (s->kind == STAGE_RUN) {
		put_text(v, "group", s->group);
		val_set_bool(val_put(v, "templated"), s->templated);
		show_used(val_put(v, "used"), s);
	}
	val_copy(val_put(v, "cmd"), &s->cmd);
	val_set_bool(val_put(v, "frozen"), s->frozen);
	val_set_bool(val_put(v, "always_changed"), s->always_changed);
	show_deps(val_put(v, "deps"), s);
	show_params(val_put(v, "params"), s);
	show_outs(val_put(v, "outs"), s);
}

static void show_files(struct val *list, const struct pipe_files *f)
{
	val_set_list(list);
	for (size_t i = 0; i < f->nr; i++) {
		struct val *v = val_add(list);

		val_set_map(v);
		put_text(v, "from", f->item[i].from);
		put_text(v, "id", f->item[i].id);
		val_copy(val_put(v, "props"), &f->item[i].props);
	}
}

static int load(struct pipe *p, const char *root)
{
	struct conf conf = CONF_INIT;
	struct src_disk disk;
	int err;

	src_disk(&disk, root);
	err = conf_load(&conf, root);
	if (!err)
		err = pipe_style(p, &conf);
	if (!err)
		err = pipe_load(p, &disk.src, true, NULL);
	if (!err)
		err = pipe_check(p);
	src_clear(&disk.src);
	conf_clear(&conf);
	return err;
}

static void show(const char *root)
{
	struct pipe p = PIPE_INIT;
	struct val out = VAL_INIT, *stages;
	struct buf text = BUF_INIT;
	int err = load(&p, root);

	val_set_map(&out);
	if (err)
		put_text(&out, "error", err_message());
	stages = val_put(&out, "stages");
	val_set_list(stages);
	for (size_t i = 0; !err && i < p.nr; i++)
		show_stage(val_add(stages), &p.item[i]);
	show_files(val_put(&out, "metrics"), &p.metrics);
	show_files(val_put(&out, "params"), &p.params);
	show_files(val_put(&out, "plots"), &p.plots);
	canon_json(&text, &out, 0);
	puts(text.s);
	buf_clear(&text);
	val_clear(&out);
	pipe_clear(&p);
}

/* How many stages there are, and the milliseconds it took to know. */
static int measure(const char *root)
{
	struct pipe p = PIPE_INIT;
	double start = trace_clock();
	int err = load(&p, root);

	if (err)
		puts(err_message());
	else
		printf("%zu %.3f\n", p.nr, (trace_clock() - start) * 1e3);
	pipe_clear(&p);
	return err ? 1 : 0;
}

/* --- as a test ----------------------------------------------------------------- */

static int parse(struct pipe *p, const char *file, const char *text)
{
	int err;

	*p = (struct pipe)PIPE_INIT;
	err = pipe_parse(p, NULL, file, text, strlen(text));
	if (!err)
		err = pipe_check(p);
	return err;
}

static void refuse(const char *file, const char *text, const char *why)
{
	struct pipe p;

	assert_int_equal(parse(&p, file, text), ERR_INVALID);
	assert_string_equal(err_message(), why);
	pipe_clear(&p);
}

static void reads_a_stage_with_everything(void **state)
{
	struct pipe p;
	struct stage *s;

	(void)state;
	assert_int_equal(parse(&p, "sub/dvc.yaml",
		"stages:\n"
		"  train:\n"
		"    cmd: [a, b]\n"
		"    wdir: w\n"
		"    deps: [../x, s3://b/k, /abs]\n"
		"    params: [lr, a.b, lr, {o.json: }, {z.yaml: [q]}]\n"
		"    outs:\n"
		"    - m: {cache: false, persist: true, push: false}\n"
		"    metrics: [k.json]\n"
		"    plots:\n"
		"    - p.csv: {x: s, title: T}\n"
		"    frozen: true\n"), 0);
	assert_int_equal(p.nr, 1);
	s = pipe_find(&p, "sub/dvc.yaml:train");
	assert_non_null(s);
	assert_string_equal(s->wdir, "sub/w");
	assert_int_equal(s->cmd.kind, VAL_LIST);
	assert_true(s->frozen && !s->always_changed);
	assert_string_equal(s->dep[0].path, "sub/x");
	assert_false(s->dep[0].external);
	assert_true(s->dep[1].url && s->dep[2].external && !s->dep[2].url);
	assert_int_equal(s->nr_param, 3);
	assert_string_equal(s->param[0].path, "sub/w/params.yaml");
	assert_int_equal(s->param[0].keys.nr, 2);
	assert_string_equal(s->param[0].keys.item[0], "a.b");
	assert_true(s->param[1].whole && !s->param[2].whole);
	assert_int_equal(s->nr_out, 3);
	assert_true(!s->out[0].cache && s->out[0].persist && !s->out[0].push);
	assert_true(s->out[1].metric && s->out[1].cache);
	assert_true(s->out[2].plot);
	assert_string_equal(val_text(val_get(&s->out[2].plot_props, "x")), "s");
	assert_int_equal(s->line, 2);
	assert_ptr_equal(pipe_maker(&p, "sub/w/m/deep"), s);
	assert_null(pipe_maker(&p, "sub/w"));
	pipe_clear(&p);
}

static void reads_a_data_file(void **state)
{
	struct pipe p;
	const struct out *o;

	(void)state;
	assert_int_equal(parse(&p, "data/i.dvc",
		"outs:\n"
		"- md5: aaaabbbbccccddddaaaabbbbccccdddd.dir\n"
		"  size: 18\n  nfiles: 5\n  hash: md5\n  path: i\n"), 0);
	o = p.item[0].out;
	assert_int_equal(p.item[0].kind, STAGE_DATA);
	assert_string_equal(p.item[0].addr, "data/i.dvc");
	assert_string_equal(o->path, "data/i");
	assert_string_equal(o->saved.md5,
			    "aaaabbbbccccddddaaaabbbbccccdddd.dir");
	assert_string_equal(o->saved.hash, "md5");
	assert_int_equal(o->saved.size, 18);
	assert_int_equal(o->saved.nfiles, 5);
	pipe_clear(&p);
	assert_int_equal(parse(&p, "i.dvc", "outs:\n- path: i\n  md5: abcd\n"),
			 0);
	assert_null(p.item[0].out->saved.hash);
	pipe_clear(&p);
	assert_int_equal(parse(&p, "i.dvc", "outs:\n- path: i\n"), 0);
	assert_null(p.item[0].out->saved.path);
	pipe_clear(&p);
}

static void unknown_keys_are_named_with_a_guess(void **state)
{
	(void)state;
	refuse("dvc.yaml", "stages:\n  train:\n    cmd: a\n    dep: [x]\n",
	       "dvc.yaml: line 4: unknown key 'dep' in stage 'train' "
	       "(did you mean 'deps'?)");
	refuse("dvc.yaml", "stages:\n  t:\n    cmd: a\n    outs:\n"
	       "    - m:\n        cahce: true\n",
	       "dvc.yaml: line 6: unknown key 'cahce' in 'm' in stage 't' "
	       "(did you mean 'cache'?)");
	refuse("x.dvc", "zebra: 1\n", "x.dvc: line 1: unknown key 'zebra'");
}

static void what_cannot_be_a_stage_says_where(void **state)
{
	(void)state;
	refuse("dvc.yaml", "stages:\n  t:\n    deps: [x]\n",
	       "dvc.yaml: line 3: stage 't': no 'cmd'");
	refuse("dvc.yaml", "stages:\n  t:\n    cmd: 3\n",
	       "dvc.yaml: line 3: stage 't': 'cmd' must be text or a list of "
	       "texts, not a number");
	refuse("dvc.yaml", "stages:\n  t:\n    cmd: a\n    outs: [../x]\n",
	       "dvc.yaml: line 4: stage 't': cached output '../x' is outside "
	       "the project");
	refuse("dvc.yaml", "stages:\n  t:\n    cmd: a\n    outs:\n"
	       "    - .git/hooks/pre-commit: {cache: false}\n",
	       "dvc.yaml: line 5: stage 't': output '.git/hooks/pre-commit' "
	       "is inside '.git'");
	refuse("dvc.yaml", "stages:\n  a@b:\n    cmd: a\n",
	       "dvc.yaml: line 2: a stage cannot be named 'a@b'");
	refuse("a/dvc.yaml", "stages:\n  t:\n    cmd: \"a\\0b\"\n",
	       "a/dvc.yaml: line 3: stage 't': 'cmd' holds a NUL byte");
}

static void escaped_templates_are_text(void **state)
{
	struct pipe p;

	(void)state;
	assert_int_equal(parse(&p, "dvc.yaml", "stages:\n  t:\n"
		"    cmd: echo \\${HOME} ${ \\\\${x\n    outs: ['\\${o}']\n"), 0);
	assert_string_equal(val_text(&p.item[0].cmd),
			    "echo ${HOME} ${ \\${x");
	assert_string_equal(p.item[0].out[0].path, "${o}");
	pipe_clear(&p);
	assert_int_equal(parse(&p, "dvc.yaml", "stages:\n  t:\n    cmd: |\n"
		"      f() ${\n      }\n"), 0);
	assert_string_equal(val_text(&p.item[0].cmd), "f() ${\n}\n");
	pipe_clear(&p);
}

static void two_outputs_may_not_meet(void **state)
{
	(void)state;
	refuse("dvc.yaml", "stages:\n  a:\n    cmd: a\n    outs: [x]\n"
	       "  b:\n    cmd: b\n    outs: [./x]\n",
	       "dvc.yaml: line 7: output 'x' is made by two stages: "
	       "'a' and 'b'");
	refuse("dvc.yaml", "stages:\n  a:\n    cmd: a\n    outs: [x/y/z]\n"
	       "  b:\n    cmd: b\n    outs: [x]\n",
	       "dvc.yaml: line 4: output 'x/y/z' of stage 'a' is inside output "
	       "'x' of stage 'b'");
	refuse("dvc.yaml", "stages:\n  a:\n    cmd: a\n    deps: [d/x]\n"
	       "    outs: [d]\n",
	       "dvc.yaml: line 4: stage 'a' both needs 'd/x' and makes 'd'");
	refuse("sub/dvc.yaml", "stages:\n  a:\n    cmd: a\n    outs: ['.']\n",
	       "sub/dvc.yaml: line 2: 'sub/dvc.yaml' is inside output 'sub' of "
	       "stage 'sub/dvc.yaml:a'");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_stage_with_everything),
		cmocka_unit_test(reads_a_data_file),
		cmocka_unit_test(unknown_keys_are_named_with_a_guess),
		cmocka_unit_test(what_cannot_be_a_stage_says_where),
		cmocka_unit_test(escaped_templates_are_text),
		cmocka_unit_test(two_outputs_may_not_meet),
	};

	if (argc > 2 && !strcmp(argv[1], "--time"))
		return measure(argv[2]);
	for (int i = 1; i < argc; i++)
		show(argv[i]);
	if (argc > 1)
		return 0;
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("pipe", tests, NULL, NULL);
}
