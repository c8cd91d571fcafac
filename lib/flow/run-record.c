#include <stdlib.h>
#include "base/err.h"
#include "flow/locks.h"
#include "flow/rcache.h"
#include "flow/run-part.h"
#include "flow/seen.h"
#include "store/cache.h"

int run_save(struct doing *d, const struct stage *s, const struct out *o,
	     bool always)
{
	struct content c = { .kind = CONTENT_NONE };
	char *full;
	int err;

	if (!o->cache && !always)
		return 0;
	err = run_inside(d, o->path);
	if (err)
		return err;
	full = run_full(d, o->path);
	err = cache_save(d->job->cache, full, &c, o->cache ? CACHE_RELINK : 0);
	if (err == ERR_NOTFOUND)
		err = seen_gone(s, "output", o->def, o->line);
	if (!err) {
		seen_put(d->job->seen, o->path, &c);
		seen_put_whole(d->job->seen, c.id, true);
	}
	free(full);
	return err;
}

/* What was just placed is in the cache already. */
static int save_all(struct doing *d, const struct step *st, bool always)
{
	const struct stage *s = st->item.stage;
	bool placed = st->item.what == PLAN_FETCH && !s->frozen;
	int err = 0;

	for (size_t i = 0; !placed && !err && i < s->nr_out; i++)
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
	return seen_outs(d->job->seen, st->item.stage, out);
}

int run_record(struct doing *d, struct step *st)
{
	const struct stage *s = st->item.stage;
	struct run_item *r = &d->run->item[st->at];
	bool cached;
	int err = seen_gather(d->job->seen, s, NULL);

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
