#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/os.h"
#include "store/cache.h"
#include "store/cache-part.h"
#include "store/digest.h"
#include "store/dir.h"
#include "store/stat.h"

static const char *const known[] = { "reflink", "hardlink", "symlink", "copy" };

static void add_type(struct cache *c, const char *word)
{
	size_t len;

	word += strspn(word, " \t");
	len = strcspn(word, " \t");
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (strlen(known[i]) == len && !strncmp(word, known[i], len))
			strs_once(&c->types, known[i]);
}

void cache_open(struct cache *c, const char *root, const char *types)
{
	struct strs words = STRS_INIT;

	mem_set(&c->root, mem_dup(root));
	strs_clear(&c->types);
	strs_split(&words, types ? types : "", ',');
	for (size_t i = 0; i < words.nr; i++)
		add_type(c, words.item[i]);
	strs_clear(&words);
	if (!c->types.nr) {
		strs_add(&c->types, "reflink");
		strs_add(&c->types, "copy");
	}
}

/* What the owner may change meanwhile is taken over each time. */
static void follow(struct cache *twin, struct cache *c)
{
	twin->twin = c;
	twin->group = c->group;
	twin->fsync = c->fsync;
	twin->ignore = c->ignore;
	mem_set(&twin->project, mem_dup(c->project));
	strs_clear(&twin->others);
	for (size_t i = 0; i < c->others.nr; i++)
		strs_add(&twin->others, c->others.item[i]);
}

struct cache *cache_for(struct cache *c, bool legacy)
{
	if (legacy == c->legacy)
		return c;
	if (!c->twin) {
		c->twin = mem_new(1, sizeof(*c->twin));
		*c->twin = (struct cache){ .legacy = true };
		c->twin->root = mem_dup(c->root);
		c->twin->stat = stat_open(c->old_stat);
		for (size_t i = 0; i < c->types.nr; i++)
			strs_add(&c->twin->types, c->types.item[i]);
	}
	if (legacy)
		follow(c->twin, c);
	return c->twin;
}

static void clear(struct cache *c)
{
	free(c->root);
	free(c->project);
	free(c->old_stat);
	strs_clear(&c->types);
	strs_clear(&c->others);
	*c = (struct cache)CACHE_INIT;
}

void cache_close(struct cache *c)
{
	if (c->twin) {
		stat_close(c->twin->stat);
		clear(c->twin);
		free(c->twin);
	}
	clear(c);
}

/* --- names ---------------------------------------------------------------- */

bool cache_is_id(const char *id)
{
	size_t hex = strspn(id, "0123456789abcdef");

	return hex == 32 && (!id[32] || !strcmp(id + 32, ".dir"));
}

bool cache_is_dir_id(const char *id)
{
	return cache_is_id(id) && id[32];
}

static char *object(const struct cache *c, const char *root, const char *id)
{
	return mem_fmt("%s/%s%.2s/%s", root, c->legacy ? "" : "files/md5/", id,
		       id + 2);
}

char *cache_own_path(const struct cache *c, const char *id)
{
	return object(c, c->root, id);
}

char *cache_temp(const char *path)
{
	const char *base = file_basename(path);
	char *dir = file_dirname(path), *name;
	uint64_t id;

	os_random(&id, sizeof(id));
	name = mem_fmt("%s/.%.100s.%016" PRIx64 ".tmp", dir, base, id);
	free(dir);
	return name;
}

int cache_room(const struct cache *c, const char *path)
{
	char *dir = file_dirname(path);
	bool there = file_is_dir(dir);
	int err = there ? 0 : file_mkdirs(dir);

	if (!err && !there && c->group)
		err = file_chmod(dir, 02775);
	free(dir);
	return err;
}

/* --- is it there? --------------------------------------------------------- */

enum proof { WRONG, RIGHT, UNKNOWN };

/* Does the file at `path` hold what `id` says? */
static enum proof prove(struct cache *c, const char *path, const char *id,
			const struct stat *st)
{
	struct hashed h;

	if ((st->st_mode & 07777) == 0444)
		return RIGHT;
	if (cache_hash(c, path, st, &h)) {
		err_clear();
		return UNKNOWN;
	}
	return strncmp(h.id, id, 32) ? WRONG : RIGHT;
}

int cache_protect(const char *path)
{
	struct stat st;

	if (lstat(path, &st) || (st.st_mode & 07777) == 0444)
		return 0;
	return file_chmod(path, 0444);
}

/* An executable one, 0544, is let be: it may be a work tree's file as well. */
static bool judge(struct cache *c, const char *path, const char *id,
		  const struct stat *st, const uint64_t *size)
{
	enum proof p = size && (uint64_t)st->st_size != *size ? WRONG :
		prove(c, path, id, st);

	if ((p == WRONG && file_unlink(path)) ||
	    (p == RIGHT && st->st_mode & 0222 && cache_protect(path)))
		err_clear();
	return p == RIGHT;
}

bool cache_own(struct cache *c, const char *id, const uint64_t *size)
{
	char *path = cache_own_path(c, id);
	struct stat st;
	bool good;

	good = !lstat(path, &st) && S_ISREG(st.st_mode) &&
		judge(c, path, id, &st, size);
	free(path);
	return good;
}

/* Where another cache holds it, or NULL; nothing is changed there. */
static char *elsewhere(const struct cache *c, const char *id)
{
	for (size_t i = 0; i < c->others.nr; i++) {
		char *path = object(c, c->others.item[i], id);
		struct stat st;

		if (!lstat(path, &st) && S_ISREG(st.st_mode))
			return path;
		free(path);
	}
	return NULL;
}

static bool trusted(struct cache *c, const char *path, const char *id)
{
	struct stat st;

	return !lstat(path, &st) && S_ISREG(st.st_mode) &&
		prove(c, path, id, &st) == RIGHT;
}

bool cache_has(struct cache *c, const char *id)
{
	char *path;
	bool has;

	if (!cache_is_id(id))
		return false;
	if (cache_own(c, id, NULL))
		return true;
	path = elsewhere(c, id);
	has = path && trusted(c, path, id);
	free(path);
	return has;
}

bool cache_whole(struct cache *c, const char *id)
{
	struct dir d = DIR_INIT;
	bool whole = cache_has(c, id);

	if (whole && cache_is_dir_id(id)) {
		whole = !cache_read_dir(c, id, &d);
		if (!whole)
			err_clear();
		for (size_t i = 0; whole && i < d.nr; i++)
			whole = cache_has(c, d.item[i].md5);
		dir_clear(&d);
	}
	return whole;
}

char *cache_path(const struct cache *c, const char *id)
{
	char *own, *other;

	if (!cache_is_id(id))
		return NULL;
	own = cache_own_path(c, id);
	other = file_exists(own) ? NULL : elsewhere(c, id);
	if (!other)
		return own;
	free(own);
	return other;
}

/* --- from other caches ------------------------------------------------------ */

static int bring(struct cache *c, const char *from, const char *to)
{
	bool link = strcmp(c->types.item[0], "reflink") &&
		strcmp(c->types.item[0], "copy");
	int err = cache_room(c, to);
	struct stat st;

	if (!err && link && !lstat(from, &st) && (st.st_mode & 07777) == 0444) {
		err = file_link(from, to);
		if (!err || err == ERR_EXISTS)
			return 0;
		err_clear();
		err = 0;
	}
	if (!err)
		err = file_copy(from, to, 0444, c->fsync ? FILE_FSYNC : 0);
	return err ? err : cache_protect(to);
}

int cache_adopt(struct cache *c, const char *id)
{
	char *from, *to;
	int err;

	if (!cache_is_id(id))
		return err_set(ERR_INVALID, "'%s' is not the name of an object", id);
	if (cache_own(c, id, NULL))
		return 0;
	from = elsewhere(c, id);
	if (!from || !trusted(c, from, id)) {
		free(from);
		return err_set(ERR_NOTFOUND, "the object '%s' is not in the cache",
			       id);
	}
	to = cache_own_path(c, id);
	err = bring(c, from, to);
	free(to);
	free(from);
	return err;
}

int cache_read(struct cache *c, const char *id, struct buf *out)
{
	int err = cache_adopt(c, id);
	char *path;

	if (err)
		return err;
	path = cache_own_path(c, id);
	err = file_read(path, out, 0);
	free(path);
	return err;
}

int cache_read_dir(struct cache *c, const char *id, struct dir *out)
{
	struct buf b = BUF_INIT;
	int err = cache_read(c, id, &b);

	if (!err)
		err = dir_parse(out, b.s, b.len, id);
	buf_clear(&b);
	return err;
}
