#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/os.h"
#include "repo/commit.h"
#include "repo/ref.h"
#include "spec/val.h"
#include "story/lay.h"
#include "store/cache.h"
#include "story/undo-part.h"

#define PREFIX "refs/git-exp/undo/"
enum { KEEP_SECONDS = 30 * 24 * 3600 };

void undo_path(struct undo *u, const char *path)
{
	strs_once(&u->paths, path);
}

void undo_out(struct undo *u, const char *path, const char *id, bool exec)
{
	struct undo_out *o;

	if (u->nr_out == u->alloc_out) {
		u->alloc_out = u->alloc_out ? 2 * u->alloc_out : 8;
		u->out = mem_resize(u->out, u->alloc_out, sizeof(*u->out));
	}
	o = &u->out[u->nr_out++];
	*o = (struct undo_out){ .path = mem_dup(path), .exec = exec };
	snprintf(o->id, sizeof(o->id), "%s", id);
}

void undo_ref(struct undo *u, const char *ref, const struct oid *was,
	      const struct oid *now)
{
	if (u->nr_ref == u->alloc_ref) {
		u->alloc_ref = u->alloc_ref ? 2 * u->alloc_ref : 8;
		u->ref = mem_resize(u->ref, u->alloc_ref, sizeof(*u->ref));
	}
	u->ref[u->nr_ref++] = (struct undo_ref){ mem_dup(ref), *was, *now };
}

/* --- making a point ------------------------------------------------------ */

struct old {
	struct strs name;
	struct oid *item;
	size_t nr, alloc;
	uint64_t before;	/* milliseconds */
};

static int is_old(const char *name, const struct oid *id, void *payload)
{
	struct old *o = payload;

	if (strtoull(name + strlen(PREFIX), NULL, 10) >= o->before)
		return 0;
	strs_add(&o->name, name);
	ARRAY_GROW(o);
	o->item[o->nr++] = *id;
	return 0;
}

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* Losing the race for an expired point to another process is no failure. */
static void expire(struct repo *r)
{
	struct old o = { .before = now_ms() - (uint64_t)KEEP_SECONDS * 1000 };

	if (ref_each(r, PREFIX, is_old, &o))
		err_clear();
	for (size_t i = 0; i < o.nr; i++) {
		struct ref_change c = { .name = o.name.item[i],
					.from = o.item[i] };

		if (ref_update(r, &c, 1, NULL))
			err_clear();
	}
	strs_clear(&o.name);
	free(o.item);
}

static int point_ref(struct repo *r, const struct oid *id)
{
	uint32_t salt;
	char *name;
	struct ref_change c = { .to = *id };
	int err;

	os_random(&salt, sizeof(salt));
	c.name = name = mem_fmt(PREFIX "%013" PRIu64 "-%08" PRIx32, now_ms(), salt);
	err = ref_update(r, &c, 1, NULL);
	free(name);
	return err;
}

/* What a deleted or moved ref pointed to must stay reachable: as parents. */
static void parents(struct oid *out, size_t *nr, const struct undo *u)
{
	for (size_t i = 0; i < u->nr_ref; i++)
		if (*u->ref[i].was.hex)
			out[(*nr)++] = u->ref[i].was;
}

int undo_keep(struct repo *r, const struct undo *u)
{
	struct buf record = BUF_INIT;
	struct oid *parent = mem_new(u->nr_ref + 1, sizeof(*parent));
	struct commit_new c = { .tree = u->tree, .parent = parent,
				.message = u->what };
	struct oid id;
	char *who = NULL;
	int err = 0;

	parents(parent, &c.nr_parent, u);
	undo_describe(&record, r, u);
	c.record = record.s;
	if (!*c.tree.hex)
		err = repo_write(r, OBJ_TREE, "", 0, &c.tree);
	if (!err)
		err = repo_committer(r, &who);
	c.author = c.committer = who;
	if (!err)
		err = commit_write(r, &c, &id);
	if (!err)
		err = point_ref(r, &id);
	if (!err)
		expire(r);
	free(who);
	free(parent);
	buf_clear(&record);
	return err;
}

/* --- taking one back ----------------------------------------------------- */

struct newest {
	struct repo *repo;
	char *name;
	struct oid id;
	struct undo u;
};

/* Refs come sorted by name, so the last that is ours is the newest. */
static int try_point(const char *name, const struct oid *id, void *payload)
{
	struct newest *n = payload;
	struct undo u = UNDO_INIT;
	struct val v = VAL_INIT;
	char *here = undo_worktree(n->repo);
	const char *where;
	int err = undo_read(&u, &v, n->repo, id);

	where = val_text(val_get(&v, "worktree"));
	if (!err && where && !strcmp(where, here)) {
		undo_clear(&n->u);
		n->u = u;
		mem_set(&n->name, mem_dup(name));
		n->id = *id;
	} else {
		undo_clear(&u);
		err_clear();
	}
	val_clear(&v);
	free(here);
	return 0;
}

static int outs_back(struct cache *c, const struct undo *u)
{
	int err = 0;

	for (size_t i = 0; i < u->nr_out && !err; i++) {
		const struct undo_out *o = &u->out[i];

		err = cache_guard(c, o->path);
		if (!err)
			err = *o->id ? cache_place(c, o->id, o->exec, o->path,
						   CACHE_FORCE) :
				       file_remove_tree(o->path);
	}
	return err;
}

/* A kill before the command, or an undo, was through leaves some as they were. */
static bool is_back(struct repo *r, const struct undo_ref *u)
{
	struct oid now = { "" };

	if (ref_read(r, u->ref, &now)) {
		err_clear();
		*now.hex = '\0';
	}
	return !strcmp(now.hex, u->was.hex);
}

static int refs_back(struct repo *r, const struct undo *u)
{
	struct ref_change *c = mem_new(u->nr_ref + 1, sizeof(*c));
	size_t nr = 0;
	int err;

	for (size_t i = 0; i < u->nr_ref; i++)
		if (!is_back(r, &u->ref[i]))
			c[nr++] = (struct ref_change){ u->ref[i].ref,
						       u->ref[i].was,
						       u->ref[i].now };
	err = nr ? ref_update(r, c, nr, "exp: undo") : 0;
	free(c);
	return err;
}

int undo_last(struct repo *r, struct cache *c, char **what)
{
	struct newest n = { .repo = r };
	int err = ref_each(r, PREFIX, try_point, &n);

	if (!err && !n.name)
		err = err_set(ERR_NOTFOUND, "there is nothing to undo in this work tree");
	if (!err)
		err = refs_back(r, &n.u);
	if (!err && n.u.paths.nr)
		err = lay_paths(r, &n.u.tree, &n.u.paths);
	if (!err)
		err = outs_back(c, &n.u);
	if (!err) {
		struct ref_change drop = { .name = n.name, .from = n.id };

		err = ref_update(r, &drop, 1, NULL);
		*what = mem_dup(n.u.what);
	}
	undo_clear(&n.u);
	free(n.name);
	return err;
}

void undo_clear(struct undo *u)
{
	for (size_t i = 0; i < u->nr_out; i++)
		free(u->out[i].path);
	for (size_t i = 0; i < u->nr_ref; i++)
		free(u->ref[i].ref);
	free(u->out);
	free(u->ref);
	free(u->what);
	strs_clear(&u->paths);
	*u = (struct undo)UNDO_INIT;
}
