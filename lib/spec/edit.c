#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "spec/edit.h"
#include "spec/edit-part.h"
#include "spec/params.h"

#define MOST 1000	/* places that a few words may change */

static int read(struct val *out, const struct buf *text, const char *name)
{
	return params_parse(out, text->s, text->len, params_writer(name), name);
}

/* JSON and TOML know only texts as keys. */
static bool texts_only(const char *name)
{
	enum params_format form = params_writer(name);

	return form == PARAMS_JSON || form == PARAMS_TOML;
}

/* --- what the file must say afterwards -------------------------------------- */

static int expect(struct val *out, const struct val *root, const char *name,
		  const struct edit *e, size_t nr)
{
	int err = 0;

	val_copy(out, root);
	for (size_t i = 0; i < nr && !err; i++)
		err = edit_want(out, &e[i], name);
	return err ? err : edit_settle(out, name, texts_only(name));
}

/* --- the change --------------------------------------------------------------- */

/* The dotted key of what a change is about. */
static char *dotted(const struct val *root, const struct edit_change *c)
{
	struct buf b = BUF_INIT;
	const struct val *v = root;
	char *part;

	for (size_t i = 0; i < c->nr; i++) {
		if (i)
			buf_char(&b, '.');
		if (v->kind == VAL_MAP) {
			val_key_text(&v->key[c->path[i]], &part);
			buf_str(&b, part);
			free(part);
		} else {
			buf_fmt(&b, "%zu", c->path[i]);
		}
		v = &v->item[c->path[i]];
	}
	if (c->what == EDIT_MORE) {
		val_key_text(c->key, &part);
		buf_fmt(&b, "%s%s", b.len ? "." : "", part);
		free(part);
	}
	return buf_take(&b);
}

static int change_lines(struct buf *text, const char *name,
			const struct val *root, const struct edit_change *c,
			char *key)
{
	struct edit_site *s = mem_new(1, sizeof(*s));
	int err;

	s->text = text;
	s->name = name;
	s->key = key;
	s->json = params_writer(name) == PARAMS_JSON;
	err = edit_find(s, root, c);
	if (!err && c->what == EDIT_CHANGE)
		err = edit_set(s, c->value);
	else if (!err && c->what == EDIT_MORE)
		err = edit_add(s, c->key, c->value);
	else if (!err)
		err = edit_drop(s);
	free(s);
	return err;
}

static int change(struct buf *text, const char *name, const struct val *root,
		  const struct edit_change *c, char *key)
{
	switch (params_writer(name)) {
	case PARAMS_TOML:
		return edit_toml(text, name, root, c, key);
	case PARAMS_PY:
		return edit_py(text, name, root, c, key);
	default:
		return change_lines(text, name, root, c, key);
	}
}

/* What the tree of the text must be after the change. */
static void follow(struct val *tree, const struct edit_change *c)
{
	struct val *v = tree;

	for (size_t i = 0; i + (c->what == EDIT_LESS) < c->nr; i++)
		v = &v->item[c->path[i]];
	if (c->what == EDIT_LESS) {
		val_drop(v, c->path[c->nr - 1]);
	} else if (c->what == EDIT_MORE) {
		val_copy(val_add(v), c->value);
		val_copy(&v->key[v->nr - 1], c->key);
	} else {
		val_copy(v, c->value);
	}
}

/* The new text says that, and nothing else. */
static bool proven(struct val *root, const struct buf *text, const char *name,
		   const struct edit_change *c)
{
	struct val old = *root;
	struct edit_change more = { .what = EDIT_LESS };

	*root = (struct val)VAL_INIT;
	follow(&old, c);
	if (!read(root, text, name))
		edit_diff(&more, root, &old);
	val_clear(&old);
	return more.what == EDIT_SAME;
}

/* Step by step towards the wanted tree. */
static int approach(struct buf *text, const char *name, struct val *root,
		    const struct val *want)
{
	struct edit_change c;
	int err = 0;

	for (size_t n = 0; !err; n++) {
		char *key;

		edit_diff(&c, root, want);
		if (c.what == EDIT_SAME)
			break;
		key = dotted(root, &c);
		err = n < MOST ? change(text, name, root, &c, key) :
			err_set(ERR_INVALID, "%s: more than %d places to "
				"change", name, MOST);
		if (!err && !proven(root, text, name, &c)) {
			err_set(ERR_INVALID, "%s: cannot change '%s' without "
				"touching more than that", name, key);
			err = err_hint(ERR_INVALID, "change it in the file by "
				       "hand");
		}
		free(key);
	}
	return err;
}

int edit_apply_all(struct buf *text, const char *name, const struct edit *e,
		   size_t nr)
{
	struct buf copy = BUF_INIT;
	struct val root = VAL_INIT, want = VAL_INIT;
	enum params_format form = params_writer(name);
	int err = read(&root, text, name);

	buf_add(&copy, text->s, text->len);
	if (!err)
		err = expect(&want, &root, name, e, nr);
	if (!err && !root.nr && want.nr && (form == PARAMS_JSON ||
					    form == PARAMS_YAML)) {
		edit_room(&copy, form == PARAMS_JSON);
		val_clear(&root);
		err = read(&root, &copy, name);
	}
	if (!err)
		err = approach(&copy, name, &root, &want);
	if (!err) {
		buf_reset(text);
		buf_add(text, copy.s, copy.len);
	}
	buf_clear(&copy);
	val_clear(&root);
	val_clear(&want);
	return err;
}

int edit_apply(struct buf *text, const char *name, const struct edit *e)
{
	return edit_apply_all(text, name, e, 1);
}
