/*
 * drop - what is done to experiments that are there: remove, rename, branch.
 *
 * Read here:  drop_exps() moves refs to the trash, under an undo point;
 *             drop_rename() gives another name; drop_branch() promotes.
 * Owns:       nothing.
 * Fails:      ERR_EXISTS when the new name is taken, ERR_INVALID when git
 *             refuses it, ERR_LOCKED when somebody changed the ref meanwhile.
 * Knows:      refs only: the work tree, index and HEAD are not touched, so
 *             all of it works in a bare repository.
 */
#ifndef STORY_DROP_H
#define STORY_DROP_H

#include <stddef.h>

struct exp;
struct repo;

int drop_exps(struct repo *r, const struct exp *const *list, size_t nr);
int drop_rename(struct repo *r, const struct exp *e, const char *name);

/* Creates refs/heads/<branch>, which must not exist. */
int drop_branch(struct repo *r, const struct exp *e, const char *branch);

#endif
