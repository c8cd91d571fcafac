/*
 * save - keeping the work tree as an experiment without running anything.
 *
 * Read here:  fill a struct tale as for a run, save_tell(), tale_clear().
 * Owns:       as tale.
 * Fails:      as tale_tell(); ERR_INVALID when there is no commit yet.
 * Knows:      what `dvc exp save` does (dvc-formats 8.7): outputs go to the
 *             cache, dvc.lock and .dvc files say what is there now. A stage
 *             whose inputs or outputs are missing keeps its old entry, with
 *             a warning.
 */
#ifndef STORY_SAVE_H
#define STORY_SAVE_H

struct tale;

int save_tell(struct tale *t);

#endif
