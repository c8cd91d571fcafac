#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/src.h"
#include "repo/repo.h"
#include "spec/dvcfile.h"
#include "spec/params.h"
#include "story/project.h"
#include "cmd.h"
#include "draft.h"
#include "init.h"
#include "opt.h"
#include "say.h"

struct words {
	bool ask, force, subdir, quiet;
	const char *name;
	const char *part[PARTS];
};

/* A part that the command line does not speak of; NULL is "none of it". */
static const char unsaid[] = "";

/* Where the project is, or where it will be. */
static int place(struct setup *s, const struct words *w)
{
	struct ctx *ctx = s->ctx;
	const struct project *p = ctx->project;
	const char *top = repo_top(ctx->repo);
	bool own = p && !strcmp(p->root, ctx->here);
	char *mark;

	if (p && (own || !w->subdir)) {
		s->root = mem_dup(p->root);
		s->cwd = mem_dup(p->cwd);
		mark = file_join(p->root, ".dvc/config");
		s->fresh = !file_exists(mark);
		free(mark);
		return 0;
	}
	if (!w->subdir && strcmp(top, ctx->here)) {
		err_set(ERR_INVALID, "this is not the top of the repository");
		return err_hint(ERR_INVALID, "run it in '%s', or make a project "
				"of this directory with --subdir", top);
	}
	s->root = mem_dup(ctx->here);
	s->cwd = mem_dup(".");
	s->fresh = true;
	return 0;
}

static int check_place(const struct setup *s)
{
	char *mark = file_join(s->root, ".dvc");
	const char *const args[] = { "check-ignore", "-q", "--", mark, NULL };
	int err = 0;

	if (s->fresh && file_exists(mark) && !file_is_dir(mark))
		err = err_set(ERR_EXISTS, "'.dvc' is there, but it is no "
			      "directory");
	else if (s->fresh && !repo_git(s->ctx->repo, args, NULL, NULL, NULL, 0))
		err = err_hint(err_set(ERR_INVALID, "'.dvc' is ignored by Git"),
			       "add '!.dvc' to .gitignore");
	else
		err_clear();
	free(mark);
	return err;
}

static void take_words(struct setup *s, const struct words *w)
{
	for (int p = 0; p < PARTS; p++) {
		const char *usual = init_parts[p].usual;

		s->given[p] = w->part[p] != unsaid;
		if (s->given[p])
			s->part[p] = mem_dup(w->part[p]);
		else if (!w->ask && init_exists(s, usual))
			s->part[p] = mem_dup(usual);
	}
}

static void drop_slashes(struct setup *s)
{
	for (int p = 0; p < PARTS; p++) {
		size_t n = s->part[p] ? strlen(s->part[p]) : 0;

		while (n > 1 && s->part[p][n - 1] == '/')
			s->part[p][--n] = '\0';
	}
}

/* Keys that a dotted name could not reach make it the whole file. */
static void top_keys(const struct val *v, struct strs *keys)
{
	for (size_t i = 0; v->kind == VAL_MAP && i < v->nr; i++) {
		const char *key = val_text(&v->key[i]);

		if (!key || !*key || strpbrk(key, ".,: \n")) {
			strs_clear(keys);
			return;
		}
		strs_add(keys, key);
	}
}

static int add_params(struct draft *d, const char *file)
{
	char *path = file_join(d->cwd, file);
	struct strs keys = STRS_INIT;
	struct val v = VAL_INIT;
	struct src_disk disk;
	int err = 0;

	src_disk(&disk, d->root);
	if (src_kind(&disk.src, path) != SRC_NONE)
		err = params_load(&v, &disk.src, path);
	if (!err) {
		top_keys(&v, &keys);
		draft_param(d, file, &keys);
	}
	src_clear(&disk.src);
	strs_clear(&keys);
	val_clear(&v);
	free(path);
	return err;
}

static int fill(struct draft *d, const struct setup *s)
{
	val_set_str(&d->stage.cmd, s->cmd);
	if (s->part[CODE])
		draft_dep(d, s->part[CODE]);
	if (s->part[DATA])
		draft_dep(d, s->part[DATA]);
	if (s->part[MODEL])
		draft_out(d, s->part[MODEL]);
	if (s->part[METRICS]) {
		struct out *o = draft_out(d, s->part[METRICS]);

		o->metric = true;
		o->cache = false;
	}
	if (s->part[PLOTS]) {
		struct out *o = draft_out(d, s->part[PLOTS]);

		o->plot = true;
		o->cache = false;
	}
	return s->part[PARAMS] ? add_params(d, s->part[PARAMS]) : 0;
}

static int taken(const struct draft *d, bool force)
{
	if (force || !draft_taken(d))
		return 0;
	err_set(ERR_EXISTS, "stage '%s' already exists in 'dvc.yaml'",
		d->stage.name);
	return err_hint(ERR_EXISTS, "use '--force' to replace it, or '--name' "
			"for another one");
}

/* Ask, check, show, ask again; `yes` becomes false when the answer is no. */
static int prepare(struct setup *s, const struct words *w, struct draft *d,
		   bool *yes)
{
	struct buf show = BUF_INIT;
	int err = taken(d, w->force);

	*yes = true;
	if (!err && w->ask)
		err = init_ask(s);
	if (err)
		return err;
	drop_slashes(s);
	err = fill(d, s);
	if (!err)
		err = draft_check(d, w->force);
	if (!err && w->ask) {
		dvcfile_show(&show, &d->stage);
		err = init_confirm(&show, yes);
	}
	buf_clear(&show);
	return err;
}

static int make_project(struct setup *s, const struct words *w,
			struct strs *made)
{
	int err;

	if (!s->fresh)
		return 0;
	err = init_project(s, made);
	if (!err)
		err = ctx_project(s->ctx);
	if (!err && !w->quiet)
		puts("Initialized DVC repository.");
	return err;
}

static int make_stage(struct setup *s, const struct words *w, struct draft *d,
		      struct strs *made)
{
	int err = init_inputs(s, made, w->quiet);

	if (!err)
		err = draft_write(d, w->force, made);
	if (!err && !w->quiet)
		printf("Created %s stage in dvc.yaml. To run, use "
		       "'git exp run'\n", w->name);
	return err;
}

static int no(void)
{
	puts("Nothing was written.");
	return EXIT_NO;
}

static int with_stage(struct setup *s, const struct words *w,
		      struct strs *made, bool *yes)
{
	struct draft d;
	int err;

	draft_begin(&d, s->ctx, s->root, s->cwd, w->name);
	err = prepare(s, w, &d, yes);
	if (!err && *yes)
		err = make_project(s, w, made);
	if (!err && *yes)
		err = make_stage(s, w, &d, made);
	draft_clear(&d);
	return err;
}

static int init(struct setup *s, const struct words *w, struct strs *made)
{
	bool yes = true;
	int err = place(s, w);

	if (!err)
		err = check_place(s);
	if (err)
		return say_failed(s->ctx->repo);
	take_words(s, w);
	if (s->cmd || w->ask)
		err = with_stage(s, w, made, &yes);
	else
		err = make_project(s, w, made);
	if (!err && !yes)
		return no();
	if (!err && !made->nr && !w->quiet)
		printf("'%s' is a DVC project already.\n", s->root);
	if (!err)
		err = ctx_changed(s->ctx, made, w->quiet);
	return err ? say_failed(s->ctx->repo) : 0;
}

static void clear(struct setup *s)
{
	for (int p = 0; p < PARTS; p++)
		free(s->part[p]);
	free(s->cmd);
	free(s->root);
	free(s->cwd);
}

static void check_words(const struct words *w, int argc, const char *usage)
{
	for (int p = 0; p < PARTS; p++)
		if (w->part[p] != unsaid && w->part[p] && !*w->part[p])
			cmd_misuse(usage, "--%s needs a path",
				   init_parts[p].option);
	for (int p = 0; p < PARTS && !argc && !w->ask; p++)
		if (w->part[p] != unsaid)
			cmd_misuse(usage, "--%s needs a command, or -i",
				   init_parts[p].option);
}

int cmd_init(struct ctx *ctx, int argc, char **argv)
{
	struct words w = { .name = "default", .part = {
		unsaid, unsaid, unsaid, unsaid, unsaid, unsaid } };
	const struct opt opts[] = {
		{ "interactive", 'i', OPT_FLAG, &w.ask, NULL, "ask for what the stage is made of" },
		{ "name", 0, OPT_STR, &w.name, "stage", "its name, in place of 'default'" },
		{ "code", 0, OPT_STR, &w.part[CODE], "path", "the program, in place of src" },
		{ "data", 0, OPT_STR, &w.part[DATA], "path", "what it reads, in place of data" },
		{ "model", 0, OPT_STR, &w.part[MODEL], "path", "what it makes, in place of models" },
		{ "params", 0, OPT_STR, &w.part[PARAMS], "path", "its parameters, in place of params.yaml" },
		{ "metrics", 0, OPT_STR, &w.part[METRICS], "path", "its metrics, in place of metrics.json" },
		{ "plots", 0, OPT_STR, &w.part[PLOTS], "path", "its plots, in place of plots" },
		{ "subdir", 0, OPT_FLAG, &w.subdir, NULL, "make a project of a directory below the top" },
		{ "force", 'f', OPT_FLAG, &w.force, NULL, "replace a stage of this name" },
		{ "quiet", 'q', OPT_FLAG, &w.quiet, NULL, "say nothing when all went well" },
		OPT_END
	};
	const char *usage = "init [-i] [<options>] [<command>...]";
	struct strs made = STRS_INIT;
	struct setup s = { .ctx = ctx };
	int code;

	argc = cmd_start_words(ctx, argc, argv, opts, usage);
	if (!w.name)
		w.name = "default";
	check_words(&w, argc, usage);
	if (argc)
		s.cmd = draft_words(argc, argv);
	code = init(&s, &w, &made);
	strs_clear(&made);
	clear(&s);
	return code;
}
