#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "exp/view-part.h"
#include "spec/val.h"

/* The digits at *s as a number of at least `width`; *s moves past them. */
static void number(struct buf *out, const char **s, int width)
{
	char *end;
	long n = strtol(*s, &end, 10);

	buf_fmt(out, "%0*ld", width, n);
	*s = end;
}

/* Six digits, rounded; none when they are all zero. */
static void fraction(struct buf *out, const char **s)
{
	char digit[8] = "0000000";
	long n;

	for (size_t i = 0; isdigit((unsigned char)**s); i++, (*s)++)
		if (i < 7)
			digit[i] = **s;
	n = (strtol(digit, NULL, 10) + 5) / 10;
	if (n)
		buf_fmt(out, ".%06ld", n);
}

static void zone(struct buf *out, const char *s)
{
	s += strspn(s, " \t");
	if (*s == 'Z' || *s == 'z')
		buf_str(out, "+00:00");
	if (*s != '+' && *s != '-')
		return;
	buf_char(out, *s++);
	number(out, &s, 2);
	buf_char(out, ':');
	if (*s == ':')
		s++;
	number(out, &s, 2);
}

void view_date(struct buf *out, const char *s)
{
	static const char sep[] = "--T::";

	if (strspn(s, "0123456789") != 4 || s[4] != '-') {
		buf_str(out, s);
		return;
	}
	number(out, &s, 4);
	for (size_t i = 0; i < sizeof(sep) - 1 && *s; i++) {
		buf_char(out, sep[i]);
		s++;
		if (sep[i] == 'T')
			s += strspn(s, " \t");
		number(out, &s, 2);
	}
	if (*s == '.') {
		s++;
		fraction(out, &s);
	}
	zone(out, s);
}

void view_no_dates(struct val *v)
{
	if (v->kind == VAL_DATE) {
		struct buf text = BUF_INIT;

		view_date(&text, v->s);
		val_set_str(v, text.s);
		buf_clear(&text);
	}
	for (size_t i = 0; i < v->nr; i++)
		view_no_dates(&v->item[i]);
}
