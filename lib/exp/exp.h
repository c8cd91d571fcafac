/*
 * exp - one experiment: a named commit below a baseline.
 *
 * Read here:  exp_find() what a user named; exp_list() those of a baseline or
 *             all; exp_load() adds commit and record; exp_create() makes one
 *             durable in the order of design 4: commit, note, the ref last.
 * Owns:       its strings; struct exps owns its items.
 * Fails:      ERR_NOTFOUND "no experiment 'x'" with near names as a hint;
 *             ERR_INVALID for a name of several experiments (all are listed,
 *             hint how to say which); ERR_EXISTS for a name that is taken.
 * Knows:      refs/exps/<2>/<rest>/<name> as DVC lays it out, and
 *             refs/git-exp/failed/<2>/<rest>/<name>; DVC's reserved names
 *             (stash, apply, celery, exec, temp) are not experiments.
 */
#ifndef EXP_EXP_H
#define EXP_EXP_H

#include <stdbool.h>
#include "exp/record.h"
#include "repo/commit.h"
#include "repo/repo.h"

enum exp_kind { EXP_DONE, EXP_FAILED, EXP_TRASH };

struct exp {
	enum exp_kind kind;
	char *name;
	char *ref;		/* full */
	struct oid baseline, id;
	struct commit commit;	/* after exp_load() */
	struct record record;	/* after exp_load(); v is 0 if there is none */
	bool loaded;
};
#define EXP_INIT { 0 }

struct exps {
	struct exp *item;
	size_t nr, alloc;
};
#define EXPS_INIT { 0 }

/* Those below one baseline, or all when `baseline` is NULL. By ref name. */
int exp_list(struct exps *out, struct repo *r, enum exp_kind kind,
	     const struct oid *baseline);

/* Commit and record (note, or header) of each; one walk over all notes. */
int exp_load(struct exps *list, struct repo *r);
int exp_load_one(struct exp *e, struct repo *r);

/* Newest commit first; of the same second, the larger id first (DVC). */
void exp_sort(struct exps *list);

/*
 * What the user named (design 5): a full ref, an exact name below HEAD's
 * baseline, an exact name that is unique, <baseline>:<name>, a commit id.
 * With `failed`, failed experiments are found too, after finished ones.
 */
int exp_find(struct exp *out, struct repo *r, const char *word, bool failed);

/* "refs/exps/aa/bbbb.../name"; caller frees. */
char *exp_ref(enum exp_kind kind, const struct oid *baseline, const char *name);

/* A pronounceable name that no experiment of this baseline has; caller frees. */
int exp_new_name(char **out, struct repo *r, const struct oid *baseline);

/* ERR_EXISTS when there is one, finished or failed; ERR_INVALID for a bad name. */
int exp_name_free(struct repo *r, const struct oid *baseline,
		  const char *name);

struct exp_new {
	enum exp_kind kind;
	const char *name;
	struct oid baseline, tree;
	const char *author, *committer;
	const char *message;	/* verbatim */
	const struct record *record;
	const char *log;	/* for refs/notes/exps-log, or NULL */
	size_t log_len;
	struct oid replaces;	/* the ref's expected old value, or "" */
};

/* `out` gets the commit. */
int exp_create(struct repo *r, const struct exp_new *n, struct oid *out);

/* Add one edit line to the note of an experiment. */
int exp_note_line(struct repo *r, const struct exp *e, const char *by,
		  const char *key, const struct val *value);

void exp_clear(struct exp *e);
void exps_clear(struct exps *list);

#endif
