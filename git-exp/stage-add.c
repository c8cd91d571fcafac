#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/mem.h"
#include "base/strs.h"
#include "story/project.h"
#include "cmd.h"
#include "draft.h"
#include "opt.h"
#include "say.h"
#include "stage.h"

/* Outputs by how they are kept; the order is that of DVC's own list. */
enum kind {
	OUTS_PERSIST, OUTS_PERSIST_NO_CACHE, METRICS, METRICS_NO_CACHE,
	PLOTS, PLOTS_NO_CACHE, OUTS_NO_CACHE, OUTS, KINDS
};

struct words {
	const char *name, *wdir, *desc;
	bool always, force, quiet;
	struct strs deps, params, outs[KINDS];
};

static void add_outs(struct draft *d, enum kind k, const struct strs *paths)
{
	for (size_t i = 0; i < paths->nr; i++) {
		struct out *o = draft_out(d, paths->item[i]);

		o->cache = k != OUTS_PERSIST_NO_CACHE &&
			k != METRICS_NO_CACHE && k != PLOTS_NO_CACHE &&
			k != OUTS_NO_CACHE;
		o->persist = k == OUTS_PERSIST || k == OUTS_PERSIST_NO_CACHE;
		o->metric = k == METRICS || k == METRICS_NO_CACHE;
		o->plot = k == PLOTS || k == PLOTS_NO_CACHE;
	}
}

static void fill(struct draft *d, const struct words *w, int argc, char **argv)
{
	char *cmd = draft_words(argc, argv);

	val_set_str(&d->stage.cmd, cmd);
	free(cmd);
	if (w->wdir)
		draft_wdir(d, w->wdir);
	if (w->desc && *w->desc)
		d->stage.desc = mem_dup(w->desc);
	d->stage.always_changed = w->always;
	for (size_t i = 0; i < w->deps.nr; i++)
		draft_dep(d, w->deps.item[i]);
	for (size_t i = 0; i < w->params.nr; i++)
		draft_params(d, w->params.item[i]);
	for (int k = 0; k < KINDS; k++)
		add_outs(d, (enum kind)k, &w->outs[k]);
}

static int add(struct ctx *ctx, const struct words *w, int argc, char **argv)
{
	struct strs made = STRS_INIT;
	struct draft d;
	int err;

	draft_begin(&d, ctx, ctx->project->root, ctx->project->cwd, w->name);
	fill(&d, w, argc, argv);
	err = draft_write(&d, w->force, &made);
	if (!err && !w->quiet)
		printf("Added stage '%s' in 'dvc.yaml'\n", w->name);
	if (!err)
		err = ctx_changed(ctx, &made, w->quiet);
	draft_clear(&d);
	strs_clear(&made);
	return err ? say_failed(ctx->repo) : 0;
}

static void clear(struct words *w)
{
	strs_clear(&w->deps);
	strs_clear(&w->params);
	for (int k = 0; k < KINDS; k++)
		strs_clear(&w->outs[k]);
}

int stage_add(struct ctx *ctx, int argc, char **argv)
{
	struct words w = { 0 };
	const struct opt opts[] = {
		{ "name", 'n', OPT_STR, &w.name, "name", "what the stage is called" },
		{ "deps", 'd', OPT_LIST, &w.deps, "path", "a file or directory that the command reads" },
		{ "params", 'p', OPT_LIST, &w.params, "[file:]keys", "parameters it reads, from params.yaml unless named" },
		{ "outs", 'o', OPT_LIST, &w.outs[OUTS], "path", "a file or directory that it makes" },
		{ "outs-no-cache", 'O', OPT_LIST, &w.outs[OUTS_NO_CACHE], "path", "the same, kept by Git and not in the cache" },
		{ "outs-persist", 0, OPT_LIST, &w.outs[OUTS_PERSIST], "path", "an output that is not removed before a run" },
		{ "outs-persist-no-cache", 0, OPT_LIST, &w.outs[OUTS_PERSIST_NO_CACHE], "path", "the same, kept by Git" },
		{ "metrics", 'm', OPT_LIST, &w.outs[METRICS], "path", "a file of metrics that it makes" },
		{ "metrics-no-cache", 'M', OPT_LIST, &w.outs[METRICS_NO_CACHE], "path", "the same, kept by Git" },
		{ "plots", 0, OPT_LIST, &w.outs[PLOTS], "path", "a file or directory of plots that it makes" },
		{ "plots-no-cache", 0, OPT_LIST, &w.outs[PLOTS_NO_CACHE], "path", "the same, kept by Git" },
		{ "wdir", 'w', OPT_STR, &w.wdir, "path", "where the command runs; paths are relative to it" },
		{ "desc", 0, OPT_STR, &w.desc, "text", "a description for people" },
		{ "always-changed", 0, OPT_FLAG, &w.always, NULL, "run it every time" },
		{ "force", 'f', OPT_FLAG, &w.force, NULL, "replace a stage of this name" },
		{ "quiet", 'q', OPT_FLAG, &w.quiet, NULL, "say nothing when all went well" },
		OPT_END
	};
	int code;

	argc = cmd_start_words(ctx, argc, argv, opts, STAGE_ADD_USAGE);
	if (!w.name || !*w.name)
		cmd_misuse(STAGE_ADD_USAGE, "a stage needs a name: -n <name>");
	if (!argc || (argc == 1 && !*argv[0]))
		cmd_misuse(STAGE_ADD_USAGE, "a stage needs a command");
	code = add(ctx, &w, argc, argv);
	clear(&w);
	return code;
}
