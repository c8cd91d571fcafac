#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "spec/canon.h"
#include "spec/edit-word.h"

static int bad(const struct edit_call *c, const struct val *v)
{
	struct buf text = BUF_INIT;

	canon_json(&text, v, 0);
	err_set(ERR_INVALID, "'%s': %s() cannot take %s", c->arg, c->name,
		text.s);
	buf_clear(&text);
	return ERR_INVALID;
}

/* "1_0" is a run of digits, "_1" and "1_" are none; copied without "_". */
static const char *digits(struct buf *out, const char *s)
{
	while (*s >= '0' && *s <= '9') {
		buf_char(out, *s++);
		s += *s == '_' && s[1] >= '0' && s[1] <= '9';
	}
	return s;
}

static const char *sign(struct buf *out, const char *s)
{
	s += strspn(s, " \t\n\r\f\v");
	if (*s == '-')
		buf_char(out, '-');
	return s + (*s == '-' || *s == '+');
}

static bool ended(const char *s)
{
	return !s[strspn(s, " \t\n\r\f\v")];
}

/* int(text): zeros may lead. */
static bool whole(struct val *v)
{
	struct buf text = BUF_INIT;
	const char *s = sign(&text, v->s), *end;
	size_t at = text.len, zeros;
	bool fine;

	end = digits(&text, s);
	zeros = strspn(text.s + at, "0");
	fine = text.len > at && ended(end) && strlen(v->s) == v->len;
	if (zeros == text.len - at)
		at = zeros = zeros ? zeros - 1 : 0;
	if (at && *text.s != '-')
		at = 0;
	buf_splice(&text, at, zeros, NULL, 0);
	fine = fine && val_scalar(v, text.s, text.len);
	buf_clear(&text);
	return fine;
}

/* float(text) knows these words; the sign is in `text`. */
static bool special(struct val *v, const struct buf *text, const char *s)
{
	double f = *text->s == '-' ? -INFINITY : INFINITY;
	size_t n = 0;

	if (!strncasecmp(s, "nan", 3)) {
		f = NAN;
		n = 3;
	} else if (!strncasecmp(s, "infinity", 8)) {
		n = 8;
	} else if (!strncasecmp(s, "inf", 3)) {
		n = 3;
	}
	if (!n || !ended(s + n))
		return false;
	val_set_float(v, f);
	return true;
}

static bool real(struct val *v)
{
	struct buf text = BUF_INIT;
	const char *s = sign(&text, v->s);
	size_t at = text.len, e;
	bool fine;

	if (strlen(v->s) != v->len || special(v, &text, s)) {
		buf_clear(&text);
		return v->kind == VAL_FLOAT;
	}
	s = digits(&text, s);
	fine = text.len > at || *s == '.';
	if (*s == '.') {
		buf_char(&text, *s++);
		e = text.len;
		s = digits(&text, s);
		fine = text.len > e || e > at + 1;
	}
	if (fine && (*s == 'e' || *s == 'E')) {
		buf_char(&text, *s++);
		if (*s == '-' || *s == '+')
			buf_char(&text, *s++);
		e = text.len;
		s = digits(&text, s);
		fine = text.len > e;
	}
	fine = fine && ended(s);
	if (fine)
		val_set_float(v, strtod(text.s, NULL));
	buf_clear(&text);
	return fine;
}

static bool to_int(struct val *v)
{
	struct buf text = BUF_INIT;
	bool fine = true;

	if (v->kind == VAL_STR)
		return whole(v);
	if (v->kind == VAL_BOOL)
		val_set_int(v, v->b);
	if (v->kind == VAL_FLOAT) {
		if (!isfinite(v->f))
			return false;
		buf_fmt(&text, "%.0f", trunc(v->f) + 0.0);
		fine = val_scalar(v, text.s, text.len);
		buf_clear(&text);
	}
	return fine && v->kind == VAL_INT;
}

static bool to_float(struct val *v)
{
	double f;

	if (v->kind == VAL_STR)
		return real(v);
	if (!val_number(v, &f) || (v->kind == VAL_INT && !isfinite(f)))
		return false;
	val_set_float(v, f);
	return true;
}

static bool to_bool(struct val *v)
{
	double f;
	bool b = val_number(v, &f) && (f < 0 || f > 0 || isnan(f));

	if (v->kind == VAL_STR) {
		b = !strcasecmp(v->s, "true");
		if (!b && strcasecmp(v->s, "false"))
			return false;
	}
	val_set_bool(v, b);
	return true;
}

static bool to_str(struct val *v)
{
	struct buf text = BUF_INIT;

	if (v->kind == VAL_NULL)
		return false;
	if (v->kind == VAL_STR) {
		v->style = VAL_PLAIN;
		return true;
	}
	if (v->kind == VAL_BOOL)
		buf_str(&text, v->b ? "true" : "false");
	else if (v->kind == VAL_FLOAT)
		canon_float(&text, v->f);
	else
		buf_str(&text, v->s);
	val_set_nstr(v, text.s, text.len);
	buf_clear(&text);
	return true;
}

int edit_cast(struct val *v, const struct edit_call *c)
{
	bool fine;
	int err = 0;

	if (v->kind == VAL_LIST || v->kind == VAL_MAP) {
		for (size_t i = 0; i < v->nr && !err; i++)
			err = edit_cast(&v->item[i], c);
		return err;
	}
	if (*c->name == 'i')
		fine = to_int(v);
	else if (*c->name == 'f')
		fine = to_float(v);
	else if (*c->name == 'b')
		fine = to_bool(v);
	else
		fine = to_str(v);
	return fine ? 0 : bad(c, v);
}
