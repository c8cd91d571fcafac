#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "spec/pipe.h"
#include "spec/pipe-part.h"
#include "spec/tmpl.h"
#include "spec/val-shape.h"

/* --- what may stand at the top ------------------------------------------- */

static const struct shape text_or_texts = {
	"", SHAPE_TEXT | SHAPE_TEXTS, NULL
};
static const struct shape text_or_map = { "", SHAPE_TEXT | SHAPE_MAP, NULL };
static const struct shape text = { "", SHAPE_TEXT, NULL };
static const struct shape top_plot_keys[] = {
	{ "template", SHAPE_TEXT, NULL }, { "title", SHAPE_TEXT, NULL },
	{ "x_label", SHAPE_TEXT, NULL }, { "y_label", SHAPE_TEXT, NULL },
	{ "x", SHAPE_TEXT | SHAPE_EACH, &text },
	{ "y", SHAPE_TEXT | SHAPE_TEXTS | SHAPE_EACH, &text_or_texts },
	{ 0 }
};
static const struct shape top_plot = {
	"", SHAPE_SUB | SHAPE_NULL, top_plot_keys
};
static const struct shape top_plot_item = {
	"", SHAPE_TEXT | SHAPE_EACH | SHAPE_SOME, &top_plot
};
static const struct shape artifact_keys[] = {
	{ "path", SHAPE_TEXT | SHAPE_MUST, NULL }, { "desc", SHAPE_TEXT, NULL },
	{ "type", SHAPE_TEXT, NULL }, { "labels", SHAPE_TEXTS, NULL },
	{ "meta", SHAPE_ANY, NULL }, { 0 }
};
static const struct shape artifact = { "", SHAPE_SUB, artifact_keys };
static const struct shape top_keys[] = {
	{ "stages", SHAPE_MAP, NULL },
	{ "params", SHAPE_TEXTS, NULL },
	{ "metrics", SHAPE_TEXTS, NULL },
	{ "plots", SHAPE_ITEMS, &top_plot_item },
	{ "artifacts", SHAPE_EACH, &artifact },
	{ "datasets", SHAPE_TEXT | SHAPE_LIST | SHAPE_MAP, NULL },
	{ "vars", SHAPE_ITEMS, &text_or_map },
	{ 0 }
};

/* What is left to demand of a plot when its templates are filled in. */
static const struct shape map_or_nothing = { "", SHAPE_MAP | SHAPE_NULL, NULL };
static const struct shape file_keys[] = {
	{ "plots", SHAPE_TEXT | SHAPE_EACH | SHAPE_SOME, &map_or_nothing },
	{ "metrics", SHAPE_TEXT, NULL }, { "params", SHAPE_TEXT, NULL }, { 0 }
};

static int check_raw(const char *file, const struct val *doc)
{
	struct shape_where w = { .file = file };
	const struct val *stages = val_get(doc, "stages");
	int err = shape_check(&w, top_keys, doc);

	for (size_t i = 0; stages && !err && i < stages->nr; i++) {
		const struct val *key = &stages->key[i];
		struct shape_where in = { file, "stage", key->s, NULL };

		if (key->kind != VAL_STR || memchr(key->s, 0, key->len))
			return shape_fail(&w, key->line, "a stage name must be "
					  "text, not %s", key->kind == VAL_STR ?
					  "one with a NUL byte" :
					  shape_kind(key));
		err = pipe_raw(&in, &stages->item[i]);
	}
	return err;
}

/* --- sections -------------------------------------------------------------- */

static void add_file(struct pipe_files *to, const char *file,
		     const struct val *id, const struct val *props)
{
	char *dir = file_dirname(file);
	struct pipe_file *f;

	ARRAY_GROW(to);
	f = &to->item[to->nr++];
	*f = (struct pipe_file){ .def = mem_dup(id->s), .from = mem_dup(file),
				 .id = mem_dup(id->s) };
	if (!props || !val_get(props, "y") ||
	    val_get(props, "y")->kind != VAL_MAP)
		f->path = file_join(dir, id->s);
	if (props)
		val_copy(&f->props, props);
	free(dir);
}

static int resolve(struct tmpl *t, const char *section, struct val *out,
		   const struct val *in)
{
	struct shape_where w = { t->file, NULL, section, NULL };
	int err = tmpl_check(t, &w, in);

	return err ? err : tmpl_resolve(t, &w, out, in, TMPL_ANY, NULL);
}

static int one_file(struct pipe_files *to, struct tmpl *t, const char *section,
		    const struct val *in)
{
	struct shape_where w = { .file = t->file };
	struct val out = VAL_INIT, map = { .kind = VAL_MAP };
	int err = resolve(t, section, &out, in);

	if (!err && out.kind == VAL_STR)
		err = tmpl_keep(t, &w, 4 * out.len);
	if (!err) {
		*val_put(&map, section) = out;
		map.key[0].line = in->line;
		err = shape_check(&w, file_keys, &map);
	}
	if (!err && out.kind == VAL_STR)
		add_file(to, t->file, &out, NULL);
	else if (!err)
		add_file(to, t->file, &out.key[0], &out.item[0]);
	if (map.nr)
		val_clear(&map);
	else
		val_clear(&out);
	return err;
}

static int add_files(struct pipe_files *to, struct tmpl *t, const char *section,
		     const struct val *doc)
{
	const struct val *list = val_get(doc, section);
	int err = 0;

	for (size_t i = 0; list && !err && i < list->nr; i++)
		err = one_file(to, t, section, &list->item[i]);
	return err;
}

/* Nothing here reads artifacts and datasets, but DVC refuses bad ones. */
static int artifact_name(struct tmpl *t, const struct val *key)
{
	struct shape_where w = { t->file, NULL, "artifacts", NULL };
	struct val name = VAL_INIT;
	int err = resolve(t, "artifacts", &name, key);

	if (!err && name.kind != VAL_STR) {
		t->trouble = "ResolveError";
		err = shape_fail(&w, key->line, "a name must be text, not %s",
				 shape_kind(&name));
	}
	val_clear(&name);
	return err;
}

static int try_all(struct tmpl *t, const char *section, const struct val *doc)
{
	const struct val *all = val_get(doc, section);
	int err = 0;

	for (size_t i = 0; all && !err && i < all->nr; i++) {
		struct val out = VAL_INIT;

		if (all->kind == VAL_MAP)
			err = artifact_name(t, &all->key[i]);
		if (!err)
			err = resolve(t, section, &out, &all->item[i]);
		val_clear(&out);
	}
	return err;
}

/* --- the whole -------------------------------------------------------------- */

static int fill(struct pipe *p, struct tmpl *t, const struct val *doc)
{
	const struct val *stages = val_get(doc, "stages");
	int err = tmpl_begin(t, val_get(doc, "vars"));

	for (size_t i = 0; stages && !err && i < stages->nr; i++)
		err = pipe_define(p, t, stages, i);
	if (!err)
		err = add_files(&p->metrics, t, "metrics", doc);
	if (!err)
		err = add_files(&p->plots, t, "plots", doc);
	if (!err)
		err = add_files(&p->params, t, "params", doc);
	if (!err)
		err = try_all(t, "artifacts", doc);
	return err ? err : try_all(t, "datasets", doc);
}

int pipe_yaml(struct pipe *p, struct src *src, const char *file,
	      const char *yaml, size_t len, const struct val *doc)
{
	struct tmpl t = {
		.file = file, .src = src, .text = yaml, .len = len,
		.style = p->style, .docs = &p->docs,
	};
	int err = check_raw(file, doc);

	if (!err)
		err = fill(p, &t, doc);
	if (err) {
		p->trouble = t.trouble;
		mem_set(&p->bad_file, t.bad_file);
		t.bad_file = NULL;
	}
	tmpl_clear(&t);
	return err;
}
