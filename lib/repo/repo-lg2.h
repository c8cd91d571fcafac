/*
 * repo-lg2 - libgit2 as the first, faster way to objects and refs.
 *
 * Read here:  lg2_open() starts the library and opens r's repository (which
 *             git or we have judged already); lg2_ops is the table (repo-ops.h);
 *             lg2_close() gives both back.
 * Owns:       r->lg2.
 * Fails:      as repo-ops.h says; libgit2's message is copied at once. What
 *             libgit2 reads in another way than git is handed to plumb.
 * Knows:      the only module that includes git2.h. Never the index, never
 *             the work tree, never the network.
 */
#ifndef REPO_REPO_LG2_H
#define REPO_REPO_LG2_H

#include "repo/repo-ops.h"

extern const struct git_ops lg2_ops;

int lg2_open(struct repo *r);
void lg2_close(struct repo *r);

#endif
