#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "spec/canon.h"
#include "spec/edit-part.h"
#include "spec/edit.h"
#include "spec/params.h"
#include "spec/val-map.h"
#include "spec/val-shape.h"

struct want {
	const char *name;
	const struct edit *e;
};

/* --- keys that are not there ----------------------------------------------- */

struct near {
	const char *key;
	size_t best;
	char *name;
};

static int nearest(const char *key, const struct val *v, void *payload)
{
	struct near *n = payload;
	size_t len = strlen(key), tail = strlen(n->key);

	(void)v;
	if (shape_near(n->key, key, &n->best) ||
	    (!n->name && len > tail && key[len - tail - 1] == '.' &&
	     !strcmp(key + len - tail, n->key)))
		mem_set(&n->name, mem_dup(key));
	return 0;
}

static int missing(const struct want *w, const struct val *root)
{
	struct near n = { w->e->key, SIZE_MAX, NULL };

	err_set(ERR_NOTFOUND, "%s has no parameter '%s'", w->name, w->e->key);
	params_flat(root, nearest, &n);
	if (n.name)
		err_hint(ERR_NOTFOUND, "did you mean '%s'?", n.name);
	free(n.name);
	if (w->e->op == EDIT_SET)
		err_hint(ERR_NOTFOUND, "to add it write '+%s=...'", w->e->key);
	return ERR_NOTFOUND;
}

static int refuse(const struct want *w, const char *why)
{
	return err_set(ERR_INVALID, "%s: cannot change '%s': %s", w->name,
		       w->e->key, why);
}

/* --- the way down ------------------------------------------------------------ */

static long number(const char *part, size_t len)
{
	long n = 0;

	if (!len || len > 9)
		return -1;
	for (size_t i = 0; i < len; i++) {
		if (part[i] < '0' || part[i] > '9')
			return -1;
		n = 10 * n + part[i] - '0';
	}
	return n;
}

/* Only texts are keys for OmegaConf: "a.3" is not the 3 of {3: x}. */
struct val *edit_child(const struct val *v, const char *part, size_t len)
{
	long n;

	if (v->kind == VAL_LIST) {
		n = number(part, len);
		return n >= 0 && (size_t)n < v->nr ? &v->item[n] : NULL;
	}
	for (size_t i = 0; v->kind == VAL_MAP && i < v->nr; i++)
		if (v->key[i].kind == VAL_STR && v->key[i].len == len &&
		    !memcmp(v->key[i].s, part, len))
			return &v->item[i];
	return NULL;
}

static bool is_box(const struct val *v)
{
	return v && (v->kind == VAL_MAP || v->kind == VAL_LIST);
}

/* The value of the whole key, or NULL. */
static struct val *lookup(const struct val *root, const char *key)
{
	const struct val *v = root;

	for (const char *s = key; v; ) {
		size_t len = strcspn(s, ".");

		v = edit_child(v, s, len);
		if (!s[len])
			break;
		s += len + 1;
	}
	return (struct val *)v;
}

static int no_item(const struct want *w, const char *part, size_t len)
{
	int err;

	if (number(part, len) < 0)
		return err_set(ERR_INVALID, "%s: '%.*s' in '%s' stands in a "
			       "list, so it must be a number", w->name,
			       (int)len, part, w->e->key);
	err = refuse(w, "lists cannot grow by one item");
	return err_hint(err, "give the whole list: 'key=[1,2,3]'");
}

static struct val *put(struct val *map, const char *part, size_t len)
{
	char *key = mem_ndup(part, len);
	struct val *v = val_put(map, key);

	free(key);
	return v;
}

/* To what the last part stands in; '+' makes maps of whatever is no box. */
static int descend(struct val **at, const char **last, const struct want *w,
		   const struct val *root)
{
	struct val *v = *at;
	const char *s = w->e->key;

	for (size_t len; s[len = strcspn(s, ".")]; s += len + 1) {
		struct val *next = edit_child(v, s, len);

		if (!next && v->kind == VAL_LIST)
			return no_item(w, s, len);
		if (!is_box(next) && w->e->op == EDIT_SET)
			return missing(w, root);
		if (!next)
			next = put(v, s, len);
		if (!is_box(next))
			val_set_map(next);
		v = next;
	}
	*at = v;
	*last = s;
	return 0;
}

/* --- one edit ------------------------------------------------------------------ */

static bool is_missing(const struct val *v)
{
	return v->kind == VAL_STR && v->len == 3 && !memcmp(v->s, "???", 3);
}

static int merge(struct val *to, const struct val *from, const struct want *w,
		 const struct val *root)
{
	struct keys k = KEYS_INIT;
	int err = 0;

	if (to->kind != from->kind) {
		err = refuse(w, to->kind == VAL_MAP ?
			     "a map cannot become a list" :
			     "a list cannot become a map");
		return err_hint(err, "remove it first: -S '~%s' -S '+%s=...'",
				w->e->key, w->e->key);
	}
	if (to->kind == VAL_LIST) {
		val_copy(to, from);
		return 0;
	}
	for (size_t i = 0; i < from->nr && !err; i++) {
		long at = keys_find(&k, to, &from->key[i]);
		const struct val *item = &from->item[i];

		if (at < 0 && w->e->op == EDIT_SET)
			err = missing(w, root);
		else if (at >= 0 && is_box(&to->item[at]) && is_box(item))
			err = merge(&to->item[at], item, w, root);
		else if (at >= 0 && !is_missing(item))
			val_copy(&to->item[at], item);
		if (at < 0 && !err) {
			val_copy(val_add(to), item);
			val_copy(&to->key[to->nr - 1], &from->key[i]);
		}
	}
	keys_clear(&k);
	return err;
}

static int put_value(struct val *root, const struct want *w)
{
	struct val *v = root, *old;
	const char *last = w->e->key;
	int err = descend(&v, &last, w, root);

	if (err)
		return err;
	old = edit_child(v, last, strlen(last));
	if (!old && v->kind == VAL_LIST)
		return w->e->op == EDIT_SET ? missing(w, root) :
					      no_item(w, last, strlen(last));
	if (!old && w->e->op == EDIT_SET)
		return missing(w, root);
	if (is_box(old) && is_box(&w->e->value))
		return merge(old, &w->e->value, w, root);
	val_copy(old ? old : put(v, last, strlen(last)), &w->e->value);
	return 0;
}

/* '+' may take the place of null, and merge or replace with a collection. */
static int may_add(const struct val *root, const struct want *w)
{
	const struct val *old = lookup(root, w->e->key);

	if (!old || old->kind == VAL_NULL || is_box(&w->e->value))
		return 0;
	err_set(ERR_EXISTS, "%s already has a parameter '%s'", w->name,
		w->e->key);
	return err_hint(ERR_EXISTS, "to change it write '%s=...'", w->e->key);
}

static int other(const struct want *w, const struct val *is)
{
	struct buf a = BUF_INIT, b = BUF_INIT;

	canon_json(&a, is, 0);
	canon_json(&b, &w->e->value, 0);
	err_set(ERR_INVALID, "%s: '%s' is %s, not %s, so it is not removed",
		w->name, w->e->key, a.s, b.s);
	buf_clear(&a);
	buf_clear(&b);
	return ERR_INVALID;
}

static int drop(struct val *root, const struct want *w)
{
	const char *dot = strrchr(w->e->key, '.');
	char *above = dot ? mem_ndup(w->e->key, (size_t)(dot - w->e->key)) : NULL;
	struct val *v = above ? lookup(root, above) : root;
	const struct val *old = lookup(root, w->e->key);

	free(above);
	if (!old)
		return missing(w, root);
	if (old->kind == VAL_NULL)
		return refuse(w, "it is null, which counts as removed");
	if (w->e->only && !val_equal(old, &w->e->value))
		return other(w, old);
	if (v->kind == VAL_LIST)
		return refuse(w, "items of a list cannot be deleted alone");
	val_drop(v, (size_t)(old - v->item));
	return 0;
}

int edit_want(struct val *root, const struct edit *e, const char *name)
{
	struct want w = { name, e };
	int err = 0;

	if (root->kind != VAL_MAP)
		return err_set(ERR_INVALID, "%s: expected a map of parameters, "
			       "found %s", name, shape_kind(root));
	if (e->op == EDIT_DROP)
		return drop(root, &w);
	if (e->op == EDIT_ADD)
		err = may_add(root, &w);
	return err ? err : put_value(root, &w);
}
