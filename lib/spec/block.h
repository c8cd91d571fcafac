/*
 * block - the lines that one entry of a YAML map takes up.
 *
 * Read here:  block_lines() finds the lines of an entry from the positions
 *             that val_yaml() left in the tree; block_put() adds or replaces
 *             one entry of a top-level map ("stages") and leaves every other
 *             byte alone. block_merge() changes an entry only where it
 *             differs. lock, dvcfile and edit all change text this way.
 * Owns:       nothing.
 * Fails:      block_put() says false for a map in flow style, where entries
 *             have no lines of their own; callers then write it all anew.
 *             block_merge() says false where it cannot keep what should stay
 *             (aliases); the text is unchanged then.
 * Knows:      the text the tree was read from, which must be the very same.
 */
#ifndef SPEC_BLOCK_H
#define SPEC_BLOCK_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct val;

struct block {
	size_t at, end;		/* whole lines, the last LF included */
};

/* Where the line that holds byte `at` begins (behind a byte order mark), and
   where the next one does. */
size_t block_line(const char *text, size_t at);
size_t block_next(const char *text, size_t len, size_t at);

/*
 * The bytes of entry `i` of a block map whose own lines end before `limit`
 * (the text's length for the outermost map). Comments and blank lines that
 * follow and stand no deeper than the key are not part of it.
 */
struct block block_lines(const char *text, const struct val *map, size_t i,
			 size_t limit);

/* The `limit` for what stands below entry `i`: where its next sibling begins. */
size_t block_limit(const char *text, const struct val *map, size_t i,
		   size_t limit);

/*
 * The column of the map's keys; -1 when none of them stands in the text, or
 * one not at the beginning of a line that ends in LF.
 */
int block_column(const char *text, const struct val *map);

/* True when entries of this map have lines of their own. */
bool block_is(const struct val *map);

/*
 * Put "name: value" into the map `section` of `text`, of which `root` is the
 * tree (a map). The section is made when it is not there. `out` gets the
 * lines written.
 */
bool block_put(struct buf *text, const struct val *root, const char *section,
	       const char *name, const struct val *value, struct block *out);

/*
 * Make entry `name` of `section`, which must be there, equal to `value` the
 * way DVC does: keys and items that are the same keep their bytes, their
 * place and their comments, new keys follow the old ones, keys that `value`
 * lacks go, a list of another length is replaced, what stood in braces does
 * so still. `section` NULL: `name` is ignored, the whole map is meant.
 */
bool block_merge(struct buf *text, const struct val *root, const char *section,
		 const char *name, const struct val *value);

#endif
