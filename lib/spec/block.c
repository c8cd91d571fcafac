#include "base/buf.h"
#include "spec/block.h"
#include "spec/emit.h"
#include "spec/val.h"

size_t block_line(const char *text, size_t at)
{
	size_t end = at;

	while (at && text[at - 1] != '\n')
		at--;
	if (!at && end >= 3 && !memcmp(text, "\xef\xbb\xbf", 3))
		at = 3;
	return at;
}

size_t block_next(const char *text, size_t len, size_t at)
{
	const char *lf = memchr(text + at, '\n', len - at);

	return lf ? (size_t)(lf - text) + 1 : len;
}

static bool blank(const char *text, size_t from, size_t to)
{
	for (; from < to; from++)
		if (!strchr(" \t\r\n", text[from]))
			return false;
	return true;
}

/* Does this line, left of `end`, say nothing about an entry at `column`? */
static bool empty(const char *text, size_t at, size_t end, size_t column)
{
	size_t n = 0;

	if (blank(text, at, end))
		return true;
	while (text[at + n] == ' ')
		n++;
	if (text[at + n] == '#')
		return n <= column;
	return end - at >= 3 &&
	       (!memcmp(text + at, "...", 3) || !memcmp(text + at, "---", 3)) &&
	       blank(text, at + 3, end);
}

static bool keeps(const char *text, const struct val *v)
{
	return (v->style == VAL_LITERAL || v->style == VAL_FOLDED) &&
	       v->end > v->at + 2 &&
	       (text[v->at + 1] == '+' || text[v->at + 2] == '+');
}

/* Below "|+" the blank lines are part of the value. */
static size_t scalar_end(const char *text, const struct val *v, size_t limit)
{
	size_t end;

	while ((v->kind == VAL_MAP || v->kind == VAL_LIST) && v->nr && !v->alias)
		v = &v->item[v->nr - 1];
	if (v->alias || !keeps(text, v))
		return 0;
	for (end = v->end; end < limit; end = block_next(text, limit, end))
		if (!blank(text, end, block_next(text, limit, end)))
			break;
	return end;
}

static bool here(const struct val *map, size_t i)
{
	return !map->item[i].alias && map->key[i].end > map->key[i].at;
}

size_t block_limit(const char *text, const struct val *map, size_t i,
		   size_t limit)
{
	for (size_t k = 0; k < map->nr; k++) {
		size_t at = map->key[k].at;

		if (k != i && map->key[k].end > at &&
		    at > map->key[i].at && block_line(text, at) < limit)
			limit = block_line(text, at);
	}
	return limit;
}

struct block block_lines(const char *text, const struct val *map, size_t i,
			 size_t limit)
{
	struct block b = { map->key[i].at, block_limit(text, map, i, limit) };
	size_t line = block_line(text, b.at), column = b.at - line;
	size_t stop = block_next(text, b.end, map->key[i].end);
	size_t scalar = scalar_end(text, &map->item[i], b.end);

	if (scalar > stop)
		stop = scalar;
	while (b.end > stop) {
		size_t last = block_line(text, b.end - 1);

		if (last < stop || !empty(text, last, b.end, column))
			break;
		b.end = last;
	}
	if (blank(text, line, b.at))
		b.at = line;
	return b;
}

/* The column of a key; -1 when more than dashes stand before it. */
static int column(const char *text, const struct val *key)
{
	size_t line = block_line(text, key->at);

	for (size_t i = line; i < key->at; i++)
		if (!strchr(" \t-?", text[i]))
			return -1;
	return (int)(key->at - line);
}

int block_column(const char *text, const struct val *map)
{
	int is = -1, first = -1;

	for (size_t i = 0; i < map->nr; i++) {
		if (!here(map, i))
			continue;
		is = column(text, &map->key[i]);
		if (is < 0 || (first >= 0 && is != first))
			return -1;
		first = is;
	}
	return first;
}

bool block_is(const struct val *map)
{
	return map->kind == VAL_MAP && !map->alias && map->nr &&
	       map->style != VAL_FLOW;
}

/* Splice one "name: value" in as lines of its own. */
static void splice(struct buf *text, struct block old, const char *name,
		   const struct val *value, int indent, struct block *out)
{
	struct buf lines = BUF_INIT;
	struct val key = VAL_INIT;
	size_t lf = old.at && text->s[old.at - 1] != '\n';

	if (lf)
		buf_char(&lines, '\n');
	val_set_str(&key, name);
	emit_pair(&lines, &key, value, indent);
	buf_splice(text, old.at, old.end - old.at, lines.s, lines.len);
	*out = (struct block){ old.at + lf, old.at + lines.len };
	val_clear(&key);
	buf_clear(&lines);
}

/* "stages: {}" becomes "stages:" with the entry below it. */
static bool unfold(struct buf *text, const struct val *root, size_t i,
		   const char *name, const struct val *value,
		   struct block *out)
{
	const struct val *map = &root->item[i];
	size_t at = map->at, end;

	if (map->nr || map->end <= at || map->alias || text->s[at] != '{')
		return false;
	while (at > root->key[i].end && text->s[at - 1] == ' ')
		at--;
	buf_splice(text, at, map->end - at, NULL, 0);
	end = block_next(text->s, text->len, at);
	splice(text, (struct block){ end, end }, name, value,
	       block_column(text->s, root) + 2, out);
	return true;
}

static void start(struct buf *text, const struct val *root,
		  const char *section, const char *name,
		  const struct val *value, struct block *out)
{
	size_t at = text->len;

	if (root->nr)
		at = block_lines(text->s, root, root->nr - 1, at).end;
	if (at && text->s[at - 1] != '\n')
		buf_splice(text, at++, 0, "\n", 1);
	buf_splice(text, at, 0, ":\n", 2);
	buf_splice(text, at, 0, section, strlen(section));
	at += strlen(section) + 2;
	splice(text, (struct block){ at, at }, name, value, 2, out);
}

static long position(const struct val *map, const char *name)
{
	for (size_t i = 0; i < map->nr; i++) {
		const char *key = val_text(&map->key[i]);

		if (key && !strcmp(key, name))
			return (long)i;
	}
	return -1;
}

bool block_put(struct buf *text, const struct val *root, const char *section,
	       const char *name, const struct val *value, struct block *out)
{
	long at = position(root, section), i;
	const struct val *map;
	struct block old;
	size_t limit;

	if (root->nr && (!block_is(root) || block_column(text->s, root)))
		return false;
	if (at < 0) {
		start(text, root, section, name, value, out);
		return true;
	}
	map = &root->item[at];
	if (!map->nr)
		return unfold(text, root, (size_t)at, name, value, out);
	i = position(map, name);
	if (!block_is(map) || block_column(text->s, map) < 1 ||
	    (i >= 0 && !here(map, (size_t)i)))
		return false;
	limit = block_limit(text->s, root, (size_t)at, text->len);
	old = block_lines(text->s, map, i < 0 ? map->nr - 1 : (size_t)i, limit);
	if (i < 0)
		old.at = old.end;
	splice(text, old, name, value, block_column(text->s, map), out);
	return true;
}
