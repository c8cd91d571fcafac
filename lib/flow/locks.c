#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/mem.h"
#include "flow/locks.h"
#include "spec/pipe.h"

/* An entry that was put. */
struct fresh {
	size_t rank;
	bool known;		/* it was in the file, where it keeps its place */
	char *name;
};

struct locked {
	struct lock lock;
	char *first;		/* the text as it was read */
	size_t len;
	struct fresh *item;	/* by rank */
	size_t nr, alloc;
};

static void close_one(void *p)
{
	struct locked *k = p;

	for (size_t i = 0; i < k->nr; i++)
		free(k->item[i].name);
	free(k->item);
	free(k->first);
	lock_clear(&k->lock);
	free(k);
}

/* "sub/dvc.yaml" -> "sub/dvc.lock" */
static char *beside(const char *dvcyaml)
{
	size_t n = strlen(dvcyaml);

	return mem_fmt("%.*s.lock", (int)(n > 5 ? n - 5 : n), dvcyaml);
}

static struct locked *keep(struct locks *l, const char *file,
			   struct locked *k)
{
	k->first = mem_ndup(k->lock.text ? k->lock.text : "", k->lock.len);
	k->len = k->lock.len;
	map_put(&l->file, file, k);
	return k;
}

int locks_read(struct locks *l, struct src *src, const struct pipe *p)
{
	int err = 0;

	for (size_t i = 0; !err && i < p->nr; i++) {
		const struct stage *s = &p->item[i];
		struct locked *k;
		char *path;

		if (s->kind != STAGE_RUN || map_get(&l->file, s->file))
			continue;
		k = mem_new(1, sizeof(*k));
		path = beside(s->file);
		err = lock_read(&k->lock, src, path);
		free(path);
		keep(l, s->file, k);
	}
	return err;
}

struct lock *locks_add(struct locks *l, const char *dvcyaml, const char *text)
{
	struct locked *k = mem_new(1, sizeof(*k));
	char *path = beside(dvcyaml);

	if (lock_parse(&k->lock, path, text, strlen(text)))
		err_clear();
	free(path);
	return &keep(l, dvcyaml, k)->lock;
}

struct lock *locks_file(const struct locks *l, const char *dvcyaml)
{
	struct locked *k = map_get(&l->file, dvcyaml);

	return k ? &k->lock : NULL;
}

const struct lock_entry *locks_entry(const struct locks *l,
				     const struct stage *s)
{
	const struct lock *lock;

	if (s->kind != STAGE_RUN)
		return NULL;
	lock = locks_file(l, s->file);
	return lock ? lock_find(lock, s->name) : NULL;
}

/* The new entry that a new one must stand before: it came too early. */
static const char *rank_in(struct locked *k, const char *name, size_t rank,
			   bool known)
{
	const char *next = NULL;
	size_t at = k->nr;

	for (; at && k->item[at - 1].rank > rank; at--)
		if (!known && !k->item[at - 1].known)
			next = k->item[at - 1].name;
	ARRAY_GROW(k);
	memmove(k->item + at + 1, k->item + at,
		(k->nr++ - at) * sizeof(*k->item));
	k->item[at] = (struct fresh){ rank, known, mem_dup(name) };
	return next;
}

static bool was_put(const struct locked *k, const char *name)
{
	for (size_t i = 0; i < k->nr; i++)
		if (!strcmp(k->item[i].name, name))
			return true;
	return false;
}

/* Make the file anew from what was read, with all that was put, by rank. */
static int rebuild(struct locked *k)
{
	struct lock old = k->lock;
	int err;

	k->lock = (struct lock)LOCK_INIT;
	err = lock_parse(&k->lock, old.path, k->first, k->len);
	for (size_t i = 0; !err && i < k->nr; i++)
		lock_put(&k->lock, lock_find(&old, k->item[i].name));
	lock_clear(&old);
	return err;
}

int locks_put(struct locks *l, const struct stage *s, size_t rank,
	      const struct lock_entry *e, const char *root)
{
	struct locked *k = map_get(&l->file, s->file);
	const char *next = NULL;
	int err = 0;

	if (!k)
		return err_set(ERR_FATAL, "no lock for '%s'", s->file);
	if (!was_put(k, e->name))
		next = rank_in(k, e->name, rank, lock_find(&k->lock, e->name));
	if (!next || !lock_put_before(&k->lock, e, next)) {
		lock_put(&k->lock, e);
		err = next ? rebuild(k) : 0;
	}
	return err || !root ? err : lock_write(&k->lock, root);
}

void locks_clear(struct locks *l)
{
	map_clear(&l->file, close_one);
}
