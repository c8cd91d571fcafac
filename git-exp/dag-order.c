#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "dag-lay.h"

enum { SWEEPS = 24, PATIENCE = 4, FINE = 1024 };

/* --- crossings -------------------------------------------------------- */

/* How many lines so far end to the right of each place (a Fenwick tree). */
struct tally {
	size_t *item, nr, sum;
};

static void count_in(struct tally *t, size_t at)
{
	t->sum++;
	for (at++; at <= t->nr; at += at & -at)
		t->item[at - 1]++;
}

static size_t right_of(const struct tally *t, size_t at)
{
	size_t left = 0;

	for (at++; at; at -= at & -at)
		left += t->item[at - 1];
	return t->sum - left;
}

static int by_size(const void *a, const void *b)
{
	const size_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void ranks_below(const struct lay *l, const struct lay_vert *v,
			struct graph_list *out)
{
	out->nr = 0;
	for (int k = 0; k < 2; k++)
		for (size_t i = 0; i < v->down[k].nr; i++) {
			ARRAY_GROW(out);
			out->item[out->nr++] =
				l->item[v->down[k].item[i]].rank;
		}
	if (out->nr)
		qsort(out->item, out->nr, sizeof(*out->item), by_size);
}

static size_t crossings_below(const struct lay *l, size_t layer)
{
	const struct graph_list *from = &l->layer[layer];
	struct tally t = { .nr = l->layer[layer + 1].nr };
	struct graph_list ranks = { 0 };
	size_t nr = 0;

	t.item = mem_new(t.nr, sizeof(*t.item));
	for (size_t i = 0; i < from->nr; i++) {
		ranks_below(l, &l->item[from->item[i]], &ranks);
		for (size_t k = 0; k < ranks.nr; k++)
			nr += right_of(&t, ranks.item[k]);
		for (size_t k = 0; k < ranks.nr; k++)
			count_in(&t, ranks.item[k]);
	}
	free(ranks.item);
	free(t.item);
	return nr;
}

static size_t crossings(const struct lay *l)
{
	size_t nr = 0;

	for (size_t i = 0; i + 1 < l->nr_layer; i++)
		nr += crossings_below(l, i);
	return nr;
}

/* --- sweeps ----------------------------------------------------------- */

struct seat {
	size_t key, rank, vert;
};

static int by_key(const void *a, const void *b)
{
	const struct seat *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->rank > y->rank) - (x->rank < y->rank);
}

static void add_ranks(const struct lay *l, const struct graph_list *to,
		      size_t *sum, size_t *nr)
{
	for (size_t i = 0; i < to->nr; i++)
		*sum += l->item[to->item[i]].rank;
	*nr += to->nr;
}

/* The middle of what it is connected with on one side. */
static size_t middle(const struct lay *l, const struct lay_vert *v, bool up)
{
	size_t sum = 0, nr = 0;

	if (up) {
		add_ranks(l, &v->up, &sum, &nr);
	} else {
		add_ranks(l, &v->down[0], &sum, &nr);
		add_ranks(l, &v->down[1], &sum, &nr);
	}
	return nr ? sum * FINE / nr : v->rank * FINE;
}

static void sort_layer(struct lay *l, size_t layer, bool up)
{
	struct graph_list *list = &l->layer[layer];
	struct seat *seat = mem_new(list->nr, sizeof(*seat));

	for (size_t i = 0; i < list->nr; i++)
		seat[i] = (struct seat){
			middle(l, &l->item[list->item[i]], up), i,
			list->item[i] };
	qsort(seat, list->nr, sizeof(*seat), by_key);
	for (size_t i = 0; i < list->nr; i++) {
		list->item[i] = seat[i].vert;
		l->item[seat[i].vert].rank = i;
	}
	free(seat);
}

static void sweep(struct lay *l, bool up)
{
	for (size_t i = 1; i < l->nr_layer; i++)
		sort_layer(l, up ? i : l->nr_layer - 1 - i, up);
}

static void remember(const struct lay *l, size_t *best)
{
	for (size_t i = 0; i < l->nr; i++)
		best[i] = l->item[i].rank;
}

static void restore(struct lay *l, const size_t *best)
{
	for (size_t i = 0; i < l->nr; i++) {
		l->item[i].rank = best[i];
		l->layer[l->item[i].layer].item[best[i]] = i;
	}
}

void lay_order(struct lay *l)
{
	size_t *best = mem_new(l->nr, sizeof(*best));
	size_t least = crossings(l), idle = 0;

	remember(l, best);
	for (size_t i = 0; least && i < SWEEPS && idle < PATIENCE; i++) {
		size_t now;

		sweep(l, i % 2 == 0);
		now = crossings(l);
		idle = now < least ? 0 : idle + 1;
		if (now < least) {
			least = now;
			remember(l, best);
		}
	}
	restore(l, best);
	free(best);
}
