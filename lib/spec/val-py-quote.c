#include <ctype.h>
#include <stdint.h>
#include <string.h>
#include "spec/val-py.h"

#define NESTED 4	/* strings in the braces of strings */

bool py_is_prefix(const char *s, size_t len)
{
	static const char *const all[] = { "", "r", "u", "b", "f", "br", "rb",
					   "fr", "rf", "t", "tr", "rt" };
	char low[3] = { 0 };

	if (len > 2)
		return false;
	for (size_t i = 0; i < len; i++)
		low[i] = (char)tolower((unsigned char)s[i]);
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (!strcmp(low, all[i]))
			return true;
	return false;
}

bool py_is_format(char c)
{
	return c && strchr("fFtT", c);
}

/* How many bytes may be looked at in vain, all in all. */
static bool spend(size_t *left)
{
	if (!*left)
		return false;
	--*left;
	return true;
}

static size_t quoted(const char *s, const char *end, bool format, int level,
		     size_t *left);

/* After the ':' in braces anything goes, but for braces. */
static const char *layout(const char *s, const char *end, size_t *left)
{
	int open = 1;

	for (; s < end && *s != '\n' && *s != '\r' && spend(left); s++) {
		open += *s == '{';
		open -= *s == '}';
		if (!open)
			return s;
	}
	return NULL;
}

/* From behind a '{' to the '}', with strings of any quotes; NULL without. */
static const char *braces(const char *s, const char *end, int level,
			  size_t *left)
{
	const char *from = s;
	size_t open = 0, len;

	for (; s < end && spend(left); s++) {
		if (*s == '"' || *s == '\'') {
			len = quoted(s, end, s > from && py_is_format(s[-1]),
				     level + 1, left);
			if (!len)
				return NULL;
			s += len - 1;
		} else if (*s && strchr("([{", *s)) {
			open++;
		} else if (*s == '}' && !open) {
			return s;
		} else if (*s && strchr(")]}", *s)) {
			if (!open--)
				return NULL;
		} else if (*s == ':' && !open) {
			return layout(s + 1, end, left);
		}
	}
	return NULL;
}

static bool ends(const char *s, const char *end, char quote, size_t nr)
{
	return *s == quote && (nr == 1 || (end - s > 2 && s[1] == quote &&
					   s[2] == quote));
}

/*
 * Bytes of quotes and all that is between them; 0 without an end. Since Python
 * 3.12 the same quotes may stand in the braces of an f-string.
 */
static size_t quoted(const char *s, const char *end, bool format, int level,
		     size_t *left)
{
	const char *at = s;
	char quote = *s;
	size_t nr = end - s > 2 && s[1] == quote && s[2] == quote ? 3 : 1;

	if (nr == 1 && end - s > 1 && s[1] == quote)
		return 2;
	for (at += nr; at < end && spend(left); at++) {
		if (*at == '\\') {
			at += end - at > 2 && at[1] == '\r' && at[2] == '\n' ?
			      2 : 1;
		} else if (nr == 1 && (*at == '\n' || *at == '\r')) {
			return 0;
		} else if (ends(at, end, quote, nr)) {
			return (size_t)(at - s) + nr;
		} else if (*at == '{' && format && end - at > 1) {
			const char *close = at[1] == '{' ? at + 1 :
				level < NESTED ? braces(at + 1, end, level, left) :
				NULL;

			format = close;
			at = close ? close : at;
		}
	}
	return 0;
}

size_t py_quoted_len(struct py *p, size_t prefix)
{
	const char *s = p->s + prefix;
	bool format = prefix && (py_is_format(*p->s) || py_is_format(s[-1]));
	size_t all = SIZE_MAX, len = 0;

	if (format)
		len = quoted(s, p->end, true, 0, &p->spare);
	return len ? len : quoted(s, p->end, false, 0, &all);
}
