#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "dag-lay.h"

enum { PASSES = 12, BESIDE = 2 };	/* columns between two vertices */

enum side { ABOVE = 1, BELOW = 2 };

/* A run of vertices of one layer that push one another. */
struct run {
	long sum, weight;
	size_t first;
};

/* Lines that pass layers are worth more when they are straight. */
static long worth(const struct lay_vert *a, const struct lay_vert *b)
{
	long pass = (a->node == LAY_PASS) + (b->node == LAY_PASS);

	return pass == 2 ? 8 : pass ? 2 : 1;
}

static void pull(const struct lay *l, const struct lay_vert *v,
		 const struct graph_list *to, long *sum, long *weight)
{
	for (size_t i = 0; i < to->nr; i++) {
		const struct lay_vert *other = &l->item[to->item[i]];
		long w = worth(v, other);

		*sum += w * lay_center(other);
		*weight += w;
	}
}

static long divide(long a, long b)
{
	return a >= 0 ? (a + b / 2) / b : -((-a + b / 2) / b);
}

/* Where its first column should be, and how much that matters. */
static long wish(const struct lay *l, const struct lay_vert *v, unsigned side,
		 long *weight)
{
	long sum = 0;

	*weight = 0;
	if (side & ABOVE)
		pull(l, v, &v->up, &sum, weight);
	if (side & BELOW) {
		pull(l, v, &v->down[0], &sum, weight);
		pull(l, v, &v->down[1], &sum, weight);
	}
	if (!*weight) {
		*weight = 1;
		return v->x;
	}
	return divide(sum, *weight) - v->w / 2;
}

/* Least squares with distances kept: runs that overlap become one. */
static void settle(struct lay *l, const struct graph_list *list, unsigned side)
{
	struct run *run = mem_new(list->nr, sizeof(*run));
	long *offset = mem_new(list->nr, sizeof(*offset)), at = 0;
	size_t nr = 0;

	for (size_t i = 0; i < list->nr; i++) {
		const struct lay_vert *v = &l->item[list->item[i]];
		struct run r = { .first = i };

		offset[i] = at;
		at += v->w + BESIDE;
		r.sum = wish(l, v, side, &r.weight) - offset[i];
		r.sum *= r.weight;
		while (nr && divide(run[nr - 1].sum, run[nr - 1].weight) >=
		       divide(r.sum, r.weight)) {
			nr--;
			r.sum += run[nr].sum;
			r.weight += run[nr].weight;
			r.first = run[nr].first;
		}
		run[nr++] = r;
	}
	for (size_t i = list->nr; i-- > 0; ) {
		if (run[nr - 1].first > i)
			nr--;
		l->item[list->item[i]].x = (int)(offset[i] +
			divide(run[nr - 1].sum, run[nr - 1].weight));
	}
	free(offset);
	free(run);
}

static void pack(struct lay *l)
{
	for (size_t i = 0; i < l->nr_layer; i++) {
		int x = 0;

		for (size_t k = 0; k < l->layer[i].nr; k++) {
			struct lay_vert *v = &l->item[l->layer[i].item[k]];

			v->x = x;
			x += v->w + BESIDE;
		}
	}
}

static void move_to_edge(struct lay *l)
{
	int left = INT_MAX;

	for (size_t i = 0; i < l->nr; i++)
		left = l->item[i].x < left ? l->item[i].x : left;
	for (size_t i = 0; i < l->nr; i++) {
		struct lay_vert *v = &l->item[i];

		v->x -= left;
		l->width = v->x + v->w > l->width ? v->x + v->w : l->width;
	}
}

void lay_place(struct lay *l)
{
	pack(l);
	for (int pass = 0; pass < PASSES; pass++) {
		unsigned side = pass >= PASSES - 2 ? ABOVE | BELOW :
				pass % 2 ? BELOW : ABOVE;

		for (size_t i = 0; i < l->nr_layer; i++)
			settle(l, &l->layer[side == BELOW ?
					    l->nr_layer - 1 - i : i], side);
	}
	move_to_edge(l);
}
