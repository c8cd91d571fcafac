/*
 * view-part - what the files of view share; a part of view.
 *
 * Read here:  view.c has the pipeline, the locks, deps and outs; view-file.c
 *             reads one file of parameters or metrics, wherever it is;
 *             view-params.c picks and merges the tracked keys as DVC does;
 *             view-target.c takes the files that somebody named. plots looks
 *             at a revision through view_open() too.
 * Owns:       struct view the pipeline, the locks and its message.
 * Fails:      view_read() with the class of DVC's exception in `type`.
 * Knows:      as view.h.
 */
#ifndef EXP_VIEW_PART_H
#define EXP_VIEW_PART_H

#include "base/map.h"
#include "exp/view.h"
#include "spec/pipe.h"

struct buf;
struct lock_path;
struct strs;

struct view {
	struct src *src;
	const struct view_opts *o;
	struct pipe pipe;
	struct map locks;	/* dvc.yaml -> struct lock */
	const char *type;	/* why there is no pipeline, or NULL */
	char *message;
};

/* The pipeline and its locks; `type` as for view_load(). */
int view_open(struct view *v, struct src *src, const struct view_opts *o,
	      const char **type);
void view_close(struct view *v);

/* What is recorded of an output or a dependency, or NULL. */
const struct lock_path *view_saved_out(const struct view *v,
				       const struct stage *s,
				       const struct out *o);
const struct lock_path *view_saved_dep(const struct view *v,
				       const struct stage *s,
				       const struct dep *d);

/* The file at `path`, from the source or else from the cache. */
int view_bytes(struct view *v, const char *path, struct buf *out,
	       const char **type);

/* Parse it; what the pipeline has read for its templates is not read again. */
int view_read(struct view *v, const char *path, struct val *out,
	      const char **type);

/* The message of the last failure as {"error": {"type", "msg"}}; forgets it. */
void view_error(struct val *out, const char *type);

/* As strict as Python. */
bool view_is_utf8(const struct buf *text);

/* `path`, or every file below it when it is a directory, each once. */
void view_expand(struct view *v, const char *path, struct strs *out);

/* A YAML date or timestamp as Python's isoformat() writes it. */
void view_date(struct buf *out, const char *text);

/* JSON has no dates: they become text, at any depth. */
void view_no_dates(struct val *v);

/* "params": file -> {"data"} or {"error"}. */
void view_params(struct view *v, struct val *out);

/* {"data": what of `file` counts as metrics}. */
void view_metric(struct val *out, const struct val *file);

/* As view_expand(), without DVC's own files in a directory. */
void view_below(struct view *v, const char *target, struct strs *out);

/* Both from the targets alone. */
void view_targets(struct view *v, struct val *params, struct val *metrics);

#endif
