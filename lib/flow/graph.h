/*
 * graph - who needs whom, and in which order.
 *
 * Read here:  graph_make() from a pipeline; g.item[i] belongs to stage
 *             pipe.item[i]. graph_order() gives the stages to visit, needed
 *             ones first: all of them, or targets with everything above.
 *             The order is that of `dvc repro -P` (depth first, in the order
 *             of the files), because it decides where new entries stand in
 *             dvc.lock. graph_visit() is the same for other choices.
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

/* Which stages a choice of targets means; the order is always DVC's. */
enum graph_way {
	GRAPH_UP,		/* targets and all they need: the usual */
	GRAPH_ALONE,		/* only the targets, in the order given */
	GRAPH_DOWN,		/* targets and all that needs them */
	GRAPH_PIPELINE,		/* everything that hangs together with them,
				   pipeline after pipeline */
};

/*
 * Append to `out` the stages meant by `targets` (indices; a target given
 * twice counts once). NULL or none means every stage, whatever `way` is.
 */
void graph_visit(const struct graph *g, const struct pipe_pick *targets,
		 enum graph_way way, struct pipe_pick *out);

/* graph_visit() for GRAPH_UP. */
void graph_order(const struct graph *g, const struct pipe_pick *targets,
		 struct pipe_pick *out);

/*
 * Append the stages whose file lies in `dir` (from the root; "." is all) or
 * below it, in the order in which DVC lists a directory: needed ones first,
 * frozen stages not detached.
 */
void graph_inside(const struct graph *g, const char *dir,
		  struct pipe_pick *out);

/*
 * Keep only those needs that come before in `order`: whoever asked for stages
 * alone, in an order of their own, gets that order. True when a stage stands
 * before one it needs: only one after another keeps them from meeting.
 */
bool graph_cut(struct graph *g, const struct pipe_pick *order);

void graph_clear(struct graph *g);

/* --- outputs instead of stages ---------------------------------------- */

struct graph_out {
	const struct stage *stage;
	const struct out *out;
};

struct graph_outs {
	struct graph_out *item;		/* in the order of the stages */
	size_t nr, alloc;
	struct graph_list order;	/* all of them, in DVC's order */
	struct graph_list *reads;	/* for each stage the outputs it reads */
	size_t nr_stage;
};

/* Who reads which output; for pictures. graph_make() must have agreed. */
void graph_outs(struct graph_outs *o, const struct pipe *p);
void graph_outs_clear(struct graph_outs *o);

#endif
