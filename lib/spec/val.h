/*
 * val - a tree of values: what YAML, JSON, TOML and Python files say.
 *
 * Read here:  struct val v = VAL_INIT; val_yaml() or one of its sisters fills
 *             it; val_get(), val_path() look into it; val_clear(). Maps keep
 *             the order of the file. Values typed as DVC types them: YAML 1.2
 *             as ruamel.yaml reads it (dvc-formats 0.2), JSON as Python does,
 *             TOML as tomlkit, Python literals as Python's ast.
 * Owns:       everything below it. What val_get() and friends return is
 *             borrowed and dies when the tree changes.
 * Fails:      ERR_INVALID with "NAME: line N: why" for text that is not what
 *             it should be, has a duplicate key (YAML, TOML), an unknown
 *             alias, nests deeper than 256, or grows too much by its aliases.
 * Knows:      nothing of files; `name` is only for messages.
 */
#ifndef SPEC_VAL_H
#define SPEC_VAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum val_kind {
	VAL_NULL, VAL_BOOL, VAL_INT, VAL_FLOAT, VAL_STR,
	VAL_DATE,	/* a date, time or timestamp; DVC cannot hash these */
	VAL_LIST, VAL_MAP,
};

enum val_style {	/* how a scalar or collection stood in the file */
	VAL_PLAIN, VAL_SINGLE, VAL_DOUBLE, VAL_LITERAL, VAL_FOLDED,
	VAL_BLOCK, VAL_FLOW,
};

struct val {
	enum val_kind kind;
	bool b;			/* BOOL */
	bool alias;		/* came through *alias or <<: not to be edited */
	enum val_style style;
	int line;		/* where it begins, from 1; 0 when made by hand */
	char *s;		/* STR: text; INT: digits as Python prints them,
				   any length; DATE: as written; else NULL */
	size_t len;		/* bytes of s (a STR may hold NUL) */
	double f;		/* FLOAT */
	struct val *item;	/* LIST: the items; MAP: the values */
	struct val *key;	/* MAP: key[i] belongs to item[i] */
	size_t nr, alloc;
	bool twice;		/* MAP from JSON: a key was there twice, the
				   last one won, as for Python */
	size_t at, end;		/* byte range in the text; equal when unknown */
	size_t named;		/* of an alias: 1 + where what it names begins */
	int anchor;		/* for emit: n is &id00n, -n is *id00n */
};

#define VAL_INIT { 0 }

/* --- reading ---------------------------------------------------------- */

/* An empty document is an empty map, as for DVC. */
int val_yaml(struct val *out, const char *text, size_t len, const char *name);
int val_json(struct val *out, const char *text, size_t len, const char *name);
int val_toml(struct val *out, const char *text, size_t len, const char *name);

/*
 * The parameters that a Python file names: literals assigned at the level of
 * the module and of classes, and to self in __init__ (dvc-formats 1.5). Other
 * statements are passed over; a text that is no Python is refused as far as
 * brackets, strings, indentation and the statements read can tell.
 */
int val_py(struct val *out, const char *text, size_t len, const char *name);

/* --- looking ---------------------------------------------------------- */

/* The value of a string key, or NULL (also when v is NULL or no map). */
struct val *val_get(const struct val *v, const char *key);

/*
 * Look up "a.b.0" segment by segment: in maps by the text of the key, in
 * lists by number (dvc-formats 1.5). NULL when there is none.
 */
struct val *val_path(const struct val *v, const char *dotted);

/* The text of a string value, or NULL. */
const char *val_text(const struct val *v);

/* True for a BOOL that is true. */
bool val_true(const struct val *v);

/* A number as int64; false when it is none or does not fit. */
bool val_int64(const struct val *v, int64_t *out);

/* A number (INT, FLOAT, BOOL as 0 or 1) as double; false when it is none. */
bool val_number(const struct val *v, double *out);

/* As Python's ==: 1 equals 1.0 and true; order of maps does not count. */
bool val_equal(const struct val *a, const struct val *b);

/* --- building ---------------------------------------------------------- */

void val_set_null(struct val *v);
void val_set_bool(struct val *v, bool b);
void val_set_int(struct val *v, int64_t n);
void val_set_float(struct val *v, double f);
void val_set_str(struct val *v, const char *s);
void val_set_nstr(struct val *v, const char *s, size_t len);
void val_set_list(struct val *v);	/* empty */
void val_set_map(struct val *v);	/* empty */

/* What was there before is cleared by each of the above. */
void val_copy(struct val *to, const struct val *from);

/*
 * A new null item at the end; borrowed, until the next one is added. In a map
 * its key, key[nr - 1], is null too and is the caller's to set.
 */
struct val *val_add(struct val *list);

/* The value of `key`, added as null when it is not there; borrowed as above. */
struct val *val_put(struct val *map, const char *key);

/* Remove the entry at `at` from a list or map. */
void val_drop(struct val *v, size_t at);

/* Sort a map by the text of its keys (code points), this level only. */
void val_sort(struct val *map);

/* The text of a map key as DVC and JSON show it ("3", "true", "null"). */
void val_key_text(const struct val *key, char **out);	/* caller frees */

void val_clear(struct val *v);

/*
 * A scalar typed as plain YAML 1.2 text would be (used for -S values too).
 * False, and a string, where DVC dies of it: "2020-13-45", "0b_", "<<", "=",
 * a number of more than 4300 digits.
 */
bool val_scalar(struct val *out, const char *text, size_t len);

/* True when plain YAML text of these bytes would be more than a string. */
bool val_typed(const char *text, size_t len);

/*
 * The character at `s` and its bytes. As in Python, a lone surrogate (JSON can
 * say one) is a character, and a byte that is no UTF-8 is 0xdc00 + byte.
 */
size_t val_char(const char *s, size_t len, uint32_t *c);

/* repr(float) of Python: "0.1", "1e-05", "1.0", "nan", "-inf". */
#define VAL_FLOAT_MAX 64
void val_float(double f, char out[VAL_FLOAT_MAX]);

#endif
