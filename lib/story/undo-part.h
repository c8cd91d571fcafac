/*
 * undo-part - what an undo point says, as the JSON in its commit's header.
 *
 * Read here:  undo_describe() before the point is written, undo_read() when
 *             one is looked at. Paths are kept relative, so that a work tree
 *             that was moved can still take back what was done in it.
 * Owns:       undo_read() fills a struct undo, which is the caller's.
 * Fails:      undo_read(): ERR_INVALID when the commit has no record, or one
 *             that is no JSON; parts that are missing are left out.
 * Knows:      the keys "undo", "worktree", "paths", "outs" and "refs".
 */
#ifndef STORY_UNDO_PART_H
#define STORY_UNDO_PART_H

#include "story/undo.h"

struct buf;
struct val;

/* The work tree as seen from the common directory; caller frees. */
char *undo_worktree(struct repo *r);

void undo_describe(struct buf *out, struct repo *r, const struct undo *u);

/* `v` gets the whole record, for what is not part of struct undo. */
int undo_read(struct undo *u, struct val *v, struct repo *r,
	      const struct oid *id);

#endif
