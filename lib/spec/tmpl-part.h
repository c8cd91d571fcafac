/*
 * tmpl-part - what the files of tmpl share and nobody else needs.
 *
 * Read here:  a struct node is a value that a name stands for, with where it
 *             came from; tmpl-node.c makes, finds and merges them,
 *             tmpl-text.c reads "${...}", tmpl-vars.c the files,
 *             tmpl-each.c foreach and matrix, tmpl-say.c says what is wrong.
 * Owns:       nodes belong to the struct tmpl that made them: to the stage
 *             when it is within one, else to the whole.
 * Fails:      as tmpl.
 * Knows:      as tmpl.
 */
#ifndef SPEC_TMPL_PART_H
#define SPEC_TMPL_PART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/map.h"
#include "spec/tmpl.h"

struct buf;
struct shape_where;

enum node_kind { NODE_ONE, NODE_LIST, NODE_MAP };

struct node {
	enum node_kind kind;
	bool raw;		/* written in the foreach or matrix itself */
	bool file;		/* from a file: its use is remembered */
	bool passing;		/* made within the stage */
	bool owner;		/* `v` is its own */
	const struct node *up;	/* what it stands in, for its path */
	const char *name;	/* its key there, or NULL: */
	uint32_t at;		/* its place in a list */
	uint32_t stamp;		/* the stage that used it last */
	const char *source;	/* "params.yaml", "vars[0]", or NULL */
	struct val *v;		/* ONE: its value, mostly borrowed */
	struct map *kids;	/* MAP: key -> struct node; else NULL */
	struct nodes *item;	/* LIST; else NULL */
};

#define KIDS(n) ((n)->kids ? (n)->kids->nr : 0)
#define ITEMS(n) ((n)->item ? (n)->item->nr : 0)

/* --- nodes ------------------------------------------------------------- */

struct node *node_new(struct tmpl *t, enum node_kind kind);
struct node *node_text(struct tmpl *t, const char *s, size_t len);
void nodes_clear(struct nodes *n);

/* Where a value comes from. */
struct origin {
	const char *source;
	bool file;
};

/*
 * The tree of `v`; keys that are no text are left out, as DVC does. NULL for
 * a date, or when there is too much of it; then it has been said.
 */
struct node *node_tree(struct tmpl *t, const struct shape_where *w,
		       const struct val *v, const struct origin *o);
void node_put(struct node *map, const char *key, struct node *kid);
void node_push(struct node *list, struct node *kid);

/* What the dotted path names, or NULL; then `bad` is the part that is not. */
struct node *node_find(struct tmpl *t, const char *path, size_t len,
		       char **bad);		/* *bad: caller frees */

/* Put all of `from` into the names of the file, or of the stage. */
int node_merge(struct tmpl *t, const struct shape_where *w, int line,
	       struct node *from);

/* A name of the top level, or NULL. */
struct node *node_top(const struct tmpl *t, const char *name);

char *node_path(const struct node *n);			/* caller frees */
int node_value(struct tmpl *t, const struct shape_where *w, struct val *out,
	       const struct node *n);

/* --- text ---------------------------------------------------------------- */

/* One "${...}" of a text. */
struct match {
	size_t at, end;		/* of the whole */
	const char *name;	/* what stands inside */
	size_t len;
};

/* The first one at or behind `from` that no backslash escapes. */
bool match_next(struct match *m, const char *s, size_t len, size_t from);
bool match_whole(const struct match *m, const struct val *v);

/* Where the mistake in it is, counted from its name, or -1. */
long match_mistake(const struct match *m);

/* A value as text; with TMPL_CMD or TMPL_ANY a map becomes options. */
int text_add(struct tmpl *t, const struct shape_where *w, struct buf *out,
	     const struct node *n, unsigned style);

/* Text with its "${...}" replaced. */
int text_fill(struct tmpl *t, const struct shape_where *w, struct buf *out,
	      const struct val *in, unsigned how);

/* The node that a "${...}" takes, marked as used. */
int text_take(struct tmpl *t, const struct shape_where *w,
	      const struct val *in, const struct match *m, unsigned how,
	      struct node **out);

/* --- words ---------------------------------------------------------------- */

/* At the place of `m` (or NULL) in `v`; `trouble` is DVC's class of it. */
int tmpl_fail(struct tmpl *t, const struct shape_where *w, const struct val *v,
	      const struct match *m, const char *trouble, const char *fmt, ...)
	__attribute__((format(printf, 6, 7)));

/* Nothing has this name; `bad` is the first part of it that is missing. */
int tmpl_missing(struct tmpl *t, const struct shape_where *w,
		 const struct val *v, const struct match *m, const char *bad);

/* What a new node costs, and a new key of a map. */
enum { COST_NODE = 200, COST_KEY = 200, COST_VALUE = 100 };

#endif
