/*
 * graph-part - what the files of graph share.
 *
 * Read here:  trie_plant() every output's path with its number, then ask;
 *             graph_link() makes lists without doubles.
 * Owns:       a trie its nodes, until trie_clear().
 * Fails:      never.
 * Knows:      outputs by the parts of their paths, children in the order they
 *             came: that is the order in which DVC walks them, and so the
 *             order of what a stage needs. Nothing here recurses: a path may
 *             have as many parts as fit into a file.
 */
#ifndef FLOW_GRAPH_PART_H
#define FLOW_GRAPH_PART_H

#include <stdbool.h>
#include <stddef.h>
#include "base/map.h"
#include "flow/graph.h"

struct trie_node {
	long out;		/* number of the output that ends here, or -1 */
	size_t above, first, last, next;	/* 0: none */
	bool far;		/* "..", "/": outside the project */
};

struct trie {
	struct trie_node *item;		/* item[0] is the root */
	size_t nr, alloc;
	struct map find;	/* "above/part"; its n-th key is item[n + 1] */
};

void trie_plant(struct trie *t, const char *path, size_t out);

/* Outputs above `path`, outermost first, then those at and below it. */
void trie_overlap(const struct trie *t, const char *path,
		  struct graph_list *out);

/* Every output, in the trie's order. */
void trie_all(const struct trie *t, struct graph_list *out);

/* The output at or above `path`, or -1. */
long trie_above(const struct trie *t, const char *path);

void trie_clear(struct trie *t);

/*
 * Outputs of the whole pipeline are numbered in the order of its stages;
 * `owner` gets the stage of each. Caller clears both.
 */
void graph_plant(struct trie *t, const struct pipe *p,
		 struct graph_list *owner);

/* The rule that graph_make() ends with, frozen stages included. */
int graph_refuse_circles(const struct graph *g);

/*
 * Numbers of the outputs that a stage reads, in DVC's order: for each
 * dependency, then each parameter file, what overlaps with it. One may come
 * more than once.
 */
void graph_reads(const struct trie *t, const struct stage *s,
		 struct graph_list *out);

#endif
