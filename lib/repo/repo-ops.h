/*
 * repo-ops - what the room needs of Git, and the handle that everything hangs on.
 *
 * Read here:  private to lib/repo. struct git_ops is the seam: the same few
 *             operations by libgit2 (lg2) and by git's co-processes (plumb).
 *             Commits, trees, notes and refs are written once on top of it.
 *             repo_ops() says which of the two, choosing at the first need.
 * Owns:       struct repo owns all it points to, until repo_free().
 * Fails:      as repo.h says; an operation that cannot tell why returns
 *             ERR_FATAL and ref.c finds out.
 * Knows:      object bytes and ids, no formats.
 */
#ifndef REPO_REPO_OPS_H
#define REPO_REPO_OPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>
#include "base/map.h"
#include "base/strs.h"
#include "repo/repo.h"

struct lg2;
struct plumb;

struct git_ops {
	/* Append the bytes; ERR_NOTFOUND when there is no such object. */
	int (*read)(struct repo *r, const struct oid *id, enum obj_type *type,
		    struct buf *out);
	/* Type and size without the bytes. */
	int (*info)(struct repo *r, const struct oid *id, enum obj_type *type,
		    uint64_t *size);
	/* Flushed to the disk before it returns. */
	int (*write)(struct repo *r, enum obj_type type, const void *data,
		     size_t len, struct oid *out);
	/* Through symbolic refs to the id; ERR_NOTFOUND. */
	int (*ref_read)(struct repo *r, const char *name, struct oid *out);
	/* Those that begin with `prefix`, sorted by name. */
	int (*ref_each)(struct repo *r, const char *prefix,
			int (*fn)(const char *name, const struct oid *id,
				  void *payload), void *payload);
	/* ERR_LOCKED only when a lock file stood in the way. */
	int (*ref_update)(struct repo *r, const struct ref_change *change,
			  size_t nr, const char *message);
	/* A revision in git's language, peeled to a commit. */
	int (*resolve)(struct repo *r, const char *rev, struct oid *out);
};

struct person {
	char *text;		/* what git said */
	time_t at;		/* in this second, and it holds for it only */
};

struct repo {
	char *top, *git_dir, *common_dir;	/* absolute; top NULL: none */
	size_t hex_len;
	bool plain;		/* nothing here that libgit2 would misread */
	const struct git_ops *ops;	/* NULL: not needed yet */
	struct lg2 *lg2;
	struct plumb *plumb;
	struct map config;	/* key -> text, or NULL for a key alone */
	bool config_read;
	struct person author, committer;
	struct strs env, unset;
};

/* The way this repository goes, decided when first asked. */
const struct git_ops *repo_ops(struct repo *r);

/* Type and size; ERR_NOTFOUND leaves no message behind that matters. */
int repo_info(struct repo *r, const struct oid *id, enum obj_type *type,
	      uint64_t *size);

/*
 * Find the repository at `cwd` ourselves, where it is an ordinary one that
 * is ours; false when git has to be asked. Fills the paths and `plain`.
 */
bool repo_find(struct repo *r, const char *cwd);

/* True when this text of <common dir>/config holds nothing unusual. */
bool repo_config_plain(const char *text);

/* Let git find it, and judge it. */
int repo_ask(struct repo *r, const char *cwd);

/* True when one of the variables that move a repository's parts is set. */
bool repo_env_moves(void);

/* True when nothing but how far up to look is said by the environment. */
bool repo_env_limits(void);

/* Fill r->env and r->unset; `asked` when git found the repository. */
void repo_env_make(struct repo *r, bool asked);

/* Git's words (its stderr) as message and hints; returns `code`. */
int repo_words(int code, const char *text, const char *otherwise);

/* Is it 40 or 64 digits of hex, and nothing else? Then it is copied. */
bool oid_parse(struct oid *out, const char *hex, size_t len);

/* Hex from raw bytes, and back. */
void oid_from_raw(struct oid *out, const unsigned char *raw, size_t len);
void oid_to_raw(const struct oid *id, struct buf *out);

const char *obj_type_name(enum obj_type type);
enum obj_type obj_type_parse(const char *name, size_t len);

#endif
