#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/mem.h"
#include "dag-lay.h"
#include "term.h"

static void put(struct graph_list *l, size_t at)
{
	ARRAY_GROW(l);
	l->item[l->nr++] = at;
}

static size_t sow(struct lay *l, size_t node, size_t layer)
{
	ARRAY_GROW(l);
	l->item[l->nr] = (struct lay_vert){ .node = node, .layer = layer,
					    .w = 1 };
	return l->nr++;
}

/* --- edges ------------------------------------------------------------ */

static void link_up(struct lay *l, size_t above, size_t below, bool turned)
{
	put(&l->item[above].down[turned], below);
	put(&l->item[below].up, above);
}

struct step {
	size_t at, next;
};

struct walk {
	struct step *item;	/* the path */
	size_t nr, alloc;
	unsigned char *mark;	/* 0 new, 1 on the path, 2 done */
};

static void enter(struct walk *w, size_t at)
{
	w->mark[at] = 1;
	ARRAY_GROW(w);
	w->item[w->nr++] = (struct step){ .at = at };
}

/* One need of a vertex; one that leads back on the path is turned. */
static void follow(struct lay *l, struct walk *w, size_t from, size_t to)
{
	if (from == to) {
		l->item[from].self = true;
	} else if (w->mark[to] == 1) {
		link_up(l, from, to, true);
	} else {
		link_up(l, to, from, false);
		if (!w->mark[to])
			enter(w, to);
	}
}

static void link_all(struct lay *l, const size_t *at)
{
	struct walk w = { .mark = mem_new(l->nr, 1) };

	for (size_t i = 0; i < l->nr; i++) {
		if (!w.mark[i])
			enter(&w, i);
		while (w.nr) {
			struct step *s = &w.item[w.nr - 1];
			const struct graph_list *needs =
				&l->dag->item[l->item[s->at].node].needs;

			if (s->next < needs->nr) {
				size_t to = needs->item[s->next++];

				follow(l, &w, s->at, at[to]);
			} else {
				w.mark[s->at] = 2;
				w.nr--;
			}
		}
	}
	free(w.mark);
	free(w.item);
}

/* --- layers ----------------------------------------------------------- */

static void lower(struct lay *l, const struct graph_list *down, size_t layer,
		  size_t *waits, struct graph_list *queue)
{
	for (size_t i = 0; i < down->nr; i++) {
		struct lay_vert *v = &l->item[down->item[i]];

		if (v->layer < layer)
			v->layer = layer;
		if (!--waits[down->item[i]])
			put(queue, down->item[i]);
	}
}

static size_t highest(const struct lay *l, const struct lay_vert *v)
{
	size_t layer = (size_t)-1;

	for (int k = 0; k < 2; k++)
		for (size_t i = 0; i < v->down[k].nr; i++) {
			size_t at = l->item[v->down[k].item[i]].layer;

			layer = at < layer ? at : layer;
		}
	return layer;
}

/* Below all it needs; what needs nothing stands just above who needs it. */
static void assign(struct lay *l)
{
	size_t *waits = mem_new(l->nr, sizeof(*waits));
	struct graph_list queue = { 0 };

	for (size_t i = 0; i < l->nr; i++) {
		waits[i] = l->item[i].up.nr;
		if (!waits[i])
			put(&queue, i);
	}
	for (size_t i = 0; i < queue.nr; i++) {
		const struct lay_vert *v = &l->item[queue.item[i]];

		for (int k = 0; k < 2; k++)
			lower(l, &v->down[k], v->layer + 1, waits, &queue);
	}
	for (size_t i = 0; i < l->nr; i++) {
		struct lay_vert *v = &l->item[i];

		if (!v->up.nr && v->down[0].nr + v->down[1].nr)
			v->layer = highest(l, v) - 1;
	}
	free(queue.item);
	free(waits);
}

int lay_too_large(void)
{
	int err = err_set(ERR_INVALID, "the graph is too large for a picture");

	return err_hint(err, "try a target, --collapse-foreach-matrix, or --dot, --mermaid, --json");
}

/* --- lines that pass layers ------------------------------------------- */

struct goal {
	size_t layer, vert;
};

static int by_layer(const void *a, const void *b)
{
	const struct goal *x = a, *y = b;

	if (x->layer != y->layer)
		return x->layer < y->layer ? -1 : 1;
	return (x->vert > y->vert) - (x->vert < y->vert);
}

/* One net from layer to layer: to the goals of each, and on. */
static int pass(struct lay *l, size_t from, bool turned, const struct goal *goal,
		size_t nr)
{
	size_t last = goal[nr - 1].layer, at = from, i = 0;

	for (size_t layer = l->item[from].layer + 1; layer <= last; layer++) {
		for (; i < nr && goal[i].layer == layer; i++)
			link_up(l, at, goal[i].vert, turned);
		if (layer < last) {
			size_t next = sow(l, LAY_PASS, layer);

			link_up(l, at, next, turned);
			at = next;
		}
		if (l->nr > LAY_MAX)
			return lay_too_large();
	}
	return 0;
}

static int pass_net(struct lay *l, size_t from, bool turned)
{
	struct graph_list down = l->item[from].down[turned];
	struct goal *goal = mem_new(down.nr, sizeof(*goal));
	int err = 0;

	l->item[from].down[turned] = (struct graph_list){ 0 };
	for (size_t i = 0; i < down.nr; i++)
		goal[i] = (struct goal){ l->item[down.item[i]].layer,
					 down.item[i] };
	if (down.nr) {
		qsort(goal, down.nr, sizeof(*goal), by_layer);
		err = pass(l, from, turned, goal, down.nr);
	}
	free(goal);
	free(down.item);
	return err;
}

static int pass_all(struct lay *l)
{
	size_t boxes = l->nr;
	int err = 0;

	for (size_t i = 0; i < boxes; i++)
		l->item[i].up.nr = 0;
	for (size_t i = 0; !err && i < boxes; i++)
		for (int k = 0; !err && k < 2; k++)
			err = pass_net(l, i, k);
	return err;
}

/* --- all of it -------------------------------------------------------- */

int lay_center(const struct lay_vert *v)
{
	return v->x + v->w / 2;
}

int lay_exit(const struct lay_vert *v, bool turned)
{
	return lay_center(v) + (turned && v->down[0].nr ? 2 : 0);
}

int lay_text(const struct lay *l, const struct lay_vert *v)
{
	const char *label = l->dag->item[v->node].label;

	return term_width(label, strlen(label)) + (v->self ? 2 : 0);
}

/* Room for the label, and for each line that comes or goes. */
static void measure(struct lay *l)
{
	for (size_t i = 0; i < l->nr; i++) {
		struct lay_vert *v = &l->item[i];
		int need = 2 * (int)v->up.nr + 1;

		if (v->node == LAY_PASS)
			continue;
		v->w = lay_text(l, v) + 4;
		v->w = v->w < need ? need : v->w;
		if (v->down[0].nr && v->down[1].nr && v->w < 7)
			v->w = 7;
	}
}

static void fill_layers(struct lay *l)
{
	for (size_t i = 0; i < l->nr; i++)
		if (l->item[i].layer >= l->nr_layer)
			l->nr_layer = l->item[i].layer + 1;
	l->layer = mem_new(l->nr_layer, sizeof(*l->layer));
	l->gap = mem_new(l->nr_layer, sizeof(*l->gap));
	for (size_t i = 0; i < l->nr; i++) {
		struct graph_list *to = &l->layer[l->item[i].layer];

		l->item[i].rank = to->nr;
		put(to, i);
	}
}

static bool too_wide(const struct lay *l)
{
	for (size_t i = 0; i < l->nr_layer; i++) {
		long cols = 0;

		for (size_t k = 0; k < l->layer[i].nr; k++)
			cols += l->item[l->layer[i].item[k]].w + 1;
		if (cols > LAY_WIDE)
			return true;
	}
	return false;
}

int lay_make(struct lay *l, const struct dag *d, const struct graph_list *part,
	     size_t *at)
{
	int err;

	l->dag = d;
	for (size_t i = 0; i < part->nr; i++)
		at[part->item[i]] = sow(l, part->item[i], 0);
	link_all(l, at);
	assign(l);
	err = pass_all(l);
	if (err)
		return err;
	measure(l);
	fill_layers(l);
	if (too_wide(l))
		return lay_too_large();
	lay_order(l);
	lay_place(l);
	lay_route(l);
	return 0;
}

void lay_clear(struct lay *l)
{
	for (size_t i = 0; i < l->nr; i++) {
		free(l->item[i].down[0].item);
		free(l->item[i].down[1].item);
		free(l->item[i].up.item);
	}
	for (size_t i = 0; i < l->nr_layer; i++) {
		for (size_t k = 0; k < l->gap[i].nr; k++)
			free(l->gap[i].item[k].bot.item);
		free(l->gap[i].item);
		free(l->layer[i].item);
	}
	free(l->gap);
	free(l->layer);
	free(l->item);
	*l = (struct lay){ 0 };
}
