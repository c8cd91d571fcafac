#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "flow/graph.h"

/*
 * Outputs by the parts of their paths, children in the order they came: that
 * is the order in which DVC walks them, and so the order of what a stage needs.
 */
struct trie {
	long stage;		/* -1: no output ends here */
	struct map kids;	/* part -> struct trie, in the order they came */
};

static struct trie *sow(void)
{
	struct trie *t = mem_new(1, sizeof(*t));

	t->stage = -1;
	return t;
}

static struct trie *child(const struct trie *t, const char *part, size_t len)
{
	char *key = mem_ndup(part, len);
	struct trie *c = map_get(&t->kids, key);

	free(key);
	return c;
}

static struct trie *grow(struct trie *t, const char *part, size_t len)
{
	char *key = mem_ndup(part, len);
	struct trie *c = map_get(&t->kids, key);

	if (!c)
		map_put(&t->kids, key, c = sow());
	free(key);
	return c;
}

static void fell(void *tree)
{
	struct trie *t = tree;

	map_clear(&t->kids, fell);
	free(t);
}

/* The next part of a path, or NULL; "/" stands for an absolute path's root. */
static const char *part(const char **path, size_t *len)
{
	const char *p = *path, *end;

	if (!*p)
		return NULL;
	end = *p == '/' ? p + 1 : p + strcspn(p, "/");
	*len = (size_t)(end - p);
	*path = *end == '/' ? end + 1 : end;
	return p;
}

static void plant(struct trie *t, const char *path, size_t stage)
{
	const char *p;
	size_t len;

	while ((p = part(&path, &len)))
		t = grow(t, p, len);
	t->stage = (long)stage;
}

static void link_to(struct graph_list *l, size_t to)
{
	for (size_t i = 0; i < l->nr; i++)
		if (l->item[i] == to)
			return;
	ARRAY_GROW(l);
	l->item[l->nr++] = to;
}

/* Everything at and below; from the top only what is inside the project. */
static void collect(const struct trie *t, struct graph_list *out, bool top)
{
	if (t->stage >= 0)
		link_to(out, (size_t)t->stage);
	for (size_t i = 0; i < t->kids.nr; i++) {
		const struct map_item *kid = &t->kids.item[i];

		if (!top || (strcmp(kid->key, "..") && strcmp(kid->key, "/")))
			collect(kid->value, out, false);
	}
}

/* Outputs above `path`, outermost first, then those at and below it. */
static void overlap(const struct trie *t, const char *path,
		    struct graph_list *out)
{
	bool top = !strcmp(path, ".");
	const char *p;
	size_t len;

	while (!top && (p = part(&path, &len))) {
		if (t->stage >= 0)
			link_to(out, (size_t)t->stage);
		t = child(t, p, len);
		if (!t)
			return;
	}
	collect(t, out, top);
}

/* Parameter files are needed in the order in which dvc.yaml names them. */
static void overlap_params(const struct trie *t, const struct stage *s,
			   struct graph_list *out)
{
	int last = -1;

	for (size_t done = 0; done < s->nr_param; ) {
		int next = -1;

		for (size_t i = 0; i < s->nr_param; i++)
			if (s->param[i].line > last &&
			    (next < 0 || s->param[i].line < next))
				next = s->param[i].line;
		for (size_t i = 0; i < s->nr_param; i++)
			if (s->param[i].line == next) {
				overlap(t, s->param[i].path, out);
				done++;
			}
		last = next;
	}
}

static void gather(const struct trie *t, struct graph_node *n)
{
	const struct stage *s = n->stage;

	for (size_t i = 0; i < s->nr_dep; i++)
		if (!s->dep[i].url)
			overlap(t, s->dep[i].path, &n->needs);
	overlap_params(t, s, &n->needs);
}

static int refuse_inside(const struct trie *t, const struct graph *g)
{
	for (size_t i = 0; i < g->nr; i++) {
		const struct trie *at = t;
		const char *path = g->item[i].stage->file, *p;
		size_t len;

		while (at && (p = part(&path, &len))) {
			at = child(at, p, len);
			if (at && at->stage >= 0)
				return err_set(ERR_INVALID,
					"'%s' is inside an output of stage '%s'",
					g->item[i].stage->file,
					g->item[at->stage].stage->addr);
		}
	}
	return 0;
}

enum mark { NEW, OPEN, DONE };

struct walk {
	const struct graph *g;
	unsigned char *mark;
	const unsigned char *only;	/* NULL: every node */
	struct graph_list path;
	struct pipe_pick *out;
};

static int circle(const struct walk *w, size_t at)
{
	const struct stage *s = w->g->item[at].stage;
	struct buf b = BUF_INIT;
	size_t i = w->path.nr;
	int err;

	while (w->path.item[i - 1] != at)
		i--;
	for (i--; i < w->path.nr; i++)
		buf_fmt(&b, "%s -> ", w->g->item[w->path.item[i]].stage->addr);
	err = err_set(ERR_INVALID,
		      "%s: line %d: stages need one another in a circle: %s%s",
		      s->file, s->line, b.s, s->addr);
	buf_clear(&b);
	return err;
}

static int visit(struct walk *w, size_t at, const struct graph_list *needs)
{
	int err = 0;

	if (w->mark[at] == OPEN)
		return circle(w, at);
	if (w->mark[at] == DONE || (w->only && !w->only[at]))
		return 0;
	w->mark[at] = OPEN;
	ARRAY_GROW(&w->path);
	w->path.item[w->path.nr++] = at;
	for (size_t i = 0; !err && i < needs->nr; i++) {
		size_t to = needs->item[i];

		err = visit(w, to, w->out ? graph_needs(w->g, to)
					  : &w->g->item[to].needs);
	}
	w->path.nr--;
	w->mark[at] = DONE;
	if (!err && w->out) {
		ARRAY_GROW(w->out);
		w->out->item[w->out->nr++] = at;
	}
	return err;
}

/* Frozen stages count here too, as for DVC. */
static int refuse_circles(const struct graph *g)
{
	struct walk w = { .g = g, .mark = mem_new(g->nr, 1) };
	int err = 0;

	for (size_t i = 0; !err && i < g->nr; i++)
		err = visit(&w, i, &g->item[i].needs);
	free(w.mark);
	free(w.path.item);
	return err;
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
	struct trie *t = sow();
	int err;

	for (size_t i = 0; i < p->nr; i++) {
		ARRAY_GROW(g);
		g->item[g->nr++] = (struct graph_node){ .stage = &p->item[i] };
		for (size_t k = 0; k < p->item[i].nr_out; k++)
			plant(t, p->item[i].out[k].path, i);
	}
	for (size_t i = 0; i < g->nr; i++)
		gather(t, &g->item[i]);
	err = refuse_inside(t, g);
	if (!err)
		err = refuse_circles(g);
	if (!err)
		link_users(g);
	fell(t);
	return err;
}

const struct graph_list *graph_needs(const struct graph *g, size_t at)
{
	static const struct graph_list none;

	return g->item[at].stage->frozen ? &none : &g->item[at].needs;
}

static void choose(const struct graph *g, size_t at, unsigned char *only)
{
	const struct graph_list *needs = graph_needs(g, at);

	if (only[at])
		return;
	only[at] = 1;
	for (size_t i = 0; i < needs->nr; i++)
		choose(g, needs->item[i], only);
}

void graph_order(const struct graph *g, const struct pipe_pick *targets,
		 struct pipe_pick *out)
{
	unsigned char *only = NULL;
	struct walk w = { .g = g, .mark = mem_new(g->nr, 1), .out = out };

	if (targets && targets->nr)
		w.only = only = mem_new(g->nr, 1);
	for (size_t i = 0; only && i < targets->nr; i++)
		choose(g, targets->item[i], only);
	for (size_t i = 0; i < g->nr; i++)
		visit(&w, i, graph_needs(g, i));
	free(only);
	free(w.mark);
	free(w.path.item);
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
