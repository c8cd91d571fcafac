#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "data/work.h"
#include "spec/pipe.h"
#include "store/cache.h"

struct checkout {
	struct work *work;
	bool force;
	void (*fn)(void *payload, enum work_did did, const char *path,
		   bool dir);
	void *payload;
	struct buf missing;	/* names of outputs the cache lacks */
};

static int place(struct checkout *c, const struct out *o,
		 const struct lock_path *l)
{
	struct cache *cache = cache_for(c->work->cache, lock_is_legacy(l));
	char *full = file_join(c->work->root, o->path);
	struct content now;
	int err = cache_look(cache, full, &now, NULL);

	if (!err && !strcmp(now.id, l->md5)) {
		free(full);
		return 0;
	}
	if (!err && !cache_whole(cache, l->md5)) {
		buf_fmt(&c->missing, "%s'%s'", c->missing.len ? ", " : "",
			o->path);
		free(full);
		return 0;
	}
	if (!err)
		err = cache_place(cache, l->md5, l->isexec, full,
				  c->force ? CACHE_FORCE : 0);
	if (!err && c->fn)
		c->fn(c->payload, now.kind == CONTENT_NONE ? WORK_ADDED :
							     WORK_MODIFIED,
		      o->path, strstr(l->md5, ".dir") != NULL);
	free(full);
	return err;
}

static int place_stage(struct checkout *c, const struct stage *s,
		       const struct lock_entry *e)
{
	int err = 0;

	for (size_t i = 0; i < s->nr_out && !err; i++) {
		const struct out *o = &s->out[i];
		const struct lock_path *l = &o->saved;

		if (s->kind == STAGE_RUN)
			l = e ? lock_out(e, o->def) : NULL;
		if (o->cache && !o->external && l && l->md5)
			err = place(c, o, l);
	}
	return err;
}

static int stage(struct checkout *c, const struct stage *s)
{
	struct lock lock = LOCK_INIT;
	char *dir, *path;
	int err;

	if (s->kind == STAGE_DATA)
		return place_stage(c, s, NULL);
	dir = file_dirname(s->file);
	path = file_join(dir, "dvc.lock");
	err = lock_read(&lock, c->work->src, path);
	if (!err)
		err = place_stage(c, s, lock_find(&lock, s->name));
	lock_clear(&lock);
	free(path);
	free(dir);
	return err;
}

static int pick(struct work *w, const struct strs *targets,
		struct pipe_pick *out)
{
	int err = 0;

	for (size_t i = 0; i < targets->nr && !err; i++)
		err = pipe_target(w->pipe, w->cwd, targets->item[i], true,
				  out);
	for (size_t i = 0; !targets->nr && i < w->pipe->nr; i++) {
		ARRAY_GROW(out);
		out->item[out->nr++] = i;
	}
	return err;
}

int work_checkout(struct work *w, const struct strs *targets, bool force,
		  void (*fn)(void *payload, enum work_did did,
			     const char *path, bool dir), void *payload)
{
	struct checkout c = { w, force, fn, payload, BUF_INIT };
	struct pipe_pick chosen = { 0 };
	int err = pick(w, targets, &chosen);

	for (size_t i = 0; i < chosen.nr && !err; i++)
		err = stage(&c, &w->pipe->item[chosen.item[i]]);
	if (!err && c.missing.len)
		err = err_set(ERR_NOTFOUND, "not in the cache: %s",
			      c.missing.s);
	buf_clear(&c.missing);
	free(chosen.item);
	return err;
}
