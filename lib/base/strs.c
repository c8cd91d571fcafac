#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/mem.h"
#include "base/strs.h"

void strs_give(struct strs *l, char *s)
{
	ARRAY_GROW(l);
	l->item[l->nr++] = s;
	ARRAY_GROW(l);
	l->item[l->nr] = NULL;
}

void strs_add(struct strs *l, const char *s)
{
	strs_give(l, mem_dup(s));
}

void strs_nadd(struct strs *l, const char *s, size_t len)
{
	strs_give(l, mem_ndup(s, len));
}

void strs_fmt(struct strs *l, const char *fmt, ...)
{
	struct buf b = BUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	buf_vfmt(&b, fmt, ap);
	va_end(ap);
	strs_give(l, buf_take(&b));
}

void strs_split(struct strs *l, const char *s, char sep)
{
	const char *end;

	while ((end = strchr(s, sep)) && *end) {
		strs_nadd(l, s, (size_t)(end - s));
		s = end + 1;
	}
	strs_add(l, s);
}

bool strs_has(const struct strs *l, const char *s)
{
	for (size_t i = 0; i < l->nr; i++)
		if (!strcmp(l->item[i], s))
			return true;
	return false;
}

bool strs_once(struct strs *l, const char *s)
{
	if (strs_has(l, s))
		return false;
	strs_add(l, s);
	return true;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Equal strings cannot be told apart, so any sort is stable. */
void strs_sort(struct strs *l)
{
	if (l->nr)
		qsort(l->item, l->nr, sizeof(*l->item), compare);
}

long strs_find(const struct strs *l, const char *s)
{
	char **found = l->nr ? bsearch(&s, l->item, l->nr, sizeof(*l->item),
				       compare) : NULL;

	return found ? found - l->item : -1;
}

void strs_drop(struct strs *l, size_t at)
{
	free(l->item[at]);
	memmove(l->item + at, l->item + at + 1,
		(l->nr - at) * sizeof(*l->item));
	l->nr--;
}

void strs_clear(struct strs *l)
{
	for (size_t i = 0; i < l->nr; i++)
		free(l->item[i]);
	free(l->item);
	*l = (struct strs)STRS_INIT;
}
