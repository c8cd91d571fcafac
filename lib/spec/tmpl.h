/*
 * tmpl - templates: what "${...}" in a dvc.yaml stands for.
 *
 * Read here:  struct tmpl t = TMPL_INIT, give it its file, source and text;
 *             tmpl_begin() reads params.yaml beside the file and the vars of
 *             the top level. For each stage: tmpl_vars() adds the vars of its
 *             own, tmpl_resolve() turns each value into what it means, t.used
 *             tells which values of which files that took, tmpl_end() forgets
 *             the stage. A foreach or a matrix is a struct tmpl_group:
 *             tmpl_foreach() or tmpl_matrix() lists its names, tmpl_set()
 *             says what ${item} and ${key} are for one of them.
 * Owns:       what names stand for. Documents of files go to `docs`, which is
 *             the caller's: each file is read once, also for others.
 * Fails:      ERR_INVALID "dvc.yaml: line N, column N: stage 'x', 'cmd': ..."
 *             wherever DVC refuses: a name that is nowhere (a near one as a
 *             hint), a mistake in "${...}", a list or map inside of text, a
 *             file of vars that is missing or no map, names given twice,
 *             "${...}" in vars; and for templates that grow beyond all measure.
 *             t.trouble is DVC's word for the last failure.
 * Knows:      values, params, a source; nothing of stages.
 */
#ifndef SPEC_TMPL_H
#define SPEC_TMPL_H

#include <stdbool.h>
#include "base/map.h"
#include "base/strs.h"
#include "spec/val.h"

struct node;
struct shape_where;
struct src;

/* More stages than this in one project are refused. */
#define TMPL_STAGES_MAX 100000

/* parsing.bool and parsing.list of .dvc/config. */
enum tmpl_style {
	TMPL_NO_FLAGS = 1 << 0,		/* false is --no-x, not nothing */
	TMPL_APPEND = 1 << 1,		/* a list is --x 1 --x 2, not --x 1 2 */
};

struct nodes {
	struct node **item;
	size_t nr, alloc;
};

struct tmpl {
	const char *file;	/* "sub/dvc.yaml" */
	struct src *src;	/* or NULL: then there are no other files */
	const char *text;	/* of the file, to tell columns; or NULL */
	size_t len;
	unsigned style;
	struct map *docs;	/* path -> struct val of files that were read */

	const char *trouble;	/* the class of DVC's exception; or NULL */
	char *bad_file;		/* the file of parameters that did not parse */

	struct node *top;	/* what holds in the whole file */
	struct node *layer;	/* and in this stage; or NULL */
	struct node *item, *key;	/* of a foreach or a matrix; or NULL */
	struct map loaded, loaded_here;	/* files of vars, and which keys */
	struct nodes kept, passing;	/* all nodes; those of the stage */
	struct strs sources, sources_here;
	bool staged;		/* within a stage: leave `top` alone */
	bool track;		/* remember what is used */
	struct val used;	/* file -> { dotted key: value } */
	uint32_t stamp;
	size_t left;		/* how much work templates may still be */
	size_t room;		/* and how many bytes they may still fill */
};
#define TMPL_INIT { 0 }

/* The names that hold everywhere; `vars` may be NULL. */
int tmpl_begin(struct tmpl *t, const struct val *vars);

/* A new stage with vars (or NULL) that are found from `wdir`. */
int tmpl_vars(struct tmpl *t, const struct shape_where *w, const char *wdir,
	      const struct val *vars);

/* Forget the stage: its vars, its item and key, what it used. */
void tmpl_end(struct tmpl *t);

/* Mistakes inside "${...}", anywhere in `v`. */
int tmpl_check(struct tmpl *t, const struct shape_where *w,
	       const struct val *v);

/* What may be taken besides numbers, text, true, false and null. */
enum tmpl_how {
	TMPL_CMD = 1 << 0,	/* maps: they become options of a command */
	TMPL_ANY = 1 << 1,	/* everything; text of it is as Python's str() */
};

/*
 * `in` with every "${...}" replaced, "\${" made "${"; maps keep their order.
 * `changed` (or NULL) becomes true when `out` is not as `in`.
 */
int tmpl_resolve(struct tmpl *t, const struct shape_where *w, struct val *out,
		 const struct val *in, unsigned how, bool *changed);

/*
 * Count what the caller keeps of it, or what it has to do, in about
 * nanoseconds; ERR_INVALID when that is too much.
 */
int tmpl_keep(struct tmpl *t, const struct shape_where *w, size_t bytes);
int tmpl_spend(struct tmpl *t, const struct shape_where *w, size_t cost);

/* What a foreach or a matrix goes through. */
struct tmpl_group {
	struct map names;	/* what stands behind the '@', in order ->
				   which combination it is, plus 1 */
	struct node *over;	/* foreach: a list or map; matrix: a map */
	struct node *item;	/* matrix: what ${item} is */
	bool matrix;
};
#define TMPL_GROUP_INIT { .names = MAP_INIT }

int tmpl_foreach(struct tmpl_group *g, struct tmpl *t,
		 const struct shape_where *w, const struct val *over);
int tmpl_matrix(struct tmpl_group *g, struct tmpl *t,
		const struct shape_where *w, const struct val *over);

/* ${item} and ${key} until tmpl_end() are those of the name at `at`. */
int tmpl_set(struct tmpl *t, const struct shape_where *w,
	     const struct tmpl_group *g, size_t at);

void tmpl_group_clear(struct tmpl_group *g);
void tmpl_clear(struct tmpl *t);

#endif
