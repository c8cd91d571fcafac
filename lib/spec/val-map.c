#include <math.h>
#include <stdlib.h>
#include "base/buf.h"
#include "base/mem.h"
#include "spec/val-map.h"

#define FEW 12

static void name_float(struct buf *b, double f)
{
	char text[VAL_FLOAT_MAX];

	if (isfinite(f) && floor(f) == f) {
		buf_fmt(b, "n%.0f", f + 0.0);
		return;
	}
	val_float(f, text);
	buf_fmt(b, "n%s", text);
}

/* Equal keys have equal names; 0xff, which no UTF-8 has, stands for NUL. */
static void name(struct buf *b, const struct val *key)
{
	buf_reset(b);
	switch (key->kind) {
	case VAL_NULL:
		break;
	case VAL_BOOL:
		buf_str(b, key->b ? "n1" : "n0");
		break;
	case VAL_FLOAT:
		name_float(b, key->f);
		break;
	case VAL_INT:
		buf_fmt(b, "n%s", key->s);
		break;
	default:
		buf_char(b, key->kind == VAL_STR ? 's' : 'd');
		buf_add(b, key->s, key->len);
		for (size_t i = 0; i < b->len; i++)
			if (!b->s[i])
				b->s[i] = (char)0xff;
	}
}

static long find_in_index(struct keys *k, const struct val *map,
			  const struct val *key)
{
	struct buf b = BUF_INIT;
	long at;

	for (size_t i = k->index.nr; i < map->nr; i++) {
		name(&b, &map->key[i]);
		if (map_find(&k->index, b.s) >= 0)
			buf_fmt(&b, "%zu", i);	/* a NaN equals no other */
		map_put(&k->index, b.s, NULL);
	}
	name(&b, key);
	at = map_find(&k->index, b.s);
	buf_clear(&b);
	return at;
}

long keys_find(struct keys *k, const struct val *map, const struct val *key)
{
	if (key->kind == VAL_FLOAT && isnan(key->f))
		return -1;
	if (map->nr > FEW)
		return find_in_index(k, map, key);
	for (size_t i = 0; i < map->nr; i++)
		if (val_equal(&map->key[i], key))
			return (long)i;
	return -1;
}

/* `at` is where keys_find() found it. */
static void set_at(struct val *map, long at, struct val *key, struct val *item)
{
	if (at < 0) {
		*val_add(map) = *item;
		map->key[map->nr - 1] = *key;
		*key = (struct val)VAL_INIT;
	} else {
		val_clear(&map->item[at]);
		map->item[at] = *item;
		val_clear(key);
	}
	*item = (struct val)VAL_INIT;
}

bool keys_set(struct keys *k, struct val *map, struct val *key,
	      struct val *item)
{
	long at = keys_find(k, map, key);

	set_at(map, at, key, item);
	return at >= 0;
}

void keys_clear(struct keys *k)
{
	map_clear(&k->index, NULL);
}

void mapping_init(struct mapping *m, struct val *map)
{
	*m = (struct mapping){ .own = *map, .merged = VAL_INIT };
	val_set_map(&m->merged);
	*map = (struct val)VAL_INIT;
}

void mapping_set(struct mapping *m, struct val *key, struct val *item)
{
	long at = keys_find(&m->own_keys, &m->own, key);

	if (!m->twice && at >= 0) {
		m->twice = key->line;
		val_key_text(key, &m->twice_key);
	}
	set_at(&m->own, at, key, item);
}

static void merge(struct mapping *m, struct val *from)
{
	for (size_t i = 0; i < from->nr; i++)
		keys_set(&m->merged_keys, &m->merged, &from->key[i],
			 &from->item[i]);
}

/* Of several maps the first wins, so it is put last. */
bool mapping_merge(struct mapping *m, struct val *from)
{
	if (from->kind == VAL_MAP)
		merge(m, from);
	if (from->kind != VAL_LIST)
		return from->kind == VAL_MAP;
	for (size_t i = 0; i < from->nr; i++)
		if (from->item[i].kind != VAL_MAP)
			return false;
	for (size_t i = from->nr; i-- > 0; )
		merge(m, &from->item[i]);
	return true;
}

bool mapping_end(struct mapping *m, struct val *map)
{
	struct val *whole = m->merged.nr ? &m->merged : &m->own;

	if (m->twice && whole == &m->own)
		return false;
	for (size_t i = 0; whole == &m->merged && i < m->own.nr; i++)
		keys_set(&m->merged_keys, whole, &m->own.key[i],
			 &m->own.item[i]);
	whole->style = m->own.style;
	whole->line = m->own.line;
	whole->at = m->own.at;
	whole->end = m->own.end;
	*map = *whole;
	*whole = (struct val)VAL_INIT;
	return true;
}

void mapping_clear(struct mapping *m)
{
	val_clear(&m->own);
	val_clear(&m->merged);
	keys_clear(&m->own_keys);
	keys_clear(&m->merged_keys);
	mem_set(&m->twice_key, NULL);
}
