/*
 * cache - objects by hash, DVC's layout, and the way between them and the
 * work tree.
 *
 * Read here:  cache_open() with where the cache is and how to link;
 *             cache_look() hashes a path as it is now; cache_save() puts it
 *             into the cache; cache_place() makes the work tree hold an
 *             object. Objects are written under a temporary name, complete,
 *             0444, then renamed (dvc-formats 5.1); an id names a file (32
 *             hex) or a directory (32 hex + ".dir").
 * Owns:       its strings; the stat cache and the ignore rules are borrowed.
 * Fails:      ERR_NOTFOUND when an object or path is not there; ERR_EXISTS
 *             when placing would destroy bytes that no cache holds and
 *             CACHE_FORCE is not given; ERR_INVALID for a damaged listing or
 *             a path that would leave the directory; ERR_LOCKED when a file
 *             keeps changing while it is saved.
 * Knows:      the layout files/md5, and beside it, as a cache of its own that
 *             cache_for() gives, the objects of DVC 2, which stand in the
 *             root and are named by md5-dos2unix; cache.type reflink,
 *             hardlink, symlink, copy with DVC's fall-backs (dvc-formats
 *             5.2); nothing of stages or Git.
 */
#ifndef STORE_CACHE_H
#define STORE_CACHE_H

#include <stdbool.h>
#include <stdint.h>
#include "base/strs.h"

struct buf;
struct dir;
struct ignore;
struct stat_cache;

enum content_kind { CONTENT_NONE, CONTENT_FILE, CONTENT_DIR };

/* What stands at a path. */
struct content {
	enum content_kind kind;
	char id[40];		/* "" for CONTENT_NONE */
	char old[40];		/* by md5-dos2unix; "" unless somebody asked */
	uint64_t size;		/* bytes, all files of a directory */
	uint64_t nfiles;	/* directories */
	bool exec;		/* files: any x bit */
};

struct cache {
	char *root;		/* ".dvc/cache", absolute; objects in files/md5 */
	struct strs types;	/* in the order to try */
	struct strs others;	/* roots of other worktrees' caches, read only */
	bool group;		/* cache.shared = group */
	bool fsync;		/* exp.fsync = all */
	struct stat_cache *stat;	/* borrowed, may be NULL */
	const struct ignore *ignore;	/* .dvcignore rules, borrowed, or NULL */
	char *project;		/* the root that ignore's paths start from */
	char *old_stat;		/* where the stat cache of the twin is, or NULL */
	bool legacy;		/* DVC 2's objects */
	struct cache *twin;	/* the other kind, once it was asked for */
};
#define CACHE_INIT { 0 }

/* `types`: cache.type as written, or NULL for "reflink,copy". */
void cache_open(struct cache *c, const char *root, const char *types);

/*
 * `c` itself, or with `legacy` its twin for the objects of DVC 2: same root,
 * same ways of linking, other hashes. Borrowed; goes with `c`.
 */
struct cache *cache_for(struct cache *c, bool legacy);

/*
 * Hash what stands at `path` (absolute) now. Not being there is no failure:
 * kind is CONTENT_NONE. `listing` (may be NULL) gets a directory's files.
 * A `.dvcignore` inside the directory is ERR_INVALID, as in DVC.
 */
int cache_look(struct cache *c, const char *path, struct content *out,
	       struct dir *listing);

/* The object alone / the object and, for a listing, every file it names. */
bool cache_has(struct cache *c, const char *id);
bool cache_whole(struct cache *c, const char *id);

/*
 * Where an object is (maybe in another cache) or would be; NULL for text that
 * is no id. Caller frees.
 */
char *cache_path(const struct cache *c, const char *id);

/* Append an object's bytes (listings, small files). */
int cache_read(struct cache *c, const char *id, struct buf *out);
int cache_read_dir(struct cache *c, const char *id, struct dir *out);

enum cache_flags {
	CACHE_RELINK = 1 << 0,	/* replace the file by a link of the first type
				   that works, as DVC does after saving */
	CACHE_FORCE  = 1 << 1,	/* destroy what is in the way */
};

/* Hash `path` and put it (a directory: all its files, then the listing). */
int cache_save(struct cache *c, const char *path, struct content *out,
	       unsigned flags);

/*
 * Make `path` hold the object: what is the same stays untouched, what a
 * directory has beyond the listing is removed (ignored files stay), missing
 * parents are made. Before anything is replaced or removed it must be in a
 * cache, or CACHE_FORCE. `exec`: files get the owner's x bit.
 */
int cache_place(struct cache *c, const char *id, bool exec, const char *path,
		unsigned flags);

/*
 * ERR_INVALID when a symbolic link on the way to `path` leads out of the
 * project, or to Git's or DVC's own files.
 */
int cache_guard(const struct cache *c, const char *path);

/* Make a linked, read-only file or tree one that may be written (unprotect). */
int cache_unlink(struct cache *c, const char *path);

void cache_close(struct cache *c);

#endif
