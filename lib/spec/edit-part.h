/*
 * edit-part - what the files of edit share that change a text.
 *
 * Read here:  edit_want() does one edit to the tree, edit_settle() what comes
 *             when all are done; edit_diff() says what a text of one tree lacks
 *             to be of the other, edit_find() where that is;
 *             then one of edit_set(), edit_add(), edit_drop() changes the
 *             bytes, and edit.c proves that nothing else has changed.
 * Owns:       struct edit_site borrows text and tree, struct edit_change the
 *             wanted tree.
 * Fails:      ERR_INVALID where the text leaves no way to do it.
 * Knows:      the text the tree was read from, which must be the very same.
 */
#ifndef SPEC_EDIT_PART_H
#define SPEC_EDIT_PART_H

#include <stdbool.h>
#include <stddef.h>
#include "spec/val.h"

struct buf;
struct edit;

#define EDIT_DEPTH 258

/* --- trees ---------------------------------------------------------------- */

/* What DVC's apply_overrides makes of the tree; `name` is for messages. */
int edit_want(struct val *root, const struct edit *e, const char *name);

/*
 * When all edits are done: values for "${a.b}" in texts that no file said
 * (their line is 0), "???" refused, and keys made texts (JSON has no others).
 */
int edit_settle(struct val *root, const char *name, bool texts);

/* The value that a part of a key names, or NULL; `len` bytes of `part`. */
struct val *edit_child(const struct val *v, const char *part, size_t len);

enum edit_what { EDIT_SAME, EDIT_CHANGE, EDIT_MORE, EDIT_LESS };

/* The first difference: where in the old tree, and what to do about it. */
struct edit_change {
	enum edit_what what;
	size_t path[EDIT_DEPTH], nr;
	const struct val *key;		/* EDIT_MORE: of what `path` names */
	const struct val *value;
};

/* Same kind and value; the order of keys does not count. */
void edit_diff(struct edit_change *out, const struct val *old,
	       const struct val *want);

/*
 * The same for TOML and Python, which have files of their own; `key` is for
 * messages. In Python nothing can be added or removed, as in DVC.
 */
int edit_toml(struct buf *text, const char *name, const struct val *root,
	      const struct edit_change *c, const char *key);
int edit_py(struct buf *text, const char *name, const struct val *root,
	    const struct edit_change *c, const char *key);

/* --- texts ---------------------------------------------------------------- */

/* In YAML or JSON a document like "null" or "[]" goes before keys can come. */
void edit_room(struct buf *text, bool json);

/* One step of the way down: a value and where its lines must end. */
struct edit_step {
	const struct val *v;
	size_t i;		/* its place in the step before */
	size_t limit;
	bool flow;		/* in braces or brackets, or below some */
};

struct edit_site {
	struct buf *text;
	const char *name;	/* of the file, for messages */
	const char *key;	/* dotted, for messages */
	bool json;
	struct edit_step step[EDIT_DEPTH];	/* step[0] is the document */
	size_t nr;
};

/* Fill in step and nr. What is behind an alias is refused. */
int edit_find(struct edit_site *s, const struct val *root,
	      const struct edit_change *c);

/* Give what was found another value. */
int edit_set(struct edit_site *s, const struct val *value);

/* Add an entry to the map found. */
int edit_add(struct edit_site *s, const struct val *key,
	     const struct val *value);

/* Remove the entry found. */
int edit_drop(struct edit_site *s);

/* "FILE: cannot change 'KEY': WHY"; ERR_INVALID. */
int edit_stuck(const struct edit_site *s, const char *why);

/*
 * A value as it may stand on one line, collections in braces and brackets;
 * `old` says which quotes to keep, or is NULL.
 */
void edit_inline(struct buf *out, const struct edit_site *s,
		 const struct val *value, const struct val *old);

/* "key: value" as it stands inside braces. */
void edit_pair(struct buf *out, const struct edit_site *s,
	       const struct val *key, const struct val *value);

/* A collection that has lines of its own gets another value. */
int edit_lines(struct edit_site *s, const struct val *value);

/* Put a map below the null found, whose own key has a line. */
int edit_below(struct edit_site *s, const struct val *value);

/* Replace bytes by whole lines, in the file's own line ends. */
void edit_splice(struct buf *text, size_t at, size_t len,
		 const struct buf *lines);

/* Behind the colon of the entry found, anchors and tags; 0 if unclear. */
size_t edit_colon(const struct edit_site *s);

#endif
