/*
 * dir - the listing of a directory: what a ".dir" object says.
 *
 * Read here:  dir_add() entries and dir_text() for the object's bytes
 *             (dvc-formats 4: sorted by path, Python's JSON); dir_parse()
 *             the other way.
 * Owns:       its entries.
 * Fails:      dir_parse(): ERR_INVALID for text that is no listing, and for
 *             a path that is absolute, empty, or leaves the directory by
 *             ".." (design 9.4): such an object is never used.
 * Knows:      no disk.
 */
#ifndef STORE_DIR_H
#define STORE_DIR_H

#include <stddef.h>
#include <stdint.h>

struct buf;

struct dir_entry {
	char *path;		/* below the directory, '/' between */
	char md5[33];
	uint64_t size;		/* when it came from disk; not in the object */
};

struct dir {
	struct dir_entry *item;
	size_t nr, alloc;
};
#define DIR_INIT { 0 }

void dir_add(struct dir *d, const char *path, const char md5[33],
	     uint64_t size);
void dir_sort(struct dir *d);

/* The object's bytes (sorts first) and its id, 32 hex + ".dir". */
void dir_text(struct dir *d, struct buf *out, char id[40]);

int dir_parse(struct dir *out, const char *text, size_t len,
	      const char *name);

/* In a sorted listing, or NULL. */
const struct dir_entry *dir_find(const struct dir *d, const char *path);

void dir_clear(struct dir *d);

#endif
