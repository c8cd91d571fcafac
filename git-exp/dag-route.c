#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "dag-lay.h"

enum { FEW = 300 };	/* nets of a gap that are compared with one another */

/* --- where lines enter the boxes below -------------------------------- */

/* A line that enters: the place in its net's list of columns. */
struct port {
	size_t net, slot;
};

struct ports {
	struct port *item;
	size_t nr, alloc;
};

static void put_col(struct lay_cols *l, int col)
{
	ARRAY_GROW(l);
	l->item[l->nr++] = col;
}

static void add_net(struct lay *l, struct lay_gap *g, size_t from, bool turned,
		    struct ports *ports)
{
	const struct lay_vert *v = &l->item[from];
	struct lay_net n = { .from = from, .id = g->nr, .turned = turned,
			     .row = -1, .over = -1, .under = -1 };

	n.top = lay_exit(v, turned);
	for (size_t i = 0; i < v->down[turned].nr; i++) {
		struct ports *p = &ports[l->item[v->down[turned].item[i]].rank];

		ARRAY_GROW(p);
		p->item[p->nr++] = (struct port){ g->nr, i };
		put_col(&n.bot, 0);
	}
	ARRAY_GROW(g);
	g->item[g->nr++] = n;
}

static int clamp(int x, int lo, int hi)
{
	return x < lo ? lo : x > hi ? hi : x;
}

static int wanted(const struct lay_vert *v, int top, bool only)
{
	int lo = v->x + 1, hi = v->x + v->w - 2;

	if (v->node == LAY_PASS)
		return v->x;
	if (only && (top < lo || top > hi))
		return lay_center(v);
	return clamp(top, lo, hi);
}

/* In the order of where they come from, two columns apart. */
static void enter(struct lay_gap *g, const struct lay_vert *v,
		  const struct ports *p)
{
	int hi = v->node == LAY_PASS ? v->x : v->x + v->w - 2;
	int *col = mem_new(p->nr, sizeof(*col));

	for (size_t i = 0; i < p->nr; i++) {
		col[i] = wanted(v, g->item[p->item[i].net].top, p->nr == 1);
		if (i && col[i] < col[i - 1] + 2)
			col[i] = col[i - 1] + 2;
	}
	for (size_t i = p->nr; i-- > 0; hi = col[i] - 2) {
		col[i] = col[i] < hi ? col[i] : hi;
		g->item[p->item[i].net].bot.item[p->item[i].slot] = col[i];
	}
	free(col);
}

static void connect(struct lay *l, size_t layer)
{
	const struct graph_list *above = &l->layer[layer];
	const struct graph_list *below = &l->layer[layer + 1];
	struct ports *ports = mem_new(below->nr, sizeof(*ports));
	struct lay_gap *g = &l->gap[layer];

	for (size_t i = 0; i < above->nr; i++)
		for (int k = 0; k < 2; k++)
			if (l->item[above->item[i]].down[k].nr)
				add_net(l, g, above->item[i], k, ports);
	for (size_t i = 0; i < below->nr; i++) {
		enter(g, &l->item[below->item[i]], &ports[i]);
		free(ports[i].item);
	}
	free(ports);
}

/* --- tracks ----------------------------------------------------------- */

static void span(struct lay_net *n)
{
	n->lo = n->hi = n->top;
	for (size_t i = 0; i < n->bot.nr; i++) {
		n->lo = n->bot.item[i] < n->lo ? n->bot.item[i] : n->lo;
		n->hi = n->bot.item[i] > n->hi ? n->bot.item[i] : n->hi;
	}
}

static bool straight(const struct lay_net *n)
{
	return n->lo == n->hi;
}

static int inside(const struct lay_net *n, int col)
{
	return n->lo < col && col < n->hi;
}

/* Lines that cross when `a` has its track above that of `b`. */
static int crossed(const struct lay_net *a, const struct lay_net *b)
{
	int nr = inside(a, b->top);

	for (size_t i = 0; i < a->bot.nr; i++)
		nr += inside(b, a->bot.item[i]);
	return nr;
}

struct queue {
	struct lay *lay;
	struct lay_gap *gap;
	bool *done;
	long *score;		/* crossings saved by being the next */
	size_t *waits;		/* for how many others */
	size_t left;
	size_t *user;		/* column -> the net that goes on below + 1 */
	bool *used;		/* column: some line begins or ends there */
	int cols;
};

static bool waiting(const struct queue *q, size_t i)
{
	return !q->done[i] && !straight(&q->gap->item[i]);
}

static void score(struct queue *q, size_t at, size_t other, int sign)
{
	const struct lay_net *a = &q->gap->item[at], *b = &q->gap->item[other];

	q->score[at] += sign * (crossed(a, b) - crossed(b, a));
}

static void score_all(struct queue *q)
{
	size_t nr = q->gap->nr;

	for (size_t i = 0; nr <= FEW && i < nr; i++)
		for (size_t k = 0; k < nr; k++)
			if (i != k && waiting(q, i) && waiting(q, k))
				score(q, i, k, 1);
}

/* Where one goes down and another comes up, the first has to be above. */
static void find_waits(struct queue *q)
{
	struct lay_gap *g = q->gap;

	for (size_t i = 0; i < g->nr; i++) {
		q->used[g->item[i].top] = true;
		for (size_t k = 0; k < g->item[i].bot.nr; k++) {
			q->used[g->item[i].bot.item[k]] = true;
			q->user[g->item[i].bot.item[k]] = i + 1;
		}
	}
	for (size_t i = 0; i < g->nr; i++) {
		size_t user = q->user[g->item[i].top];

		if (user && user - 1 != i && waiting(q, i))
			q->waits[user - 1]++;
	}
}

/* The best that may be next, or -1 when each waits for another. */
static long choose(const struct queue *q)
{
	long best = -1;

	for (size_t i = 0; i < q->gap->nr; i++)
		if (waiting(q, i) && !q->waits[i] &&
		    (best < 0 || q->score[i] < q->score[best]))
			best = (long)i;
	return best;
}

/* Below every track so far that it would touch. */
static int row_for(const struct queue *q, const struct lay_net *n)
{
	int row = 0;

	for (size_t i = 0; i < q->gap->nr; i++) {
		const struct lay_net *o = &q->gap->item[i];

		if (q->done[i] && o->row >= row && o->lo <= n->hi + 1 &&
		    n->lo <= o->hi + 1)
			row = o->row + 1;
	}
	return row;
}

static void take(struct queue *q, size_t at)
{
	struct lay_net *n = &q->gap->item[at];
	size_t user = q->user[n->top];

	n->row = row_for(q, n);
	if (n->row >= q->gap->rows)
		q->gap->rows = n->row + 1;
	q->done[at] = true;
	q->left--;
	if (user && user - 1 != at && waiting(q, user - 1))
		q->waits[user - 1]--;
	if (n->under >= 0)
		q->waits[n->under]--;
	for (size_t i = 0; q->gap->nr <= FEW && i < q->gap->nr; i++)
		if (waiting(q, i))
			score(q, i, at, -1);
}

/* --- circles of waiting ----------------------------------------------- */

static int spare_column(const struct queue *q, int near)
{
	for (int d = 1;; d++) {
		if (near + d < q->cols && !q->used[near + d])
			return near + d;
		if (near >= d && !q->used[near - d])
			return near - d;
	}
}

/* To a column of its own first, and from there as if it came from it. */
static void split(struct queue *q)
{
	struct lay_gap *g = q->gap;
	struct lay_net low;
	size_t at = 0;
	int col;

	while (!waiting(q, at) || g->item[at].over >= 0 ||
	       g->item[at].under >= 0)
		at++;
	col = spare_column(q, g->item[at].top);
	q->used[col] = true;
	low = g->item[at];
	low.top = col;
	low.over = (long)at;
	for (size_t i = 0; i < low.bot.nr; i++)
		q->user[low.bot.item[i]] = g->nr + 1;
	g->item[at].bot = (struct lay_cols){ 0 };
	put_col(&g->item[at].bot, col);
	g->item[at].under = (long)g->nr;
	span(&g->item[at]);
	span(&low);
	q->waits[g->nr] = q->waits[at] + 1;
	q->waits[at] = 0;
	ARRAY_GROW(g);
	g->item[g->nr++] = low;
	q->left++;
	q->lay->width = col >= q->lay->width ? col + 1 : q->lay->width;
}

static void assign(struct lay *l, struct lay_gap *g)
{
	size_t most = 2 * g->nr + 1;
	struct queue q = {
		.lay = l, .gap = g, .cols = l->width + (int)most,
		.done = mem_new(most, sizeof(*q.done)),
		.score = mem_new(most, sizeof(*q.score)),
		.waits = mem_new(most, sizeof(*q.waits)),
	};

	q.user = mem_new((size_t)q.cols, sizeof(*q.user));
	q.used = mem_new((size_t)q.cols, sizeof(*q.used));
	for (size_t i = 0; i < g->nr; i++) {
		span(&g->item[i]);
		q.left += !straight(&g->item[i]);
	}
	score_all(&q);
	find_waits(&q);
	while (q.left) {
		long at = choose(&q);

		if (at < 0)
			split(&q);
		else
			take(&q, (size_t)at);
	}
	g->rows = g->rows ? g->rows : 1;
	free(q.done);
	free(q.score);
	free(q.waits);
	free(q.user);
	free(q.used);
}

void lay_route(struct lay *l)
{
	for (size_t i = 0; i + 1 < l->nr_layer; i++) {
		connect(l, i);
		assign(l, &l->gap[i]);
		l->height += l->gap[i].rows;
	}
	l->height += LAY_BOX * (int)l->nr_layer;
}
