#include <stdlib.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "spec/edit-word.h"
#include "spec/val-map.h"

#define DEEP 100

static int element(struct edit_lex *l, struct edit_word *out, int depth);

/* --- single values ------------------------------------------------------- */

/* Backslashes count only before the quote; half of them stay. */
static void take_quoted(struct val *out, const struct edit_lex *l)
{
	struct buf text = BUF_INIT;
	const char *s = l->at + 1, *end = l->at + l->len - 1;

	while (s < end) {
		size_t n = strspn(s, "\\");
		bool before = s + n == end || s[n] == *l->at;

		buf_add(&text, s, before ? n / 2 : n);
		s += n;
		if (s < end)
			buf_char(&text, *s++);
	}
	val_set_nstr(out, text.s, text.len);
	out->style = *l->at == '"' ? VAL_DOUBLE : VAL_SINGLE;
	buf_clear(&text);
}

static int take_number(struct val *out, const struct edit_lex *l,
		       enum edit_token is, const char *s, size_t len)
{
	struct buf plain = BUF_INIT;
	bool fine = true;

	for (size_t i = *s == '+'; i < len; i++)
		if (s[i] != '_')
			buf_char(&plain, s[i]);
	if (is == EDIT_FLOAT)
		val_set_float(out, strtod(plain.s, NULL));
	else
		fine = val_scalar(out, plain.s, plain.len);
	buf_clear(&plain);
	return fine ? 0 : err_set(ERR_INVALID, "'%s': the number is too long",
				  l->arg);
}

/* One token has a type of its own; several are text. */
static int take_plain(struct val *out, const struct edit_lex *l,
		      enum edit_token is, const struct buf *text)
{
	switch (is) {
	case EDIT_FLOAT:
	case EDIT_INT:
		return take_number(out, l, is, text->s, text->len);
	case EDIT_NULL:
		val_set_null(out);
		return 0;
	case EDIT_BOOL:
		val_set_bool(out, *text->s == 't' || *text->s == 'T');
		return 0;
	default:
		val_set_nstr(out, text->s, text->len);
		return 0;
	}
}

static void add_token(struct buf *text, const struct edit_lex *l)
{
	if (l->is == EDIT_ESC)
		for (size_t i = 1; i < l->len; i += 2)
			buf_char(text, l->at[i]);
	else
		buf_add(text, l->at, l->len);
}

/* Blanks at both ends are dropped, those between words stay. */
static int primitive(struct edit_lex *l, struct val *out, enum edit_token first)
{
	struct buf text = BUF_INIT;
	enum edit_token is = EDIT_BLANK;
	size_t nr = 0, keep = 0;
	int err;

	if (l->is < first)
		return edit_expected(l, "a value");
	if (l->is == EDIT_BLANK)
		edit_lex_next(l);
	for (; l->is >= first; edit_lex_next(l)) {
		add_token(&text, l);
		if (l->is == EDIT_BLANK)
			continue;
		is = l->is;
		nr++;
		keep = text.len;
	}
	buf_cut(&text, keep);
	err = nr ? take_plain(out, l, nr == 1 ? is : EDIT_BLANK, &text) :
		   edit_expected(l, "a value");
	buf_clear(&text);
	return err;
}

/* --- collections --------------------------------------------------------- */

/* What stands in a list or map may be anything but a sweep. */
static int inner(struct edit_lex *l, struct val *out, int depth)
{
	struct edit_word w = { 0 };
	int err = element(l, &w, depth + 1);

	if (!err && w.kind != EDIT_ONE)
		err = err_set(ERR_INVALID, "'%s': a sweep cannot stand inside "
			      "of a list or map", l->arg);
	if (!err)
		*out = w.v;
	else
		val_clear(&w.v);
	return err;
}

static int list(struct edit_lex *l, struct val *out, int depth)
{
	int err = 0;

	val_set_list(out);
	edit_lex_next(l);
	while (!err && l->is != EDIT_LCLOSE) {
		if (out->nr && l->is != EDIT_COMMA)
			return edit_expected(l, "',' or ']'");
		if (out->nr)
			edit_lex_next(l);
		err = inner(l, val_add(out), depth);
	}
	if (!err)
		edit_lex_next(l);
	return err;
}

static int pair(struct edit_lex *l, struct val *map, struct keys *k, int depth)
{
	struct val key = VAL_INIT, item = VAL_INIT;
	int err = primitive(l, &key, EDIT_FLOAT);

	if (!err && l->is != EDIT_COLON)
		err = edit_expected(l, "':'");
	if (!err && key.kind == VAL_NULL)
		err = err_set(ERR_INVALID, "'%s': null cannot be a key", l->arg);
	if (!err) {
		edit_lex_next(l);
		err = inner(l, &item, depth);
	}
	if (!err)
		keys_set(k, map, &key, &item);
	val_clear(&key);
	val_clear(&item);
	return err;
}

static int map(struct edit_lex *l, struct val *out, int depth)
{
	struct keys k = KEYS_INIT;
	int err = 0;

	val_set_map(out);
	edit_lex_next(l);
	for (bool first = true; !err && l->is != EDIT_MCLOSE; first = false) {
		if (!first && l->is != EDIT_COMMA)
			err = edit_expected(l, "',' or '}'");
		if (!first)
			edit_lex_next(l);
		if (!err)
			err = pair(l, out, &k, depth);
	}
	if (!err)
		edit_lex_next(l);
	keys_clear(&k);
	return err;
}

/* --- functions ----------------------------------------------------------- */

static bool is_call(const struct edit_lex *l)
{
	struct edit_lex next = *l;

	if (l->is != EDIT_ID)
		return false;
	edit_lex_next(&next);
	return next.is == EDIT_POPEN;
}

static int argument(struct edit_lex *l, struct edit_call *c, int depth)
{
	struct edit_lex next = *l;
	struct edit_arg *a;

	edit_lex_next(&next);
	ARRAY_GROW(c);
	a = &c->item[c->nr++];
	*a = (struct edit_arg){ 0 };
	if (l->is == EDIT_ID && next.is == EDIT_EQUAL) {
		a->name = mem_ndup(l->at, l->len);
		*l = next;
		edit_lex_next(l);
	} else if (c->nr > 1 && c->item[c->nr - 2].name) {
		return edit_call_bad(c, "takes values without a name only "
				     "before those with one");
	}
	return element(l, &a->word, depth + 1);
}

static int function(struct edit_lex *l, struct edit_word *out, int depth)
{
	struct edit_call c = { .arg = l->arg, .name = mem_ndup(l->at, l->len) };
	int err = 0;

	edit_lex_next(l);
	edit_lex_next(l);
	while (!err && l->is != EDIT_PCLOSE) {
		if (c.nr && l->is != EDIT_COMMA) {
			err = edit_expected(l, "',' or ')'");
			break;
		}
		if (c.nr)
			edit_lex_next(l);
		err = argument(l, &c, depth);
	}
	if (!err)
		err = edit_call(out, &c);
	if (!err)
		edit_lex_next(l);
	for (size_t i = 0; i < c.nr; i++) {
		free(c.item[i].name);
		val_clear(&c.item[i].word.v);
	}
	free(c.item);
	free(c.name);
	return err;
}

static int element(struct edit_lex *l, struct edit_word *out, int depth)
{
	if (depth > DEEP)
		return err_set(ERR_INVALID, "'%s': nested deeper than %d",
			       l->arg, DEEP);
	if (l->is == EDIT_LOPEN)
		return list(l, &out->v, depth);
	if (l->is == EDIT_MOPEN)
		return map(l, &out->v, depth);
	if (is_call(l))
		return function(l, out, depth);
	if (l->is == EDIT_QUOTED) {
		take_quoted(&out->v, l);
		edit_lex_next(l);
		return 0;
	}
	return primitive(l, &out->v, EDIT_COLON);
}

/* --- the whole ------------------------------------------------------------ */

/* "1,2": one run for each. */
static int choices(struct edit_lex *l, struct edit_word *out)
{
	struct val first = out->v;
	int err = out->kind == EDIT_ONE ? 0 :
		err_set(ERR_INVALID, "'%s': a sweep cannot stand inside of "
			"another", l->arg);

	out->v = (struct val)VAL_INIT;
	val_set_list(&out->v);
	*val_add(&out->v) = first;
	while (!err && l->is == EDIT_COMMA) {
		edit_lex_next(l);
		err = inner(l, val_add(&out->v), 0);
	}
	out->kind = EDIT_CHOICE;
	out->simple = true;
	return err;
}

int edit_value(struct edit_word *out, const char *arg, const char *value)
{
	struct edit_lex l;
	int err;

	edit_lex(&l, arg, value);
	if (l.is == EDIT_END) {
		val_set_str(&out->v, "");
		return 0;
	}
	err = element(&l, out, 0);
	if (!err && l.is == EDIT_COMMA)
		err = choices(&l, out);
	if (!err && l.is != EDIT_END)
		err = edit_expected(&l, "nothing more");
	return err;
}
