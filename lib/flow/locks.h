/*
 * locks - the dvc.lock of every dvc.yaml, together.
 *
 * Read here:  locks_read() all of a pipeline; locks_entry() of a stage;
 *             locks_put() what a stage's run found, which is on disk when it
 *             returns.
 * Owns:       the locks and copies of what was put.
 * Fails:      as lock_read() and lock_write().
 * Knows:      the order: new entries stand in the file in the order of their
 *             `rank`, whichever was put first, so that parallel runs write
 *             the same bytes as one after another.
 */
#ifndef FLOW_LOCKS_H
#define FLOW_LOCKS_H

#include "base/map.h"
#include "spec/lock.h"

struct src;
struct pipe;
struct stage;

struct locks {
	struct map file;	/* "sub/dvc.yaml" -> its state, private */
};
#define LOCKS_INIT { MAP_INIT }

int locks_read(struct locks *l, struct src *src, const struct pipe *p);

/* The lock beside a dvc.yaml, or NULL (for tests: made empty by locks_add). */
struct lock *locks_file(const struct locks *l, const char *dvcyaml);
struct lock *locks_add(struct locks *l, const char *dvcyaml,
		       const char *text);

/* What was recorded, or NULL: it never ran (or is a .dvc file). Borrowed. */
const struct lock_entry *locks_entry(const struct locks *l,
				     const struct stage *s);

/* Put an entry and write its dvc.lock below `root` (NULL: do not write). */
int locks_put(struct locks *l, const struct stage *s, size_t rank,
	      const struct lock_entry *e, const char *root);

void locks_clear(struct locks *l);

#endif
