#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/os.h"
#include "base/trace.h"
#include "store/cache.h"
#include "store/cache-part.h"
#include "store/digest.h"
#include "store/dir.h"
#include "store/stat.h"

#define TRIES 3

struct save {
	struct cache *c;
	struct content *out;
	struct dir dir;
	struct settle settle;
	unsigned flags;
};

/* --- one object ----------------------------------------------------------------- */

/*
 * As DVC: with hard links wanted, the file itself becomes the object. Not one
 * that has other names already, which would go on being written to.
 */
static bool give(const struct save *s, const char *path, const struct stat *st,
		 const char *temp)
{
	if (!(s->flags & CACHE_RELINK) || *s->c->types.item[0] != 'h' ||
	    !S_ISREG(st->st_mode) || st->st_nlink > 1 || !st->st_size)
		return false;
	if (file_link(path, temp)) {
		err_clear();
		return false;
	}
	if (!file_chmod(temp, 0444))
		return true;
	unlink(temp);
	err_clear();
	return false;
}

/* Are the bytes under the temporary name those that were hashed? */
static int check(const struct save *s, const char *path, const char *temp,
		 const struct hashed *h, bool given)
{
	char hex[DIGEST_HEX];
	struct stat now;
	uint64_t size;
	int err;

	if (h->firm && !stat(path, &now) &&
	    (given ? stat_alike(&h->st, &now) : stat_same(&h->st, &now)))
		return 0;
	err = cache_digest(s->c, temp, hex, &size);
	if (err)
		return err;
	return !strcmp(hex, h->id) ? 0 :
		err_set(ERR_LOCKED, "'%s' keeps changing while it is saved", path);
}

static int flush_dir(const char *path)
{
	char *dir = file_dirname(path);
	int fd = open(dir, O_RDONLY | O_CLOEXEC), err = 0;

	if (fd >= 0 && os_fsync(fd))
		err = err_sys(ERR_FATAL, "cannot flush '%s'", dir);
	if (fd >= 0)
		close(fd);
	free(dir);
	return err;
}

/* `object` comes to be, whole, from the file at `path` (`st`: lstat). */
static int fill(const struct save *s, const char *path, const struct stat *st,
		const struct hashed *h, const char *object)
{
	char *temp = cache_temp(object);
	bool given = give(s, path, st, temp);
	int err = 0;

	if (!given)
		err = file_copy(path, temp, 0444, s->c->fsync ? FILE_FSYNC : 0);
	if (!err)
		err = check(s, path, temp, h, given);
	if (!err)
		err = cache_protect(temp);
	if (!err)
		err = file_rename(temp, object);
	if (!err && s->c->fsync)
		err = flush_dir(object);
	if (err) {
		if (given)
			chmod(path, st->st_mode & 07777);
		unlink(temp);
	}
	free(temp);
	return err;
}

static int take(const struct save *s, const char *path, const struct stat *st,
		const struct hashed *h)
{
	char *object;
	int err;

	/* DVC 2's name stands for the bytes with other line ends as well. */
	if (cache_own(s->c, h->id, s->c->legacy ? NULL : &h->size))
		return 0;
	object = cache_own_path(s->c, h->id);
	err = cache_room(s->c, object);
	if (!err)
		err = fill(s, path, st, h, object);
	free(object);
	return err;
}

/* --- one file --------------------------------------------------------------------- */

static int link_back(struct save *s, const char *path, const struct hashed *h)
{
	struct stat st, now;
	int err = 0;

	if (lstat(path, &st) || stat(path, &now))
		return err_sys(ERR_NOTFOUND, "cannot look at '%s'", path);
	if (!stat_alike(&now, &h->st))
		return err_set(ERR_LOCKED, "'%s' changed while it was saved", path);
	if (!cache_linked(s->c, h->id, path, &st))
		err = cache_relink(s->c, h->id, path);
	else if (s->out->kind != CONTENT_DIR && S_ISREG(st.st_mode))
		err = cache_mode(s->c, path, &st);
	if (!err && !stat(path, &now) && stat_same(&now, &h->st))
		return 0;
	if (!err)
		cache_made(s->c, &s->settle, path, h->id);
	return err;
}

/* A file that changes meanwhile is tried again, a few times. */
static int save_file(struct save *s, const char *path, const struct stat *st,
		     struct hashed *h)
{
	int err = 0;

	for (int i = 0; i < TRIES; i++) {
		struct stat to;

		if (stat(path, &to))
			return err_sys(ERR_NOTFOUND, "cannot look at '%s'", path);
		err = cache_hash(s->c, path, &to, h);
		if (!err)
			err = take(s, path, st, h);
		if (err != ERR_LOCKED)
			break;
	}
	if (!err && s->flags & CACHE_RELINK)
		err = link_back(s, path, h);
	return err;
}

static int add(const char *path, const char *below, const struct stat *st,
	       void *payload)
{
	struct save *s = payload;
	struct hashed h;
	int err = save_file(s, path, st, &h);

	if (err)
		return err;
	dir_add(&s->dir, below, h.id, h.size);
	s->out->size += h.size;
	s->out->nfiles++;
	return 0;
}

/* --- both --------------------------------------------------------------------------- */

static int save_listing(struct cache *c, struct dir *d, char id[40])
{
	struct buf b = BUF_INIT;
	uint64_t size;
	char *object;
	int err = 0;

	dir_text(d, &b, id);
	size = b.len;
	object = cache_own_path(c, id);
	if (!cache_own(c, id, &size)) {
		err = cache_room(c, object);
		if (!err)
			err = file_write(object, b.s, b.len, 0444,
					 c->fsync ? FILE_FSYNC : 0);
		if (!err)
			err = cache_protect(object);
	}
	free(object);
	buf_clear(&b);
	return err;
}

/* The files first: a listing in the cache promises that they are there. */
static int save_dir(struct save *s, const char *path)
{
	int err;

	s->out->kind = CONTENT_DIR;
	err = cache_walk(s->c, path, false, add, s, NULL);
	if (!err)
		err = save_listing(s->c, &s->dir, s->out->id);
	dir_clear(&s->dir);
	return err;
}

static int save_one(struct save *s, const char *path, const struct stat *st)
{
	struct hashed h;
	int err = save_file(s, path, st, &h);

	if (err)
		return err;
	s->out->kind = CONTENT_FILE;
	s->out->size = h.size;
	s->out->exec = h.st.st_mode & 0111;
	memcpy(s->out->id, h.id, sizeof(h.id));
	return s->out->exec && s->flags & CACHE_RELINK ? cache_exec(path) : 0;
}

int cache_save(struct cache *c, const char *path, struct content *out,
	       unsigned flags)
{
	struct save s = { .c = c, .out = out, .flags = flags };
	struct stat st, to;
	int err;

	memset(out, 0, sizeof(*out));
	if (lstat(path, &st) || stat(path, &to))
		return err_sys(ERR_NOTFOUND, "cannot save '%s'", path);
	if (flags & CACHE_RELINK && cache_guard(c, path))
		return ERR_INVALID;
	trace_enter("save");
	if (S_ISDIR(to.st_mode))
		err = save_dir(&s, path);
	else if (S_ISREG(to.st_mode))
		err = save_one(&s, path, &st);
	else
		err = err_set(ERR_INVALID, "'%s' is neither a file nor a "
			      "directory", path);
	cache_settle(c, &s.settle);
	trace_leave("save");
	return err;
}
