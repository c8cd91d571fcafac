#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "flow/graph.h"
#include "flow/graph-part.h"

void graph_plant(struct trie *t, const struct pipe *p,
		 struct graph_list *owner)
{
	for (size_t i = 0; i < p->nr; i++)
		for (size_t k = 0; k < p->item[i].nr_out; k++) {
			trie_plant(t, p->item[i].out[k].path, owner->nr);
			ARRAY_GROW(owner);
			owner->item[owner->nr++] = i;
		}
}

static int by_line(const void *a, const void *b)
{
	const struct param *x = *(const struct param *const *)a;
	const struct param *y = *(const struct param *const *)b;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return (x > y) - (x < y);
}

/* Parameter files are needed in the order in which dvc.yaml names them. */
static void reads_params(const struct trie *t, const struct stage *s,
			 struct graph_list *out)
{
	const struct param **list = mem_new(s->nr_param, sizeof(*list));

	for (size_t i = 0; i < s->nr_param; i++)
		list[i] = &s->param[i];
	if (s->nr_param)
		qsort(list, s->nr_param, sizeof(*list), by_line);
	for (size_t i = 0; i < s->nr_param; i++)
		trie_overlap(t, list[i]->path, out);
	free(list);
}

void graph_reads(const struct trie *t, const struct stage *s,
		 struct graph_list *out)
{
	for (size_t i = 0; i < s->nr_dep; i++)
		if (!s->dep[i].url)
			trie_overlap(t, s->dep[i].path, out);
	reads_params(t, s, out);
}

static void link_to(struct graph_list *l, size_t to)
{
	ARRAY_GROW(l);
	l->item[l->nr++] = to;
}

/* Stages behind outputs; last[stage] says for whom it was listed last. */
static void gather(struct graph *g, size_t at, const struct trie *t,
		   const struct graph_list *owner, size_t *last)
{
	struct graph_list reads = { 0 };

	graph_reads(t, g->item[at].stage, &reads);
	for (size_t i = 0; i < reads.nr; i++) {
		size_t to = owner->item[reads.item[i]];

		if (last[to] == at + 1)
			continue;
		last[to] = at + 1;
		link_to(&g->item[at].needs, to);
	}
	free(reads.item);
}

static int refuse_inside(const struct trie *t, const struct graph *g,
			 const struct graph_list *owner)
{
	for (size_t i = 0; i < g->nr; i++) {
		const char *file = g->item[i].stage->file;
		long in = trie_above(t, file);

		if (in >= 0)
			return err_set(ERR_INVALID,
				"'%s' is inside an output of stage '%s'", file,
				g->item[owner->item[in]].stage->addr);
	}
	return 0;
}

static void link_users(struct graph *g)
{
	for (size_t i = 0; i < g->nr; i++) {
		const struct graph_list *needs = graph_needs(g, i);

		for (size_t k = 0; k < needs->nr; k++)
			link_to(&g->item[needs->item[k]].users, i);
	}
}

int graph_make(struct graph *g, const struct pipe *p)
{
	struct graph_list owner = { 0 };
	struct trie t = { 0 };
	size_t *last = mem_new(p->nr, sizeof(*last));
	int err;

	for (size_t i = 0; i < p->nr; i++) {
		ARRAY_GROW(g);
		g->item[g->nr++] = (struct graph_node){ .stage = &p->item[i] };
	}
	graph_plant(&t, p, &owner);
	for (size_t i = 0; i < g->nr; i++)
		gather(g, i, &t, &owner, last);
	err = refuse_inside(&t, g, &owner);
	if (!err)
		err = graph_refuse_circles(g);
	if (!err)
		link_users(g);
	trie_clear(&t);
	free(owner.item);
	free(last);
	return err;
}

const struct graph_list *graph_needs(const struct graph *g, size_t at)
{
	static const struct graph_list none;

	return g->item[at].stage->frozen ? &none : &g->item[at].needs;
}

/* Needs that stand before `at` stay; true when one stands behind it. */
static bool cut(struct graph_list *l, const size_t *rank, size_t at)
{
	bool against = false;
	size_t to = 0;

	for (size_t k = 0; k < l->nr; k++) {
		size_t before = rank[l->item[k]];

		against |= before > at && at;
		if (before && before < at)
			l->item[to++] = l->item[k];
	}
	l->nr = to;
	return against;
}

bool graph_cut(struct graph *g, const struct pipe_pick *order)
{
	size_t *rank = mem_new(g->nr, sizeof(*rank));
	bool against = false;

	for (size_t i = 0; i < order->nr; i++)
		rank[order->item[i]] = i + 1;
	for (size_t i = 0; i < g->nr; i++) {
		against |= cut(&g->item[i].needs, rank, rank[i]);
		g->item[i].users.nr = 0;
	}
	link_users(g);
	free(rank);
	return against;
}

void graph_outs(struct graph_outs *o, const struct pipe *p)
{
	struct graph_list owner = { 0 }, all = { 0 };
	struct trie t = { 0 };
	size_t nr = 0;

	graph_plant(&t, p, &owner);
	trie_all(&t, &all);
	o->nr = o->alloc = owner.nr;
	o->item = mem_new(owner.nr, sizeof(*o->item));
	for (size_t i = 0; i < p->nr; i++)
		for (size_t k = 0; k < p->item[i].nr_out; k++)
			o->item[nr++] = (struct graph_out){
				&p->item[i], &p->item[i].out[k] };
	o->order = all;
	o->reads = mem_new(p->nr, sizeof(*o->reads));
	o->nr_stage = p->nr;
	for (size_t i = 0; i < p->nr; i++)
		graph_reads(&t, &p->item[i], &o->reads[i]);
	trie_clear(&t);
	free(owner.item);
}

void graph_outs_clear(struct graph_outs *o)
{
	for (size_t i = 0; i < o->nr_stage; i++)
		free(o->reads[i].item);
	free(o->reads);
	free(o->order.item);
	free(o->item);
	*o = (struct graph_outs){ 0 };
}

void graph_clear(struct graph *g)
{
	for (size_t i = 0; i < g->nr; i++) {
		free(g->item[i].needs.item);
		free(g->item[i].users.item);
	}
	free(g->item);
	*g = (struct graph)GRAPH_INIT;
}
