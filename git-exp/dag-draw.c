#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/mem.h"
#include "dag-lay.h"
#include "term.h"

enum { CELLS_MAX = 6000000, BETWEEN = 3 };	/* columns between two parts */

/* The arms of a line in a cell. */
enum { UP = 1, DOWN = 2, LEFT = 4, RIGHT = 8 };

enum look { BLANK, LINE, STAGE, DATA };

struct cell {
	uint32_t text;		/* where its bytes are in grid.text */
	uint32_t net;		/* whose line, or 0 */
	uint16_t len;
	unsigned char arms;
	unsigned char look : 6;
	bool taken : 1;		/* the right half of a wide character */
	bool bridge : 1;	/* a line goes across, unconnected */
};

struct grid {
	int w, h;
	struct cell *cell;
	struct buf text;
};

static struct cell *cell_at(struct grid *g, int x, int y)
{
	return &g->cell[(size_t)y * (size_t)g->w + (size_t)x];
}

/* --- lines ------------------------------------------------------------ */

static void stroke(struct grid *g, int x, int y, int arms, uint32_t net)
{
	struct cell *c = cell_at(g, x, y);

	c->bridge |= c->net && c->net != net;
	c->arms |= (unsigned char)arms;
	c->look = LINE;
	c->net = net;
}

static void fall(struct grid *g, int x, int from, int to, uint32_t net)
{
	for (int y = from; y < to; y++)
		stroke(g, x, y, UP | DOWN, net);
}

/* A net in the gap whose rows are [y, end). */
static void draw_net(struct grid *g, const struct lay_gap *gap,
		     const struct lay_net *n, int y, uint32_t net)
{
	int track = y + n->row, end = y + gap->rows;

	if (n->row < 0) {
		fall(g, n->top, y, end, net);
		return;
	}
	if (n->under >= 0)
		end = y + gap->item[n->under].row;
	if (n->over < 0)
		fall(g, n->top, y, track, net);
	stroke(g, n->top, track, UP, net);
	for (int x = n->lo; x <= n->hi; x++)
		stroke(g, x, track, (x > n->lo ? LEFT : 0) |
		       (x < n->hi ? RIGHT : 0), net);
	for (size_t i = 0; i < n->bot.nr; i++) {
		stroke(g, n->bot.item[i], track, DOWN, net);
		fall(g, n->bot.item[i], track + 1, end, net);
	}
}

static void draw_gap(struct grid *g, const struct lay_gap *gap, int y,
		     uint32_t first)
{
	for (size_t i = 0; i < gap->nr; i++)
		draw_net(g, gap, &gap->item[i], y,
			 first + (uint32_t)gap->item[i].id);
}

/* --- boxes ------------------------------------------------------------ */

static void letter(struct grid *g, int x, int y, const char *s, size_t len,
		   enum look look)
{
	struct cell *c = cell_at(g, x, y);

	if (!c->len)
		c->text = (uint32_t)g->text.len;
	c->len = (uint16_t)(c->len + len);
	c->look = look & 63;
	buf_add(&g->text, s, len);
}

static size_t char_len(const char *s)
{
	size_t n = 1;

	while (((unsigned char)s[n] & 0xc0) == 0x80)
		n++;
	return n;
}

/* Marks without a width of their own join the character before them. */
static void write_text(struct grid *g, int x, int y, const char *s,
		       enum look look)
{
	int last = x;

	for (size_t n; *s; s += n) {
		int w;

		n = char_len(s);
		w = term_width(s, n);
		letter(g, w > 0 ? x : last, y, s, n, look);
		last = w > 0 ? x : last;
		for (int i = 1; i < w; i++)
			cell_at(g, x + i, y)->taken = true;
		x += w;
	}
}

static void frame(struct grid *g, const struct lay_vert *v, int y)
{
	int left = v->x, right = v->x + v->w - 1, low = y + LAY_BOX - 1;

	for (int x = left; x <= right; x++) {
		int arms = (x > left ? LEFT : 0) | (x < right ? RIGHT : 0);

		stroke(g, x, y, arms, 1);
		stroke(g, x, low, arms, 1);
	}
	for (int k = y; k <= low; k++) {
		int arms = (k > y ? UP : 0) | (k < low ? DOWN : 0);

		stroke(g, left, k, arms, 1);
		stroke(g, right, k, arms, 1);
	}
}

static void draw_vert(struct grid *g, const struct lay *l,
		      const struct lay_vert *v, int y)
{
	const struct dag_node *n;
	int at;

	if (v->node == LAY_PASS) {
		fall(g, v->x, y, y + LAY_BOX, 1);
		return;
	}
	n = &l->dag->item[v->node];
	at = v->x + (v->w - lay_text(l, v)) / 2;
	frame(g, v, y);
	write_text(g, at, y + 1, n->label, n->data ? DATA : STAGE);
	if (v->self)
		write_text(g, at + lay_text(l, v) - 2, y + 1, " \xe2\x86\xbb",
			   LINE);
	if (v->down[0].nr)
		stroke(g, lay_exit(v, false), y + 2, DOWN, 1);
	if (v->down[1].nr)
		letter(g, lay_exit(v, true), y + 2, "\xe2\x96\xb2", 3, LINE);
}

/* Where lines arrive: an arrow, or just a line when it points the other way. */
static void draw_ends(struct grid *g, const struct lay *l, size_t layer, int y)
{
	const struct lay_gap *gap = &l->gap[layer];

	for (size_t i = 0; i < gap->nr; i++)
		for (size_t k = 0; k < gap->item[i].bot.nr; k++) {
			int x = gap->item[i].bot.item[k];

			if (gap->item[i].under >= 0 ||
			    cell_at(g, x, y)->arms == (UP | DOWN))
				continue;
			if (gap->item[i].turned)
				stroke(g, x, y, UP, 1);
			else
				letter(g, x, y, "\xe2\x96\xbc", 3, LINE);
		}
}

static int draw(struct grid *g, const struct lay *l)
{
	int y = 0;

	*g = (struct grid){ .w = l->width, .h = l->height, .text = BUF_INIT };
	if ((long long)g->w * g->h > CELLS_MAX) {
		g->h = 0;
		return lay_too_large();
	}
	g->cell = mem_new((size_t)g->w * (size_t)g->h, sizeof(*g->cell));
	for (size_t i = 0; i < l->nr_layer; i++) {
		for (size_t k = 0; k < l->layer[i].nr; k++)
			draw_vert(g, l, &l->item[l->layer[i].item[k]], y);
		if (i)
			draw_ends(g, l, i - 1, y);
		draw_gap(g, &l->gap[i], y + LAY_BOX, 2);
		y += LAY_BOX + l->gap[i].rows;
	}
	return 0;
}

/* --- out -------------------------------------------------------------- */

static const char *shape(const struct cell *c)
{
	static const char *const lines[] = {
		" ", "│", "│", "│", "─", "┘", "┐", "┤",
		"─", "└", "┌", "├", "─", "┴", "┬", "┼",
	};

	return c->bridge ? "│" : lines[c->arms];
}

struct line {
	struct buf *out;
	const struct term *term;
	int col, gap;		/* gap: blanks not printed yet */
	enum look look;
};

static void switch_to(struct line *o, enum look look)
{
	static const enum term_style style[] = {
		[BLANK] = STYLE_RESET, [LINE] = STYLE_DIM,
		[STAGE] = STYLE_NAME, [DATA] = STYLE_CHANGED,
	};

	if (o->look == look)
		return;
	if (o->look != BLANK)
		buf_str(o->out, term_style(o->term, STYLE_RESET));
	if (look != BLANK)
		buf_str(o->out, term_style(o->term, style[look]));
	o->look = look;
}

static void print_cell(struct line *o, struct grid *g, const struct cell *c)
{
	if (c->taken)
		return;
	if (!c->len && !c->arms) {
		o->gap++;
		return;
	}
	if (o->gap)
		switch_to(o, BLANK);
	for (; o->gap; o->gap--)
		buf_char(o->out, ' ');
	switch_to(o, (enum look)c->look);
	if (c->len)
		buf_add(o->out, g->text.s + c->text, c->len);
	else
		buf_str(o->out, shape(c));
}

/* Parts that stand side by side. */
struct shelf {
	struct grid *item;
	size_t nr, alloc;
	int width;
};

static void print_row(struct shelf *s, int y, struct line *o)
{
	o->gap = 0;
	for (size_t i = 0; i < s->nr; i++) {
		struct grid *g = &s->item[i];

		for (int x = 0; y < g->h && x < g->w; x++)
			print_cell(o, g, cell_at(g, x, y));
		o->gap += (y < g->h ? 0 : g->w) + BETWEEN;
	}
	switch_to(o, BLANK);
	buf_char(o->out, '\n');
}

static void empty(struct shelf *s)
{
	for (size_t i = 0; i < s->nr; i++) {
		free(s->item[i].cell);
		buf_clear(&s->item[i].text);
	}
	s->nr = 0;
	s->width = 0;
}

static void print_shelf(struct shelf *s, struct line *o)
{
	int height = 0;

	for (size_t i = 0; i < s->nr; i++)
		height = s->item[i].h > height ? s->item[i].h : height;
	if (height && o->out->len)
		buf_char(o->out, '\n');
	for (int y = 0; y < height; y++)
		print_row(s, y, o);
	empty(s);
}

static int add_part(struct shelf *s, struct line *o, const struct dag *d,
		    const struct graph_list *part, size_t *at, int width)
{
	struct lay l = { 0 };
	struct grid g = { .text = BUF_INIT };
	int err = lay_make(&l, d, part, at);

	if (!err)
		err = draw(&g, &l);
	lay_clear(&l);
	if (err)
		return err;
	if (s->nr && s->width + BETWEEN + g.w > width)
		print_shelf(s, o);
	s->width += (s->nr ? BETWEEN : 0) + g.w;
	ARRAY_GROW(s);
	s->item[s->nr++] = g;
	return 0;
}

static void make_safe(struct dag *d)
{
	for (size_t i = 0; i < d->nr; i++) {
		struct buf b = BUF_INIT;

		buf_safe(&b, d->item[i].label, strlen(d->item[i].label));
		mem_set(&d->item[i].label, buf_take(&b));
	}
}

int dag_picture(struct buf *b, struct dag *d, const struct term *t, int width)
{
	size_t nr, *part = dag_parts(d, &nr);
	struct graph_list *nodes = mem_new(nr, sizeof(*nodes));
	size_t *at = mem_new(d->nr, sizeof(*at));
	struct line o = { .out = b, .term = t };
	struct shelf s = { 0 };
	int err = 0;

	make_safe(d);
	for (size_t i = 0; i < d->nr; i++) {
		struct graph_list *l = &nodes[part[i]];

		ARRAY_GROW(l);
		l->item[l->nr++] = i;
	}
	for (size_t i = 0; i < nr; i++) {
		if (!err)
			err = add_part(&s, &o, d, &nodes[i], at, width);
		free(nodes[i].item);
	}
	if (!err)
		print_shelf(&s, &o);
	empty(&s);
	free(s.item);
	free(nodes);
	free(at);
	free(part);
	return err;
}
