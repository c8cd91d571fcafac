#include <stdlib.h>
#include <string.h>
#include "base/file.h"
#include "base/mem.h"
#include "spec/pipe.h"
#include "spec/pipe-part.h"

/* As Python's bool(): what is empty is left out. */
static bool is_said(const struct val *v)
{
	return v && v->kind != VAL_NULL &&
		!(v->kind == VAL_BOOL && !v->b) &&
		!(v->kind == VAL_STR && !v->len) &&
		!((v->kind == VAL_LIST || v->kind == VAL_MAP) && !v->nr);
}

static void copy(struct val *to, const struct val *from, const char *key)
{
	const struct val *v = val_get(from, key);

	if (is_said(v))
		val_copy(val_put(to, key), v);
}

static void copy_sums(struct val *to, const struct val *from, bool md5)
{
	static const char *const key[] = { "md5", "etag", "checksum" };

	for (size_t i = md5 ? 0 : 1; i < sizeof(key) / sizeof(*key); i++)
		copy(to, from, key[i]);
	copy(to, from, "version_id");
}

/* What belongs to a cloud goes back to it, but its md5 is the file's. */
static void copy_meta(struct val *to, const struct val *from)
{
	const struct val *cloud = val_get(from, "cloud");
	struct val *map, *one;

	if (!cloud || cloud->kind != VAL_MAP || !cloud->nr) {
		copy_sums(to, from, true);
		return;
	}
	map = val_put(to, "cloud");
	val_set_map(map);
	one = val_add(map);
	val_copy(&map->key[0], &cloud->key[0]);
	val_set_map(one);
	copy_sums(one, from, false);
	copy_sums(one, &cloud->item[0], false);
	if (!one->nr)
		val_drop(to, to->nr - 1);
	copy(to, from, "md5");
	copy(to, &cloud->item[0], "md5");
}

static void copy_files(struct val *to, const struct val *from)
{
	const struct val *files = val_get(from, "files");
	struct val by_path = VAL_INIT, *list;

	val_set_map(&by_path);
	for (size_t i = 0; i < files->nr; i++) {
		const char *path = val_text(val_get(&files->item[i], "relpath"));
		struct val *one = val_put(&by_path, path);

		val_set_map(one);
		val_set_str(val_put(one, "relpath"), path);
		copy_meta(one, &files->item[i]);
	}
	val_sort(&by_path);
	list = val_put(to, "files");
	val_set_list(list);
	for (size_t i = 0; i < by_path.nr; i++)
		val_copy(val_add(list), &by_path.item[i]);
	val_clear(&by_path);
}

/* One that is inside the project is named from wdir, whatever was written. */
static void put_path(struct val *to, const struct stage *s, const char *def,
		     const char *path, bool external)
{
	char *from = file_join("/", s->wdir), *full = file_join("/", path);
	char *name = external ? mem_dup(def) : file_relative(from, full);

	val_set_str(val_put(to, "path"), name);
	free(name);
	free(full);
	free(from);
}

static void put_place(struct val *to, const struct val *from, bool external)
{
	bool legacy = !external && !val_get(from, "hash");

	if (is_said(val_get(from, "files")))
		copy_files(to, from);
	else
		copy_meta(to, from);
	if (legacy && !val_get(to, "md5") && !val_get(to, "files"))
		val_set_null(val_put(to, "md5"));
	if (!legacy)
		val_set_str(val_put(to, "hash"), "md5");
	copy(to, from, "fs_config");
}

static void put_repo(struct val *to, const struct val *repo)
{
	static const char *const key[] = {
		"url", "rev", "rev_lock", "config", "remote",
	};
	struct val *map = val_put(to, "repo");

	val_set_map(map);
	for (size_t i = 0; i < sizeof(key) / sizeof(*key); i++)
		copy(map, repo, key[i]);
}

static void put_db(struct val *to, const struct val *db)
{
	struct val *map = val_put(to, "db");

	val_set_map(map);
	for (size_t i = 0; i < db->nr; i++)
		copy(map, db, db->key[i].s);
	if (!map->nr)
		val_drop(to, to->nr - 1);
}

static void put_dep(struct val *to, const struct stage *s, const struct val *from)
{
	const struct dep *d = &s->dep[0];

	val_set_map(to);
	if (val_get(from, "db")) {
		put_db(to, val_get(from, "db"));
	} else if (val_get(from, "repo")) {
		val_set_str(val_put(to, "path"), d->def);
		put_repo(to, val_get(from, "repo"));
	} else {
		put_place(to, from, d->external);
		put_path(to, s, d->def, d->path, d->external);
	}
}

static void put_out(struct val *to, const struct stage *s, const struct val *from)
{
	const struct out *o = &s->out[0];

	val_set_map(to);
	put_place(to, from, o->external);
	put_path(to, s, o->def, o->path, o->external);
	if (!o->cache)
		val_set_bool(val_put(to, "cache"), false);
	copy(to, from, "remote");
	if (!o->push)
		val_set_bool(val_put(to, "push"), false);
}

static void put_wdir(struct val *to, const struct stage *s)
{
	char *dir = file_dirname(s->file), *from = file_join("/", dir);
	char *full = file_join("/", s->wdir), *wdir = file_relative(from, full);

	if (strcmp(wdir, "."))
		val_set_str(val_put(to, "wdir"), wdir);
	free(wdir);
	free(full);
	free(from);
	free(dir);
}

/* Empty maps in `config` and the like are said; keys of no interest are not. */
static void drop_quiet(struct val *v)
{
	static const char *const quiet[] = {
		"desc", "type", "labels", "meta", "locked", "frozen", "metric",
		"persist", "isexec", "size", "nfiles",
	};

	for (size_t i = v->nr; i-- > 0; ) {
		const char *key = v->kind == VAL_MAP ? val_text(&v->key[i]) :
			NULL;
		bool drop = false;

		for (size_t k = 0; key && k < sizeof(quiet) / sizeof(*quiet); k++)
			drop |= !strcmp(key, quiet[k]);
		if (drop)
			val_drop(v, i);
		else
			drop_quiet(&v->item[i]);
	}
}

void pipe_import(struct stage *s, const struct val *doc)
{
	struct val *list;

	val_set_map(&s->import);
	put_wdir(&s->import, s);
	list = val_put(&s->import, "deps");
	val_set_list(list);
	put_dep(val_add(list), s, &val_get(doc, "deps")->item[0]);
	list = val_put(&s->import, "outs");
	val_set_list(list);
	put_out(val_add(list), s, &val_get(doc, "outs")->item[0]);
	if (s->always_changed)
		val_set_bool(val_put(&s->import, "always_changed"), true);
	drop_quiet(&s->import);
}
