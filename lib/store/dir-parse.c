#include <stdbool.h>
#include <string.h>
#include <strings.h>
#include "base/buf.h"
#include "base/err.h"
#include "store/dir.h"

struct reader {
	const char *at, *end, *name;
	struct buf key, text, path;
	char md5[33];
};

static int fail(const struct reader *r, const char *why)
{
	return err_set(ERR_INVALID, "%s: not the listing of a directory: %s",
		       r->name, why);
}

/* The next character that is no space, '\0' at the end; `c` is swallowed. */
static bool next(struct reader *r, char c)
{
	while (r->at < r->end && memchr(" \t\r\n", *r->at, 4))
		r->at++;
	if (r->at == r->end || *r->at != c)
		return false;
	r->at++;
	return true;
}

static bool hex4(struct reader *r, uint32_t *out)
{
	static const char digit[] = "0123456789abcdef0123456789ABCDEF";

	*out = 0;
	for (int i = 0; i < 4; i++) {
		const char *at = r->at < r->end ?
			memchr(digit, *r->at, sizeof(digit) - 1) : NULL;

		if (!at)
			return false;
		*out = *out << 4 | ((uint32_t)(at - digit) & 15);
		r->at++;
	}
	return true;
}

static void encode(struct buf *out, uint32_t c)
{
	if (c < 0x80) {
		buf_char(out, (char)c);
	} else if (c < 0x800) {
		buf_char(out, (char)(0xc0 | c >> 6));
	} else if (c < 0x10000) {
		buf_char(out, (char)(0xe0 | c >> 12));
		buf_char(out, (char)(0x80 | (c >> 6 & 0x3f)));
	} else {
		buf_char(out, (char)(0xf0 | c >> 18));
		buf_char(out, (char)(0x80 | (c >> 12 & 0x3f)));
		buf_char(out, (char)(0x80 | (c >> 6 & 0x3f)));
	}
	if (c >= 0x80)
		buf_char(out, (char)(0x80 | (c & 0x3f)));
}

/* After "\u": a character, half of one, or a byte that was no UTF-8. */
static bool escaped(struct reader *r, struct buf *out)
{
	uint32_t c, low;

	if (!hex4(r, &c) || !c)
		return false;
	if (c >= 0xdc80 && c <= 0xdcff) {
		buf_char(out, (char)(c - 0xdc00));
		return true;
	}
	if (c >= 0xd800 && c <= 0xdbff) {
		if (r->end - r->at < 2 || memcmp(r->at, "\\u", 2))
			return false;
		r->at += 2;
		if (!hex4(r, &low) || low < 0xdc00 || low > 0xdfff)
			return false;
		c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
	} else if (c >= 0xdc00 && c <= 0xdfff) {
		return false;
	}
	encode(out, c);
	return true;
}

static bool escape(struct reader *r, struct buf *out)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *at;
	char c;

	if (r->at == r->end)
		return false;
	c = *r->at++;
	if (c == 'u')
		return escaped(r, out);
	at = c ? strchr(from, c) : NULL;
	if (at)
		buf_char(out, to[at - from]);
	return at;
}

static int string(struct reader *r, struct buf *out)
{
	buf_reset(out);
	if (!next(r, '"'))
		return fail(r, "a string is missing");
	for (;;) {
		const char *s = r->at;

		while (r->at < r->end && *r->at != '"' && *r->at != '\\' &&
		       (unsigned char)*r->at >= 0x20)
			r->at++;
		buf_add(out, s, (size_t)(r->at - s));
		if (r->at == r->end)
			return fail(r, "it ends within a string");
		if (*r->at++ == '"')
			return 0;
		if (r->at[-1] != '\\' || !escape(r, out))
			return fail(r, "a character cannot be read");
	}
}

/* What DVC may add beside the two keys: strings, numbers, words. */
static int value(struct reader *r)
{
	const char *s;

	next(r, '\0');
	if (r->at < r->end && *r->at == '"')
		return string(r, &r->text);
	s = r->at;
	while (r->at < r->end && *r->at &&
	       strchr("+-.0123456789abcdefghijklmnopqrstuvwxyzEIN", *r->at))
		r->at++;
	return r->at > s ? 0 : fail(r, "a value is missing");
}

static bool is_md5(const struct buf *b)
{
	return b->len == 32 && strspn(b->s, "0123456789abcdef") == 32;
}

/*
 * A name that may stand in a path: nothing that leaves the directory, and
 * nothing by which a program would take it for a repository.
 */
static bool harmless(const char *s, size_t len, bool last)
{
	if (!len || (len == 1 && *s == '.') || (len == 2 && !memcmp(s, "..", 2)))
		return false;
	if (len == 4 && !strncasecmp(s, ".git", 4))
		return false;
	return last || len != 4 || strncasecmp(s, ".dvc", 4);
}

static bool inside(const char *path)
{
	for (;;) {
		size_t n = strcspn(path, "/");

		if (!harmless(path, n, !path[n]))
			return false;
		if (!path[n])
			return true;
		path += n + 1;
	}
}

static int pair(struct reader *r)
{
	int err = string(r, &r->key);

	if (err)
		return err;
	if (!next(r, ':'))
		return fail(r, "a ':' is missing");
	if (!strcmp(r->key.s, "relpath"))
		return string(r, &r->path);
	if (strcmp(r->key.s, "md5"))
		return value(r);
	err = string(r, &r->text);
	if (!err && !is_md5(&r->text))
		return fail(r, "a hash is no MD5");
	if (!err)
		memcpy(r->md5, r->text.s, sizeof(r->md5));
	return err;
}

static int entry(struct reader *r, struct dir *out)
{
	int err;

	buf_reset(&r->path);
	r->md5[0] = '\0';
	if (!next(r, '{'))
		return fail(r, "an entry is missing");
	do {
		err = pair(r);
		if (err)
			return err;
	} while (next(r, ','));
	if (!next(r, '}'))
		return fail(r, "an entry does not end");
	if (!r->md5[0])
		return fail(r, "an entry has no MD5");
	if (!inside(r->path.s))
		return err_set(ERR_INVALID, "%s: the path '%s' is not allowed in "
			       "a directory", r->name, r->path.s);
	dir_add(out, r->path.s, r->md5, 0);
	return 0;
}

/* Sorted; the same path twice could not stand on a disk. */
static int unique(const struct reader *r, struct dir *out)
{
	dir_sort(out);
	for (size_t i = 1; i < out->nr; i++)
		if (!strcmp(out->item[i - 1].path, out->item[i].path))
			return fail(r, "a path stands there twice");
	return 0;
}

static int list(struct reader *r, struct dir *out)
{
	int err;

	if (!next(r, '['))
		return fail(r, "no list");
	if (!next(r, ']')) {
		do {
			err = entry(r, out);
			if (err)
				return err;
		} while (next(r, ','));
		if (!next(r, ']'))
			return fail(r, "the list does not end");
	}
	next(r, '\0');
	return r->at < r->end ? fail(r, "there is more behind the list") :
		unique(r, out);
}

int dir_parse(struct dir *out, const char *text, size_t len, const char *name)
{
	struct reader r = { .at = text, .end = text + len, .name = name,
			    .key = BUF_INIT, .text = BUF_INIT, .path = BUF_INIT };
	int err = list(&r, out);

	if (err)
		dir_clear(out);
	buf_clear(&r.key);
	buf_clear(&r.text);
	buf_clear(&r.path);
	return err;
}
