/*
 * lay - laying files of a tree into the work tree, index untouched.
 *
 * Read here:  lay_paths() makes the named files what a tree says (removing
 *             those it lacks); lay_changed() lists where two trees differ.
 * Owns:       a private index in the git dir while it works.
 * Fails:      as git; ERR_EXISTS when a directory stands where a file must.
 * Knows:      git itself writes the files, so smudge filters, line ends,
 *             modes and links come out as by a checkout, and no path leaves
 *             the work tree.
 */
#ifndef STORY_LAY_H
#define STORY_LAY_H

#include "repo/repo.h"

struct strs;

/* Paths below the git top. Parents that become empty are removed. */
int lay_paths(struct repo *r, const struct oid *tree, const struct strs *paths);

/* The paths that differ between two trees, sorted. `a` may be "". */
int lay_changed(struct strs *out, struct repo *r, const struct oid *a,
		const struct oid *b);

#endif
