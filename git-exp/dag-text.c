#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/mem.h"
#include "spec/canon.h"
#include "spec/val.h"
#include "dag.h"

/* Both kinds of pairs mean: b needs a. */
struct pair {
	const char *a, *b;
	size_t from, to;
};

struct pairs {
	struct pair *item;
	size_t nr, alloc;
};

/* --- dot -------------------------------------------------------------- */

/* A quote would end the label: there DVC's text is none that dot reads. */
static void quoted(struct buf *b, const char *label, const char *quote)
{
	buf_char(b, '"');
	for (; *label; label++)
		if (*label == '"')
			buf_str(b, quote);
		else
			buf_char(b, *label);
	buf_char(b, '"');
}

static bool turns_on_itself(const struct dag *d)
{
	for (size_t i = 0; i < d->nr; i++)
		for (size_t k = 0; k < d->item[i].needs.nr; k++)
			if (d->item[i].needs.item[k] == i)
				return true;
	return false;
}

static void dot_edge(struct buf *b, const struct dag *d, size_t from, size_t to)
{
	quoted(b, d->item[from].label, "\\\"");
	buf_str(b, " -> ");
	quoted(b, d->item[to].label, "\\\"");
	buf_str(b, ";\n");
}

void dag_dot(struct buf *b, const struct dag *d)
{
	struct graph_list *users = mem_new(d->nr, sizeof(*users));

	for (size_t i = 0; i < d->nr; i++)
		for (size_t k = 0; k < d->item[i].needs.nr; k++) {
			struct graph_list *l = &users[d->item[i].needs.item[k]];

			ARRAY_GROW(l);
			l->item[l->nr++] = i;
		}
	buf_str(b, turns_on_itself(d) ? "digraph {\n" : "strict digraph {\n");
	for (size_t i = 0; i < d->nr; i++) {
		quoted(b, d->item[i].label, "\\\"");
		buf_str(b, ";\n");
	}
	for (size_t i = 0; i < d->nr; i++) {
		for (size_t k = 0; k < users[i].nr; k++)
			dot_edge(b, d, i, users[i].item[k]);
		free(users[i].item);
	}
	buf_str(b, "}\n\n");
	free(users);
}

/* --- mermaid ---------------------------------------------------------- */

static int by_words(const void *x, const void *y)
{
	const struct pair *p = x, *q = y;
	int c = strcmp(p->a, q->a);

	return c ? c : strcmp(p->b, q->b);
}

static void pair_up(struct pairs *l, const char *a, const char *b, size_t from,
		    size_t to)
{
	ARRAY_GROW(l);
	l->item[l->nr++] = (struct pair){ a, b, from, to };
}

static void sort(struct pairs *l)
{
	if (l->nr)
		qsort(l->item, l->nr, sizeof(*l->item), by_words);
}

/* One part: its nodes get numbers in the order of their names. */
static void mermaid_part(struct buf *b, const struct dag *d,
			 struct pairs *nodes, size_t *number, size_t *total)
{
	struct pairs edges = { 0 };

	sort(nodes);
	for (size_t i = 0; i < nodes->nr; i++) {
		size_t at = nodes->item[i].from;

		number[at] = ++*total;
		buf_fmt(b, "\n\tnode%zu[", number[at]);
		quoted(b, d->item[at].label, "#quot;");
		buf_char(b, ']');
		for (size_t k = 0; k < d->item[at].needs.nr; k++) {
			size_t to = d->item[at].needs.item[k];

			pair_up(&edges, d->item[to].label, d->item[at].label,
				to, at);
		}
	}
	sort(&edges);
	for (size_t i = 0; i < edges.nr; i++)
		buf_fmt(b, "\n\tnode%zu-->node%zu", number[edges.item[i].from],
			number[edges.item[i].to]);
	free(edges.item);
}

void dag_mermaid(struct buf *b, const struct dag *d, bool markdown)
{
	size_t nr, total = 0, *part = dag_parts(d, &nr);
	size_t *number = mem_new(d->nr, sizeof(*number));
	struct pairs *nodes = mem_new(nr, sizeof(*nodes));

	for (size_t i = 0; i < d->nr; i++)
		pair_up(&nodes[part[i]], d->item[i].label, "", i, i);
	buf_str(b, markdown ? "```mermaid\nflowchart TD" : "flowchart TD");
	for (size_t i = 0; i < nr; i++) {
		mermaid_part(b, d, &nodes[i], number, &total);
		free(nodes[i].item);
	}
	buf_str(b, markdown ? "\n```\n" : "\n");
	free(nodes);
	free(number);
	free(part);
}

/* --- JSON ------------------------------------------------------------- */

void dag_json(struct buf *b, const struct dag *d)
{
	struct val v = VAL_INIT, *nodes, *edges;

	val_set_map(&v);
	nodes = val_put(&v, "nodes");
	val_set_list(nodes);
	for (size_t i = 0; i < d->nr; i++)
		val_set_str(val_add(nodes), d->item[i].label);
	edges = val_put(&v, "edges");
	val_set_list(edges);
	for (size_t i = 0; i < d->nr; i++)
		for (size_t k = 0; k < d->item[i].needs.nr; k++) {
			size_t to = d->item[i].needs.item[k];
			struct val *e = val_add(edges);

			val_set_list(e);
			val_set_str(val_add(e), d->item[i].label);
			val_set_str(val_add(e), d->item[to].label);
		}
	canon_json(b, &v, 0);
	buf_char(b, '\n');
	val_clear(&v);
}
