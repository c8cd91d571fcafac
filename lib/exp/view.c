#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/src.h"
#include "base/strs.h"
#include "exp/view-part.h"
#include "spec/params.h"

/* --- what is recorded ------------------------------------------------------ */

static const struct lock_entry *entry_of(const struct view *v,
					 const struct stage *s)
{
	const struct lock *l = map_get(&v->locks, s->file);

	return l ? lock_find(l, s->name) : NULL;
}

const struct lock_path *view_saved_out(const struct view *v,
				       const struct stage *s,
				       const struct out *o)
{
	const struct lock_entry *e;

	if (s->kind == STAGE_DATA)
		return o->saved.path ? &o->saved : NULL;
	e = entry_of(v, s);
	return e ? lock_out(e, o->def) : NULL;
}

const struct lock_path *view_saved_dep(const struct view *v,
				       const struct stage *s,
				       const struct dep *d)
{
	const struct lock_entry *e = entry_of(v, s);

	return e ? lock_dep(e, d->def) : NULL;
}

static void drop_lock(void *value)
{
	lock_clear(value);
	free(value);
}

static int read_locks(struct view *v)
{
	int err = 0;

	for (size_t i = 0; !err && i < v->pipe.files.nr; i++) {
		const char *file = v->pipe.files.item[i];
		char *dir, *path;
		struct lock *l;

		if (strcmp(file_basename(file), "dvc.yaml"))
			continue;
		dir = file_dirname(file);
		path = file_join(dir, "dvc.lock");
		l = mem_new(1, sizeof(*l));
		err = lock_read(l, v->src, path);
		map_put(&v->locks, file, l);
		free(path);
		free(dir);
	}
	return err;
}

/* --- deps and outs ----------------------------------------------------------- */

/* The sum by whichever name the place it lies in knows. */
static const char *sum(const struct lock_path *saved)
{
	const char *etag = val_text(val_get(&saved->rest, "etag"));

	if (saved->md5)
		return saved->md5;
	return etag ? etag : val_text(val_get(&saved->rest, "checksum"));
}

static void put_int(struct val *map, const char *key, int64_t n)
{
	struct val *v = val_put(map, key);

	if (n >= 0)
		val_set_int(v, n);
}

static void put_saved(struct val *out, const struct lock_path *saved)
{
	struct val *v;

	val_set_map(out);
	v = val_put(out, "hash");
	if (saved && sum(saved))
		val_set_str(v, sum(saved));
	put_int(out, "size", saved ? saved->size : -1);
	put_int(out, "nfiles", saved ? saved->nfiles : -1);
}

static int64_t number(const struct val *map, const char *key)
{
	int64_t n;

	return val_int64(val_get(map, key), &n) ? n : -1;
}

/* What a .dvc file says of where its data was imported from. */
static void put_import(struct val *out, const char *path, const struct val *v)
{
	struct lock_path saved = { .size = number(v, "size"),
				   .nfiles = number(v, "nfiles") };
	const struct val *md5 = val_get(v, "md5");

	saved.md5 = md5 ? md5->s : NULL;
	saved.rest = *v;
	put_saved(val_put(out, path), &saved);
}

static void put_imports(struct view *v, const struct stage *s, struct val *out)
{
	struct buf text = BUF_INIT;
	struct val doc = VAL_INIT;
	const struct val *deps = NULL;

	if (!src_read(v->src, s->file, &text) &&
	    !val_yaml(&doc, text.s, text.len, s->file))
		deps = val_get(&doc, "deps");
	err_clear();
	for (size_t i = 0; deps && i < deps->nr && i < s->nr_dep; i++)
		if (!val_get(&deps->item[i], "repo") &&
		    !val_get(&deps->item[i], "db"))
			put_import(out, s->dep[i].path, &deps->item[i]);
	val_clear(&doc);
	buf_clear(&text);
}

/* DVC takes every dependency for a path: the slashes of a URL become one. */
static void put_dep(struct view *v, const struct stage *s, const struct dep *d,
		    struct val *out)
{
	char *path = d->url ? file_normal(d->path) : mem_dup(d->path);

	put_saved(val_put(out, path), view_saved_dep(v, s, d));
	free(path);
}

static bool is_dataset(const struct dep *d)
{
	return d->url && !strncasecmp(d->def, "ds:", 3);
}

static void put_deps(struct view *v, struct val *out)
{
	val_set_map(out);
	for (size_t i = 0; i < v->pipe.nr; i++) {
		const struct stage *s = &v->pipe.item[i];

		if (s->kind == STAGE_DATA && s->nr_dep)
			put_imports(v, s, out);
		for (size_t j = 0; s->kind == STAGE_RUN && j < s->nr_dep; j++)
			if (!is_dataset(&s->dep[j]))
				put_dep(v, s, &s->dep[j], out);
	}
}

static void put_out(struct view *v, const struct stage *s,
		    const struct out *o, struct val *out)
{
	put_saved(out, view_saved_out(v, s, o));
	val_set_bool(val_put(out, "use_cache"), o->cache);
	val_set_bool(val_put(out, "is_data_source"), s->kind == STAGE_DATA);
}

static void put_outs(struct view *v, struct val *out)
{
	val_set_map(out);
	for (size_t i = 0; i < v->pipe.nr; i++) {
		const struct stage *s = &v->pipe.item[i];

		for (size_t j = 0; j < s->nr_out; j++)
			if (!s->out[j].metric && !s->out[j].plot)
				put_out(v, s, &s->out[j],
					val_put(out, s->out[j].path));
	}
}

/* --- metrics ------------------------------------------------------------------- */

/* Python's "or {}" of one metric. */
static bool is_nothing(const struct val *v)
{
	double n;

	if (v->kind == VAL_STR)
		return !v->len;
	return val_number(v, &n) && n >= 0 && n <= 0;
}

void view_metric(struct val *out, const struct val *file)
{
	val_set_map(out);
	out = val_put(out, "data");
	params_metrics(out, file);
	if (is_nothing(out))
		val_set_map(out);
}

static void put_metric(struct view *v, const char *path, struct val *out)
{
	struct val file = VAL_INIT;
	const char *type;

	if (view_read(v, path, &file, &type))
		view_error(out, type);
	else
		view_metric(out, &file);
	val_clear(&file);
}

static void put_metrics(struct view *v, struct val *out)
{
	struct strs paths = STRS_INIT;

	val_set_map(out);
	for (size_t i = 0; i < v->pipe.nr; i++)
		for (size_t j = 0; j < v->pipe.item[i].nr_out; j++)
			if (v->pipe.item[i].out[j].metric)
				view_expand(v, v->pipe.item[i].out[j].path,
					    &paths);
	for (size_t i = 0; i < v->pipe.metrics.nr; i++)
		view_expand(v, v->pipe.metrics.item[i].path, &paths);
	for (size_t i = 0; i < paths.nr; i++)
		put_metric(v, paths.item[i], val_put(out, paths.item[i]));
	strs_clear(&paths);
}

/* --- the whole ------------------------------------------------------------------- */

static const char *blame_params(struct view *v)
{
	char *message = mem_dup(err_message());
	struct val file = VAL_INIT;
	const char *type;

	view_read(v, v->pipe.bad_file, &file, &type);
	err_set(ERR_INVALID, "%s", message);
	val_clear(&file);
	free(message);
	return type;
}

/* DVC's word for what is wrong with the file that the message names. */
static const char *blame_file(struct view *v)
{
	char *message = mem_dup(err_message());
	char *file = mem_ndup(message, strcspn(message, ":"));
	struct buf text = BUF_INIT;
	struct val doc = VAL_INIT;
	const char *type = "YAMLValidationError";

	if (strstr(message, "hidden by .dvcignore") ||
	    strstr(message, "is inside '.git'"))
		type = "OutputIsIgnoredError";
	else if (!src_read(v->src, file, &text) && !view_is_utf8(&text))
		type = "EncodingError";
	else if (val_yaml(&doc, text.s, text.len, file))
		type = "YAMLSyntaxError";
	err_set(ERR_INVALID, "%s", message);
	val_clear(&doc);
	buf_clear(&text);
	free(message);
	free(file);
	return type;
}

static const char *blame(struct view *v)
{
	if (v->pipe.trouble)
		return v->pipe.trouble;
	return v->pipe.bad_file ? blame_params(v) : blame_file(v);
}

static void fill(struct view *v, struct val *out)
{
	struct val *metrics, *params;

	val_set_map(out);
	val_put(out, "params");
	metrics = val_put(out, "metrics");
	params = val_get(out, "params");
	if (v->o->targets) {
		view_targets(v, params, metrics);
	} else {
		view_params(v, params);
		put_metrics(v, metrics);
	}
	put_deps(v, val_put(out, "deps"));
	put_outs(v, val_put(out, "outs"));
	val_set_map(val_put(out, "meta"));
}

int view_open(struct view *v, struct src *src, const struct view_opts *o,
	      const char **type)
{
	int err;

	*v = (struct view){ .src = src, .o = o, .pipe = PIPE_INIT };
	err = pipe_load(&v->pipe, src, o->gitignored, o->exclude);
	if (!err)
		err = read_locks(v);
	if (err)
		*type = blame(v);
	return err;
}

void view_close(struct view *v)
{
	map_clear(&v->locks, drop_lock);
	pipe_clear(&v->pipe);
	mem_set(&v->message, NULL);
}

int view_load(struct val *out, struct src *src, const struct view_opts *o,
	      const char **type)
{
	struct view v;
	int err = view_open(&v, src, o, type);

	if (err && o->targets) {
		v.type = *type;
		v.message = mem_dup(err_message());
		err_clear();
		err = 0;
	}
	if (!err)
		fill(&v, out);
	view_close(&v);
	return err;
}
