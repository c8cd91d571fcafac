#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "exp/plots-part.h"
#include "spec/canon.h"

bool plot_row_has(const struct plot_file *f, size_t row, const char *key)
{
	if (!f->is_csv)
		return val_get(&f->rows.item[row], key);
	return strs_has(&f->csv.names, key);
}

static void write_cell(struct buf *b, const struct csv *c, size_t row,
		       size_t name)
{
	size_t len;
	const char *s = csv_get(c, row, name, &len);

	if (s)
		canon_str(b, s, len);
	else
		buf_str(b, "null");
}

static void write_value(struct buf *b, const struct plot_file *f, size_t row,
			const char *key)
{
	if (!f->is_csv) {
		canon_json(b, val_get(&f->rows.item[row], key), 0);
		return;
	}
	for (size_t i = 0; i < f->csv.names.nr; i++)
		if (!strcmp(f->csv.names.item[i], key))
			write_cell(b, &f->csv, row, i);
}

/* --- one point ---------------------------------------------------------------- */

/* What is said in the end: a later word of the same name wins. */
struct writer {
	struct buf *b;
	const struct plot *plot;
	const struct series *s;
	bool *skip;		/* columns of a csv that are said anew */
	bool any;		/* of this point */
};

static void key(struct writer *w, const char *name)
{
	buf_str(w->b, w->any ? ", " : "");
	canon_str(w->b, name, strlen(name));
	buf_str(w->b, ": ");
	w->any = true;
}

static void word(struct writer *w, const char *name, const char *value)
{
	key(w, name);
	canon_str(w->b, value, strlen(value));
}

static bool is_own(const char *name)
{
	return !strcmp(name, "rev") || !strcmp(name, "filename") ||
	       !strcmp(name, "field");
}

/* The x of another file may lack it in some rows; then what was there stays. */
static bool has_x(const struct series *s, size_t row)
{
	return !s->x_field || (s->x && plot_row_has(s->x, row, s->x_field));
}

static bool has_y(const struct series *s, size_t row)
{
	return s->y_name && plot_row_has(s->y, row, s->field);
}

static bool is_said(const struct series *s, size_t row, const char *name)
{
	return is_own(name) ||
	       (!strcmp(name, s->x_name) && has_x(s, row)) ||
	       (s->y_name && !strcmp(name, s->y_name) && has_y(s, row));
}

static void write_table_row(struct writer *w, size_t row)
{
	const struct csv *c = &w->s->y->csv;
	size_t from = c->row[row] + c->head, to = c->row[row + 1];

	for (size_t i = 0; i < c->names.nr; i++) {
		if (w->skip[i])
			continue;
		key(w, c->names.item[i]);
		write_cell(w->b, c, row, i);
	}
	if (from >= to)
		return;
	key(w, "null");
	for (size_t i = from; i < to; i++) {
		size_t at = i ? c->cell[i - 1] : 0;

		buf_str(w->b, i == from ? "[" : ", ");
		canon_str(w->b, c->text + at, c->cell[i] - at);
	}
	buf_char(w->b, ']');
}

static void write_map_row(struct writer *w, size_t row)
{
	const struct val *v = &w->s->y->rows.item[row];

	for (size_t i = 0; i < v->nr; i++) {
		char *name;

		val_key_text(&v->key[i], &name);
		if (v->key[i].kind != VAL_STR || !is_said(w->s, row, name)) {
			key(w, name);
			canon_json(w->b, &v->item[i], 0);
		}
		free(name);
	}
}

static bool is_varied(const struct plot *plot, const char *key_name)
{
	return plot->plain || strs_has(&plot->varied, key_name);
}

/* The line that a point is of; two words become one. */
static void write_line(struct writer *w)
{
	const struct series *s = w->s;

	word(w, "rev", s->rev);
	if (!w->plot->plain && w->plot->varied.nr == 2) {
		char *both = mem_fmt("%s::%s", s->file, s->field);

		word(w, "filename::field", both);
		free(both);
		return;
	}
	if (is_varied(w->plot, "filename"))
		word(w, "filename", s->file);
	if (is_varied(w->plot, "field"))
		word(w, "field", s->field);
}

static void write_point(struct writer *w, size_t row)
{
	const struct series *s = w->s;

	w->any = false;
	buf_char(w->b, '{');
	if (s->y->is_csv)
		write_table_row(w, row);
	else
		write_map_row(w, row);
	if (has_y(s, row)) {
		key(w, s->y_name);
		write_value(w->b, s->y, row, s->field);
	}
	if (has_x(s, row) && !is_own(s->x_name)) {
		key(w, s->x_name);
		if (s->x_field)
			write_value(w->b, s->x, row, s->x_field);
		else
			buf_fmt(w->b, "%zu", row);
	}
	write_line(w);
	buf_char(w->b, '}');
}

/* Of a table every row has the same columns. */
static bool *find_skip(const struct series *s)
{
	const struct strs *names = &s->y->csv.names;
	bool *skip = mem_new(names->nr + 1, sizeof(*skip));

	for (size_t i = 0; i < names->nr; i++)
		skip[i] = is_said(s, 0, names->item[i]);
	return skip;
}

void plot_write(struct buf *b, const struct plot *plot)
{
	struct writer w = { .b = b, .plot = plot };

	buf_char(b, '[');
	for (size_t i = 0; i < plot->nr; i++) {
		w.s = &plot->item[i];
		w.skip = find_skip(w.s);
		for (size_t row = 0; row < w.s->y->nr; row++) {
			buf_str(b, i || row ? ", " : "");
			write_point(&w, row);
		}
		free(w.skip);
	}
	buf_char(b, ']');
}

/* --- looking --------------------------------------------------------------------- */

static bool series_has(const struct series *s, const char *name)
{
	for (size_t row = 0; row < s->y->nr; row++)
		if (is_said(s, row, name) || plot_row_has(s->y, row, name))
			return true;
	return false;
}

bool plot_has(const struct plot *plot, const char *name)
{
	for (size_t i = 0; i < plot->nr; i++)
		if (series_has(&plot->item[i], name))
			return true;
	return false;
}

void series_clear(struct series *s)
{
	free(s->rev);
	free(s->file);
	free(s->field);
	free(s->x_field);
	free(s->x_name);
	free(s->y_name);
}
