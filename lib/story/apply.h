/*
 * apply - putting an experiment into the work tree, losing nothing.
 *
 * Read here:  apply_exp(). An undo point holds every file that is replaced
 *             or made, and what the outputs were; `git exp undo` takes it
 *             back. Index, HEAD and branches stay as they are.
 * Owns:       nothing.
 * Fails:      ERR_NOTFOUND when the cache lacks data of the experiment (the
 *             outputs are named, nothing was changed); ERR_LOCKED.
 * Knows:      design 6. Files that the experiment does not have stay, unless
 *             its baseline had them (then the experiment removed them), as
 *             with DVC (dvc-formats 8.7).
 */
#ifndef STORY_APPLY_H
#define STORY_APPLY_H

#include <stddef.h>

struct exp;
struct project;

struct apply_done {
	size_t files, outs;	/* how many were changed */
};

int apply_exp(struct project *p, const struct exp *e, struct apply_done *done);

#endif
