#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "spec/pipe.h"
#include "spec/pipe-part.h"
#include "spec/tmpl.h"
#include "spec/val-shape.h"

/* One stage to be made, and what of. */
struct make {
	struct pipe *pipe;
	struct tmpl *t;
	const struct shape_where *w;
	const char *name, *group;
	const struct val *key, *def;
	bool matrix;		/* def has one, which is not part of the stage */
	bool any;		/* there are templates in def */
	size_t weight;		/* about what a stage keeps of it as it is */
	bool changed;
};

/* --- what its templates took ------------------------------------------------- */

static void fill_used(struct stage *s, struct val *used)
{
	if (!used->nr)
		return;
	s->used = mem_new(used->nr, sizeof(*s->used));
	s->nr_used = s->alloc_used = used->nr;
	for (size_t i = 0; i < used->nr; i++) {
		struct param *a = &s->used[i];

		a->def = mem_dup(used->key[i].s);
		a->path = mem_dup(used->key[i].s);
		a->taken = used->item[i];
		used->item[i] = (struct val)VAL_INIT;
	}
}

/* --- one stage ---------------------------------------------------------------- */

/* Where its vars are found; DVC asks for it before it knows them. */
static int find_wdir(struct make *m, char **out)
{
	struct shape_where in = { m->w->file, NULL, "wdir", m->w };
	const struct val *raw = val_get(m->def, "wdir");
	char *dir = file_dirname(m->w->file);
	struct val wdir = VAL_INIT;
	int err = 0;

	if (raw && raw->len)
		err = tmpl_resolve(m->t, &in, &wdir, raw, TMPL_ANY, NULL);
	if (!err && wdir.kind != VAL_STR && wdir.kind != VAL_NULL)
		err = shape_fail(&in, raw->line, "text is needed, not %s",
				 shape_kind(&wdir));
	if (!err)
		*out = file_join(dir, wdir.s ? wdir.s : ".");
	val_clear(&wdir);
	free(dir);
	return err;
}

static int resolve(struct make *m, struct val *out)
{
	int err = 0;

	val_set_map(out);
	out->line = m->def->line;
	for (size_t i = 0; !err && i < m->def->nr; i++) {
		const char *name = m->def->key[i].s;
		struct shape_where in = { m->w->file, NULL, name, m->w };
		struct val *v;

		if (!strcmp(name, "vars") ||
		    (m->matrix && !strcmp(name, "matrix")))
			continue;
		v = val_add(out);
		val_copy(&out->key[out->nr - 1], &m->def->key[i]);
		err = tmpl_resolve(m->t, &in, v, &m->def->item[i],
				   strcmp(name, "cmd") ? 0 : TMPL_CMD,
				   &m->changed);
	}
	return err;
}

static bool has_any(const struct val *v)
{
	bool any = v->kind == VAL_STR && memchr(v->s, '$', v->len);

	for (size_t i = 0; !any && i < v->nr; i++)
		any = has_any(&v->item[i]) ||
			(v->kind == VAL_MAP && has_any(&v->key[i]));
	return any;
}

/* Most of it is paths, which are kept twice. */
static size_t weight(const struct val *v)
{
	size_t sum = 2 * v->len + 16;

	for (size_t i = 0; i < v->nr; i++)
		sum += weight(&v->item[i]) +
			(v->kind == VAL_MAP ? weight(&v->key[i]) : 0);
	return sum;
}

static int fill(struct make *m)
{
	struct val def = VAL_INIT, name = *m->key;
	int err = m->any ? resolve(m, &def) : 0;

	if (!err && (m->any || m->group))
		err = tmpl_keep(m->t, m->w, m->any ? weight(&def) : m->weight);
	if (!err)
		err = tmpl_spend(m->t, m->w, m->weight);
	m->changed |= !!val_get(m->def, "vars");
	name.s = (char *)m->name;
	if (!err)
		err = pipe_stage(m->pipe, m->w, &name, m->any ? &def : m->def);
	val_clear(&def);
	return err;
}

static int make(struct make *m)
{
	struct stage *s;
	char *wdir = NULL;
	int err;

	if (m->pipe->nr >= TMPL_STAGES_MAX)
		return shape_fail(m->w, m->key->line, "there are more than %d "
				  "stages", TMPL_STAGES_MAX);
	err = find_wdir(m, &wdir);
	if (!err)
		err = tmpl_vars(m->t, m->w, wdir, val_get(m->def, "vars"));
	if (!err)
		err = fill(m);
	if (!err) {
		s = &m->pipe->item[m->pipe->nr - 1];
		s->group = mem_dup(m->group);
		s->templated = m->group || m->changed;
		fill_used(s, &m->t->used);
	}
	tmpl_end(m->t);
	free(wdir);
	return err;
}

static int check(struct make *m)
{
	int err = 0;

	for (size_t i = 0; !err && i < m->def->nr; i++) {
		struct shape_where in = { m->w->file, NULL, m->def->key[i].s,
					  m->w };

		if (!m->matrix || strcmp(in.name, "matrix"))
			err = tmpl_check(m->t, &in, &m->def->item[i]);
	}
	return err;
}

static void weigh(struct make *m, const struct val *def)
{
	m->def = def;
	m->any = has_any(def);
	m->weight = weight(def);
	if (m->matrix)
		m->weight -= weight(val_get(def, "matrix"));
}

static int plain(struct make *m)
{
	struct shape_where top = { .file = m->w->file };
	int err;

	if (!*m->name || strchr(m->name, '@')) {
		m->t->trouble = *m->name ? "StageNotFound" :
			"StageNameUnspecified";
		return shape_fail(&top, m->key->line, "a stage cannot be named "
				  "'%s'", m->name);
	}
	err = check(m);
	return err ? err : make(m);
}

/* --- a group ------------------------------------------------------------------ */

static int each(struct make *m, const struct tmpl_group *g)
{
	int err = g->names.nr ? check(m) : 0;

	for (size_t i = 0; !err && i < g->names.nr; i++) {
		char *name = mem_fmt("%s@%s", m->group, g->names.item[i].key);
		struct shape_where w = { m->w->file, "stage", name, NULL };
		struct make one = *m;

		one.w = &w;
		one.name = name;
		one.changed = true;
		err = tmpl_set(m->t, &w, g, i);
		if (!err)
			err = make(&one);
		free(name);
	}
	return err;
}

static int group(struct make *m, const struct val *over)
{
	struct tmpl_group g = TMPL_GROUP_INIT;
	int err = m->matrix ? tmpl_matrix(&g, m->t, m->w, over) :
		tmpl_foreach(&g, m->t, m->w, over);

	if (!err)
		strs_give(&m->pipe->groups, !strcmp(m->w->file, "dvc.yaml") ?
			  mem_dup(m->name) :
			  mem_fmt("%s:%s", m->w->file, m->name));
	m->group = m->name;
	if (!err)
		err = each(m, &g);
	tmpl_group_clear(&g);
	return err;
}

int pipe_define(struct pipe *p, struct tmpl *t, const struct val *stages,
		size_t at)
{
	const struct val *def = &stages->item[at], *v;
	const char *name = stages->key[at].s;
	struct shape_where w = { t->file, "stage", name, NULL };
	struct make m = { .pipe = p, .t = t, .w = &w, .name = name,
			  .key = &stages->key[at] };

	v = val_get(def, "matrix");
	m.matrix = !!v;
	if (!v)
		v = val_get(def, "foreach");
	weigh(&m, v && !m.matrix ? val_get(def, "do") : def);
	return v ? group(&m, v) : plain(&m);
}
