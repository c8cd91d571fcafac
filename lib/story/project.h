/*
 * project - repository, settings, cache and locks of one project, together.
 *
 * Read here:  project_open() once per command; use the members;
 *             project_close() (which writes the stat cache).
 * Owns:       all members but the repository, which is borrowed.
 * Fails:      as conf_load(); nothing is locked yet.
 * Knows:      where things are (design 3): the cache below .dvc or where
 *             cache.dir says, the stat cache in <git common dir>/exp/, the
 *             caches of other worktrees. The project may lie below the git
 *             top: `prefix` is the way down, "" when they are the same.
 */
#ifndef STORY_PROJECT_H
#define STORY_PROJECT_H

#include "base/src.h"
#include "spec/busy.h"
#include "spec/conf.h"
#include "spec/pipe.h"
#include "store/cache.h"

struct repo;
struct oid;
struct exp;
struct tree_src;

struct project {
	struct repo *repo;
	char *root;		/* absolute: where .dvc is */
	char *prefix;		/* root below the git top: "" or "sub/dir" */
	char *cwd;		/* where the user stands, below root; "." */
	char *command;		/* what DVC's lock files say of us */
	struct conf conf;
	struct stat_cache *stat;
	struct cache cache;
	struct busy busy;
	struct src_disk disk;	/* the project on disk, as a source */
	long wait_ms;		/* how long to wait for locks */
};

/* `command` is what stands in DVC's lock files beside our pid. */
int project_open(struct project *p, struct repo *r, const char *root,
		 const char *cwd, const char *command);

/* A path below root as a path below the git top; caller frees. */
char *project_git_path(const struct project *p, const char *path);

/*
 * The pipeline on disk. The cache goes by its .dvcignore rules from then on,
 * so the pipe must outlive the cache's use.
 */
int project_pipe(struct project *p, struct pipe *out);

/* The same, read from a source that is nearly the disk. */
int project_pipe_of(struct project *p, struct src *src, struct pipe *out);

/* The project as a source in a commit's tree; src_clear() it. */
void project_tree(struct project *p, const struct oid *tree, const char *rev,
		  struct tree_src *out);

/* DVC's locks for a command that changes things; ERR_LOCKED names who. */
int project_lock(struct project *p);

/* It may be locked again. */
void project_unlock(struct project *p);

void project_close(struct project *p);

#endif
