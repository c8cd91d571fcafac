/*
 * emit-part - what emit.c and emit-scalar.c share; a part of emit.
 *
 * Read here:  struct emitter is the pen: where it stands, and what it wrote
 *             last. part_scalar() chooses a style and writes; part_indent()
 *             begins a new line unless the pen stands well already.
 * Owns:       nothing; `out` is the caller's.
 * Fails:      never.
 * Knows:      only val. An indent of -1 is that of no collection at all.
 */
#ifndef SPEC_EMIT_PART_H
#define SPEC_EMIT_PART_H

#include <stdbool.h>

struct buf;
struct val;

struct emitter {
	struct buf *out;
	int col;		/* in characters */
	bool space;		/* the last thing was white space */
	bool begun;		/* only spaces and dashes on this line so far */
};

enum place {			/* where a value stands */
	AT_ROOT, IN_LIST, IN_MAP, AS_KEY, IN_FLOW,
};

/* To a line of its own at `indent`; stays on this one after dashes. */
void part_indent(struct emitter *e, int indent);

/* Text of a punctuation mark; `apart`: with a space before it when needed. */
void part_mark(struct emitter *e, const char *mark, bool apart);

/* A scalar whose later lines stand at `indent`. True when it was plain. */
bool part_scalar(struct emitter *e, const struct val *v, int indent,
		 enum place place);

/* True when the key fits before a ":" on one line. */
bool part_simple_key(const struct val *key);

#endif
