#include <stdbool.h>
#include <string.h>
#include "base/err.h"
#include "spec/edit-word.h"
#include "spec/val.h"

static const char digits[] = "0123456789";

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* Digits with single underscores between. */
static size_t run(const char *s)
{
	size_t n = strspn(s, digits);

	while (n && s[n] == '_' && is_digit(s[n + 1]))
		n += 1 + strspn(s + n + 1, digits);
	return n;
}

size_t edit_whole(const char *s)
{
	return *s == '0' ? 1 : run(s);
}

static size_t blanks(const char *s)
{
	return strspn(s, " \t");
}

/* Does `s` begin with this lower-case word, in any case? */
static size_t word(const char *s, const char *lower)
{
	size_t n = 0;

	for (; lower[n]; n++)
		if (s[n] != lower[n] && s[n] != lower[n] + 'A' - 'a')
			return 0;
	return n;
}

static size_t exponent(const char *s)
{
	size_t sign, n;

	if (*s != 'e' && *s != 'E')
		return 0;
	sign = s[1] == '+' || s[1] == '-';
	n = run(s + 1 + sign);
	return n ? 1 + sign + n : 0;
}

static size_t real(const char *s)
{
	size_t sign = *s == '+' || *s == '-', n, e;
	bool point = false;

	s += sign;
	n = word(s, "inf") + word(s, "nan");
	if (n)
		return sign + n;
	n = edit_whole(s);
	if (s[n] == '.' && (n || is_digit(s[n + 1]))) {
		point = true;
		n += 1 + run(s + n + 1);
	}
	e = n ? exponent(s + n) : 0;
	return point || e ? sign + n + e : 0;
}

static size_t whole(const char *s)
{
	size_t sign = *s == '+' || *s == '-', n = edit_whole(s + sign);

	return n ? sign + n : 0;
}

static size_t name(const char *s)
{
	size_t n = 0;

	if (is_alpha(*s))
		while (is_alpha(s[n]) || is_digit(s[n]) || s[n] == '-')
			n++;
	return n;
}

static size_t escapes(const char *s)
{
	size_t n = 0;

	while (s[n] == '\\' && s[n + 1] && strchr("\\()[]{}:=, \t", s[n + 1]))
		n += 2;
	return n;
}

/* A quote counts as the end unless an odd number of backslashes is before. */
static size_t quoted(const char *s)
{
	const char quote = *s;
	size_t n = 1;

	if (quote != '\'' && quote != '"')
		return 0;
	for (; s[n]; n++) {
		size_t slashes = strspn(s + n, "\\");

		n += slashes;
		if (s[n] == quote && slashes % 2 == 0)
			return n + 1;
		if (!s[n])
			break;
	}
	return 0;
}

static size_t reference(const char *s)
{
	const char *end;

	if (s[0] != '$' || s[1] != '{')
		return 0;
	end = strchr(s + 2, '}');
	return end && end > s + 2 ? (size_t)(end - s) + 1 : 0;
}

/* Punctuation takes the blanks before it and, where more follows, behind. */
static bool mark(struct edit_lex *l)
{
	static const struct {
		char c;
		enum edit_token is;
		bool before, behind;
	} marks[] = {
		{ '(', EDIT_POPEN, true, true }, { ')', EDIT_PCLOSE, true, false },
		{ '[', EDIT_LOPEN, false, true }, { ']', EDIT_LCLOSE, true, false },
		{ '{', EDIT_MOPEN, false, true }, { '}', EDIT_MCLOSE, true, false },
		{ ',', EDIT_COMMA, true, true }, { ':', EDIT_COLON, true, true },
		{ '=', EDIT_EQUAL, true, true },
	};
	size_t n = blanks(l->at);

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		if (l->at[n] != marks[i].c || (n && !marks[i].before))
			continue;
		l->is = marks[i].is;
		l->len = n + 1;
		if (marks[i].behind)
			l->len += blanks(l->at + l->len);
		return true;
	}
	return false;
}

/* The longest wins; of equals the one that was offered first. */
static void offer(struct edit_lex *l, enum edit_token is, size_t len)
{
	if (len <= l->len)
		return;
	l->is = is;
	l->len = len;
}

void edit_lex_next(struct edit_lex *l)
{
	const char *s = l->at += l->len;

	l->len = 0;
	l->is = *s ? EDIT_BAD : EDIT_END;
	if (!*s || mark(l))
		return;
	offer(l, EDIT_FLOAT, real(s));
	offer(l, EDIT_INT, whole(s));
	offer(l, EDIT_BOOL, word(s, "true") + word(s, "false"));
	offer(l, EDIT_NULL, word(s, "null"));
	offer(l, EDIT_CHAR, strchr("/-\\+.$%*@?|", *s) ? 1 : 0);
	offer(l, EDIT_ID, name(s));
	offer(l, EDIT_ESC, escapes(s));
	offer(l, EDIT_BLANK, blanks(s));
	offer(l, EDIT_QUOTED, quoted(s));
	offer(l, EDIT_REF, reference(s));
}

void edit_lex(struct edit_lex *l, const char *arg, const char *value)
{
	*l = (struct edit_lex){ .arg = arg, .at = value + blanks(value) };
	edit_lex_next(l);
}

/* Characters from the beginning of the word, from 1. */
static size_t character(const struct edit_lex *l, const char *at)
{
	size_t n = 1;

	for (const char *s = l->arg; s < at; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

static int bad(const struct edit_lex *l)
{
	uint32_t c;
	size_t n = val_char(l->at, strlen(l->at), &c);

	if (*l->at == '\'' || *l->at == '"')
		return err_set(ERR_INVALID, "'%s': the quote at character %zu "
			       "is not closed", l->arg, character(l, l->at));
	err_set(ERR_INVALID, "'%s': '%.*s', character %zu, must stand in "
		"quotes", l->arg, (int)n, l->at, character(l, l->at));
	return err_hint(ERR_INVALID, "for a text that holds it, put quotes "
			"around the value: \"key='a, b'\"");
}

int edit_expected(const struct edit_lex *l, const char *what)
{
	size_t skip = blanks(l->at), n = l->len;
	struct edit_lex next = *l;

	if (l->is == EDIT_BLANK) {
		edit_lex_next(&next);
		return edit_expected(&next, what);
	}
	if (l->is == EDIT_BAD)
		return bad(l);
	if (l->is == EDIT_END)
		return err_set(ERR_INVALID, "'%s': expected %s at the end",
			       l->arg, what);
	skip = skip < n ? skip : 0;
	while (n > skip + 1 && strchr(" \t", l->at[n - 1]))
		n--;
	return err_set(ERR_INVALID, "'%s': expected %s, not '%.*s', at "
		       "character %zu", l->arg, what, (int)(n - skip),
		       l->at + skip, character(l, l->at + skip));
}
