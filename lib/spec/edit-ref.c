#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "spec/canon.h"
#include "spec/edit-part.h"

#define DEEP 600	/* values within values, and references 5 each */
#define REF 5
#define LARGE 1000000
#define DONE (-1)	/* the line of a text that says "${" and means it */

struct refs {
	const struct val *root;
	const char *name;
	size_t left;		/* bytes that may still come out */
};

static int fill(struct refs *r, struct val *v, bool all, int depth);

static int bad(const struct refs *r, const struct val *v, const char *why)
{
	return err_set(ERR_INVALID, "%s: '%s': %s", r->name, v->s, why);
}

/* One part of "a.b[0]", which is cut off. */
static const struct val *step(const struct val *v, const char **path,
			      const char *end)
{
	const char *s = *path + (**path == '[');
	size_t len = 0;

	while (s + len < end && !strchr(".[]", s[len]))
		len++;
	v = len ? edit_child(v, s, len) : NULL;
	s += len;
	s += s < end && *s == ']';
	s += s < end && *s == '.';
	*path = s;
	return v;
}

/* The value that the text between braces names, a copy. */
static int look(struct val *out, struct refs *r, const struct val *v,
		const char *path, size_t len, int depth)
{
	const char *end = path + len, *s = path;
	const struct val *at = r->root;

	while (s < end && strchr(" \t", *s))
		s++;
	while (end > s && strchr(" \t", end[-1]))
		end--;
	if (memchr(s, ':', (size_t)(end - s)) || memchr(s, '$', (size_t)(end - s)))
		return bad(r, v, "'${...}' may only name another parameter here");
	if (s == end || *s == '.')
		return bad(r, v, "'${...}' must name a parameter from the top");
	while (at && s < end)
		at = step(at, &s, end);
	if (!at)
		return err_set(ERR_NOTFOUND, "%s has no parameter '%.*s', which "
			       "'%s' refers to", r->name, (int)len, path, v->s);
	val_copy(out, at);
	return fill(r, out, true, depth + REF);
}

static int add_ref(struct buf *out, struct refs *r, const struct val *v,
		   const char *path, size_t len, int depth)
{
	struct val value = VAL_INIT;
	int err = look(&value, r, v, path, len, depth);

	if (!err)
		canon_python(out, &value);
	val_clear(&value);
	return err;
}

/* Texts around and between references; "\${" says "${". */
static int weave(struct buf *out, struct refs *r, const struct val *v, int depth)
{
	const char *s = v->s, *at, *end;
	int err = 0;

	while (!err && (at = strstr(s, "${"))) {
		size_t n = 0;

		while (at - n > s && at[-(long)n - 1] == '\\')
			n++;
		buf_add(out, s, (size_t)(at - s) - n + n / 2);
		s = at + 2;
		if (n % 2) {
			buf_str(out, "${");
			continue;
		}
		end = strchr(s, '}');
		if (!end)
			return bad(r, v, "expected '}' behind '${'");
		err = add_ref(out, r, v, s, (size_t)(end - s), depth);
		s = end + 1;
	}
	buf_str(out, s);
	return err;
}

static int resolve(struct refs *r, struct val *v, int depth)
{
	const char *end = strchr(v->s, '}');
	struct buf text = BUF_INIT;
	struct val to = VAL_INIT;
	int err;

	if (strlen(v->s) != v->len)
		return bad(r, v, "a NUL in a text with '${...}'");
	if (!strncmp(v->s, "${", 2) && end && !end[1]) {
		err = look(&to, r, v, v->s + 2, (size_t)(end - v->s) - 2, depth);
	} else {
		err = weave(&text, r, v, depth);
		val_set_nstr(&to, text.s, text.len);
		to.line = DONE;
	}
	if (!err && text.len > r->left)
		err = bad(r, v, "too long when put together");
	if (!err)
		r->left -= text.len;
	buf_clear(&text);
	if (err) {
		val_clear(&to);
		return err;
	}
	val_clear(v);
	*v = to;
	return 0;
}

/* `all`: also texts that come from the file, as they are copied. */
static int fill(struct refs *r, struct val *v, bool all, int depth)
{
	int err = 0;

	if (depth > DEEP)
		return err_set(ERR_INVALID, "%s: a '${...}' refers to itself",
			       r->name);
	if (v->kind == VAL_STR && (!v->line || (all && v->line != DONE)) &&
	    strstr(v->s, "${"))
		return resolve(r, v, depth);
	if (all && r->left < v->nr + v->len)
		return err_set(ERR_INVALID, "%s: the values of '${...}' are "
			       "too long when put together", r->name);
	if (all)
		r->left -= v->nr + v->len;
	for (size_t i = 0; i < v->nr && !err; i++)
		err = fill(r, &v->item[i], all, depth + 1);
	return err;
}

/* The names in it are looked up in the tree as it was before. */
static int references(struct val *root, const char *name)
{
	struct val before = VAL_INIT;
	struct refs r = { &before, name, LARGE };
	int err;

	val_copy(&before, root);
	err = fill(&r, root, false, 0);
	val_clear(&before);
	return err;
}

/* --- and what else a file cannot say ------------------------------------------ */

/* Three question marks are no text for OmegaConf. */
static int no_marks(const struct val *v, const char *name)
{
	int err = 0;

	if (v->kind == VAL_STR && !v->line && v->len == 3 &&
	    strspn(v->s, "?") == 3)
		return err_set(ERR_INVALID, "%s: three question marks stand for "
			       "a value that is missing, so they cannot be one",
			       name);
	for (size_t i = 0; i < v->nr && !err; i++)
		err = no_marks(&v->item[i], name);
	return err;
}

static void text_keys(struct val *v)
{
	for (size_t i = 0; i < v->nr; i++) {
		if (v->kind == VAL_MAP && v->key[i].kind != VAL_STR) {
			char *key;

			val_key_text(&v->key[i], &key);
			val_set_str(&v->key[i], key);
			free(key);
		}
		text_keys(&v->item[i]);
	}
}

int edit_settle(struct val *root, const char *name, bool texts)
{
	int err = no_marks(root, name);

	if (!err)
		err = references(root, name);
	if (!err && texts)
		text_keys(root);
	return err;
}
