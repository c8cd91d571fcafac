/*
 * draft - a stage that is about to be written into a dvc.yaml.
 *
 * Read here:  draft_begin(), fill d.stage (draft_dep() and its sisters),
 *             draft_check(), draft_write(). Checking reads everything and
 *             writes nothing, so that a stage which cannot stand in this
 *             project leaves no trace; it may be called again.
 * Owns:       the stage, the texts to be written, the locks of the project
 *             while it writes.
 * Fails:      ERR_EXISTS when the stage is there and `force` is not given;
 *             ERR_INVALID for what DVC's `stage add` refuses: a name with
 *             punctuation, a path named twice, outputs that overlap or that
 *             Git tracks, a circle of stages, a wdir that is no directory.
 * Knows:      the dvc.yaml of the directory where the user stands. Paths are
 *             kept as typed. The .gitignore of each cached output gets its
 *             line now, as from DVC (dvc-formats 1.4).
 */
#ifndef DRAFT_H
#define DRAFT_H

#include <stdbool.h>
#include "base/buf.h"
#include "base/map.h"
#include "base/strs.h"
#include "spec/pipe.h"

struct ctx;

struct draft {
	struct ctx *ctx;
	char *root;		/* the project, absolute; may not exist yet */
	char *cwd;		/* where its dvc.yaml is, relative to root */
	struct stage stage;	/* name, file, cmd, wdir, def of each path */
	struct strs ignored;	/* absolute paths of .gitignore files ... */
	struct buf *ignore;	/* ... and what they shall hold */
	struct strs late;	/* directories that lack, and so their .gitignore */
	struct buf text;	/* the whole dvc.yaml as it shall be */
};

/* `root` and `cwd` as in struct draft, copied. */
void draft_begin(struct draft *d, struct ctx *ctx, const char *root,
		 const char *cwd, const char *name);

/*
 * argv as DVC's stage add makes a command of it: one word stays as it is;
 * of several, those with a space and without '"' get double quotes.
 */
char *draft_words(int argc, char **argv);		/* caller frees */

/* Where the command runs, as typed. */
void draft_wdir(struct draft *d, const char *path);

void draft_dep(struct draft *d, const char *path);
struct out *draft_out(struct draft *d, const char *path);

/* "lr,model.units", "other.yaml:a,b", "third.json:" (dvc-formats 1.5). */
void draft_params(struct draft *d, const char *words);

/* Keys of one file; none means the whole file. */
void draft_param(struct draft *d, const char *file, const struct strs *keys);

/* True when the dvc.yaml has this stage already. */
bool draft_taken(const struct draft *d);

int draft_check(struct draft *d, bool force);

/* Check once more, under DVC's lock, then write; `made` gets the files. */
int draft_write(struct draft *d, bool force, struct strs *made);

void draft_clear(struct draft *d);

#endif
