/*
 * edit-part - what the files of edit share.
 *
 * Read here:  edit_find() walks down to the key; then one of edit_set(),
 *             edit_add(), edit_drop() changes the bytes, and edit.c proves
 *             that nothing else has changed.
 * Owns:       struct edit_site borrows text and tree; `rest` points into
 *             the key.
 * Fails:      ERR_INVALID where the text leaves no way to do it.
 * Knows:      the text the tree was read from, which must be the very same.
 */
#ifndef SPEC_EDIT_PART_H
#define SPEC_EDIT_PART_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct val;

#define EDIT_DEPTH 258

/* One step of the way down: a value and where its lines must end. */
struct edit_step {
	const struct val *v;
	size_t i;		/* its place in the step before */
	size_t limit;
	bool flow;		/* in braces or brackets, or below some */
};

struct edit_site {
	struct buf *text;
	const char *name;	/* of the file, for messages */
	const char *key;
	bool json;
	struct edit_step step[EDIT_DEPTH];	/* step[0] is the document */
	size_t nr;
	const char *rest;	/* what of the key is not there; "" when all is */
};

/* Fill in step, nr and rest. A key behind an alias is refused. */
int edit_find(struct edit_site *s, const struct val *root);

/* Give the scalar found another value. */
int edit_set(struct edit_site *s, const struct val *value);

/* Add what is left of the key to the map found. */
int edit_add(struct edit_site *s, const struct val *value);

/* Remove the entry found. */
int edit_drop(struct edit_site *s);

/* One scalar as it may stand on one line; `old` says which quotes to keep. */
void edit_scalar(struct buf *out, const struct edit_site *s,
		 const struct val *value, const struct val *old);

#endif
