#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/src.h"
#include "exp/rows.h"
#include "exp/view.h"
#include "repo/tree.h"

/* --- one revision ----------------------------------------------------------- */

static void look(struct row *row, struct src *src, const struct rows_want *w,
		 bool disk)
{
	struct view_opts o = { .param_deps = w->param_deps,
			       .gitignored = disk,
			       .exclude = disk ? w->exclude : NULL,
			       .cache = w->cache, .targets = w->targets };
	const char *type;

	if (!view_load(&row->data, src, &o, &type))
		return;
	val_clear(&row->data);
	row->type = mem_dup(type);
	row->message = mem_dup(err_message());
	err_clear();
}

static int load_commit(struct row *row, const struct rows_want *w,
		       const struct commit *c)
{
	struct tree_src tree;

	row->rev = c->id;
	row->time = c->time;
	tree_src(&tree, w->repo, &c->tree, w->prefix, c->id.hex);
	look(row, &tree.src, w, false);
	src_clear(&tree.src);
	return 0;
}

int rows_load(struct row *out, const struct rows_want *w, const struct oid *id)
{
	struct commit c = COMMIT_INIT;
	int err;

	if (!id) {
		out->kind = ROW_WORKSPACE;
		look(out, w->disk, w, true);
		return 0;
	}
	out->kind = ROW_BASELINE;
	err = commit_read(&c, w->repo, id);
	if (!err)
		err = load_commit(out, w, &c);
	commit_clear(&c);
	return err;
}

/* --- experiments --------------------------------------------------------------- */

/* Other commits between the tip and the baseline (checkpoints of DVC 2). */
static void load_older(struct row *row, const struct rows_want *w)
{
	const struct oid *baseline = &row->exp.baseline;
	const struct commit *tip = &row->exp.commit;
	struct oid id = tip->nr ? tip->item[0] : *baseline;

	while (strcmp(id.hex, baseline->hex)) {
		struct commit c = COMMIT_INIT;
		struct row *older;

		if (commit_read(&c, w->repo, &id)) {
			err_clear();
			return;
		}
		row->older = mem_resize(row->older, row->nr_older + 1,
					sizeof(*row->older));
		older = &row->older[row->nr_older++];
		*older = (struct row){ .kind = ROW_EXP };
		load_commit(older, w, &c);
		id = c.nr ? c.item[0] : *baseline;
		commit_clear(&c);
	}
}

static struct row *add(struct rows *out, enum row_kind kind)
{
	ARRAY_GROW(out);
	out->item[out->nr] = (struct row){ .kind = kind };
	return &out->item[out->nr++];
}

/* Those that cannot be read come last; the others stay as they are. */
static void sort_out(struct rows *rows, size_t first)
{
	size_t nr = rows->nr - first, at = 0;
	struct row *sorted = mem_new(nr + 1, sizeof(*sorted));

	for (int bad = 0; bad < 2; bad++)
		for (size_t i = first; i < rows->nr; i++)
			if (!!rows->item[i].message == bad)
				sorted[at++] = rows->item[i];
	for (size_t i = 0; i < nr; i++)
		rows->item[first + i] = sorted[i];
	free(sorted);
}

/* The experiments of one baseline among all; they are moved out of `list`. */
static void add_exps(struct rows *out, const struct rows_want *w,
		     struct exps *list, const struct oid *baseline)
{
	size_t first = out->nr;

	for (size_t i = 0; i < list->nr; i++) {
		struct exp *e = &list->item[i];
		struct row *row;

		if (!e->loaded || strcmp(e->baseline.hex, baseline->hex))
			continue;
		row = add(out, ROW_EXP);
		row->exp = *e;
		*e = (struct exp)EXP_INIT;
		row->name = *row->exp.name ? mem_dup(row->exp.name) : NULL;
		load_commit(row, w, &row->exp.commit);
		load_older(row, w);
	}
	sort_out(out, first);
}

/*
 * Those of the baselines that were picked, with commit and record. One that
 * lost its commit is left out: a table of the others is better than none.
 */
static int find_exps(struct exps *out, struct repo *r, enum exp_kind kind,
		     const struct rows_pick *pick)
{
	struct map wanted = MAP_INIT;
	int err = exp_list(out, r, kind, pick->nr == 1 ? pick->item : NULL);
	size_t kept = 0;

	for (size_t i = 0; i < pick->nr; i++)
		map_put(&wanted, pick->item[i].hex, NULL);
	for (size_t i = 0; !err && i < out->nr; i++) {
		struct exp *e = &out->item[i];

		if (map_find(&wanted, e->baseline.hex) < 0) {
			exp_clear(e);
		} else if (!repo_has(r, &e->id)) {
			err_warn("experiment '%s' is left out: its commit "
				 "is missing", e->name);
			exp_clear(e);
		} else {
			struct exp moved = *e;

			*e = (struct exp)EXP_INIT;
			out->item[kept++] = moved;
		}
	}
	if (!err)
		out->nr = kept;
	if (!err)
		err = exp_load(out, r);
	if (!err)
		exp_sort(out);
	map_clear(&wanted, NULL);
	return err;
}

/* As in DVC a baseline shows all parameters, whatever was asked for. */
static int add_baseline(struct rows *out, const struct rows_want *w,
			const struct oid *id, char **name,
			struct exps *done, struct exps *failed)
{
	size_t first = out->nr;
	struct row *row = add(out, ROW_BASELINE);
	struct rows_want all = *w;
	int err;

	all.param_deps = false;
	err = rows_load(row, &all, id);
	row->name = *name;
	*name = NULL;
	if (err)
		return err;
	add_exps(out, w, done, id);
	add_exps(out, w, failed, id);
	if (out->nr > first + 1)
		out->item[out->nr - 1].last = true;
	return 0;
}

static int add_baselines(struct rows *out, const struct rows_want *w,
			 const struct rows_pick *pick)
{
	char **name = mem_new(pick->nr + 1, sizeof(*name));
	struct exps done = EXPS_INIT, failed = EXPS_INIT;
	int err = w->sha ? 0 : rows_name(name, w->repo, pick);

	if (!err)
		err = find_exps(&done, w->repo, EXP_DONE, pick);
	if (!err && !w->hide_failed)
		err = find_exps(&failed, w->repo, EXP_FAILED, pick);
	for (size_t i = 0; !err && i < pick->nr; i++)
		err = add_baseline(out, w, &pick->item[i], &name[i], &done,
				   &failed);
	for (size_t i = 0; i < pick->nr; i++)
		free(name[i]);
	free(name);
	exps_clear(&done);
	exps_clear(&failed);
	return err;
}

int rows_collect(struct rows *out, const struct rows_want *w)
{
	struct rows_pick pick = { 0 };
	int err = rows_pick(&pick, w);

	if (!err && w->disk)
		err = rows_load(add(out, ROW_WORKSPACE), w, NULL);
	if (!err && pick.nr)
		err = add_baselines(out, w, &pick);
	free(pick.item);
	return err;
}

/* --- the rest ------------------------------------------------------------------- */

/* The stage that ended badly, and how. */
char *row_why(const struct row *row)
{
	const struct record *r = &row->exp.record;
	const char *state = r->state ? r->state : "failed";

	for (size_t i = r->nr; i > 0; i--) {
		const struct record_stage *s = &r->item[i - 1];

		if (s->code > 128)
			return mem_fmt("%s: %s by signal %d", state, s->stage,
				       s->code - 128);
		if (s->code > 0)
			return mem_fmt("%s: %s exited %d", state, s->stage,
				       s->code);
	}
	return mem_dup(state);
}

void row_clear(struct row *row)
{
	for (size_t i = 0; i < row->nr_older; i++)
		row_clear(&row->older[i]);
	free(row->older);
	free(row->name);
	free(row->type);
	free(row->message);
	val_clear(&row->data);
	exp_clear(&row->exp);
	*row = (struct row){ 0 };
}

void rows_clear(struct rows *rows)
{
	for (size_t i = 0; i < rows->nr; i++)
		row_clear(&rows->item[i]);
	free(rows->item);
	*rows = (struct rows)ROWS_INIT;
}
