/*
 * undo - what a command replaced, kept so that one word brings it back.
 *
 * Read here:  struct undo u = UNDO_INIT; say what will be replaced with
 *             undo_path(), undo_out(), undo_ref(); undo_keep() makes the
 *             point durable BEFORE anything is replaced; then do the work.
 *             undo_last() takes back the newest point of this work tree.
 * Owns:       its lists. A point is a commit below refs/git-exp/undo/ whose
 *             tree holds the replaced files as they were and whose header
 *             names the rest; the bytes of cached outputs are in the cache.
 * Fails:      undo_last(): ERR_NOTFOUND when there is nothing to take back;
 *             otherwise as Git and the file system fail, and the point stays.
 * Knows:      points expire after 30 days, when the next one is made.
 */
#ifndef STORY_UNDO_H
#define STORY_UNDO_H

#include <stdbool.h>
#include "base/strs.h"
#include "repo/repo.h"

struct cache;

struct undo_out {
	char *path;		/* absolute */
	char id[40];		/* what was there; "" for nothing */
	bool exec;
	bool legacy;		/* `id` is DVC 2's; never of what was there */
};

struct undo_ref {
	char *ref;
	struct oid was;		/* "" when it did not exist */
	struct oid now;		/* what the command made it; "" deleted */
};

struct undo {
	char *what;		/* "apply warm-loaf", for people */
	struct oid tree;	/* a tree that has the files as they were */
	struct strs paths;	/* files replaced or made, below the git top */
	struct undo_out *out;
	size_t nr_out, alloc_out;
	struct undo_ref *ref;
	size_t nr_ref, alloc_ref;
};
#define UNDO_INIT { 0 }

void undo_path(struct undo *u, const char *path);
void undo_out(struct undo *u, const char *path, const char *id, bool exec);
void undo_ref(struct undo *u, const char *ref, const struct oid *was,
	      const struct oid *now);

/* Make the point. With no tree and no paths it holds only refs and outputs. */
int undo_keep(struct repo *r, const struct undo *u);

/* Take back the newest point; `what` (caller frees) says what it was. */
int undo_last(struct repo *r, struct cache *c, char **what);

void undo_clear(struct undo *u);

#endif
