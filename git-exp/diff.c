#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/buf.h"
#include "base/mem.h"
#include "exp/diff.h"
#include "exp/grid.h"
#include "exp/rows.h"
#include "exp/table.h"
#include "spec/canon.h"
#include "spec/val.h"
#include "cmd.h"
#include "opt.h"
#include "say.h"
#include "sight.h"
#include "term.h"

#define USAGE "diff [<options>] [<a> [<b>]]"

enum { PRECISION = 5 };

struct how {
	bool json, md, all, no_path, exit_code;
	int precision;
	const char *a, *b;
};

static void warn(const struct row *row, const char *word)
{
	if (row->message)
		say_warning("nothing could be read of '%s': %s", word,
			    row->message);
}

/* --- printing --------------------------------------------------------------- */

static void text(struct strs *line, const struct val *v, int precision,
		 const char *none)
{
	struct cell c = { .v = v && v->kind != VAL_NULL ? v : NULL };
	struct buf b = BUF_INIT;

	table_text(&b, &c, precision, none);
	strs_add(line, b.s);
	buf_clear(&b);
}

/* People get a sign and few digits, Markdown what DVC writes. */
static void change_text(struct strs *line, const struct val *v,
			const struct how *how, int precision)
{
	double n = 0;
	char *plain;

	if (!how->md)
		precision = how->precision ? how->precision : PRECISION;
	text(line, v, precision, how->md ? "diff not supported" : "-");
	if (how->md || !v || !val_number(v, &n) || n <= 0)
		return;
	plain = line->item[line->nr - 1];
	line->item[line->nr - 1] = mem_fmt("+%s", plain);
	free(plain);
}

static void add_changes(struct grid *g, const char *file,
			const struct val *changes, const struct how *how,
			int precision)
{
	for (size_t i = 0; i < changes->nr; i++) {
		const struct val *v = &changes->item[i];
		struct strs *line = grid_row(g);

		strs_add(line, file);
		strs_add(line, changes->key[i].s);
		text(line, val_get(v, "old"), precision, "-");
		text(line, val_get(v, "new"), precision, "-");
		change_text(line, val_get(v, "diff"), how, precision);
	}
}

static bool print_table(const struct val *files, const char *title,
			const struct how *how, int precision, bool gap)
{
	struct grid g = GRID_INIT;
	struct buf b = BUF_INIT;
	bool any;

	strs_add(&g.head, "Path");
	strs_add(&g.head, title);
	strs_add(&g.head, how->a);
	strs_add(&g.head, how->b);
	strs_add(&g.head, "Change");
	for (size_t i = 0; i < files->nr; i++)
		add_changes(&g, files->key[i].s, &files->item[i], how,
			    precision);
	if (how->no_path)
		grid_drop(&g, 0);
	any = g.nr;
	if (any && gap)
		putchar('\n');
	if (any && how->md)
		grid_md(&b, &g);
	else if (any)
		grid_plain(&b, &g);
	fwrite(b.s, 1, b.len, stdout);
	buf_clear(&b);
	grid_clear(&g);
	return any;
}

static void print_text(struct ctx *ctx, const struct val *v,
		       const struct how *how)
{
	int precision = how->precision ? how->precision : PRECISION;
	struct term term = TERM_INIT;
	bool any;

	term_open(&term, ctx->repo, "diff", TERM_PAGER);
	any = print_table(val_get(v, "metrics"), "Metric", how, precision,
			  false);
	print_table(val_get(v, "params"), "Param", how, 0, any);
	term_close(&term);
}

static void print_json(const struct val *v)
{
	struct buf b = BUF_INIT;

	canon_json(&b, v, 0);
	puts(b.s);
	buf_clear(&b);
}

/* --- the command --------------------------------------------------------------- */

static int diff(struct ctx *ctx, struct sight *s, const struct how *how)
{
	struct row a = { 0 }, b = { 0 };
	struct val v = VAL_INIT;
	int err = sight_load(&a, s, how->a), code = 0;

	if (!err)
		err = sight_load(&b, s, how->b);
	if (!err) {
		warn(&a, how->a);
		warn(&b, how->b);
		diff_make(&v, &a.data, &b.data, how->all);
		code = how->exit_code && diff_any(&v) ? EXIT_NO : 0;
	}
	if (!err && how->json)
		print_json(&v);
	else if (!err)
		print_text(ctx, &v, how);
	val_clear(&v);
	row_clear(&a);
	row_clear(&b);
	return err ? say_failed(ctx->repo) : code;
}

int cmd_diff(struct ctx *ctx, int argc, char **argv)
{
	struct sight s = SIGHT_INIT;
	struct how how = { .a = "HEAD", .b = "workspace" };
	bool path = true;
	const struct opt opts[] = {
		{ "json", 0, OPT_FLAG, &how.json, NULL, "as JSON" },
		{ "md", 0, OPT_FLAG, &how.md, NULL, "as Markdown" },
		{ "all", 0, OPT_FLAG, &how.all, NULL, "what is the same, too" },
		{ "path", 0, OPT_FLAG, &path, NULL, "the column of files" },
		{ "precision", 0, OPT_INT, &how.precision, "<n>", "significant digits of metrics (5)" },
		{ "param-deps", 0, OPT_FLAG, &s.want.param_deps, NULL, "only parameters that stages depend on" },
		{ "exit-code", 0, OPT_FLAG, &how.exit_code, NULL, "exit 1 when something differs" },
		OPT_END
	};
	int code;

	argc = cmd_start(ctx, argc, argv, opts, USAGE);
	if (argc > 2)
		cmd_misuse(USAGE, "two revisions at most");
	if (how.json && how.md)
		cmd_misuse(USAGE, "--json and --md exclude each other");
	how.a = argc > 0 ? argv[0] : how.a;
	how.b = argc > 1 ? argv[1] : how.b;
	how.no_path = !path;
	if (sight_open(&s, ctx) || sight_need_commit(&s))
		code = say_failed(ctx->repo);
	else
		code = diff(ctx, &s, &how);
	sight_close(&s);
	return code;
}
