/*
 * pipe - the pipeline: every stage of every dvc.yaml and .dvc file.
 *
 * Read here:  struct pipe p = PIPE_INIT; pipe_load() reads the whole project
 *             from a source; walk p.item; pipe_clear(). A .dvc file is a
 *             stage of kind STAGE_DATA whose paths carry their recorded
 *             hashes. Paths are kept twice: `def` as written (what dvc.lock
 *             and messages use) and `path` relative to the project's root,
 *             normalised ('/' between); one outside the project begins with
 *             "../" or is absolute. An absolute path that leads into the
 *             project (where the source says it is) counts as if it were
 *             written relative to wdir, as for DVC.
 * Owns:       everything below it.
 * Fails:      ERR_INVALID "dvc.yaml: line N: ..." for what DVC refuses too:
 *             unknown or duplicate keys, a missing cmd, wrong types, two
 *             outputs with one path, an output inside another, '.git' as an
 *             output, a cached output outside the project, an output that is
 *             also the stage's dependency; and all that tmpl refuses.
 * Knows:      no disk (a source), no Git, no hashes of now.
 */
#ifndef SPEC_PIPE_H
#define SPEC_PIPE_H

#include <stdbool.h>
#include "base/ignore.h"
#include "base/map.h"
#include "base/strs.h"
#include "spec/lock.h"
#include "spec/val.h"

struct src;

struct dep {
	char *def, *path;
	bool external;		/* absolute, a URL, or outside the project */
	bool url;		/* not a local path: has a scheme, or is in
				   another repository or a data base */
	struct lock_path saved;	/* .dvc files: as struct out's */
	int line;
};

struct out {
	char *def, *path;
	bool external;
	bool cache;		/* default true */
	bool persist;
	bool metric, plot;
	bool push;		/* default true */
	char *remote, *desc;	/* or NULL */
	struct val plot_props;	/* VAL_MAP when there are any */
	struct lock_path saved;	/* .dvc files: the recorded hash; path NULL if none */
	int line;
};

/* Parameters of one file that a stage names. */
struct param {
	char *def, *path;	/* the file */
	bool whole;		/* every top-level key */
	struct strs keys;	/* dotted, sorted, once each; empty when whole */
	struct strs written;	/* the same, in the order of the file */
	struct val taken;	/* what a template took: dotted key -> value */
	int line;
};

enum stage_kind { STAGE_RUN, STAGE_DATA };

struct stage {
	enum stage_kind kind;
	char *name;		/* "train"; for .dvc files "data.dvc" */
	char *file;		/* "sub/dvc.yaml", "data/images.dvc" */
	char *addr;		/* as DVC names it from the root: "train",
				   "sub/dvc.yaml:train", "data/images.dvc" */
	char *group;		/* "train" when foreach or matrix made this
				   "train@a" of it; or NULL */
	char *wdir;		/* relative to the root, "." for the root */
	char *desc;		/* or NULL */
	struct val cmd;		/* STR or LIST of STR; NULL for STAGE_DATA */
	struct dep *dep;
	size_t nr_dep, alloc_dep;
	struct out *out;	/* outs, then metrics, then plots, as DVC */
	size_t nr_out, alloc_out;
	struct param *param;	/* params.yaml first, then by file name */
	size_t nr_param, alloc_param;
	struct param *used;	/* what its templates took: files in the order
				   of first use, each with what it has `taken`
				   (no keys); not in the lock */
	size_t nr_used, alloc_used;
	bool templated;		/* not as it is written: cannot be written back */
	bool frozen, always_changed;
	const char *root;	/* struct pipe's */
	char *md5;		/* .dvc files: the sum of the import, or NULL */
	struct val import;	/* the map whose sum it should be, or NULL: one
				   dependency and one output make an import */
	int line;
};

/* A top-level metrics:, params: or plots: entry. */
struct pipe_file {
	char *path;		/* relative to the root; NULL for a plot whose
				   props name the files (y is a map) */
	char *def;
	char *from;		/* the dvc.yaml that names it */
	struct val props;	/* plots: what stands below it */
	char *id;		/* plots: the name as written */
};

struct pipe_files {
	struct pipe_file *item;
	size_t nr, alloc;
};

struct pipe {
	struct stage *item;	/* order: by file (walk order), then as written */
	size_t nr, alloc;
	struct pipe_files metrics, params, plots;	/* top level */
	struct strs files;	/* every dvc.yaml and .dvc read, walk order */
	char *root;		/* the project, absolute, or NULL: unknown */
	struct ignore ignore;	/* the .dvcignore rules met on the way */
	struct strs groups;	/* addresses of what has a foreach or matrix */
	struct map made;	/* output path -> index of its stage, plus 1 */
	struct map docs;	/* path -> struct val: parameter files that were
				   read for templates, whether used or not */
	unsigned style;		/* enum tmpl_style: set it before reading */
	const char *trouble;	/* after a failure: what DVC calls it, or NULL */
	char *bad_file;		/* the parameter file that did not parse */
	bool lenient;		/* set before loading: leave out a file that
				   cannot be used ... */
	struct strs left;	/* ... and keep here why, one text for each */
};
#define PIPE_INIT { 0 }

struct conf;
/* The style that DVC's settings (section "parsing") ask for. */
int pipe_style(struct pipe *p, const struct conf *conf);

/*
 * Read the project below the source's root. `exclude` (may be NULL): the
 * text of further gitignore patterns, for the disk (info/exclude). With
 * `gitignored` false .gitignore files do not hide anything (revisions).
 * Top-down as DVC walks, names in byte order: what is hidden by .dvcignore
 * or Git, nested projects and outputs are not entered. pipe_check() is the
 * caller's to call: a table of old revisions does without.
 */
int pipe_load(struct pipe *out, struct src *src, bool gitignored,
	      const char *exclude);

/*
 * Parse one dvc.yaml or .dvc text as `file`. Parameters and vars come from
 * `src`; when that is NULL there are none.
 */
int pipe_parse(struct pipe *out, struct src *src, const char *file,
	       const char *text, size_t len);

/* The rules between stages (one output twice, one inside another). */
int pipe_check(const struct pipe *p);

/*
 * `def` as DVC has it: an absolute path that leads into the project as one
 * from wdir, all else as it is.
 */
char *pipe_def(const struct stage *s, const char *def);	/* caller frees */

/* By address from the root, or NULL. */
struct stage *pipe_find(const struct pipe *p, const char *addr);

/* The stage that makes `path` or a directory above it, or NULL. */
struct stage *pipe_maker(const struct pipe *p, const char *path);

/*
 * What a user typed on the command line, standing in `cwd` (relative to the
 * root): "train", "sub/dvc.yaml", "sub/dvc.yaml:train", "data.dvc", an
 * output's path when `outs`; the name of a foreach or matrix means all that
 * it made. Adds the indices of the stages meant to `index`. ERR_NOTFOUND,
 * with near names as a hint.
 */
struct pipe_pick {
	size_t *item;
	size_t nr, alloc;
	size_t above;		/* all are below this one */
};
int pipe_target(const struct pipe *p, const char *cwd, const char *target,
		bool outs, struct pipe_pick *index);

/*
 * The same for a pattern: "pre*" means stages of dvc.yaml in `cwd`,
 * "sub/dvc.yaml:pre*" those of that file. `*`, `?`, `[a-z]` and `[!a-z]` as
 * Python's fnmatch has them: of a whole name, "@" and "/" included. A
 * pipeline file alone is no pattern. ERR_NOTFOUND when nothing matches.
 */
int pipe_glob(const struct pipe *p, const char *cwd, const char *pattern,
	      struct pipe_pick *index);

void pipe_clear(struct pipe *p);

#endif
