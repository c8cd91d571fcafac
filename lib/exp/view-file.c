#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/src.h"
#include "base/strs.h"
#include "exp/view-part.h"
#include "spec/params.h"
#include "store/cache.h"
#include "store/dir.h"

/* The recorded object of the output that is `path` or holds it. */
static const struct lock_path *find_saved(const struct view *v,
					  const char *path, const char **below)
{
	const struct stage *s = pipe_maker(&v->pipe, path);

	for (size_t i = 0; s && i < s->nr_out; i++) {
		const struct out *o = &s->out[i];
		const struct lock_path *saved;

		if (!o->cache || !file_inside(o->path, path))
			continue;
		saved = view_saved_out(v, s, o);
		*below = path + strlen(o->path);
		*below += **below == '/';
		return saved && saved->md5 ? saved : NULL;
	}
	return NULL;
}

static bool is_listing(const struct lock_path *saved)
{
	size_t len = strlen(saved->md5);

	return len > 4 && !strcmp(saved->md5 + len - 4, ".dir");
}

static int read_cached(struct view *v, const char *path, struct buf *out)
{
	const char *below = "";
	const struct lock_path *saved = find_saved(v, path, &below);
	const struct dir_entry *e;
	struct dir dir = DIR_INIT;
	struct cache *c;
	int err = ERR_NOTFOUND;

	if (!saved || !v->o->cache || is_listing(saved) != !!*below)
		return err;
	c = cache_for(v->o->cache, lock_is_legacy(saved));
	if (!*below)
		return cache_read(c, saved->md5, out);
	if (!cache_read_dir(c, saved->md5, &dir)) {
		e = dir_find(&dir, below);
		err = e ? cache_read(c, e->md5, out) : err;
	}
	dir_clear(&dir);
	return err;
}

bool view_is_utf8(const struct buf *text)
{
	uint32_t c;

	for (size_t i = 0; i < text->len; ) {
		if (!(text->s[i] & 0x80)) {
			i++;
			continue;
		}
		i += val_char(text->s + i, text->len - i, &c);
		if (c >= 0xd800 && c <= 0xdfff)
			return false;
	}
	return true;
}

/* How DVC calls what is wrong with such a file. */
static const char *trouble(const char *path)
{
	static const char *const names[] = {
		[PARAMS_YAML] = "YAMLFileCorruptedError",
		[PARAMS_JSON] = "JSONFileCorruptedError",
		[PARAMS_TOML] = "TOMLFileCorruptedError",
		[PARAMS_PY] = "PythonFileCorruptedError",
	};

	return names[params_format(path)];
}

static int parse(const char *path, struct buf *text, struct val *out,
		 const char **type)
{
	struct map files = MAP_INIT;
	struct src_mem mem;
	int err;

	if (!view_is_utf8(text)) {
		*type = "EncodingError";
		return err_set(ERR_INVALID, "'%s' is not valid utf-8", path);
	}
	map_put(&files, path, text);
	src_mem(&mem, &files);
	err = params_load(out, &mem.src, path);
	src_clear(&mem.src);
	map_clear(&files, NULL);
	*type = trouble(path);
	return err;
}

int view_bytes(struct view *v, const char *path, struct buf *text,
	       const char **type)
{
	int err = src_read(v->src, path, text);

	*type = "FileNotFoundError";
	if (err == ERR_NOTFOUND && read_cached(v, path, text))
		err_set(err, "no such file: '%s'", path);
	else if (err == ERR_NOTFOUND)
		err = 0;
	else if (err)
		*type = "OSError";
	return err;
}

int view_read(struct view *v, const char *path, struct val *out,
	      const char **type)
{
	const struct val *doc = map_get(&v->pipe.docs, path);
	struct buf text = BUF_INIT;
	int err;

	if (doc) {
		val_copy(out, doc);
		return 0;
	}
	err = view_bytes(v, path, &text, type);
	if (!err)
		err = parse(path, &text, out, type);
	buf_clear(&text);
	return err;
}

void view_error(struct val *out, const char *type)
{
	struct val *e;

	val_set_map(out);
	e = val_put(out, "error");
	val_set_map(e);
	val_set_str(val_put(e, "type"), type);
	val_set_str(val_put(e, "msg"), err_message());
	err_clear();
}

/* --- directories --------------------------------------------------------- */

static void list_source(struct view *v, const char *dir, struct strs *out)
{
	struct strs names = STRS_INIT;

	if (src_list(v->src, dir, &names))
		err_clear();
	for (size_t i = 0; i < names.nr; i++) {
		char *name = names.item[i], *path;
		size_t len = strlen(name);
		bool is_dir = len && name[len - 1] == '/';

		name[is_dir ? len - 1 : len] = '\0';
		path = mem_fmt("%s/%s", dir, name);
		if (is_dir)
			list_source(v, path, out);
		else
			strs_add(out, path);
		free(path);
	}
	strs_clear(&names);
}

static bool list_cached(struct view *v, const char *path, struct strs *out)
{
	const char *below = "";
	const struct lock_path *saved = find_saved(v, path, &below);
	struct dir dir = DIR_INIT;
	size_t len = strlen(below), before = out->nr;

	if (!saved || !v->o->cache || !is_listing(saved))
		return false;
	if (cache_read_dir(cache_for(v->o->cache, lock_is_legacy(saved)),
			   saved->md5, &dir))
		err_clear();
	for (size_t i = 0; i < dir.nr; i++) {
		const char *at = dir.item[i].path;

		if (!len || (!strncmp(at, below, len) && at[len] == '/'))
			strs_fmt(out, "%s/%s", path,
				 at + (len ? len + 1 : 0));
	}
	dir_clear(&dir);
	return out->nr > before;
}

void view_expand(struct view *v, const char *path, struct strs *out)
{
	enum src_kind kind = src_kind(v->src, path);
	struct strs files = STRS_INIT;

	if (kind == SRC_DIR)
		list_source(v, path, &files);
	else if (kind != SRC_NONE || !list_cached(v, path, &files))
		strs_once(out, path);
	strs_sort(&files);
	for (size_t i = 0; i < files.nr; i++)
		strs_once(out, files.item[i]);
	strs_clear(&files);
}
