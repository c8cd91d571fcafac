#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "spec/val-map.h"
#include "spec/val-text.h"
#include "spec/val.h"

#define DEPTH_MAX 256
#define DIGITS_MAX 4300		/* what Python's int() takes */

/*
 * Not json-c: it clamps large integers, loses -0 and lone surrogates, takes
 * what Python refuses, and does not tell where a value stands in the text.
 */
struct reader {
	const char *text, *s, *end, *name;
	int line;
	size_t depth;
};

static int read_value(struct reader *r, struct val *out);

static int fail(const struct reader *r, const char *why)
{
	return err_set(ERR_INVALID, "%s: line %d: %s", r->name, r->line, why);
}

static void skip_space(struct reader *r)
{
	for (; r->s < r->end && *r->s && strchr(" \t\r\n", *r->s); r->s++)
		r->line += *r->s == '\n';
}

/* The next character, or NUL at the end. */
static char peek(const struct reader *r)
{
	return r->s < r->end ? *r->s : '\0';
}

static bool take(struct reader *r, char c)
{
	skip_space(r);
	if (r->s == r->end || *r->s != c)
		return false;
	r->s++;
	return true;
}

static bool take_word(struct reader *r, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(r->end - r->s) < len || memcmp(r->s, word, len))
		return false;
	r->s += len;
	return true;
}

/* --- strings ----------------------------------------------------------- */

/* After "\u". A surrogate without its other half stays one, as in Python. */
static bool read_unicode(struct reader *r, struct buf *b)
{
	const char *after;
	uint32_t c, low;

	if (!val_hex(r->s, (size_t)(r->end - r->s), 4, &c))
		return false;
	r->s += 4;
	after = r->s;
	if ((c & 0xfc00) == 0xd800 && take_word(r, "\\u") &&
	    val_hex(r->s, (size_t)(r->end - r->s), 4, &low) &&
	    (low & 0xfc00) == 0xdc00) {
		c = 0x10000 + ((c & 0x3ff) << 10) + (low & 0x3ff);
		r->s += 4;
	} else {
		r->s = after;
	}
	val_put_char(b, c);
	return true;
}

static bool read_escape(struct reader *r, struct buf *b)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	char c = peek(r);
	const char *at = c ? strchr(from, c) : NULL;

	if (r->s < r->end)
		r->s++;
	if (c == 'u')
		return read_unicode(r, b);
	if (at)
		buf_char(b, to[at - from]);
	return at;
}

static int read_string(struct reader *r, struct val *out)
{
	struct buf b = BUF_INIT;

	for (;;) {
		const char *from = r->s;

		while (r->s < r->end && (unsigned char)*r->s >= 0x20 &&
		       *r->s != '"' && *r->s != '\\')
			r->s++;
		buf_add(&b, from, (size_t)(r->s - from));
		if (r->s == r->end || (*r->s != '"' && *r->s != '\\')) {
			buf_clear(&b);
			return fail(r, r->s == r->end ? "string without end" :
				    "control character in a string");
		}
		if (*r->s++ == '"')
			break;
		if (!read_escape(r, &b)) {
			buf_clear(&b);
			return fail(r, "unknown escape in a string");
		}
	}
	out->kind = VAL_STR;
	out->style = VAL_DOUBLE;
	out->len = b.len;
	out->s = buf_take(&b);
	return 0;
}

/* --- numbers and words -------------------------------------------------- */

static void skip_digits(struct reader *r)
{
	while (isdigit((unsigned char)peek(r)))
		r->s++;
}

/* The part after the whole number, if it is there in full. */
static bool skip_fraction(struct reader *r)
{
	const char *from = r->s;

	if (peek(r) == '.') {
		r->s++;
		if (!isdigit((unsigned char)peek(r)))
			r->s = from;
		skip_digits(r);
	}
	if (r->s > from || peek(r) != '.') {
		const char *e = r->s;

		if (peek(r) == 'e' || peek(r) == 'E') {
			r->s++;
			if (peek(r) == '-' || peek(r) == '+')
				r->s++;
			if (!isdigit((unsigned char)peek(r)))
				r->s = e;
			skip_digits(r);
		}
	}
	return r->s > from;
}

static int read_number(struct reader *r, struct val *out)
{
	const char *from = r->s;
	char *text;

	r->s += *r->s == '-';
	if (!isdigit((unsigned char)peek(r)))
		return fail(r, "a value is missing");
	if (peek(r) == '0')
		r->s++;
	else
		skip_digits(r);
	if (skip_fraction(r)) {
		text = mem_ndup(from, (size_t)(r->s - from));
		val_set_float(out, strtod(text, NULL));
		free(text);
		return 0;
	}
	if (r->s - from - (*from == '-') > DIGITS_MAX)
		return fail(r, "number of more than 4300 digits");
	if (r->s - from == 2 && !memcmp(from, "-0", 2))
		from++;
	out->kind = VAL_INT;
	out->len = (size_t)(r->s - from);
	out->s = mem_ndup(from, out->len);
	return 0;
}

static int read_word(struct reader *r, struct val *out)
{
	if (take_word(r, "null"))
		val_set_null(out);
	else if (take_word(r, "true"))
		val_set_bool(out, true);
	else if (take_word(r, "false"))
		val_set_bool(out, false);
	else if (take_word(r, "NaN"))
		val_set_float(out, NAN);
	else if (take_word(r, "Infinity"))
		val_set_float(out, HUGE_VAL);
	else if (take_word(r, "-Infinity"))
		val_set_float(out, -HUGE_VAL);
	else if (r->s < r->end)
		return read_number(r, out);
	else
		return fail(r, "a value is missing");
	return 0;
}

/* --- collections -------------------------------------------------------- */

static int read_list(struct reader *r, struct val *out)
{
	int err;

	val_set_list(out);
	if (take(r, ']'))
		return 0;
	do {
		err = read_value(r, val_add(out));
		if (err)
			return err;
	} while (take(r, ','));
	return take(r, ']') ? 0 : fail(r, "',' or ']' is missing");
}

static int read_pair(struct reader *r, struct keys *k, struct val *out)
{
	struct val key = VAL_INIT, item = VAL_INIT;
	int err;

	skip_space(r);
	if (peek(r) != '"')
		return fail(r, "a key in quotes is missing");
	err = read_value(r, &key);
	if (!err && !take(r, ':'))
		err = fail(r, "':' is missing");
	if (!err)
		err = read_value(r, &item);
	if (!err && keys_set(k, out, &key, &item))
		out->twice = true;
	val_clear(&key);
	val_clear(&item);
	return err;
}

static int read_map(struct reader *r, struct val *out)
{
	struct keys k = KEYS_INIT;
	int err = 0;

	val_set_map(out);
	if (take(r, '}'))
		return 0;
	do
		err = read_pair(r, &k, out);
	while (!err && take(r, ','));
	keys_clear(&k);
	if (!err && !take(r, '}'))
		err = fail(r, "',' or '}' is missing");
	return err;
}

static int read_value(struct reader *r, struct val *out)
{
	bool deep;
	size_t at;
	int err, line;

	skip_space(r);
	line = r->line;
	at = (size_t)(r->s - r->text);
	deep = peek(r) == '[' || peek(r) == '{';
	if (deep && ++r->depth > DEPTH_MAX)
		return fail(r, "nested too deep");
	err = take(r, '"') ? read_string(r, out) :
	      take(r, '[') ? read_list(r, out) :
	      take(r, '{') ? read_map(r, out) : read_word(r, out);
	r->depth -= deep;
	if (deep)
		out->style = VAL_FLOW;
	out->line = line;
	out->at = at;
	out->end = (size_t)(r->s - r->text);
	return err;
}

/* --- the document -------------------------------------------------------- */

static int check_utf8(struct reader *r)
{
	size_t len = (size_t)(r->end - r->s), bad = val_utf8(r->s, len);

	if (bad == len)
		return 0;
	r->line += val_lines(r->s, r->s + bad, r->end);
	return fail(r, "not UTF-8");
}

int val_json(struct val *out, const char *text, size_t len, const char *name)
{
	struct reader r = { text, text, text + len, name, 1, 0 };
	struct val v = VAL_INIT;
	int err = check_utf8(&r);

	if (!err && take_word(&r, "\xef\xbb\xbf"))
		err = fail(&r, "a byte order mark is not JSON");
	if (!err)
		err = read_value(&r, &v);
	skip_space(&r);
	if (!err && r.s < r.end)
		err = fail(&r, "more text after the value");
	if (err)
		val_clear(&v);
	val_clear(out);
	*out = v;
	return err;
}
