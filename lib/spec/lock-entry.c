#include "base/err.h"
#include "base/mem.h"
#include "spec/lock-part.h"
#include "spec/lock.h"

static struct lock_path *add(struct lock_path **item, size_t *nr,
			     size_t *alloc, const char *path)
{
	struct lock_path *p;

	if (*nr == *alloc) {
		*alloc = *alloc ? 2 * *alloc : 4;
		*item = mem_resize(*item, *alloc, sizeof(**item));
	}
	p = &(*item)[(*nr)++];
	*p = (struct lock_path){ .path = mem_dup(path), .size = -1,
				 .nfiles = -1 };
	return p;
}

struct lock_path *lock_add_dep(struct lock_entry *e, const char *path)
{
	return add(&e->dep, &e->nr_dep, &e->alloc_dep, path);
}

struct lock_path *lock_add_out(struct lock_entry *e, const char *path)
{
	return add(&e->out, &e->nr_out, &e->alloc_out, path);
}

bool lock_is_legacy(const struct lock_path *p)
{
	return p && p->md5 && !p->hash;
}

static struct lock_path *find(struct lock_path *item, size_t nr,
			      const char *path)
{
	for (size_t i = 0; i < nr; i++)
		if (!strcmp(item[i].path, path))
			return &item[i];
	return NULL;
}

struct lock_path *lock_dep(const struct lock_entry *e, const char *path)
{
	return find(e->dep, e->nr_dep, path);
}

struct lock_path *lock_out(const struct lock_entry *e, const char *path)
{
	return find(e->out, e->nr_out, path);
}

static int by_path(const void *a, const void *b)
{
	const struct lock_path *x = a, *y = b;

	return strcmp(x->path, y->path);
}

/* Bring entry `at` of a map to the front. */
static void front(struct val *map, size_t at)
{
	struct val key = map->key[at], item = map->item[at];

	memmove(map->key + 1, map->key, at * sizeof(key));
	memmove(map->item + 1, map->item, at * sizeof(item));
	map->key[0] = key;
	map->item[0] = item;
}

void lock_entry_sort(struct lock_entry *e)
{
	if (e->nr_dep)
		qsort(e->dep, e->nr_dep, sizeof(*e->dep), by_path);
	if (e->nr_out)
		qsort(e->out, e->nr_out, sizeof(*e->out), by_path);
	if (e->params.kind != VAL_MAP)
		return;
	val_sort(&e->params);
	for (size_t i = 0; i < e->params.nr; i++) {
		const char *file = val_text(&e->params.key[i]);

		val_sort(&e->params.item[i]);
		if (file && !strcmp(file, "params.yaml"))
			front(&e->params, i);
	}
}

void lock_path_copy(struct lock_path *to, const struct lock_path *from)
{
	*to = *from;
	to->path = mem_dup(from->path);
	to->hash = mem_dup(from->hash);
	to->md5 = mem_dup(from->md5);
	to->rest = (struct val)VAL_INIT;
	val_copy(&to->rest, &from->rest);
}

void lock_path_clear(struct lock_path *p)
{
	free(p->path);
	free(p->hash);
	free(p->md5);
	val_clear(&p->rest);
	*p = (struct lock_path){ .size = -1, .nfiles = -1 };
}

void lock_entry_copy(struct lock_entry *to, const struct lock_entry *from)
{
	struct lock_path *p;

	*to = (struct lock_entry)LOCK_ENTRY_INIT;
	to->name = mem_dup(from->name);
	val_copy(&to->cmd, &from->cmd);
	val_copy(&to->params, &from->params);
	for (size_t i = 0; i < from->nr_dep; i++) {
		p = lock_add_dep(to, NULL);
		lock_path_copy(p, &from->dep[i]);
	}
	for (size_t i = 0; i < from->nr_out; i++) {
		p = lock_add_out(to, NULL);
		lock_path_copy(p, &from->out[i]);
	}
	to->at = from->at;
	to->end = from->end;
}

void lock_entry_clear(struct lock_entry *e)
{
	for (size_t i = 0; i < e->nr_dep; i++)
		lock_path_clear(&e->dep[i]);
	for (size_t i = 0; i < e->nr_out; i++)
		lock_path_clear(&e->out[i]);
	free(e->dep);
	free(e->out);
	free(e->name);
	val_clear(&e->cmd);
	val_clear(&e->params);
	*e = (struct lock_entry)LOCK_ENTRY_INIT;
}

/* Those of the keys we do not understand that stand at `place`. */
static void put_rest(struct val *out, const struct val *rest,
		     const char *const *names)
{
	for (; *names; names++) {
		const struct val *v = val_get(rest, *names);

		if (v)
			val_copy(val_put(out, *names), v);
	}
}

static void put_text(struct val *out, const char *key, const char *text)
{
	if (text)
		val_set_str(val_put(out, key), text);
}

static void put_count(struct val *out, const char *key, int64_t n)
{
	if (n >= 0)
		val_set_int(val_put(out, key), n);
}

static void path_val(struct val *out, const struct lock_path *p)
{
	static const char *const first[] = { "etag", "checksum", "files",
					     "dataset", NULL };
	static const char *const last[] = { "version_id", "cloud", NULL };

	val_set_map(out);
	put_text(out, "path", p->path);
	put_text(out, "hash", p->hash);
	put_text(out, "md5", p->md5);
	put_rest(out, &p->rest, first);
	put_count(out, "size", p->size);
	put_count(out, "nfiles", p->nfiles);
	if (p->isexec)
		val_set_bool(val_put(out, "isexec"), true);
	put_rest(out, &p->rest, last);
}

static void paths_val(struct val *out, const char *key,
		      const struct lock_path *item, size_t nr)
{
	struct val *list;

	if (!nr)
		return;
	list = val_put(out, key);
	val_set_list(list);
	for (size_t i = 0; i < nr; i++)
		path_val(val_add(list), &item[i]);
}

void lock_val(struct val *out, const struct lock_entry *e)
{
	val_set_map(out);
	val_copy(val_put(out, "cmd"), &e->cmd);
	paths_val(out, "deps", e->dep, e->nr_dep);
	if (e->params.kind == VAL_MAP && e->params.nr)
		val_copy(val_put(out, "params"), &e->params);
	if (val_get(out, "params"))
		lock_share(val_get(out, "params"));
	paths_val(out, "outs", e->out, e->nr_out);
}
