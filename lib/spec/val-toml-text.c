#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "spec/val-text.h"
#include "spec/val-toml.h"

int toml_line(struct toml *t)
{
	t->line += val_lines(t->counted, t->s, t->end);
	t->counted = t->s;
	return t->line;
}

int toml_fail(struct toml *t, const char *fmt, ...)
{
	char why[160];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	return err_set(ERR_INVALID, "%s: line %d: %s", t->name, toml_line(t),
		       why);
}

char toml_peek(const struct toml *t)
{
	return t->s == t->end ? '\0' : *t->s == '\r' ? '\n' : *t->s;
}

/* The line may go on after CR: CR LF is one end of a line. */
static void skip_newline(struct toml *t)
{
	t->s += t->end - t->s > 1 && *t->s == '\r' && t->s[1] == '\n' ? 2 : 1;
}

static bool is_control(char c)
{
	return ((unsigned char)c < 0x20 && c != '\t') || c == 0x7f;
}

static int skip_comment(struct toml *t)
{
	while (t->s < t->end && toml_peek(t) != '\n') {
		if (is_control(*t->s))
			return toml_fail(t, "control character in a comment");
		t->s++;
	}
	return 0;
}

int toml_space(struct toml *t, bool lines)
{
	int err = 0;

	while (t->s < t->end && !err) {
		char c = toml_peek(t);

		if (c == ' ' || c == '\t')
			t->s++;
		else if (lines && c == '\n')
			skip_newline(t);
		else if (lines && c == '#')
			err = skip_comment(t);
		else
			break;
	}
	return err;
}

/* --- strings ------------------------------------------------------------ */

static int code_point(struct toml *t, struct buf *b, size_t digits)
{
	uint32_t c;

	if (!val_hex(t->s, (size_t)(t->end - t->s), digits, &c) ||
	    c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return toml_fail(t, "no character has the code of this escape");
	t->s += digits;
	val_put_char(b, c);
	return 0;
}

/* A backslash at the end of a line: nothing up to the next text. */
static int join_lines(struct toml *t)
{
	bool line = false;

	while (strchr(" \t\n", toml_peek(t)) && t->s < t->end && *t->s) {
		if (toml_peek(t) == '\n')
			line = true;
		t->s++;
	}
	return line ? 0 : toml_fail(t, "unknown escape in a string");
}

static int escape(struct toml *t, struct buf *b, bool many)
{
	static const char from[] = "\"\\btnfre", to[] = "\"\\\b\t\n\f\r\033";
	char c = toml_peek(t);
	const char *at = c ? strchr(from, c) : NULL;

	if (many && c && strchr(" \t\n", c))
		return join_lines(t);
	if (t->s < t->end)
		t->s++;
	if (c == 'u' || c == 'U' || c == 'x')
		return code_point(t, b, c == 'u' ? 4 : c == 'U' ? 8 : 2);
	if (!at)
		return toml_fail(t, "unknown escape in a string");
	buf_char(b, to[at - from]);
	return 0;
}

/* Up to two quotes may stand before the three that end the text. */
static int quotes(struct toml *t, struct buf *b, char quote, bool *done)
{
	size_t nr = 0;

	while (t->s < t->end && *t->s == quote) {
		t->s++;
		nr++;
	}
	if (nr > 5)
		return toml_fail(t, "too many quotes in a string");
	*done = nr >= 3;
	for (nr -= *done ? 3 : 0; nr; nr--)
		buf_char(b, quote);
	return 0;
}

static int body(struct toml *t, struct buf *b, char quote, bool many)
{
	bool done = false;
	int err = 0;

	while (!err && !done) {
		char c = toml_peek(t);

		if (t->s == t->end)
			return toml_fail(t, "string without end");
		if (c == quote && many) {
			err = quotes(t, b, quote, &done);
		} else if (c == '\\' && quote == '"') {
			t->s++;
			err = escape(t, b, many);
		} else if (c == '\n' && many) {
			skip_newline(t);
			buf_char(b, '\n');
		} else if (is_control(c)) {
			return toml_fail(t, c == '\n' ? "string without end" :
					 "control character in a string");
		} else {
			done = c == quote;
			t->s++;
			if (!done)
				buf_char(b, c);
		}
	}
	return err;
}

int toml_string(struct toml *t, struct val *out, bool many)
{
	struct buf b = BUF_INIT;
	char quote = *t->s++;
	int err = 0;

	out->style = quote == '"' ? VAL_DOUBLE : VAL_SINGLE;
	many = many && t->end - t->s > 1 && *t->s == quote && t->s[1] == quote;
	if (many) {
		t->s += 2;
		out->style = quote == '"' ? VAL_FOLDED : VAL_LITERAL;
		if (toml_peek(t) == '\n')
			skip_newline(t);
	}
	err = body(t, &b, quote, many);
	out->kind = VAL_STR;
	out->len = b.len;
	out->s = buf_take(&b);
	return err;
}

/* --- keys ---------------------------------------------------------------- */

static bool is_bare(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '_';
}

static int key_part(struct toml *t, struct val *out)
{
	int err = 0;

	toml_space(t, false);
	out->at = (size_t)(t->s - t->text);
	out->line = toml_line(t);
	if (toml_peek(t) == '"' || toml_peek(t) == '\'') {
		err = toml_string(t, out, false);
	} else {
		const char *from = t->s;

		while (t->s < t->end && is_bare(*t->s))
			t->s++;
		if (t->s == from)
			return toml_fail(t, "a key is missing");
		val_set_nstr(out, from, (size_t)(t->s - from));
		out->at = (size_t)(from - t->text);
		out->line = t->line;
	}
	out->end = (size_t)(t->s - t->text);
	toml_space(t, false);
	return err;
}

int toml_key(struct toml *t, struct val *out)
{
	int err;

	val_set_list(out);
	do {
		if (out->nr == TOML_DEPTH)
			return toml_fail(t, "key of more than %d parts",
					 TOML_DEPTH);
		err = key_part(t, val_add(out));
	} while (!err && toml_peek(t) == '.' && t->s++);
	return err;
}
