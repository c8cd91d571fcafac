#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/mem.h"
#include "spec/val-py.h"
#include "spec/val-text.h"

#define DIGITS_MAX 4300		/* what Python's int() takes */
#define BITS_MAX 14288		/* of so many digits, and the 0x */

/* --- the extent of a number ------------------------------------------------ */

static char at(const char *s, const char *end)
{
	return s < end ? *s : '\0';
}

/* Digits with single underscores between them; NULL when one is astray. */
static const char *digits(const char *s, const char *end, const char *these)
{
	for (;;) {
		const char *from = s;

		while (s < end && *s && strchr(these, *s))
			s++;
		if (s == from)
			return NULL;
		if (at(s, end) != '_')
			return s;
		s++;
	}
}

/* A word may stand right behind a number only when it is one of these. */
static bool may_end(const char *s, const char *end)
{
	static const char *const words[] = { "and", "else", "for", "if", "in",
					     "is", "or", "not" };
	unsigned char c = (unsigned char)at(s, end);

	if (!isalnum(c) && c != '_' && c < 0x80)
		return true;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		size_t len = strlen(words[i]);

		if ((size_t)(end - s) >= len && !memcmp(s, words[i], len))
			return true;
	}
	return false;
}

static const char *based(const char *s, const char *end)
{
	char base = (char)tolower((unsigned char)s[1]);
	const char *these = base == 'x' ? "0123456789abcdefABCDEF" :
			    base == 'o' ? "01234567" : "01";

	s += 2;
	s += at(s, end) == '_';
	s = digits(s, end, these);
	return s && !isdigit((unsigned char)at(s, end)) ? s : NULL;
}

static const char *exponent(const char *s, const char *end)
{
	const char *e = s + 1;

	e += at(e, end) == '-' || at(e, end) == '+';
	return isdigit((unsigned char)at(e, end)) ?
	       digits(e, end, "0123456789") : s;
}

static const char *decimal(const char *s, const char *end)
{
	const char *start = s, *from = s;
	bool real = false;

	if (*s != '.')
		s = digits(s, end, "0123456789");
	if (s && at(s, end) == '.') {
		real = true;
		s++;
		if (isdigit((unsigned char)at(s, end)))
			s = digits(s, end, "0123456789");
	}
	if (s && (at(s, end) == 'e' || at(s, end) == 'E')) {
		const char *e = s;

		s = exponent(s, end);
		real = real || s != e;
	}
	if (s && (at(s, end) == 'j' || at(s, end) == 'J')) {
		real = true;
		s++;
	}
	while (s && !real && *start == '0' && from < s)
		if (!strchr("0_", *from++))
			return NULL;
	return s;
}

size_t py_number_len(const char *s, const char *end)
{
	const char *to;

	if (*s == '0' && end - s > 1 && s[1] && strchr("xXoObB", s[1]))
		to = based(s, end);
	else
		to = decimal(s, end);
	return to && may_end(to, end) ? (size_t)(to - s) : 0;
}

/* --- its value ------------------------------------------------------------------ */

static char *clean(const char *s, size_t len)
{
	char *out = mem_new(len + 1, 1), *to = out;

	for (size_t i = 0; i < len; i++)
		if (s[i] != '_')
			*to++ = (char)tolower((unsigned char)s[i]);
	return out;
}

/* False for more digits than Python would print. */
static bool set_int(struct val *out, const char *s)
{
	unsigned bits = s[0] != '0' ? 0 : s[1] == 'x' ? 4 : s[1] == 'o' ? 3 :
			s[1] == 'b' ? 1 : 0;

	s += bits ? 0 : strspn(s, "0");
	if (strlen(s) * (bits ? bits : 1) > (bits ? BITS_MAX : DIGITS_MAX))
		return false;
	out->kind = VAL_INT;
	out->s = bits ? val_decimal(s + 2, bits) : mem_dup(*s ? s : "0");
	out->len = strlen(out->s);
	return out->len <= DIGITS_MAX;
}

int py_number(struct py *p, struct val *out)
{
	char *s = clean(p->at, p->len);
	bool based_on = *s == '0' && s[1] && strchr("xob", s[1]);
	int err = 0;

	if (s[strlen(s) - 1] == 'j' && !based_on) {
		out->kind = VAL_DATE;
		out->style = VAL_BLOCK;
		out->s = mem_ndup(p->at, p->len);
		out->len = p->len;
	} else if (!based_on && strpbrk(s, ".e")) {
		val_set_float(out, strtod(s, NULL));
	} else if (!set_int(out, s)) {
		err = py_fail(p, "number of more than %d digits", DIGITS_MAX);
	}
	free(s);
	return err;
}

/* --- strings -------------------------------------------------------------------- */

struct text {
	const char *s, *end;
	bool raw, bytes, format;
};

static bool octal(struct text *t, struct buf *b)
{
	uint32_t c = 0;

	for (int i = 0; i < 3 && t->s < t->end && *t->s >= '0' &&
	     *t->s <= '7'; i++)
		c = 8 * c + (uint32_t)(*t->s++ - '0');
	val_put_char(b, c);
	return true;
}

static bool hex(struct text *t, struct buf *b, size_t nr)
{
	uint32_t c;

	if (!val_hex(t->s, (size_t)(t->end - t->s), nr, &c) || c > 0x10ffff)
		return false;
	t->s += nr;
	val_put_char(b, c);
	return true;
}

/* After the backslash; false for what Python refuses. */
static bool escape(struct text *t, struct buf *b)
{
	static const char from[] = "\\'\"abfnrtv", to[] = "\\'\"\a\b\f\n\r\t\v";
	char c = *t->s;
	const char *known = c ? strchr(from, c) : NULL;

	if (c >= '0' && c <= '7')
		return octal(t, b);
	t->s++;
	if (c == '\r' && t->s < t->end && *t->s == '\n')
		t->s++;
	if (c == '\r' || c == '\n')
		return true;
	if (known) {
		buf_char(b, to[known - from]);
		return true;
	}
	if (c == 'x')
		return hex(t, b, 2);
	if (!t->bytes && (c == 'u' || c == 'U'))
		return hex(t, b, c == 'u' ? 4 : 8);
	buf_char(b, '\\');
	buf_char(b, c);
	return true;
}

static int decode(struct py *p, struct text *t, struct buf *b, bool named)
{
	while (t->s < t->end) {
		char c = *t->s++;

		if (t->bytes && (c & 0x80))
			return py_fail(p, "bytes that are not ASCII");
		if (c == '\r') {
			t->s += t->s < t->end && *t->s == '\n';
			c = '\n';
		}
		if (c != '\\' || t->raw) {
			buf_char(b, c);
			continue;
		}
		if (!t->bytes && *t->s == 'N' && !named)
			return py_fail(p, "characters by their name (\\N) are "
				       "not known here, use \\u");
		if (!escape(t, b))
			return py_fail(p, "no character has the code of this "
				       "escape");
	}
	return 0;
}

static void open_text(const struct py *p, struct text *t)
{
	const char *s = p->at;
	size_t nr = 1;

	*t = (struct text){ NULL, p->at + p->len, false, false, false };
	for (; *s != '"' && *s != '\''; s++) {
		t->raw = t->raw || tolower((unsigned char)*s) == 'r';
		t->bytes = t->bytes || tolower((unsigned char)*s) == 'b';
		t->format = t->format || py_is_format(*s);
	}
	if (t->end - s > 5 && s[1] == *s && s[2] == *s)
		nr = 3;
	t->s = s + nr;
	t->end -= nr;
}

int py_string(struct py *p, struct val *out, bool *plain)
{
	struct buf b = BUF_INIT;
	struct text t;
	int err;

	open_text(p, &t);
	if (t.format)
		*plain = false;
	err = t.format ? 0 : decode(p, &t, &b, false);
	out->kind = t.bytes ? VAL_DATE : VAL_STR;
	out->style = *(t.end) == '"' ? VAL_DOUBLE : VAL_SINGLE;
	out->len = b.len;
	out->s = buf_take(&b);
	return err;
}

int py_check_string(struct py *p)
{
	struct buf b = BUF_INIT;
	struct text t;
	int err;

	open_text(p, &t);
	err = t.format ? 0 : decode(p, &t, &b, true);
	buf_clear(&b);
	return err;
}
