#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "spec/val.h"

static void set(struct val *v, enum val_kind kind)
{
	val_clear(v);
	v->kind = kind;
}

void val_set_null(struct val *v)
{
	set(v, VAL_NULL);
}

void val_set_bool(struct val *v, bool b)
{
	set(v, VAL_BOOL);
	v->b = b;
}

void val_set_int(struct val *v, int64_t n)
{
	set(v, VAL_INT);
	v->s = mem_fmt("%lld", (long long)n);
	v->len = strlen(v->s);
}

void val_set_float(struct val *v, double f)
{
	set(v, VAL_FLOAT);
	v->f = f;
}

void val_set_nstr(struct val *v, const char *s, size_t len)
{
	char *copy = mem_ndup(s, len);

	set(v, VAL_STR);
	v->s = copy;
	v->len = len;
}

void val_set_str(struct val *v, const char *s)
{
	val_set_nstr(v, s, strlen(s));
}

void val_set_list(struct val *v)
{
	set(v, VAL_LIST);
	v->style = VAL_BLOCK;
}

void val_set_map(struct val *v)
{
	set(v, VAL_MAP);
	v->style = VAL_BLOCK;
}

void val_clear(struct val *v)
{
	for (size_t i = 0; i < v->nr; i++) {
		val_clear(&v->item[i]);
		if (v->key)
			val_clear(&v->key[i]);
	}
	free(v->item);
	free(v->key);
	free(v->s);
	*v = (struct val)VAL_INIT;
}

static void resize(struct val *v, size_t alloc)
{
	v->item = mem_resize(v->item, alloc, sizeof(*v->item));
	if (v->kind == VAL_MAP)
		v->key = mem_resize(v->key, alloc, sizeof(*v->key));
	v->alloc = alloc;
}

/* Give a copy its own text and children; the rest of the struct is there. */
static void deepen(struct val *v)
{
	struct val *item = v->item, *key = v->key;

	if (v->s)
		v->s = mem_ndup(v->s, v->len);
	v->item = v->key = NULL;
	v->alloc = 0;
	if (!v->nr)
		return;
	resize(v, v->nr);
	for (size_t i = 0; i < v->nr; i++) {
		v->item[i] = item[i];
		deepen(&v->item[i]);
		if (key) {
			v->key[i] = key[i];
			deepen(&v->key[i]);
		}
	}
}

void val_copy(struct val *to, const struct val *from)
{
	struct val v = *from;

	deepen(&v);
	val_clear(to);
	*to = v;
}

static size_t append(struct val *v)
{
	if (v->nr == v->alloc)
		resize(v, v->alloc ? 2 * v->alloc : 1);
	v->item[v->nr] = (struct val)VAL_INIT;
	if (v->kind == VAL_MAP)
		v->key[v->nr] = (struct val)VAL_INIT;
	return v->nr++;
}

struct val *val_add(struct val *list)
{
	size_t at = append(list);

	return &list->item[at];
}

struct val *val_put(struct val *map, const char *key)
{
	struct val *old = val_get(map, key);
	size_t at;

	if (old)
		return old;
	at = append(map);
	val_set_str(&map->key[at], key);
	return &map->item[at];
}

static void close_gap(struct val *array, size_t at, size_t nr)
{
	val_clear(&array[at]);
	memmove(&array[at], &array[at + 1], (nr - at - 1) * sizeof(*array));
}

void val_drop(struct val *v, size_t at)
{
	close_gap(v->item, at, v->nr);
	if (v->key)
		close_gap(v->key, at, v->nr);
	v->nr--;
}

struct pair {
	char *text;
	size_t was;
	struct val key, item;
};

static int compare(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;
	int order = strcmp(x->text, y->text);

	return order ? order : x->was < y->was ? -1 : 1;
}

void val_sort(struct val *map)
{
	struct pair *p;

	if (map->kind != VAL_MAP || map->nr < 2)
		return;
	p = mem_new(map->nr, sizeof(*p));
	for (size_t i = 0; i < map->nr; i++) {
		p[i] = (struct pair){ NULL, i, map->key[i], map->item[i] };
		val_key_text(&map->key[i], &p[i].text);
	}
	qsort(p, map->nr, sizeof(*p), compare);
	for (size_t i = 0; i < map->nr; i++) {
		map->key[i] = p[i].key;
		map->item[i] = p[i].item;
		free(p[i].text);
	}
	free(p);
}

struct val *val_get(const struct val *v, const char *key)
{
	if (!v || v->kind != VAL_MAP)
		return NULL;
	for (size_t i = 0; i < v->nr; i++) {
		struct val *k = &v->key[i];

		if (k->kind == VAL_STR && !strcmp(k->s, key) &&
		    k->len == strlen(key))
			return &v->item[i];
	}
	return NULL;
}

static struct val *by_text(const struct val *map, const char *text)
{
	for (size_t i = 0; i < map->nr; i++) {
		char *key;
		bool same;

		if (map->key[i].kind == VAL_STR)
			continue;
		val_key_text(&map->key[i], &key);
		same = !strcmp(key, text);
		free(key);
		if (same)
			return &map->item[i];
	}
	return NULL;
}

static struct val *by_number(const struct val *list, const char *text)
{
	size_t digits = strspn(text, "0123456789");
	unsigned long long at;

	if (!digits || text[digits] || digits > 18)
		return NULL;
	at = strtoull(text, NULL, 10);
	return at < list->nr ? &list->item[at] : NULL;
}

static struct val *step(const struct val *v, const char *segment)
{
	struct val *found = NULL;

	if (v->kind == VAL_LIST)
		return by_number(v, segment);
	if (v->kind == VAL_MAP) {
		found = val_get(v, segment);
		if (!found)
			found = by_text(v, segment);
	}
	return found;
}

struct val *val_path(const struct val *v, const char *dotted)
{
	struct val *at = NULL;

	while (v && dotted) {
		const char *dot = strchr(dotted, '.');
		char *segment = dot ? mem_ndup(dotted, (size_t)(dot - dotted)) :
				      mem_dup(dotted);

		at = step(v, segment);
		free(segment);
		v = at;
		dotted = dot ? dot + 1 : NULL;
	}
	return at;
}

const char *val_text(const struct val *v)
{
	return v && v->kind == VAL_STR ? v->s : NULL;
}

bool val_true(const struct val *v)
{
	return v && v->kind == VAL_BOOL && v->b;
}

size_t val_char(const char *s, size_t len, uint32_t *c)
{
	unsigned char first = (unsigned char)*s;
	size_t nr = first < 0xc2 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 :
		    first < 0xf5 ? 4 : 1;
	uint32_t wide = (uint32_t)first & (0xffu >> (nr + 1));

	*c = first < 0x80 ? first : 0xdc00u + first;
	if (nr == 1 || nr > len)
		return 1;
	for (size_t i = 1; i < nr; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 1;
		wide = wide << 6 | ((unsigned char)s[i] & 0x3f);
	}
	if (wide > 0x10ffff || (nr == 3 && wide < 0x800) ||
	    (nr == 4 && wide < 0x10000))
		return 1;
	*c = wide;
	return nr;
}
