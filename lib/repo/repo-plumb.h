/*
 * repo-plumb - git's own plumbing as the second way to objects and refs.
 *
 * Read here:  plumb_ops is the table (repo-ops.h); plumb_close() ends the two
 *             `git cat-file` processes, which start at the first read and
 *             are started anew when a signal to the whole group ended them.
 * Owns:       r->plumb.
 * Fails:      as repo-ops.h says; git's words are the message.
 * Knows:      every repository that git knows: SHA-256, reftable, partial
 *             clones. What comes from the user never stands where git could
 *             take it for an option.
 */
#ifndef REPO_REPO_PLUMB_H
#define REPO_REPO_PLUMB_H

#include "repo/repo-ops.h"

extern const struct git_ops plumb_ops;

void plumb_close(struct repo *r);

#endif
