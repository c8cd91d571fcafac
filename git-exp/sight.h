/*
 * sight - what show and diff look at: the project here and in revisions.
 *
 * Read here:  struct sight s = SIGHT_INIT; sight_open() after cmd_start();
 *             fill in what is wanted of s.want; sight_close().
 * Owns:       the patterns of info/exclude and the words of want.revs; the
 *             project stays ctx's.
 * Fails:      ERR_NOTFOUND where there is a work tree but no project in it.
 * Knows:      a bare repository has no work tree to look at: want.disk is
 *             NULL there, and the project is what stands at the top.
 */
#ifndef SIGHT_H
#define SIGHT_H

#include "base/buf.h"
#include "exp/rows.h"

struct ctx;

struct sight {
	struct rows_want want;
	struct buf exclude;
};
#define SIGHT_INIT { .want = { .num = 1 }, .exclude = BUF_INIT }

int sight_open(struct sight *s, struct ctx *ctx);

/* A revision, an experiment's name, or "workspace"; row_clear() it. */
int sight_load(struct row *out, struct sight *s, const char *word);

/* ERR_NOTFOUND while there is nothing to compare with. */
int sight_need_commit(const struct sight *s);

/* A path from the project's root as seen from where we stand; caller frees. */
char *sight_path(struct ctx *ctx, const char *path);

/* What a user named, from the project's root; caller frees. */
char *sight_target(struct ctx *ctx, const char *word);

void sight_close(struct sight *s);

#endif
