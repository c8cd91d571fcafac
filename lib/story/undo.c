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
#include "exp/record.h"
#include "repo/commit.h"
#include "repo/ref.h"
#include "repo/tree.h"
#include "spec/canon.h"
#include "spec/val.h"
#include "story/lay.h"
#include "store/cache.h"
#include "story/undo.h"

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

/* --- what a point says, as JSON ---------------------------------------- */

static void put_text(struct val *map, const char *key, const char *text)
{
	val_set_str(val_put(map, key), text);
}

static void put_paths(struct val *v, const struct undo *u)
{
	struct val *list = val_put(v, "paths");

	val_set_list(list);
	for (size_t i = 0; i < u->paths.nr; i++)
		val_set_str(val_add(list), u->paths.item[i]);
}

static void put_outs(struct val *v, struct repo *r, const struct undo *u)
{
	struct val *list = val_put(v, "outs");

	val_set_list(list);
	for (size_t i = 0; i < u->nr_out; i++) {
		struct val *o = val_add(list);
		char *path = file_relative(repo_top(r), u->out[i].path);

		val_set_map(o);
		put_text(o, "path", path);
		free(path);
		put_text(o, "id", u->out[i].id);
		val_set_bool(val_put(o, "exec"), u->out[i].exec);
	}
}

static void put_refs(struct val *v, const struct undo *u)
{
	struct val *list = val_put(v, "refs");

	val_set_list(list);
	for (size_t i = 0; i < u->nr_ref; i++) {
		struct val *o = val_add(list);

		val_set_map(o);
		put_text(o, "ref", u->ref[i].ref);
		put_text(o, "was", u->ref[i].was.hex);
		put_text(o, "now", u->ref[i].now.hex);
	}
}

static char *worktree(struct repo *r)
{
	return file_relative(repo_common_dir(r), repo_git_dir(r));
}

static void describe(struct buf *out, struct repo *r, const struct undo *u)
{
	struct val v = VAL_INIT;
	char *now = record_now(NULL), *where = worktree(r);

	val_set_map(&v);
	put_text(&v, "at", now);
	val_set_int(val_put(&v, "v"), RECORD_VERSION);
	put_text(&v, "undo", u->what);
	put_text(&v, "worktree", where);
	put_paths(&v, u);
	put_outs(&v, r, u);
	put_refs(&v, u);
	canon_json(out, &v, CANON_COMPACT);
	val_clear(&v);
	free(where);
	free(now);
}

static void read_outs(struct undo *u, struct repo *r, const struct val *list)
{
	for (size_t i = 0; list && i < list->nr; i++) {
		const struct val *o = &list->item[i];
		const char *path = val_text(val_get(o, "path"));
		const char *id = val_text(val_get(o, "id"));

		char *full = path && repo_top(r) ? file_join(repo_top(r), path) : NULL;

		if (full && id && file_inside(repo_top(r), full))
			undo_out(u, full, id, val_true(val_get(o, "exec")));
		free(full);
	}
}

static void read_oid(struct oid *out, const struct val *map, const char *key)
{
	const char *hex = val_text(val_get(map, key));

	snprintf(out->hex, sizeof(out->hex), "%s", hex ? hex : "");
}

static void read_refs(struct undo *u, const struct val *list)
{
	for (size_t i = 0; list && i < list->nr; i++) {
		const struct val *o = &list->item[i];
		const char *ref = val_text(val_get(o, "ref"));
		struct oid was = { "" }, now = { "" };

		read_oid(&was, o, "was");
		read_oid(&now, o, "now");
		if (ref)
			undo_ref(u, ref, &was, &now);
	}
}

static int read_point(struct undo *u, struct val *v, struct repo *r,
		      const struct oid *id)
{
	struct commit c = COMMIT_INIT;
	const struct val *paths;
	const char *what;
	int err = commit_read(&c, r, id);

	if (!err && !c.record)
		err = err_set(ERR_INVALID, "undo point %.7s has no record",
			      id->hex);
	if (!err)
		err = val_json(v, c.record, strlen(c.record), "undo point");
	if (!err) {
		what = val_text(val_get(v, "undo"));
		paths = val_get(v, "paths");
		u->tree = c.tree;
		u->what = mem_dup(what ? what : "something");
		for (size_t i = 0; paths && i < paths->nr; i++)
			if (val_text(&paths->item[i]))
				undo_path(u, val_text(&paths->item[i]));
		read_outs(u, r, val_get(v, "outs"));
		read_refs(u, val_get(v, "refs"));
	}
	commit_clear(&c);
	return err;
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
	describe(&record, r, u);
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
	char *here = worktree(n->repo);
	const char *where;
	int err = read_point(&u, &v, n->repo, id);

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
