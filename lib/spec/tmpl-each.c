#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/src.h"
#include "spec/canon.h"
#include "spec/tmpl-part.h"
#include "spec/val-shape.h"

/* --- what is written in it, with names put in ------------------------------------ */

static struct node *tree(struct tmpl *t, const struct shape_where *w,
			 const struct val *v, bool top);

static struct node *text(struct tmpl *t, const struct shape_where *w,
			 const struct val *v)
{
	struct buf b = BUF_INIT;
	struct node *n = NULL;
	struct match m;

	if (!memchr(v->s, '$', v->len)) {
		n = node_new(t, NODE_ONE);
		n->raw = true;
		n->v = (struct val *)v;
		return n;
	}
	if (match_next(&m, v->s, v->len, 0) && match_whole(&m, v))
		return text_take(t, w, v, &m, TMPL_ANY, &n) ? NULL : n;
	if (!text_fill(t, w, &b, v, TMPL_ANY))
		n = node_text(t, b.s, b.len);
	buf_clear(&b);
	return n;
}

/* A key as text, or NULL when it has been refused. */
static char *key_text(struct tmpl *t, const struct shape_where *w,
		      const struct val *key)
{
	struct buf b = BUF_INIT;
	struct match m;
	char *out;

	if (key->kind != VAL_STR) {
		val_key_text(key, &out);
		if (key->kind == VAL_NULL)
			mem_set(&out, mem_dup("None"));
		return out;
	}
	if (match_next(&m, key->s, key->len, 0) && match_whole(&m, key)) {
		tmpl_fail(t, w, key, &m, "TypeError", "'%s' cannot be a key",
			  key->s);
		return NULL;
	}
	if (text_fill(t, w, &b, key, TMPL_ANY)) {
		buf_clear(&b);
		return NULL;
	}
	if (memchr(b.s, 0, b.len)) {
		tmpl_fail(t, w, key, NULL, "TypeError", "a key holds a NUL "
			  "byte");
		buf_clear(&b);
		return NULL;
	}
	return buf_take(&b);
}

/* Below the first level keys that are no text cannot be named. */
static bool fill(struct tmpl *t, const struct shape_where *w, struct node *n,
		 const struct val *v, bool top)
{
	for (size_t i = 0; i < v->nr; i++) {
		bool map = v->kind == VAL_MAP;
		struct node *kid;
		char *key;

		if (map && !top && v->key[i].kind != VAL_STR)
			continue;
		key = map ? key_text(t, w, &v->key[i]) : NULL;
		if (map && !key)
			return false;
		kid = tree(t, w, &v->item[i], false);
		if (kid && !key)
			node_push(n, kid);
		else if (kid)
			node_put(n, key, kid);
		free(key);
		if (!kid)
			return false;
	}
	return true;
}

static struct node *tree(struct tmpl *t, const struct shape_where *w,
			 const struct val *v, bool top)
{
	struct node *n;

	if (v->kind == VAL_DATE) {
		tmpl_fail(t, w, v, NULL, "TypeError", "a date ('%s') cannot "
			  "be a value here", v->s);
		return NULL;
	}
	if (tmpl_spend(t, w, COST_NODE + COST_KEY) ||
	    tmpl_keep(t, w, sizeof(*n)))
		return NULL;
	if (v->kind == VAL_STR)
		return text(t, w, v);
	n = node_new(t, v->kind == VAL_MAP ? NODE_MAP :
		     v->kind == VAL_LIST ? NODE_LIST : NODE_ONE);
	n->raw = true;
	n->v = (struct val *)v;
	return fill(t, w, n, v, top) ? n : NULL;
}

/* --- names ------------------------------------------------------------------------- */

/*
 * DVC says true of what stands in the list itself, True of what is taken
 * from elsewhere.
 */
static void name_of(struct buf *out, const struct node *n)
{
	if (n->v->kind == VAL_STR)
		buf_add(out, n->v->s, n->v->len);
	else if (n->v->kind == VAL_BOOL && n->raw)
		buf_str(out, n->v->b ? "true" : "false");
	else
		canon_python(out, n->v);
}

static int add_name(struct tmpl_group *g, struct tmpl *t,
		    const struct shape_where *w, const struct val *over,
		    const struct buf *name, size_t which)
{
	const char *at = memchr(name->s, '@', name->len);

	if (!name->len || at || memchr(name->s, 0, name->len))
		return tmpl_fail(t, w, over, NULL, !name->len ?
				 "AssertionError" : "StageNotFound",
				 "'%s@%s' cannot be the name of a stage",
				 w->name, name->s);
	map_put(&g->names, name->s, (void *)(uintptr_t)(which + 1));
	return tmpl_keep(t, w, 64 + name->len);
}

static void warn(const struct tmpl *t, const struct shape_where *w, bool key)
{
	bool item_too = node_top(t, "item"), key_too = key && node_top(t, "key");

	if ((item_too || key_too) && t->src && !*t->src->name)
		err_warn("%s: %s%s%s %s set, but something else in the stages "
			 "of '%s'", w->file, item_too ? "'item'" : "",
			 item_too && key_too ? " and " : "",
			 key_too ? "'key'" : "",
			 item_too && key_too ? "are" : "is", w->name);
}

static bool any_deep(const struct node *list)
{
	for (size_t i = 0; i < list->item->nr; i++)
		if (list->item->item[i]->kind != NODE_ONE)
			return true;
	return false;
}

static int list_names(struct tmpl_group *g, struct tmpl *t,
		      const struct shape_where *w, const struct val *over)
{
	const struct node *list = g->over;
	bool by_place = any_deep(list);
	int err = 0;

	for (size_t i = 0; !err && i < list->item->nr; i++) {
		struct buf name = BUF_INIT;

		if (by_place)
			buf_fmt(&name, "%zu", i);
		else
			name_of(&name, list->item->item[i]);
		err = add_name(g, t, w, over, &name, i);
		buf_clear(&name);
	}
	return err;
}

static int map_names(struct tmpl_group *g, struct tmpl *t,
		     const struct shape_where *w, const struct val *over)
{
	int err = 0;

	for (size_t i = 0; !err && i < g->over->kids->nr; i++) {
		struct buf name = BUF_INIT;

		buf_str(&name, g->over->kids->item[i].key);
		err = add_name(g, t, w, over, &name, i);
		buf_clear(&name);
	}
	return err;
}

int tmpl_foreach(struct tmpl_group *g, struct tmpl *t,
		 const struct shape_where *w, const struct val *over)
{
	struct shape_where in = { w->file, NULL, "foreach", w };

	g->over = tree(t, &in, over, true);
	if (!g->over)
		return ERR_INVALID;
	if (g->over->kind == NODE_ONE)
		return tmpl_fail(t, &in, over, NULL, "ResolveError", "a list "
				 "or a map is needed, not %s",
				 shape_kind(g->over->v));
	warn(t, w, g->over->kind == NODE_MAP);
	return g->over->kind == NODE_MAP ? map_names(g, t, w, over) :
		list_names(g, t, w, over);
}

/* --- matrix ---------------------------------------------------------------------------- */

/* Python goes through the letters of a text and through the keys of a map. */
static struct node *as_list(struct tmpl *t, const struct node *n)
{
	struct node *list = node_new(t, NODE_LIST);
	size_t len = n->kind == NODE_ONE ? n->v->len : KIDS(n), step = 1;
	uint32_t c;

	for (size_t i = 0; i < len; i += step) {
		const char *s = n->kind == NODE_ONE ? n->v->s + i :
			n->kids->item[i].key;

		if (n->kind == NODE_ONE)
			step = val_char(s, len - i, &c);
		node_push(list, node_text(t, s, n->kind == NODE_ONE ? step :
					  strlen(s)));
	}
	return list;
}

static int spread(struct tmpl_group *g, struct tmpl *t,
		  const struct shape_where *w, const struct val *over,
		  size_t *combinations)
{
	*combinations = 1;
	for (size_t i = 0; i < g->over->kids->nr; i++) {
		struct map_item *kid = &g->over->kids->item[i];
		struct node *n = kid->value;
		int err;

		if (n->kind == NODE_ONE && (!n->raw || n->v->kind != VAL_STR))
			return tmpl_fail(t, w, over, NULL, "TypeError",
					 "'%s' must be a list", kid->key);
		err = tmpl_keep(t, w, n->kind == NODE_LIST ? 0 : 400 *
				(n->kind == NODE_ONE ? n->v->len : KIDS(n)));
		if (err)
			return err;
		if (n->kind != NODE_LIST)
			kid->value = n = as_list(t, n);
		*combinations *= n->item->nr;
		if (*combinations > TMPL_STAGES_MAX)
			return tmpl_fail(t, w, over, NULL, "MemoryError",
					 "this makes more than %d stages",
					 TMPL_STAGES_MAX);
	}
	return 0;
}

/* Which value of `kid` the combination has; the last name turns fastest. */
static size_t digit(const struct tmpl_group *g, size_t which, size_t kid)
{
	const struct map *kids = g->over->kids;

	for (size_t i = kids->nr; i-- > kid + 1; )
		which /= ITEMS((struct node *)kids->item[i].value);
	return which % ITEMS((struct node *)kids->item[kid].value);
}

static void name_combination(struct buf *out, const struct tmpl_group *g,
			     size_t which)
{
	for (size_t i = 0; i < g->over->kids->nr; i++) {
		const struct node *list = g->over->kids->item[i].value;
		size_t at = digit(g, which, i);
		const struct node *n = list->item->item[at];

		if (i)
			buf_char(out, '-');
		if (n->kind == NODE_ONE)
			name_of(out, n);
		else
			buf_fmt(out, "%s%zu", g->over->kids->item[i].key, at);
	}
}

int tmpl_matrix(struct tmpl_group *g, struct tmpl *t,
		const struct shape_where *w, const struct val *over)
{
	struct shape_where in = { w->file, NULL, "matrix", w };
	size_t nr;
	int err;

	g->matrix = true;
	g->over = tree(t, &in, over, true);
	if (!g->over)
		return ERR_INVALID;
	warn(t, w, true);
	g->item = node_new(t, NODE_MAP);
	err = spread(g, t, &in, over, &nr);
	for (size_t i = 0; !err && i < nr; i++) {
		struct buf name = BUF_INIT;

		name_combination(&name, g, i);
		err = add_name(g, t, w, over, &name, i);
		buf_clear(&name);
	}
	return err;
}

/* --- one of them ------------------------------------------------------------------------ */

int tmpl_set(struct tmpl *t, const struct shape_where *w,
	     const struct tmpl_group *g, size_t at)
{
	const char *key = g->names.item[at].key;
	size_t which = (size_t)(uintptr_t)g->names.item[at].value - 1;

	t->staged = true;
	if (g->matrix || g->over->kind == NODE_MAP)
		t->key = node_text(t, key, strlen(key));
	t->item = g->item;
	if (!g->matrix)
		t->item = g->over->kind == NODE_MAP ?
			g->over->kids->item[which].value :
			g->over->item->item[which];
	for (size_t i = 0; g->matrix && i < g->over->kids->nr; i++) {
		struct node *list = g->over->kids->item[i].value;

		map_put(g->item->kids, g->over->kids->item[i].key,
			list->item->item[digit(g, which, i)]);
	}
	return tmpl_spend(t, w, COST_NODE + 50 * KIDS(g->over));
}

void tmpl_group_clear(struct tmpl_group *g)
{
	map_clear(&g->names, NULL);
	*g = (struct tmpl_group)TMPL_GROUP_INIT;
}
