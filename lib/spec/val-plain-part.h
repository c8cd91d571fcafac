/*
 * val-plain-part - what the files of val-plain share.
 *
 * Read here:  val-plain.c reads collections, val-plain-text.c scalars and keys.
 *             plain_next() goes to the next token; each of the others begins
 *             at one, and plain_scalar() ends at the next.
 * Owns:       struct plain: one pass over one text.
 * Fails:      false where libyaml must look.
 * Knows:      only val. Columns are bytes: before a token stand only spaces
 *             and dashes.
 */
#ifndef SPEC_VAL_PLAIN_PART_H
#define SPEC_VAL_PLAIN_PART_H

#include <stdbool.h>
#include "base/buf.h"

struct val;

struct plain {
	const char *text, *end;
	const char *s, *bol;	/* where we are, and its line begins */
	int line, depth;
	long col;		/* of the next token; -1 at the end */
	struct buf b;		/* a scalar that is not as it stands */
};

/* Past blanks, line ends and comments. */
bool plain_next(struct plain *r);

/* Is there a blank, a line end, or the end of all? */
bool plain_blank(const struct plain *r, const char *s);

/* A scalar whose further lines stand deeper than column `col`. */
bool plain_scalar(struct plain *r, long col, struct val *out);

/* Is it a key, with a ":" behind it? Then plain_key() reads both. */
bool plain_at_key(const struct plain *r);
bool plain_key(struct plain *r, struct val *key);

void plain_place(const struct plain *r, struct val *v, const char *at,
		 const char *end, int line);

#endif
