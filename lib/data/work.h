/*
 * work - large files beside the pipeline: adding them, bringing them back.
 *
 * Read here:  fill a struct work; work_add() as `dvc add`, work_checkout()
 *             as `dvc checkout`. Both first look at every target, then act.
 * Owns:       nothing: all members are borrowed.
 * Fails:      ERR_NOTFOUND (no such path, stage or object), ERR_EXISTS (the
 *             path is tracked by Git, or a stage makes it; bytes that no cache
 *             holds are in the way), ERR_INVALID (outside the project).
 *             work_add() has changed nothing then.
 * Knows:      .dvc files, dvc.lock, the cache; Git is asked whether it tracks
 *             or ignores a path. The caller holds the project's lock.
 */
#ifndef DATA_WORK_H
#define DATA_WORK_H

#include <stdbool.h>
#include "base/strs.h"

struct cache;
struct pipe;
struct repo;
struct src;

struct work {
	struct repo *repo;
	const char *root;	/* the project, absolute */
	const char *cwd;	/* where targets start from, below root */
	struct cache *cache;
	const struct pipe *pipe;
	struct src *src;	/* the project on disk */
};

/*
 * Each target: content to the cache, a .dvc file beside it, a line in
 * .gitignore. `made` gets the files to `git add`, absolute.
 */
int work_add(struct work *w, const struct strs *targets, struct strs *made);

enum work_did { WORK_ADDED, WORK_MODIFIED };

/*
 * Make outputs (all, or those of the targets: stages, .dvc files, paths) what
 * dvc.lock and .dvc files say. `fn` hears each change. What the cache lacks
 * is named by ERR_NOTFOUND after everything else is done.
 */
int work_checkout(struct work *w, const struct strs *targets, bool force,
		  void (*fn)(void *payload, enum work_did did,
			     const char *path, bool dir), void *payload);

#endif
