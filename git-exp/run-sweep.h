/*
 * run-sweep - several runs from one command line.
 *
 * Read here:  sweep_edits() reads the words of one run; sweep_run() does the
 *             runs of a sweep, one after another, each as if it had been typed
 *             alone, with its own name and words in its record.
 * Owns:       nothing; what was asked is borrowed.
 * Fails:      with the exit code of the run that failed: the runs behind it
 *             are not begun, unless it was a stage that failed and
 *             keep_going is set.
 * Knows:      dvc-formats 8.5: NAME becomes NAME-1, NAME-2, ... as when DVC
 *             queues a sweep. Words and names are checked before the first run.
 */
#ifndef RUN_SWEEP_H
#define RUN_SWEEP_H

#include <stdbool.h>
#include <stddef.h>
#include "spec/edit.h"

struct ctx;
struct strs;
struct tale;

struct sweep {
	const struct edit_runs *runs;
	const struct tale *asked;	/* what all of them have in common */
	const struct strs *args;	/* the words without -S and --name */
	bool quiet;
	int (*one)(struct ctx *ctx, struct tale *t, void *payload);
	void *payload;
};

/* `list` is the caller's, with edit_clear() for each and free(). */
int sweep_edits(struct edit **list, size_t *nr, const struct strs *words);

int sweep_run(struct ctx *ctx, const struct sweep *s);

#endif
