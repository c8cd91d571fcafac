#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "flow/graph.h"
#include "flow/graph-part.h"

enum mark { NEW, OPEN, DONE };

struct step {
	size_t at, next;	/* next: of its needs, to be looked at */
};

/* Depth first without recursion: chains may be as long as files allow. */
struct walk {
	const struct graph *g;
	unsigned char *mark;
	const unsigned char *only;	/* NULL: every node */
	bool frozen;		/* frozen stages keep their needs */
	struct step *item;	/* the path from where it began */
	size_t nr, alloc;
	struct pipe_pick *out;	/* or NULL */
};

static void put(struct pipe_pick *to, size_t at)
{
	ARRAY_GROW(to);
	to->item[to->nr++] = at;
}

static int circle(const struct walk *w, size_t at)
{
	const struct stage *s = w->g->item[at].stage;
	struct buf b = BUF_INIT;
	size_t i = w->nr;
	int err;

	while (w->item[i - 1].at != at)
		i--;
	for (i--; i < w->nr; i++)
		buf_fmt(&b, "%s -> ", w->g->item[w->item[i].at].stage->addr);
	err = err_set(ERR_INVALID,
		      "%s: line %d: stages need one another in a circle: %s%s",
		      s->file, s->line, b.s, s->addr);
	buf_clear(&b);
	return err;
}

static void open_at(struct walk *w, size_t at)
{
	w->mark[at] = OPEN;
	ARRAY_GROW(w);
	w->item[w->nr++] = (struct step){ .at = at };
}

static void close_top(struct walk *w)
{
	size_t at = w->item[--w->nr].at;

	w->mark[at] = DONE;
	if (w->out)
		put(w->out, at);
}

static bool wanted(const struct walk *w, size_t at)
{
	return w->mark[at] == NEW && (!w->only || w->only[at]);
}

static int visit(struct walk *w, size_t at)
{
	if (wanted(w, at))
		open_at(w, at);
	while (w->nr) {
		struct step *top = &w->item[w->nr - 1];
		const struct graph_list *needs = w->frozen ?
			&w->g->item[top->at].needs :
			graph_needs(w->g, top->at);
		size_t to;

		if (top->next == needs->nr) {
			close_top(w);
			continue;
		}
		to = needs->item[top->next++];
		if (w->mark[to] == OPEN)
			return circle(w, to);
		if (wanted(w, to))
			open_at(w, to);
	}
	return 0;
}

static void done(struct walk *w)
{
	free(w->mark);
	free(w->item);
}

/* Frozen stages count here too, as for DVC. */
int graph_refuse_circles(const struct graph *g)
{
	struct walk w = { .g = g, .mark = mem_new(g->nr, 1), .frozen = true };
	int err = 0;

	for (size_t i = 0; !err && i < g->nr; i++)
		err = visit(&w, i);
	done(&w);
	return err;
}

/* --- which ------------------------------------------------------------ */

static void mark_list(const struct graph_list *l, unsigned char *only,
		      struct pipe_pick *queue)
{
	for (size_t i = 0; i < l->nr; i++)
		if (!only[l->item[i]]) {
			only[l->item[i]] = 1;
			put(queue, l->item[i]);
		}
}

/* One target and what `way` adds to it. */
static void choose(const struct graph *g, size_t target, enum graph_way way,
		   unsigned char *only)
{
	struct pipe_pick queue = { 0 };

	if (only[target])
		return;
	only[target] = 1;
	put(&queue, target);
	for (size_t i = 0; i < queue.nr; i++) {
		size_t at = queue.item[i];

		if (way == GRAPH_UP || way == GRAPH_PIPELINE)
			mark_list(graph_needs(g, at), only, &queue);
		if (way == GRAPH_DOWN || way == GRAPH_PIPELINE)
			mark_list(&g->item[at].users, only, &queue);
	}
	free(queue.item);
}

/* --- in which order --------------------------------------------------- */

static void each(struct walk *w)
{
	for (size_t i = 0; i < w->g->nr; i++)
		visit(w, i);
}

static void copy_once(const struct pipe_pick *from, unsigned char *only,
		      struct pipe_pick *to)
{
	for (size_t i = 0; i < from->nr; i++)
		if (!only[from->item[i]]) {
			only[from->item[i]] = 1;
			put(to, from->item[i]);
		}
}

void graph_visit(const struct graph *g, const struct pipe_pick *targets,
		 enum graph_way way, struct pipe_pick *out)
{
	unsigned char *only = mem_new(g->nr, 1);
	struct walk w = { .g = g, .mark = mem_new(g->nr, 1), .only = only,
			  .out = out };

	if (!targets || !targets->nr) {
		w.only = NULL;
		each(&w);
	} else if (way == GRAPH_ALONE) {
		copy_once(targets, only, out);
	} else {
		for (size_t i = 0; i < targets->nr; i++) {
			choose(g, targets->item[i], way, only);
			if (way == GRAPH_PIPELINE)
				each(&w);
		}
		each(&w);
	}
	done(&w);
	free(only);
}

void graph_order(const struct graph *g, const struct pipe_pick *targets,
		 struct pipe_pick *out)
{
	graph_visit(g, targets, GRAPH_UP, out);
}

void graph_inside(const struct graph *g, const char *dir,
		  struct pipe_pick *out)
{
	struct pipe_pick all = { 0 };
	struct walk w = { .g = g, .mark = mem_new(g->nr, 1), .frozen = true,
			  .out = &all };

	each(&w);
	for (size_t i = 0; i < all.nr; i++) {
		const char *file = g->item[all.item[i]].stage->file;

		if (!strcmp(dir, ".") || file_inside(dir, file))
			put(out, all.item[i]);
	}
	free(all.item);
	done(&w);
}
