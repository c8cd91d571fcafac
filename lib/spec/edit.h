/*
 * edit - changing values in a file and leaving every other byte.
 *
 * Read here:  edit_expand() makes of the words after -S those of each run (one
 *             run, unless a word sweeps over several values); edit_parse()
 *             one word; edit_apply_all() the edits of one file, in order, to
 *             its text. edit_apply() does one.
 * Owns:       struct edit its strings, struct edit_runs its words; the text
 *             is the caller's.
 * Fails:      ERR_INVALID for a word that Hydra's grammar or DVC refuse, and
 *             for what a file cannot say without touching more than the value
 *             (a key reached through an alias); ERR_NOTFOUND when the key does
 *             not exist (hint: '+key=value'); ERR_EXISTS when '+' names an
 *             existing one. The text is unchanged then.
 * Knows:      no disk. The grammar is that of Hydra 1.3, the meaning that of
 *             DVC's apply_overrides (dvc-formats 8.5): maps are merged, lists
 *             replaced, '${key}' becomes the value of that key. Only the
 *             layout is ours: DVC writes the whole file anew.
 */
#ifndef SPEC_EDIT_H
#define SPEC_EDIT_H

#include <stdbool.h>
#include <stddef.h>
#include "spec/val.h"

struct buf;
struct strs;

enum edit_op { EDIT_SET, EDIT_ADD, EDIT_PUT, EDIT_DROP };

struct edit {
	enum edit_op op;
	char *file;		/* "params.yaml" unless named */
	char *key;		/* dotted */
	struct val value;	/* any; null for EDIT_DROP, unless: */
	bool only;		/* EDIT_DROP only if this is the value */
};
#define EDIT_INIT { 0 }

/* One word, which must not sweep. */
int edit_parse(struct edit *out, const char *arg);

/* The last part of `name` chooses the format; `name` stands in messages. */
int edit_apply(struct buf *text, const char *name, const struct edit *e);
int edit_apply_all(struct buf *text, const char *name, const struct edit *e,
		   size_t nr);

void edit_clear(struct edit *e);

struct edit_runs {
	struct strs *item;	/* the words of each run, as -S takes them */
	size_t nr;
	bool sweep;		/* a word swept, so they are written anew */
};

/*
 * The product of all sweeps, the first word varying slowest, as DVC queues
 * them; in a sweep the last of several words with one key counts. At most
 * 10,000 runs.
 */
int edit_expand(struct edit_runs *out, const struct strs *words);

void edit_runs_clear(struct edit_runs *r);

#endif
