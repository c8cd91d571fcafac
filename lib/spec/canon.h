/*
 * canon - values as JSON text, the way Python prints it.
 *
 * Read here:  canon_json() for everything DVC hashes (dvc-formats 0.3: ", "
 *             and ": ", ASCII only, keys sorted, Python's floats) and for
 *             every --json of ours (unsorted). One line, no LF at the end.
 * Owns:       nothing.
 * Fails:      ERR_INVALID for a date when CANON_STRICT (DVC fails on them too).
 * Knows:      only val.
 */
#ifndef SPEC_CANON_H
#define SPEC_CANON_H

#include <stddef.h>

struct buf;
struct val;

enum canon_flags {
	CANON_SORT      = 1 << 0,	/* keys by code point, every level */
	CANON_NO_SIZES  = 1 << 1,	/* leave out "size" and "nfiles", any depth */
	CANON_STRICT    = 1 << 2,	/* dates are an error, not a string */
	CANON_COMPACT   = 1 << 3,	/* "," and ":" without spaces (our records) */
};

int canon_json(struct buf *out, const struct val *v, unsigned flags);

/* A string in JSON quotes, ASCII escaped. */
void canon_str(struct buf *out, const char *s, size_t len);

/* repr(float): "0.1", "1e-05", "1.0", "nan", "inf" (JSON says NaN, Infinity). */
void canon_float(struct buf *out, double f);

/* str() of a value as Python prints it in tables: True, None, [1, 'a'], 0.5. */
void canon_python(struct buf *out, const struct val *v);

#endif
