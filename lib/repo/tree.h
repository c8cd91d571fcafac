/*
 * tree - files of a commit, as a source.
 *
 * Read here:  tree_src() makes a struct src of a tree (below `prefix`, so
 *             that a project in a subdirectory reads as on disk);
 *             tree_find() one entry; tree_make() a new tree from an old one
 *             and some changed paths.
 * Owns:       the source keeps parsed trees it has seen until src_clear().
 * Fails:      ERR_NOTFOUND for a missing path; as repo_read().
 * Knows:      symbolic links are followed inside the tree (at most 40 steps);
 *             one that leaves it, and a submodule, is SRC_OTHER.
 */
#ifndef REPO_TREE_H
#define REPO_TREE_H

#include <stddef.h>
#include "base/src.h"
#include "repo/repo.h"

struct buf;

struct tree_src {
	struct src src;
	struct repo *repo;
	struct oid root;
	char *prefix;		/* "" or "sub/dir" */
	struct map *seen;	/* tree id -> parsed entries */
};

/* `rev` is for messages (copied as src.name). */
void tree_src(struct tree_src *t, struct repo *r, const struct oid *tree,
	      const char *prefix, const char *rev);

/* The entry at `path` below a tree; mode as git's octal number. */
int tree_find(struct repo *r, const struct oid *tree, const char *path,
	      unsigned *mode, struct oid *id);

struct tree_change {
	const char *path;
	unsigned mode;		/* 0 removes */
	struct oid id;
};

/* `base` may be "" (empty). Writes only trees that are new. */
int tree_make(struct repo *r, const struct oid *base,
	      const struct tree_change *change, size_t nr, struct oid *out);

/*
 * Write a file below the git top as git would store it (clean filters, line
 * ends): the bytes of `text`, or those on disk when it is NULL.
 */
int tree_blob(struct repo *r, const char *path, const struct buf *text,
	      struct oid *out);

/*
 * Each entry of one tree, in git's order; non-zero ends.
 */
int tree_each(struct repo *r, const struct oid *tree,
	      int (*fn)(const char *name, unsigned mode, const struct oid *id,
			void *payload), void *payload);

#endif
