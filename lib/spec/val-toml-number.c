#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "spec/val-text.h"
#include "spec/val-toml.h"

#define DIGITS_MAX 4300		/* what Python's int() takes */

/* --- dates and times ---------------------------------------------------- */

/* Two digits (or `width`) that say at most `most`, or -1. */
static int field(const char **s, int width, int least, int most)
{
	int n = 0;

	for (int i = 0; i < width; i++, (*s)++) {
		if (!isdigit((unsigned char)**s))
			return -1;
		n = 10 * n + **s - '0';
	}
	return n < least || n > most ? -1 : n;
}

static bool take(const char **s, char c)
{
	bool there = **s == c;

	*s += there;
	return there;
}

static int month_days(int year, int month)
{
	static const char days[] = { 31, 28, 31, 30, 31, 30,
				     31, 31, 30, 31, 30, 31 };
	bool leap = !(year % 4) && (year % 100 || !(year % 400));

	return days[month - 1] + (month == 2 && leap);
}

static bool date(const char **s)
{
	int year = field(s, 4, 1, 9999), month, day;

	if (year < 0 || !take(s, '-'))
		return false;
	month = field(s, 2, 1, 12);
	if (month < 0 || !take(s, '-'))
		return false;
	day = field(s, 2, 1, month_days(year, month));
	return day > 0;
}

/* The seconds may be left out, as in TOML 1.1 and in tomlkit. */
static bool clock(const char **s)
{
	if (field(s, 2, 0, 23) < 0 || !take(s, ':') || field(s, 2, 0, 59) < 0)
		return false;
	if (!take(s, ':'))
		return true;
	if (field(s, 2, 0, 59) < 0)
		return false;
	if (!take(s, '.'))
		return true;
	if (!isdigit((unsigned char)**s))
		return false;
	while (isdigit((unsigned char)**s))
		(*s)++;
	return true;
}

static bool zone(const char **s)
{
	if (take(s, 'Z') || take(s, 'z'))
		return true;
	if (!take(s, '+') && !take(s, '-'))
		return true;
	return field(s, 2, 0, 23) >= 0 && take(s, ':') &&
	       field(s, 2, 0, 59) >= 0;
}

static bool is_time(const char *s)
{
	return clock(&s) && !*s;
}

static bool is_date(const char *s, bool *alone)
{
	if (!date(&s))
		return false;
	*alone = !*s;
	return *alone || ((take(&s, 'T') || take(&s, 't') || take(&s, ' ')) &&
			  clock(&s) && zone(&s) && !*s);
}

/* --- numbers -------------------------------------------------------------- */

/* Without its underscores, each between two digits; NULL when one is not. */
static char *clean(const char *s, bool hex)
{
	char *out = mem_dup(s), *to = out;
	int (*is)(int) = hex ? isxdigit : isdigit;

	for (size_t i = 0; s[i]; i++) {
		if (s[i] != '_') {
			*to++ = s[i];
		} else if (!i || !is((unsigned char)s[i - 1]) ||
			   !is((unsigned char)s[i + 1])) {
			free(out);
			return NULL;
		}
	}
	*to = '\0';
	return out;
}

static bool whole(struct val *out, const char *s, bool minus)
{
	size_t len = strlen(s);

	if (!len || len > DIGITS_MAX || strspn(s, "0123456789") != len ||
	    (len > 1 && *s == '0'))
		return false;
	out->kind = VAL_INT;
	out->s = mem_fmt("%s%s", minus && strcmp(s, "0") ? "-" : "", s);
	out->len = strlen(out->s);
	return true;
}

static bool based(struct val *out, const char *s)
{
	unsigned bits = s[1] == 'x' ? 4 : s[1] == 'o' ? 3 : 1;
	const char *digits = bits == 4 ? "0123456789abcdefABCDEF" :
			     bits == 3 ? "01234567" : "01";
	size_t len = strlen(s + 2);

	if (!len || strspn(s + 2, digits) != len || len > DIGITS_MAX)
		return false;
	out->kind = VAL_INT;
	out->s = val_decimal(s + 2, bits);
	out->len = strlen(out->s);
	return out->len <= DIGITS_MAX;
}

static bool real(struct val *out, const char *s, bool minus)
{
	const char *at = s + strspn(s, "0123456789");
	bool is = false;

	if (!strcmp(s, "inf") || !strcmp(s, "nan")) {
		val_set_float(out, *s == 'n' ? (double)NAN : minus ? -HUGE_VAL :
			      HUGE_VAL);
		return true;
	}
	if (at == s || (at - s > 1 && *s == '0'))
		return false;
	if (*at == '.') {
		is = isdigit((unsigned char)at[1]);
		at += 1 + strspn(at + 1, "0123456789");
	}
	if ((*at == 'e' || *at == 'E') && (is || at[-1] != '.')) {
		at += at[1] == '-' || at[1] == '+' ? 2 : 1;
		is = isdigit((unsigned char)*at);
		at += strspn(at, "0123456789");
	}
	if (!is || *at)
		return false;
	val_set_float(out, minus ? -strtod(s, NULL) : strtod(s, NULL));
	return true;
}

static bool number(struct val *out, const char *raw)
{
	bool sign = *raw == '-' || *raw == '+', minus = *raw == '-', ok;
	bool base = !sign && *raw == '0' && raw[1] && strchr("xob", raw[1]);
	char *s = clean(raw + sign, base && raw[1] == 'x');

	ok = s && (base ? based(out, s) :
		   whole(out, s, minus) || real(out, s, minus));
	free(s);
	return ok;
}

/* --- either ---------------------------------------------------------------- */

static const char *word_end(const char *s, const char *end, const char *stop)
{
	while (s < end && *s && !strchr(stop, *s))
		s++;
	return s;
}

static void set_date(struct val *out, const char *s)
{
	out->kind = VAL_DATE;
	out->s = mem_dup(s);
	out->len = strlen(s);
}

/* After a date and a space the time may follow. */
static bool with_time(struct toml *t, struct val *out, const char *from)
{
	const char *end = word_end(t->s, t->end, "\t\r\n#,]}");
	bool alone, ok = true;
	char *raw;

	while (end > t->s && end[-1] == ' ')
		end--;
	if (end == t->s)
		return true;
	raw = mem_ndup(from, (size_t)(end - from));
	ok = is_date(raw, &alone);
	if (ok) {
		val_clear(out);
		set_date(out, raw);
		t->s = end;
	}
	free(raw);
	return ok;
}

/* Python's int() and float() pass over these, so tomlkit does. */
static void strip(char *raw)
{
	size_t len = strlen(raw);

	while (len && strchr("\f\v\x1c\x1d\x1e\x1f", raw[len - 1]))
		raw[--len] = '\0';
}

int toml_number(struct toml *t, struct val *out)
{
	const char *from = t->s, *end = word_end(from, t->end, " \t\r\n#,]}");
	char *raw = mem_ndup(from, (size_t)(end - from));
	bool alone = false, ok;

	if (is_date(raw, &alone) || is_time(raw)) {
		set_date(out, raw);
		t->s = end;
		ok = !alone || with_time(t, out, from);
	} else {
		strip(raw);
		ok = number(out, raw);
		t->s = ok ? end : t->s;
	}
	free(raw);
	return ok ? 0 : toml_fail(t, "a value is missing or is no TOML "
				  "(text needs quotes)");
}
