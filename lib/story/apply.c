#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "exp/exp.h"
#include "flow/locks.h"
#include "repo/snap.h"
#include "repo/tree.h"
#include "spec/pipe.h"
#include "store/cache.h"
#include "story/apply.h"
#include "story/lay.h"
#include "story/project.h"
#include "story/undo.h"

struct apply {
	struct project *project;
	const struct exp *exp;
	struct tree_src src;	/* the experiment's files */
	struct pipe pipe;	/* and its pipeline */
	struct locks locks;
	struct undo_out *out;	/* outputs to place, with what they become */
	size_t nr, alloc;
	struct strs paths;	/* files that change */
	struct undo undo;
};

/* --- outputs ------------------------------------------------------------ */

static const struct lock_path *recorded(const struct apply *a,
					const struct stage *s,
					const struct out *o)
{
	const struct lock_entry *e;

	if (s->kind == STAGE_DATA)
		return o->saved.md5 ? &o->saved : NULL;
	e = locks_entry(&a->locks, s);
	return e ? lock_out(e, o->def) : NULL;
}

static void want_out(struct apply *a, const struct out *o,
		     const struct lock_path *l)
{
	struct undo_out *w;

	if (a->nr == a->alloc) {
		a->alloc = a->alloc ? 2 * a->alloc : 8;
		a->out = mem_resize(a->out, a->alloc, sizeof(*a->out));
	}
	w = &a->out[a->nr++];
	*w = (struct undo_out){ .path = file_join(a->project->root, o->path),
				.exec = l->isexec,
				.legacy = lock_is_legacy(l) };
	snprintf(w->id, sizeof(w->id), "%s", l->md5);
}

static void want_outs(struct apply *a)
{
	for (size_t i = 0; i < a->pipe.nr; i++) {
		const struct stage *s = &a->pipe.item[i];

		for (size_t k = 0; k < s->nr_out; k++) {
			const struct out *o = &s->out[k];
			const struct lock_path *l = recorded(a, s, o);

			if (o->cache && !o->external && l && l->md5)
				want_out(a, o, l);
		}
	}
}

static int missing(struct apply *a)
{
	struct buf names = BUF_INIT;
	int err = 0;

	for (size_t i = 0; i < a->nr; i++)
		if (!cache_whole(cache_for(&a->project->cache,
					   a->out[i].legacy), a->out[i].id))
			buf_fmt(&names, "%s'%s'", names.len ? ", " : "",
				a->out[i].path + strlen(a->project->root) + 1);
	if (names.len)
		err = err_set(ERR_NOTFOUND, "the cache lacks data of experiment '%s': %s",
			      a->exp->name, names.s);
	buf_clear(&names);
	return err;
}

/* What stands there now must be in the cache before it goes. */
static int secure_out(struct apply *a, const struct undo_out *w, bool *differs)
{
	struct cache *c = &a->project->cache;
	struct content now;
	int err = cache_look(cache_for(c, w->legacy), w->path, &now, NULL);

	*differs = !err && (now.kind == CONTENT_NONE ||
			    strcmp(now.id, w->id) || now.exec != w->exec);
	if (err || !*differs)
		return err;
	if (w->legacy)
		err = cache_look(c, w->path, &now, NULL);
	if (!err && now.kind != CONTENT_NONE && !cache_whole(c, now.id))
		err = cache_save(c, w->path, &now, 0);
	if (!err)
		undo_out(&a->undo, w->path, now.id, now.exec);
	return err;
}

static int secure_outs(struct apply *a)
{
	size_t kept = 0;
	int err = 0;

	for (size_t i = 0; i < a->nr && !err; i++) {
		bool differs;

		err = secure_out(a, &a->out[i], &differs);
		if (!err && differs) {
			struct undo_out swap = a->out[kept];

			a->out[kept++] = a->out[i];
			a->out[i] = swap;
		}
	}
	for (size_t i = kept; i < a->nr; i++)
		free(a->out[i].path);
	a->nr = kept;
	return err;
}

/* --- files ---------------------------------------------------------------- */

static bool in_tree(struct apply *a, const struct oid *tree, const char *path)
{
	unsigned mode;
	struct oid id;
	int err = tree_find(a->project->repo, tree, path, &mode, &id);

	err_clear();
	return !err;
}

/* An untracked or ignored file in the way goes under the undo point too. */
static int secure_file(struct apply *a, const char *path)
{
	struct tree_change c = { path, 0100644, { "" } };
	char *at = file_join(repo_top(a->project->repo), path);
	struct stat st;
	int err = 0;

	if (!lstat(at, &st) && S_ISREG(st.st_mode) &&
	    !in_tree(a, &a->undo.tree, path)) {
		c.mode = st.st_mode & 0100 ? 0100755 : 0100644;
		err = tree_blob(a->project->repo, path, NULL, &c.id);
		if (!err)
			err = tree_make(a->project->repo, &a->undo.tree, &c, 1,
					&a->undo.tree);
	}
	free(at);
	return err;
}

/* What was untracked may be the experiment's very file. */
static bool holds(struct apply *a, const char *path)
{
	unsigned is, will;
	struct oid now, then;
	struct repo *r = a->project->repo;
	bool same = !tree_find(r, &a->undo.tree, path, &is, &now) &&
		!tree_find(r, &a->exp->commit.tree, path, &will, &then) &&
		is == will && !strcmp(now.hex, then.hex);

	err_clear();
	return same;
}

static int choose(struct apply *a, const struct strs *changed,
		  const struct oid *base)
{
	int err = 0;

	for (size_t i = 0; i < changed->nr && !err; i++) {
		const char *path = changed->item[i];

		if (!in_tree(a, &a->exp->commit.tree, path) &&
		    !in_tree(a, base, path))
			continue;
		err = secure_file(a, path);
		if (err || holds(a, path))
			continue;
		strs_add(&a->paths, path);
		undo_path(&a->undo, path);
	}
	return err;
}

static int secure_files(struct apply *a)
{
	struct snap_want none = { .max_file = 0 };
	struct snap snap = SNAP_INIT;
	struct commit base = COMMIT_INIT;
	struct strs changed = STRS_INIT;
	int err = snap_begin(&snap, a->project->repo, &none);

	if (!err)
		err = snap_tree(&snap);
	a->undo.tree = snap.tree;
	if (!err)
		err = commit_read(&base, a->project->repo, &a->exp->baseline);
	if (!err)
		err = lay_changed(&changed, a->project->repo, &snap.tree,
				  &a->exp->commit.tree);
	if (!err)
		err = choose(a, &changed, &base.tree);
	strs_clear(&changed);
	commit_clear(&base);
	snap_clear(&snap);
	return err;
}

/* --- the whole -------------------------------------------------------------- */

static int read_exp(struct apply *a)
{
	int err;

	project_tree(a->project, &a->exp->commit.tree, a->exp->name, &a->src);
	err = pipe_load(&a->pipe, &a->src.src, false, NULL);
	if (!err)
		err = locks_read(&a->locks, &a->src.src, &a->pipe);
	a->project->cache.ignore = &a->pipe.ignore;
	if (!err)
		want_outs(a);
	return err ? err : missing(a);
}

static int place(struct apply *a)
{
	int err = lay_paths(a->project->repo, &a->exp->commit.tree, &a->paths);

	for (size_t i = 0; i < a->nr && !err; i++)
		err = cache_place(cache_for(&a->project->cache,
					    a->out[i].legacy), a->out[i].id,
				  a->out[i].exec, a->out[i].path, CACHE_FORCE);
	return err ? err_hint(err, "'git exp undo' brings back what was there") :
		     0;
}

static void clear(struct apply *a)
{
	for (size_t i = 0; i < a->nr; i++)
		free(a->out[i].path);
	free(a->out);
	strs_clear(&a->paths);
	undo_clear(&a->undo);
	locks_clear(&a->locks);
	a->project->cache.ignore = NULL;
	pipe_clear(&a->pipe);
	src_clear(&a->src.src);
}

int apply_exp(struct project *p, const struct exp *e, struct apply_done *done)
{
	struct apply a = { .project = p, .exp = e };
	int err = read_exp(&a);

	if (!err)
		err = project_lock(p);
	if (!err)
		err = secure_files(&a);
	if (!err)
		err = secure_outs(&a);
	a.undo.what = mem_fmt("apply %s", e->name);
	if (!err && (a.paths.nr || a.nr))
		err = undo_keep(p->repo, &a.undo);
	if (!err)
		err = place(&a);
	*done = (struct apply_done){ a.paths.nr, a.nr };
	project_unlock(p);
	clear(&a);
	return err;
}
