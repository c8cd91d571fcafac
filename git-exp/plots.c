#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "exp/plots.h"
#include "exp/view.h"
#include "repo/commit.h"
#include "repo/tree.h"
#include "spec/canon.h"
#include "story/project.h"
#include "cmd.h"
#include "opt.h"
#include "plots.h"
#include "say.h"
#include "sight.h"

#define SHOW_USAGE "plots show [<options>] [<target>...]"
#define DIFF_USAGE "plots diff [<options>] [<revision>...]"
#define TEMPLATES_USAGE "plots templates [<template>]"

struct how {
	struct sight sight;
	struct plots plots;
	bool json, vega, header;
	const char *template, *x, *y, *title, *x_label, *y_label, *out, *frame;
};
#define HOW_INIT { .sight = SIGHT_INIT, .plots = PLOTS_INIT, .header = true }

#define HOW_OPTS(h) \
	{ "json", 0, OPT_FLAG, &(h).json, NULL, "specifications and points, as JSON" }, \
	{ "split", 0, OPT_FLAG, &(h).plots.split, NULL, "what fills the template apart from it" }, \
	{ "show-vega", 0, OPT_FLAG, &(h).vega, NULL, "one specification alone" }, \
	{ "template", 't', OPT_STR, &(h).template, "<name>", "a template, or a file with one (linear)" }, \
	{ "x", 'x', OPT_STR, &(h).x, "<field>", "of the horizontal axis (the number of the point)" }, \
	{ "y", 'y', OPT_STR, &(h).y, "<field>", "of the vertical axis (the last one)" }, \
	{ "header", 0, OPT_FLAG, &(h).header, NULL, "the first line of a table names its columns" }, \
	{ "title", 0, OPT_STR, &(h).title, "<text>", "above the plot" }, \
	{ "x-label", 0, OPT_STR, &(h).x_label, "<text>", "below the horizontal axis" }, \
	{ "y-label", 0, OPT_STR, &(h).y_label, "<text>", "beside the vertical axis" }, \
	{ "out", 'o', OPT_STR, &(h).out, "<dir>", "for the page and pictures (dvc_plots)" }, \
	{ "html-template", 0, OPT_STR, &(h).frame, "<file>", "a page with a place for the plots" }, \
	OPT_END

/* --- the revisions -------------------------------------------------------------- */

static void add_disk(struct how *how)
{
	const struct rows_want *w = &how->sight.want;
	struct view_opts o = { .gitignored = true, .exclude = w->exclude,
			       .cache = w->cache };

	plots_add(&how->plots, "workspace", w->disk, &o);
}

static int add_commit(struct how *how, const char *name)
{
	const struct rows_want *w = &how->sight.want;
	struct view_opts o = { .cache = w->cache };
	struct commit c = COMMIT_INIT;
	struct tree_src tree;
	struct oid id;
	int err = rows_resolve(&id, w->repo, name);

	if (!err)
		err = commit_read(&c, w->repo, &id);
	if (!err) {
		tree_src(&tree, w->repo, &c.tree, w->prefix, name);
		plots_add(&how->plots, name, &tree.src, &o);
		src_clear(&tree.src);
	}
	commit_clear(&c);
	return err;
}

/* The work tree comes first wherever it was named. */
static int add_revs(struct how *how, const struct strs *revs)
{
	struct strs seen = STRS_INIT;
	int err = 0;

	if (strs_has(revs, "workspace") && !how->sight.want.disk)
		err = err_set(ERR_NOTFOUND, "there is no work tree here: "
			      "name two revisions");
	else if (strs_has(revs, "workspace"))
		add_disk(how);
	strs_add(&seen, "workspace");
	for (size_t i = 0; !err && i < revs->nr; i++)
		if (strs_once(&seen, revs->item[i]))
			err = add_commit(how, revs->item[i]);
	strs_clear(&seen);
	return err;
}

/* Whether a tracked file is not as in HEAD. */
static int is_dirty(struct repo *r, bool *dirty)
{
	static const char *const args[] = {
		"--no-optional-locks", "status", "--porcelain",
		"--untracked-files=no", NULL
	};
	struct buf out = BUF_INIT;
	int err = repo_git(r, args, NULL, NULL, &out, 0);

	*dirty = out.len;
	buf_clear(&out);
	return err;
}

/* One revision is compared with the work tree; none is HEAD. */
static int complete(struct how *how, struct strs *revs)
{
	bool dirty = false;
	int err = 0;

	if (revs->nr > 1)
		return 0;
	if (!revs->nr && how->sight.want.disk)
		err = is_dirty(how->sight.want.repo, &dirty);
	if (dirty)
		strs_add(revs, "HEAD");
	strs_add(revs, "workspace");
	return err;
}

/* --- printing --------------------------------------------------------------------- */

static void warn(const struct plots *p)
{
	for (size_t i = 0; i < p->error.nr; i++) {
		const struct plots_error *e = &p->error.item[i];

		if (e->plot && (!e->source || strcmp(e->plot, e->source)))
			say_warning("in '%s', plot '%s': %s", e->rev, e->plot,
				    e->message);
		else
			say_warning("in '%s': %s", e->rev, e->message);
	}
}

static void print_vega(const struct plots *p)
{
	struct buf b = BUF_INIT;
	size_t i = 0;

	while (i < p->nr && p->item[i].image)
		i++;
	if (i == p->nr)
		return;
	if (p->item[i].nr)
		plot_content(&b, &p->item[i]);
	puts(b.len ? b.s : "{}");
	buf_clear(&b);
}

static int print(struct ctx *ctx, struct how *how)
{
	const struct plots *p = &how->plots;
	struct plots_place to;
	struct buf b = BUF_INIT;
	int err = 0;

	plots_place(&to, ctx, how->out, how->frame);
	warn(p);
	if (how->vega) {
		print_vega(p);
	} else if (how->json) {
		err = plots_write_images(ctx, p, &to, NULL);
		plots_json(&b, p, to.dir);
		if (!err)
			puts(b.s);
	} else if (p->nr) {
		err = plots_write_images(ctx, p, &to, "static");
		if (!err)
			err = plots_write_page(ctx, p, &to);
	} else {
		say_warning("there is nothing to plot");
	}
	plots_place_clear(&to);
	buf_clear(&b);
	return err;
}

/* --- the commands ----------------------------------------------------------------- */

static void set(struct plots *p, const char *key, const char *value)
{
	if (value)
		val_set_str(val_put(&p->props, key), value);
}

static void set_props(struct how *how)
{
	struct plots *p = &how->plots;

	set(p, "template", how->template);
	set(p, "x", how->x);
	set(p, "y", how->y);
	set(p, "title", how->title);
	set(p, "x_label", how->x_label);
	set(p, "y_label", how->y_label);
	if (!how->header)
		val_set_bool(val_put(&p->props, "header"), false);
}

static void check(const struct how *how, const char *usage)
{
	if (how->vega && how->json)
		cmd_misuse(usage, "--show-vega and --json exclude each other");
	if (how->vega && how->plots.targets.nr != 1)
		cmd_misuse(usage, "--show-vega needs one target");
	if (how->plots.split && !how->json)
		cmd_misuse(usage, "--split belongs to --json");
}

static int run(struct ctx *ctx, struct how *how, struct strs *revs, bool diff)
{
	int err = sight_open(&how->sight, ctx);

	if (ctx->project)
		how->plots.cwd = ctx->project->cwd;
	set_props(how);
	if (!err && diff)
		err = sight_need_commit(&how->sight);
	if (!err && diff)
		err = complete(how, revs);
	if (!err)
		err = add_revs(how, revs);
	if (!err)
		err = plots_make(&how->plots, how->sight.want.disk);
	if (!err)
		err = print(ctx, how);
	sight_close(&how->sight);
	plots_clear(&how->plots);
	strs_clear(revs);
	return err ? say_failed(ctx->repo) : 0;
}

static void words(struct strs *to, int argc, char **argv)
{
	for (int i = 0; i < argc; i++)
		strs_add(to, argv[i]);
}

static int plots_show(struct ctx *ctx, int argc, char **argv)
{
	struct how how = HOW_INIT;
	struct strs revs = STRS_INIT;
	const struct opt opts[] = { HOW_OPTS(how) };

	argc = cmd_start(ctx, argc, argv, opts, SHOW_USAGE);
	words(&how.plots.targets, argc, argv);
	check(&how, SHOW_USAGE);
	strs_add(&revs, "workspace");
	return run(ctx, &how, &revs, false);
}

static int plots_diff(struct ctx *ctx, int argc, char **argv)
{
	struct how how = HOW_INIT;
	struct strs revs = STRS_INIT;
	const struct opt opts[] = {
		{ "targets", 0, OPT_MANY, &how.plots.targets, "<target>...", "these plots and files" },
		HOW_OPTS(how)
	};

	argc = cmd_start(ctx, argc, argv, opts, DIFF_USAGE);
	words(&revs, argc, argv);
	check(&how, DIFF_USAGE);
	return run(ctx, &how, &revs, true);
}

static int plots_templates(struct ctx *ctx, int argc, char **argv)
{
	const struct opt opts[] = { OPT_END };
	struct val v = VAL_INIT;
	struct buf b = BUF_INIT;
	int err = 0;

	argc = cmd_start(ctx, argc, argv, opts, TEMPLATES_USAGE);
	if (argc > 1)
		cmd_misuse(TEMPLATES_USAGE, "one template at most");
	for (size_t i = 0; !argc && plots_template[i]; i++)
		puts(plots_template[i]);
	if (argc)
		err = plots_builtin(&v, argv[0]);
	if (argc && !err) {
		canon_json(&b, &v, 0);
		puts(b.s);
	}
	buf_clear(&b);
	val_clear(&v);
	return err ? say_failed(ctx->repo) : 0;
}

int cmd_plots(struct ctx *ctx, int argc, char **argv)
{
	static const struct cmd parts[] = {
		{ "show", plots_show, 0, "plots of the work tree" },
		{ "diff", plots_diff, 0, "plots of several revisions, one over the other" },
		{ "templates", plots_templates, 0, "the built-in templates" },
		{ NULL, NULL, 0, NULL }
	};

	return cmd_part(ctx, argc, argv, parts,
			SHOW_USAGE "\n" DIFF_USAGE "\n" TEMPLATES_USAGE);
}
