/*
 * graph - who needs whom, and in which order.
 *
 * Read here:  graph_make() from a pipeline; g.item[i] belongs to stage
 *             pipe.item[i]. graph_order() gives the stages to visit, needed
 *             ones first: all of them, or targets with everything above.
 *             The order is that of `dvc repro -P` (depth first, in the order
 *             of the files), because it decides where new entries stand in
 *             dvc.lock.
 * Owns:       its lists; stages are borrowed from the pipeline, which must
 *             outlive the graph.
 * Fails:      graph_make(): ERR_INVALID "stages need one another in a
 *             circle: a -> b -> a".
 * Knows:      only paths: a stage needs another when one of its
 *             dependencies or parameter files is, contains or lies in one of
 *             the other's outputs. No disk.
 */
#ifndef FLOW_GRAPH_H
#define FLOW_GRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include "spec/pipe.h"

struct graph_list {
	size_t *item;
	size_t nr, alloc;
};

struct graph_node {
	const struct stage *stage;
	struct graph_list needs;	/* in DVC's order, each once */
	struct graph_list users;	/* who needs this one, in file order;
					   not those that are frozen */
};

struct graph {
	struct graph_node *item;
	size_t nr, alloc;
};
#define GRAPH_INIT { 0 }

int graph_make(struct graph *g, const struct pipe *p);

/*
 * What must be looked at before stage `at`: its needs, or nothing when it is
 * frozen (DVC detaches frozen stages from what they depend on). Borrowed.
 */
const struct graph_list *graph_needs(const struct graph *g, size_t at);

/*
 * Append to `out` the stages meant by `targets` (indices) and all they need;
 * NULL or none means every stage.
 */
void graph_order(const struct graph *g, const struct pipe_pick *targets,
		 struct pipe_pick *out);

void graph_clear(struct graph *g);

#endif
