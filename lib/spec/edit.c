#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "spec/edit.h"
#include "spec/edit-part.h"
#include "spec/params.h"
#include "spec/val-shape.h"

static int is_format(const char *name, const char *suffix)
{
	size_t len = strlen(name), n = strlen(suffix);

	return len >= n && !strcmp(name + len - n, suffix);
}

static int read(struct val *out, const struct buf *text, const char *name)
{
	if (is_format(name, ".json"))
		return val_json(out, text->s, text->len, name);
	if (is_format(name, ".toml") || is_format(name, ".py"))
		return err_set(ERR_INVALID, "%s: changing '%s' files is not "
			       "supported yet", name, strrchr(name, '.'));
	return val_yaml(out, text->s, text->len, name);
}

/* --- what the file must say afterwards ------------------------------- */

static struct val *follow(const struct edit_site *s, struct val *v, size_t nr)
{
	for (size_t i = 1; i < nr; i++)
		v = &v->item[s->step[i].i];
	return v;
}

static void put(struct val *v, const char *rest, const struct val *value)
{
	while (*rest) {
		size_t len = strcspn(rest, ".");
		char *key = mem_ndup(rest, len);

		if (v->kind != VAL_MAP)
			val_set_map(v);
		v = val_put(v, key);
		rest += len + (rest[len] == '.');
		free(key);
	}
	val_copy(v, value);
}

static void expect(struct val *out, const struct val *root,
		   const struct edit_site *s, const struct edit *e)
{
	val_copy(out, root);
	if (e->op == EDIT_DROP && s->nr > 1)
		val_drop(follow(s, out, s->nr - 1), s->step[s->nr - 1].i);
	else
		put(follow(s, out, s->nr), s->rest, &e->value);
}

static bool same_float(double a, double b)
{
	return !memcmp(&a, &b, sizeof(a)) || (a != a && b != b);
}

/* Stricter than Python's ==: 1 is not 1.0, and the order counts. */
static bool same(const struct val *a, const struct val *b)
{
	if (a->kind != b->kind || a->nr != b->nr || a->len != b->len ||
	    a->b != b->b)
		return false;
	if (a->kind == VAL_FLOAT)
		return same_float(a->f, b->f);
	if (a->len)
		return !memcmp(a->s, b->s, a->len);
	for (size_t i = 0; i < a->nr; i++)
		if (!same(&a->item[i], &b->item[i]) ||
		    (a->kind == VAL_MAP && !same(&a->key[i], &b->key[i])))
			return false;
	return true;
}

/* --- keys that are not there ----------------------------------------- */

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

static int missing(const struct edit_site *s, const struct val *root,
		   const struct edit *e)
{
	struct near n = { s->key, SIZE_MAX, NULL };

	err_set(ERR_NOTFOUND, "%s has no parameter '%s'", s->name, s->key);
	params_flat(root, nearest, &n);
	if (n.name)
		err_hint(ERR_NOTFOUND, "did you mean '%s'?", n.name);
	free(n.name);
	if (e->op == EDIT_SET)
		err_hint(ERR_NOTFOUND, "to add it write '+%s=...'", s->key);
	return ERR_NOTFOUND;
}

/* --- the change ------------------------------------------------------ */

static int change(struct edit_site *s, const struct val *root,
		  const struct edit *e)
{
	bool there = !*s->rest;

	if (!there && (e->op == EDIT_SET || e->op == EDIT_DROP))
		return missing(s, root, e);
	if (there && e->op == EDIT_ADD) {
		err_set(ERR_EXISTS, "%s already has a parameter '%s'", s->name,
			s->key);
		return err_hint(ERR_EXISTS, "to change it write '%s=...'",
				s->key);
	}
	if (e->op == EDIT_DROP)
		return edit_drop(s);
	return there ? edit_set(s, &e->value) : edit_add(s, &e->value);
}

/* The safety net: the new text says what it should, and nothing else. */
static int prove(const struct buf *text, const struct val *want,
		 const struct edit_site *s)
{
	struct val now = VAL_INIT;
	int err = read(&now, text, s->name);

	if (err || !same(want, &now)) {
		err = err_set(ERR_INVALID, "%s: cannot change '%s' without "
			      "touching more than that", s->name, s->key);
		err_hint(err, "change it in the file by hand");
	}
	val_clear(&now);
	return err;
}

int edit_apply(struct buf *text, const char *name, const struct edit *e)
{
	struct buf copy = BUF_INIT;
	struct val root = VAL_INIT, want = VAL_INIT;
	struct edit_site *s = mem_new(1, sizeof(*s));
	int err = read(&root, text, name);

	buf_add(&copy, text->s, text->len);
	s->text = &copy;
	s->name = name;
	s->key = e->key;
	s->json = is_format(name, ".json");
	if (!err)
		err = edit_find(s, &root);
	if (!err) {
		expect(&want, &root, s, e);
		err = change(s, &root, e);
	}
	if (!err)
		err = prove(&copy, &want, s);
	if (!err) {
		buf_reset(text);
		buf_add(text, copy.s, copy.len);
	}
	free(s);
	buf_clear(&copy);
	val_clear(&root);
	val_clear(&want);
	return err;
}
