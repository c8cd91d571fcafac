/*
 * cache-part - what the files of cache share; nobody else includes it.
 *
 * Read here:  cache_own() looks at an object, cache_adopt() fetches one from
 *             another cache; cache_hash() and cache_walk() look at the work tree;
 *             cache_link() and its family make the work tree's files out of
 *             objects, what stands there already passes cache_spare(). A struct
 *             settle remembers, after the work, what was just made.
 * Owns:       struct settle its strings, until cache_settle().
 * Fails:      as cache.h.
 * Knows:      as cache.h.
 */
#ifndef STORE_CACHE_PART_H
#define STORE_CACHE_PART_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include "base/strs.h"

struct buf;
struct cache;
struct map;

/* --- objects (cache.c) ------------------------------------------------- */

/* 32 hex, or 32 hex and ".dir"; the latter when `dir` is set. */
bool cache_is_id(const char *id);
bool cache_is_dir_id(const char *id);

/* The path of an object in our own cache, there or not; caller frees. */
char *cache_own_path(const struct cache *c, const char *id);

/*
 * Is the object in our own cache, and sound? Mode 0444 is trusted (and the
 * size, when `size` is not NULL); any other mode means hashing it: a wrong
 * one is removed, as DVC does, a right one that may be written protected.
 */
bool cache_own(struct cache *c, const char *id, const uint64_t *size);

/* Make an object 0444, whatever the umask left of it. */
int cache_protect(const char *path);

/* Bring the object from another cache if need be; ERR_NOTFOUND. */
int cache_adopt(struct cache *c, const char *id);

/* Make the directory of an object. */
int cache_room(const struct cache *c, const char *object);

/* A new name for something that will become `path`, beside it; caller frees. */
char *cache_temp(const char *path);

/* --- hashing (cache-look.c) ---------------------------------------------- */

/* A file's name in this cache: digest_file(), for DVC 2's digest_text(). */
int cache_digest(const struct cache *c, const char *path, char hex[65],
		 uint64_t *size);

struct hashed {
	char id[33];
	uint64_t size;
	struct stat st;		/* of what was read, links followed */
	bool firm;		/* same state will mean same bytes */
};

/* `st` is the file's state as just seen (links followed). */
int cache_hash(struct cache *c, const char *path, const struct stat *st,
	       struct hashed *out);

/*
 * Each file below the directory `root` that belongs to it (symbolic links to
 * files do). `below` is its path without root, `st` what lstat says. `dirs`
 * (may be NULL) gets the directories, outer ones first. `all`: pass on what
 * cannot be hashed, a .dvcignore and links to nothing too, which otherwise
 * are ERR_INVALID.
 */
int cache_walk(struct cache *c, const char *root, bool all,
	       int (*fn)(const char *path, const char *below,
			 const struct stat *st, void *payload),
	       void *payload, struct strs *dirs);

/* --- links (cache-link.c) -------------------------------------------------- */

/* Files made a moment ago, whose content is known without reading. */
struct made;
struct settle {
	struct made *item;
	size_t nr, alloc;
	uint64_t bytes;
};
#define SETTLE_INIT { 0 }

void cache_made(struct cache *c, struct settle *s, const char *path,
		const char *id);

/* Let the clock pass them by, then remember them; empties `s`. */
void cache_settle(struct cache *c, struct settle *s);

/* Does DVC leave this file (`st`: lstat) as it is, linked or copied? */
bool cache_linked(const struct cache *c, const char *id, const char *path,
		  const struct stat *st);

/* Make `path`, where nothing stands, hold the object. */
int cache_link(struct cache *c, const char *id, const char *path);

/* The same in place of the file that stands there. */
int cache_relink(struct cache *c, const char *id, const char *path);

/* Give the owner the x bit (the object's own, where `path` is a link). */
int cache_exec(const char *path);

/*
 * A file that is a copy gets the mode of a fresh one, whatever its command
 * gave it (DVC copies it anew): `st` is what stands there.
 */
int cache_mode(const struct cache *c, const char *path, const struct stat *st);

/* --- what is in the way (cache-way.c) --------------------------------------- */

int cache_in_the_way(const char *path, const char *what);

/*
 * ERR_EXISTS unless the bytes of the file at `path` (`st`: links followed) may
 * vanish: in this cache or its twin, or forced.
 */
int cache_spare(struct cache *c, const char *path, const struct stat *st,
		unsigned flags);

/* The same for a file or link (`st`: lstat) of which nothing is known yet. */
int cache_spare_file(struct cache *c, const char *path, const struct stat *st,
		     unsigned flags);

/* Remove it, if it may vanish: a file or link; a directory with all it has. */
int cache_clear_file(struct cache *c, const char *path, const struct stat *st,
		     unsigned flags);
int cache_clear_dir(struct cache *c, const char *path, unsigned flags);

/* Remove those of `dirs` (below `root`) that are empty, except the named. */
void cache_prune(const char *root, const struct strs *dirs,
		 const struct map *except);

#endif
