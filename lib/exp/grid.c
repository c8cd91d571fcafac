#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/mem.h"
#include "exp/grid.h"
#include "spec/val.h"

enum { ROOM = 2 };		/* tabulate's least padding of a head */

struct strs *grid_row(struct grid *g)
{
	ARRAY_GROW(g);
	g->item[g->nr] = (struct strs)STRS_INIT;
	return &g->item[g->nr++];
}

void grid_drop(struct grid *g, size_t col)
{
	strs_drop(&g->head, col);
	for (size_t i = 0; i < g->nr; i++)
		strs_drop(&g->item[i], col);
}

static bool is_alike(const struct grid *g, size_t col)
{
	for (size_t i = 1; i < g->nr; i++)
		if (strcmp(g->item[i].item[col], g->item[0].item[col]))
			return false;
	return g->nr;
}

void grid_drop_alike(struct grid *g)
{
	for (size_t col = g->head.nr; col > 0; col--)
		if (is_alike(g, col - 1))
			grid_drop(g, col - 1);
}

/* --- CSV ------------------------------------------------------------------- */

static void csv_line(struct buf *b, const struct strs *l)
{
	for (size_t i = 0; i < l->nr; i++) {
		const char *s = l->item[i];
		bool quote = strpbrk(s, ",\"\r\n") || (l->nr == 1 && !*s);

		buf_str(b, i ? "," : "");
		buf_str(b, quote ? "\"" : "");
		for (; *s; s++) {
			if (*s == '"')
				buf_char(b, '"');
			buf_char(b, *s);
		}
		buf_str(b, quote ? "\"" : "");
	}
	buf_str(b, "\r\n");
}

void grid_csv(struct buf *b, const struct grid *g)
{
	csv_line(b, &g->head);
	for (size_t i = 0; i < g->nr; i++)
		csv_line(b, &g->item[i]);
}

/* --- Markdown ---------------------------------------------------------------- */

/* Up to the end of the line; a cell may have several. */
static size_t columns(const struct grid *g, const char *s)
{
	size_t n = 0;

	if (g->width)
		return (size_t)g->width(s, strcspn(s, "\n"));
	for (; *s && *s != '\n'; s++)
		n += (*s & 0xc0) != 0x80;
	return n;
}

/* The next line of a cell, or NULL. */
static const char *below(const char *s)
{
	s = strchr(s, '\n');
	return s ? s + 1 : NULL;
}

static size_t *measure(const struct grid *g, size_t room)
{
	size_t *width = mem_new(g->head.nr + 1, sizeof(*width));

	for (size_t i = 0; i < g->head.nr; i++) {
		width[i] = columns(g, g->head.item[i]) + room;
		for (size_t j = 0; j < g->nr; j++)
			for (const char *s = g->item[j].item[i]; s;
			     s = below(s))
				if (columns(g, s) > width[i])
					width[i] = columns(g, s);
	}
	return width;
}

static void fill(struct buf *b, char c, size_t n)
{
	while (n--)
		buf_char(b, c);
}

/* One line of each cell; false when that was the last of all. */
static bool md_lines(struct buf *b, const struct grid *g, const char **cell,
		     const size_t *width)
{
	bool more = false;

	buf_char(b, '|');
	for (size_t i = 0; i < g->head.nr; i++) {
		size_t n = columns(g, cell[i]);

		buf_char(b, ' ');
		buf_add(b, cell[i], strcspn(cell[i], "\n"));
		fill(b, ' ', width[i] - n);
		buf_str(b, " |");
		cell[i] = below(cell[i]);
		more |= !!cell[i];
		cell[i] = cell[i] ? cell[i] : "";
	}
	buf_char(b, '\n');
	return more;
}

static void md_line(struct buf *b, const struct grid *g, const struct strs *l,
		    const size_t *width)
{
	const char **cell = mem_new(l->nr + 1, sizeof(*cell));

	for (size_t i = 0; i < l->nr; i++)
		cell[i] = l->item[i];
	while (md_lines(b, g, cell, width))
		;
	free(cell);
}

void grid_md(struct buf *b, const struct grid *g)
{
	size_t *width = measure(g, ROOM);

	md_line(b, g, &g->head, width);
	buf_char(b, '|');
	for (size_t i = 0; i < g->head.nr; i++) {
		fill(b, '-', width[i] + 2);
		buf_char(b, '|');
	}
	buf_char(b, '\n');
	for (size_t i = 0; i < g->nr; i++)
		md_line(b, g, &g->item[i], width);
	buf_char(b, '\n');
	free(width);
}

/* --- plain --------------------------------------------------------------------- */

static void plain_line(struct buf *b, const struct grid *g,
		       const struct strs *l, const size_t *width)
{
	for (size_t i = 0; i < l->nr; i++) {
		size_t n = columns(g, l->item[i]);

		buf_str(b, l->item[i]);
		if (i + 1 < l->nr)
			fill(b, ' ', width[i] - n + 2);
	}
	while (b->len && b->s[b->len - 1] == ' ')
		buf_cut(b, b->len - 1);
	buf_char(b, '\n');
}

static void make_safe(struct strs *l)
{
	for (size_t i = 0; i < l->nr; i++) {
		struct buf b = BUF_INIT;

		buf_safe(&b, l->item[i], strlen(l->item[i]));
		free(l->item[i]);
		l->item[i] = mem_dup(b.s);
		buf_clear(&b);
	}
}

static void copy(struct strs *to, const struct strs *from)
{
	for (size_t i = 0; i < from->nr; i++)
		strs_add(to, from->item[i]);
	make_safe(to);
}

static void plain(struct buf *b, const struct grid *g, size_t room)
{
	struct grid safe = GRID_INIT;
	size_t *width;

	safe.width = g->width;
	copy(&safe.head, &g->head);
	for (size_t i = 0; i < g->nr; i++)
		copy(grid_row(&safe), &g->item[i]);
	width = measure(&safe, room);
	plain_line(b, &safe, &safe.head, width);
	for (size_t i = 0; i < safe.nr; i++)
		plain_line(b, &safe, &safe.item[i], width);
	free(width);
	grid_clear(&safe);
}

void grid_plain(struct buf *b, const struct grid *g)
{
	plain(b, g, 0);
}

void grid_roomy(struct buf *b, const struct grid *g)
{
	plain(b, g, ROOM);
}

/* --- white space ----------------------------------------------------------- */

/* str.isspace() of Python. */
static bool is_space(uint32_t c)
{
	return c == ' ' || (c >= 9 && c <= 13) || (c >= 0x1c && c <= 0x1f) ||
	       c == 0x85 || c == 0xa0 || c == 0x1680 ||
	       (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 ||
	       c == 0x202f || c == 0x205f || c == 0x3000;
}

static void strip(char **cell)
{
	const char *s = *cell, *from = s, *to = s;
	size_t left = strlen(s);

	while (left) {
		uint32_t c;
		size_t n = val_char(s, left, &c);

		if (!is_space(c)) {
			from = from == to ? s : from;
			to = s + n;
		} else if (from == to) {
			from = to = s + n;
		}
		s += n;
		left -= n;
	}
	mem_set(cell, mem_ndup(from, (size_t)(to - from)));
}

void grid_strip(struct grid *g)
{
	for (size_t i = 0; i < g->nr; i++)
		for (size_t j = 0; j < g->item[i].nr; j++)
			strip(&g->item[i].item[j]);
}

void grid_clear(struct grid *g)
{
	for (size_t i = 0; i < g->nr; i++)
		strs_clear(&g->item[i]);
	free(g->item);
	strs_clear(&g->head);
	*g = (struct grid)GRID_INIT;
}
