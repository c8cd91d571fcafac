#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "repo/entries.h"
#include "repo/repo-ops.h"

void entries_clear(struct entries *e)
{
	for (size_t i = 0; i < e->nr; i++)
		free(e->item[i].name);
	free(e->item);
	*e = (struct entries)ENTRIES_INIT;
}

static void add(struct entries *e, const char *name, size_t len, unsigned mode,
		const struct oid *id)
{
	ARRAY_GROW(e);
	e->item[e->nr++] = (struct entry){ mem_ndup(name, len), mode, *id };
}

/* The octal number before the space; 0 when there is none. */
static unsigned mode_of(const char **s, const char *end)
{
	unsigned mode = 0;

	while (*s < end && **s >= '0' && **s <= '7' && mode <= 0177777)
		mode = mode * 8 + (unsigned)(*(*s)++ - '0');
	return *s < end && **s == ' ' && mode <= 0177777 ? mode : 0;
}

/* "mode SP name NUL raw id"; returns what follows, or NULL. */
static const char *take(struct entries *out, const char *s, const char *end,
			size_t raw)
{
	const char *nul = memchr(s, '\0', (size_t)(end - s));
	unsigned mode = mode_of(&s, nul ? nul : end);
	struct oid id;

	if (!nul || !mode || nul - s < 2 || (size_t)(end - nul) < raw + 1)
		return NULL;
	oid_from_raw(&id, (const unsigned char *)nul + 1, raw);
	add(out, s + 1, (size_t)(nul - s - 1), mode, &id);
	return nul + 1 + raw;
}

int entries_parse(struct entries *out, const char *data, size_t len,
		  size_t hex_len)
{
	const char *end = data + len, *s = data;

	while (s && s < end)
		s = take(out, s, end, hex_len / 2);
	if (s)
		return 0;
	entries_clear(out);
	return err_set(ERR_INVALID, "this is no tree");
}

int entries_read(struct entries *out, struct repo *r, const struct oid *tree)
{
	struct buf text = BUF_INIT;
	enum obj_type type;
	int err;

	if (!tree->hex[0])
		return 0;
	err = repo_read(r, tree, &type, &text);
	if (!err && type != OBJ_TREE)
		err = err_set(ERR_INVALID, "object '%s' is a %s, not a tree",
			      tree->hex, obj_type_name(type));
	else if (!err && entries_parse(out, text.s, text.len, repo_hex_len(r)))
		err = err_set(ERR_INVALID, "tree '%s' is damaged", tree->hex);
	buf_clear(&text);
	return err;
}

int entries_get(struct map *seen, struct repo *r, const struct oid *tree,
		const struct entries **out)
{
	struct entries *e = map_get(seen, tree->hex);
	int err = 0;

	if (!e) {
		e = mem_new(1, sizeof(*e));
		err = entries_read(e, r, tree);
		if (err)
			free(e);
		else
			map_put(seen, tree->hex, e);
	}
	*out = err ? NULL : e;
	return err;
}

static void free_one(void *e)
{
	entries_clear(e);
	free(e);
}

void entries_forget(struct map *seen)
{
	map_clear(seen, free_one);
}

/* As git orders: byte by byte, a directory's name with '/' behind it. */
static int order(const char *a, unsigned mode_a, const char *b, unsigned mode_b)
{
	size_t i = 0;
	int x, y;

	while (a[i] && a[i] == b[i])
		i++;
	x = (unsigned char)a[i];
	y = (unsigned char)b[i];
	if (!x && (mode_a & MODE_KIND) == MODE_TREE)
		x = '/';
	if (!y && (mode_b & MODE_KIND) == MODE_TREE)
		y = '/';
	return x - y;
}

static int by_order(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return order(x->name, x->mode, y->name, y->mode);
}

/* A name stands at one of two places: as a file's, or as a directory's. */
static long search(const struct entries *e, const char *name, unsigned mode)
{
	size_t low = 0, high = e->nr;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int c = order(e->item[mid].name, e->item[mid].mode, name, mode);

		if (!c && !strcmp(e->item[mid].name, name))
			return (long)mid;
		if (c < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return -1;
}

long entries_find(const struct entries *e, const char *name, size_t len)
{
	char *own = mem_ndup(name, len);
	long at = search(e, own, MODE_FILE);

	if (at < 0)
		at = search(e, own, MODE_TREE);
	free(own);
	return at;
}

long entries_scan(const struct entries *e, const char *name, size_t len)
{
	for (size_t i = 0; i < e->nr; i++)
		if (!strncmp(e->item[i].name, name, len) &&
		    !e->item[i].name[len])
			return (long)i;
	return -1;
}

void entries_set(struct entries *e, const char *name, size_t len,
		 unsigned mode, const struct oid *id)
{
	long at = entries_scan(e, name, len);

	if (at < 0 && mode) {
		add(e, name, len, mode, id);
	} else if (at >= 0 && mode) {
		e->item[at].mode = mode;
		e->item[at].id = *id;
	} else if (at >= 0) {
		free(e->item[at].name);
		e->item[at] = e->item[--e->nr];
	}
}

static void format(const struct entries *e, struct buf *out)
{
	for (size_t i = 0; i < e->nr; i++) {
		buf_fmt(out, "%o %s", e->item[i].mode, e->item[i].name);
		buf_char(out, '\0');
		oid_to_raw(&e->item[i].id, out);
	}
}

int entries_write(struct repo *r, struct entries *e, const struct oid *old,
		  struct oid *out)
{
	struct buf now = BUF_INIT, before = BUF_INIT;
	int err = 0;

	if (e->nr)
		qsort(e->item, e->nr, sizeof(*e->item), by_order);
	format(e, &now);
	if (old->hex[0])
		err = repo_read(r, old, NULL, &before);
	if (!err && old->hex[0] && now.len == before.len &&
	    !memcmp(now.s, before.s, now.len))
		*out = *old;
	else if (!err)
		err = repo_write(r, OBJ_TREE, now.s, now.len, out);
	buf_clear(&before);
	buf_clear(&now);
	return err;
}
