#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/mem.h"
#include "spec/val-text.h"

size_t val_utf8_len(const char *text, size_t len)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t nr = *s < 0x80 ? 1 : *s < 0xc2 ? 0 : *s < 0xe0 ? 2 :
		    *s < 0xf0 ? 3 : *s < 0xf5 ? 4 : 0;

	if (!nr || nr > len)
		return 0;
	for (size_t i = 1; i < nr; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((*s == 0xe0 && s[1] < 0xa0) || (*s == 0xed && s[1] > 0x9f) ||
	    (*s == 0xf0 && s[1] < 0x90) || (*s == 0xf4 && s[1] > 0x8f))
		return 0;
	return nr;
}

size_t val_utf8(const char *s, size_t len)
{
	size_t at = 0;

	while (at < len) {
		size_t nr = val_utf8_len(s + at, len - at);

		if (!nr)
			return at;
		at += nr;
	}
	return len;
}

void val_put_char(struct buf *b, uint32_t c)
{
	if (c < 0x80) {
		buf_char(b, (char)c);
		return;
	}
	if (c < 0x800) {
		buf_char(b, (char)(0xc0 | c >> 6));
	} else {
		if (c < 0x10000) {
			buf_char(b, (char)(0xe0 | c >> 12));
		} else {
			buf_char(b, (char)(0xf0 | c >> 18));
			buf_char(b, (char)(0x80 | (c >> 12 & 0x3f)));
		}
		buf_char(b, (char)(0x80 | (c >> 6 & 0x3f)));
	}
	buf_char(b, (char)(0x80 | (c & 0x3f)));
}

bool val_hex(const char *s, size_t len, size_t nr, uint32_t *out)
{
	*out = 0;
	if (len < nr)
		return false;
	for (size_t i = 0; i < nr; i++) {
		unsigned char x = (unsigned char)s[i];

		if (!isxdigit(x))
			return false;
		*out = *out << 4 | (uint32_t)(isdigit(x) ? x - '0' :
					      tolower(x) - 'a' + 10);
	}
	return true;
}

int val_lines(const char *from, const char *to, const char *end)
{
	int nr = 0;

	for (; from < to; from++)
		nr += *from == '\n' || (*from == '\r' &&
					(from + 1 == end || from[1] != '\n'));
	return nr;
}

static uint64_t digit_of(char c)
{
	return (uint64_t)(isdigit((unsigned char)c) ? c - '0' :
			  tolower((unsigned char)c) - 'a' + 10);
}

char *val_decimal(const char *s, unsigned bits)
{
	size_t nr = 1, alloc = strlen(s) * bits / 29 + 2;
	uint32_t *part = mem_new(alloc, sizeof(*part));
	struct buf out = BUF_INIT;

	while (*s) {
		unsigned shift = 0;
		uint64_t carry = 0;

		for (; *s && shift + bits <= 28; s++, shift += bits)
			carry = carry << bits | digit_of(*s);
		for (size_t i = 0; i < nr; i++) {
			carry += (uint64_t)part[i] << shift;
			part[i] = (uint32_t)(carry % 1000000000);
			carry /= 1000000000;
		}
		if (carry)
			part[nr++] = (uint32_t)carry;
	}
	buf_fmt(&out, "%u", part[nr - 1]);
	while (--nr)
		buf_fmt(&out, "%09u", part[nr - 1]);
	free(part);
	return buf_take(&out);
}
