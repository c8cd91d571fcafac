/*
 * target - the stages that a command line means.
 *
 * Read here:  a struct target_want from the options, target_pick() after
 *             graph_make(); then graph_visit() with want.way.
 * Owns:       nothing; the words are borrowed.
 * Fails:      ERR_NOTFOUND for a word that means no stage, with the nearest
 *             name or what lists them. DVC takes a pattern that matches
 *             nothing, and a directory without stages, for "all stages";
 *             that is never what was meant, so it is refused here.
 * Knows:      the targets of `dvc repro` and `dvc status`: a stage, a group,
 *             a pipeline file, "file:stage"; patterns of names; directories.
 */
#ifndef STORY_TARGET_H
#define STORY_TARGET_H

#include <stdbool.h>
#include "flow/graph.h"

struct project;
struct strs;

struct target_want {
	enum graph_way way;
	bool all;		/* every stage, whatever words there are */
	bool glob;		/* words are patterns of names */
	bool deep;		/* a directory means all that is in it */
	bool outs;		/* an output means the stage that makes it */
};

/* What a person asks for; where two exclude each other DVC's choice holds. */
struct target_ask {
	bool single;		/* only the targets */
	bool down;		/* and what needs them */
	bool pipeline;		/* all that hangs together: beats the others */
};

enum graph_way target_way(const struct target_ask *ask);

/* Append the indices of the stages meant; none when there are no words. */
int target_pick(const struct project *pr, const struct pipe *p,
		const struct graph *g, const struct strs *words,
		const struct target_want *want, struct pipe_pick *out);

#endif
