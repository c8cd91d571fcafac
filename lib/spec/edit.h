/*
 * edit - changing one value in a file and leaving every other byte.
 *
 * Read here:  edit_parse() what the user typed after -S; edit_apply() to the
 *             text of a YAML or JSON file.
 * Owns:       struct edit its strings; the text is the caller's.
 * Fails:      ERR_INVALID for a word that is no edit, a value that is no
 *             scalar, a key reached through an alias; ERR_NOTFOUND when the
 *             key does not exist (hint: '+key=value'); ERR_EXISTS when '+'
 *             names an existing one. The text is unchanged then.
 * Knows:      no disk. Grammar: dvc-formats 8.5 (here key=v, +key=v,
 *             ++key=v, ~key, each with an optional "file:" before it).
 */
#ifndef SPEC_EDIT_H
#define SPEC_EDIT_H

#include <stdbool.h>
#include "spec/val.h"

struct buf;

enum edit_op { EDIT_SET, EDIT_ADD, EDIT_PUT, EDIT_DROP };

struct edit {
	enum edit_op op;
	char *file;		/* "params.yaml" unless named */
	char *key;		/* dotted */
	struct val value;	/* a scalar; unused for EDIT_DROP */
};
#define EDIT_INIT { 0 }

int edit_parse(struct edit *out, const char *arg);

/* `name` chooses the format by its suffix and stands in messages. */
int edit_apply(struct buf *text, const char *name, const struct edit *e);

void edit_clear(struct edit *e);

#endif
