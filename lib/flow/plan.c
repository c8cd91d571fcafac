#include <stdlib.h>
#include <string.h>
#include "base/file.h"
#include "base/map.h"
#include "base/mem.h"
#include "flow/graph.h"
#include "flow/locks.h"
#include "flow/plan-part.h"
#include "flow/seen.h"

/* --- from reasons to what to do --------------------------------------- */

/* dvc-formats 6: what cannot be hashed cannot come from the run cache. */
static bool hashable(const struct stage *s, const struct plan_view *v)
{
	for (size_t i = 0; i < s->nr_dep; i++)
		if (s->dep[i].url ||
		    plan_content(v, s->dep[i].path)->kind == CONTENT_NONE)
			return false;
	for (size_t i = 0; i < s->nr_param; i++) {
		const struct seen_params *p =
			seen_params(v->seen, s->param[i].path);

		if (p->state != SEEN_OK || (s->param[i].whole && !p->val.nr))
			return false;
		for (size_t k = 0; k < s->param[i].keys.nr; k++)
			if (!val_path(&p->val, s->param[i].keys.item[k]))
				return false;
	}
	for (size_t i = 0; i < s->nr_out; i++)
		if (s->out[i].external || s->out[i].persist)
			return false;
	return (s->nr_dep || s->nr_param) && s->nr_out;
}

enum plan_cache plan_cache_of(const struct stage *s,
			      const struct lock_entry *e,
			      const struct plan_view *v, const struct whys *why)
{
	if (s->kind != STAGE_RUN || s->frozen || s->always_changed ||
	    plan_has(why, WHY_FORCED, WHY_FORCED) || !hashable(s, v))
		return PLAN_CACHE_NO;
	for (size_t i = 0; i < s->nr_out; i++) {
		const struct lock_path *o =
			e ? lock_out(e, s->out[i].def) : NULL;

		if (!o || !o->md5)
			return PLAN_CACHE_ASK;
	}
	return plan_has(why, WHY_COMMAND, WHY_DEP_GONE) ? PLAN_CACHE_ASK
							: PLAN_CACHE_LOCK;
}

enum plan_cache plan_cacheable(const struct stage *s,
			       const struct lock_entry *e,
			       const struct seen *seen, const struct whys *why)
{
	struct plan_view v = { seen, NULL };

	return plan_cache_of(s, e, &v, why);
}

static void take(struct lock_entry *from, const struct stage *s,
		 const struct out *o, const struct lock_path *p)
{
	struct lock_path *to;

	if (!from->name)
		from->name = mem_dup(s->name);
	to = lock_add_out(from, o->def);
	lock_path_clear(to);
	lock_path_copy(to, p);
}

/* Outputs recorded in the lock, all of them whole in the cache? */
static bool fetch_all(struct plan_item *item, const struct lock_entry *e,
		      const struct plan_view *v)
{
	const struct stage *s = item->stage;

	for (size_t i = 0; i < s->nr_out; i++)
		if (!seen_whole(v->seen, lock_out(e, s->out[i].def)))
			return false;
	for (size_t i = 0; i < s->nr_out; i++)
		take(&item->from, s, &s->out[i],
		     lock_out(e, s->out[i].def));
	return true;
}

/* What cannot be made by running: bring back what is not there. */
static enum plan_do fetch_missing(struct plan_item *item,
				  const struct lock_entry *e,
				  const struct plan_view *v)
{
	const struct stage *s = item->stage;

	for (size_t i = 0; i < s->nr_out; i++) {
		const struct out *o = &s->out[i];
		const struct lock_path *p =
			e ? lock_out(e, o->def) : &o->saved;

		if (plan_content(v, o->path)->kind != CONTENT_NONE)
			continue;
		if (!p || !p->md5 || !seen_whole(v->seen, p))
			return PLAN_MISSING;
		take(&item->from, s, o, p);
	}
	return item->from.nr_out ? PLAN_FETCH : PLAN_COMMIT;
}

void plan_conclude(struct plan_item *item, const struct lock_entry *e,
		   const struct plan_view *v)
{
	const struct stage *s = item->stage;

	lock_entry_clear(&item->from);
	if (!item->why.nr)
		item->what = PLAN_KEEP;
	else if (s->kind == STAGE_DATA || s->frozen)
		item->what = fetch_missing(item, e, v);
	else if (plan_cache_of(s, e, v, &item->why) == PLAN_CACHE_LOCK &&
		 fetch_all(item, e, v))
		item->what = PLAN_FETCH;
	else
		item->what = PLAN_RUN;
}

static int decide(struct plan_item *out, const struct stage *s,
		  const struct lock_entry *e, const struct plan_view *v,
		  const struct plan_opts *opts)
{
	int err;

	plan_item_clear(out);
	out->stage = s;
	err = plan_judge(&out->why, s, e, v, opts);
	if (!err)
		plan_conclude(out, e, v);
	return err;
}

int plan_stage(struct plan_item *out, const struct stage *s,
	       const struct lock_entry *e, const struct seen *seen,
	       const struct plan_opts *opts)
{
	struct plan_view v = { seen, NULL };

	return decide(out, s, e, &v, opts);
}

/* --- what the stages above mean for it -------------------------------- */

static bool touches(const struct stage *maker, const char *path)
{
	for (size_t i = 0; i < maker->nr_out; i++) {
		const char *o = maker->out[i].path;

		if (!strcmp(path, ".") ||
		    file_inside(o, path) || file_inside(path, o))
			return true;
	}
	return false;
}

/* Reasons that say what `path` is now, which is about to change. */
static void forget(struct whys *w, const char *path)
{
	size_t to = 0;

	for (size_t i = 0; i < w->nr; i++) {
		struct why *y = &w->item[i];
		bool now = y->kind == WHY_DEP || y->kind == WHY_DEP_GONE ||
			   y->kind == WHY_PARAM || y->kind == WHY_PARAM_GONE ||
			   y->kind == WHY_PARAM_FILE;

		if (now && !strcmp(y->path, path))
			plan_why_clear(y);
		else
			w->item[to++] = *y;
	}
	w->nr = to;
}

/* Will `above` fetch this very path, by the same kind of hash as it is known? */
static bool foreseen(const struct plan_item *above, const char *path,
		     const struct lock_path *old)
{
	const struct stage *s = above->stage;

	for (size_t i = 0; above->what == PLAN_FETCH && i < s->nr_out; i++)
		if (!strcmp(s->out[i].path, path))
			return !old || lock_is_legacy(old) == lock_is_legacy(
				lock_out(&above->from, s->out[i].def));
	return false;
}

/* True when what `path` will be depends on how `above` goes. */
static bool unsettle(struct plan_item *item, const struct plan_item *above,
		     const char *path, bool known)
{
	if (above->what == PLAN_KEEP || above->what == PLAN_COMMIT || known ||
	    !touches(above->stage, path))
		return false;
	forget(&item->why, path);
	return true;
}

static void wait_for(struct plan_item *item, const struct plan_item *above,
		     const struct lock_entry *e)
{
	const struct stage *s = item->stage;
	bool waits = false;

	for (size_t i = 0; i < s->nr_dep; i++)
		waits |= unsettle(item, above, s->dep[i].path,
				  foreseen(above, s->dep[i].path,
					   e ? lock_dep(e, s->dep[i].def) :
					   NULL));
	for (size_t i = 0; i < s->nr_param; i++)
		waits |= unsettle(item, above, s->param[i].path, false);
	if (waits)
		plan_because(&item->why, WHY_WAITS, above->stage->addr, NULL);
}

/* What fetching will put into the workspace counts as being there. */
static void foresee(struct map *later, const struct plan_item *item)
{
	const struct stage *s = item->stage;

	for (size_t i = 0; i < s->nr_out; i++) {
		const struct lock_path *p =
			lock_out(&item->from, s->out[i].def);
		struct content *c;
		size_t n;

		if (!p)
			continue;
		c = mem_new(1, sizeof(*c));
		n = strlen(p->md5);
		c->kind = n > 32 ? CONTENT_DIR : CONTENT_FILE;
		memcpy(lock_is_legacy(p) ? c->old : c->id, p->md5,
		       n < sizeof(c->id) ? n : 0);
		free(map_put(later, s->out[i].path, c));
	}
}

static void settle(struct plan *p, struct plan_item *item,
		   const struct graph_list *needs, const long *where,
		   const struct lock_entry *e, const struct plan_view *v)
{
	for (size_t i = 0; i < needs->nr; i++)
		if (where[needs->item[i]] >= 0)
			wait_for(item, &p->item[where[needs->item[i]]], e);
	plan_conclude(item, e, v);
	if (plan_has(&item->why, WHY_WAITS, WHY_WAITS) &&
	    !plan_has(&item->why, WHY_FORCED, WHY_DEP_GONE))
		item->what = PLAN_MAYBE;
}

/* A stage above does something for sure: those below it are forced. */
static bool pushed(const struct plan *p, const struct graph_list *needs,
		   const long *where)
{
	for (size_t i = 0; i < needs->nr; i++) {
		long at = where[needs->item[i]];

		if (at >= 0 && p->item[at].what != PLAN_KEEP &&
		    p->item[at].what != PLAN_MAYBE)
			return true;
	}
	return false;
}

int plan_make(struct plan *p, const struct graph *g,
	      const struct pipe_pick *order, const struct locks *locks,
	      const struct seen *seen, const struct plan_opts *opts)
{
	struct map later = MAP_INIT;
	struct plan_view v = { seen, &later };
	long *where = mem_new(g->nr, sizeof(*where));
	int err = 0;

	for (size_t i = 0; i < g->nr; i++)
		where[i] = -1;
	for (size_t i = 0; !err && i < order->nr; i++) {
		size_t at = order->item[i];
		const struct stage *s = g->item[at].stage;
		const struct lock_entry *e = locks_entry(locks, s);
		const struct graph_list *needs = graph_needs(g, at);
		struct plan_opts one = *opts;
		struct plan_item *item;

		one.force |= one.force_down && pushed(p, needs, where);
		ARRAY_GROW(p);
		item = &p->item[p->nr++];
		*item = (struct plan_item)PLAN_ITEM_INIT;
		err = decide(item, s, e, &v, &one);
		item->index = at;
		if (!err)
			settle(p, item, needs, where, e, &v);
		if (item->what == PLAN_FETCH)
			foresee(&later, item);
		where[at] = (long)p->nr - 1;
	}
	free(where);
	map_clear(&later, free);
	return err;
}

void plan_item_clear(struct plan_item *item)
{
	for (size_t i = 0; i < item->why.nr; i++)
		plan_why_clear(&item->why.item[i]);
	free(item->why.item);
	lock_entry_clear(&item->from);
	*item = (struct plan_item)PLAN_ITEM_INIT;
}

void plan_clear(struct plan *p)
{
	for (size_t i = 0; i < p->nr; i++)
		plan_item_clear(&p->item[i]);
	free(p->item);
	*p = (struct plan)PLAN_INIT;
}
