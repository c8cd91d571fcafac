/*
 * tale - the story of one run: look, think, act, record.
 *
 * Read here:  fill in what was asked, tale_tell(), look at what happened,
 *             tale_clear(). tale_think() alone gives the plan (status). This
 *             is the file to read first: each rung of its ladder is a module.
 * Owns:       what happened; what was asked is borrowed.
 * Fails:      ERR_STAGE when a stage failed or was killed (what could be
 *             recorded is recorded then); any other code before the first
 *             command started means that nothing was changed.
 * Knows:      design 4 and 6: everything that could stop the recording is
 *             checked before the first command; the tree holds what ran; the
 *             ref comes last.
 */
#ifndef STORY_TALE_H
#define STORY_TALE_H

#include <stdbool.h>
#include "base/buf.h"
#include "base/map.h"
#include "base/proc.h"
#include "base/src.h"
#include "exp/record.h"
#include "flow/graph.h"
#include "flow/locks.h"
#include "flow/plan.h"
#include "flow/run.h"
#include "flow/seen.h"
#include "repo/repo.h"
#include "repo/snap.h"
#include "spec/edit.h"
#include "spec/pipe.h"
#include "story/target.h"

struct project;

/* What the runs of one sweep share; begins empty, ends by tale_sweep_clear(). */
struct tale_sweep {
	struct map before;	/* files that -S changes: their text before all */
	struct map left;	/* and as the last run left them (struct buf) */
};

struct tale {
	/* what was asked */
	struct project *project;
	const struct strs *targets;	/* as typed, or none for every stage */
	struct target_want want;	/* what they mean */
	const struct edit *edit;	/* -S, in order */
	size_t nr_edit;
	struct tale_sweep *sweep;	/* this is one run of it, or NULL */
	const char *name, *message;	/* or NULL */
	const struct strs *args;	/* the words of the command line */
	bool force, keep_going, dry, no_record, tty;
	bool force_down;	/* and what needs a stage that did something */
	int jobs;
	void (*event)(void *payload, const struct run_event *ev);
	void *payload;

	/* what happened */
	struct pipe pipe;
	struct locks locks;
	struct graph graph;
	struct seen seen;
	struct pipe_pick picked;	/* the targets; none: every stage */
	struct pipe_pick order;
	struct plan plan;
	struct run run;
	struct oid baseline;	/* "" when there is no commit yet */
	char *branch;		/* HEAD's, or NULL */
	char *exp;		/* the experiment's name, recorded or found */
	struct oid id;		/* its commit, "" when nothing was recorded */
	bool recorded, same;	/* same: nothing ran, `exp` is this already */
	bool same_baseline;	/* same, and it is the baseline itself */
	double secs;

	/* between the rungs */
	struct snap snap;
	struct proc asked;	/* git, for the key, while we look */
	struct buf key;		/* the work tree's state, when nothing runs */
	struct record record;
	char *author, *committer;
	struct map before;	/* files that -S changes: their text before */
	struct map after;	/* and after (struct buf both) */
	struct map git;		/* output -> what Git knows of it, asked once */
	struct src overlay;	/* `after` over the disk, for a dry run */
};
#define TALE_INIT { .asked = PROC_INIT, .key = BUF_INIT }

/* Read the pipeline and the facts, decide: everything but doing. */
int tale_think(struct tale *t);

/* The whole story. */
int tale_tell(struct tale *t);

void tale_clear(struct tale *t);

void tale_sweep_clear(struct tale_sweep *s);

/* A word of the command line as it may be recorded: "-Sa.token=***". */
char *tale_word(const struct project *p, const char *word);

#endif
