/*
 * ref - refs: read, list, change with the expected old value.
 *
 * Read here:  ref_each() over a prefix; ref_update() for one or several
 *             changes at once. Nothing here knows what a ref means.
 * Owns:       nothing.
 * Fails:      ERR_NOTFOUND; ERR_LOCKED when the old value is not what was
 *             expected, or a lock file stands in the way (its path in the
 *             message); ERR_INVALID for a name git refuses.
 * Knows:      loose and packed refs, reftable (through git).
 */
#ifndef REPO_REF_H
#define REPO_REF_H

#include <stdbool.h>
#include <stddef.h>
#include "repo/repo.h"

/* `prefix` ends in '/', or is a whole name. Sorted by name. Non-zero ends. */
int ref_each(struct repo *r, const char *prefix,
	     int (*fn)(const char *name, const struct oid *id, void *payload),
	     void *payload);

/* What a full ref name points to. */
int ref_read(struct repo *r, const char *name, struct oid *out);

/*
 * Each change (the struct is in repo.h) a file_step("ref", name). All old
 * values are checked before the first change is made; in a files repository
 * a crash can leave the first of several done (style anchors 5.17.7).
 */
int ref_update(struct repo *r, const struct ref_change *change, size_t nr,
	       const char *message);

/* Git's rules for a whole ref name, plus ours for the last part (git.md 4.2). */
bool ref_name_ok(const char *name);
int ref_exp_name_check(const char *name);	/* ERR_INVALID says why */

#endif
