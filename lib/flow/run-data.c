#include <stdlib.h>
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "flow/locks.h"
#include "flow/run-part.h"
#include "flow/seen.h"
#include "spec/dvcfile.h"
#include "store/cache.h"

/* --- bringing back ---------------------------------------------------- */

/* What stands there and is in no cache goes into ours first. */
static int place_over(struct cache *ours, const struct lock_path *p,
		      const char *full)
{
	struct cache *c = cache_for(ours, lock_is_legacy(p));
	struct content gone;
	int err = cache_place(c, p->md5, p->isexec, full, 0);

	if (err != ERR_EXISTS)
		return err;
	err_clear();
	err = cache_save(ours, full, &gone, 0);
	return err ? err : cache_place(c, p->md5, p->isexec, full, 0);
}

int run_put(struct doing *d, const struct out *o, const struct lock_path *p)
{
	char *full = run_full(d, o->path);
	int err = run_inside(d, o->path);

	if (!err)
		err = place_over(d->job->cache, p, full);
	/* A file that Git tracks must be one that can be edited. */
	if (!err && !o->cache)
		err = cache_unlink(d->job->cache, full);
	seen_forget(d->job->seen, o->path);
	free(full);
	return err;
}

int run_place(struct doing *d, struct step *st)
{
	const struct stage *s = st->item.stage;
	int err = 0;

	for (size_t i = 0; !err && i < s->nr_out; i++) {
		const struct lock_path *p =
			lock_out(&st->item.from, s->out[i].def);

		if (p)
			err = run_put(d, &s->out[i], p);
	}
	return err;
}

/* --- recording what is there ------------------------------------------ */

static int missing(const struct stage *s, const struct seen *seen)
{
	for (size_t i = 0; i < s->nr_out; i++) {
		const struct out *o = &s->out[i];
		int err;

		if (seen_path(seen, o->path)->kind != CONTENT_NONE)
			continue;
		err = err_set(ERR_NOTFOUND,
			      s->kind == STAGE_DATA ?
			      "data '%s' is missing, and it is not in the cache" :
			      "output '%s' is missing, and it is not in the cache",
			      o->path);
		return err_hint(err, "fetch it with 'git exp data pull %s'",
				s->addr);
	}
	return 0;
}

static int write_data(struct doing *d, const struct stage *s,
		      const struct out *o)
{
	struct buf text = BUF_INIT;
	struct lock_path p = { .path = mem_dup(o->def) };
	char *full = run_full(d, s->file);
	int err = file_read(full, &text, 0);

	seen_fill(&p, seen_path(d->job->seen, o->path),
		  run_recorded(d, s, o));
	if (!err)
		err = dvcfile_data(&text, s->file, &p);
	if (!err && s->md5)
		err = dvcfile_sum(&text, s->file, NULL);
	if (!err)
		err = file_write(full, text.s, text.len, 0,
				 FILE_FSYNC | FILE_KEEPMODE);
	lock_path_clear(&p);
	buf_clear(&text);
	free(full);
	return err;
}

static int commit_data(struct doing *d, const struct step *st)
{
	const struct stage *s = st->item.stage;
	int err = 0;

	if (s->nr_dep)
		return run_import(d, st);
	for (size_t i = 0; !err && i < s->nr_out; i++) {
		err = run_save(d, s, &s->out[i], false);
		if (!err)
			err = run_ignore(d, s, &s->out[i]);
		if (!err)
			err = write_data(d, s, &s->out[i]);
	}
	return err;
}

int run_commit(struct doing *d, struct step *st)
{
	const struct stage *s = st->item.stage;
	int err;

	if (d->job->dry)
		return 0;
	if (s->kind == STAGE_DATA && s->nr_dep)
		return commit_data(d, st);
	err = missing(s, d->job->seen);
	if (err)
		return err;
	if (s->kind == STAGE_DATA)
		return commit_data(d, st);
	err = seen_entry(d->job->seen, s, locks_entry(d->job->locks, s), false,
			 &st->before);
	return err ? err : run_record(d, st);
}

/* --- instead of running ----------------------------------------------- */

static bool only_gone(const struct whys *w)
{
	for (size_t i = 0; i < w->nr; i++)
		if (w->item[i].kind != WHY_OUT_GONE &&
		    w->item[i].kind != WHY_FORCED)
			return false;
	return true;
}

int run_fetch(struct doing *d, struct step *st)
{
	const struct stage *s = st->item.stage;
	int err = 0;

	if (d->job->dry)
		return 0;
	if (s->kind == STAGE_RUN)
		err = seen_entry(d->job->seen, s,
				 locks_entry(d->job->locks, s), false,
				 &st->before);
	if (!err)
		err = run_place(d, st);
	if (!err)
		err = seen_gather(d->job->seen, s,
				  locks_entry(d->job->locks, s));
	if (err)
		return err;
	if (s->kind == STAGE_RUN)
		return run_record(d, st);
	return only_gone(&st->item.why) ? 0 : commit_data(d, st);
}
