#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/mem.h"
#include "exp/diff.h"
#include "exp/grid.h"
#include "spec/canon.h"
#include "spec/val.h"
#include "cmd.h"
#include "compare.h"
#include "say.h"
#include "term.h"

/* --- what both say -------------------------------------------------------- */

void compare_targets(struct ctx *ctx, struct sight *s, struct strs *targets)
{
	for (size_t i = 0; i < targets->nr; i++)
		mem_set(&targets->item[i],
			sight_target(ctx, targets->item[i]));
	s->want.targets = targets->nr ? targets : NULL;
}

static void warn_of(const char *rev, const char *message)
{
	if (*rev)
		say_warning("in '%s': %s", rev, message);
	else
		say_warning("%s", message);
}

void compare_warn(const struct row *row, const char *section, const char *rev)
{
	const struct val *files = val_get(&row->data, section);

	if (row->message)
		warn_of(rev, row->message);
	for (size_t i = 0; files && i < files->nr; i++) {
		const struct val *e = val_get(&files->item[i], "error");

		if (e)
			warn_of(rev, val_text(val_get(e, "msg")));
	}
}

/* Python's round(f, n): to the nearest text, and back. */
static double rounded(double f, int n)
{
	struct buf b = BUF_INIT;
	double out;

	if (!isfinite(f))
		return f;
	buf_fmt(&b, "%.*f", n, f);
	out = strtod(b.s, NULL);
	buf_clear(&b);
	return out;
}

void compare_cell(struct strs *line, const struct val *v, int precision)
{
	struct buf b = BUF_INIT;

	if (!v || v->kind == VAL_NULL)
		buf_char(&b, '-');
	else if (v->kind == VAL_FLOAT && precision)
		canon_float(&b, rounded(v->f, precision));
	else
		canon_python(&b, v);
	strs_add(line, b.s);
	buf_clear(&b);
}

void compare_print(struct ctx *ctx, struct grid *g, bool md)
{
	struct term term = TERM_INIT;
	struct buf b = BUF_INIT;

	g->width = term_width;
	grid_strip(g);
	if (md)
		grid_md(&b, g);
	else if (g->nr)
		grid_roomy(&b, g);
	term_open(&term, ctx->repo, ctx->cmd->name, TERM_PAGER);
	fwrite(b.s, 1, b.len, stdout);
	term_close(&term);
	buf_clear(&b);
}

/* --- differences ------------------------------------------------------------ */

static void print_json(const struct val *files)
{
	struct buf b = BUF_INIT;

	canon_json(&b, files, 0);
	puts(b.s);
	buf_clear(&b);
}

static void add_file(struct grid *g, const char *path,
		     const struct val *changes, const struct compare *c)
{
	for (size_t i = 0; i < changes->nr; i++) {
		const struct val *v = &changes->item[i];
		struct strs *line = grid_row(g);

		if (c->path)
			strs_add(line, path);
		strs_add(line, changes->key[i].s);
		compare_cell(line, val_get(v, "old"), c->precision);
		compare_cell(line, val_get(v, "new"), c->precision);
		if (c->change)
			compare_cell(line, val_get(v, "diff"), c->precision);
	}
}

static void print_table(struct ctx *ctx, const struct val *files,
			const struct compare *c)
{
	struct grid g = GRID_INIT;

	if (c->path)
		strs_add(&g.head, "Path");
	strs_add(&g.head, c->title);
	strs_add(&g.head, c->a);
	strs_add(&g.head, c->b);
	if (c->change)
		strs_add(&g.head, "Change");
	for (size_t i = 0; i < files->nr; i++)
		add_file(&g, files->key[i].s, &files->item[i], c);
	compare_print(ctx, &g, c->md);
	grid_clear(&g);
}

static void print(struct ctx *ctx, struct val *files, const struct compare *c)
{
	for (size_t i = 0; i < files->nr; i++) {
		char *path = sight_path(ctx, files->key[i].s);

		val_set_str(&files->key[i], path);
		free(path);
	}
	if (c->json)
		print_json(files);
	else
		print_table(ctx, files, c);
}

static int compare(struct ctx *ctx, struct compare *c)
{
	struct row a = { 0 }, b = { 0 };
	struct val v = VAL_INIT;
	int err = sight_load(&a, &c->sight, c->a);

	if (!err)
		err = sight_load(&b, &c->sight, c->b);
	if (!err) {
		compare_warn(&a, c->section, c->a);
		compare_warn(&b, c->section, c->b);
		diff_make(&v, &a.data, &b.data, c->all);
		print(ctx, val_get(&v, c->section), c);
	}
	val_clear(&v);
	row_clear(&a);
	row_clear(&b);
	return err;
}

int compare_run(struct ctx *ctx, struct compare *c, int argc, char **argv,
		const char *usage)
{
	int err;

	if (argc > 2)
		cmd_misuse(usage, "two revisions at most");
	if (c->json && c->md)
		cmd_misuse(usage, "--json and --md exclude each other");
	if (c->precision < 0)
		cmd_misuse(usage, "less than no decimal places");
	c->a = argc > 0 ? argv[0] : c->a;
	c->b = argc > 1 ? argv[1] : c->b;
	err = sight_open(&c->sight, ctx);
	if (!err)
		err = sight_need_commit(&c->sight);
	if (!err) {
		compare_targets(ctx, &c->sight, &c->targets);
		err = compare(ctx, c);
	}
	sight_close(&c->sight);
	strs_clear(&c->targets);
	return err ? say_failed(ctx->repo) : 0;
}
