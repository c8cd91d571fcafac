/*
 * run-report - what a run says to the person in front of it.
 *
 * Read here:  report_event() hears each event of the run, report_done() and
 *             report_failed() end the story.
 * Owns:       nothing.
 * Fails:      never: a number that cannot be read is left out.
 * Knows:      DVC's own sentences stay where DVC users look for them
 *             ("Stage 'x' didn't change, skipping").
 */
#ifndef RUN_REPORT_H
#define RUN_REPORT_H

#include <stdbool.h>

struct ctx;
struct run_event;
struct tale;

struct report {
	bool quiet, why;
	const char *cwd;	/* addresses are shown from here */
	bool ran;		/* a stage ran before: a line between them */
};

void report_event(void *payload, const struct run_event *ev);
void report_done(const struct tale *t, bool quiet);
void report_failed(struct ctx *ctx, const struct tale *t);

#endif
