#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/mem.h"
#include "exp/rows.h"
#include "exp/table.h"
#include "spec/val.h"
#include "show-text.h"
#include "term.h"

enum { GAP = 3, MOST = 40 };

struct column {
	size_t at;		/* in the table */
	bool words;		/* holds something that is no number */
	int before, after;	/* widest parts left of the point, and from it on */
	int digits;		/* metrics: most digits behind the point */
	int width;
};

struct sheet {
	const struct table *t;
	const struct term *term;
	int precision;
	struct column *col;
	size_t nr, left_out;
	int name, created;	/* widths */
	int reason;		/* widest text in place of metrics */
};

/* --- one cell -------------------------------------------------------------- */

static bool is_number(const struct val *v)
{
	return v->kind == VAL_INT || v->kind == VAL_FLOAT;
}

static void raw_text(const struct sheet *s, struct buf *b,
		     const struct cell *c)
{
	struct buf text = BUF_INIT;
	size_t fit;

	table_text(&text, c, s->precision, "-");
	buf_safe(b, text.s, text.len);
	fit = term_fit(b->s, b->len, MOST);
	if (s->term->width && fit < b->len) {
		buf_cut(b, term_fit(b->s, b->len, MOST - 1));
		buf_str(b, "\u2026");
	}
	buf_clear(&text);
}

/* Metrics show as many digits as the longest of the column has. */
static void cell_text(const struct sheet *s, const struct column *col,
		      struct buf *b, const struct cell *c)
{
	const char *point;
	int digits;

	raw_text(s, b, c);
	if (!c->v || c->v->kind != VAL_FLOAT ||
	    s->t->item[col->at].kind != COL_METRIC || col->words ||
	    strpbrk(b->s, "enif"))
		return;
	point = strchr(b->s, '.');
	digits = point ? (int)strlen(point + 1) : 0;
	if (!point && col->digits)
		buf_char(b, '.');
	for (; digits < col->digits; digits++)
		buf_char(b, '0');
}

static int part_before(const struct buf *b)
{
	return (int)strcspn(b->s, ".e");
}

/* --- columns --------------------------------------------------------------- */

static void learn_digits(const struct sheet *s, struct column *col)
{
	for (size_t i = 0; i < s->t->rows->nr; i++) {
		const struct cell *c = table_cell(s->t, i, col->at);
		struct buf b = BUF_INIT;
		const char *point;

		raw_text(s, &b, c);
		point = strchr(b.s, '.');
		if (c->v && !is_number(c->v))
			col->words = true;
		else if (c->v && point && !strpbrk(b.s, "enif") &&
			 (int)strlen(point + 1) > col->digits)
			col->digits = (int)strlen(point + 1);
		buf_clear(&b);
	}
}

static void grow(int *width, int w)
{
	if (w > *width)
		*width = w;
}

static void measure(const struct sheet *s, struct column *col)
{
	const char *head = s->t->item[col->at].head;

	learn_digits(s, col);
	grow(&col->width, term_width(head, strlen(head)));
	for (size_t i = 0; i < s->t->rows->nr; i++) {
		const struct cell *c = table_cell(s->t, i, col->at);
		struct buf b = BUF_INIT;

		cell_text(s, col, &b, c);
		grow(&col->width, term_width(b.s, b.len));
		if (c->v && !col->words) {
			grow(&col->before, part_before(&b));
			grow(&col->after, (int)b.len - part_before(&b));
		}
		buf_clear(&b);
	}
	grow(&col->width, col->before + col->after);
}

static void choose_columns(struct sheet *s)
{
	s->col = mem_new(s->t->nr + 1, sizeof(*s->col));
	for (size_t i = 0; i < s->t->nr; i++) {
		if (s->t->item[i].kind == COL_DEP || s->t->item[i].hidden)
			continue;
		s->col[s->nr].at = i;
		measure(s, &s->col[s->nr++]);
	}
}

static bool is_metric(const struct sheet *s, size_t i)
{
	return s->t->item[s->col[i].at].kind == COL_METRIC;
}

/* How wide the columns of metrics are together, gaps between them included. */
static int metrics_width(const struct sheet *s)
{
	int width = 0;

	for (size_t i = 0; i < s->nr && is_metric(s, i); i++)
		width += s->col[i].width + (i ? GAP : 0);
	return width;
}

static int total_width(const struct sheet *s)
{
	int width = 2 + s->name + GAP + s->created;

	for (size_t i = 0; i < s->nr; i++)
		width += GAP + s->col[i].width;
	return width;
}

static void drop_column(struct sheet *s, size_t at)
{
	memmove(&s->col[at], &s->col[at + 1],
		(s->nr - at - 1) * sizeof(*s->col));
	s->nr--;
	s->left_out++;
}

static void fit_columns(struct sheet *s)
{
	for (size_t i = s->nr; i > 0; i--) {
		if (!s->term->width || total_width(s) <= s->term->width)
			return;
		if (!s->t->item[s->col[i - 1].at].changed)
			drop_column(s, i - 1);
	}
	while (s->nr && total_width(s) > s->term->width)
		drop_column(s, s->nr - 1);
}

/* --- names and words ---------------------------------------------------------- */

static void name_text(struct buf *b, const struct row *row)
{
	if (row->kind == ROW_EXP)
		buf_str(b, row->last ? "\u2514\u2500\u2500 " :
				       "\u251c\u2500\u2500 ");
	if (row->kind == ROW_WORKSPACE)
		buf_str(b, "workspace");
	else if (row->name)
		buf_safe(b, row->name, strlen(row->name));
	else
		buf_fmt(b, "%.7s", row->rev.hex);
	if (row->exp.record.star)
		buf_str(b, " \u2605");
}

static void created_text(struct buf *b, const struct row *row)
{
	if (*row->rev.hex)
		table_time(b, row, true);
	else
		buf_char(b, '-');
}

/*
 * What stands in place of the metrics, if anything does. Parameters follow
 * after a failed run; nothing does where nothing could be read.
 */
static void reason_text(struct buf *b, const struct row *row)
{
	if (row->exp.kind == EXP_FAILED) {
		char *why = row_why(row);

		buf_safe(b, why, strlen(why));
		free(why);
	} else if (row->message) {
		buf_str(b, "! ");
		buf_safe(b, row->message, strlen(row->message));
	}
}

static void measure_rows(struct sheet *s)
{
	s->name = term_width("Experiment", 10);
	s->created = term_width("Created", 7);
	for (size_t i = 0; i < s->t->rows->nr; i++) {
		const struct row *row = &s->t->rows->item[i];
		struct buf b = BUF_INIT;

		name_text(&b, row);
		grow(&s->name, term_width(b.s, b.len));
		buf_reset(&b);
		created_text(&b, row);
		grow(&s->created, term_width(b.s, b.len));
		buf_reset(&b);
		if (row->data.kind == VAL_MAP)
			reason_text(&b, row);
		grow(&s->reason, term_width(b.s, b.len));
		buf_clear(&b);
	}
}

/* --- lines ------------------------------------------------------------------- */

static void put(const struct sheet *s, struct buf *line, const char *text,
		int width, bool right, enum term_style style)
{
	struct buf b = BUF_INIT;
	const char *begin = style == STYLE_RESET ? "" :
						   term_style(s->term, style);

	term_pad(&b, text, width, right);
	buf_str(line, begin);
	buf_str(line, b.s);
	buf_str(line, *begin ? term_style(s->term, STYLE_RESET) : "");
	buf_clear(&b);
}

static void end(struct buf *line)
{
	while (line->len && line->s[line->len - 1] == ' ')
		buf_cut(line, line->len - 1);
	puts(line->s);
	buf_clear(line);
}

static void print_head(const struct sheet *s)
{
	struct buf line = BUF_INIT;

	buf_str(&line, "  ");
	put(s, &line, "Experiment", s->name, false, STYLE_HEAD);
	buf_str(&line, "   ");
	put(s, &line, "Created", s->created, false, STYLE_HEAD);
	for (size_t i = 0; i < s->nr; i++) {
		struct buf head = BUF_INIT;
		const char *text = s->t->item[s->col[i].at].head;

		buf_safe(&head, text, strlen(text));
		buf_str(&line, "   ");
		put(s, &line, head.s, s->col[i].width, !s->col[i].words,
		    STYLE_HEAD);
		buf_clear(&head);
	}
	end(&line);
	buf_char(&line, ' ');
	for (int i = total_width(s); i > 0; i--)
		buf_str(&line, "\u2500");
	end(&line);
}

static enum term_style style_of(const struct sheet *s, size_t row,
				size_t baseline, const struct column *col)
{
	const struct cell *c = table_cell(s->t, row, col->at);
	const struct cell *base = table_cell(s->t, baseline, col->at);

	if (c->error)
		return STYLE_BAD;
	if (s->t->item[col->at].kind == COL_PARAM && c->v && row != baseline &&
	    !(base->v && val_equal(c->v, base->v)))
		return STYLE_CHANGED;
	return STYLE_RESET;
}

static void print_cell(const struct sheet *s, struct buf *line, size_t row,
		       size_t baseline, const struct column *col)
{
	const struct cell *c = table_cell(s->t, row, col->at);
	enum term_style style = style_of(s, row, baseline, col);
	struct buf b = BUF_INIT;

	cell_text(s, col, &b, c);
	if (c->v && !col->words)
		for (int n = (int)b.len - part_before(&b); n < col->after; n++)
			buf_char(&b, ' ');
	buf_str(line, "   ");
	put(s, line, b.s, col->width, !col->words, style);
	buf_clear(&b);
}

static void print_row(const struct sheet *s, size_t at, size_t baseline)
{
	static const enum term_style style[] = {
		[ROW_WORKSPACE] = STYLE_RESET, [ROW_BASELINE] = STYLE_BOLD,
		[ROW_EXP] = STYLE_NAME,
	};
	const struct row *row = &s->t->rows->item[at];
	struct buf line = BUF_INIT, b = BUF_INIT;
	size_t i = 0;

	buf_str(&line, "  ");
	name_text(&b, row);
	put(s, &line, b.s, s->name, false, style[row->kind]);
	buf_str(&line, "   ");
	buf_reset(&b);
	created_text(&b, row);
	put(s, &line, b.s, s->created, false, STYLE_RESET);
	buf_reset(&b);
	reason_text(&b, row);
	if (b.len) {
		buf_str(&line, "   ");
		put(s, &line, b.s, metrics_width(s), false, STYLE_BAD);
		while (i < s->nr && is_metric(s, i))
			i++;
	}
	for (; i < s->nr && row->data.kind == VAL_MAP; i++)
		print_cell(s, &line, at, baseline, &s->col[i]);
	end(&line);
	buf_clear(&b);
}

void show_text(const struct table *t, const struct term *term, int precision)
{
	struct sheet s = { .t = t, .term = term, .precision = precision };
	size_t baseline = 0, last;

	measure_rows(&s);
	choose_columns(&s);
	for (last = 0; last < s.nr && is_metric(&s, last); )
		last++;
	if (last && s.reason > metrics_width(&s))
		s.col[last - 1].width += s.reason - metrics_width(&s);
	fit_columns(&s);
	print_head(&s);
	for (size_t i = 0; i < t->rows->nr; i++) {
		if (t->rows->item[i].kind == ROW_BASELINE)
			baseline = i;
		else if (t->rows->item[i].kind == ROW_WORKSPACE)
			baseline = i + 1 < t->rows->nr ? i + 1 : i;
		print_row(&s, i, baseline);
	}
	if (s.left_out)
		printf("  (%zu column%s left out: the terminal is too narrow)\n",
		       s.left_out, s.left_out == 1 ? "" : "s");
	free(s.col);
}
