/*
 * seen - the facts: what stands on disk now.
 *
 * Read here:  struct seen s; seen_init(); seen_gather() looks at everything
 *             that deciding about a stage needs: its dependencies, parameter
 *             files, outputs, and whether the objects its lock entry names
 *             are whole in the cache. What was looked at once is remembered
 *             until seen_forget(), which whoever writes a path must call.
 *             seen_path(), seen_params(), seen_whole() only answer from
 *             memory, so that plan is pure; seen_put...() make facts by hand.
 *             What DVC 2 recorded is hashed its way (content.old), and today's
 *             way (content.id) only when that differs or somebody else asks.
 * Owns:       the facts; cache and source are borrowed.
 * Fails:      seen_gather(): what cache_look() fails with. A path that is
 *             not there, or a parameter file that does not parse, is a fact
 *             and no failure.
 * Knows:      the store, and nothing of what the facts mean.
 */
#ifndef FLOW_SEEN_H
#define FLOW_SEEN_H

#include <stdbool.h>
#include "base/map.h"
#include "spec/val.h"
#include "store/cache.h"

struct src;
struct stage;
struct lock_entry;
struct lock_path;

enum seen_state {
	SEEN_OK,
	SEEN_MISSING,		/* no such file */
	SEEN_BAD,		/* `error` says why */
};

struct seen_params {
	enum seen_state state;
	char *error, *hint;	/* the hint may be NULL */
	struct val val;
};

struct seen {
	char *root;		/* the project, absolute */
	struct cache *cache;	/* NULL: no disk, facts by hand only */
	struct src *src;	/* the same project, for parameter files */
	struct map path;	/* path -> struct content */
	struct map params;	/* path -> struct seen_params */
	struct map whole;	/* object -> non-NULL when it is whole */
	struct map absent;	/* object -> non-NULL when it is not */
};
#define SEEN_INIT { 0 }

void seen_init(struct seen *s, const char *root, struct cache *cache,
	       struct src *src);

/*
 * Look at one path, unless known, by the hash of what was recorded (or NULL);
 * what lies outside of the project is never DVC 2's.
 */
int seen_look(struct seen *s, const char *path, bool external,
	      const struct lock_path *was);

/* Look at what `stage` and its entry (may be NULL) name, unless known. */
int seen_gather(struct seen *s, const struct stage *stage,
		const struct lock_entry *e);

/* What is known; CONTENT_NONE, SEEN_MISSING, false for what never was seen. */
const struct content *seen_path(const struct seen *s, const char *path);
const struct seen_params *seen_params(const struct seen *s, const char *path);
bool seen_whole(const struct seen *s, const struct lock_path *p);

/*
 * Is what stands at `path` what was recorded? By DVC 2's hash when `was` is
 * of DVC 2 (seen_legacy() says that it still is so), else by today's.
 */
bool seen_is(const struct content *now, const struct lock_path *was);
bool seen_legacy(const struct content *now, const struct lock_path *was);

/* A file that is SEEN_BAD, as the failure that its reader met. */
int seen_bad(const struct seen_params *sp);

/* Forget `path` with all above and below it, and what the cache lacked. */
void seen_forget(struct seen *s, const char *path);

/* Remember what was found at `path` (after saving it, or in a test). */
void seen_put(struct seen *s, const char *path, const struct content *c);
void seen_put_params(struct seen *s, const char *path, const char *yaml);
void seen_put_whole(struct seen *s, const char *id, bool whole);
void seen_put_whole_of(struct seen *s, const struct lock_path *p, bool whole);

/*
 * The lock entry of `stage` as the facts are: command, dependencies,
 * parameters, and with `outs` the outputs; sorted. ERR_NOTFOUND "dependency
 * 'x' of stage 'train' does not exist" (or output), ERR_INVALID for missing
 * or unreadable parameters. seen_outs() adds the outputs to an entry. `was`
 * (may be NULL) is the old entry: what is the same as then keeps DVC 2's hash.
 */
int seen_entry(const struct seen *s, const struct stage *stage,
	       const struct lock_entry *was, bool outs,
	       struct lock_entry *out);
int seen_outs(const struct seen *s, const struct stage *stage,
	      const struct lock_entry *was, struct lock_entry *e);

/* One path as it is now. */
void seen_fill(struct lock_path *to, const struct content *now,
	       const struct lock_path *was);

/* Only the parameters. ERR_INVALID for missing ones, and for dates too. */
int seen_pick(const struct seen *s, const struct stage *stage,
	      struct lock_entry *out);

/* ERR_NOTFOUND "dvc.yaml: line 4: <what> 'x' of stage 'a' does not exist". */
int seen_gone(const struct stage *stage, const char *what, const char *def,
	      int line);

void seen_clear(struct seen *s);

#endif
