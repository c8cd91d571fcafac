#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"

static void *check(void *p)
{
	if (p)
		return p;
	fputs("fatal: out of memory\n", stderr);
	exit(128);
}

void *mem_new(size_t n, size_t size)
{
	return check(calloc(n ? n : 1, size ? size : 1));
}

void *mem_resize(void *p, size_t n, size_t size)
{
	if (size && n > SIZE_MAX / size)
		return check(NULL);
	return check(realloc(p, n && size ? n * size : 1));
}

char *mem_dup(const char *s)
{
	return s ? mem_ndup(s, strlen(s)) : NULL;
}

char *mem_ndup(const char *s, size_t len)
{
	char *copy = check(len < SIZE_MAX ? malloc(len + 1) : NULL);

	if (len)
		memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}

char *mem_fmt(const char *fmt, ...)
{
	va_list ap;
	char *s;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	s = n < 0 ? check(NULL) : mem_new((size_t)n + 1, 1);
	va_start(ap, fmt);
	vsnprintf(s, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return s;
}

void mem_set(char **p, char *value)
{
	if (*p != value)
		free(*p);
	*p = value;
}
