/*
 * rows - the revisions of a table: work tree, baselines, their experiments.
 *
 * Read here:  struct rows r = ROWS_INIT; rows_collect() chooses baselines as
 *             DVC's `exp show` does and loads what each says; walk r.item:
 *             the work tree, then each baseline followed by its experiments,
 *             newest first, failed ones last. rows_json() writes them in
 *             DVC's shape.
 * Owns:       all below it; exp_*() structs included.
 * Fails:      ERR_NOTFOUND for a revision that nobody knows. A revision that
 *             cannot be read is a row with an error, not a failure.
 * Knows:      Git through repo; an experiment of several commits is one row
 *             whose `older` are the others. No text, no columns.
 */
#ifndef EXP_ROWS_H
#define EXP_ROWS_H

#include <stdbool.h>
#include <stdint.h>
#include "base/strs.h"
#include "exp/exp.h"
#include "spec/val.h"

struct buf;
struct cache;
struct src;

enum row_kind { ROW_WORKSPACE, ROW_BASELINE, ROW_EXP };

struct row {
	enum row_kind kind;
	struct oid rev;		/* "" for the work tree */
	char *name;		/* branch, tag, experiment; or NULL */
	int64_t time;		/* of the commit, seconds since 1970 */
	struct val data;	/* as from view_load(); NULL when it failed */
	char *type, *message;	/* then: why */
	struct exp exp;		/* ROW_EXP */
	struct row *older;	/* ROW_EXP: towards the baseline, newest first */
	size_t nr_older;
	bool last;		/* of its baseline */
};

struct rows {
	struct row *item;
	size_t nr, alloc;
};
#define ROWS_INIT { 0 }

struct rows_want {
	struct repo *repo;
	const char *prefix;	/* the project below the Git top, or "" */
	struct src *disk;	/* the work tree, or NULL for no such row */
	const char *exclude;	/* as for view_load() */
	struct cache *cache;	/* or NULL */
	struct strs revs;	/* baselines; HEAD when nothing is asked for */
	bool all_commits, all_branches, all_tags;
	int num;		/* first parents of each; < 0: all of them */
	bool hide_failed, param_deps;
	bool sha;		/* baselines have no names */
	const struct strs *targets;	/* as for view_load() */
};

int rows_collect(struct rows *out, const struct rows_want *want);

/* DVC's shape on one line without LF; "[]" when there is nothing. */
void rows_json(struct buf *out, const struct rows *rows);

/* One revision, loaded: `id` or, when it is NULL, the work tree. */
int rows_load(struct row *out, const struct rows_want *want,
	      const struct oid *id);

/* The message of a failed run: "failed: train exited 1"; caller frees. */
char *row_why(const struct row *row);

void row_clear(struct row *row);
void rows_clear(struct rows *rows);

/* --- choosing baselines --------------------------------------------------- */

/* The commits that `want` asks for, once each, in order. */
struct rows_pick {
	struct oid *item;
	size_t nr, alloc;
};
int rows_pick(struct rows_pick *out, const struct rows_want *want);

/*
 * The name of each in `pick`, or NULL: HEAD's branch, else a tag, else a
 * branch. `name` has pick->nr places; the caller frees what is put there.
 */
int rows_name(char **name, struct repo *r, const struct rows_pick *pick);

/*
 * Every branch and tag that was asked for, joined by commas; the whole id
 * where all commits were. As rows_name().
 */
int rows_names(char **name, const struct rows_want *want,
	       const struct rows_pick *pick);

/* A revision, or an experiment's name. */
int rows_resolve(struct oid *out, struct repo *r, const char *word);

#endif
