#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/src.h"
#include "base/strs.h"
#include "exp/view-part.h"

static const char usual[] = "params.yaml";

/* --- which files, which keys ---------------------------------------------- */

struct tracked {
	bool whole;
	struct strs keys;
};

static void forget(void *value)
{
	struct tracked *t = value;

	strs_clear(&t->keys);
	free(t);
}

static struct tracked *file_of(struct map *files, const char *path)
{
	struct tracked *t = map_get(files, path);

	if (!t) {
		t = mem_new(1, sizeof(*t));
		map_put(files, path, t);
	}
	return t;
}

/* Parameter files of a stage in the order in which it names them. */
static void of_stage(struct map *files, const struct stage *s)
{
	int line = 0;

	for (size_t left = s->nr_param; left; ) {
		int next = 0;

		for (size_t i = 0; i < s->nr_param; i++) {
			const struct param *p = &s->param[i];
			struct tracked *t;

			if (p->line > line && (!next || p->line < next))
				next = p->line;
			if (p->line != line)
				continue;
			left--;
			t = file_of(files, p->path);
			t->whole |= p->whole;
			for (size_t j = 0; j < p->written.nr; j++)
				strs_once(&t->keys, p->written.item[j]);
		}
		if (next <= line)
			break;
		line = next;
	}
}

static void collect(struct view *v, struct map *files)
{
	for (size_t i = 0; i < v->pipe.nr; i++)
		of_stage(files, &v->pipe.item[i]);
	if (v->o->param_deps)
		return;
	for (size_t i = 0; i < v->pipe.params.nr; i++)
		file_of(files, v->pipe.params.item[i].path)->whole = true;
	if (src_kind(v->src, usual) != SRC_NONE ||
	    pipe_maker(&v->pipe, usual))
		file_of(files, usual)->whole = true;
}

/* --- picking by dotted key --------------------------------------------------- */

static bool is_match(const char *key, const char *glob)
{
	return !strcmp(key, glob) || !fnmatch(glob, key, FNM_NOESCAPE);
}

/* A list keeps its places: what is not picked before one is null. */
static struct val *place(struct val *out, const struct val *from, size_t i)
{
	struct val *v;

	if (from->kind == VAL_MAP) {
		v = val_add(out);
		val_copy(&out->key[out->nr - 1], &from->key[i]);
		return v;
	}
	while (out->nr <= i)
		val_add(out);
	return &out->item[i];
}

static bool pick(struct val *out, const struct val *from, char **segment)
{
	bool found = false;

	if (from->kind == VAL_LIST)
		val_set_list(out);
	else
		val_set_map(out);
	if (from->kind != VAL_LIST && from->kind != VAL_MAP)
		return false;
	for (size_t i = 0; i < from->nr; i++) {
		struct val part = VAL_INIT;
		char *key = NULL;
		bool hit;

		if (from->kind == VAL_MAP)
			val_key_text(&from->key[i], &key);
		else
			key = mem_fmt("%zu", i);
		hit = is_match(key, segment[0]);
		if (hit && !segment[1])
			val_copy(&part, &from->item[i]);
		else if (hit)
			hit = pick(&part, &from->item[i], segment + 1);
		if (hit)
			val_copy(place(out, from, i), &part);
		found |= hit;
		val_clear(&part);
		free(key);
	}
	return found;
}

static long find_key(const struct val *map, const struct val *key)
{
	for (size_t i = 0; i < map->nr; i++)
		if (val_equal(&map->key[i], key))
			return (long)i;
	return -1;
}

/* Maps grow together; so do lists, which DVC puts one behind the other. */
static void merge(struct val *to, const struct val *from)
{
	for (size_t i = 0; i < from->nr; i++) {
		const struct val *v = &from->item[i];
		long at = find_key(to, &from->key[i]);
		struct val *old = at < 0 ? NULL : &to->item[at];

		if (!old) {
			val_copy(place(to, from, i), v);
		} else if (old->kind == VAL_MAP && v->kind == VAL_MAP) {
			merge(old, v);
		} else if (old->kind == VAL_LIST && v->kind == VAL_LIST) {
			for (size_t j = 0; j < v->nr; j++)
				val_copy(val_add(old), &v->item[j]);
		} else {
			val_copy(old, v);
		}
	}
}

static void select_keys(struct val *out, const struct val *file,
			const struct strs *keys)
{
	val_set_map(out);
	for (size_t i = 0; i < keys->nr; i++) {
		struct strs segment = STRS_INIT;
		struct val found = VAL_INIT;

		strs_split(&segment, keys->item[i], '.');
		if (pick(&found, file, segment.item) && found.kind == VAL_MAP)
			merge(out, &found);
		val_clear(&found);
		strs_clear(&segment);
	}
}

/* --- the result ------------------------------------------------------------- */

static void add_file(struct view *v, const char *path,
		     const struct tracked *t, struct val *out)
{
	struct val file = VAL_INIT, chosen = VAL_INIT;
	struct val *to = val_put(out, path);
	bool all = t->whole || !t->keys.nr;
	const char *type;

	if (view_read(v, path, &file, &type)) {
		view_error(to, type);
	} else {
		if (!all)
			select_keys(&chosen, &file, &t->keys);
		val_set_map(to);
		to = val_put(to, "data");
		val_copy(to, all ? &file : &chosen);
		view_no_dates(to);
	}
	val_clear(&file);
	val_clear(&chosen);
}

/* --- what templates took ---------------------------------------------------- */

/* Files that stand there already say it all. */
static void add_used(const struct view *v, struct val *out)
{
	struct val taken = VAL_INIT;

	val_set_map(&taken);
	for (size_t i = 0; i < v->pipe.nr; i++)
		for (size_t j = 0; j < v->pipe.item[i].nr_used; j++) {
			const struct param *p = &v->pipe.item[i].used[j];
			struct val *to;

			if (val_get(out, p->path))
				continue;
			to = val_put(&taken, p->path);
			if (to->kind != VAL_MAP)
				val_set_map(to);
			for (size_t k = 0; k < p->taken.nr; k++)
				val_copy(val_put(to, p->taken.key[k].s),
					 &p->taken.item[k]);
		}
	for (size_t i = 0; i < taken.nr; i++) {
		struct val *file = val_put(out, taken.key[i].s);

		val_set_map(file);
		val_copy(val_put(file, "data"), &taken.item[i]);
	}
	val_clear(&taken);
}

void view_params(struct view *v, struct val *out)
{
	struct map files = MAP_INIT;

	val_set_map(out);
	collect(v, &files);
	for (size_t i = 0; i < files.nr; i++) {
		struct strs paths = STRS_INIT;

		view_expand(v, files.item[i].key, &paths);
		for (size_t j = 0; j < paths.nr; j++)
			add_file(v, paths.item[j], files.item[i].value, out);
		strs_clear(&paths);
	}
	add_used(v, out);
	map_clear(&files, forget);
}
