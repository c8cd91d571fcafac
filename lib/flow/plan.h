/*
 * plan - what to do about each stage, and why.
 *
 * Read here:  plan_make() once, then walk plan.item, needed stages first;
 *             plan_why_text() says a reason in one line. While running, ask
 *             plan_stage() again with new facts: the same function, so
 *             status, dry run, explanation and run cannot disagree.
 * Owns:       reasons and entries; stages are borrowed from the graph.
 * Fails:      ERR_INVALID for a parameter file that does not parse; never
 *             because a stage has work.
 * Knows:      the rules of `dvc repro` (dvc-formats 7.1); no disk, no Git,
 *             no clock. Same facts, same plan. The run cache is asked by
 *             rcache_offer(), which may turn PLAN_RUN into PLAN_FETCH.
 */
#ifndef FLOW_PLAN_H
#define FLOW_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include "spec/lock.h"
#include "spec/pipe.h"

struct buf;
struct graph;
struct locks;
struct seen;

enum plan_do {
	PLAN_KEEP,		/* nothing to do */
	PLAN_FETCH,		/* outputs come from the cache */
	PLAN_RUN,		/* its command must run */
	PLAN_MAYBE,		/* depends on what runs before it */
	PLAN_COMMIT,		/* .dvc file or frozen stage: record what is
				   there now */
	PLAN_MISSING,		/* as COMMIT, but it is neither there nor cached */
};

enum why_kind {
	WHY_FORCED, WHY_NEVER, WHY_COMMAND, WHY_ALWAYS,
	WHY_PARAM, WHY_PARAM_NEW, WHY_PARAM_GONE, WHY_PARAM_FILE,
	WHY_DEP, WHY_DEP_NEW, WHY_DEP_GONE,
	WHY_OUT, WHY_OUT_NEW, WHY_OUT_GONE, WHY_OUT_CACHE,
	WHY_SUM,		/* .dvc files: the sum over the import */
	WHY_WAITS,
};

struct why {
	enum why_kind kind;
	char *what;		/* path as written, parameter, or stage; or NULL */
	char *file;		/* parameters: their file */
	char *path;		/* of a path: from the project's root */
	char *old, *now;	/* values as text; or NULL */
};

/* All that is known to be different, in the order in which it is shown. */
struct whys {
	struct why *item;
	size_t nr, alloc;
};

struct plan_item {
	size_t index;		/* in the pipeline and the graph */
	const struct stage *stage;
	enum plan_do what;
	struct whys why;
	struct lock_entry from;	/* FETCH: whose outputs to place */
};
#define PLAN_ITEM_INIT { .from = LOCK_ENTRY_INIT }

struct plan {
	struct plan_item *item;
	size_t nr, alloc;
};
#define PLAN_INIT { 0 }

struct plan_opts {
	bool force;		/* run even what did not change */
	bool force_down;	/* and what needs a stage that did something;
				   plan_stage() knows none and ignores it */
};

/*
 * Decide about one stage from the facts as they are. `e`: its lock entry or
 * NULL. The item is made anew (what it held is freed).
 */
int plan_stage(struct plan_item *out, const struct stage *s,
	       const struct lock_entry *e, const struct seen *seen,
	       const struct plan_opts *opts);

/*
 * Decide about all stages of `order` (from graph_order); the facts must be
 * gathered. What is below a stage that will run becomes PLAN_MAYBE, unless it
 * has a reason of its own.
 */
int plan_make(struct plan *p, const struct graph *g,
	      const struct pipe_pick *order, const struct locks *locks,
	      const struct seen *seen, const struct plan_opts *opts);

/*
 * May an item be fetched instead of run, and if so from the lock alone (same
 * command, same inputs, outputs recorded) or by asking the run cache?
 */
enum plan_cache { PLAN_CACHE_NO, PLAN_CACHE_LOCK, PLAN_CACHE_ASK };
enum plan_cache plan_cacheable(const struct stage *s,
			       const struct lock_entry *e,
			       const struct seen *seen, const struct whys *why);

/* "param lr: 0.1 -> 0.2 (params.yaml)", "never ran", "waits for prepare". */
void plan_why_text(struct buf *out, const struct why *w);

/* All reasons of an item joined by "; ". */
void plan_why_all(struct buf *out, const struct whys *w);

/*
 * The sum that DVC would write into a .dvc file; false when it writes none
 * (only imports have one).
 */
bool plan_sum(const struct stage *s, char hex[33]);

/* "up to date", "will run", "may run", "is cached", "changed", "missing". */
const char *plan_word(const struct plan_item *item);

/*
 * Can it begin? ERR_NOTFOUND or ERR_INVALID for an input of the first stage to
 * run that is not there or cannot be used, and that no stage makes, so that nothing is begun in vain. An
 * earlier stage might make it unsaid, as DVC allows: for later stages, and
 * for all with `keep_going`, a warning.
 */
int plan_ready(const struct plan *p, const struct graph *g,
	       const struct seen *seen, bool keep_going);

/* How many items have work (status: exit 1 when not 0). */
size_t plan_work(const struct plan *p);

/* Give back the reasons and entries; empty and usable afterwards. */
void plan_item_clear(struct plan_item *item);
void plan_clear(struct plan *p);

#endif
