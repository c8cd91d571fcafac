#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/strs.h"
#include "flow/plan.h"
#include "flow/rcache.h"
#include "flow/seen.h"
#include "spec/canon.h"
#include "spec/emit.h"
#include "spec/lock.h"
#include "store/cache.h"

static bool local_deps(const struct stage *s, const struct lock_entry *e)
{
	for (size_t i = 0; i < s->nr_dep; i++) {
		const struct lock_path *p = lock_dep(e, s->dep[i].def);

		if (s->dep[i].url || !p || !p->md5)
			return false;
	}
	for (size_t i = 0; i < s->nr_param; i++) {
		const struct val *v = val_get(&e->params, s->param[i].def);

		if (!v || !v->nr)
			return false;
	}
	return s->nr_dep || s->nr_param;
}

bool rcache_can(const struct stage *s, const struct lock_entry *e)
{
	for (size_t i = 0; i < s->nr_out; i++)
		if (s->out[i].external || s->out[i].persist)
			return false;
	return s->kind == STAGE_RUN && !s->always_changed && s->nr_out &&
	       local_deps(s, e);
}

bool rcache_saves(const struct stage *s)
{
	for (size_t i = 0; i < s->nr_out; i++) {
		const struct out *o = &s->out[i];

		if (!o->cache && !o->metric && !o->plot)
			return false;
	}
	return true;
}

/* --- names ------------------------------------------------------------ */

static int name(const struct val *v, char hex[DIGEST_HEX])
{
	struct buf b = BUF_INIT;
	int err = canon_json(&b, v,
			     CANON_SORT | CANON_NO_SIZES | CANON_STRICT);

	if (!err)
		digest_mem(DIGEST_SHA256, b.s, b.len, hex);
	buf_clear(&b);
	return err;
}

int rcache_key(const struct lock_entry *e, char hex[DIGEST_HEX])
{
	struct val v = VAL_INIT, *outs;
	int err;

	lock_val(&v, e);
	outs = val_put(&v, "outs");
	val_set_list(outs);
	for (size_t i = 0; i < e->nr_out; i++)
		val_set_str(val_add(outs), e->out[i].path);
	err = name(&v, hex);
	val_clear(&v);
	return err;
}

int rcache_value(const struct lock_entry *e, char hex[DIGEST_HEX])
{
	struct val v = VAL_INIT;
	int err;

	lock_val(&v, e);
	err = name(&v, hex);
	val_clear(&v);
	return err;
}

static char *place(const struct cache *c, const char *key, const char *value)
{
	return mem_fmt("%s/runs/%.2s/%s%s%s", c->root, key, key,
		       value ? "/" : "", value ? value : "");
}

/* --- reading ---------------------------------------------------------- */

#if defined(__APPLE__) && !defined(_DARWIN_C_SOURCE)
#define NSEC(st) ((st)->st_mtimensec)
#else
#define NSEC(st) ((st)->st_mtim.tv_nsec)
#endif

static bool newer(const struct stat *a, const struct stat *b)
{
	if (a->st_mtime != b->st_mtime)
		return a->st_mtime > b->st_mtime;
	return NSEC(a) > NSEC(b);
}

/* The newest file of a key, or NULL; one we are just writing does not count. */
static char *newest(const char *dir)
{
	struct strs names = STRS_INIT;
	struct stat best = { 0 }, st;
	char *found = NULL;

	if (file_list(dir, &names))
		err_clear();
	for (size_t i = 0; i < names.nr; i++) {
		char *path;

		if (file_is_temp(names.item[i]))
			continue;
		path = file_join(dir, names.item[i]);
		if (stat(path, &st) || (found && !newer(&st, &best))) {
			free(path);
			continue;
		}
		mem_set(&found, path);
		best = st;
	}
	strs_clear(&names);
	return found;
}

static int load(const char *path, struct lock_entry *out)
{
	struct buf text = BUF_INIT;
	struct val v = VAL_INIT;
	int err = file_read(path, &text, 0);

	if (!err)
		err = val_yaml(&v, text.s, text.len, path);
	if (!err)
		err = lock_entry_from(out, "", &v, path);
	val_clear(&v);
	buf_clear(&text);
	return err;
}

int rcache_find(const struct cache *c, const char *key,
		struct lock_entry *out)
{
	char *dir = place(c, key, NULL), *path = newest(dir);
	int err = ERR_NOTFOUND;

	lock_entry_clear(out);
	if (path && load(path, out)) {
		err_warn("run cache: %s", err_message());
		err_clear();
	} else if (path) {
		err = 0;
	}
	free(path);
	free(dir);
	return err ? err_set(err, "no run is cached under '%s'", key) : 0;
}

/* --- writing ---------------------------------------------------------- */

static bool is_there(const char *path)
{
	struct lock_entry e = LOCK_ENTRY_INIT;
	int err = file_exists(path) ? load(path, &e) : ERR_NOTFOUND;

	if (err)
		err_clear();
	lock_entry_clear(&e);
	return !err;
}

static int write(const char *path, const struct lock_entry *e)
{
	struct buf text = BUF_INIT;
	struct val v = VAL_INIT;
	int err;

	lock_val(&v, e);
	emit_yaml(&text, &v, 0);
	err = file_write(path, text.s, text.len, 0, FILE_MKDIRS);
	val_clear(&v);
	buf_clear(&text);
	return err;
}

int rcache_save(const struct cache *c, const struct lock_entry *e)
{
	char key[DIGEST_HEX], value[DIGEST_HEX], *path;
	int err = rcache_key(e, key);

	if (!err)
		err = rcache_value(e, value);
	if (err)
		return err;
	path = place(c, key, value);
	if (!is_there(path))
		err = write(path, e);
	free(path);
	return err;
}

/* --- offering --------------------------------------------------------- */

/* Everything the stage makes is recorded and whole in the cache. */
static bool complete(struct cache *c, const struct stage *s,
		     const struct lock_entry *e)
{
	for (size_t i = 0; i < s->nr_out; i++) {
		const struct lock_path *p = lock_out(e, s->out[i].def);

		if (!p || !p->md5 ||
		    !cache_whole(cache_for(c, lock_is_legacy(p)), p->md5))
			return false;
	}
	return true;
}

/* The key of the facts as they are: with the paths of the outputs, no hashes. */
static int ask(struct cache *c, const struct seen *seen,
	       const struct stage *s, const struct lock_entry *e,
	       struct lock_entry *found)
{
	struct lock_entry now = LOCK_ENTRY_INIT;
	char key[DIGEST_HEX];
	int err = seen_entry(seen, s, e, false, &now);

	for (size_t i = 0; !err && i < s->nr_out; i++)
		lock_add_out(&now, s->out[i].def);
	if (!err) {
		lock_entry_sort(&now);
		err = rcache_can(s, &now) ? 0 : ERR_NOTFOUND;
	}
	if (!err)
		err = rcache_key(&now, key);
	if (!err)
		err = rcache_find(c, key, found);
	lock_entry_clear(&now);
	return err;
}

int rcache_offer(struct cache *c, const struct seen *seen,
		 const struct lock_entry *e, struct plan_item *item)
{
	struct lock_entry found = LOCK_ENTRY_INIT;
	int err;

	if (item->what != PLAN_RUN ||
	    plan_cacheable(item->stage, e, seen, &item->why) != PLAN_CACHE_ASK)
		return 0;
	err = ask(c, seen, item->stage, e, &found);
	if (!err && complete(c, item->stage, &found)) {
		lock_entry_clear(&item->from);
		item->from = found;
		item->what = PLAN_FETCH;
		return 0;
	}
	lock_entry_clear(&found);
	if (err != ERR_NOTFOUND)
		return err;
	err_clear();
	return 0;
}
