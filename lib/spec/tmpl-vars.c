#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/src.h"
#include "spec/params.h"
#include "spec/tmpl-part.h"
#include "spec/val-shape.h"

#define USUAL "params.yaml"

/* What the templates of one file may cost: some tenths of a second, memory. */
#define WORK_MAX (400 * 1000 * 1000)
#define ROOM_MAX (48 * 1024 * 1024)

/* --- files ------------------------------------------------------------------------ */

static void drop(struct val *v)
{
	val_clear(v);
	free(v);
}

/* The document, and the name by which it is kept; read once. */
static int document(struct tmpl *t, const struct shape_where *w,
		    const struct val *item, const char *path,
		    const struct val **out, const char **source)
{
	enum src_kind kind = SRC_FILE;
	struct val *doc = map_get(t->docs, path);
	int err = 0;

	if (!doc)
		kind = t->src ? src_kind(t->src, path) : SRC_NONE;
	if (kind == SRC_NONE || kind == SRC_DIR)
		return tmpl_fail(t, w, item, NULL, "ResolveError", "'%s' %s",
				 path, kind == SRC_DIR ? "is a directory" :
				 "does not exist");
	if (!doc) {
		doc = mem_new(1, sizeof(*doc));
		err = params_load(doc, t->src, path);
		if (err) {
			mem_set(&t->bad_file, mem_dup(path));
			drop(doc);
			return err;
		}
		map_put(t->docs, path, doc);
	}
	*out = doc;
	*source = t->docs->item[map_find(t->docs, path)].key;
	return doc->kind == VAL_MAP ? 0 :
		tmpl_fail(t, w, item, NULL, "ResolveError", "'%s' must hold "
			  "a map, not %s", path, shape_kind(doc));
}

/* Only some keys of the top level, in the order in which they are named. */
static int select_keys(struct tmpl *t, const struct shape_where *w,
		       const struct val *item, const struct val *doc,
		       const struct origin *o, const struct strs *keys,
		       struct node *root)
{
	for (size_t i = 0; i < keys->nr; i++) {
		const char *key = keys->item[i], *meant = NULL;
		const struct val *v = val_get(doc, key);
		struct node *kid;
		size_t best = SIZE_MAX;
		int err = tmpl_spend(t, w, 8 * doc->nr);

		if (err)
			return err;
		if (!v) {
			for (size_t j = 0; j < doc->nr && j < 1000; j++)
				if (val_text(&doc->key[j]) && shape_near(key,
				    doc->key[j].s, &best))
					meant = doc->key[j].s;
			err = tmpl_fail(t, w, item, NULL, "ResolveError",
					"there is no '%s' in '%s'", key,
					o->source);
			return meant ? err_hint(err, "did you mean '%s'?",
						meant) : err;
		}
		kid = node_tree(t, w, v, o);
		if (!kid)
			return ERR_INVALID;
		node_put(root, key, kid);
	}
	return 0;
}

/* --- which were loaded -------------------------------------------------------------- */

static bool is_loaded(const struct tmpl *t, const char *path,
		      const struct strs **keys)
{
	const struct map *in = map_find(&t->loaded_here, path) >= 0 ?
		&t->loaded_here : &t->loaded;

	*keys = map_get(in, path);
	return map_find(in, path) >= 0;
}

/* `keys` NULL: the whole file was. */
static void set_loaded(struct tmpl *t, const char *path,
		       const struct strs *keys, const struct strs *before)
{
	struct strs *all = NULL;
	struct strs *old;

	if (keys) {
		all = mem_new(1, sizeof(*all));
		for (size_t i = 0; before && i < before->nr; i++)
			strs_add(all, before->item[i]);
		for (size_t i = 0; i < keys->nr; i++)
			strs_add(all, keys->item[i]);
	}
	old = map_put(t->staged ? &t->loaded_here : &t->loaded, path, all);
	if (old)
		strs_clear(old);
	free(old);
}

static bool overlaps(const struct strs *a, const struct strs *b)
{
	for (size_t i = 0; i < a->nr; i++)
		if (strs_has(b, a->item[i]))
			return true;
	return false;
}

/* DVC takes a file once: whole, or in parts that do not meet. */
static int check_again(struct tmpl *t, const struct shape_where *w,
		       const struct val *item, const struct strs *keys,
		       const struct strs *before)
{
	bool some = keys && keys->nr;

	if (some && !before)
		return tmpl_fail(t, w, item, NULL, "ResolveError", "'%s' takes "
				 "a part of what is already taken as a whole",
				 item->s);
	if (!before || (some && !overlaps(keys, before)))
		return 0;
	return tmpl_fail(t, w, item, NULL, "ResolveError", "'%s' takes what is "
			 "already taken in part", item->s);
}

static int load(struct tmpl *t, const struct shape_where *w,
		const struct val *item, const char *path,
		const struct strs *keys)
{
	const struct strs *before;
	struct origin o = { .file = true };
	const struct val *doc = NULL;
	struct node *root;
	bool again = is_loaded(t, path, &before);
	int err = 0;

	if (again && !before && (!keys || !keys->nr))
		return 0;
	if (again)
		err = check_again(t, w, item, keys, before);
	if (!err)
		err = document(t, w, item, path, &doc, &o.source);
	if (err)
		return err;
	if (keys && keys->nr) {
		root = node_new(t, NODE_MAP);
		err = select_keys(t, w, item, doc, &o, keys, root);
	} else {
		root = node_tree(t, w, doc, &o);
		err = root ? 0 : ERR_INVALID;
	}
	if (!err)
		err = node_merge(t, w, item->line, root);
	if (!err)
		set_loaded(t, path, keys, before);
	return err;
}

/* "file" or "file:key,key". */
static int load_item(struct tmpl *t, const struct shape_where *w,
		     const char *dir, const struct val *item)
{
	size_t len = strcspn(item->s, ":");
	const char *rest = item->s[len] && item->s[len + 1] ?
		item->s + len + 1 : NULL;
	char *name = mem_ndup(item->s, len), *path = file_join(dir, name);
	struct strs keys = STRS_INIT, some = STRS_INIT;
	int err;

	if (rest)
		strs_split(&keys, rest, ',');
	for (size_t i = 0; i < keys.nr; i++)
		if (*keys.item[i])
			strs_add(&some, keys.item[i]);
	err = load(t, w, item, path, rest ? &some : NULL);
	strs_clear(&keys);
	strs_clear(&some);
	free(name);
	free(path);
	return err;
}

/* --- the items ------------------------------------------------------------------------ */

static int refuse_any(struct tmpl *t, const struct shape_where *w,
		      const struct val *v)
{
	struct match m;
	int err = 0;

	if (v->kind == VAL_STR && match_next(&m, v->s, v->len, 0))
		return tmpl_fail(t, w, v, &m, "ResolveError", "'vars' cannot "
				 "themselves hold '${%.*s}'", (int)m.len,
				 m.name);
	for (size_t i = 0; !err && i < v->nr; i++) {
		if (v->kind == VAL_MAP)
			err = refuse_any(t, w, &v->key[i]);
		if (!err)
			err = refuse_any(t, w, &v->item[i]);
	}
	return err;
}

static int inline_map(struct tmpl *t, const struct shape_where *w,
		      const struct val *item, size_t at)
{
	struct strs *to = t->staged ? &t->sources_here : &t->sources;
	struct origin o = { 0 };
	struct node *root;

	if (t->staged && w->name)
		strs_fmt(to, "%s.vars[%zu]", w->name, at);
	else
		strs_fmt(to, "vars[%zu]", at);
	o.source = to->item[to->nr - 1];
	root = node_tree(t, w, item, &o);
	return root ? node_merge(t, w, item->line, root) : ERR_INVALID;
}

static int add_vars(struct tmpl *t, const struct shape_where *w,
		    const char *dir, const struct val *vars)
{
	int err = 0;

	for (size_t i = 0; vars && !err && i < vars->nr; i++) {
		const struct val *item = &vars->item[i];

		err = item->kind == VAL_MAP ? inline_map(t, w, item, i) :
			load_item(t, w, dir, item);
	}
	return err;
}

int tmpl_begin(struct tmpl *t, const struct val *vars)
{
	struct shape_where w = { .file = t->file };
	struct val usual = { .kind = VAL_STR, .s = (char[]){ USUAL },
			     .len = sizeof(USUAL) - 1 };
	char *dir = file_dirname(t->file), *path = file_join(dir, USUAL);
	int err;

	t->left = WORK_MAX;
	t->room = ROOM_MAX;
	t->stamp = 1;
	err = vars ? refuse_any(t, &w, vars) : 0;
	if (!err && t->src && src_kind(t->src, path) != SRC_NONE)
		err = load_item(t, &w, dir, &usual);
	if (!err)
		err = add_vars(t, &w, dir, vars);
	if (!t->top)
		t->top = node_new(t, NODE_MAP);
	free(path);
	free(dir);
	return err;
}

int tmpl_vars(struct tmpl *t, const struct shape_where *w, const char *wdir,
	      const struct val *vars)
{
	int err = vars ? refuse_any(t, w, vars) : 0;

	t->staged = true;
	if (!err)
		err = add_vars(t, w, wdir, vars);
	t->track = true;
	return err;
}
