/*
 * metrics - the parts of `git exp metrics`.
 *
 * Read here:  metrics.c has the list of parts and `metrics diff`;
 *             metrics-show.c has the table of every metric of one or more
 *             revisions.
 * Owns:       nothing.
 * Fails:      as commands: each returns its exit code.
 * Knows:      DVC's default of decimal places, and its tables and JSON, which
 *             are those of compare.
 */
#ifndef METRICS_H
#define METRICS_H

struct ctx;

#define METRICS_SHOW_USAGE "metrics show [<options>] [<file>...]"

enum { METRICS_PRECISION = 5 };

int metrics_show(struct ctx *ctx, int argc, char **argv);

#endif
