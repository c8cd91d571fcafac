#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "exp/grid.h"
#include "repo/repo.h"
#include "spec/canon.h"
#include "spec/params.h"
#include "spec/val.h"
#include "cmd.h"
#include "compare.h"
#include "metrics.h"
#include "opt.h"
#include "say.h"

struct how {
	struct sight sight;
	struct strs targets;
	bool json, md, several;
	int precision;
};

/* --- the revisions --------------------------------------------------------- */

/* Paths as seen from here; a revision that could not be read is its error. */
static void add_row(struct val *out, struct ctx *ctx, const struct row *row,
		    const char *name)
{
	const struct val *files = val_get(&row->data, "metrics");
	struct val *rev = val_put(out, name);

	compare_warn(row, "metrics", name);
	val_set_map(rev);
	rev = val_put(rev, row->message ? "error" : "data");
	val_set_map(rev);
	if (row->message) {
		val_set_str(val_put(rev, "type"), row->type);
		val_set_str(val_put(rev, "msg"), row->message);
	}
	for (size_t i = 0; files && i < files->nr; i++) {
		char *path = sight_path(ctx, files->key[i].s);

		val_copy(val_put(rev, path), &files->item[i]);
		free(path);
	}
}

static int add_rev(struct val *out, struct ctx *ctx, struct how *how,
		   const struct oid *id, const char *name)
{
	struct row row = { 0 };
	int err = rows_load(&row, &how->sight.want, id);

	if (!err)
		add_row(out, ctx, &row, name);
	row_clear(&row);
	return err;
}

static int add_revs(struct val *out, struct ctx *ctx, struct how *how)
{
	struct rows_pick pick = { 0 };
	int err = rows_pick(&pick, &how->sight.want);
	char **name = mem_new(pick.nr + 1, sizeof(*name));

	if (!err)
		err = rows_names(name, &how->sight.want, &pick);
	for (size_t i = 0; !err && i < pick.nr; i++)
		if (name[i])
			err = add_rev(out, ctx, how, &pick.item[i], name[i]);
	for (size_t i = 0; i < pick.nr; i++)
		free(name[i]);
	free(name);
	free(pick.item);
	return err;
}

static bool has_error(const struct val *rev)
{
	const struct val *data = val_get(rev, "data");

	for (size_t i = 0; data && i < data->nr; i++)
		if (val_get(&data->item[i], "error"))
			return true;
	return !data;
}

/* Python compares NaN by identity, and DVC has one for all. */
static bool is_same(const struct val *a, const struct val *b)
{
	struct buf x = BUF_INIT, y = BUF_INIT;
	bool same = val_equal(a, b);

	if (!same) {
		canon_json(&x, a, CANON_SORT);
		canon_json(&y, b, CANON_SORT);
		same = !strcmp(x.s, y.s);
	}
	buf_clear(&x);
	buf_clear(&y);
	return same;
}

/* The work tree is left out when it says what its branch says. */
static int drop_workspace(struct val *out, struct repo *r)
{
	struct oid head;
	char *branch = NULL;
	const struct val *same, *here = val_get(out, "workspace");
	int err = repo_head(r, &head, &branch);

	if (err == ERR_NOTFOUND) {
		err_clear();
		err = 0;
	}
	same = branch ? val_get(out, branch) : NULL;
	if (same && here && !has_error(here) && is_same(here, same))
		val_drop(out, 0);
	free(branch);
	return err;
}

static int collect(struct val *out, struct ctx *ctx, struct how *how)
{
	int err = 0;

	val_set_map(out);
	if (how->sight.want.disk)
		err = add_rev(out, ctx, how, NULL,
			      how->several ? "workspace" : "");
	else if (!how->several)
		err = err_set(ERR_NOTFOUND, "there is no work tree here: "
			      "choose revisions with -a, -T or -A");
	if (!err && how->several)
		err = add_revs(out, ctx, how);
	if (!err && how->several)
		err = drop_workspace(out, how->sight.want.repo);
	return err;
}

/* --- the table --------------------------------------------------------------- */

/* The cells of one line by the head of their column. */
struct line {
	struct map cell;
	int precision;
};

struct lines {
	struct line *item;
	size_t nr, alloc;
};

static void set_cell(struct line *l, const char *head, char *text)
{
	free(map_put(&l->cell, head, text));
}

static int add_cell(const char *key, const struct val *v, void *payload)
{
	struct line *l = payload;
	struct strs text = STRS_INIT;

	compare_cell(&text, v, l->precision);
	set_cell(l, key, mem_dup(text.item[0]));
	strs_clear(&text);
	return 0;
}

static void add_lines(struct lines *to, const char *rev,
		      const struct val *files, int precision)
{
	for (size_t i = 0; files && i < files->nr; i++) {
		const struct val *data = val_get(&files->item[i], "data");
		struct line *l;

		ARRAY_GROW(to);
		l = &to->item[to->nr++];
		*l = (struct line){ MAP_INIT, precision };
		set_cell(l, "Revision", mem_dup(rev));
		set_cell(l, "Path", mem_dup(files->key[i].s));
		if (data && (data->kind != VAL_MAP || data->nr))
			params_flat(data, add_cell, l);
	}
}

/* A metric called "Path" takes the place of the path, as in DVC. */
static void make_head(struct strs *head, const struct lines *lines)
{
	struct map seen = MAP_INIT;
	struct strs rest = STRS_INIT;

	strs_split(head, "Revision,Path", ',');
	for (size_t i = 0; i < 2; i++)
		map_put(&seen, head->item[i], NULL);
	for (size_t i = 0; i < lines->nr; i++) {
		const struct map *cell = &lines->item[i].cell;

		for (size_t j = 0; j < cell->nr; j++)
			if (map_find(&seen, cell->item[j].key) < 0) {
				map_put(&seen, cell->item[j].key, NULL);
				strs_add(&rest, cell->item[j].key);
			}
	}
	strs_sort(&rest);
	for (size_t i = 0; i < rest.nr; i++)
		strs_add(head, rest.item[i]);
	strs_clear(&rest);
	map_clear(&seen, NULL);
}

static void print_table(struct ctx *ctx, const struct val *revs,
			const struct how *how)
{
	struct grid g = GRID_INIT;
	struct lines lines = { 0 };

	for (size_t i = 0; i < revs->nr; i++)
		add_lines(&lines, revs->key[i].s,
			  val_get(&revs->item[i], "data"), how->precision);
	make_head(&g.head, &lines);
	for (size_t i = 0; i < lines.nr; i++) {
		struct strs *to = grid_row(&g);

		for (size_t j = 0; j < g.head.nr; j++) {
			const char *s = map_get(&lines.item[i].cell,
						g.head.item[j]);

			strs_add(to, s ? s : "-");
		}
		map_clear(&lines.item[i].cell, free);
	}
	if (!how->several)
		grid_drop(&g, 0);
	compare_print(ctx, &g, how->md);
	grid_clear(&g);
	free(lines.item);
}

/* --- the command ---------------------------------------------------------------- */

static int show(struct ctx *ctx, struct how *how)
{
	struct val revs = VAL_INIT;
	struct buf b = BUF_INIT;
	int err;

	compare_targets(ctx, &how->sight, &how->targets);
	err = collect(&revs, ctx, how);
	if (!err && how->json) {
		canon_json(&b, &revs, 0);
		puts(b.s);
	} else if (!err) {
		print_table(ctx, &revs, how);
	}
	buf_clear(&b);
	val_clear(&revs);
	return err;
}

int metrics_show(struct ctx *ctx, int argc, char **argv)
{
	struct how how = { .sight = SIGHT_INIT };
	struct rows_want *w = &how.sight.want;
	bool recursive = false;
	const struct opt opts[] = {
		{ "all-branches", 'a', OPT_FLAG, &w->all_branches, NULL, "the tip of each branch" },
		{ "all-tags", 'T', OPT_FLAG, &w->all_tags, NULL, "each tag" },
		{ "all-commits", 'A', OPT_FLAG, &w->all_commits, NULL, "every commit of branches, remotes and tags" },
		{ "json", 0, OPT_FLAG, &how.json, NULL, "as JSON" },
		{ "md", 0, OPT_FLAG, &how.md, NULL, "as Markdown" },
		{ "precision", 0, OPT_INT, &how.precision, "<n>", "decimal places (5)" },
		{ "recursive", 'R', OPT_FLAG, &recursive, NULL, "files below directories, as without it" },
		OPT_END
	};
	int err;

	argc = cmd_start(ctx, argc, argv, opts, METRICS_SHOW_USAGE);
	if (how.json && how.md)
		cmd_misuse(METRICS_SHOW_USAGE, "--json and --md exclude each other");
	if (how.precision < 0)
		cmd_misuse(METRICS_SHOW_USAGE, "less than no decimal places");
	how.precision = how.precision ? how.precision : METRICS_PRECISION;
	how.several = w->all_branches || w->all_tags || w->all_commits;
	for (int i = 0; i < argc; i++)
		strs_add(&how.targets, argv[i]);
	err = sight_open(&how.sight, ctx);
	if (!err)
		err = show(ctx, &how);
	sight_close(&how.sight);
	strs_clear(&how.targets);
	return err ? say_failed(ctx->repo) : 0;
}
