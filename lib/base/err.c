#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"

static const char nothing[] = "no error";
static char message[4096] = "no error";
static char hints[4096];
static void (*on_warn)(const char *line);

/* One line that a terminal can be shown, whatever went into it. */
__attribute__((format(printf, 2, 0)))
static void clean(struct buf *out, const char *fmt, va_list ap)
{
	struct buf raw = BUF_INIT;

	buf_vfmt(&raw, fmt, ap);
	while (raw.len && strchr("\n ", raw.s[raw.len - 1]))
		buf_cut(&raw, raw.len - 1);
	for (size_t i = 0; i < raw.len; i++)
		if (raw.s[i] == '\n' || raw.s[i] == '\r')
			raw.s[i] = ' ';
	buf_safe(out, raw.s, raw.len);
	buf_clear(&raw);
}

static void keep(char *slot, size_t size, const struct buf *b)
{
	size_t len = b->len < size ? b->len : size - 1;

	while (len < b->len && len && (b->s[len] & 0xc0) == 0x80)
		len--;
	memcpy(slot, b->s, len);
	slot[len] = '\0';
}

__attribute__((format(printf, 2, 0)))
static void set(struct buf *b, const char *fmt, va_list ap)
{
	clean(b, fmt, ap);
	hints[0] = '\0';
}

int err_set(int code, const char *fmt, ...)
{
	struct buf b = BUF_INIT;
	int saved = errno;
	va_list ap;

	va_start(ap, fmt);
	set(&b, fmt, ap);
	va_end(ap);
	keep(message, sizeof(message), &b);
	buf_clear(&b);
	errno = saved;
	return code;
}

int err_sys(int code, const char *fmt, ...)
{
	struct buf b = BUF_INIT;
	int saved = errno;
	va_list ap;

	va_start(ap, fmt);
	set(&b, fmt, ap);
	va_end(ap);
	buf_fmt(&b, ": %s", strerror(saved));
	keep(message, sizeof(message), &b);
	buf_clear(&b);
	errno = saved;
	return code;
}

int err_wrap(int code, const char *fmt, ...)
{
	struct buf b = BUF_INIT;
	int saved = errno;
	va_list ap;

	va_start(ap, fmt);
	clean(&b, fmt, ap);
	va_end(ap);
	buf_fmt(&b, ": %s", message);
	keep(message, sizeof(message), &b);
	buf_clear(&b);
	errno = saved;
	return code;
}

int err_hint(int code, const char *fmt, ...)
{
	struct buf b = BUF_INIT;
	int saved = errno;
	va_list ap;

	if (hints[0])
		buf_fmt(&b, "%s\n", hints);
	va_start(ap, fmt);
	clean(&b, fmt, ap);
	va_end(ap);
	keep(hints, sizeof(hints), &b);
	buf_clear(&b);
	errno = saved;
	return code;
}

const char *err_message(void)
{
	return message;
}

const char *err_hints(void)
{
	return hints[0] ? hints : NULL;
}

void err_clear(void)
{
	memcpy(message, nothing, sizeof(nothing));
	hints[0] = '\0';
}

void err_warn(const char *fmt, ...)
{
	struct buf b = BUF_INIT;
	int saved = errno;
	va_list ap;

	va_start(ap, fmt);
	clean(&b, fmt, ap);
	va_end(ap);
	if (on_warn)
		on_warn(b.s);
	buf_clear(&b);
	errno = saved;
}

void err_on_warn(void (*fn)(const char *line))
{
	on_warn = fn;
}
