#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/mem.h"

char buf_empty[1];

void buf_room(struct buf *b, size_t more)
{
	size_t want = b->len + more + 1;

	if (want <= b->alloc)
		return;
	if (want <= more)
		want = SIZE_MAX;	/* overflow: mem ends the process */
	else if (want < b->alloc + b->alloc / 2)
		want = b->alloc + b->alloc / 2;
	else if (want < 32)
		want = 32;
	b->s = mem_resize(b->alloc ? b->s : NULL, want, 1);
	b->alloc = want;
	b->s[b->len] = '\0';
}

void buf_add(struct buf *b, const void *data, size_t len)
{
	if (!len)
		return;
	buf_room(b, len);
	memcpy(b->s + b->len, data, len);
	b->len += len;
	b->s[b->len] = '\0';
}

void buf_str(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void buf_char(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void buf_fmt(struct buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	buf_vfmt(b, fmt, ap);
	va_end(ap);
}

void buf_vfmt(struct buf *b, const char *fmt, va_list ap)
{
	va_list again;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	if (n > 0) {
		buf_room(b, (size_t)n);
		vsnprintf(b->s + b->len, (size_t)n + 1, fmt, again);
		b->len += (size_t)n;
	}
	va_end(again);
}

void buf_splice(struct buf *b, size_t at, size_t len,
		const void *data, size_t n)
{
	size_t tail = b->len - at - len;

	if (n > len)
		buf_room(b, n - len);
	if (!b->alloc)
		return;
	memmove(b->s + at + n, b->s + at + len, tail);
	if (n)
		memcpy(b->s + at, data, n);
	b->len = at + n + tail;
	b->s[b->len] = '\0';
}

void buf_cut(struct buf *b, size_t len)
{
	if (!b->alloc)
		return;
	b->len = len;
	b->s[len] = '\0';
}

void buf_reset(struct buf *b)
{
	buf_cut(b, 0);
}

void buf_clear(struct buf *b)
{
	if (b->alloc)
		free(b->s);
	*b = (struct buf)BUF_INIT;
}

char *buf_take(struct buf *b)
{
	char *s = b->alloc ? b->s : mem_new(1, 1);

	*b = (struct buf)BUF_INIT;
	return s;
}

bool buf_ends(const struct buf *b, const char *s)
{
	size_t len = strlen(s);

	return len <= b->len && !memcmp(b->s + b->len - len, s, len);
}
