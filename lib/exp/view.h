/*
 * view - what one revision (or the work tree) says of parameters, metrics,
 * dependencies and outputs.
 *
 * Read here:  view_load() over a source; the result is one value in the very
 *             shape of "data" in DVC's `exp show --json` (dvc-formats 9.6):
 *             {"params": {file: {"data": {...}}}, "metrics": ..., "deps": ...,
 *             "outs": ..., "meta": {}}; "rev" and "timestamp" are the
 *             caller's to say. show and diff start from it.
 * Owns:       the value is the caller's.
 * Fails:      only when the pipeline itself cannot be read, and says what DVC
 *             calls that; a file that does not parse is {"error": {"type",
 *             "msg"}} in its place.
 * Knows:      which keys DVC tracks (dvc-formats 9.3), and that what is not
 *             in the source may be in the cache, as for a cached metric.
 */
#ifndef EXP_VIEW_H
#define EXP_VIEW_H

#include <stdbool.h>

struct cache;
struct src;
struct strs;
struct val;

struct view_opts {
	bool param_deps;	/* only parameters that stages name */
	bool gitignored;	/* the disk: .gitignore hides pipelines */
	const char *exclude;	/* the disk: as for pipe_load(), or NULL */
	struct cache *cache;	/* where to look for outputs, or NULL */
	const struct strs *targets;	/* files from the root: "params" and
				   "metrics" are these and no others */
};

/*
 * `type` is set when it fails: the class of DVC's exception. With targets it
 * does not fail: a target that is not in the source gets the error instead.
 */
int view_load(struct val *out, struct src *src, const struct view_opts *o,
	      const char **type);

#endif
