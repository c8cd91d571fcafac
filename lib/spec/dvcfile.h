/*
 * dvcfile - writing dvc.yaml and .dvc files.
 *
 * Read here:  dvcfile_data() makes or updates the text of a .dvc file;
 *             dvcfile_stage() adds a stage to the text of a dvc.yaml, keys
 *             in DVC's order (dvc-formats 1.4, 3). Bytes that are not part
 *             of the entry stay: comments, other stages, odd indentation.
 *             Reading both is pipe's.
 * Owns:       nothing.
 * Fails:      ERR_EXISTS when the stage is there and `force` is not given;
 *             ERR_INVALID when the old text does not parse.
 * Knows:      no disk.
 */
#ifndef SPEC_DVCFILE_H
#define SPEC_DVCFILE_H

#include <stdbool.h>

struct buf;
struct lock_path;
struct stage;

/*
 * `text` (may be empty) becomes a .dvc file with one output. `out->path` is
 * the name beside the file. desc, meta, remote, push, comments of an older
 * text stay.
 */
int dvcfile_data(struct buf *text, const char *name,
		 const struct lock_path *out);

/* The same for an import: its source and what was taken from it. */
int dvcfile_import(struct buf *text, const char *name,
		   const struct lock_path *dep, const struct lock_path *out);

/* The sum over an import; NULL takes it away. */
int dvcfile_sum(struct buf *text, const char *name, const char *md5);

/*
 * Put `s` into the dvc.yaml `text` (may be empty). Over an old stage of the
 * name (`force`) as DVC does: descriptions, meta, remote, push: false stay,
 * and every byte that need not change.
 */
int dvcfile_stage(struct buf *text, const char *name, const struct stage *s,
		  bool force);

/*
 * Freeze a stage of a dvc.yaml, or (NULL) a .dvc file, or let it thaw: the
 * keys frozen and locked, and no other byte. ERR_NOTFOUND.
 */
int dvcfile_freeze(struct buf *text, const char *name, const char *stage,
		   bool frozen);

/* The lines of `s` alone, as they would stand in dvc.yaml below "stages:". */
void dvcfile_show(struct buf *out, const struct stage *s);

/*
 * The .gitignore `text` with a line for `name` ("/name", special characters
 * escaped), unless it is there; true when a line was added.
 */
bool dvcfile_gitignore(struct buf *text, const char *name);

#endif
