#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "spec/pipe.h"
#include "spec/pipe-part.h"
#include "spec/val-shape.h"

/* --- what may stand at the top ------------------------------------------- */

static const struct shape text_or_texts = {
	"", SHAPE_TEXT | SHAPE_TEXTS, NULL
};
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
	{ "datasets", SHAPE_LIST, NULL },
	{ "vars", SHAPE_LIST, NULL },
	{ 0 }
};

/* --- templates ------------------------------------------------------------ */

/* The first "${...}" of one line without a backslash before it, or NULL. */
static const char *find(const char *s, const char *end, size_t *len)
{
	for (const char *at = s; at + 1 < end; at++) {
		const char *stop;

		if (at[0] != '$' || at[1] != '{' || (at > s && at[-1] == '\\'))
			continue;
		for (stop = at; stop < end && *stop != '\n'; stop++)
			if (*stop == '}') {
				*len = (size_t)(stop - at) + 1;
				return at;
			}
	}
	return NULL;
}

static void unescape(struct val *v)
{
	size_t to = 0;

	for (size_t i = 0; i < v->len; i++)
		if (v->s[i] != '\\' || v->s[i + 1] != '$' || v->s[i + 2] != '{')
			v->s[to++] = v->s[i];
	v->s[v->len = to] = '\0';
}

static int plain(const struct shape_where *w, struct val *v)
{
	const char *at;
	size_t len;
	int err = 0;

	if (v->kind == VAL_STR) {
		at = find(v->s, v->s + v->len, &len);
		if (at)
			return shape_fail(w, v->line, "templates ('%.*s') are "
					  "not supported yet", (int)len, at);
		unescape(v);
	}
	for (size_t i = 0; !err && i < v->nr; i++) {
		if (v->kind == VAL_MAP)
			err = plain(w, &v->key[i]);
		if (!err)
			err = plain(w, &v->item[i]);
	}
	return err;
}

/* Keys that mean nothing while they are empty and much when they are not. */
static int later(const struct shape_where *w, const struct val *map)
{
	static const char *const key[] = { "foreach", "do", "matrix", "vars" };

	for (size_t i = 0; i < sizeof(key) / sizeof(*key); i++) {
		const struct val *v = val_get(map, key[i]);

		if (v && !(i == 3 && v->kind == VAL_LIST && !v->nr))
			return shape_fail(w, v->line,
					  "'%s' is not supported yet", key[i]);
	}
	return 0;
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

static void add_files(struct pipe_files *to, const char *file,
		      const struct val *list)
{
	for (size_t i = 0; list && i < list->nr; i++) {
		const struct val *item = &list->item[i];

		if (item->kind == VAL_STR)
			add_file(to, file, item, NULL);
		else
			add_file(to, file, &item->key[0], &item->item[0]);
	}
}

static int stage(struct pipe *p, const char *file, const struct val *key,
		 struct val *def)
{
	struct shape_where w = { file, "stage", key->s, NULL };
	struct shape_where top = { .file = file };
	int err;

	if (key->kind != VAL_STR)
		return shape_fail(&top, key->line, "a stage name must be text, "
				  "not %s", shape_kind(key));
	if (!key->len || memchr(key->s, 0, key->len) || strchr(key->s, '@'))
		return shape_fail(&top, key->line, "a stage cannot be named "
				  "'%s'", key->s);
	err = later(&w, def);
	if (!err)
		err = plain(&w, def);
	return err ? err : pipe_stage(p, &w, key, def);
}

int pipe_yaml(struct pipe *p, const char *file, struct val *doc)
{
	static const char *const section[] = {
		"params", "metrics", "plots", "artifacts", "datasets",
	};
	struct shape_where w = { .file = file };
	struct val *stages;
	int err = later(&w, doc);

	for (size_t i = 0; !err && i < sizeof(section) / sizeof(*section); i++)
		if (val_get(doc, section[i]))
			err = plain(&w, val_get(doc, section[i]));
	if (!err)
		err = shape_check(&w, top_keys, doc);
	if (err)
		return err;
	add_files(&p->params, file, val_get(doc, "params"));
	add_files(&p->metrics, file, val_get(doc, "metrics"));
	add_files(&p->plots, file, val_get(doc, "plots"));
	stages = val_get(doc, "stages");
	for (size_t i = 0; stages && !err && i < stages->nr; i++)
		err = stage(p, file, &stages->key[i], &stages->item[i]);
	return err;
}
