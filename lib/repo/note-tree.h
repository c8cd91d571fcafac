/*
 * note-tree - the tree behind a notes ref, whatever its fan-out.
 *
 * Read here:  private to lib/repo. Set .repo and .root (the tree, or "" for
 *             none), then read, walk or change; note_tree_clear().
 * Owns:       the trees it has seen.
 * Fails:      ERR_NOTFOUND for an object without a note.
 * Knows:      a note of abcd... stands at "abcd...", "ab/cd..." or
 *             "ab/cd/..."; at several depths at once it is one note, whose
 *             texts belong together. Entries of any other shape are
 *             somebody's, and stay.
 */
#ifndef REPO_NOTE_TREE_H
#define REPO_NOTE_TREE_H

#include <stddef.h>
#include "base/map.h"
#include "repo/note.h"

struct note_tree {
	struct repo *repo;
	struct oid root;
	struct map seen;	/* see entries.h */
};
#define NOTE_TREE_INIT { .repo = NULL }

int note_tree_read(struct note_tree *t, const struct oid *on, struct buf *out);

int note_tree_each(struct note_tree *t,
		   int (*fn)(const struct oid *on, const struct oid *blob,
			     void *payload), void *payload);

/* The tree with the changes made: t->root itself when nothing changes. */
int note_tree_change(struct note_tree *t, const struct note_change *change,
		     size_t nr, struct oid *out);

void note_tree_clear(struct note_tree *t);

#endif
