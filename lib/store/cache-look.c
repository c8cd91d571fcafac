#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/ignore.h"
#include "base/mem.h"
#include "base/trace.h"
#include "store/cache.h"
#include "store/cache-part.h"
#include "store/digest.h"
#include "store/dir.h"
#include "store/stat.h"

#define WORTH (1 << 20)		/* bytes: waiting costs less than hashing twice */
#define PAUSE 25000000		/* ns: longer than a tick of any kernel */
#define TRIES 3

/* --- one file --------------------------------------------------------------- */

/* A fresh file could not be remembered; a moment later it can. */
static void pause_for(const struct stat *st, struct timespec *now)
{
	struct timespec t = { .tv_nsec = PAUSE };

	clock_gettime(CLOCK_REALTIME, now);
	if (st->st_size < WORTH || !stat_racy(st, now))
		return;
	nanosleep(&t, NULL);
	clock_gettime(CLOCK_REALTIME, now);
}

int cache_digest(const struct cache *c, const char *path, char hex[DIGEST_HEX],
		 uint64_t *size)
{
	return c->legacy ? digest_text(path, hex, size) :
		digest_file(path, hex, size);
}

static int hash(struct cache *c, const char *path, struct hashed *out)
{
	char hex[DIGEST_HEX];
	struct timespec when;
	struct stat after;

	for (int i = 0; i < TRIES; i++) {
		int err;

		pause_for(&out->st, &when);
		err = cache_digest(c, path, hex, &out->size);
		if (err)
			return err;
		memcpy(out->id, hex, sizeof(out->id));
		if (stat(path, &after))
			return err_sys(ERR_NOTFOUND, "cannot look at '%s'", path);
		out->firm = stat_same(&out->st, &after) &&
			!stat_racy(&after, &when);
		if (stat_same(&out->st, &after))
			break;
		out->st = after;
	}
	if (out->firm && c->stat)
		stat_keep(c->stat, &out->st, &when, out->id);
	return 0;
}

int cache_hash(struct cache *c, const char *path, const struct stat *st,
	       struct hashed *out)
{
	out->st = *st;
	out->size = (uint64_t)st->st_size;
	out->firm = c->stat && stat_find(c->stat, st, out->id);
	return out->firm ? 0 : hash(c, path, out);
}

/* --- a directory ------------------------------------------------------------- */

struct walk {
	struct cache *c;
	struct buf path;	/* absolute */
	size_t root;		/* where the part below the root begins */
	size_t project;		/* where the part below the project begins */
	bool rules;		/* there are rules for what is here */
	bool all;		/* what cannot be hashed, too */
	struct strs *dirs;
	int (*fn)(const char *path, const char *below, const struct stat *st,
		  void *payload);
	void *payload;
};

static int enter(struct walk *w);

/* What no project can mean by its data, and what .dvcignore says. */
static bool ignored(const struct walk *w, const char *name, bool dir)
{
	if (!strcmp(name, ".git") || file_is_temp(name))
		return true;
	if (dir && (!strcmp(name, ".dvc") || !strcmp(name, ".hg")))
		return true;
	return w->rules && ignore_match(w->c->ignore, w->path.s + w->project, dir);
}

static bool other_project(struct walk *w)
{
	size_t len = w->path.len;
	bool is;

	buf_str(&w->path, "/.dvc");
	is = file_exists(w->path.s);
	buf_cut(&w->path, len);
	return is;
}

static int directory(struct walk *w)
{
	if (other_project(w))
		return 0;
	if (w->dirs)
		strs_add(w->dirs, w->path.s + w->root);
	return enter(w);
}

static int file(struct walk *w, const char *name, const struct stat *st,
		const struct stat *to)
{
	if (!w->all && !strcmp(name, ".dvcignore"))
		return err_set(ERR_INVALID, "'%s' stands inside of tracked data, "
			       "where DVC allows none", w->path.s);
	if (!w->all && !S_ISREG(to->st_mode))
		return err_set(ERR_INVALID, S_ISLNK(to->st_mode) ?
			       "'%s' is a link to nothing" :
			       "'%s' is neither a file nor a directory",
			       w->path.s);
	return w->fn(w->path.s, w->path.s + w->root, st, w->payload);
}

static int visit(struct walk *w, const char *name)
{
	struct stat st, to;

	if (lstat(w->path.s, &st))
		return errno == ENOENT ? 0 :
			err_sys(ERR_FATAL, "cannot look at '%s'", w->path.s);
	if (!S_ISLNK(st.st_mode) || stat(w->path.s, &to))
		to = st;
	if (ignored(w, name, S_ISDIR(to.st_mode)))
		return 0;
	if (S_ISDIR(st.st_mode))
		return directory(w);
	return S_ISDIR(to.st_mode) ? 0 : file(w, name, &st, &to);
}

static int enter(struct walk *w)
{
	struct strs names = STRS_INIT;
	size_t len = w->path.len;
	int err = file_list(w->path.s, &names);

	for (size_t i = 0; !err && i < names.nr; i++) {
		buf_char(&w->path, '/');
		buf_str(&w->path, names.item[i]);
		err = visit(w, names.item[i]);
		buf_cut(&w->path, len);
	}
	strs_clear(&names);
	return err;
}

int cache_walk(struct cache *c, const char *root, bool all,
	       int (*fn)(const char *path, const char *below,
			 const struct stat *st, void *payload),
	       void *payload, struct strs *dirs)
{
	struct walk w = { .c = c, .path = BUF_INIT, .all = all, .dirs = dirs,
			  .fn = fn, .payload = payload };
	int err;

	buf_str(&w.path, root);
	w.root = w.path.len + 1;
	if (c->ignore && c->project && file_inside(c->project, root)) {
		w.rules = true;
		w.project = strlen(c->project) + (strcmp(c->project, "/") != 0);
	}
	err = enter(&w);
	buf_clear(&w.path);
	return err;
}

/* --- both ---------------------------------------------------------------------- */

struct sum {
	struct cache *c;
	struct content *out;
	struct dir *dir;
};

static int add(const char *path, const char *below, const struct stat *st,
	       void *payload)
{
	struct sum *s = payload;
	struct hashed h;
	struct stat to = *st;
	int err;

	if (S_ISLNK(st->st_mode) && stat(path, &to))
		return err_sys(ERR_FATAL, "cannot look at '%s'", path);
	err = cache_hash(s->c, path, &to, &h);
	if (err)
		return err;
	dir_add(s->dir, below, h.id, h.size);
	s->out->size += h.size;
	s->out->nfiles++;
	return 0;
}

static int look_dir(struct cache *c, const char *path, struct content *out,
		    struct dir *listing)
{
	struct sum s = { .c = c, .out = out, .dir = listing };
	struct buf text = BUF_INIT;
	int err;

	out->kind = CONTENT_DIR;
	trace_enter("hash");
	err = cache_walk(c, path, false, add, &s, NULL);
	trace_leave("hash");
	if (!err)
		dir_text(listing, &text, out->id);
	buf_clear(&text);
	return err;
}

static int look_file(struct cache *c, const char *path, const struct stat *st,
		     struct content *out)
{
	struct hashed h;
	int err;

	if (!S_ISREG(st->st_mode))
		return err_set(ERR_INVALID, "'%s' is neither a file nor a "
			       "directory", path);
	trace_enter("hash");
	err = cache_hash(c, path, st, &h);
	trace_leave("hash");
	if (err)
		return err;
	out->kind = CONTENT_FILE;
	out->size = h.size;
	out->exec = h.st.st_mode & 0111;
	memcpy(out->id, h.id, sizeof(h.id));
	return 0;
}

int cache_look(struct cache *c, const char *path, struct content *out,
	       struct dir *listing)
{
	struct dir own = DIR_INIT;
	struct stat st;
	int err;

	memset(out, 0, sizeof(*out));
	if (stat(path, &st))
		return errno == ENOENT || errno == ENOTDIR ? 0 :
			err_sys(ERR_FATAL, "cannot look at '%s'", path);
	if (!S_ISDIR(st.st_mode))
		return look_file(c, path, &st, out);
	err = look_dir(c, path, out, listing ? listing : &own);
	dir_clear(&own);
	return err;
}
