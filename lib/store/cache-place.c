#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/strs.h"
#include "base/trace.h"
#include "store/cache.h"
#include "store/cache-part.h"
#include "store/dir.h"

struct place {
	struct cache *c;
	const char *path;
	unsigned flags;
	struct settle settle;
	struct dir want, have;	/* both sorted */
	struct strs dirs;	/* those that are there, below path */
	struct map parents;	/* of what is wanted, below path */
};

/* --- one file ------------------------------------------------------------------------ */

static int done(struct place *p, const char *path, const char *id)
{
	cache_made(p->c, &p->settle, path, id);
	return 0;
}

static int put(struct place *p, const char *path, const char *id)
{
	int err = cache_adopt(p->c, id);

	if (!err)
		err = cache_link(p->c, id, path);
	return err ? err : done(p, path, id);
}

/* `path` (`st`: lstat) holds the right bytes, maybe by the wrong kind of link. */
static int relink(struct place *p, const char *path, const char *id,
		  const struct stat *st)
{
	int err;

	if (!(p->flags & CACHE_RELINK) || cache_linked(p->c, id, path, st))
		return 0;
	err = cache_adopt(p->c, id);
	if (!err)
		err = cache_relink(p->c, id, path);
	return err ? err : done(p, path, id);
}

/* In place of a file or link; what is the same stays. */
static int over(struct place *p, const char *path, const char *id,
		const struct stat *st)
{
	struct stat to;
	struct hashed h;
	bool regular = !stat(path, &to) && S_ISREG(to.st_mode);
	int err = 0;

	if (regular) {
		err = cache_hash(p->c, path, &to, &h);
		if (!err && !strcmp(h.id, id))
			return relink(p, path, id, st);
		if (!err)
			err = cache_spare(p->c, path, &to, p->flags);
	} else {
		err = cache_spare_file(p->c, path, st, p->flags);
	}
	if (!err)
		err = cache_adopt(p->c, id);
	if (!err)
		err = cache_relink(p->c, id, path);
	return err ? err : done(p, path, id);
}

static int place_file(struct place *p, const char *path, const char *id)
{
	struct stat st;
	int err = 0;

	if (lstat(path, &st)) {
		if (errno != ENOENT)
			return err_sys(ERR_FATAL, "cannot look at '%s'", path);
		return put(p, path, id);
	}
	if (!S_ISDIR(st.st_mode))
		return over(p, path, id, &st);
	err = cache_clear_dir(p->c, path, p->flags);
	return err ? err : put(p, path, id);
}

/* --- a directory --------------------------------------------------------------------- */

/* A link to nothing is no bytes; what is no file at all is let be. */
static int add(const char *path, const char *below, const struct stat *st,
	       void *payload)
{
	struct place *p = payload;
	const struct dir_entry *want = dir_find(&p->want, below);
	struct hashed h = { 0 };
	struct stat to = *st;
	int err = 0;

	if (S_ISLNK(st->st_mode) && stat(path, &to))
		to.st_size = 0;
	else if (!S_ISREG(to.st_mode))
		return 0;
	else
		err = cache_hash(p->c, path, &to, &h);
	if (!err && *h.id && (!want || strcmp(want->md5, h.id)))
		err = cache_spare(p->c, path, &to, p->flags);
	if (!err)
		dir_add(&p->have, below, h.id, h.size);
	return err;
}

static void add_parents(struct place *p)
{
	struct buf b = BUF_INIT;
	static char there;

	for (size_t i = 0; i < p->want.nr; i++) {
		buf_reset(&b);
		buf_str(&b, p->want.item[i].path);
		for (;;) {
			char *slash = strrchr(b.s, '/');

			buf_cut(&b, slash ? (size_t)(slash - b.s) : 0);
			if (!b.len || map_get(&p->parents, b.s))
				break;
			map_put(&p->parents, b.s, &there);
		}
	}
	buf_clear(&b);
}

static int is_there(struct place *p)
{
	for (size_t i = 0; i < p->want.nr; i++)
		if (!cache_has(p->c, p->want.item[i].md5))
			return err_set(ERR_NOTFOUND, "the object '%s' of '%s/%s' "
				       "is not in the cache", p->want.item[i].md5,
				       p->path, p->want.item[i].path);
	return 0;
}

/* All that could refuse comes before anything is changed. */
static int look(struct place *p)
{
	int err = cache_walk(p->c, p->path, true, add, p, &p->dirs);

	dir_sort(&p->have);
	return err;
}

static int clear_extra(struct place *p)
{
	int err = 0;

	for (size_t i = 0; !err && i < p->have.nr; i++) {
		char *path = mem_fmt("%s/%s", p->path, p->have.item[i].path);

		if (!dir_find(&p->want, p->have.item[i].path))
			err = file_unlink(path);
		free(path);
	}
	if (!err)
		cache_prune(p->path, &p->dirs, &p->parents);
	return err;
}

/* Each parent is a directory of its own, so no link leads us elsewhere. */
static int make_parent(struct place *p, const char *path)
{
	struct stat st;
	int err;

	if (!lstat(path, &st)) {
		if (S_ISDIR(st.st_mode))
			return 0;
		err = cache_clear_file(p->c, path, &st, p->flags);
		if (err)
			return err;
	}
	return file_mkdir(path);
}

static int make_parents(struct place *p)
{
	struct strs names = STRS_INIT;
	int err = 0;

	for (size_t i = 0; i < p->parents.nr; i++)
		strs_add(&names, p->parents.item[i].key);
	strs_sort(&names);
	for (size_t i = 0; !err && i < names.nr; i++) {
		char *path = mem_fmt("%s/%s", p->path, names.item[i]);

		err = make_parent(p, path);
		free(path);
	}
	strs_clear(&names);
	return err;
}

static int place_entry(struct place *p, const struct dir_entry *e)
{
	const struct dir_entry *have = dir_find(&p->have, e->path);
	bool same = have && !strcmp(have->md5, e->md5);
	char *path;
	int err;

	if (same && !(p->flags & CACHE_RELINK))
		return 0;
	path = mem_fmt("%s/%s", p->path, e->path);
	err = place_file(p, path, e->md5);
	free(path);
	return err;
}

static int fill(struct place *p)
{
	int err = make_parents(p);

	for (size_t i = 0; !err && i < p->want.nr; i++)
		err = place_entry(p, &p->want.item[i]);
	return err;
}

/* A link to a directory that holds just what is wanted may stay. */
static int through_link(struct place *p, const char *id)
{
	struct content now;
	int err = cache_look(p->c, p->path, &now, NULL);

	if (!err && !strcmp(now.id, id))
		return 1;
	if (!(p->flags & CACHE_FORCE))
		return cache_in_the_way(p->path, "it is a link to a directory");
	err_clear();
	return file_unlink(p->path);
}

/* Whatever is no directory at the place of one goes; > 0: all is right. */
static int clear_root(struct place *p, const char *id)
{
	struct stat st;

	if (lstat(p->path, &st))
		return errno == ENOENT ? 0 :
			err_sys(ERR_FATAL, "cannot look at '%s'", p->path);
	if (S_ISDIR(st.st_mode))
		return 0;
	if (S_ISLNK(st.st_mode) && file_is_dir(p->path))
		return through_link(p, id);
	return cache_clear_file(p->c, p->path, &st, p->flags);
}

static int place_dir(struct place *p, const char *id)
{
	int err = cache_read_dir(p->c, id, &p->want);

	if (!err)
		err = is_there(p);
	if (!err)
		err = clear_root(p, id);
	if (err)
		return err > 0 ? 0 : err;
	add_parents(p);
	err = file_mkdir(p->path);
	if (!err)
		err = look(p);
	if (!err)
		err = clear_extra(p);
	return err ? err : fill(p);
}

/* --- both -------------------------------------------------------------------------------- */

static bool is_ours(const char *root, const char *real)
{
	real += strlen(root);
	return !file_has_part(real, ".git") && !file_has_part(real, ".dvc");
}

int cache_guard(const struct cache *c, const char *path)
{
	char *at, *real, *root;
	bool out;

	if (!c->project || !file_inside(c->project, path))
		return 0;
	at = file_dirname(path);
	while (!file_exists(at) && strcmp(at, "/")) {
		char *up = file_dirname(at);

		mem_set(&at, up);
	}
	real = file_real(at);
	root = file_real(c->project);
	out = !real || (root && file_inside(c->project, at) &&
			(!file_inside(root, real) || !is_ours(root, real)));
	free(at);
	free(real);
	free(root);
	return out ? err_set(ERR_INVALID, "a symbolic link on the way to '%s' "
			     "leads out of the project", path) : 0;
}

int cache_place(struct cache *c, const char *id, bool exec, const char *path,
		unsigned flags)
{
	struct place p = { .c = c, .path = path, .flags = flags };
	bool dir = cache_is_dir_id(id);
	int err = cache_adopt(c, id);

	if (!err)
		err = cache_guard(c, path);
	if (!err)
		err = file_mkdirs_for(path);
	trace_enter("place");
	if (!err)
		err = dir ? place_dir(&p, id) : place_file(&p, path, id);
	if (!err && exec && !dir)
		err = cache_exec(path);
	cache_settle(c, &p.settle);
	trace_leave("place");
	dir_clear(&p.want);
	dir_clear(&p.have);
	strs_clear(&p.dirs);
	map_clear(&p.parents, NULL);
	return err;
}
