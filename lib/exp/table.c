#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "exp/rows.h"
#include "exp/table.h"
#include "spec/canon.h"

/* --- flat keys ---------------------------------------------------------- */

/* Python's str() of a key, which is not JSON's: True, None. */
static void key_text(struct buf *b, const struct val *key)
{
	if (key->s)
		buf_add(b, key->s, key->len);
	else
		canon_python(b, key);
}

static void flatten(struct map *out, const struct val *v, struct buf *key)
{
	size_t len = key->len;

	for (size_t i = 0; i < v->nr; i++) {
		if (len)
			buf_char(key, '.');
		key_text(key, &v->key[i]);
		if (v->item[i].kind == VAL_MAP)
			flatten(out, &v->item[i], key);
		else
			map_put(out, key->s, &v->item[i]);
		buf_cut(key, len);
	}
}

/* What a file says, key by key; nothing when it is no map. */
static void flat_file(struct map *out, const struct val *file)
{
	const struct val *data = val_get(file, "data");
	struct buf key = BUF_INIT;

	if (data && data->kind == VAL_MAP)
		flatten(out, data, &key);
	buf_clear(&key);
}

/* --- columns -------------------------------------------------------------- */

struct names {
	struct map files;	/* path -> struct map of keys */
};

static void free_keys(void *value)
{
	map_clear(value, NULL);
	free(value);
}

static void name_files(struct names *n, const struct val *files)
{
	for (size_t i = 0; files && i < files->nr; i++) {
		const char *path = files->key[i].s;
		struct map *keys = map_get(&n->files, path), found = MAP_INIT;

		if (!keys) {
			keys = mem_new(1, sizeof(*keys));
			map_put(&n->files, path, keys);
		}
		flat_file(&found, &files->item[i]);
		for (size_t j = 0; j < found.nr; j++)
			if (map_find(keys, found.item[j].key) < 0)
				map_put(keys, found.item[j].key, NULL);
		map_clear(&found, NULL);
	}
}

/* Deps are sorted by path, the others stand as they came. */
static void name_row(struct names *metrics, struct names *params,
		     struct strs *deps, const struct row *row)
{
	const struct val *d = val_get(&row->data, "deps");

	name_files(metrics, val_get(&row->data, "metrics"));
	name_files(params, val_get(&row->data, "params"));
	for (size_t i = 0; d && i < d->nr; i++)
		strs_once(deps, d->key[i].s);
	for (size_t i = 0; i < row->nr_older; i++)
		name_row(metrics, params, deps, &row->older[i]);
}

/* What a head stands for in the map: seen once, or more often. */
static char once[] = "1", often[] = "2";

static void count(struct map *heads, const char *head)
{
	map_put(heads, head, map_find(heads, head) < 0 ? once : often);
}

static void count_names(struct map *heads, const struct names *n)
{
	for (size_t i = 0; i < n->files.nr; i++) {
		const struct map *keys = n->files.item[i].value;

		for (size_t j = 0; j < keys->nr; j++)
			count(heads, keys->item[j].key);
	}
}

static struct col *add_col(struct table *t, enum col_kind kind,
			   const char *file, const char *key)
{
	struct col *c;

	ARRAY_GROW(t);
	c = &t->item[t->nr++];
	*c = (struct col){ .kind = kind, .file = mem_dup(file),
			   .key = mem_dup(key), .head = mem_dup(key) };
	return c;
}

static void add_names(struct table *t, enum col_kind kind,
		      const struct names *n, const struct map *heads)
{
	for (size_t i = 0; i < n->files.nr; i++) {
		const struct map *keys = n->files.item[i].value;

		for (size_t j = 0; j < keys->nr; j++) {
			const char *file = n->files.item[i].key;
			const char *key = keys->item[j].key;
			struct col *c = add_col(t, kind, file, key);

			if (map_get(heads, key) == often)
				mem_set(&c->head, mem_fmt("%s:%s", file, key));
		}
	}
}

static void make_cols(struct table *t)
{
	static const char *const fixed[] = { "Experiment", "rev", "typ",
		"Created", "parent", "State", "Executor" };
	struct names metrics = { MAP_INIT }, params = { MAP_INIT };
	struct strs deps = STRS_INIT;
	struct map heads = MAP_INIT;

	for (size_t i = 0; i < t->rows->nr; i++)
		name_row(&metrics, &params, &deps, &t->rows->item[i]);
	strs_sort(&deps);
	for (size_t i = 0; i < sizeof(fixed) / sizeof(*fixed); i++)
		count(&heads, fixed[i]);
	count_names(&heads, &metrics);
	count_names(&heads, &params);
	add_names(t, COL_METRIC, &metrics, &heads);
	add_names(t, COL_PARAM, &params, &heads);
	for (size_t i = 0; i < deps.nr; i++)
		add_col(t, COL_DEP, "", deps.item[i]);
	map_clear(&metrics.files, free_keys);
	map_clear(&params.files, free_keys);
	map_clear(&heads, NULL);
	strs_clear(&deps);
}

/* --- cells ------------------------------------------------------------------ */

static void fill_files(struct table *t, struct cell *cell, enum col_kind kind,
		       const struct val *files)
{
	struct map flat = MAP_INIT;
	const char *file = NULL;
	bool error = false;

	for (size_t i = 0; i < t->nr; i++) {
		const struct col *c = &t->item[i];

		if (c->kind != kind)
			continue;
		if (!file || strcmp(file, c->file)) {
			const struct val *v = val_get(files, c->file);

			map_clear(&flat, NULL);
			file = c->file;
			flat_file(&flat, v);
			error = val_get(v, "error");
		}
		cell[i].v = map_get(&flat, c->key);
		if (cell[i].v && cell[i].v->kind == VAL_NULL)
			cell[i].v = NULL;
		cell[i].error = error;
	}
	map_clear(&flat, NULL);
}

static void fill_deps(struct table *t, struct cell *cell,
		      const struct val *deps)
{
	for (size_t i = 0; i < t->nr; i++) {
		const struct val *v;

		if (t->item[i].kind != COL_DEP)
			continue;
		v = val_get(val_get(deps, t->item[i].key), "hash");
		cell[i].v = v && v->kind != VAL_NULL ? v : NULL;
	}
}

static void fill(struct table *t)
{
	free(t->cell);
	t->cell = mem_new(t->rows->nr * t->nr + 1, sizeof(*t->cell));
	for (size_t i = 0; i < t->rows->nr; i++) {
		const struct val *data = &t->rows->item[i].data;
		struct cell *cell = t->cell + i * t->nr;

		fill_files(t, cell, COL_METRIC, val_get(data, "metrics"));
		fill_files(t, cell, COL_PARAM, val_get(data, "params"));
		fill_deps(t, cell, val_get(data, "deps"));
	}
}

const struct cell *table_cell(const struct table *t, size_t row, size_t col)
{
	return &t->cell[row * t->nr + col];
}

/* By what one would read, as DVC compares them. */
static bool is_changed(const struct table *t, size_t col)
{
	struct buf first = BUF_INIT, other = BUF_INIT;
	bool differs = false;

	for (size_t i = 0; i < t->rows->nr && !differs; i++) {
		struct buf *b = i ? &other : &first;

		buf_reset(b);
		table_text(b, table_cell(t, i, col), 0, "");
		differs = i && strcmp(first.s, other.s);
	}
	buf_clear(&first);
	buf_clear(&other);
	return differs;
}

void table_make(struct table *t, struct rows *rows)
{
	t->rows = rows;
	make_cols(t);
	fill(t);
	for (size_t i = 0; i < t->nr; i++)
		t->item[i].changed = is_changed(t, i);
}

void table_only_changed(struct table *t)
{
	for (size_t i = 0; i < t->nr; i++)
		t->item[i].hidden |= !t->item[i].changed;
}

/* --- sorting ------------------------------------------------------------------ */

static bool is_named(const struct col *c, const char *by, size_t cut)
{
	if (c->kind == COL_DEP)
		return false;
	if (!cut)
		return !strcmp(c->key, by);
	return strlen(c->file) == cut - 1 &&
	       !strncmp(c->file, by, cut - 1) && !strcmp(c->key, by + cut);
}

/* "file:key" first, at any of its colons; then "key" of any file. */
static int find_col(const struct table *t, const char *by, size_t *at)
{
	size_t found = 0;

	for (size_t cut = strlen(by); cut > 1; cut--)
		for (size_t i = 0; by[cut - 1] == ':' && i < t->nr; i++)
			if (is_named(&t->item[i], by, cut)) {
				*at = i;
				found++;
			}
	if (*by == ':')
		by++;
	for (size_t i = 0; !found && i < t->nr; i++)
		if (is_named(&t->item[i], by, 0)) {
			for (size_t j = i; j < t->nr; j++)
				found += is_named(&t->item[j], by, 0);
			*at = i;
		}
	if (!found)
		return err_set(ERR_INVALID, "unknown sort column '%s'", by);
	if (found > 1)
		return err_set(ERR_INVALID, "sort column '%s' is ambiguous: "
			       "say which file, as 'file:%s'", by, by);
	return 0;
}

struct entry {
	struct row row;
	const struct val *v;
	size_t at;
	bool down;
};

static int compare(const struct val *a, const struct val *b)
{
	double x, y;

	if (!a || !b)
		return !a - !b;
	if (val_number(a, &x) && val_number(b, &y))
		return (x > y) - (x < y);
	if (a->kind != b->kind || !a->s || !b->s)
		return (a->kind > b->kind) - (a->kind < b->kind);
	return strcmp(a->s, b->s);
}

static int by_value(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = compare(x->v, y->v);

	if (order)
		return x->down ? -order : order;
	return x->at < y->at ? -1 : 1;
}

static void sort_part(struct table *t, size_t first, size_t end, size_t col,
		      bool down)
{
	struct entry *e = mem_new(end - first, sizeof(*e));

	for (size_t i = first; i < end; i++) {
		e[i - first] = (struct entry){ t->rows->item[i],
			table_cell(t, i, col)->v, i, down };
		e[i - first].row.last = false;
	}
	qsort(e, end - first, sizeof(*e), by_value);
	for (size_t i = first; i < end; i++)
		t->rows->item[i] = e[i - first].row;
	t->rows->item[end - 1].last = true;
	free(e);
}

int table_sort(struct table *t, const char *by, bool descending)
{
	size_t col = 0, end;
	int err = find_col(t, by, &col);

	for (size_t i = 0; !err && i < t->rows->nr; i = end) {
		end = i + 1;
		if (t->rows->item[i].kind != ROW_EXP)
			continue;
		while (end < t->rows->nr &&
		       t->rows->item[end].kind == ROW_EXP)
			end++;
		sort_part(t, i, end, col, descending);
	}
	fill(t);
	return err;
}

void table_clear(struct table *t)
{
	for (size_t i = 0; i < t->nr; i++) {
		free(t->item[i].file);
		free(t->item[i].key);
		free(t->item[i].head);
	}
	free(t->item);
	free(t->cell);
	*t = (struct table)TABLE_INIT;
}
