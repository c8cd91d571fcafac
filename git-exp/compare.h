/*
 * compare - two revisions in DVC's words, for `params diff` and `metrics diff`.
 *
 * Read here:  struct compare c = COMPARE_INIT; fill in what the options say;
 *             compare_run() after cmd_start(); it clears what it was given.
 *             The rest is how both commands write values and warn.
 * Owns:       the words in `targets` and what the sight has.
 * Fails:      as a command: compare_run() returns the exit code.
 * Knows:      DVC's tables and JSON (dvc-formats 11): heads, rounding to
 *             decimal places, paths as seen from where the user stands.
 */
#ifndef COMPARE_H
#define COMPARE_H

#include <stdbool.h>
#include "base/strs.h"
#include "sight.h"

struct ctx;
struct grid;
struct val;

struct compare {
	struct sight sight;
	const char *section;	/* "params" or "metrics" */
	const char *title;	/* of their column */
	bool change;		/* a column of changes */
	int precision;		/* decimal places; 0: as they are */
	bool json, md, all, path;
	struct strs targets;	/* as typed */
	const char *a, *b;
};
#define COMPARE_INIT { .sight = SIGHT_INIT, .path = true, .a = "HEAD", \
		       .b = "workspace" }

/* `argc` words of `argv` are left after the options. */
int compare_run(struct ctx *ctx, struct compare *c, int argc, char **argv,
		const char *usage);

/* Targets as typed to paths from the root; `want` then borrows them. */
void compare_targets(struct ctx *ctx, struct sight *s, struct strs *targets);

/* One warning for each file, or for all of it, that could not be read. */
void compare_warn(const struct row *row, const char *section,
		  const char *rev);

/* A value as a cell: "-" for nothing, floats rounded to decimal places. */
void compare_cell(struct strs *line, const struct val *v, int precision);

/* Through the pager; nothing for a table without lines, unless Markdown. */
void compare_print(struct ctx *ctx, struct grid *g, bool md);

#endif
