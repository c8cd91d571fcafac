#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/mem.h"
#include "exp/plots-part.h"

/* --- fields -------------------------------------------------------------------- */

struct field {
	const char *file, *name;
};

struct fields {
	struct field *item;
	size_t nr, alloc;
};

static void add_field(struct fields *to, const char *file,
		      const struct val *name)
{
	if (!val_text(name))
		return;
	ARRAY_GROW(to);
	to->item[to->nr++] = (struct field){ file, name->s };
}

/* {file: field}, {file: [field, ...]} */
static void list_fields(struct fields *to, const struct val *axis)
{
	for (size_t i = 0; axis && axis->kind == VAL_MAP && i < axis->nr;
	     i++) {
		const struct val *v = &axis->item[i];

		add_field(to, axis->key[i].s, v);
		for (size_t j = 0; v->kind == VAL_LIST && j < v->nr; j++)
			add_field(to, axis->key[i].s, &v->item[j]);
	}
}

/* How many names there are, up to two. */
static int names(const struct fields *l)
{
	for (size_t i = 1; i < l->nr; i++)
		if (strcmp(l->item[i].name, l->item[0].name))
			return 2;
	return l->nr > 0;
}

/* The data of a source, or NULL. */
static const struct plot_file *data(const struct plots_rev *rev,
				    const struct strs *sources,
				    const char *file)
{
	const struct plot_file *f = strs_has(sources, file) ?
		map_get(&rev->files, file) : NULL;

	return f && (f->kind == PLOT_ROWS || f->kind == PLOT_IMAGE) ? f : NULL;
}

/* The keys of the first row; true when all are text. */
static bool say_keys(struct buf *b, const struct plot_file *f)
{
	const struct val *row = f->is_csv ? NULL : f->rows.item;
	bool texts = row || f->csv.row[1] - f->csv.row[0] <= f->csv.head;

	for (size_t i = 0; row && i < row->nr; i++) {
		texts &= row->key[i].kind == VAL_STR;
		buf_fmt(b, "%s%s", i ? ", " : "",
			val_text(&row->key[i]) ? row->key[i].s : "?");
	}
	for (size_t i = 0; !row && i < f->csv.names.nr; i++)
		buf_fmt(b, "%s%s", i ? ", " : "", f->csv.names.item[i]);
	return texts;
}

static int check_field(const struct plot_file *f, const struct field *at,
		       const char **type)
{
	struct buf keys = BUF_INIT;

	if (!f)
		return 0;
	*type = "TypeError";
	if (!f->nr)
		return err_set(ERR_INVALID, "'%s' has no list of points with "
			       "the same keys", at->file);
	if (plot_row_has(f, 0, at->name))
		return 0;
	if (say_keys(&keys, f))
		*type = "FieldNotFoundError";
	err_set(ERR_INVALID, "'%s' has no field '%s', only '%s'", at->file,
		at->name, keys.s);
	buf_clear(&keys);
	return ERR_INVALID;
}

/* --- what is said and what follows from it ------------------------------------- */

/* One field of the id's own file, or as many as y has in each of its files. */
static void spread_x(struct val *props, const char *id)
{
	const struct val *y = val_get(props, "y");
	struct val x = VAL_INIT, map = VAL_INIT;

	val_copy(&x, val_get(props, "x"));
	val_set_map(&map);
	if (!y || y->kind != VAL_MAP)
		val_copy(val_put(&map, id), &x);
	for (size_t i = 0; y && y->kind == VAL_MAP && i < y->nr; i++) {
		struct val *to = val_put(&map, y->key[i].s);

		if (y->item[i].kind != VAL_LIST) {
			val_copy(to, &x);
			continue;
		}
		val_set_list(to);
		for (size_t j = 0; j < y->item[i].nr; j++)
			val_copy(val_add(to), &x);
	}
	val_copy(val_put(props, "x"), &map);
	val_clear(&map);
	val_clear(&x);
}

/* The last field of the id's own file is y when nothing is said. */
static void infer_y(struct val *props, const char *id,
		    const struct plot_file *own)
{
	const struct val *y = val_get(props, "y");
	struct val map = VAL_INIT;
	struct val *to;

	if (y && y->kind == VAL_MAP)
		return;
	if (!own && (!y || y->kind == VAL_NULL)) {
		val_set_null(val_put(props, "y"));
		return;
	}
	val_set_map(&map);
	to = val_put(&map, id);
	if (y && y->kind != VAL_NULL)
		val_copy(to, y);
	else if (own->last)
		val_set_str(to, own->last);
	val_copy(val_put(props, "y"), &map);
	val_clear(&map);
}

static void label(struct val *props, const char *key, const char *axis,
		  const char *none, const char *many)
{
	const struct val *v = val_get(props, key);
	struct fields l = { NULL, 0, 0 };
	struct val *to;
	const char *text = many;

	if (v && v->kind != VAL_NULL)
		return;
	to = val_put(props, key);
	v = val_get(props, axis);
	list_fields(&l, v);
	if (!v || v->kind != VAL_MAP)
		text = none;
	else if (names(&l) == 1)
		text = l.item[0].name;
	if (text)
		val_set_str(to, text);
	free(l.item);
}

/* DVC's "convert" of what the definitions of all revisions say. */
static void convert(struct val *props, const char *id,
		    const struct plot_file *own)
{
	const struct val *x = val_get(props, "x");

	if (x && x->kind == VAL_STR)
		spread_x(props, id);
	infer_y(props, id, own);
	label(props, "y_label", "y", NULL, "y");
	label(props, "x_label", "x", PLOT_STEP, "x");
}

/* --- common directories --------------------------------------------------------- */

/* os.path.commonpath() of all files, its length; ERR_INVALID as there. */
static int common(const struct fields *l, size_t *len)
{
	const char *a = l->nr ? l->item[0].file : "";
	size_t n = strlen(a);
	bool one = true;

	for (size_t i = 1; i < l->nr; i++) {
		const char *b = l->item[i].file;
		size_t same = 0, whole = 0;

		if ((*a == '/') != (*b == '/'))
			return err_set(ERR_INVALID, "'%s' and '%s' have no "
				       "directory in common", a, b);
		one &= !strcmp(a, b);
		for (; same < n && a[same] == b[same]; same++)
			if (a[same] == '/')
				whole = same;
		if ((same == n || a[same] == '/') &&
		    (!b[same] || b[same] == '/'))
			whole = same;
		n = whole;
	}
	*len = one ? 0 : n;
	return 0;
}

static char *shorten(const char *file, size_t len)
{
	const char *s = file + len, *end = s + strlen(s);

	while (*s == '/' || *s == '\\')
		s++;
	while (end > s && (end[-1] == '/' || end[-1] == '\\'))
		end--;
	return mem_ndup(s, (size_t)(end - s));
}

/* --- one revision ------------------------------------------------------------------ */

struct points {
	struct plot *plot;
	struct val *props;
	struct plots_rev *rev;
	const struct strs *sources;
	struct fields x, y;
	size_t skip;		/* of each file's name */
	bool x_differ, y_differ;
};

/* A file without rows, or none at all, has no points. */
static size_t count(const struct plot_file *f)
{
	return f ? f->nr : 0;
}

static int add_series(struct points *p, size_t at, const char **type)
{
	const struct field *y = &p->y.item[at];
	const struct field *x = !p->x.nr ? NULL :
		&p->x.item[p->x.nr > 1 ? at : 0];
	struct series s = { .y = data(p->rev, p->sources, y->file),
			    .x = x ? data(p->rev, p->sources, x->file) :
				 NULL };

	if (x && count(s.x) != count(s.y)) {
		*type = "DvcException";
		return err_set(ERR_INVALID, "'%s' of '%s' and '%s' of '%s' "
			       "have different lengths", x->name, x->file,
			       y->name, y->file);
	}
	if (!count(s.y))
		return 0;
	s.rev = mem_dup(p->rev->name);
	s.file = shorten(y->file, p->skip);
	s.field = mem_dup(y->name);
	s.x_field = x ? mem_dup(x->name) : NULL;
	s.x_name = mem_dup(p->x_differ ? PLOT_X : x ? x->name : PLOT_STEP);
	s.y_name = p->y_differ ? mem_dup(PLOT_Y) : NULL;
	ARRAY_GROW(p->plot);
	p->plot->item[p->plot->nr++] = s;
	return 0;
}

/* {"filename", "field"} of each y, from which the template tells lines apart. */
static void put_lines(struct points *p)
{
	struct val *list = val_put(p->props, "anchors_y_definitions");

	val_set_list(list);
	for (size_t i = 0; i < p->y.nr; i++) {
		struct val *line = val_add(list);
		char *file = shorten(p->y.item[i].file, p->skip);

		val_set_map(line);
		val_set_str(val_put(line, "filename"), file);
		val_set_str(val_put(line, "field"), p->y.item[i].name);
		free(file);
	}
}

static void put_axes(struct points *p)
{
	struct val *x = val_put(p->props, "x"), *y;

	val_set_str(x, p->x_differ ? PLOT_X : p->x.nr ? p->x.item[0].name :
		    PLOT_STEP);
	y = val_put(p->props, "y");
	val_set_str(y, p->y_differ ? PLOT_Y : p->y.item[0].name);
	put_lines(p);
}

static int check_sources(struct points *p, const char **type)
{
	for (size_t i = 0; i < p->sources->nr; i++) {
		const struct plot_file *f = data(p->rev, p->sources,
						 p->sources->item[i]);

		*type = "AttributeError";
		if (f && f->kind == PLOT_IMAGE)
			return err_set(ERR_INVALID, "'%s' is an image",
				       p->sources->item[i]);
		*type = f && f->type ? f->type : *type;
		if (f && f->message)
			return err_set(ERR_INVALID, "%s: %s",
				       p->sources->item[i], f->message);
	}
	return 0;
}

static int check_fields(struct points *p, const struct fields *l,
			const char **type)
{
	int err = 0;

	for (size_t i = 0; !err && i < l->nr; i++)
		err = check_field(data(p->rev, p->sources, l->item[i].file),
				  &l->item[i], type);
	return err;
}

static int find_fields(struct points *p, const struct val *x,
		       const struct val *y, const char **type)
{
	int err;

	list_fields(&p->x, x);
	list_fields(&p->y, y);
	err = check_fields(p, &p->x, type);
	if (!err)
		err = check_fields(p, &p->y, type);
	if (!err && p->x.nr > 1 && p->x.nr != p->y.nr) {
		*type = "DvcException";
		err = err_set(ERR_INVALID, "%zu fields for x and %zu for y",
			      p->x.nr, p->y.nr);
	}
	p->x_differ = names(&p->x) > 1;
	p->y_differ = names(&p->y) > 1;
	if (!err && common(&p->y, &p->skip)) {
		*type = "ValueError";
		err = ERR_INVALID;
	}
	return err;
}

static void keep_axis(struct val *out, const struct val *props,
		      const char *axis)
{
	const struct val *v = val_get(props, axis);

	if (v)
		val_copy(out, v);
}

/* All or none: the words of the fields live in x and y until the end. */
static int add_all(struct points *p, const char **type)
{
	size_t before = p->plot->nr;
	struct val x = VAL_INIT, y = VAL_INIT;
	int err;

	keep_axis(&x, p->props, "x");
	keep_axis(&y, p->props, "y");
	err = find_fields(p, &x, &y, type);
	for (size_t i = 0; !err && i < p->y.nr; i++)
		err = add_series(p, i, type);
	while (err && p->plot->nr > before)
		series_clear(&p->plot->item[--p->plot->nr]);
	if (p->plot->nr > before)
		put_axes(p);
	val_clear(&x);
	val_clear(&y);
	return err;
}

int plot_points(struct plot *plot, struct val *props, struct plots_rev *rev,
		const char *id, const struct strs *sources, const char **type)
{
	struct points p = { .plot = plot, .props = props, .rev = rev,
			    .sources = sources };
	int err = check_sources(&p, type);

	if (!err) {
		convert(props, id, data(rev, sources, id));
		err = add_all(&p, type);
	}
	free(p.x.item);
	free(p.y.item);
	return err;
}
