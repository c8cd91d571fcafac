/*
 * entries - one tree object, taken apart and put together.
 *
 * Read here:  private to lib/repo. entries_get() reads a tree through a map
 *             of those seen before; entries_find() looks a name up.
 *             entries_parse() and entries_write() for one on its own.
 * Owns:       names are copies; the map owns what entries_get() returns,
 *             entries_forget() frees it all.
 * Fails:      ERR_NOTFOUND when it is not there, ERR_INVALID when it is
 *             no tree or a damaged one.
 * Knows:      git's format and its order, in which a directory counts as if
 *             its name ended in '/'.
 */
#ifndef REPO_ENTRIES_H
#define REPO_ENTRIES_H

#include <stdbool.h>
#include <stddef.h>
#include "repo/repo.h"

struct map;

/* The modes git knows, as in the octal text of a tree. */
enum {
	MODE_TREE   = 0040000,	/* a directory: another tree */
	MODE_FILE   = 0100644,
	MODE_EXEC   = 0100755,	/* a file that may be run */
	MODE_LINK   = 0120000,	/* symbolic; the blob is where it points */
	MODE_MODULE = 0160000,	/* a commit of another repository */
	MODE_KIND   = 0170000,	/* the bits that tell these apart */
};

struct entry {
	char *name;		/* one part of a path, no slash */
	unsigned mode;
	struct oid id;
};

struct entries {
	struct entry *item;
	size_t nr, alloc;
};
#define ENTRIES_INIT { 0 }

/* The bytes of a tree; `hex_len` is the length of an id in hex. */
int entries_parse(struct entries *out, const char *data, size_t len,
		  size_t hex_len);

/* Read, whatever map there is; "" reads as empty. */
int entries_read(struct entries *out, struct repo *r, const struct oid *tree);

/* Borrowed from the map (id -> struct entries *). */
int entries_get(struct map *seen, struct repo *r, const struct oid *tree,
		const struct entries **out);

/* Free all that entries_get() has put there. */
void entries_forget(struct map *seen);

/* Index, or -1; in git's order (as read), or in any. */
long entries_find(const struct entries *e, const char *name, size_t len);
long entries_scan(const struct entries *e, const char *name, size_t len);

/* Replace or add, keeping no order; mode 0 removes. */
void entries_set(struct entries *e, const char *name, size_t len,
		 unsigned mode, const struct oid *id);

/* Sort, and write a tree unless it is `old`'s (which may be ""). */
int entries_write(struct repo *r, struct entries *e, const struct oid *old,
		  struct oid *out);

/* Empty and usable again. */
void entries_clear(struct entries *e);

#endif
