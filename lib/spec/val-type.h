/*
 * val-type - the types that YAML tags ask for; a part of val.
 *
 * Read here:  val_tagged() for "!!int 5" and the like; untagged text goes
 *             through val_scalar() of val.h.
 * Owns:       nothing.
 * Fails:      false, with `out` in any state, when the text is no such value
 *             or nobody here knows the tag; the reader says so with a line.
 * Knows:      only val.
 */
#ifndef SPEC_VAL_TYPE_H
#define SPEC_VAL_TYPE_H

#include <stdbool.h>
#include <stddef.h>

struct val;

/* `tag` is what follows "tag:yaml.org,2002:", as in "int" or "str". */
bool val_tagged(struct val *out, const char *tag, const char *s, size_t len);

#endif
