#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "flow/seen.h"
#include "spec/lock.h"
#include "spec/params.h"
#include "spec/pipe.h"

static char yes;		/* what a set's keys point to */

void seen_init(struct seen *s, const char *root, struct cache *cache,
	       struct src *src)
{
	*s = (struct seen)SEEN_INIT;
	s->root = mem_dup(root);
	s->cache = cache;
	s->src = src;
}

void seen_put(struct seen *s, const char *path, const struct content *c)
{
	struct content *copy = mem_new(1, sizeof(*copy));

	*copy = *c;
	free(map_put(&s->path, path, copy));
}

static void free_params(void *p)
{
	struct seen_params *sp = p;

	if (!sp)
		return;
	free(sp->error);
	free(sp->hint);
	val_clear(&sp->val);
	free(sp);
}

static void bad(struct seen_params *sp, enum seen_state state)
{
	sp->state = state;
	sp->error = mem_dup(err_message());
	sp->hint = mem_dup(err_hints());
	err_clear();
}

int seen_bad(const struct seen_params *sp)
{
	err_set(ERR_INVALID, "%s", sp->error);
	return sp->hint ? err_hint(ERR_INVALID, "%s", sp->hint) : ERR_INVALID;
}

void seen_put_params(struct seen *s, const char *path, const char *yaml)
{
	struct seen_params *sp = mem_new(1, sizeof(*sp));

	if (val_yaml(&sp->val, yaml, strlen(yaml), path))
		bad(sp, SEEN_BAD);
	free_params(map_put(&s->params, path, sp));
}

void seen_put_whole(struct seen *s, const char *id, bool whole)
{
	map_drop(whole ? &s->absent : &s->whole, id);
	map_put(whole ? &s->whole : &s->absent, id, &yes);
}

/* An object of DVC 2 has a name of its own among the facts. */
static char *name(const struct lock_path *p)
{
	return lock_is_legacy(p) ? mem_fmt("legacy %s", p->md5) :
		mem_dup(p->md5);
}

void seen_put_whole_of(struct seen *s, const struct lock_path *p, bool whole)
{
	char *id = name(p);

	seen_put_whole(s, id, whole);
	free(id);
}

/* --- looking ---------------------------------------------------------- */

static int look(struct seen *s, const char *path, bool legacy)
{
	const struct content *known = map_get(&s->path, path);
	struct content c = { .kind = CONTENT_NONE };
	char *full;
	int err;

	if (!s->cache || (known && (known->kind == CONTENT_NONE ||
				    *(legacy ? known->old : known->id))))
		return 0;
	full = file_join(s->root, path);
	err = cache_look(cache_for(s->cache, legacy), full, &c, NULL);
	free(full);
	if (legacy) {
		memcpy(c.old, c.id, sizeof(c.old));
		memset(c.id, 0, sizeof(c.id));
	}
	if (known)
		memcpy(legacy ? c.id : c.old, legacy ? known->id : known->old,
		       sizeof(c.id));
	if (!err)
		seen_put(s, path, &c);
	return err;
}

/* What was recorded says how to hash; what differs from it is hashed anew. */
int seen_look(struct seen *s, const char *path, bool external,
	      const struct lock_path *was)
{
	bool legacy = !external && lock_is_legacy(was);
	int err = look(s, path, legacy);
	struct content *c;

	if (!err && legacy && !seen_is(seen_path(s, path), was))
		err = look(s, path, false);
	/* Outside of the project the old hash was the same as today's. */
	c = external && lock_is_legacy(was) ? map_get(&s->path, path) : NULL;
	if (c)
		memcpy(c->old, c->id, sizeof(c->old));
	return err;
}

static void look_params(struct seen *s, const char *path)
{
	struct seen_params *sp;
	int err;

	if (!s->src || map_get(&s->params, path))
		return;
	sp = mem_new(1, sizeof(*sp));
	err = params_load(&sp->val, s->src, path);
	if (err)
		bad(sp, err == ERR_NOTFOUND ? SEEN_MISSING : SEEN_BAD);
	map_put(&s->params, path, sp);
}

static void look_object(struct seen *s, const struct lock_path *p)
{
	char *id = s->cache && p->md5 ? name(p) : NULL;

	if (id && !map_get(&s->whole, id) && !map_get(&s->absent, id))
		seen_put_whole(s, id,
			       cache_whole(cache_for(s->cache, lock_is_legacy(p)),
					   p->md5));
	free(id);
}

int seen_gather(struct seen *s, const struct stage *stage,
		const struct lock_entry *e)
{
	bool data = stage->kind == STAGE_DATA;
	int err = 0;

	for (size_t i = 0; !err && i < stage->nr_dep; i++) {
		const struct dep *d = &stage->dep[i];

		if (!d->url && !(data && stage->frozen))
			err = seen_look(s, d->path, d->external,
					data ? &d->saved :
					e ? lock_dep(e, d->def) : NULL);
	}
	for (size_t i = 0; !err && i < stage->nr_param; i++)
		look_params(s, stage->param[i].path);
	for (size_t i = 0; !err && i < stage->nr_out; i++) {
		const struct out *o = &stage->out[i];
		const struct lock_path *was = data ? &o->saved :
			e ? lock_out(e, o->def) : NULL;

		err = seen_look(s, o->path, o->external, was);
		look_object(s, &o->saved);
	}
	for (size_t i = 0; !err && e && i < e->nr_out; i++)
		look_object(s, &e->out[i]);
	return err;
}

/* --- answering -------------------------------------------------------- */

const struct content *seen_path(const struct seen *s, const char *path)
{
	static const struct content none = { .kind = CONTENT_NONE };
	const struct content *c = map_get(&s->path, path);

	return c ? c : &none;
}

const struct seen_params *seen_params(const struct seen *s, const char *path)
{
	static const struct seen_params none = { .state = SEEN_MISSING };
	const struct seen_params *sp = map_get(&s->params, path);

	return sp ? sp : &none;
}

bool seen_whole(const struct seen *s, const struct lock_path *p)
{
	char *id = p && p->md5 ? name(p) : NULL;
	bool whole = id && map_get(&s->whole, id);

	free(id);
	return whole;
}

bool seen_legacy(const struct content *now, const struct lock_path *was)
{
	return lock_is_legacy(was) && *now->old && !strcmp(now->old, was->md5);
}

bool seen_is(const struct content *now, const struct lock_path *was)
{
	return seen_legacy(now, was) ||
		(!lock_is_legacy(was) && !strcmp(now->id, was->md5));
}

/* --- forgetting ------------------------------------------------------- */

/* One is the other, or lies in it. */
static bool overlap(const char *a, const char *b)
{
	size_t n = 0;

	if (!strcmp(a, ".") || !strcmp(b, "."))
		return true;
	while (a[n] && a[n] == b[n])
		n++;
	return (!a[n] && file_inside(a, b)) || (!b[n] && file_inside(b, a));
}

/* Every stage forgets something: the key stays, for the next look. */
static void drop(struct map *m, const char *path, void (*gone)(void *))
{
	for (size_t i = 0; i < m->nr; i++)
		if (m->item[i].value && overlap(m->item[i].key, path)) {
			gone(m->item[i].value);
			m->item[i].value = NULL;
		}
}

void seen_forget(struct seen *s, const char *path)
{
	drop(&s->path, path, free);
	drop(&s->params, path, free_params);
	map_clear(&s->absent, NULL);
}

void seen_clear(struct seen *s)
{
	free(s->root);
	map_clear(&s->path, free);
	map_clear(&s->params, free_params);
	map_clear(&s->whole, NULL);
	map_clear(&s->absent, NULL);
	*s = (struct seen)SEEN_INIT;
}
