#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/mem.h"
#include "spec/canon.h"
#include "store/digest.h"
#include "store/dir.h"

#define ASTRAY 0xdc00u		/* Python's place for a byte that is no UTF-8 */

void dir_add(struct dir *d, const char *path, const char md5[33],
	     uint64_t size)
{
	struct dir_entry *e;

	ARRAY_GROW(d);
	e = &d->item[d->nr++];
	e->path = mem_dup(path);
	e->size = size;
	memcpy(e->md5, md5, sizeof(e->md5));
}

static bool follows(unsigned char c)
{
	return (c & 0xc0) == 0x80;
}

/* One character of a file name as Python sees it; returns its bytes. */
static size_t decode(const char *text, uint32_t *out)
{
	const unsigned char *s = (const unsigned char *)text;

	*out = s[0];
	if (s[0] < 0x80)
		return 1;
	*out += ASTRAY;
	if (s[0] < 0xc2 || s[0] > 0xf4 || !follows(s[1]))
		return 1;
	if (s[0] < 0xe0) {
		*out = (s[0] & 0x1fu) << 6 | (s[1] & 0x3fu);
		return 2;
	}
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f) ||
	    !follows(s[2]))
		return 1;
	if (s[0] < 0xf0) {
		*out = (s[0] & 0xfu) << 12 | (s[1] & 0x3fu) << 6 | (s[2] & 0x3fu);
		return 3;
	}
	if (!follows(s[3]))
		return 1;
	*out = (s[0] & 7u) << 18 | (s[1] & 0x3fu) << 12 | (s[2] & 0x3fu) << 6 |
		(s[3] & 0x3fu);
	return 4;
}

/* By code point, from the last plain character before the difference on. */
static int compare(const char *a, const char *b)
{
	uint32_t x, y;
	size_t i = 0;

	while (a[i] && a[i] == b[i])
		i++;
	while (i && (unsigned char)a[i - 1] >= 0x80)
		i--;
	a += i;
	b += i;
	do {
		a += decode(a, &x);
		b += decode(b, &y);
	} while (x && x == y);
	return (x > y) - (x < y);
}

static int by_path(const void *a, const void *b)
{
	const struct dir_entry *x = a, *y = b;

	return compare(x->path, y->path);
}

static bool sorted(const struct dir *d)
{
	for (size_t i = 1; i < d->nr; i++)
		if (by_path(&d->item[i - 1], &d->item[i]) > 0)
			return false;
	return true;
}

void dir_sort(struct dir *d)
{
	if (!sorted(d))
		qsort(d->item, d->nr, sizeof(*d->item), by_path);
}

const struct dir_entry *dir_find(const struct dir *d, const char *path)
{
	struct dir_entry key = { .path = (char *)path };

	return d->nr ? bsearch(&key, d->item, d->nr, sizeof(key), by_path) : NULL;
}

/* Bytes astray become what canon writes as a lone surrogate. */
static void name(struct buf *out, const char *path)
{
	struct buf b = BUF_INIT;

	while (*path) {
		uint32_t c;
		size_t n = decode(path, &c);

		if (n > 1 || c < 0x80) {
			buf_add(&b, path, n);
		} else {
			buf_char(&b, (char)0xed);
			buf_char(&b, (char)(0x80 | (c >> 6 & 0x3f)));
			buf_char(&b, (char)(0x80 | (c & 0x3f)));
		}
		path += n;
	}
	canon_str(out, b.s, b.len);
	buf_clear(&b);
}

void dir_text(struct dir *d, struct buf *out, char id[40])
{
	size_t start = out->len;
	char hex[DIGEST_HEX];

	dir_sort(d);
	buf_char(out, '[');
	for (size_t i = 0; i < d->nr; i++) {
		buf_str(out, i ? ", {\"md5\": \"" : "{\"md5\": \"");
		buf_str(out, d->item[i].md5);
		buf_str(out, "\", \"relpath\": ");
		name(out, d->item[i].path);
		buf_char(out, '}');
	}
	buf_char(out, ']');
	digest_mem(DIGEST_MD5, out->s + start, out->len - start, hex);
	memcpy(id, hex, 32);
	memcpy(id + 32, ".dir", 5);
}

void dir_clear(struct dir *d)
{
	for (size_t i = 0; i < d->nr; i++)
		free(d->item[i].path);
	free(d->item);
	*d = (struct dir)DIR_INIT;
}
