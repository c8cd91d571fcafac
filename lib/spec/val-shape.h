/*
 * val-shape - does a tree of values have the keys and types it may have?
 *
 * Read here:  write the allowed keys as a table of struct shape, ended by a
 *             NULL key; shape_check() compares a map with it, all the way
 *             down. shape_fail() writes the same kind of message for rules
 *             that a table cannot say. shape_near() finds what was meant.
 * Owns:       nothing; tables are static const, values are borrowed.
 * Fails:      ERR_INVALID "FILE: line N: unknown key 'dep' in stage 'train'
 *             (did you mean 'deps'?)" and the like, always one line.
 * Knows:      only val; what the keys mean is its callers' business.
 */
#ifndef SPEC_VAL_SHAPE_H
#define SPEC_VAL_SHAPE_H

#include <stdbool.h>
#include <stddef.h>

struct val;

/* What a value may be; several bits mean any of them. */
enum shape_is {
	SHAPE_TEXT   = 1 << 0,	/* without NUL bytes, as all text here */
	SHAPE_BOOL   = 1 << 1,
	SHAPE_INT    = 1 << 2,	/* a BOOL will do, as in Python */
	SHAPE_SUM    = 1 << 3,	/* a hash: null, "", or 3 and more characters */
	SHAPE_NULL   = 1 << 4,
	SHAPE_LIST   = 1 << 5,	/* of anything */
	SHAPE_MAP    = 1 << 6,	/* of anything */
	SHAPE_ANY    = 1 << 7,
	SHAPE_TEXTS  = 1 << 8,	/* a list of texts */
	SHAPE_SUB    = 1 << 9,	/* a map with the keys of table `sub` */
	SHAPE_ITEMS  = 1 << 10,	/* a list; each item fits the one row `sub` */
	SHAPE_EACH   = 1 << 11,	/* a map with text keys; each value fits `sub` */
	SHAPE_MUST   = 1 << 12,	/* the key may not be left out */
	SHAPE_ONE    = 1 << 13,	/* at most one entry */
	SHAPE_SOME   = 1 << 14,	/* at least one entry */
};

struct shape {
	const char *key;	/* "" in a row that stands alone */
	unsigned is;
	const struct shape *sub;
};

/* Where we are, for messages; `up` is what it stands in. */
struct shape_where {
	const char *file;
	const char *kind;	/* "stage", or NULL */
	const char *name;	/* NULL: the file itself */
	const struct shape_where *up;
};

/* `v` must be a map whose keys and values the table allows. */
int shape_check(const struct shape_where *w, const struct shape *table,
		const struct val *v);

/* "FILE: line N: stage 'train', 'model': MESSAGE"; ERR_INVALID. */
int shape_fail(const struct shape_where *w, int line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* The same with ", column N" behind the line, unless `column` is 0. */
int shape_at(const struct shape_where *w, int line, int column,
	     const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* "a number", "a list", ...: what a value is, for messages. Borrowed. */
const char *shape_kind(const struct val *v);

/*
 * True when `word` looks like a slip of the finger for `meant` and is nearer
 * to it than *best, which is then updated; start with SIZE_MAX.
 */
bool shape_near(const char *word, const char *meant, size_t *best);

#endif
