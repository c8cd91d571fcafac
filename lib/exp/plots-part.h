/*
 * plots-part - what the files of plots share; a part of plots.
 *
 * Read here:  plots.c collects the definitions of a revision; plots-file.c
 *             reads the files they name, plots-csv.c the tables among them;
 *             plots-make.c brings revisions together; plots-points.c finds
 *             the fields and lines of one, plots-rows.c writes them; plots-fill.c fills a template, plots-anchor.c one place of it;
 *             plots-template.c finds it, plots-built.c makes the built-in
 *             ones; plots-json.c writes.
 * Owns:       a revision owns its definitions and files; a line (struct
 *             series) its words, the rows it walks are the revision's.
 * Fails:      with a message and, where DVC would, the class of its exception.
 * Knows:      as plots.h.
 */
#ifndef EXP_PLOTS_PART_H
#define EXP_PLOTS_PART_H

#include "base/buf.h"
#include "base/map.h"
#include "exp/plots.h"

struct view;

/* --- a revision -------------------------------------------------------------- */

enum plot_kind { PLOT_EMPTY, PLOT_ROWS, PLOT_IMAGE, PLOT_BAD };

struct plot_file {
	enum plot_kind kind;
	char *type, *message;	/* PLOT_BAD: it could not be read; PLOT_ROWS:
				   it holds what nobody can plot, or NULL */
	struct buf bytes;	/* PLOT_IMAGE */
	bool is_csv;		/* PLOT_ROWS: in csv, or else maps in rows */
	struct csv csv;
	struct val rows;
	size_t nr;		/* rows that have the same keys */
	char *last;		/* the last key of the first row, or NULL */
};

struct plots_rev {
	char *name;
	char *type, *message;	/* why there are no definitions, or NULL */
	struct val defs;	/* MAP dvc.yaml -> MAP id -> MAP of props */
	struct map files;	/* name -> struct plot_file */
};

/* Read `name`, seen from p->cwd, unless it was read before. */
void plot_read(struct plots *p, struct plots_rev *rev, struct view *v,
	       const char *name);
void plot_file_free(void *file);

/* ".csv" of a name, or "". */
const char *plot_suffix(const char *name);
bool plot_is_image(const char *name);

/* The files that a definition takes its data from (dvc-formats 11). */
void plot_sources(const char *id, const struct val *def, struct strs *out);

/* --- its lines --------------------------------------------------------------- */

/* One field of one file over another, in one revision. */
struct series {
	const struct plot_file *y, *x;	/* NULL: nothing there */
	char *rev, *file, *field;	/* file: short, as DVC shows it */
	char *x_field;		/* in x; NULL: rows are counted */
	char *x_name, *y_name;	/* what the points call them; y_name NULL: as
				   in the file */
};

/*
 * Append what `def` says of one revision to plot->item; `props` becomes DVC's
 * properties when there is a point. ERR_INVALID and `type` as DVC.
 */
int plot_points(struct plot *plot, struct val *props, struct plots_rev *rev,
		const char *id, const struct strs *sources, const char **type);

/* Whether any point of the plot has this key. */
bool plot_has(const struct plot *plot, const char *key);

bool plot_row_has(const struct plot_file *f, size_t row, const char *key);

/* All points as a JSON list. */
void plot_write(struct buf *out, const struct plot *plot);

void series_clear(struct series *s);

/* --- its template -------------------------------------------------------------- */

/* A built-in one, or a file below .dvc/plots or at a path from `cwd`. */
int plot_template(struct val *out, struct src *disk, const char *cwd,
		  const char *name);

/* plot->content from plot->props; what is kept apart goes to plot->split. */
int plot_fill(struct plot *plot, const struct val *tmpl, bool split);

/* "<DVC_METRIC_X_LABEL>" of "x_label". */
void plot_anchor(struct buf *out, const char *name);
#define PLOT_DATA "<DVC_METRIC_DATA>"

/* Whether it stands there as a whole value; put `with` in its place, or, when
   it is text, into the midst of text. */
bool plot_anchor_in(const struct val *content, const char *name);
void plot_anchor_fill(struct val *content, const char *name,
		      const struct val *with);

/* The words that the points have beside their own. */
#define PLOT_STEP "step"
#define PLOT_X "dvc_inferred_x_value"
#define PLOT_Y "dvc_inferred_y_value"

#endif
