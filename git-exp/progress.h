/*
 * progress - how far long work is.
 *
 * Read here:  progress_begin(), progress_step() for each piece that is done,
 *             progress_end(). One line on stderr (what, how far, how fast,
 *             how long still), only when stderr is a terminal, and only once
 *             the work has taken a second (GIT_PROGRESS_DELAY).
 * Owns:       nothing; the texts are borrowed.
 * Fails:      never.
 * Knows:      no work: whoever works counts.
 */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct buf;

struct progress {
	const char *what;	/* "Adding data/images" */
	const char *unit;	/* "files"; NULL: only bytes count */
	uint64_t total, bytes_total;	/* 0: not known */
	uint64_t done, bytes;
	double began, shown;	/* trace_clock() */
	double delay;		/* seconds before the first line */
	bool on;
};

void progress_begin(struct progress *p, const char *what, const char *unit,
		    uint64_t total, uint64_t bytes_total);

/* `done` and `bytes` more are finished; paints at most ten times a second. */
void progress_step(struct progress *p, uint64_t done, uint64_t bytes);

/* Take the line away. */
void progress_end(struct progress *p);

/* The line itself, as of `now`; for tests and for those who paint. */
void progress_line(const struct progress *p, double now, struct buf *out);

/* "1.21 GiB": three digits, from bytes. */
void progress_size(struct buf *out, uint64_t bytes);

#endif
