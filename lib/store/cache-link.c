#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "store/cache.h"
#include "store/cache-part.h"
#include "store/stat.h"

#define WORTH (4 << 20)		/* bytes: below, hashing again is cheaper */
#define PAUSE 25000000		/* ns: longer than a tick of any kernel */

/* --- remembering what was made ------------------------------------------------ */

struct made {
	char *path;
	char id[33];
	struct stat st;
};

void cache_made(struct cache *c, struct settle *s, const char *path,
		const char *id)
{
	struct made *m;
	struct stat st;

	if (!c->stat || stat(path, &st))
		return;
	ARRAY_GROW(s);
	m = &s->item[s->nr++];
	m->path = mem_dup(path);
	m->st = st;
	memcpy(m->id, id, 32);
	m->id[32] = '\0';
	s->bytes += (uint64_t)st.st_size;
}

/* What is still as it was made, and is no longer fresh, is remembered. */
void cache_settle(struct cache *c, struct settle *s)
{
	struct timespec t = { .tv_nsec = PAUSE }, now;
	bool worth = s->bytes >= WORTH;

	if (worth)
		nanosleep(&t, NULL);
	clock_gettime(CLOCK_REALTIME, &now);
	for (size_t i = 0; i < s->nr; i++) {
		struct made *m = &s->item[i];
		struct stat st;

		if (worth && !stat(m->path, &st) && stat_alike(&st, &m->st))
			stat_keep(c->stat, &st, &now, m->id);
		free(m->path);
	}
	free(s->item);
	*s = (struct settle)SETTLE_INIT;
}

/* --- links ---------------------------------------------------------------------- */

static bool same_inode(const struct cache *c, const char *id,
		       const struct stat *st)
{
	char *object = cache_own_path(c, id);
	struct stat to;
	bool same = !lstat(object, &to) && to.st_dev == st->st_dev &&
		to.st_ino == st->st_ino;

	free(object);
	return same;
}

static bool points_to(const struct cache *c, const char *id, const char *path)
{
	char *object = cache_own_path(c, id), to[PATH_MAX];
	ssize_t n = readlink(path, to, sizeof(to));
	bool same = n >= 0 && (size_t)n == strlen(object) &&
		!memcmp(to, object, (size_t)n);

	free(object);
	return same;
}

bool cache_linked(const struct cache *c, const char *id, const char *path,
		  const struct stat *st)
{
	bool link = S_ISLNK(st->st_mode), copy = !link && st->st_nlink == 1;

	for (size_t i = 0; i < c->types.nr; i++) {
		char type = *c->types.item[i];

		if (type == 'h' && !link && !copy)
			return same_inode(c, id, st);
		if (type == 's' && link)
			return points_to(c, id, path);
		if (copy && (type == 'c' || type == 'r' ||
			     (type == 'h' && !st->st_size)))
			return true;
	}
	return false;
}

/* As DVC: hard links to the one empty object would soon be too many. */
static int hardlink(const char *object, const char *path)
{
	struct stat st;

	if (!lstat(object, &st) && !st.st_size)
		return file_write(path, "", 0, 0, FILE_EXCL);
	return file_link(object, path);
}

/* A copy shares its blocks where it can, so reflink is no case of its own. */
static int make(const struct cache *c, char type, const char *object,
		const char *path)
{
	switch (type) {
	case 'h':
		return hardlink(object, path);
	case 's':
		return file_symlink(object, path);
	default:
		return file_copy(object, path, 0, c->fsync ? FILE_FSYNC : 0);
	}
}

int cache_link(struct cache *c, const char *id, const char *path)
{
	char *object = cache_own_path(c, id);
	int err = 0;

	for (size_t i = 0; i < c->types.nr; i++) {
		err = make(c, *c->types.item[i], object, path);
		if (!err || err == ERR_EXISTS || err == ERR_NOTFOUND)
			break;
	}
	if (err && !strs_has(&c->types, "copy"))
		err_hint(err, "add 'copy' to cache.type");
	free(object);
	return err;
}

int cache_relink(struct cache *c, const char *id, const char *path)
{
	char *temp = cache_temp(path);
	int err = cache_link(c, id, temp);

	if (!err)
		err = file_rename(temp, path);
	/* renaming one name of a file over another leaves both */
	if (err ? unlink(temp) : file_unlink(temp))
		err = err ? err : ERR_FATAL;
	free(temp);
	return err;
}

int cache_exec(const char *path)
{
	struct stat st;

	if (stat(path, &st) || st.st_mode & 0100)
		return 0;
	return file_chmod(path, (st.st_mode & 07777) | 0100);
}

/* --- no links ---------------------------------------------------------------------- */

static mode_t writable(const struct cache *c, const struct stat *st)
{
	mode_t mask = umask(022);

	umask(mask);
	return (c->group ? 0664 : 0666 & ~mask) | (st->st_mode & 0100);
}

int cache_mode(const struct cache *c, const char *path, const struct stat *st)
{
	mode_t mode = writable(c, st);

	if (st->st_nlink > 1 || (st->st_mode & 07777) == mode)
		return 0;
	return file_chmod(path, mode);
}

static int replace(const char *path, mode_t mode)
{
	char *temp = cache_temp(path);
	int err = file_copy(path, temp, 0, 0);

	if (!err)
		err = file_chmod(temp, mode);
	if (!err)
		err = file_rename(temp, path);
	if (err)
		unlink(temp);
	free(temp);
	return err;
}

static int unlink_one(const char *path, const char *below,
		      const struct stat *st, void *payload)
{
	struct cache *c = payload;
	struct stat to;

	(void)below;
	if (stat(path, &to) || !S_ISREG(to.st_mode))
		return 0;
	if (S_ISLNK(st->st_mode) || st->st_nlink > 1)
		return replace(path, writable(c, &to));
	if (st->st_mode & 0200)
		return 0;
	return file_chmod(path, writable(c, &to));
}

int cache_unlink(struct cache *c, const char *path)
{
	struct stat st;

	if (lstat(path, &st))
		return err_sys(ERR_NOTFOUND, "cannot look at '%s'", path);
	if (file_is_dir(path))
		return cache_walk(c, path, true, unlink_one, c, NULL);
	return unlink_one(path, "", &st, c);
}
