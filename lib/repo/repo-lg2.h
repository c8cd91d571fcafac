/*
 * repo-lg2 - libgit2 as the first, faster way to objects and refs.
 *
 * Read here:  lg2_open() starts the library and opens r's repository (which
 *             git or we have judged already); lg2_ops is the table (repo-ops.h);
 *             lg2_close() gives both back.
 * Owns:       r->lg2.
 * Fails:      as repo-ops.h says; libgit2's message is copied at once. What
 *             libgit2 reads in another way than git is handed to plumb.
 * Knows:      only its two .c files include git2.h. Never the index, never
 *             the work tree, never the network.
 */
#ifndef REPO_REPO_LG2_H
#define REPO_REPO_LG2_H

#include "repo/repo-ops.h"

extern const struct git_ops lg2_ops;

int lg2_open(struct repo *r);
void lg2_close(struct repo *r);

/* --- between repo-lg2.c and repo-lg2-ref.c ------------------------------- */

struct git_repository;
struct git_odb;
struct git_oid;

struct lg2 {
	struct git_repository *repo;
	struct git_odb *odb;
};

/* libgit2's code as ours, with its message copied at once. */
int lg2_fail(int code, const char *what, const char *name);
void lg2_oid(struct oid *out, const struct git_oid *id);

/* The operations on refs; see struct git_ops. */
int lg2_ref_read(struct repo *r, const char *name, struct oid *out);
int lg2_ref_each(struct repo *r, const char *prefix,
		 int (*fn)(const char *name, const struct oid *id,
			   void *payload), void *payload);
int lg2_ref_update(struct repo *r, const struct ref_change *change, size_t nr,
		   const char *message);

#endif
