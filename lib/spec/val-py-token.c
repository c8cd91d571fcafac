#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "base/err.h"
#include "spec/val-py.h"
#include "spec/val-text.h"

int py_fail(const struct py *p, const char *fmt, ...)
{
	char why[160];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	return err_set(ERR_INVALID, "%s: line %d: %s", p->name, p->line, why);
}

bool py_is(const struct py *p, const char *word)
{
	return (p->kind == PY_OP || p->kind == PY_NAME) &&
	       strlen(word) == p->len && !memcmp(p->at, word, p->len);
}

static char look(const struct py *p, size_t n)
{
	return (size_t)(p->end - p->s) > n ? p->s[n] : '\0';
}

static bool is_line_end(char c)
{
	return c == '\n' || c == '\r';
}

static void skip_line_end(struct py *p)
{
	p->s += *p->s == '\r' && look(p, 1) == '\n' ? 2 : 1;
	p->line++;
}

static void skip_comment(struct py *p)
{
	while (p->s < p->end && !is_line_end(*p->s))
		p->s++;
}

/* After a backslash the line goes on in the next. */
static int join(struct py *p)
{
	p->s++;
	if (p->s == p->end || !is_line_end(*p->s))
		return py_fail(p, "text after a backslash at the end of a line");
	skip_line_end(p);
	return p->s == p->end ? py_fail(p, "a line should go on, but the file "
					"ends") : 0;
}

/* --- indentation ---------------------------------------------------------- */

/* Two ways to count tabs; a block must be one in both. */
static int measure(struct py *p, size_t *column, size_t *tabs)
{
	size_t first = 0, first_tabs = 0;
	bool joined = false;
	int err = 0;

	*column = *tabs = 0;
	for (; p->s < p->end && !err; ) {
		char c = *p->s;

		if (c == '\\') {
			if (!joined) {
				first = *column;
				first_tabs = *tabs;
			}
			joined = true;
			err = join(p);
			continue;
		}
		if (c != ' ' && c != '\t' && c != '\f')
			break;
		p->s++;
		*column = c == '\f' ? 0 : c == ' ' ? *column + 1 :
			  (*column / 8 + 1) * 8;
		*tabs = c == '\f' ? 0 : *tabs + 1;
	}
	if (joined && first) {
		*column = first;
		*tabs = first_tabs;
	}
	return err;
}

static int indent(struct py *p, size_t column, size_t tabs)
{
	size_t n = p->nr_indent;

	if (column == p->column[n])
		return tabs == p->tabs[n] ? 0 :
		       py_fail(p, "tabs and spaces are mixed");
	if (column > p->column[n]) {
		if (tabs <= p->tabs[n])
			return py_fail(p, "tabs and spaces are mixed");
		if (n + 1 >= PY_INDENTS)
			return py_fail(p, "indented too deep");
		p->column[n + 1] = column;
		p->tabs[n + 1] = tabs;
		p->nr_indent++;
		p->kind = PY_INDENT;
		return 0;
	}
	while (p->nr_indent && column < p->column[p->nr_indent]) {
		p->nr_indent--;
		p->dedents++;
	}
	if (column != p->column[p->nr_indent])
		return py_fail(p, "indented as no line before it");
	return tabs == p->tabs[p->nr_indent] ? 0 :
	       py_fail(p, "tabs and spaces are mixed");
}

/* To the next line with something on it. */
static int begin_line(struct py *p)
{
	size_t column = 0, tabs = 0;
	int err = 0;

	while (!err) {
		err = measure(p, &column, &tabs);
		if (err || p->s == p->end)
			break;
		if (*p->s == '#')
			skip_comment(p);
		else if (!is_line_end(*p->s))
			break;
		if (p->s < p->end)
			skip_line_end(p);
	}
	if (err)
		return err;
	p->begins = false;
	p->at_line = p->line;
	return p->s == p->end ? indent(p, 0, 0) : indent(p, column, tabs);
}

/* --- tokens ------------------------------------------------------------------ */

/*
 * Above ASCII almost everything that is no letter is punctuation of these
 * blocks; what else can stand in no name is not known here.
 */
static bool is_letter(const struct py *p, const char *s, size_t *nr)
{
	uint32_t c;

	*nr = 1;
	if (isalnum((unsigned char)*s) || *s == '_')
		return true;
	if (!(*s & 0x80))
		return false;
	*nr = val_char(s, (size_t)(p->end - s), &c);
	return c == 0xaa || c == 0xb5 || c == 0xb7 || c == 0xba ||
	       (c >= 0xc0 && c != 0xd7 && c != 0xf7 && c != 0xfeff &&
		!(c >= 0x2000 && c < 0x2070 && c != 0x203f && c != 0x2040 &&
		  c != 0x2054) && !(c >= 0x2190 && c < 0x2c00) &&
		!(c >= 0x3000 && c < 0x3005) && !(c >= 0xe000 && c < 0xf900) &&
		!(c >= 0xff00 && c < 0xff10) && !(c >= 0x1f000 && c < 0x1fb00));
}

static size_t name_len(const struct py *p)
{
	const char *s = p->s;
	size_t nr;

	if (isdigit((unsigned char)*s))
		return 0;
	while (s < p->end && is_letter(p, s, &nr))
		s += nr;
	return (size_t)(s - p->s);
}

static size_t operator_len(const struct py *p)
{
	static const char *const all[] = {
		"**=", "//=", ">>=", "<<=", "...", "**", "//", ">>", "<<", "<=",
		">=", "==", "!=", "->", "+=", "-=", "*=", "/=", "%=", "&=",
		"|=", "^=", "@=", ":=",
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		size_t len = strlen(all[i]);

		if ((size_t)(p->end - p->s) >= len &&
		    !memcmp(p->s, all[i], len))
			return len;
	}
	return *p->s && strchr("+-*/%@&|^~<>()[]{},:.;=", *p->s) ? 1 : 0;
}

static int bracket(struct py *p)
{
	static const char opens[] = "([{", closes[] = ")]}";
	const char *at = p->len == 1 ? strchr(opens, *p->at) : NULL;

	if (at) {
		if (p->nr_open == PY_BRACKETS)
			return py_fail(p, "too many brackets in each other");
		p->open_line[p->nr_open] = p->line;
		p->open[p->nr_open++] = closes[at - opens];
		return 0;
	}
	if (p->len != 1 || !strchr(closes, *p->at))
		return 0;
	if (!p->nr_open || p->open[p->nr_open - 1] != *p->at)
		return py_fail(p, "'%c' closes no bracket", *p->at);
	p->nr_open--;
	return 0;
}

static int text_token(struct py *p, size_t prefix)
{
	size_t len = py_quoted_len(p, prefix);

	if (!len)
		return py_fail(p, "string without end");
	p->kind = PY_STRING;
	p->len = prefix + len;
	p->line += val_lines(p->s, p->s + p->len, p->end);
	return py_check_string(p);
}

static int token(struct py *p)
{
	size_t name = name_len(p);
	char c = look(p, name), next = look(p, 1);

	p->at = p->s;
	p->at_line = p->line;
	if ((c == '"' || c == '\'') && py_is_prefix(p->s, name))
		return text_token(p, name);
	if (name) {
		p->kind = PY_NAME;
		p->len = name;
		return 0;
	}
	if (isdigit((unsigned char)c) ||
	    (c == '.' && isdigit((unsigned char)next))) {
		p->kind = PY_NUMBER;
		p->len = py_number_len(p->s, p->end);
		return p->len ? 0 : py_fail(p, "no number is written so");
	}
	p->kind = PY_OP;
	p->len = operator_len(p);
	return p->len ? bracket(p) :
	       py_fail(p, "a character that means nothing here");
}

/* Spaces, and lines that go on. */
static int skip_space(struct py *p)
{
	int err = 0;

	while (p->s < p->end && !err) {
		if (*p->s == ' ' || *p->s == '\t' || *p->s == '\f')
			p->s++;
		else if (*p->s == '\\')
			err = join(p);
		else if (*p->s == '#')
			skip_comment(p);
		else if (p->nr_open && is_line_end(*p->s))
			skip_line_end(p);
		else
			break;
	}
	return err;
}

static int at_end(struct py *p)
{
	if (p->nr_open) {
		p->line = p->open_line[p->nr_open - 1];
		return py_fail(p, "a bracket is not closed: '%c' is missing",
			       p->open[p->nr_open - 1]);
	}
	p->kind = p->before == PY_B_START || p->before == PY_B_BLOCK ?
		  PY_END : PY_NEWLINE;
	p->begins = true;
	return 0;
}

static int read(struct py *p)
{
	int err = 0;

	if (p->begins) {
		p->kind = PY_END;
		err = begin_line(p);
		if (err || p->kind == PY_INDENT)
			return err;
	}
	if (p->dedents) {
		p->dedents--;
		p->kind = PY_DEDENT;
		return 0;
	}
	err = skip_space(p);
	p->at = p->s;
	p->len = 0;
	p->at_line = p->line;
	if (err)
		return err;
	if (p->s == p->end)
		return at_end(p);
	if (is_line_end(*p->s)) {
		skip_line_end(p);
		p->kind = PY_NEWLINE;
		p->begins = true;
		return 0;
	}
	err = token(p);
	p->s += err ? 0 : p->len;
	return err;
}

int py_next(struct py *p)
{
	int err;

	p->done = p->at + p->len;
	err = read(p);
	return err ? err : py_follows(p);
}
