#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "spec/val-shape.h"
#include "spec/val.h"

/* --- words ------------------------------------------------------------ */

/* "stage 'train', 'model': ", outermost first. */
static void trail(struct buf *out, const struct shape_where *w)
{
	size_t was = out->len;

	if (w->up)
		trail(out, w->up);
	if (!w->name)
		return;
	if (out->len > was)
		buf_splice(out, out->len - 2, 2, ", ", 2);
	buf_fmt(out, "%s%s'%s': ", w->kind ? w->kind : "", w->kind ? " " : "",
		w->name);
}

__attribute__((format(printf, 4, 0)))
static int fail(const struct shape_where *w, int line, int column,
		const char *fmt, va_list ap)
{
	struct buf b = BUF_INIT;
	int err;

	buf_fmt(&b, "line %d", line ? line : 1);
	if (column)
		buf_fmt(&b, ", column %d", column);
	buf_str(&b, ": ");
	trail(&b, w);
	buf_vfmt(&b, fmt, ap);
	err = err_set(ERR_INVALID, "%s: %s", w->file, b.s);
	buf_clear(&b);
	return err;
}

int shape_fail(const struct shape_where *w, int line, const char *fmt, ...)
{
	va_list ap;
	int err;

	va_start(ap, fmt);
	err = fail(w, line, 0, fmt, ap);
	va_end(ap);
	return err;
}

int shape_at(const struct shape_where *w, int line, int column,
	     const char *fmt, ...)
{
	va_list ap;
	int err;

	va_start(ap, fmt);
	err = fail(w, line, column, fmt, ap);
	va_end(ap);
	return err;
}

const char *shape_kind(const struct val *v)
{
	static const char *const word[] = {
		[VAL_NULL] = "nothing", [VAL_BOOL] = "true or false",
		[VAL_INT] = "a number", [VAL_FLOAT] = "a number",
		[VAL_STR] = "text", [VAL_DATE] = "a date",
		[VAL_LIST] = "a list", [VAL_MAP] = "a map",
	};

	return word[v->kind];
}

static void wanted(struct buf *out, unsigned is)
{
	static const struct {
		unsigned is;
		const char *word;
	} words[] = {
		{ SHAPE_TEXT, "text" },
		{ SHAPE_BOOL, "true or false" },
		{ SHAPE_INT, "a whole number" },
		{ SHAPE_SUM, "a hash" },
		{ SHAPE_TEXTS, "a list of texts" },
		{ SHAPE_LIST | SHAPE_ITEMS, "a list" },
		{ SHAPE_MAP | SHAPE_SUB | SHAPE_EACH, "a map" },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (is & words[i].is)
			buf_fmt(out, "%s%s", out->len ? " or " : "",
				words[i].word);
}

/* Edits from a to b; a swap of neighbours counts as one. */
static size_t far(const char *a, const char *b)
{
	size_t la = strlen(a), lb = strlen(b), out;
	size_t *row = mem_new(3 * (lb + 1), sizeof(*row));
	size_t *older = row, *old = row + lb + 1, *now = old + lb + 1;

	for (size_t j = 0; j <= lb; j++)
		now[j] = j;
	for (size_t i = 1; i <= la; i++) {
		size_t *turn = older;

		older = old, old = now, now = turn;
		now[0] = i;
		for (size_t j = 1; j <= lb; j++) {
			size_t best = old[j - 1] + (a[i - 1] != b[j - 1]);

			if (old[j] + 1 < best)
				best = old[j] + 1;
			if (now[j - 1] + 1 < best)
				best = now[j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1] && older[j - 2] + 1 < best)
				best = older[j - 2] + 1;
			now[j] = best;
		}
	}
	out = now[lb];
	free(row);
	return out;
}

bool shape_near(const char *word, const char *meant, size_t *best)
{
	size_t len = strlen(meant), d;

	if (len > 200 || strlen(word) > 200)
		return false;
	d = far(word, meant);
	if (d >= *best || d > 1 + len / 4 || d >= len)
		return false;
	*best = d;
	return true;
}

/* --- checking ---------------------------------------------------------- */

static int fits(const struct shape_where *w, const struct shape *row,
		const struct val *v, const char *name, int line);

static bool clean(const struct val *v)
{
	return v->kind == VAL_STR && !memchr(v->s, 0, v->len);
}

static bool texts(const struct val *v)
{
	for (size_t i = 0; i < v->nr; i++)
		if (!clean(&v->item[i]))
			return false;
	return v->kind == VAL_LIST;
}

static bool sum(const struct val *v)
{
	return v->kind == VAL_NULL || (v->kind == VAL_INT && v->len > 2) ||
		(clean(v) && (!v->len || v->len > 2));
}

static bool scalar(unsigned is, const struct val *v)
{
	return (is & SHAPE_ANY) ||
		(is & SHAPE_TEXT && clean(v)) ||
		(is & SHAPE_BOOL && v->kind == VAL_BOOL) ||
		(is & SHAPE_INT &&
		 (v->kind == VAL_INT || v->kind == VAL_BOOL)) ||
		(is & SHAPE_SUM && sum(v)) ||
		(is & SHAPE_NULL && v->kind == VAL_NULL) ||
		(is & SHAPE_LIST && v->kind == VAL_LIST) ||
		(is & SHAPE_MAP && v->kind == VAL_MAP) ||
		(is & SHAPE_TEXTS && texts(v));
}

static int unknown(const struct shape_where *w, const struct shape *table,
		   const struct val *key)
{
	const char *meant = NULL;
	size_t best = SIZE_MAX;
	struct buf b = BUF_INIT;
	char *text = NULL;

	val_key_text(key, &text);
	for (; table->key; table++)
		if (shape_near(text, table->key, &best))
			meant = table->key;
	buf_fmt(&b, "unknown key '%s'", text);
	for (const struct shape_where *at = w; at; at = at->up)
		if (at->name)
			buf_fmt(&b, " in %s%s'%s'", at->kind ? at->kind : "",
				at->kind ? " " : "", at->name);
	if (meant)
		buf_fmt(&b, " (did you mean '%s'?)", meant);
	err_set(ERR_INVALID, "%s: line %d: %s", w->file,
		key->line ? key->line : 1, b.s);
	buf_clear(&b);
	free(text);
	return ERR_INVALID;
}

static const struct shape *row_of(const struct shape *table,
				  const struct val *key)
{
	for (; table->key; table++)
		if (clean(key) && !strcmp(table->key, key->s))
			return table;
	return NULL;
}

int shape_check(const struct shape_where *w, const struct shape *table,
		const struct val *v)
{
	if (v->kind != VAL_MAP)
		return shape_fail(w, v->line, "a map is needed, not %s",
				  shape_kind(v));
	for (size_t i = 0; i < v->nr; i++) {
		const struct shape *row = row_of(table, &v->key[i]);
		int err = row ? fits(w, row, &v->item[i], row->key,
				     v->key[i].line) :
			unknown(w, table, &v->key[i]);

		if (err)
			return err;
	}
	for (; table->key; table++)
		if (table->is & SHAPE_MUST && !val_get(v, table->key))
			return shape_fail(w, v->line, "no '%s'", table->key);
	return 0;
}

static int each(const struct shape_where *w, const struct shape *row,
		const struct val *v)
{
	for (size_t i = 0; i < v->nr; i++) {
		struct shape_where in = { w->file, NULL, v->key[i].s, w };
		int err;

		if (!clean(&v->key[i]))
			return shape_fail(w, v->key[i].line,
					  "a name must be text, not %s",
					  shape_kind(&v->key[i]));
		err = row->is & SHAPE_SUB && v->item[i].kind == VAL_MAP ?
			shape_check(&in, row->sub, &v->item[i]) :
			fits(w, row, &v->item[i], v->key[i].s, v->key[i].line);
		if (err)
			return err;
	}
	return 0;
}

static int items(const struct shape_where *w, const struct shape *row,
		 const struct val *v, const char *name)
{
	for (size_t i = 0; i < v->nr; i++) {
		int err = fits(w, row, &v->item[i], name, v->item[i].line);

		if (err)
			return err;
	}
	return 0;
}

static int fits(const struct shape_where *w, const struct shape *row,
		const struct val *v, const char *name, int line)
{
	struct shape_where in = { w->file, NULL, name, w };
	struct buf want = BUF_INIT;
	int err;

	if (row->is & SHAPE_ONE && v->nr > 1)
		return shape_fail(w, line, "'%s' may hold one entry", name);
	if (row->is & SHAPE_SOME && v->kind == VAL_MAP && !v->nr)
		return shape_fail(w, line, "an empty map in '%s'", name);
	if (scalar(row->is, v))
		return 0;
	if (row->is & SHAPE_SUB && v->kind == VAL_MAP)
		return shape_check(&in, row->sub, v);
	if (row->is & SHAPE_EACH && v->kind == VAL_MAP)
		return each(w, row->sub, v);
	if (row->is & SHAPE_ITEMS && v->kind == VAL_LIST)
		return items(w, row->sub, v, name);
	if (v->kind == VAL_STR && row->is & SHAPE_TEXT)
		return shape_fail(w, line, "'%s' holds a NUL byte", name);
	wanted(&want, row->is);
	err = shape_fail(w, line, "'%s' must be %s, not %s", name, want.s,
			 shape_kind(v));
	buf_clear(&want);
	return err;
}
