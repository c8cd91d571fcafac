/*
 * plan-part - what the files of plan share.
 *
 * Read here:  judge() finds the reasons, conclude() what follows from them;
 *             plan_stage() is one after the other, plan_make() puts between
 *             them what is known of the stages above.
 * Owns:       nothing.
 * Fails:      plan_judge(): ERR_INVALID for a parameter file that does not
 *             parse.
 * Knows:      facts of now, and of what fetching will bring.
 */
#ifndef FLOW_PLAN_PART_H
#define FLOW_PLAN_PART_H

#include "flow/plan.h"

struct content;
struct map;

/* The facts as a decision sees them. */
struct plan_view {
	const struct seen *seen;
	const struct map *later;	/* path -> struct content; or NULL */
};

/* What stands at `path`, or will when what is above was fetched. */
const struct content *plan_content(const struct plan_view *v,
				   const char *path);

/* Add a reason; strings are copied. */
struct why *plan_because(struct whys *w, enum why_kind kind, const char *what,
			 const char *path);

/* True when one of the reasons lies between two kinds, both included. */
bool plan_has(const struct whys *w, enum why_kind first, enum why_kind last);

/* Every reason why `s` is not up to date; none: it is. */
int plan_judge(struct whys *out, const struct stage *s,
	       const struct lock_entry *e, const struct plan_view *v,
	       const struct plan_opts *opts);

/* Choose what to do from item->why, and fill item->from when fetching. */
void plan_conclude(struct plan_item *item, const struct lock_entry *e,
		   const struct plan_view *v);

/* plan_cacheable() with a view. */
enum plan_cache plan_cache_of(const struct stage *s,
			      const struct lock_entry *e,
			      const struct plan_view *v,
			      const struct whys *why);

void plan_why_clear(struct why *w);

#endif
