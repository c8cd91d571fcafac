/*
 * plots - what a project plots, as Vega-Lite specifications and images.
 *
 * Read here:  struct plots p = PLOTS_INIT; say what is wanted; plots_add()
 *             once for each revision, in order; plots_make() brings the same
 *             plot of all of them together; then plots_json(), or walk p.item
 *             with plot_content() and p.image, and p.error for what failed.
 * Owns:       all below it, the data of every revision included.
 * Fails:      plots_make(): ERR_NOTFOUND for a template nobody has,
 *             ERR_INVALID for one that cannot be filled. A revision, a file
 *             or a plot that cannot be read is an entry in p.error instead.
 * Knows:      DVC's definitions (dvc-formats 1.9, 11), its readings of JSON,
 *             YAML, CSV and TSV, and the templates of dvc-render: what is
 *             said here is equal to what `dvc plots show --json` says. A
 *             source for each revision; templates come from the disk. No
 *             terminal, no writing.
 */
#ifndef EXP_PLOTS_H
#define EXP_PLOTS_H

#include <stdbool.h>
#include <stddef.h>
#include "base/strs.h"
#include "spec/val.h"

struct buf;
struct plots_rev;
struct series;
struct src;
struct view_opts;

struct plot {
	char *id;		/* its name; with the dvc.yaml before it where
				   several define it: "dvc.yaml::loss" */
	bool image;		/* its pictures are in p.image */
	struct strs revs;	/* that have points */
	struct val props;	/* as of the first of them */
	struct val content;	/* the template, all filled in but the points */
	struct val split;	/* what --split keeps apart from it, by anchor */
	struct series *item;	/* the points, a line each */
	size_t nr, alloc;
	struct strs varied;	/* what tells its lines apart */
	bool plain;		/* the template cannot tell lines apart */
};

struct plots_error {
	char *plot, *rev;	/* plot is NULL: all of the revision */
	char *source;		/* the file, or NULL */
	char *type, *message;	/* type: the class of DVC's exception */
};

struct plots_image {
	size_t plot;		/* in p.item */
	char *rev;
	char *name;		/* for its file: "HEAD_plots_loss.png" */
	const struct buf *bytes;	/* borrowed from the revision */
};

struct plots_revs {
	struct plots_rev *item;
	size_t nr, alloc;
};

struct plots_errors {
	struct plots_error *item;
	size_t nr, alloc;
};

struct plots_images {
	struct plots_image *item;
	size_t nr, alloc;
};

struct plots {
	struct strs targets;	/* as typed: expressions, ids, files */
	struct val props;	/* MAP: what holds for every plot */
	const char *cwd;	/* below the root; names are seen from there */
	bool split;
	struct plots_revs rev;
	struct plot *item;
	size_t nr, alloc;
	struct plots_errors error;
	struct plots_images image;
};
#define PLOTS_INIT { .props = { .kind = VAL_MAP }, .cwd = "." }

/* Definitions and data of one revision, which is called `rev`. */
void plots_add(struct plots *p, const char *rev, struct src *src,
	       const struct view_opts *o);

/* `disk` has .dvc/plots and the templates named by path. */
int plots_make(struct plots *p, struct src *disk);

/* One line in DVC's shape; pictures are said to lie in `dir`. */
void plots_json(struct buf *out, const struct plots *p, const char *dir);

/* The specification of one plot with its points, as JSON. */
void plot_content(struct buf *out, const struct plot *plot);

/* The names of the built-in templates, ended by NULL; one as a value. */
extern const char *const plots_template[];
int plots_builtin(struct val *out, const char *name);

void plots_clear(struct plots *p);

/* --- comma-separated values ------------------------------------------------ */

/* Records of text, read as Python's csv reads it; for tests. */
struct csv {
	struct strs names;	/* of the columns, once each */
	size_t *column;		/* where the value of a name stands */
	size_t head;		/* columns, with those of the same name */
	char *text;		/* the cells, one behind the other */
	size_t *cell;		/* where each ends and the next begins */
	size_t *row;		/* the first cell of each; one more at the end */
	size_t nr;		/* rows that are not empty */
};
#define CSV_INIT { STRS_INIT, NULL, 0, NULL, NULL, NULL, 0 }

/*
 * Without a `header` columns are called by their numbers. ERR_INVALID, and
 * `type`, for a field of more than 131072 characters, no header and no line,
 * and rows that are all much shorter than the header.
 */
int csv_parse(struct csv *out, const char *s, size_t len, char delimiter,
	      bool header, const char **type);

/* A cell of the row; NULL when the row is shorter. Not ended by NUL. */
const char *csv_get(const struct csv *c, size_t row, size_t name,
		    size_t *len);
void csv_clear(struct csv *c);

#endif
