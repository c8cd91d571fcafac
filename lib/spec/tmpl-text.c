#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "spec/canon.h"
#include "spec/tmpl-part.h"
#include "spec/val-shape.h"

/* --- finding "${...}" --------------------------------------------------------- */

bool match_next(struct match *m, const char *s, size_t len, size_t from)
{
	for (size_t i = from; i + 1 < len; i++) {
		size_t end = i + 2;

		if (s[i] != '$' || s[i + 1] != '{' || (i && s[i - 1] == '\\'))
			continue;
		while (end < len && s[end] != '}' && s[end] != '\n')
			end++;
		if (end < len && s[end] == '}') {
			*m = (struct match){ i, end + 1, s + i + 2,
					     end - i - 2 };
			return true;
		}
		i = end;
	}
	return false;
}

bool match_whole(const struct match *m, const struct val *v)
{
	return !m->at && m->end == v->len;
}

/* A part of a name; where it ends, or `at` when there is none. */
static size_t word(const struct match *m, size_t at)
{
	while (at < m->len && !strchr(".[]", m->name[at]))
		at++;
	return at;
}

long match_mistake(const struct match *m)
{
	size_t at = word(m, 0), from;

	if (!at)
		return 0;
	while (at < m->len) {
		bool index = m->name[at] == '[';

		if (!index && m->name[at] != '.')
			return (long)at;
		from = at + 1;
		at = word(m, from);
		if (at == from)
			return (long)at;
		if (index && (at == m->len || m->name[at] != ']'))
			return (long)at;
		at += index;
		while (index && at < m->len && strchr(" \t\r", m->name[at]))
			at++;
	}
	return -1;
}

/* --- options of a command -------------------------------------------------------- */

static void quote(struct buf *out, const char *s, size_t len)
{
	bool safe = len > 0;

	for (size_t i = 0; i < len; i++)
		safe &= s[i] && !!strchr("abcdefghijklmnopqrstuvwxyz"
			"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-", s[i]);
	if (safe) {
		buf_add(out, s, len);
		return;
	}
	buf_char(out, '\'');
	for (size_t i = 0; i < len; i++)
		if (s[i] == '\'')
			buf_str(out, "'\"'\"'");
		else
			buf_char(out, s[i]);
	buf_char(out, '\'');
}

static void put_one(struct buf *out, const struct node *n)
{
	if (n->v->kind == VAL_STR)
		quote(out, n->v->s, n->v->len);
	else
		canon_python(out, n->v);
	buf_char(out, ' ');
}

struct options {
	struct tmpl *t;
	const struct shape_where *w;
	struct buf *out;
	unsigned style;
	struct map seen;
};

static int put_list(struct options *o, const char *key, const struct node *n)
{
	for (size_t i = 0; i < n->item->nr; i++) {
		if (n->item->item[i]->kind != NODE_ONE) {
			o->t->trouble = "ResolveError";
			return shape_fail(o->w, 0, "a list in '%s' holds a list "
					  "or a map, which cannot be an option",
					  key);
		}
		if (!i || o->style & TMPL_APPEND)
			buf_fmt(o->out, "--%s ", key);
		put_one(o->out, n->item->item[i]);
	}
	return tmpl_spend(o->t, o->w, (strlen(key) + 50) * n->item->nr);
}

static int put_option(struct options *o, const char *key, const struct node *n)
{
	const struct val *v = n->v;

	if (map_find(&o->seen, key) >= 0) {
		o->t->trouble = "ValueError";
		return shape_fail(o->w, 0, "'%s' is in the map twice", key);
	}
	map_put(&o->seen, key, NULL);
	if (n->kind == NODE_LIST)
		return put_list(o, key, n);
	if (v->kind == VAL_BOOL) {
		if (v->b || o->style & TMPL_NO_FLAGS)
			buf_fmt(o->out, "--%s%s ", v->b ? "" : "no-", key);
		return 0;
	}
	buf_fmt(o->out, "--%s ", key);
	put_one(o->out, n);
	return 0;
}

static int put_map(struct options *o, struct buf *key, const struct node *n)
{
	size_t len = key->len, was = o->out->len;
	int err = 0;

	for (size_t i = 0; !err && i < n->kids->nr; i++) {
		const struct node *kid = n->kids->item[i].value;

		if (len)
			buf_char(key, '.');
		buf_str(key, n->kids->item[i].key);
		err = tmpl_spend(o->t, o->w, 2 * COST_KEY + key->len);
		if (!err && kid->kind == NODE_MAP)
			err = put_map(o, key, kid);
		else if (!err)
			err = put_option(o, key->s, kid);
		buf_cut(key, len);
	}
	return err ? err : tmpl_spend(o->t, o->w, o->out->len - was);
}

static int options(struct tmpl *t, const struct shape_where *w,
		   struct buf *out, const struct node *n, unsigned style)
{
	struct options o = { t, w, out, style, MAP_INIT };
	struct buf key = BUF_INIT;
	size_t from = out->len;
	int err = put_map(&o, &key, n);

	while (out->len > from && strchr(" \t\n\r\f\v", out->s[out->len - 1]))
		buf_cut(out, out->len - 1);
	map_clear(&o.seen, NULL);
	buf_clear(&key);
	return err;
}

/* --- text ------------------------------------------------------------------------- */

int text_add(struct tmpl *t, const struct shape_where *w, struct buf *out,
	     const struct node *n, unsigned style)
{
	struct val v = VAL_INIT;
	size_t was = out->len;
	int err;

	if (n->kind == NODE_MAP)
		return options(t, w, out, n, style);
	if (n->kind == NODE_LIST) {
		err = node_value(t, w, &v, n);
		if (!err)
			canon_python(out, &v);
		val_clear(&v);
		return err;
	}
	if (n->v->kind == VAL_STR)
		buf_add(out, n->v->s, n->v->len);
	else if (n->v->kind == VAL_BOOL)
		buf_str(out, n->v->b ? "true" : "false");
	else
		canon_python(out, n->v);
	return tmpl_spend(t, w, out->len - was);
}

/* --- taking ----------------------------------------------------------------------- */

static int remember(struct tmpl *t, const struct shape_where *w, struct node *n)
{
	struct val *file;
	size_t len;
	char *path;

	if (!t->track || !n->file || n->kind != NODE_ONE ||
	    n->stamp == t->stamp)
		return 0;
	n->stamp = t->stamp;
	path = node_path(n);
	if (t->used.kind != VAL_MAP)
		val_set_map(&t->used);
	file = val_put(&t->used, n->source);
	if (file->kind != VAL_MAP)
		val_set_map(file);
	val_copy(val_add(file), n->v);
	val_set_str(&file->key[file->nr - 1], path);
	len = strlen(path) + n->v->len;
	free(path);
	return tmpl_keep(t, w, 2 * sizeof(*file) + 64 + len);
}

static int check(struct tmpl *t, const struct shape_where *w,
		 const struct val *in, const struct match *m)
{
	long at = match_mistake(m);

	if (at < 0)
		return 0;
	if ((size_t)at == m->len)
		return tmpl_fail(t, w, in, m, "ResolveError", "'${%.*s}' lacks "
				 "%s before the '}'", (int)m->len, m->name,
				 m->len && memchr(m->name, '[', m->len) &&
				 m->name[m->len - 1] != '.' &&
				 m->name[m->len - 1] != '[' ? "a ']'" :
				 "a name");
	return tmpl_fail(t, w, in, m, "ResolveError", "'${%.*s}' is no name: "
			 "'%.*s' is not expected", (int)m->len, m->name,
			 (int)(m->len - (size_t)at), m->name + at);
}

int text_take(struct tmpl *t, const struct shape_where *w,
	      const struct val *in, const struct match *m, unsigned how,
	      struct node **out)
{
	char *bad = NULL;
	int err = check(t, w, in, m);

	if (err)
		return err;
	*out = node_find(t, m->name, m->len, &bad);
	if (!*out)
		err = tmpl_missing(t, w, in, m, bad);
	else
		err = remember(t, w, *out);
	free(bad);
	if (err || how & TMPL_ANY || (*out)->kind == NODE_ONE ||
	    (how & TMPL_CMD && (*out)->kind == NODE_MAP))
		return err;
	return tmpl_fail(t, w, in, m, "ResolveError", "'${%.*s}' is a %s, "
			 "which cannot stand in text", (int)m->len, m->name,
			 (*out)->kind == NODE_LIST ? "list" : "map");
}

static void unescape(struct buf *b)
{
	size_t to = 0;

	for (size_t i = 0; i < b->len; i++)
		if (b->s[i] != '\\' || b->s[i + 1] != '$' || b->s[i + 2] != '{')
			b->s[to++] = b->s[i];
	if (b->len)
		buf_cut(b, to);
}

int text_fill(struct tmpl *t, const struct shape_where *w, struct buf *out,
	      const struct val *in, unsigned how)
{
	size_t at = 0;
	struct match m;
	int err = tmpl_spend(t, w, in->len);

	while (!err && match_next(&m, in->s, in->len, at)) {
		struct node *n;

		buf_add(out, in->s + at, m.at - at);
		err = text_take(t, w, in, &m, how, &n);
		if (!err)
			err = text_add(t, w, out, n,
				       how & TMPL_CMD ? t->style : 0);
		if (!err && out->len > t->room)
			err = tmpl_keep(t, w, out->len);
		at = m.end;
	}
	buf_add(out, in->s + at, in->len - at);
	unescape(out);
	return err;
}

int tmpl_check(struct tmpl *t, const struct shape_where *w,
	       const struct val *v)
{
	struct match m;
	int err = 0;

	for (size_t at = 0; v->kind == VAL_STR && !err &&
	     match_next(&m, v->s, v->len, at); at = m.end)
		err = check(t, w, v, &m);
	for (size_t i = 0; !err && i < v->nr; i++) {
		if (v->kind == VAL_MAP)
			err = tmpl_check(t, w, &v->key[i]);
		if (!err)
			err = tmpl_check(t, w, &v->item[i]);
	}
	return err;
}
