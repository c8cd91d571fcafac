#include <ctype.h>
#include <string.h>
#include "base/ignore-glob.h"

static const struct {
	const char *name;
	int (*test)(int);
} classes[] = {
	{ "alnum", isalnum }, { "alpha", isalpha }, { "blank", isblank },
	{ "cntrl", iscntrl }, { "digit", isdigit }, { "graph", isgraph },
	{ "lower", islower }, { "print", isprint }, { "punct", ispunct },
	{ "space", isspace }, { "upper", isupper }, { "xdigit", isxdigit },
};

enum answer { NO, YES, NEVER };		/* NEVER: the pattern is broken */

/* "[:name:]" at *p; moves *p behind it. */
static enum answer in_class(const char **p, unsigned char c)
{
	const char *name = *p + 2, *end = strchr(name, ']');
	size_t len = (size_t)(end - name) - 1;

	*p = end + 1;
	for (size_t i = 0; i < sizeof(classes) / sizeof(*classes); i++)
		if (strlen(classes[i].name) == len &&
		    !strncmp(classes[i].name, name, len))
			return classes[i].test(c) ? YES : NO;
	return NEVER;
}

static bool class_at(const char *p)
{
	const char *end = p[0] == '[' && p[1] == ':' ? strchr(p + 2, ']') : NULL;

	return end && end > p + 2 && end[-1] == ':';
}

/* One character, perhaps escaped, at *p; moves *p behind it. 0: broken. */
static unsigned char letter(const char **p)
{
	if (**p == '\\')
		++*p;
	return **p ? (unsigned char)*(*p)++ : 0;
}

/* One member of a set: a class, a range or a character. */
static enum answer in_member(const char **p, unsigned char c)
{
	unsigned char low, high;

	if (class_at(*p))
		return in_class(p, c);
	low = high = letter(p);
	if ((*p)[0] == '-' && (*p)[1] && (*p)[1] != ']') {
		++*p;
		high = letter(p);
	}
	if (!low || !high)
		return NEVER;
	return low <= c && c <= high ? YES : NO;
}

/* The set whose '[' is before *p; moves *p behind its ']'. */
static enum answer in_set(const char **p, unsigned char c)
{
	bool inverse = **p == '!' || **p == '^', found = false;
	const char *first = *p += inverse;

	while (**p != ']' || *p == first) {
		enum answer a = **p ? in_member(p, c) : NEVER;

		if (a == NEVER)
			return NEVER;
		found |= a == YES;
	}
	++*p;
	return found != inverse ? YES : NO;
}

/* One character of the text against the pattern; moves both on. */
static enum answer step(const char **p, const char **t, bool paths)
{
	unsigned char c = (unsigned char)**t;
	enum answer a;

	if (!c || !**p)
		return NO;
	if (**p == '?') {
		++*p;
		a = paths && c == '/' ? NO : YES;
	} else if (**p == '[') {
		++*p;
		a = in_set(p, c);
		a = paths && c == '/' && a == YES ? NO : a;
	} else {
		a = letter(p) == c ? YES : NO;
	}
	++*t;
	return a;
}

/* Are these two stars a whole part of a path? */
static bool whole(const char *start, const char *p)
{
	return p[1] == '*' && (p == start || p[-1] == '/') &&
		(!p[2] || p[2] == '/');
}

/*
 * Only the last star can need another try: what an earlier one in the same
 * part could gain, the last one gains too, and parts end at a '/'. The same
 * goes for the last pair of stars. So this takes no exponential time.
 */
bool glob_match(const char *pattern, const char *text, bool paths)
{
	const char *p = pattern, *t = text;
	const char *star = NULL, *star_at = NULL, *deep = NULL, *deep_at = NULL;

	while (*p || *t) {
		enum answer a;

		if (*p == '*' && paths && whole(pattern, p)) {
			if (!p[2])
				return true;
			deep = p += 3;
			deep_at = t;
			star = NULL;
			continue;
		}
		if (*p == '*') {
			star = p += strspn(p, "*");
			star_at = t;
			continue;
		}
		a = step(&p, &t, paths);
		if (a == YES)
			continue;
		if (a == NEVER)
			return false;
		if (star && *star_at && !(paths && *star_at == '/')) {
			t = ++star_at;
			p = star;
		} else if (deep && (deep_at = strchr(deep_at, '/'))) {
			t = ++deep_at;
			p = deep;
			star = NULL;
		} else {
			return false;
		}
	}
	return true;
}
