/*
 * repo - the one Git repository a command works on.
 *
 * Read here:  repo_open() once, hand the struct on, repo_free(). Objects are
 *             read and written as raw bytes; commits and trees are parsed by
 *             ours (commit, tree), so there is one parser whichever way the
 *             bytes came: libgit2 (lg2) or git's own co-processes (plumb).
 *             With GIT_EXP_NO_LIBGIT2=1, a set GIT_* variable, an unusual
 *             owner or extension, or a repository that libgit2 cannot open,
 *             everything goes through git, with the same results.
 * Owns:       the handle and the co-processes. Ids are opaque hex of the
 *             repository's length (40 or 64).
 * Fails:      ERR_NOTFOUND (no such object, ref, revision), ERR_FATAL with
 *             git's own words where git refused (not a repository, dubious
 *             ownership, unknown extension).
 * Knows:      Git trusts or refuses, we follow (git.md 1.6, 5.2).
 */
#ifndef REPO_REPO_H
#define REPO_REPO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct proc;
struct strs;

struct oid {
	char hex[65];		/* "" is "none" */
};

struct repo;

/* From directory `cwd` upwards, by git's rules. */
int repo_open(struct repo **out, const char *cwd);
void repo_free(struct repo *r);

const char *repo_top(const struct repo *r);	/* work tree, absolute; NULL: bare */
const char *repo_git_dir(const struct repo *r);	/* this worktree's, absolute */
const char *repo_common_dir(const struct repo *r);	/* shared by worktrees */
size_t repo_hex_len(const struct repo *r);	/* 40 or 64 */
bool repo_uses_libgit2(const struct repo *r);

/* --- config and people (always git's own answer) --------------------- */

/* The last value of a key, or NULL. Borrowed. Honours -c, includes, scopes. */
const char *repo_config(struct repo *r, const char *key);
bool repo_config_bool(struct repo *r, const char *key, bool otherwise);
int64_t repo_config_int(struct repo *r, const char *key, int64_t otherwise);

/*
 * "Name <email> seconds zone" for a commit made now, as git would write it;
 * ERR_INVALID with git's advice when there is no identity. Callers free.
 */
int repo_author(struct repo *r, char **out);
int repo_committer(struct repo *r, char **out);

/* --- objects ---------------------------------------------------------- */

enum obj_type { OBJ_NONE, OBJ_COMMIT, OBJ_TREE, OBJ_BLOB, OBJ_TAG };

/* Append the bytes; `type` may be NULL. */
int repo_read(struct repo *r, const struct oid *id, enum obj_type *type,
	      struct buf *out);
bool repo_has(struct repo *r, const struct oid *id);

/* Write an object (a file_step); the id comes back. */
int repo_write(struct repo *r, enum obj_type type, const void *data,
	       size_t len, struct oid *out);

/* --- refs, for ref.h ---------------------------------------------------- */

struct ref_change {
	const char *name;	/* full */
	struct oid to;		/* "" deletes */
	struct oid from;	/* "" must not exist yet */
};

/* --- where HEAD is ---------------------------------------------------- */

/*
 * The commit of HEAD; ERR_NOTFOUND when there is none yet. `branch` (may be
 * NULL) gets its short name, or NULL when detached; caller frees.
 */
int repo_head(struct repo *r, struct oid *out, char **branch);

/* A revision as git reads it, peeled to a commit. */
int repo_resolve(struct repo *r, const char *rev, struct oid *out);

/* --- git itself -------------------------------------------------------- */

/*
 * Run `git ARGS...` in the repository's work tree (or git dir when bare) with
 * this repository's environment: stdout appended to `out`, git's own words
 * as the message when it fails. `env`, `in`, `out` may be NULL. PROC_*
 * flags (PROC_WRITES where it changes something).
 */
int repo_git(struct repo *r, const char *const *args, const struct strs *env,
	     const struct buf *in, struct buf *out, unsigned flags);

/*
 * Only begin it, for proc_finish() to end: what git reads meanwhile is as old
 * as this call. Here its words of failure are the caller's to take.
 */
int repo_git_start(struct repo *r, struct proc *p, const char *const *args,
		   const struct strs *env, unsigned flags);

/* "NAME=value" words a git child needs to see this repository. Borrowed. */
const struct strs *repo_env(const struct repo *r);

/* The same repository as a child of the user's must not see it: the names
 * of every GIT_* variable that is ours or the repository's. Borrowed. */
const struct strs *repo_unset(const struct repo *r);

#endif
