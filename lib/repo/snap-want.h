/*
 * snap-want - which untracked files belong in a snapshot.
 *
 * Read here:  private to lib/repo. want_begin(), want_offer() each untracked
 *             path that git lists, want_end() adds those that go in.
 * Owns:       the candidates, until want_end().
 * Fails:      never; what is left out is counted and named in the snap.
 * Knows:      the rules of design 4: names that may hold secrets never,
 *             declared dependencies of any size, the rest within limits,
 *             all or nothing.
 */
#ifndef REPO_SNAP_WANT_H
#define REPO_SNAP_WANT_H

#include <stdbool.h>
#include <stdint.h>
#include "repo/snap.h"

struct want {
	struct snap *snap;
	const struct snap_want *rules;
	struct strs rest;	/* within the limit of one file */
	struct strs left;	/* not taken */
	uint64_t total;
};

void want_begin(struct want *w, struct snap *s, const struct snap_want *rules);

/* `path` below the top, as git lists it; takes it at once where that is sure. */
void want_offer(struct want *w, const char *path, struct strs *add);

void want_end(struct want *w, struct strs *add);

/* A name that may hold a secret; noted in `s` when it does. */
bool want_secret(struct snap *s, const char *path);

#endif
