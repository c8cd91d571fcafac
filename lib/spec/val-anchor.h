/*
 * val-anchor - what &names stand for while a YAML text is read; a part of val.
 *
 * Read here:  anchors_begin() before the value is read, so that an alias
 *             inside of it is noticed; anchor_end() after it; anchors_use()
 *             for every *alias. A name may be given again: the last one counts.
 * Owns:       a copy of every anchored value.
 * Fails:      anchors_use() says why, or NULL; the reader knows the line.
 * Knows:      only val. Aliases may add a million values to a tree, not more.
 */
#ifndef SPEC_VAL_ANCHOR_H
#define SPEC_VAL_ANCHOR_H

#include <stddef.h>
#include "base/map.h"

struct val;
struct anchor;

#define VAL_DEPTH_MAX 256

struct anchors {
	struct map last;	/* the last anchor of each name */
	struct anchor *all;	/* all there ever were, to free them */
	size_t added;
};
#define ANCHORS_INIT { .last = MAP_INIT }

/* The anchor stays theirs. */
struct anchor *anchors_begin(struct anchors *a, const char *name);
void anchor_end(struct anchor *a, const struct val *v);

/* Copy what `name` stands for; `depth` collections are open around it. */
const char *anchors_use(struct anchors *a, const char *name, size_t depth,
			struct val *out);

/* Say of a value and all below it that it was not written where it stands. */
void val_mark_alias(struct val *v);

/* Past any &anchor and !tag that stand at `at`: they are no part of the value. */
size_t anchor_skip(const char *s, size_t len, size_t at);

void anchors_clear(struct anchors *a);

#endif
