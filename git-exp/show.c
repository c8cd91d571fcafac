#include <stdbool.h>
#include <stdio.h>
#include "base/buf.h"
#include "base/err.h"
#include "exp/rows.h"
#include "exp/table.h"
#include "cmd.h"
#include "opt.h"
#include "say.h"
#include "show-text.h"
#include "sight.h"
#include "term.h"

#define USAGE "show [<options>] [<revision>...]"

enum { PRECISION = 5 };

struct how {
	bool json, csv, md, only_changed, no_pager;
	int precision;
	const char *sort_by, *sort_order;
};

static void print_table(struct ctx *ctx, struct table *t,
			const struct how *how)
{
	struct term term = TERM_INIT;

	if (how->only_changed)
		table_only_changed(t);
	term_open(&term, ctx->repo, "show", how->no_pager ? 0 : TERM_PAGER);
	show_text(t, &term, how->precision ? how->precision : PRECISION);
	term_close(&term);
}

static int print(struct ctx *ctx, struct rows *rows, const struct how *how)
{
	struct table t = TABLE_INIT;
	struct buf b = BUF_INIT;
	int err = 0;

	table_make(&t, rows);
	if (how->sort_by)
		err = table_sort(&t, how->sort_by, how->sort_order &&
				 *how->sort_order == 'd');
	if (!err && how->csv)
		table_csv(&b, &t, how->precision, how->only_changed);
	else if (!err && how->md)
		table_md(&b, &t, how->only_changed);
	else if (!err && rows->nr)
		print_table(ctx, &t, how);
	fwrite(b.s, 1, b.len, stdout);
	buf_clear(&b);
	table_clear(&t);
	return err;
}

static int show(struct ctx *ctx, struct sight *s, const struct how *how)
{
	struct rows rows = ROWS_INIT;
	struct buf b = BUF_INIT;
	int err = rows_collect(&rows, &s->want);

	if (!err && how->json) {
		rows_json(&b, &rows);
		puts(b.s);
	} else if (!err) {
		err = print(ctx, &rows, how);
	}
	buf_clear(&b);
	rows_clear(&rows);
	return err;
}

int cmd_show(struct ctx *ctx, int argc, char **argv)
{
	struct sight s = SIGHT_INIT;
	struct how how = { 0 };
	bool pager = true, hide_workspace = false, ignored = false;
	const struct opt opts[] = {
		{ "all-commits", 'A', OPT_FLAG, &s.want.all_commits, NULL, "every commit of branches, remotes and tags" },
		{ "all-branches", 'a', OPT_FLAG, &s.want.all_branches, NULL, "the tip of each branch" },
		{ "all-tags", 'T', OPT_FLAG, &s.want.all_tags, NULL, "each tag" },
		{ "rev", 0, OPT_LIST, &s.want.revs, "<revision>", "this one, as if it stood alone" },
		{ "num", 'n', OPT_INT, &s.want.num, "<n>", "and so many of its first parents; negative: all" },
		{ "json", 0, OPT_FLAG, &how.json, NULL, "everything, as JSON" },
		{ "csv", 0, OPT_FLAG, &how.csv, NULL, "the table as CSV" },
		{ "md", 0, OPT_FLAG, &how.md, NULL, "the table as Markdown" },
		{ "precision", 0, OPT_INT, &how.precision, "<n>", "significant digits (5; --csv: all)" },
		{ "sort-by", 0, OPT_STR, &how.sort_by, "<column>", "experiments by this metric or parameter" },
		{ "sort-order", 0, OPT_CHOICE, &how.sort_order, "asc|desc", "which end first" },
		{ "only-changed", 0, OPT_FLAG, &how.only_changed, NULL, "no column whose values are all alike" },
		{ "param-deps", 0, OPT_FLAG, &s.want.param_deps, NULL, "only parameters that stages depend on" },
		{ "hide-workspace", 0, OPT_FLAG, &hide_workspace, NULL, "no row for the work tree" },
		{ "hide-failed", 0, OPT_FLAG, &s.want.hide_failed, NULL, "no rows for failed experiments" },
		{ "sha", 0, OPT_FLAG, &s.want.sha, NULL, "ids of commits in place of branches and tags" },
		{ "pager", 0, OPT_FLAG, &pager, NULL, "long tables through the pager" },
		{ "hide-queued", 0, OPT_FLAG, &ignored, NULL, NULL },
		{ "fetch", 0, OPT_FLAG, &ignored, NULL, NULL },
		{ "force", 'f', OPT_FLAG, &ignored, NULL, NULL },
		OPT_END
	};
	int err;

	argc = cmd_start(ctx, argc, argv, opts, USAGE);
	if (how.json + how.csv + how.md > 1)
		cmd_misuse(USAGE, "--json, --csv and --md exclude each other");
	for (int i = 0; i < argc; i++)
		strs_add(&s.want.revs, argv[i]);
	how.no_pager = !pager;
	err = sight_open(&s, ctx);
	if (hide_workspace)
		s.want.disk = NULL;
	if (!err)
		err = show(ctx, &s, &how);
	sight_close(&s);
	return err ? say_failed(ctx->repo) : 0;
}
