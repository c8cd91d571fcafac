#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "spec/canon.h"
#include "spec/val.h"

/* What str.isprintable() denies, without the unassigned ones. */
static const uint32_t hidden[][2] = {
	{ 0x0, 0x1f }, { 0x7f, 0xa0 }, { 0xad, 0xad }, { 0x600, 0x605 },
	{ 0x61c, 0x61c }, { 0x6dd, 0x6dd }, { 0x70f, 0x70f },
	{ 0x890, 0x891 }, { 0x8e2, 0x8e2 }, { 0x1680, 0x1680 },
	{ 0x180e, 0x180e }, { 0x2000, 0x200f }, { 0x2028, 0x202f },
	{ 0x205f, 0x206f }, { 0x3000, 0x3000 }, { 0xd800, 0xf8ff },
	{ 0xfeff, 0xfeff }, { 0xfff0, 0xfffb }, { 0xfffe, 0xffff },
	{ 0x110bd, 0x110bd }, { 0x110cd, 0x110cd }, { 0x13430, 0x13438 },
	{ 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a }, { 0xe0000, 0xe00ff },
	{ 0xe01f0, 0x10ffff },
};

static bool is_printable(uint32_t c)
{
	for (size_t i = 0; i < sizeof(hidden) / sizeof(*hidden); i++)
		if (c >= hidden[i][0] && c <= hidden[i][1])
			return false;
	return true;
}

static void escape(struct buf *out, uint32_t c)
{
	static const char from[] = "\n\r\t\\", to[] = "nrt\\";
	const char *at = c && c < 128 ? strchr(from, (int)c) : NULL;

	if (at)
		buf_fmt(out, "\\%c", to[at - from]);
	else if (c < 0x100)
		buf_fmt(out, "\\x%02x", (unsigned)c);
	else if (c < 0x10000)
		buf_fmt(out, "\\u%04x", (unsigned)c);
	else
		buf_fmt(out, "\\U%08x", (unsigned)c);
}

static void repr_str(struct buf *out, const char *s, size_t len)
{
	char quote = memchr(s, '\'', len) && !memchr(s, '"', len) ? '"' : '\'';
	size_t nr;

	buf_char(out, quote);
	for (size_t i = 0; i < len; i += nr) {
		uint32_t c;

		nr = val_char(s + i, len - i, &c);
		if (c == (unsigned char)quote)
			buf_fmt(out, "\\%c", quote);
		else if (c == '\\' || !is_printable(c))
			escape(out, c);
		else
			buf_add(out, s + i, nr);
	}
	buf_char(out, quote);
}

static void repr(struct buf *out, const struct val *v)
{
	if (v->kind == VAL_STR)
		repr_str(out, v->s, v->len);
	else
		canon_python(out, v);
}

static void repr_items(struct buf *out, const struct val *v)
{
	bool map = v->kind == VAL_MAP;

	buf_char(out, map ? '{' : '[');
	for (size_t i = 0; i < v->nr; i++) {
		buf_str(out, i ? ", " : "");
		if (map) {
			repr(out, &v->key[i]);
			buf_str(out, ": ");
		}
		repr(out, &v->item[i]);
	}
	buf_char(out, map ? '}' : ']');
}

void canon_python(struct buf *out, const struct val *v)
{
	switch (v->kind) {
	case VAL_NULL:
		buf_str(out, "None");
		break;
	case VAL_BOOL:
		buf_str(out, v->b ? "True" : "False");
		break;
	case VAL_FLOAT:
		canon_float(out, v->f);
		break;
	case VAL_LIST:
	case VAL_MAP:
		repr_items(out, v);
		break;
	default:
		buf_add(out, v->s, v->len);
	}
}
