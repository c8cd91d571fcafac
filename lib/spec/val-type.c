#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/buf.h"
#include "base/mem.h"
#include "spec/val-type.h"
#include "spec/val.h"

#define DIGITS_MAX 4300		/* what Python's int() takes */
#define DEC "0123456789"

enum type {
	TYPE_STR, TYPE_NULL, TYPE_TRUE, TYPE_FALSE, TYPE_INT, TYPE_FLOAT,
	TYPE_DATE, TYPE_ODD,
};

static bool is_one_of(const char *s, const char *a, const char *b,
		      const char *c)
{
	return !strcmp(s, a) || !strcmp(s, b) || !strcmp(s, c);
}

static const char *skip(const char *s, const char *set)
{
	return s + strspn(s, set);
}

static const char *skip_sign(const char *s)
{
	return *s == '-' || *s == '+' ? s + 1 : s;
}

/* An exponent and then the end; `must` have a sign or may. */
static bool exponent_ends(const char *s, bool must)
{
	const char *digits;

	if (*s != 'e' && *s != 'E')
		return !*s;
	digits = skip_sign(++s);
	if (must && digits == s)
		return false;
	s = skip(digits, DEC);
	return s > digits && !*s;
}

static bool is_float(const char *s)
{
	const char *p;

	if (is_one_of(s, ".nan", ".NaN", ".NAN"))
		return true;
	s = skip_sign(s);
	if (is_one_of(s, ".inf", ".Inf", ".INF"))
		return true;
	if (*s == '.') {
		p = skip(s + 1, DEC "_");
		return p > s + 1 && exponent_ends(p, true);
	}
	if (!isdigit((unsigned char)*s))
		return false;
	p = skip(s, DEC "_");
	if (*p == '.')
		return exponent_ends(skip(p + 1, DEC "_"), false);
	return *p && exponent_ends(p, false);
}

/* All of `set`, at least one, to the end. */
static bool only(const char *s, const char *set)
{
	const char *end = skip(s, set);

	return end > s && !*end;
}

static bool is_int(const char *s)
{
	if (*s == '_')
		return false;
	s = skip_sign(s);
	if (only(s, DEC "_"))
		return true;
	if (*s != '0')
		return false;
	return (s[1] == 'b' && only(s + 2, "01_")) ||
	       (s[1] == 'o' && only(s + 2, "01234567_")) ||
	       (s[1] == 'x' && only(s + 2, DEC "abcdefABCDEF_"));
}

/* "9" stands for a digit, "?" for a digit that may be missing. */
static const char *like(const char *s, const char *pattern)
{
	for (; s && *pattern; pattern++) {
		bool digit = isdigit((unsigned char)*s);

		if (*pattern == '?')
			s += digit;
		else if (*pattern == '9' ? digit : *s == *pattern)
			s++;
		else
			s = NULL;
	}
	return s;
}

static bool zone_ends(const char *s)
{
	s = skip(s, " \t");
	if (*s == 'Z')
		return !s[1];
	if (*s != '+' && *s != '-')
		return !*s;
	s = like(s + 1, "9?");
	if (s && *s == ':')
		s = like(s, ":99");
	return s && !*s;
}

static bool is_date(const char *s)
{
	const char *p = like(s, "9999-99-99");

	if (p && !*p)
		return true;
	s = like(s, "9999-9?-9?");
	if (!s)
		return false;
	p = *s == 'T' || *s == 't' ? s + 1 : skip(s, " \t");
	if (p == s)
		return false;
	p = like(p, "9?:99:99");
	if (!p)
		return false;
	if (*p == '.')
		p = skip(p + 1, DEC);
	return zone_ends(p);
}

static enum type type_of(const char *s)
{
	switch (*s) {
	case '\0':
		return TYPE_NULL;
	case '~':
		return s[1] ? TYPE_STR : TYPE_NULL;
	case 'n': case 'N':
		return is_one_of(s, "null", "Null", "NULL") ?
			TYPE_NULL : TYPE_STR;
	case 't': case 'T':
		return is_one_of(s, "true", "True", "TRUE") ?
			TYPE_TRUE : TYPE_STR;
	case 'f': case 'F':
		return is_one_of(s, "false", "False", "FALSE") ?
			TYPE_FALSE : TYPE_STR;
	case '<':
		return strcmp(s, "<<") ? TYPE_STR : TYPE_ODD;
	case '=':
		return s[1] ? TYPE_STR : TYPE_ODD;
	default:
		break;
	}
	if (!strchr("+-." DEC, *s))
		return TYPE_STR;
	return is_float(s) ? TYPE_FLOAT : is_int(s) ? TYPE_INT :
	       is_date(s) ? TYPE_DATE : TYPE_STR;
}

/* Multiply the decimal digits of `b`, lowest first, by `by` and add `n`. */
static void push_digit(struct buf *b, unsigned by, unsigned n)
{
	for (size_t i = 0; i < b->len; i++) {
		n += by * (unsigned char)b->s[i];
		b->s[i] = (char)(n % 100);
		n /= 100;
	}
	for (; n; n /= 100)
		buf_char(b, (char)(n % 100));
}

static unsigned digit_of(char c)
{
	return isdigit((unsigned char)c) ? (unsigned)(c - '0') :
	       (unsigned)(tolower((unsigned char)c) - 'a' + 10);
}

static void to_decimal(struct buf *out, const char *digits, unsigned base)
{
	struct buf b = BUF_INIT;

	for (; *digits; digits++)
		push_digit(&b, base, digit_of(*digits));
	if (b.len)
		buf_fmt(out, "%d", b.s[b.len - 1]);
	for (size_t i = b.len; i-- > 1; )
		buf_fmt(out, "%02d", b.s[i - 1]);
	buf_clear(&b);
}

static char *without_underscores(const char *s)
{
	char *copy = mem_dup(s), *to = copy;

	for (; *s; s++)
		if (*s != '_')
			*to++ = *s;
	*to = '\0';
	return copy;
}

static bool make_int(struct val *out, const char *text)
{
	char *clean = without_underscores(text);
	const char *s = skip_sign(clean);
	unsigned base = !strncmp(s, "0b", 2) ? 2 : !strncmp(s, "0o", 2) ? 8 :
			!strncmp(s, "0x", 2) ? 16 : 10;
	struct buf b = BUF_INIT;
	bool good;

	if (base != 10)
		s += 2;
	good = *s && strlen(s) <= DIGITS_MAX;
	s = skip(s, "0");
	if (good) {
		if (*s && *clean == '-')
			buf_char(&b, '-');
		if (base == 10)
			buf_str(&b, s);
		else
			to_decimal(&b, s, base);
		if (!*s)
			buf_char(&b, '0');
		val_clear(out);
		out->kind = VAL_INT;
		out->len = b.len;
		out->s = buf_take(&b);
	}
	buf_clear(&b);
	free(clean);
	return good;
}

static bool make_float(struct val *out, const char *text)
{
	char *clean = without_underscores(text);
	const char *s = skip_sign(clean);
	double f;

	if (*s == '.' && isalpha((unsigned char)s[1]))
		f = tolower((unsigned char)s[1]) == 'i' ? HUGE_VAL : NAN;
	else
		f = strtod(s, NULL);
	val_set_float(out, *clean == '-' ? -f : f);
	free(clean);
	return strpbrk(text, DEC "iInN");
}

/* The calendar of Python's datetime. */
static bool is_day(int year, int month, int day)
{
	bool leap = (!(year % 4) && year % 100) || !(year % 400);
	int days = month == 2 ? 28 + leap :
		   month == 4 || month == 6 || month == 9 || month == 11 ?
		   30 : 31;

	return year > 0 && month > 0 && month < 13 && day > 0 && day <= days;
}

static bool make_date(struct val *out, const char *text)
{
	int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;

	sscanf(text, "%d-%d-%d%*1[Tt \t]%d:%d:%d", &year, &month, &day, &hour,
	       &minute, &second);
	if (!is_day(year, month, day) || hour > 23 || minute > 59 ||
	    second > 59)
		return false;
	val_set_str(out, text);
	out->kind = VAL_DATE;
	return true;
}

static bool make(struct val *out, const char *text, enum type type)
{
	switch (type) {
	case TYPE_NULL:
		val_set_null(out);
		return true;
	case TYPE_TRUE:
	case TYPE_FALSE:
		val_set_bool(out, type == TYPE_TRUE);
		return true;
	case TYPE_INT:
		return make_int(out, text);
	case TYPE_FLOAT:
		return make_float(out, text);
	case TYPE_DATE:
		return make_date(out, text);
	default:
		return type == TYPE_STR;
	}
}

/* No number, date or word of YAML holds a NUL. */
static enum type type_in(const char *text, size_t len)
{
	return memchr(text, '\0', len) ? TYPE_STR : type_of(text);
}

bool val_scalar(struct val *out, const char *text, size_t len)
{
	char *s = mem_ndup(text, len);
	enum type type = type_in(s, len);
	bool good = make(out, s, type);

	if (good && type != TYPE_STR) {
		free(s);
		return true;
	}
	val_clear(out);
	out->kind = VAL_STR;
	out->s = s;
	out->len = len;
	return good;
}

bool val_typed(const char *text, size_t len)
{
	char *s = mem_ndup(text, len);
	enum type type = type_in(s, len);

	free(s);
	return type != TYPE_STR;
}

static bool make_bool(struct val *out, const char *s)
{
	static const char *const words[] = {
		"no", "yes", "n", "y", "false", "true", "off", "on",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (!strcasecmp(words[i], s)) {
			val_set_bool(out, i % 2);
			return true;
		}
	return false;
}

bool val_tagged(struct val *out, const char *tag, const char *s, size_t len)
{
	double f;

	if (!strcmp(tag, "str")) {
		val_set_nstr(out, s, len);
		return true;
	}
	if (!strcmp(tag, "null")) {
		val_set_null(out);
		return true;
	}
	if (!strcmp(tag, "bool"))
		return make_bool(out, s);
	if (!val_scalar(out, s, len))
		return false;
	if (!strcmp(tag, "int"))
		return out->kind == VAL_INT;
	if (!strcmp(tag, "timestamp"))
		return out->kind == VAL_DATE;
	if (strcmp(tag, "float") || !val_number(out, &f))
		return false;
	val_set_float(out, f);
	return true;
}
