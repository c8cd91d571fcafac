#include <string.h>
#include "base/err.h"
#include "base/mem.h"
#include "spec/val-anchor.h"
#include "spec/val-toml.h"

static struct toml_table *table_of(struct toml *t, const struct val *v)
{
	bool is = (v->kind == VAL_MAP || v->kind == VAL_LIST) && v->len;

	return is ? &t->table[v->len - 1] : NULL;
}

void toml_table(struct toml *t, struct val *v, enum toml_kind kind)
{
	if (t->nr == t->alloc) {
		t->alloc = t->alloc ? 2 * t->alloc : 8;
		t->table = mem_resize(t->table, t->alloc, sizeof(*t->table));
	}
	t->table[t->nr++] = (struct toml_table){ kind, KEYS_INIT };
	if (kind == TOML_ARRAY)
		val_set_list(v);
	else
		val_set_map(v);
	v->len = t->nr;
	v->line = toml_line(t);
}

void toml_forget(struct toml *t, size_t nr)
{
	while (t->nr > nr)
		keys_clear(&t->table[--t->nr].keys);
}

static int fail(struct toml *t, const struct val *key, const char *what)
{
	char *name;
	int err;

	val_key_text(key, &name);
	err = toml_fail(t, "'%s' %s", name, what);
	free(name);
	return err;
}

static struct val *find(struct toml *t, struct val *map, const struct val *key)
{
	long at = keys_find(&table_of(t, map)->keys, map, key);

	return at < 0 ? NULL : &map->item[at];
}

/* The key is taken over. */
static struct val *add(struct val *map, struct val *key)
{
	struct val *v = val_add(map);

	map->key[map->nr - 1] = *key;
	*key = (struct val)VAL_INIT;
	return v;
}

static int too_deep(struct toml *t)
{
	return toml_fail(t, "nested too deep");
}

/* --- headers -------------------------------------------------------------- */

/* From an array of tables its last element, or the table itself. */
static struct val *last_of(struct toml *t, struct val *v)
{
	if (v->kind != VAL_LIST)
		return v;
	strs_fmt(&t->path, "%zu", v->nr - 1);
	t->base++;
	return &v->item[v->nr - 1];
}

static int step(struct toml *t, struct val **at, struct val *key)
{
	struct val *v = find(t, *at, key);

	strs_nadd(&t->path, key->s, key->len);
	if (++t->base >= VAL_DEPTH_MAX)
		return too_deep(t);
	if (!v) {
		*at = add(*at, key);
		toml_table(t, *at, TOML_IMPLIED);
		return 0;
	}
	if (!table_of(t, v))
		return fail(t, key, "is there already and is no table "
			    "that can grow");
	*at = last_of(t, v);
	return 0;
}

static int open_array(struct toml *t, struct val *map, struct val *key)
{
	struct val *v = find(t, map, key);
	const struct toml_table *is = v ? table_of(t, v) : NULL;

	strs_nadd(&t->path, key->s, key->len);
	if (v && (!is || is->kind != TOML_ARRAY))
		return fail(t, key, "is there already and is no array of "
			    "tables");
	if (!v) {
		v = add(map, key);
		toml_table(t, v, TOML_ARRAY);
	}
	toml_table(t, val_add(v), TOML_HEADER);
	t->base++;
	t->here = last_of(t, v);
	return 0;
}

static int open_table(struct toml *t, struct val *map, struct val *key)
{
	struct val *v = find(t, map, key);
	struct toml_table *is = v ? table_of(t, v) : NULL;

	strs_nadd(&t->path, key->s, key->len);
	if (v && (!is || is->kind != TOML_IMPLIED))
		return fail(t, key, "is there already");
	t->base++;
	if (!v) {
		v = add(map, key);
		toml_table(t, v, TOML_HEADER);
	} else {
		is->kind = TOML_HEADER;
	}
	t->here = v;
	return 0;
}

int toml_header(struct toml *t, struct val *key, bool array)
{
	struct val *at = t->root, *last = &key->item[key->nr - 1];
	int err = 0;

	strs_clear(&t->path);
	t->base = 1;
	for (size_t i = 0; i + 1 < key->nr && !err; i++)
		err = step(t, &at, &key->item[i]);
	if (!err)
		err = array ? open_array(t, at, last) :
			      open_table(t, at, last);
	return err ? err : t->base >= VAL_DEPTH_MAX ? too_deep(t) : 0;
}

/* --- pairs ------------------------------------------------------------------ */

static int dotted(struct toml *t, struct val **map, struct val *key)
{
	struct val *v = find(t, *map, key);
	struct toml_table *is = v ? table_of(t, v) : NULL;

	if (v && (!is || (is->kind != TOML_DOTTED && is->kind != TOML_IMPLIED)))
		return fail(t, key, "is there already and cannot grow here");
	if (!v) {
		v = add(*map, key);
		toml_table(t, v, TOML_DOTTED);
	} else {
		is->kind = TOML_DOTTED;
	}
	*map = v;
	return 0;
}

int toml_put(struct toml *t, struct val *map, struct val *key,
	     struct val *value)
{
	struct val *last = &key->item[key->nr - 1];
	int err = 0;

	for (size_t i = 0; i + 1 < key->nr && !err; i++)
		err = dotted(t, &map, &key->item[i]);
	if (!err && find(t, map, last))
		err = fail(t, last, "is there already");
	if (err)
		return err;
	*add(map, last) = *value;
	*value = (struct val)VAL_INIT;
	return 0;
}
