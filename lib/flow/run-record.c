#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "flow/locks.h"
#include "flow/rcache.h"
#include "flow/run-part.h"
#include "flow/seen.h"
#include "store/cache.h"

const struct lock_path *run_recorded(const struct doing *d,
				     const struct stage *s, const struct out *o)
{
	const struct lock_entry *e;

	if (o->external)
		return NULL;
	if (s->kind == STAGE_DATA)
		return &o->saved;
	e = locks_entry(d->job->locks, s);
	return e ? lock_out(e, o->def) : NULL;
}

/* Into the cache of DVC 2 as long as it is what DVC 2 recorded. */
static int save(struct doing *d, const char *full, const struct out *o,
		const struct lock_path *was, struct content *c)
{
	unsigned flags = o->cache ? CACHE_RELINK : 0;
	int err;

	if (!seen_legacy(seen_path(d->job->seen, o->path), was))
		return cache_save(d->job->cache, full, c, flags);
	err = cache_save(cache_for(d->job->cache, true), full, c, flags);
	if (!err && strcmp(c->id, was->md5))
		return cache_save(d->job->cache, full, c, flags);
	memcpy(c->old, c->id, sizeof(c->old));
	memset(c->id, 0, sizeof(c->id));
	return err;
}

int run_save(struct doing *d, const struct stage *s, const struct out *o,
	     bool always)
{
	const struct lock_path *was = run_recorded(d, s, o);
	struct content c = { .kind = CONTENT_NONE };
	char *full;
	int err;

	if (!o->cache && !always)
		return 0;
	err = run_inside(d, o->path);
	if (err)
		return err;
	full = run_full(d, o->path);
	err = save(d, full, o, was, &c);
	if (err == ERR_NOTFOUND)
		err = seen_gone(s, "output", o->def, o->line);
	if (!err) {
		seen_put(d->job->seen, o->path, &c);
		if (*c.old)
			seen_put_whole_of(d->job->seen, was, true);
		else
			seen_put_whole(d->job->seen, c.id, true);
	}
	free(full);
	return err;
}

/* What was just placed is in the cache already, if it counts as the same. */
static bool placed(const struct doing *d, const struct step *st,
		   const struct out *o)
{
	const struct lock_path *from = lock_out(&st->item.from, o->def);
	const struct lock_path *now = lock_out(&d->run->item[st->at].entry,
					       o->def);

	return st->item.what == PLAN_FETCH && !st->item.stage->frozen && from &&
		lock_is_legacy(from) == lock_is_legacy(now);
}

static int save_all(struct doing *d, const struct step *st, bool always)
{
	const struct stage *s = st->item.stage;
	int err = 0;

	for (size_t i = 0; !err && i < s->nr_out; i++)
		if (!placed(d, st, &s->out[i]))
			err = run_save(d, s, &s->out[i], always);
	for (size_t i = 0; !err && i < s->nr_out; i++)
		err = run_ignore(d, s, &s->out[i]);
	return err;
}

/* Inputs of before, outputs of now. */
static int complete(struct doing *d, struct step *st, struct lock_entry *out)
{
	lock_entry_clear(out);
	lock_entry_copy(out, &st->before);
	return seen_outs(d->job->seen, st->item.stage,
			 locks_entry(d->job->locks, st->item.stage), out);
}

int run_record(struct doing *d, struct step *st)
{
	const struct stage *s = st->item.stage;
	struct run_item *r = &d->run->item[st->at];
	bool cached;
	int err = seen_gather(d->job->seen, s, locks_entry(d->job->locks, s));

	if (!err)
		err = complete(d, st, &r->entry);
	cached = !err && rcache_can(s, &r->entry) && rcache_saves(s);
	if (!err)
		err = save_all(d, st, cached);
	if (!err)
		err = complete(d, st, &r->entry);
	if (!err && cached)
		err = rcache_save(d->job->cache, &r->entry);
	if (!err)
		err = locks_put(d->job->locks, s, st->at, &r->entry,
				d->job->root);
	return err;
}
