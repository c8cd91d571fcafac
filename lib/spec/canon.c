#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "spec/canon.h"
#include "spec/val.h"

void canon_float(struct buf *out, double f)
{
	char text[VAL_FLOAT_MAX];

	val_float(f, text);
	buf_str(out, text);
}

static void escape(struct buf *out, uint32_t c)
{
	static const char from[] = "\"\\\n\r\t\b\f", to[] = "\"\\nrtbf";
	const char *at = c && c < 128 ? strchr(from, (int)c) : NULL;

	if (at)
		buf_fmt(out, "\\%c", to[at - from]);
	else if (c < 0x10000)
		buf_fmt(out, "\\u%04x", (unsigned)c);
	else
		buf_fmt(out, "\\u%04x\\u%04x",
			(unsigned)(0xd7c0 + (c >> 10)),
			(unsigned)(0xdc00 + (c & 0x3ff)));
}

void canon_str(struct buf *out, const char *s, size_t len)
{
	size_t plain = 0;

	buf_char(out, '"');
	for (size_t i = 0; i < len; ) {
		unsigned char b = (unsigned char)s[i];
		uint32_t c;

		if (b >= 0x20 && b < 0x7f && b != '"' && b != '\\') {
			i++;
			continue;
		}
		buf_add(out, s + plain, i - plain);
		i += val_char(s + i, len - i, &c);
		escape(out, c);
		plain = i;
	}
	buf_add(out, s + plain, len - plain);
	buf_char(out, '"');
}


static const char *const sizes[] = { "size", "nfiles", NULL };

static bool left_out(const struct val *key, unsigned flags)
{
	if (!(flags & CANON_NO_SIZES) || key->kind != VAL_STR)
		return false;
	for (size_t i = 0; sizes[i]; i++)
		if (!strcmp(key->s, sizes[i]))
			return true;
	return false;
}

struct entry {
	const struct val *key, *item;
	char *text;		/* of the key */
};

static int by_key(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	double m, n;
	int order = 0;

	if (x->key->kind != VAL_STR && y->key->kind != VAL_STR &&
	    val_number(x->key, &m) && val_number(y->key, &n))
		order = (m > n) - (m < n);
	if (!order)
		order = strcmp(x->text, y->text);
	return order ? order : x->key < y->key ? -1 : 1;
}

static int check_key(const struct val *map, size_t i, unsigned flags)
{
	const struct val *key = &map->key[i];

	if (!(flags & CANON_STRICT))
		return 0;
	if (key->kind == VAL_DATE)
		return err_set(ERR_INVALID, "the date '%s' cannot be hashed",
			       key->s);
	if ((flags & CANON_SORT) && (key->kind == VAL_STR) !=
	    (map->key[0].kind == VAL_STR))
		return err_set(ERR_INVALID, "keys of different types in one "
			       "map cannot be hashed");
	return 0;
}

static size_t collect(struct entry *e, const struct val *map, unsigned flags)
{
	size_t nr = 0;

	for (size_t i = 0; i < map->nr; i++) {
		if (left_out(&map->key[i], flags))
			continue;
		e[nr] = (struct entry){ &map->key[i], &map->item[i], NULL };
		val_key_text(&map->key[i], &e[nr++].text);
	}
	return nr;
}

static const char *comma(size_t i, unsigned flags)
{
	return !i ? "" : flags & CANON_COMPACT ? "," : ", ";
}

static int put_map(struct buf *out, const struct val *map, unsigned flags)
{
	struct entry *e;
	size_t nr;
	int err = 0;

	for (size_t i = 0; i < map->nr; i++) {
		err = check_key(map, i, flags);
		if (err)
			return err;
	}
	e = mem_new(map->nr, sizeof(*e));
	nr = collect(e, map, flags);
	if (flags & CANON_SORT && nr)
		qsort(e, nr, sizeof(*e), by_key);
	buf_char(out, '{');
	for (size_t i = 0; i < nr; i++) {
		const struct val *key = e[i].key;

		buf_str(out, comma(i, flags));
		canon_str(out, e[i].text, key->s ? key->len :
						   strlen(e[i].text));
		buf_str(out, flags & CANON_COMPACT ? ":" : ": ");
		if (!err)
			err = canon_json(out, e[i].item, flags);
		free(e[i].text);
	}
	buf_char(out, '}');
	free(e);
	return err;
}

static int put_list(struct buf *out, const struct val *list, unsigned flags)
{
	int err = 0;

	buf_char(out, '[');
	for (size_t i = 0; !err && i < list->nr; i++) {
		buf_str(out, comma(i, flags));
		err = canon_json(out, &list->item[i], flags);
	}
	buf_char(out, ']');
	return err;
}

static void put_scalar(struct buf *out, const struct val *v)
{
	char *text;

	val_key_text(v, &text);
	buf_str(out, text);
	free(text);
}

int canon_json(struct buf *out, const struct val *v, unsigned flags)
{
	switch (v->kind) {
	case VAL_MAP:
		return put_map(out, v, flags);
	case VAL_LIST:
		return put_list(out, v, flags);
	case VAL_DATE:
		if (flags & CANON_STRICT)
			return err_set(ERR_INVALID,
				       "the date '%s' cannot be hashed", v->s);
		/* fall through */
	case VAL_STR:
		canon_str(out, v->s, v->len);
		return 0;
	default:
		put_scalar(out, v);
		return 0;
	}
}
