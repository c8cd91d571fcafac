#include <string.h>
#include "spec/edit-part.h"
#include "spec/val-map.h"

static bool same_float(double a, double b)
{
	return !memcmp(&a, &b, sizeof(a)) || (a != a && b != b);
}

/* Stricter than Python's ==: 1 is not 1.0. */
static bool same(const struct val *a, const struct val *b)
{
	if (a->kind != b->kind || a->len != b->len || a->b != b->b)
		return false;
	if (a->kind == VAL_FLOAT)
		return same_float(a->f, b->f);
	return !a->len || !memcmp(a->s, b->s, a->len);
}

/* Where the other map has this key; most of the time at the same place. */
static long partner(struct keys *k, const struct val *map, size_t at,
		    const struct val *key)
{
	if (at < map->nr && same(&map->key[at], key))
		return (long)at;
	return keys_find(k, map, key);
}

static bool diff(struct edit_change *c, const struct val *old,
		 const struct val *want);

static bool below(struct edit_change *c, size_t i, const struct val *old,
		  const struct val *want)
{
	if (c->nr == EDIT_DEPTH - 1)
		return false;
	c->path[c->nr++] = i;
	if (diff(c, &old->item[i], want))
		return true;
	c->nr--;
	return false;
}

static bool diff_map(struct edit_change *c, const struct val *old,
		     const struct val *want)
{
	struct keys in_old = KEYS_INIT, in_want = KEYS_INIT;
	bool found = false;

	for (size_t i = 0; i < old->nr && !found; i++) {
		long at = partner(&in_want, want, i, &old->key[i]);

		if (at >= 0) {
			found = below(c, i, old, &want->item[at]);
		} else {
			c->path[c->nr++] = i;
			c->what = EDIT_LESS;
			found = true;
		}
	}
	for (size_t i = 0; i < want->nr && !found; i++) {
		if (partner(&in_old, old, i, &want->key[i]) >= 0)
			continue;
		c->what = EDIT_MORE;
		c->key = &want->key[i];
		c->value = &want->item[i];
		found = true;
	}
	keys_clear(&in_old);
	keys_clear(&in_want);
	return found;
}

static bool diff(struct edit_change *c, const struct val *old,
		 const struct val *want)
{
	bool found = false;

	if (old->kind == VAL_MAP && want->kind == VAL_MAP)
		return diff_map(c, old, want);
	if (old->kind == VAL_LIST && want->kind == VAL_LIST &&
	    old->nr == want->nr) {
		for (size_t i = 0; i < old->nr && !found; i++)
			found = below(c, i, old, &want->item[i]);
		return found;
	}
	if (old->kind != VAL_LIST && same(old, want))
		return false;
	c->what = EDIT_CHANGE;
	c->value = want;
	return true;
}

void edit_diff(struct edit_change *out, const struct val *old,
	       const struct val *want)
{
	*out = (struct edit_change){ .what = EDIT_SAME };
	diff(out, old, want);
}
