/*
 * edit-toml - what the files that change TOML share; parts of edit.
 *
 * Read here:  edit_toml() of edit-part.h decides what to do; toml_find() says
 *             which headers and pairs of the text belong to a key, toml_lines()
 *             which lines they take; toml_inline() writes a value.
 * Owns:       struct toml_found its strings and places.
 * Fails:      toml_inline() is false for null, which TOML has not.
 * Knows:      the text as it stands; whoever changes it looks again.
 */
#ifndef SPEC_EDIT_TOML_H
#define SPEC_EDIT_TOML_H

#include <stdbool.h>
#include <stddef.h>
#include "base/strs.h"

struct buf;
struct val;

/* One change: of the map it is about, or of an entry of that. */
struct toml_job {
	struct buf *text;
	const char *name, *key;	/* for messages */
	struct strs where;	/* of a map: names and numbers from the root */
	struct strs title;	/* the names alone, as in its header */
	const struct val *map;
};

/* A header or a pair of the text. */
struct toml_place {
	bool header;
	bool inside;		/* below the key looked for, or that itself */
	bool own;		/* a header: of exactly it; a pair: right in it */
	size_t at, end;		/* from the key or '[' to the value or ']' */
	size_t stem;		/* a dotted pair: where its part of that key ends,
				   as the b of "b.c = 1" below [a] for a.b */
};

struct toml_found {
	const struct strs *want;	/* names and numbers from the root */
	const struct buf *text;
	struct toml_place *item;
	size_t nr, alloc;
};

/* All headers and pairs, and how they stand to the key `want`. */
void toml_find(struct toml_found *f, const struct buf *text,
	       const struct strs *want);
void toml_found_clear(struct toml_found *f);

/* The lines of one place: for a header up to what belongs to the next one. */
void toml_lines(const struct toml_found *f, size_t i, size_t *from, size_t *to);

/* Where the line begins, and where the next one does. */
size_t toml_line_at(const struct buf *text, size_t at);
size_t toml_line_end(const struct buf *text, size_t at);

/* Where something in front of the header at `at` goes: above its comments. */
size_t toml_above(const struct buf *text, size_t at);

/* A value on one line; `old` says which quotes to keep, or is NULL. */
bool toml_inline(struct buf *out, const struct val *v, const struct val *old);

/* A key, bare where that will do. */
void toml_name(struct buf *out, const char *s, size_t len);

/* --- for the files of edit-toml alone --------------------------------------- */

/* Refuse, because the text leaves no way; ERR_INVALID. */
int toml_refuse(const struct toml_job *j, const char *why);

/* "[a.b]" and LF. */
void toml_title(struct buf *b, const struct strs *names);

/* Replace bytes by lines that end in LF, in the file's own line ends. */
void toml_put_lines(struct toml_job *j, size_t at, size_t len,
		    const struct buf *lines);

/*
 * Remove all headers and pairs of an entry of the map; if nothing else says
 * that there is such a map, its own header or "key = {}" comes instead.
 */
int toml_drop_lines(struct toml_job *j, const char *entry);

/* Remove "a = 1, " from an inline table. */
int toml_drop_inline(struct toml_job *j, const struct val *key,
		     const struct val *item);

#endif
