#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/err.h"
#include "base/file.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/strs.h"
#include "store/cache.h"
#include "store/cache-part.h"
#include "store/digest.h"

int cache_in_the_way(const char *path, const char *what)
{
	err_set(ERR_EXISTS, "'%s' is in the way: %s", path, what);
	return err_hint(ERR_EXISTS, "move it away, or use --force to lose it");
}

static bool same_bytes(const char *path, const char *object)
{
	char one[DIGEST_HEX], other[DIGEST_HEX];
	uint64_t size;

	return !digest_file(path, one, &size) &&
		!digest_file(object, other, &size) && !strcmp(one, other);
}

/* DVC 2's name is no proof: the object may have other line ends. */
static bool holds(struct cache *c, const char *path, const struct stat *st)
{
	struct hashed h;
	char *object;
	bool has;

	if (cache_hash(c, path, st, &h) || !cache_has(c, h.id)) {
		err_clear();
		return false;
	}
	object = cache_path(c, h.id);
	has = !c->legacy || same_bytes(path, object);
	free(object);
	return has;
}

int cache_spare(struct cache *c, const char *path, const struct stat *st,
		unsigned flags)
{
	if (flags & CACHE_FORCE || holds(c, path, st) ||
	    holds(cache_for(c, !c->legacy), path, st))
		return 0;
	return cache_in_the_way(path, "its content is not in the cache");
}

/* A link to nothing holds nothing. */
int cache_spare_file(struct cache *c, const char *path, const struct stat *st,
		     unsigned flags)
{
	struct stat to = *st;

	if (flags & CACHE_FORCE || (S_ISLNK(st->st_mode) && stat(path, &to)))
		return 0;
	if (S_ISDIR(to.st_mode))
		return cache_in_the_way(path, "it is a link to a directory");
	if (!S_ISREG(to.st_mode))
		return cache_in_the_way(path, "it is no regular file");
	return cache_spare(c, path, &to, flags);
}

int cache_clear_file(struct cache *c, const char *path, const struct stat *st,
		     unsigned flags)
{
	int err = cache_spare_file(c, path, st, flags);

	return err ? err : file_unlink(path);
}

static int spare_each(const char *path, const char *below,
		      const struct stat *st, void *payload)
{
	(void)below;
	return cache_spare_file(payload, path, st, 0);
}

static int remove_each(const char *path, const char *below,
		       const struct stat *st, void *payload)
{
	(void)below;
	(void)st;
	(void)payload;
	return file_unlink(path);
}

void cache_prune(const char *root, const struct strs *dirs,
		 const struct map *except)
{
	for (size_t i = dirs->nr; i--; ) {
		char *path;

		if (except && map_find(except, dirs->item[i]) >= 0)
			continue;
		path = mem_fmt("%s/%s", root, dirs->item[i]);
		file_rmdirs(path, root);
		free(path);
	}
}

int cache_clear_dir(struct cache *c, const char *path, unsigned flags)
{
	struct strs dirs = STRS_INIT;
	char *up;
	int err;

	if (flags & CACHE_FORCE)
		return file_remove_tree(path);
	err = cache_walk(c, path, true, spare_each, c, NULL);
	if (!err)
		err = cache_walk(c, path, true, remove_each, NULL, &dirs);
	if (!err) {
		cache_prune(path, &dirs, NULL);
		up = file_dirname(path);
		file_rmdirs(path, up);
		free(up);
	}
	if (!err && file_exists(path))
		err = cache_in_the_way(path, "it is a directory with ignored files");
	strs_clear(&dirs);
	return err;
}
