/*
 * diff - what differs between two revisions in metrics and parameters.
 *
 * Read here:  diff_make() over two values of view_load(); the result has
 *             DVC's shape of `exp diff --json`: {"metrics": {file: {key:
 *             {"old": .., "new": .., "diff": ..}}}, "params": ...}, "diff"
 *             for numbers only.
 * Owns:       the value is the caller's.
 * Fails:      never; what could not be read counts as not there.
 * Knows:      DVC's rules (dvc-formats 8.7, 11): maps flattened with dots,
 *             lists compared as the text Python prints. Files in the order
 *             of the views, keys sorted.
 */
#ifndef EXP_DIFF_H
#define EXP_DIFF_H

#include <stdbool.h>

struct val;

/* With `all`, what is the same stands in it too. */
void diff_make(struct val *out, const struct val *a, const struct val *b,
	       bool all);

/* True when something in it differs. */
bool diff_any(const struct val *diff);

#endif
