/*
 * dag-lay - where the boxes and lines of one connected part go.
 *
 * Read here:  lay_make() does it all, in the order of the files: layers
 *             (dag-lay.c), their order (dag-order.c), columns (dag-place.c),
 *             lines (dag-route.c); dag-draw.c draws what it finds here.
 * Owns:       everything below it, until lay_clear(); the graph is borrowed.
 * Fails:      lay_make(): ERR_INVALID for more than LAY_MAX or LAY_WIDE.
 * Knows:      what is needed stands above. A line that passes a layer has a
 *             vertex of its own there, one column wide; lines from one box
 *             run together as a net. Whole numbers only, no hash order: the
 *             same graph gives the same picture everywhere. A circle, which
 *             collapsing can make, has one edge turned: its arrow points up.
 */
#ifndef DAG_LAY_H
#define DAG_LAY_H

#include <stdbool.h>
#include "dag.h"

enum {
	LAY_MAX = 100000,	/* vertices */
	LAY_WIDE = 30000,	/* columns of a layer */
	LAY_BOX = 3,		/* lines of a box */
};
#define LAY_PASS ((size_t)-1)		/* a vertex that is no box */

struct lay_vert {
	size_t node;		/* in the graph, or LAY_PASS */
	size_t layer, rank;
	int x, w;		/* first column, how many */
	struct graph_list down[2];	/* vertices it leads to, one layer
					   below; [1]: turned edges */
	struct graph_list up;	/* from where lines come */
	bool self;		/* needs itself */
};

struct lay_cols {
	int *item;
	size_t nr, alloc;
};

/* One line, with its branches, through one gap between two layers. */
struct lay_net {
	size_t from, id;	/* id: halves of a net share it */
	bool turned;
	int top;		/* column where it comes from above */
	struct lay_cols bot;	/* columns where it goes on below */
	int lo, hi, row;	/* its track; row -1: straight down */
	long over, under;	/* the halves of a net in two tracks, or -1 */
};

struct lay_gap {
	struct lay_net *item;
	size_t nr, alloc;
	int rows;
};

struct lay {
	const struct dag *dag;
	struct lay_vert *item;
	size_t nr, alloc;
	struct graph_list *layer;	/* vertices, from the left */
	size_t nr_layer;
	struct lay_gap *gap;		/* gap[i] is below layer[i] */
	int width, height;
};

/* `part`: the nodes of it; `at`: room for a number per node of the graph. */
int lay_make(struct lay *l, const struct dag *d, const struct graph_list *part,
	     size_t *at);

/* ERR_INVALID "the graph is too large for a picture". */
int lay_too_large(void);

void lay_order(struct lay *l);
void lay_place(struct lay *l);
void lay_route(struct lay *l);

/* The column that stands for a vertex; where a net leaves it. */
int lay_center(const struct lay_vert *v);
int lay_exit(const struct lay_vert *v, bool turned);

/* Columns that a box's label takes, its mark for a loop included. */
int lay_text(const struct lay *l, const struct lay_vert *v);

void lay_clear(struct lay *l);

#endif
