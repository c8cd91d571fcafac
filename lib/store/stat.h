/*
 * stat - the MD5 of files that have not changed since they were last hashed.
 *
 * Read here:  stat_open() the file <git common dir>/exp/stat; stat_find()
 *             before hashing, stat_keep() after; stat_close() writes what is
 *             new. Keyed by device, inode, size, mtime and ctime in
 *             nanoseconds. A file changed in the same moment as it was
 *             hashed ("racy", as Git's index) is not remembered.
 * Owns:       the mapped file and what was added.
 * Fails:      never: a missing, damaged or foreign file is an empty cache,
 *             and one that cannot be written is not written.
 * Knows:      the format of its file (git-exp-format.5), which may be
 *             deleted at any time. Two writers at once: the later one keeps
 *             both sets of entries.
 */
#ifndef STORE_STAT_H
#define STORE_STAT_H

#include <stdbool.h>
#include <sys/stat.h>
#include <time.h>

struct stat_cache;

/* `path` NULL: a cache in memory only. Never NULL. */
struct stat_cache *stat_open(const char *path);

/* The MD5 remembered for a file with this state; true when there is one. */
bool stat_find(struct stat_cache *c, const struct stat *st, char hex[33]);

/* The same file in the same state (device, inode, size, mtime, ctime). */
bool stat_same(const struct stat *a, const struct stat *b);

/* The same but for ctime, which making links and changing modes moves. */
bool stat_alike(const struct stat *a, const struct stat *b);

/*
 * Was the file with state `st` so fresh at the moment `when` (real time) that
 * another change could have left the same state behind?
 */
bool stat_racy(const struct stat *st, const struct timespec *when);

/*
 * Remember, unless racy: `st` and `when` must have been taken before the
 * file was read.
 */
void stat_keep(struct stat_cache *c, const struct stat *st,
	       const struct timespec *when, const char hex[33]);

/* Write what is new (temporary name, rename), free. */
void stat_close(struct stat_cache *c);

#endif
