/*
 * emit - values as YAML text, byte for byte as DVC writes them.
 *
 * Read here:  emit_yaml() for a value in block style as ruamel.yaml 0.19.1
 *             writes it in round-trip mode: indent 2, lists not indented,
 *             folding at 80, quotes only where needed (dvc-formats 0.1).
 *             A collection with an anchor is written once and named after that.
 * Owns:       nothing.
 * Fails:      never; what YAML cannot say in plain text it says in quotes.
 * Knows:      only val; libyaml is not involved.
 */
#ifndef SPEC_EMIT_H
#define SPEC_EMIT_H

#include <stddef.h>

struct buf;
struct val;

/*
 * A whole document: every line ends in LF. `indent` columns stand before
 * each line of the outermost map or list.
 */
void emit_yaml(struct buf *out, const struct val *v, int indent);

/*
 * One "key: value" of a map at `indent` columns, with what is below it; the
 * way to emit one entry of a file whose other bytes stay.
 */
void emit_pair(struct buf *out, const struct val *key, const struct val *value,
	       int indent);

/*
 * One scalar whose first byte stands at column `col`, in a map or list at
 * `indent` columns, or (-1) inside of {} or [], where it is never folded; no LF.
 */
void emit_scalar(struct buf *out, const struct val *v, int col, int indent);

#endif
