/*
 * snap - the work tree as a tree, leaving index and HEAD alone.
 *
 * Read here:  struct snap s = SNAP_INIT; snap_begin() before the commands
 *             start takes what goes in; snap_results() after them adds what
 *             came out; snap_tree() is the tree. snap_clear() removes the
 *             private index. git itself does the adding, so clean filters,
 *             LFS, CRLF and sparse checkouts come out as git would have made
 *             them (measurements 5).
 * Owns:       the private index file in <git dir>/exp/ and the lists.
 * Fails:      ERR_INVALID for an unmerged index (names the files); as git.
 * Knows:      the rules of design 4: which untracked files go in and which
 *             never do. What was left out is in the lists, for a warning.
 */
#ifndef REPO_SNAP_H
#define REPO_SNAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/strs.h"
#include "repo/repo.h"

struct buf;
struct proc;

struct snap_want {
	struct strs always;	/* declared dependencies: any size, below the top */
	struct strs never;	/* cached outputs, as paths below the top */
	uint64_t max_file;	/* 1 MiB */
	uint64_t max_total;	/* 16 MiB */
	size_t max_files;	/* 500 */
};

struct snap {
	struct repo *repo;
	char *index;		/* the private index file */
	struct oid tree;	/* what snap_tree() made last */
	struct strs secret;	/* left out by name (.env, *.pem, ...) */
	struct strs nested;	/* embedded repositories, dirty submodules */
	struct strs large;	/* largest directories, when over the limits */
	size_t left_out;	/* untracked files not taken */
};
#define SNAP_INIT { 0 }

/* Tracked files as modified, declared dependencies, other untracked files. */
int snap_begin(struct snap *s, struct repo *r, const struct snap_want *want);

/*
 * Add files as they are now (dvc.lock, metrics, uncached outputs, .gitignore
 * lines); a path that is gone is removed. Directories with all their files.
 * Paths that Git ignores are left out unless tracked.
 */
int snap_results(struct snap *s, const struct strs *paths);

/* Write the tree. */
int snap_tree(struct snap *s);

void snap_clear(struct snap *s);

/*
 * A run in which nothing runs wants only to know whether the tree is one it
 * has seen, and must not pay for a snapshot. snap_key() is what git status
 * says and the state (inode, size, times) of every file it names; empty when
 * one of them is too young to be sure. snap_known() is the tree that was
 * remembered for exactly this key, in <git dir>/exp/same, which may be
 * deleted at any time.
 */
int snap_key(struct repo *r, struct buf *key);

/*
 * snap_key() in two halves, so that git works while we read. Begun only where
 * a tree is remembered; the key is then as old as the beginning. False, and
 * no key, where it was not begun or git failed.
 */
void snap_key_begin(struct repo *r, struct proc *git);
bool snap_key_end(struct repo *r, struct proc *git, struct buf *key);

bool snap_known(struct repo *r, const struct buf *key, struct oid *tree);
void snap_remember(struct repo *r, const struct buf *key,
		   const struct oid *tree);

#endif
