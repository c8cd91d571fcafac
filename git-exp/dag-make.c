#include <stdlib.h>
#include <string.h>
#include "base/file.h"
#include "base/map.h"
#include "base/mem.h"
#include "dag.h"
#include "stage.h"

static void put(struct graph_list *l, size_t at)
{
	ARRAY_GROW(l);
	l->item[l->nr++] = at;
}

static struct dag_node *add(struct dag *d, char *label, bool data)
{
	ARRAY_GROW(d);
	d->item[d->nr] = (struct dag_node){ .label = label, .data = data };
	return &d->item[d->nr++];
}

void dag_stages(struct dag *d, const struct graph *g, const struct dag_view *v)
{
	for (size_t i = 0; i < g->nr; i++) {
		const struct stage *s = g->item[i].stage;
		struct dag_node *n = add(d, v->cwd ? stage_address(s, v->cwd) :
					 mem_dup(s->addr),
					 s->kind == STAGE_DATA);

		for (size_t k = 0; k < g->item[i].needs.nr; k++)
			put(&n->needs, g->item[i].needs.item[k]);
	}
}

/* --- outputs ---------------------------------------------------------- */

/* As DVC shows an output: from where one stands; one outside, absolute. */
static char *out_label(const struct out *o, const struct dag_view *v)
{
	char *full, *here, *label;

	if (!v->cwd)
		return mem_dup(o->path);
	if (*o->def == '/' || strstr(o->def, "://"))
		return mem_dup(o->def);
	full = file_join(v->root, o->path);
	if (o->external)
		return full;
	here = file_join(v->root, v->cwd);
	label = file_relative(here, full);
	free(here);
	free(full);
	return label;
}

void dag_outs(struct dag *d, const struct pipe *p, const struct graph_outs *o,
	      const struct dag_view *v, size_t **where)
{
	size_t *last = mem_new(o->nr, sizeof(*last));

	*where = mem_new(o->nr, sizeof(**where));
	for (size_t i = 0; i < o->order.nr; i++) {
		const struct graph_out *at = &o->item[o->order.item[i]];

		(*where)[o->order.item[i]] = i;
		add(d, out_label(at->out, v), at->stage->kind == STAGE_DATA);
	}
	for (size_t i = 0; i < o->nr; i++) {
		size_t from = (*where)[i];
		const struct graph_list *reads =
			&o->reads[o->item[i].stage - p->item];

		for (size_t k = 0; k < reads->nr; k++) {
			size_t to = (*where)[reads->item[k]];

			if (last[to] == from + 1)
				continue;
			last[to] = from + 1;
			put(&d->item[from].needs, to);
		}
	}
	free(last);
}

/* --- less of it ------------------------------------------------------- */

static void spread(const struct graph_list *l, bool *keep,
		   struct graph_list *queue)
{
	for (size_t i = 0; i < l->nr; i++)
		if (!keep[l->item[i]]) {
			keep[l->item[i]] = true;
			put(queue, l->item[i]);
		}
}

/* Lists of who needs each; caller clears with forget(). */
static struct graph_list *users_of(const struct dag *d)
{
	struct graph_list *users = mem_new(d->nr, sizeof(*users));

	for (size_t i = 0; i < d->nr; i++)
		for (size_t k = 0; k < d->item[i].needs.nr; k++)
			put(&users[d->item[i].needs.item[k]], i);
	return users;
}

static void forget(struct graph_list *users, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		free(users[i].item);
	free(users);
}

/* Drop the nodes that are not kept; the others close up. */
static void shrink(struct dag *d, const bool *keep)
{
	size_t *now = mem_new(d->nr, sizeof(*now)), nr = 0;

	for (size_t i = 0; i < d->nr; i++)
		now[i] = keep[i] ? nr++ : 0;
	for (size_t i = 0; i < d->nr; i++) {
		struct dag_node *n = &d->item[i];
		size_t to = 0;

		if (!keep[i]) {
			free(n->label);
			free(n->needs.item);
			continue;
		}
		for (size_t k = 0; k < n->needs.nr; k++)
			if (keep[n->needs.item[k]])
				n->needs.item[to++] = now[n->needs.item[k]];
		n->needs.nr = to;
		d->item[now[i]] = *n;
	}
	d->nr = nr;
	free(now);
}

void dag_keep(struct dag *d, const struct graph_list *targets, bool full)
{
	struct graph_list queue = { 0 }, *users;
	bool *keep;

	if (!targets->nr)
		return;
	users = users_of(d);
	keep = mem_new(d->nr, sizeof(*keep));
	spread(targets, keep, &queue);
	for (size_t i = 0; i < queue.nr; i++) {
		spread(&d->item[queue.item[i]].needs, keep, &queue);
		if (full)
			spread(&users[queue.item[i]], keep, &queue);
	}
	forget(users, d->nr);
	shrink(d, keep);
	free(keep);
	free(queue.item);
}

/* --- foreach and matrix ----------------------------------------------- */

static bool is_one_of(const char *label)
{
	size_t len = strlen(label);

	return strchr(label, '@') &&
		(len < 4 || strcmp(label + len - 4, ".dvc"));
}

/* The node of this label, made when there is none yet. */
static size_t merged(struct dag *d, struct map *by_label, char *label,
		     bool data)
{
	long at = map_find(by_label, label);

	if (at >= 0) {
		free(label);
		return (size_t)at;
	}
	map_put(by_label, label, NULL);
	add(d, label, data);
	return d->nr - 1;
}

static void copy_nodes(struct dag *to, const struct dag *from, bool groups,
		       struct map *by_label, size_t *now)
{
	for (size_t i = 0; i < from->nr; i++) {
		const char *label = from->item[i].label;

		if (is_one_of(label) != groups)
			continue;
		now[i] = merged(to, by_label, groups ?
				mem_ndup(label, strcspn(label, "@")) :
				mem_dup(label), from->item[i].data);
	}
}

static void copy_edges(struct dag *to, const struct dag *from,
		       const size_t *now)
{
	struct map seen = MAP_INIT;

	for (size_t i = 0; i < from->nr; i++)
		for (size_t k = 0; k < from->item[i].needs.nr; k++) {
			size_t at = now[from->item[i].needs.item[k]];
			char *key = mem_fmt("%zu %zu", now[i], at);

			if (map_find(&seen, key) < 0) {
				map_put(&seen, key, NULL);
				put(&to->item[now[i]].needs, at);
			}
			free(key);
		}
	map_clear(&seen, NULL);
}

void dag_collapse(struct dag *d)
{
	size_t *now = mem_new(d->nr, sizeof(*now));
	struct map by_label = MAP_INIT;
	struct dag to = DAG_INIT;

	copy_nodes(&to, d, false, &by_label, now);
	copy_nodes(&to, d, true, &by_label, now);
	copy_edges(&to, d, now);
	map_clear(&by_label, NULL);
	free(now);
	dag_clear(d);
	*d = to;
}

/* --- parts ------------------------------------------------------------ */

size_t *dag_parts(const struct dag *d, size_t *nr)
{
	struct graph_list *users = users_of(d), queue = { 0 };
	size_t *part = mem_new(d->nr, sizeof(*part));
	bool *seen = mem_new(d->nr, sizeof(*seen));

	*nr = 0;
	for (size_t i = 0; i < d->nr; i++) {
		size_t from = queue.nr;

		if (seen[i])
			continue;
		seen[i] = true;
		put(&queue, i);
		for (size_t k = from; k < queue.nr; k++) {
			part[queue.item[k]] = *nr;
			spread(&d->item[queue.item[k]].needs, seen, &queue);
			spread(&users[queue.item[k]], seen, &queue);
		}
		++*nr;
	}
	forget(users, d->nr);
	free(queue.item);
	free(seen);
	return part;
}

void dag_clear(struct dag *d)
{
	for (size_t i = 0; i < d->nr; i++) {
		free(d->item[i].label);
		free(d->item[i].needs.item);
	}
	free(d->item);
	*d = (struct dag)DAG_INIT;
}
