#include <stdio.h>
#include <string.h>
#include <time.h>
#include "base/buf.h"
#include "base/strs.h"
#include "exp/grid.h"
#include "exp/rows.h"
#include "exp/table.h"
#include "spec/canon.h"

/* Python's format(f, ".5g"). */
static void significant(struct buf *b, double f, int precision)
{
	if (f != f)
		buf_str(b, "nan");
	else
		buf_fmt(b, "%.*g", precision, f);
}

/* Inside a list DVC rounds to text, which Python then shows in quotes. */
static void rounded(struct val *v, int precision)
{
	if (v->kind == VAL_FLOAT) {
		struct buf b = BUF_INIT;

		significant(&b, v->f, precision);
		val_set_str(v, b.s);
		buf_clear(&b);
	}
	for (size_t i = 0; i < v->nr; i++)
		rounded(&v->item[i], precision);
}

static void value_text(struct buf *b, const struct val *v, int precision)
{
	struct val copy = VAL_INIT;

	if (precision && v->kind == VAL_FLOAT) {
		significant(b, v->f, precision);
	} else if (precision && v->kind == VAL_LIST) {
		val_copy(&copy, v);
		rounded(&copy, precision);
		canon_python(b, &copy);
		val_clear(&copy);
	} else {
		canon_python(b, v);
	}
}

void table_text(struct buf *b, const struct cell *c, int precision,
		const char *fill)
{
	if (c->v)
		value_text(b, c->v, precision);
	else
		buf_str(b, c->error ? "!" : fill);
}

/* --- dates ---------------------------------------------------------------- */

static void iso(struct buf *b, const struct row *row)
{
	time_t t = (time_t)row->time;
	char text[32];
	struct tm tm;

	localtime_r(&t, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	buf_str(b, text);
}

void table_time(struct buf *b, const struct row *row, bool brief)
{
	time_t t = (time_t)row->time, now = time(NULL);
	struct tm tm, today;
	char text[64];

	localtime_r(&t, &tm);
	localtime_r(&now, &today);
	if (tm.tm_year == today.tm_year && tm.tm_yday == today.tm_yday)
		strftime(text, sizeof(text), "%I:%M %p", &tm);
	else if (brief && tm.tm_year == today.tm_year)
		strftime(text, sizeof(text), "%b %d", &tm);
	else
		strftime(text, sizeof(text), "%b %d, %Y", &tm);
	buf_str(b, text);
}

/* --- DVC's table as text ----------------------------------------------------- */

/* Rich, through which DVC prints its values, drops these. */
static void plain(struct buf *b)
{
	size_t len = 0;

	for (size_t i = 0; i < b->len; i++)
		if (!strchr("\a\b\v\f\r", b->s[i]) || !b->s[i])
			b->s[len++] = b->s[i];
	buf_cut(b, len);
}

static const char *rev_text(const struct row *row, char text[8])
{
	if (!*row->rev.hex)
		return "workspace";
	snprintf(text, 8, "%.7s", row->rev.hex);
	return row->kind == ROW_BASELINE && row->name ? row->name : text;
}

static const char *type_text(const struct row *row)
{
	if (row->kind != ROW_EXP)
		return "baseline";
	return row->last ? "branch_base" : "branch_commit";
}

static bool any_failed(const struct rows *rows)
{
	for (size_t i = 0; i < rows->nr; i++)
		if (rows->item[i].exp.kind == EXP_FAILED)
			return true;
	return false;
}

/* Experiment, rev, typ, Created, parent */
static void lead_csv(struct strs *to, const struct row *row)
{
	struct buf when = BUF_INIT;
	char rev[8];

	if (*row->rev.hex && row->data.kind == VAL_MAP)
		iso(&when, row);
	strs_add(to, row->kind == ROW_EXP && row->name ? row->name : "");
	strs_add(to, rev_text(row, rev));
	strs_add(to, type_text(row));
	strs_add(to, when.s);
	strs_add(to, "");
	buf_clear(&when);
}

/* Experiment, Created */
static void lead_md(struct strs *to, const struct row *row)
{
	struct buf when = BUF_INIT;
	const char *tree = row->last ? "\u2514\u2500\u2500" :
				       "\u251c\u2500\u2500";
	char rev[8];

	if (row->kind == ROW_EXP && row->name)
		strs_fmt(to, "%s %s [%s]", tree, rev_text(row, rev),
			 row->name);
	else
		strs_fmt(to, "%s%s%s", row->kind == ROW_EXP ? tree : "",
			 row->kind == ROW_EXP ? " " : "", rev_text(row, rev));
	if (*row->rev.hex && row->data.kind == VAL_MAP)
		table_time(&when, row, false);
	strs_add(to, when.len ? when.s : "-");
	buf_clear(&when);
}

static void put_cells(struct strs *to, const struct table *t, size_t row,
		      int precision, const char *fill)
{
	for (size_t i = 0; i < t->nr; i++) {
		struct buf b = BUF_INIT;

		if (t->item[i].hidden)
			continue;
		table_text(&b, table_cell(t, row, i), precision, fill);
		if (t->item[i].kind != COL_DEP)
			plain(&b);
		strs_add(to, b.s);
		buf_clear(&b);
	}
}

static void make_head(struct strs *to, const struct table *t, bool csv,
		      bool state)
{
	strs_split(to, csv ? "Experiment,rev,typ,Created,parent" :
			     "Experiment,Created", ',');
	if (state)
		strs_add(to, "State");
	for (size_t i = 0; i < t->nr; i++)
		if (!t->item[i].hidden)
			strs_add(to, t->item[i].head);
}

static void make_grid(struct grid *g, const struct table *t, bool csv,
		      int precision)
{
	const char *fill = csv ? "" : "-";
	bool state = any_failed(t->rows);

	make_head(&g->head, t, csv, state);
	for (size_t i = 0; i < t->rows->nr; i++) {
		const struct row *row = &t->rows->item[i];
		struct strs *line = grid_row(g);

		if (csv)
			lead_csv(line, row);
		else
			lead_md(line, row);
		if (state)
			strs_add(line, row->exp.kind == EXP_FAILED ?
				 "Failed" : fill);
		put_cells(line, t, i, precision, fill);
	}
}

void table_csv(struct buf *b, const struct table *t, int precision,
	       bool only_changed)
{
	struct grid g = GRID_INIT;

	make_grid(&g, t, true, precision);
	if (only_changed)
		grid_drop_alike(&g);
	grid_csv(b, &g);
	grid_clear(&g);
}

void table_md(struct buf *b, const struct table *t, bool only_changed)
{
	enum { PRECISION = 5 };
	struct grid g = GRID_INIT;

	make_grid(&g, t, false, PRECISION);
	if (only_changed)
		grid_drop_alike(&g);
	grid_md(b, &g);
	grid_clear(&g);
}
