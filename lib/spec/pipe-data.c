#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/mem.h"
#include "spec/pipe.h"
#include "spec/pipe-part.h"
#include "spec/val-shape.h"

/* --- what may stand where ----------------------------------------------- */

#define HASHES \
	{ "md5", SHAPE_SUM, NULL }, { "checksum", SHAPE_SUM, NULL }, \
	{ "etag", SHAPE_SUM, NULL }, { "size", SHAPE_INT, NULL }, \
	{ "nfiles", SHAPE_INT, NULL }, { "isexec", SHAPE_BOOL, NULL }, \
	{ "version_id", SHAPE_TEXT, NULL }

static const struct shape cloud_keys[] = { HASHES, { 0 } };
static const struct shape cloud = { "", SHAPE_SUB, cloud_keys };

#define PLACED \
	HASHES, { "cloud", SHAPE_EACH | SHAPE_ONE, &cloud }

static const struct shape file_keys[] = {
	PLACED, { "relpath", SHAPE_TEXT | SHAPE_MUST, NULL }, { 0 }
};
static const struct shape file_item = { "", SHAPE_SUB, file_keys };

#define ENTRY \
	PLACED, { "persist", SHAPE_BOOL, NULL }, { "hash", SHAPE_TEXT, NULL }, \
	{ "files", SHAPE_ITEMS, &file_item }, { "fs_config", SHAPE_MAP, NULL }

static const struct shape out_keys[] = {
	ENTRY, { "path", SHAPE_TEXT | SHAPE_MUST, NULL },
	{ "cache", SHAPE_BOOL, NULL }, { "remote", SHAPE_TEXT, NULL },
	{ "push", SHAPE_BOOL, NULL }, { "desc", SHAPE_TEXT, NULL },
	{ "type", SHAPE_TEXT, NULL }, { "labels", SHAPE_TEXTS, NULL },
	{ "meta", SHAPE_ANY, NULL }, { 0 }
};
static const struct shape repo_keys[] = {
	{ "url", SHAPE_TEXT | SHAPE_MUST, NULL }, { "rev", SHAPE_TEXT, NULL },
	{ "rev_lock", SHAPE_TEXT, NULL },
	{ "config", SHAPE_TEXT | SHAPE_MAP, NULL },
	{ "remote", SHAPE_TEXT | SHAPE_MAP, NULL }, { 0 }
};
static const struct shape db_keys[] = {
	{ "query", SHAPE_TEXT, NULL }, { "connection", SHAPE_TEXT, NULL },
	{ "file_format", SHAPE_TEXT, NULL }, { "table", SHAPE_TEXT, NULL },
	{ 0 }
};
static const struct shape dep_keys[] = {
	ENTRY, { "path", SHAPE_TEXT, NULL }, { "repo", SHAPE_SUB, repo_keys },
	{ "db", SHAPE_SUB, db_keys }, { 0 }
};
static const struct shape out_item = { "", SHAPE_SUB, out_keys };
static const struct shape dep_item = { "", SHAPE_SUB, dep_keys };
static const struct shape top_keys[] = {
	{ "md5", SHAPE_SUM, NULL },
	{ "wdir", SHAPE_TEXT | SHAPE_NULL, NULL },
	{ "deps", SHAPE_ITEMS | SHAPE_NULL, &dep_item },
	{ "outs", SHAPE_ITEMS | SHAPE_NULL, &out_item },
	{ "locked", SHAPE_BOOL, NULL },
	{ "frozen", SHAPE_BOOL, NULL },
	{ "meta", SHAPE_ANY, NULL },
	{ "always_changed", SHAPE_BOOL, NULL },
	{ "desc", SHAPE_TEXT, NULL },
	{ 0 }
};

/* --- outputs --------------------------------------------------------------- */

static int64_t number(const struct val *v)
{
	int64_t n;

	return val_int64(v, &n) ? n : -1;
}

static void fill_saved(struct lock_path *to, const char *def,
		       const struct val *v)
{
	static const char *const rest[] = {
		"checksum", "etag", "version_id", "cloud", "files", "fs_config",
	};
	const struct val *md5 = val_get(v, "md5"), *one;

	if (md5 && md5->s && *md5->s)
		to->md5 = mem_dup(md5->s);
	to->hash = mem_dup(val_text(val_get(v, "hash")));
	if ((one = val_get(v, "size")))
		to->size = number(one);
	if ((one = val_get(v, "nfiles")))
		to->nfiles = number(one);
	to->isexec = val_true(val_get(v, "isexec"));
	for (size_t i = 0; i < sizeof(rest) / sizeof(*rest); i++) {
		one = val_get(v, rest[i]);
		if (one && to->rest.kind != VAL_MAP)
			val_set_map(&to->rest);
		if (one)
			val_copy(val_put(&to->rest, rest[i]), one);
	}
	if (to->md5 || to->rest.nr)
		to->path = mem_dup(def);
}

static bool flag(const struct val *map, const char *key, bool otherwise)
{
	const struct val *v = val_get(map, key);

	return v ? v->b : otherwise;
}

static int fill_out(struct stage *s, const struct shape_where *w,
		    const struct val *v)
{
	const struct val *path = val_get(v, "path");
	struct out *o;
	int err = pipe_add_out(s, w, path->s, path->line, &o);

	if (err)
		return err;
	o->cache = flag(v, "cache", true);
	o->persist = flag(v, "persist", false);
	o->push = flag(v, "push", true);
	o->remote = mem_dup(val_text(val_get(v, "remote")));
	o->desc = mem_dup(val_text(val_get(v, "desc")));
	fill_saved(&o->saved, path->s, v);
	return pipe_judge_out(o, w);
}

/* --- dependencies: imports ---------------------------------------------------- */

static int fill_dep(struct stage *s, const struct shape_where *w,
		    const struct val *v)
{
	const struct val *db = val_get(v, "db"), *path = val_get(v, "path");
	const char *def = db ? "db:" : val_text(path);
	struct dep *d;
	int err;

	if (!def)
		return shape_fail(w, v->line, "no 'path' in a dependency");
	err = pipe_add_dep(s, w, def, path ? path->line : v->line);
	if (err)
		return err;
	d = &s->dep[s->nr_dep - 1];
	fill_saved(&d->saved, def, v);
	/* The path is one of another repository, or of none. */
	if (db || val_get(v, "repo")) {
		d->external = d->url = true;
		mem_set(&d->path, mem_dup(def));
	}
	return 0;
}

/* As DVC 0 and 1 wrote stages, each in a file of its own. */
static int refuse_stage(const struct shape_where *w, const struct val *doc)
{
	const struct val *cmd = val_get(doc, "cmd");
	int err;

	if (!cmd)
		return 0;
	err = shape_fail(w, cmd->line, "a command ('cmd') in a .dvc file is "
			 "of DVC 1 and no longer read");
	return err_hint(err, "move it to a stage of a dvc.yaml: 'git exp stage add'");
}

int pipe_data(struct pipe *p, const char *file, const struct val *doc)
{
	struct shape_where w = { .file = file };
	int err = refuse_stage(&w, doc);
	const struct val *v;
	struct stage *s;

	if (!err)
		err = shape_check(&w, top_keys, doc);
	if (err)
		return err;
	s = pipe_add(p, file, NULL, val_text(val_get(doc, "wdir")));
	s->line = 1;
	s->desc = mem_dup(val_text(val_get(doc, "desc")));
	s->frozen = flag(doc, "frozen", false) || flag(doc, "locked", false);
	s->always_changed = flag(doc, "always_changed", false);
	v = val_get(doc, "md5");
	s->md5 = v && v->s && *v->s ? mem_dup(v->s) : NULL;
	v = val_get(doc, "deps");
	for (size_t i = 0; v && !err && i < v->nr; i++)
		err = fill_dep(s, &w, &v->item[i]);
	v = val_get(doc, "outs");
	for (size_t i = 0; v && !err && i < v->nr; i++)
		err = fill_out(s, &w, &v->item[i]);
	if (!err && s->nr_dep == 1 && s->nr_out == 1)
		pipe_import(s, doc);
	return err;
}
