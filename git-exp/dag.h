/*
 * dag - the pipeline as a graph for people and for other tools.
 *
 * Read here:  dag_stages() or dag_outs() makes the graph; dag_keep() leaves
 *             only what hangs on targets, dag_collapse() puts stages of one
 *             foreach or matrix together; then one of the printers;
 *             dag_clear().
 * Owns:       labels and lists; pipe and graph are borrowed while it is made.
 * Fails:      only dag_picture(): ERR_INVALID for a graph that no screen
 *             could show.
 * Knows:      the order of DVC's own graph, on which its texts depend: nodes
 *             as the stages stand in their files, outputs as its trie walks
 *             them. Frozen stages keep their edges here. No disk, no Git.
 */
#ifndef DAG_H
#define DAG_H

#include <stdbool.h>
#include <stddef.h>
#include "flow/graph.h"

struct buf;
struct term;

struct dag_node {
	char *label;
	bool data;		/* a .dvc file, or an output of one */
	struct graph_list needs;	/* what it depends on, each once */
};

struct dag {
	struct dag_node *item;
	size_t nr, alloc;
};
#define DAG_INIT { 0 }

/* Where labels are seen from: paths are absolute; both NULL: the root. */
struct dag_view {
	const char *root;	/* the project, absolute */
	const char *cwd;	/* where the user stands, from the root */
};

/* Nodes are stages, in the order of the pipeline. */
void dag_stages(struct dag *d, const struct graph *g, const struct dag_view *v);

/* Nodes are outputs; where[i] becomes the node of o->item[i]; caller frees. */
void dag_outs(struct dag *d, const struct pipe *p, const struct graph_outs *o,
	      const struct dag_view *v, size_t **where);

/*
 * Keep the nodes of `targets` and all they need; with `full` all that is
 * connected with them in any direction. No targets: everything stays.
 */
void dag_keep(struct dag *d, const struct graph_list *targets, bool full);

/* "train@a", "train@b" become one "train", behind the others. */
void dag_collapse(struct dag *d);

/* Connected parts, by their first node: part[node] = 0, 1, ...; caller frees. */
size_t *dag_parts(const struct dag *d, size_t *nr);

/* What the printers append to `b` ends with a line feed. */
void dag_dot(struct buf *b, const struct dag *d);
void dag_mermaid(struct buf *b, const struct dag *d, bool markdown);
void dag_json(struct buf *b, const struct dag *d);

/*
 * Boxes and lines; parts stand side by side as far as `width` goes. Labels
 * are made safe for a terminal in place.
 */
int dag_picture(struct buf *b, struct dag *d, const struct term *t,
		int width);

void dag_clear(struct dag *d);

#endif
