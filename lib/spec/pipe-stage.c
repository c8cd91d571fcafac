#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/file.h"
#include "base/map.h"
#include "base/mem.h"
#include "spec/pipe.h"
#include "spec/pipe-part.h"
#include "spec/val-shape.h"

/* --- what may stand where ----------------------------------------------- */

/*
 * Before templates are filled in, as DVC demands it; and after, when DVC looks
 * no more: what only people read may be anything then.
 */
#define ANNOTATIONS(text, texts) \
	{ "desc", text, NULL }, { "type", text, NULL }, \
	{ "labels", texts, NULL }, { "meta", SHAPE_ANY, NULL }
#define OUT_FLAGS(text, texts) \
	ANNOTATIONS(text, texts), \
	{ "cache", SHAPE_BOOL, NULL }, { "persist", SHAPE_BOOL, NULL }, \
	{ "checkpoint", SHAPE_BOOL, NULL }, { "remote", SHAPE_TEXT, NULL }, \
	{ "push", SHAPE_BOOL, NULL }
#define PLOT_TEXTS(text) \
	{ "template", text, NULL }, { "x_label", text, NULL }, \
	{ "y_label", text, NULL }, { "title", text, NULL }, \
	{ "x", text, NULL }, { "y", text, NULL }, \
	{ "header", SHAPE_BOOL, NULL }

static const struct shape raw_out_flags[] = {
	OUT_FLAGS(SHAPE_TEXT, SHAPE_TEXTS), { 0 }
};
static const struct shape raw_plot_flags[] = {
	OUT_FLAGS(SHAPE_TEXT, SHAPE_TEXTS), PLOT_TEXTS(SHAPE_TEXT), { 0 }
};
static const struct shape raw_out = { "", SHAPE_SUB, raw_out_flags };
static const struct shape raw_plot = { "", SHAPE_SUB, raw_plot_flags };
static const struct shape raw_out_item = {
	"", SHAPE_TEXT | SHAPE_EACH, &raw_out
};
static const struct shape raw_plot_item = {
	"", SHAPE_TEXT | SHAPE_EACH, &raw_plot
};
static const struct shape text_or_map = { "", SHAPE_TEXT | SHAPE_MAP, NULL };
static const struct shape axis = { "", SHAPE_TEXT | SHAPE_LIST, NULL };

static const struct shape raw_keys[] = {
	{ "cmd", SHAPE_TEXT | SHAPE_TEXTS | SHAPE_MUST, NULL },
	{ "wdir", SHAPE_TEXT, NULL },
	{ "deps", SHAPE_TEXTS, NULL },
	{ "params", SHAPE_ITEMS, &text_or_map },
	{ "outs", SHAPE_ITEMS, &raw_out_item },
	{ "metrics", SHAPE_ITEMS, &raw_out_item },
	{ "plots", SHAPE_ITEMS, &raw_plot_item },
	{ "vars", SHAPE_ITEMS, &text_or_map },
	{ "matrix", SHAPE_EACH, &axis },
	{ "frozen", SHAPE_BOOL, NULL },
	{ "always_changed", SHAPE_BOOL, NULL },
	{ "desc", SHAPE_TEXT, NULL },
	{ "meta", SHAPE_ANY, NULL },
	{ 0 }
};
static const struct shape group_keys[] = {
	{ "foreach", SHAPE_TEXT | SHAPE_LIST | SHAPE_MAP | SHAPE_MUST, NULL },
	{ "do", SHAPE_SUB | SHAPE_MUST, raw_keys },
	{ 0 }
};

static const struct shape out_flags[] = {
	OUT_FLAGS(SHAPE_ANY, SHAPE_ANY), { 0 }
};
static const struct shape plot_flags[] = {
	OUT_FLAGS(SHAPE_ANY, SHAPE_ANY), PLOT_TEXTS(SHAPE_ANY), { 0 }
};
static const struct shape out_each = { "", SHAPE_SUB, out_flags };
static const struct shape plot_each = { "", SHAPE_SUB, plot_flags };
static const struct shape out_item = {
	"", SHAPE_TEXT | SHAPE_EACH, &out_each
};
static const struct shape plot_item = {
	"", SHAPE_TEXT | SHAPE_EACH, &plot_each
};

static const struct shape stage_keys[] = {
	{ "cmd", SHAPE_TEXT | SHAPE_TEXTS | SHAPE_MUST, NULL },
	{ "wdir", SHAPE_TEXT | SHAPE_NULL, NULL },
	{ "deps", SHAPE_TEXTS, NULL },
	{ "params", SHAPE_ITEMS, &text_or_map },
	{ "outs", SHAPE_ITEMS, &out_item },
	{ "metrics", SHAPE_ITEMS, &out_item },
	{ "plots", SHAPE_ITEMS, &plot_item },
	{ "vars", SHAPE_ANY, NULL },
	{ "matrix", SHAPE_ANY, NULL },
	{ "frozen", SHAPE_BOOL, NULL },
	{ "always_changed", SHAPE_BOOL, NULL },
	{ "desc", SHAPE_ANY, NULL },
	{ "meta", SHAPE_ANY, NULL },
	{ 0 }
};

int pipe_raw(const struct shape_where *w, const struct val *def)
{
	bool group = val_get(def, "foreach") || val_get(def, "do");

	return shape_check(w, group ? group_keys : raw_keys, def);
}

/* --- parts of a stage ------------------------------------------------------ */

static void fill_flags(struct out *o, const struct val *flags)
{
	static const char *const prop[] = {
		"template", "x", "y", "x_label", "y_label", "title", "header",
	};
	const struct val *v;

	if ((v = val_get(flags, "cache")))
		o->cache = v->b;
	if ((v = val_get(flags, "persist")))
		o->persist = v->b;
	if ((v = val_get(flags, "push")))
		o->push = v->b;
	if ((v = val_get(flags, "remote")))
		mem_set(&o->remote, mem_dup(val_text(v)));
	if ((v = val_get(flags, "desc")))
		mem_set(&o->desc, mem_dup(val_text(v)));
	for (size_t i = 0; o->plot && i < sizeof(prop) / sizeof(*prop); i++) {
		v = val_get(flags, prop[i]);
		if (v && o->plot_props.kind != VAL_MAP)
			val_set_map(&o->plot_props);
		if (v)
			val_copy(val_put(&o->plot_props, prop[i]), v);
	}
}

/* The outputs of one list: outs, metrics or plots. */
struct outs {
	struct stage *stage;
	const char *list;
	struct map at;		/* as written -> index + 1 */
};

/* One path of a list; named again in the same list, its flags are merged. */
static int fill_out(struct outs *l, const struct shape_where *w,
		    const struct val *key, const struct val *flags)
{
	struct stage *s = l->stage;
	uintptr_t found = (uintptr_t)map_get(&l->at, key->s);
	struct out *o = found ? &s->out[found - 1] : NULL;
	int err = 0;

	if (!o)
		err = pipe_add_out(s, w, key->s, key->line, &o);
	if (err)
		return err;
	map_put(&l->at, key->s, (void *)(uintptr_t)(o - s->out + 1));
	o->metric = !strcmp(l->list, "metrics");
	o->plot = !strcmp(l->list, "plots");
	fill_flags(o, flags);
	return 0;
}

static int fill_outs(struct stage *s, const struct shape_where *w,
		     const char *list, const struct val *v)
{
	struct outs l = { s, list, MAP_INIT };
	size_t first = s->nr_out;
	int err = 0;

	for (size_t i = 0; v && !err && i < v->nr; i++) {
		const struct val *item = &v->item[i];

		if (item->kind == VAL_STR)
			err = fill_out(&l, w, item, NULL);
		for (size_t j = 0; item->kind == VAL_MAP && !err &&
		     j < item->nr; j++)
			err = fill_out(&l, w, &item->key[j], &item->item[j]);
	}
	for (size_t i = first; !err && i < s->nr_out; i++)
		err = pipe_judge_out(&s->out[i], w);
	map_clear(&l.at, NULL);
	return err;
}

static int fill_deps(struct stage *s, const struct shape_where *w,
		     const struct val *v)
{
	int err = 0;

	for (size_t i = 0; v && !err && i < v->nr; i++)
		err = pipe_add_dep(s, w, v->item[i].s, v->item[i].line);
	return err;
}

/* --- parameters -------------------------------------------------------------- */

/* The parameters of a stage as they are read. */
struct params {
	struct stage *stage;
	struct map at;		/* of files too many to walk: def -> index + 1 */
};

static struct param *find_param(struct params *l, const char *def)
{
	struct stage *s = l->stage;
	uintptr_t found;

	if (s->nr_param < 16) {
		for (size_t i = 0; i < s->nr_param; i++)
			if (!strcmp(s->param[i].def, def))
				return &s->param[i];
		return NULL;
	}
	for (size_t i = l->at.nr; i < s->nr_param; i++)
		map_put(&l->at, s->param[i].def, (void *)(uintptr_t)(i + 1));
	found = (uintptr_t)map_get(&l->at, def);
	return found ? &s->param[found - 1] : NULL;
}

static int param_of(struct params *l, const struct shape_where *w,
		    const struct val *file, struct param **out)
{
	struct stage *s = l->stage;
	bool external, url;
	char *def;

	if (!*file->s || pipe_is_file(file->s))
		return shape_fail(w, file->line,
				  "'%s' cannot be a parameter file", file->s);
	def = pipe_def(s, file->s);
	*out = find_param(l, def);
	if (*out) {
		free(def);
		return 0;
	}
	if (s->nr_param == s->alloc_param) {
		s->alloc_param = 2 * s->alloc_param + 1;
		s->param = mem_resize(s->param, s->alloc_param,
				      sizeof(*s->param));
	}
	*out = &s->param[s->nr_param++];
	**out = (struct param){ .def = def, .line = file->line };
	(*out)->path = pipe_place(s->wdir, def, &external, &url);
	return 0;
}

/* As Python's `not value`. */
static bool empty(const struct val *v)
{
	double n;

	return v->kind == VAL_NULL ||
		(v->kind == VAL_STR && !v->len) ||
		((v->kind == VAL_LIST || v->kind == VAL_MAP) && !v->nr) ||
		(val_number(v, &n) && n >= 0 && n <= 0);
}

static int fill_keys(struct params *l, const struct shape_where *w,
		     const struct val *file, const struct val *keys)
{
	struct param *a;
	int err;

	if (file->kind != VAL_STR || memchr(file->s, 0, file->len))
		return shape_fail(w, file->line, "a parameter file must be "
				  "text, not %s", shape_kind(file));
	if (!empty(keys) && keys->kind != VAL_LIST)
		return shape_fail(w, file->line, "the parameters of '%s' must "
				  "be a list, not %s", file->s,
				  shape_kind(keys));
	err = param_of(l, w, file, &a);
	if (err)
		return err;
	a->whole |= empty(keys);
	for (size_t i = 0; i < keys->nr; i++) {
		if (keys->item[i].kind != VAL_STR)
			return shape_fail(w, keys->item[i].line, "a parameter "
					  "of '%s' must be text, not %s",
					  file->s, shape_kind(&keys->item[i]));
		strs_add(&a->keys, keys->item[i].s);
	}
	return 0;
}

/* Each once: as they are written, and sorted. */
static void settle(struct param *a)
{
	struct strs all = a->keys;
	struct map seen = MAP_INIT;

	a->keys = (struct strs)STRS_INIT;
	if (a->whole)
		strs_clear(&all);
	for (size_t i = 0; i < all.nr; i++)
		if (all.nr < 16) {
			strs_once(&a->written, all.item[i]);
		} else if (map_find(&seen, all.item[i]) < 0) {
			map_put(&seen, all.item[i], NULL);
			strs_add(&a->written, all.item[i]);
		}
	for (size_t i = 0; i < a->written.nr; i++)
		strs_add(&a->keys, a->written.item[i]);
	strs_sort(&a->keys);
	map_clear(&seen, NULL);
	strs_clear(&all);
}

static int by_file(const void *a, const void *b)
{
	const struct param *x = a, *y = b;
	bool first = !strcmp(x->def, "params.yaml");

	if (first != !strcmp(y->def, "params.yaml"))
		return first ? -1 : 1;
	return strcmp(x->def, y->def);
}

static int fill_params(struct stage *s, const struct shape_where *w,
		       const struct val *v)
{
	struct val usual = { .kind = VAL_STR, .s = (char[]){ "params.yaml" },
			     .len = 11 };
	struct params l = { s, MAP_INIT };
	struct param *a;
	int err = 0;

	for (size_t i = 0; v && !err && i < v->nr; i++) {
		const struct val *item = &v->item[i];

		usual.line = item->line;
		if (item->kind == VAL_STR) {
			err = param_of(&l, w, &usual, &a);
			if (!err)
				strs_add(&a->keys, item->s);
		}
		for (size_t j = 0; item->kind == VAL_MAP && !err &&
		     j < item->nr; j++)
			err = fill_keys(&l, w, &item->key[j], &item->item[j]);
	}
	for (size_t i = 0; i < s->nr_param; i++)
		settle(&s->param[i]);
	map_clear(&l.at, NULL);
	if (s->nr_param)
		qsort(s->param, s->nr_param, sizeof(*s->param), by_file);
	return err;
}

/* --- a stage ------------------------------------------------------------------- */

static int fill(struct stage *s, const struct shape_where *w,
		const struct val *def)
{
	static const char *const list[] = { "outs", "metrics", "plots" };
	int err;

	val_copy(&s->cmd, val_get(def, "cmd"));
	s->desc = mem_dup(val_text(val_get(def, "desc")));
	s->frozen = val_true(val_get(def, "frozen"));
	s->always_changed = val_true(val_get(def, "always_changed"));
	err = fill_deps(s, w, val_get(def, "deps"));
	if (!err)
		err = fill_params(s, w, val_get(def, "params"));
	for (size_t i = 0; !err && i < sizeof(list) / sizeof(*list); i++)
		err = fill_outs(s, w, list[i], val_get(def, list[i]));
	return err;
}

int pipe_stage(struct pipe *p, const struct shape_where *w, const struct val *key,
	       const struct val *def)
{
	struct stage *s;
	int err = shape_check(w, stage_keys, def);

	if (err)
		return err;
	s = pipe_add(p, w->file, key->s, val_text(val_get(def, "wdir")));
	s->line = key->line;
	return fill(s, w, def);
}
