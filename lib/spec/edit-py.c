#include <math.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "spec/edit-part.h"
#include "spec/val.h"

static void text_of(struct buf *b, const struct val *v, char quote)
{
	buf_char(b, quote);
	for (size_t i = 0; i < v->len; i++) {
		char c = v->s[i];

		if (c == quote || c == '\\')
			buf_fmt(b, "\\%c", c);
		else if (c == '\n')
			buf_str(b, "\\n");
		else if (c == '\t')
			buf_str(b, "\\t");
		else if (c == '\r')
			buf_str(b, "\\r");
		else if ((unsigned char)c < 0x20 || c == 0x7f)
			buf_fmt(b, "\\x%02x", (unsigned)c);
		else
			buf_char(b, c);
	}
	buf_char(b, quote);
}

/* There is no literal of an infinite number, but of one too big. */
static void float_of(struct buf *b, double f)
{
	char text[VAL_FLOAT_MAX];

	if (isinf(f)) {
		buf_str(b, f < 0 ? "-1e999" : "1e999");
		return;
	}
	val_float(f, text);
	buf_str(b, text);
}

static void literal(struct buf *b, const struct val *v, const struct val *old);

static void items(struct buf *b, const struct val *v, const struct val *old)
{
	bool tuple = old && old->kind == VAL_LIST && old->style == VAL_PLAIN;
	const char *ends = v->kind == VAL_MAP ? "{}" : tuple ? "()" : "[]";

	buf_char(b, ends[0]);
	for (size_t i = 0; i < v->nr; i++) {
		if (i)
			buf_str(b, ", ");
		if (v->kind == VAL_MAP) {
			literal(b, &v->key[i], NULL);
			buf_str(b, ": ");
		}
		literal(b, &v->item[i], NULL);
	}
	if (tuple && v->nr == 1)
		buf_char(b, ',');
	buf_char(b, ends[1]);
}

/* `old` says which quotes and brackets to keep, or is NULL. */
static void literal(struct buf *b, const struct val *v, const struct val *old)
{
	switch (v->kind) {
	case VAL_NULL:
		buf_str(b, "None");
		break;
	case VAL_BOOL:
		buf_str(b, v->b ? "True" : "False");
		break;
	case VAL_FLOAT:
		float_of(b, v->f);
		break;
	case VAL_STR:
		text_of(b, v, old && old->kind == VAL_STR &&
			old->style == VAL_DOUBLE ? '"' : '\'');
		break;
	case VAL_LIST:
	case VAL_MAP:
		items(b, v, old);
		break;
	default:
		buf_add(b, v->s, v->len);
	}
}

static bool has_nan(const struct val *v)
{
	bool found = v->kind == VAL_FLOAT && isnan(v->f);

	for (size_t i = 0; i < v->nr && !found; i++)
		found = has_nan(&v->item[i]);
	return found;
}

static int refuse(const char *name, const char *key, const char *why)
{
	int err = err_set(ERR_INVALID, "%s: %s '%s'", name, why, key);

	return err_hint(err, "change it in the file by hand");
}

int edit_py(struct buf *text, const char *name, const struct val *root,
	    const struct edit_change *c, const char *key)
{
	const struct val *old = root;
	struct buf b = BUF_INIT;

	if (c->what == EDIT_MORE)
		return refuse(name, key, "a Python file cannot be given "
			      "another parameter:");
	if (c->what == EDIT_LESS)
		return refuse(name, key, "a Python file cannot lose a "
			      "parameter:");
	for (size_t i = 0; i < c->nr; i++)
		old = &old->item[c->path[i]];
	if (old->kind == VAL_MAP || c->value->kind == VAL_MAP)
		return refuse(name, key, "in a Python file no dict and no "
			      "class can come or go:");
	if (has_nan(c->value))
		return refuse(name, key, "Python has no literal for nan, for");
	literal(&b, c->value, old);
	buf_splice(text, old->at, old->end - old->at, b.s, b.len);
	buf_clear(&b);
	return 0;
}
