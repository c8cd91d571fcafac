/*
 * val-toml - what the files of the TOML reader share; parts of val.
 *
 * Read here:  val_toml() of val.h for the values; toml_parts() when the place
 *             of every header and every pair matters too (edit-toml).
 *             Inside: toml_key(), toml_value() read; toml_header(), toml_put()
 *             find where in the tree it belongs and guard the rules of
 *             redefinition.
 * Owns:       struct toml its tables. While the text is read, `len` of a map
 *             and of an array of tables is its number among them, from 1.
 * Fails:      ERR_INVALID "NAME: line N: why". TOML 1.0, and where tomlkit
 *             0.15, which DVC asks, takes or refuses something else, as that.
 * Knows:      only val.
 */
#ifndef SPEC_VAL_TOML_H
#define SPEC_VAL_TOML_H

#include <stdbool.h>
#include <stddef.h>
#include "base/strs.h"
#include "spec/val-map.h"
#include "spec/val.h"

#define TOML_DEPTH 100		/* of values, and of the parts of one key */

enum toml_kind {
	TOML_IMPLIED,	/* named on the way to another: a of [a.b] */
	TOML_HEADER,	/* [a] */
	TOML_DOTTED,	/* a of a.b = 1 */
	TOML_ARRAY,	/* a list: [[a]] */
};

struct toml_table {
	enum toml_kind kind;
	struct keys keys;
};

/* One header or one pair, as it stands in the file. */
struct toml_part {
	bool header;
	const struct strs *table;	/* names and numbers from the root */
	const struct val *key;		/* of a pair: a list of strings */
	const struct val *value;	/* of a pair */
	size_t at, end;			/* from '[' or the key, to the end */
};

struct toml {
	const char *text, *s, *end, *name;
	const char *counted;	/* up to here lines are counted: */
	int line;
	size_t depth;		/* of values */
	size_t base;		/* of the table that is being filled */
	struct val *root, *here;
	struct strs path;	/* of `here` */
	struct toml_table *table;
	size_t nr, alloc;
	void (*on_part)(const struct toml_part *part, void *payload);
	void *payload;
};

/* As val_toml(); `on_part` is called for all parts in their order. */
int toml_parts(struct val *out, const char *text, size_t len, const char *name,
	       void (*on_part)(const struct toml_part *part, void *payload),
	       void *payload);

/* The number of the line where the reader stands. */
int toml_line(struct toml *t);

int toml_fail(struct toml *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* The next character, or NUL at the end; a CR counts as LF. */
char toml_peek(const struct toml *t);

/* Skip spaces and tabs; with `lines` also ends of lines and comments. */
int toml_space(struct toml *t, bool lines);

/* A dotted key as a list of strings. */
int toml_key(struct toml *t, struct val *out);

/* Text in quotes; `many`: three of them make a text of several lines. */
int toml_string(struct toml *t, struct val *out, bool many);

/* A number, date or time. */
int toml_number(struct toml *t, struct val *out);

int toml_value(struct toml *t, struct val *out);

/* --- tables ------------------------------------------------------------ */

/* Make `v` an empty table (TOML_ARRAY: an empty list) of a kind. */
void toml_table(struct toml *t, struct val *v, enum toml_kind kind);

/* Give up the tables made after there were `nr`. */
void toml_forget(struct toml *t, size_t nr);

/* Let `here` be the table of a header; `array` for [[two]] brackets. */
int toml_header(struct toml *t, struct val *key, bool array);

/* Put a value, which is taken over, below `map` under a dotted key. */
int toml_put(struct toml *t, struct val *map, struct val *key,
	     struct val *value);

#endif
