#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "spec/tmpl-part.h"
#include "spec/val-shape.h"

/* --- making ---------------------------------------------------------------- */

struct node *node_new(struct tmpl *t, enum node_kind kind)
{
	struct nodes *to = t->staged ? &t->passing : &t->kept;
	struct node *n = mem_new(1, sizeof(*n));

	n->kind = kind;
	n->passing = t->staged;
	if (kind == NODE_MAP)
		n->kids = mem_new(1, sizeof(*n->kids));
	if (kind == NODE_LIST)
		n->item = mem_new(1, sizeof(*n->item));
	ARRAY_GROW(to);
	return to->item[to->nr++] = n;
}

struct node *node_text(struct tmpl *t, const char *s, size_t len)
{
	struct node *n = node_new(t, NODE_ONE);

	n->raw = n->owner = true;
	n->v = mem_new(1, sizeof(*n->v));
	val_set_nstr(n->v, s, len);
	return n;
}

static void node_free(struct node *n)
{
	if (n->owner) {
		val_clear(n->v);
		free(n->v);
	}
	if (n->kids)
		map_clear(n->kids, NULL);
	if (n->item)
		free(n->item->item);
	free(n->kids);
	free(n->item);
	free(n);
}

void nodes_clear(struct nodes *n)
{
	for (size_t i = 0; i < n->nr; i++)
		node_free(n->item[i]);
	free(n->item);
	*n = (struct nodes){ 0 };
}

void node_put(struct node *map, const char *key, struct node *kid)
{
	map_put(map->kids, key, kid);
	if (!kid->up) {
		kid->up = map;
		kid->name = map->kids->item[map_find(map->kids, key)].key;
	}
}

void node_push(struct node *list, struct node *kid)
{
	if (!kid->up) {
		kid->up = list;
		kid->at = (uint32_t)list->item->nr;
	}
	ARRAY_GROW(list->item);
	list->item->item[list->item->nr++] = kid;
}

static bool is_name(const struct val *key)
{
	return key->kind == VAL_STR && !memchr(key->s, 0, key->len);
}

static bool fill(struct tmpl *t, const struct shape_where *w, struct node *n,
		 const struct val *v, const struct origin *o)
{
	for (size_t i = 0; i < v->nr; i++) {
		struct node *kid;

		if (v->kind == VAL_MAP && !is_name(&v->key[i]))
			continue;
		kid = node_tree(t, w, &v->item[i], o);
		if (!kid)
			return false;
		if (v->kind == VAL_MAP)
			node_put(n, v->key[i].s, kid);
		else
			node_push(n, kid);
	}
	return true;
}

/* DVC cannot even read a file of vars that holds one. */
static void refuse_date(struct tmpl *t, const struct shape_where *w,
			const struct val *v, const struct origin *o)
{
	struct shape_where file = { .file = o->source };

	tmpl_fail(t, o->file ? &file : w, v, NULL, "TypeError", "the date "
		  "'%s' cannot be %s", v->s, o->file ? "a parameter" : "in vars");
	err_hint(ERR_INVALID, "put it in quotes");
}

struct node *node_tree(struct tmpl *t, const struct shape_where *w,
		       const struct val *v, const struct origin *o)
{
	struct node *n;

	if (v->kind == VAL_DATE) {
		refuse_date(t, w, v, o);
		return NULL;
	}
	if (tmpl_spend(t, w, COST_NODE + COST_KEY))
		return NULL;
	n = node_new(t, v->kind == VAL_MAP ? NODE_MAP :
		     v->kind == VAL_LIST ? NODE_LIST : NODE_ONE);
	n->v = (struct val *)v;
	n->source = o->source;
	n->file = o->file;
	return fill(t, w, n, v, o) ? n : NULL;
}

/* --- finding ----------------------------------------------------------------- */

struct node *node_top(const struct tmpl *t, const char *name)
{
	struct node *n = NULL;

	if (t->item && !strcmp(name, "item"))
		return t->item;
	if (t->key && !strcmp(name, "key"))
		return t->key;
	if (t->layer)
		n = map_get(t->layer->kids, name);
	return n || !t->top ? n : map_get(t->top->kids, name);
}

/* As Python's int(): "-1" is the last one, "1_0" the tenth. */
static struct node *by_place(const struct node *list, const char *text)
{
	bool minus = *text == '-';
	size_t at = 0;

	text += minus || *text == '+';
	if (!*text)
		return NULL;
	for (bool digit = false; *text; text++) {
		if (*text == '_' && digit && text[1]) {
			digit = false;
			continue;
		}
		if (*text < '0' || *text > '9' || at > list->item->nr)
			return NULL;
		at = 10 * at + (size_t)(*text - '0');
		digit = true;
	}
	if (minus && at)
		at = at > list->item->nr ? at : list->item->nr - at;
	return at < list->item->nr ? list->item->item[at] : NULL;
}

/* "a[0].b" is "a.0.b", and spaces around a part do not count. */
static char *part(const char *path, size_t len, size_t *next)
{
	struct buf b = BUF_INIT;
	size_t i = *next, skip;

	for (; i < len && path[i] != '.' && path[i] != '['; i++)
		if (path[i] != ']')
			buf_char(&b, path[i]);
	*next = i + 1;
	while (b.len && strchr(" \t\n\r\f\v", b.s[b.len - 1]))
		buf_cut(&b, b.len - 1);
	skip = strspn(b.s, " \t\n\r\f\v");
	buf_splice(&b, 0, skip, NULL, 0);
	return buf_take(&b);
}

struct node *node_find(struct tmpl *t, const char *path, size_t len, char **bad)
{
	struct node *n = NULL;
	size_t next = 0;

	for (bool first = true; next <= len; first = false) {
		char *name = part(path, len, &next);

		if (first)
			n = node_top(t, name);
		else if (n->kind == NODE_MAP)
			n = map_get(n->kids, name);
		else
			n = n->kind == NODE_LIST ? by_place(n, name) : NULL;
		if (!n) {
			*bad = name;
			return NULL;
		}
		free(name);
	}
	return n;
}

char *node_path(const struct node *n)
{
	struct buf b = BUF_INIT;

	for (; n->up; n = n->up) {
		char *name = n->name ? mem_dup(n->name) :
			mem_fmt("%u", (unsigned)n->at);

		if (b.len)
			buf_splice(&b, 0, 0, ".", 1);
		buf_splice(&b, 0, 0, name, strlen(name));
		free(name);
	}
	return buf_take(&b);
}

/* --- merging ------------------------------------------------------------------ */

static int twice(struct tmpl *t, const struct shape_where *w, int line,
		 const struct node *old, const struct node *fresh)
{
	struct val at = { .line = line };
	char *path = node_path(fresh);
	int err = tmpl_fail(t, w, &at, NULL, "ResolveError", "cannot redefine "
			    "'%s' from '%s', as it is already in '%s'", path,
			    fresh->source ? fresh->source : "here",
			    old->source ? old->source : "here");

	free(path);
	return err;
}

/* What the whole file knows stays as it is while a stage adds to its own. */
static int make_own(struct tmpl *t, const struct shape_where *w,
		    struct node *map, const char *key, struct node **kid)
{
	const struct node *old = *kid;
	struct node *n;
	int err;

	if (!t->staged || old->passing)
		return 0;
	err = tmpl_spend(t, w, COST_NODE + COST_KEY * old->kids->nr);
	if (err)
		return err;
	n = node_new(t, NODE_MAP);
	n->up = old->up;
	n->name = old->name;
	n->source = old->source;
	n->v = old->v;
	for (size_t i = 0; i < old->kids->nr; i++)
		map_put(n->kids, old->kids->item[i].key,
			old->kids->item[i].value);
	map_put(map->kids, key, n);
	*kid = n;
	return 0;
}

static int merge(struct tmpl *t, const struct shape_where *w, int line,
		 struct node *into, struct node *from, bool top)
{
	int err = 0;

	for (size_t i = 0; !err && i < from->kids->nr; i++) {
		const char *key = from->kids->item[i].key;
		struct node *fresh = from->kids->item[i].value;
		struct node *old = top ? node_top(t, key) :
			map_get(into->kids, key);

		if (!old) {
			map_put(into->kids, key, fresh);
		} else if (old->kind == NODE_MAP && fresh->kind == NODE_MAP) {
			err = make_own(t, w, into, key, &old);
			if (!err)
				err = merge(t, w, line, old, fresh, false);
		} else {
			err = twice(t, w, line, old, fresh);
		}
	}
	return err;
}

static int reserved(struct tmpl *t, const struct shape_where *w, int line,
		    const struct node *from)
{
	static const char *const name[] = { "item", "key" };
	const struct node *set[] = { t->item, t->key };
	struct val at = { .line = line };

	for (size_t i = 0; i < 2; i++)
		if (set[i] && map_get(from->kids, name[i]))
			return tmpl_fail(t, w, &at, NULL, "ResolveError",
					 "'%s' is what the stages of a group "
					 "differ in; vars cannot set it",
					 name[i]);
	return 0;
}

int node_merge(struct tmpl *t, const struct shape_where *w, int line,
	       struct node *from)
{
	struct node **to = t->staged ? &t->layer : &t->top;
	int err = reserved(t, w, line, from);

	if (!*to)
		*to = node_new(t, NODE_MAP);
	return err ? err : merge(t, w, line, *to, from, true);
}

/* --- back to values ------------------------------------------------------------- */

int node_value(struct tmpl *t, const struct shape_where *w, struct val *out,
	       const struct node *n)
{
	int err = tmpl_spend(t, w, COST_VALUE);

	if (err)
		return err;
	if (n->kind == NODE_ONE) {
		val_copy(out, n->v);
		return tmpl_spend(t, w, out->len);
	}
	if (n->kind == NODE_MAP)
		val_set_map(out);
	else
		val_set_list(out);
	for (size_t i = 0; !err && i < KIDS(n); i++) {
		struct val *v = val_add(out);

		val_set_str(&out->key[out->nr - 1], n->kids->item[i].key);
		err = node_value(t, w, v, n->kids->item[i].value);
	}
	for (size_t i = 0; !err && i < ITEMS(n); i++)
		err = node_value(t, w, val_add(out), n->item->item[i]);
	return err;
}
