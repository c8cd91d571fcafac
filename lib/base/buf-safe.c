#include <stdint.h>
#include <string.h>
#include "base/buf.h"

/*
 * The length of the well-formed UTF-8 sequence at `s` and its code point, or
 * 0. Overlong forms, surrogates and what lies above U+10FFFF are not.
 */
static size_t decode(const unsigned char *s, size_t len, uint32_t *point)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n = s[0] < 0x80 ? 1 : s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
	uint32_t c = n == 1 ? s[0] : s[0] & (0xff >> (n + 1));

	if (n > len || (s[0] >= 0x80 && s[0] < 0xc2) || s[0] > 0xf4)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return 0;
	*point = c;
	return n;
}

static bool harmless(uint32_t c)
{
	if (c < 0x20 || (c >= 0x7f && c < 0xa0))
		return false;
	return c != 0x61c && c != 0x200e && c != 0x200f &&
		!(c >= 0x202a && c <= 0x202e) && !(c >= 0x2066 && c <= 0x2069);
}

void buf_safe(struct buf *b, const char *s, size_t len)
{
	const unsigned char *p = (const unsigned char *)s;
	uint32_t c;

	for (size_t i = 0, n; i < len; i += n) {
		n = decode(p + i, len - i, &c);
		if (n && harmless(c)) {
			buf_add(b, p + i, n);
			continue;
		}
		n = n ? n : 1;
		if (p[i] == '\n' || p[i] == '\t')
			buf_str(b, p[i] == '\n' ? "\\n" : "\\t");
		else
			for (size_t k = 0; k < n; k++)
				buf_fmt(b, "\\x%02x", p[i + k]);
	}
}
