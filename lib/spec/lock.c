#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/src.h"
#include "spec/block.h"
#include "spec/emit.h"
#include "spec/lock-part.h"
#include "spec/lock.h"
#include "spec/val-shape.h"

static int check_schema(const struct val *root, const char *path)
{
	const struct val *schema = val_get(root, "schema");
	const char *text = val_text(schema);

	if (!schema) {
		err_set(ERR_INVALID, "%s: written by a DVC older than 2.0 "
			"(it has no 'schema')", path);
		return err_hint(ERR_INVALID, "remove '%s' and run the stages "
				"again, or let DVC 2 convert it", path);
	}
	if (!text || strcmp(text, "2.0"))
		return err_set(ERR_INVALID, "%s: line %d: schema must be '2.0'",
			       path, schema->line);
	return 0;
}

static int check_root(const struct val *root, const char *path)
{
	static const struct shape any = { "", SHAPE_ANY, NULL };
	static const struct shape keys[] = {
		{ "schema", SHAPE_TEXT | SHAPE_MUST, NULL },
		{ "datasets", SHAPE_ANY, NULL },
		{ "stages", SHAPE_EACH, &any },
		{ NULL, 0, NULL }
	};
	const struct shape_where w = { .file = path };
	int err = 0;

	if (root->kind == VAL_MAP)
		err = check_schema(root, path);
	if (!err)
		err = shape_check(&w, keys, root);
	return err;
}

/* Note where each entry stands; entries in flow style keep 0, 0. */
static void locate(struct lock *l, const struct val *root)
{
	const struct val *map = val_get(root, "stages");
	size_t limit = l->len;

	for (size_t i = 0; i < l->nr; i++)
		l->item[i].at = l->item[i].end = 0;
	if (!map || !block_is(root) || !block_is(map) ||
	    block_column(l->text, map) < 1)
		return;
	for (size_t i = 0; i < root->nr; i++)
		if (&root->item[i] == map)
			limit = block_limit(l->text, root, i, limit);
	for (size_t i = 0; i < map->nr && i < l->nr; i++) {
		size_t next = i + 1 < map->nr ?
			block_line(l->text, map->key[i + 1].at) : limit;
		struct val one = { .kind = VAL_MAP, .nr = 1,
				   .key = &map->key[i],
				   .item = &map->item[i] };
		struct block b = block_lines(l->text, &one, 0, next);

		l->item[i].at = b.at;
		l->item[i].end = b.end;
	}
}

/* The last entry has got its name. */
static void name_last(struct lock *l)
{
	map_put(&l->names, l->item[l->nr - 1].name,
		(void *)(uintptr_t)l->nr);
}

static int take_stages(struct lock *l, const struct val *map)
{
	int err = 0;

	for (size_t i = 0; i < map->nr && !err; i++) {
		const char *name = val_text(&map->key[i]);

		ARRAY_GROW(l);
		l->item[l->nr] = (struct lock_entry)LOCK_ENTRY_INIT;
		err = lock_entry_from(&l->item[l->nr++], name, &map->item[i],
				      l->path);
		if (!err)
			name_last(l);
	}
	return err;
}

int lock_parse(struct lock *out, const char *path, const char *text, size_t len)
{
	struct val root = VAL_INIT;
	const struct val *map;
	int err;

	out->path = mem_dup(path);
	out->text = mem_ndup(text, len);
	out->len = len;
	err = val_yaml(&root, text, len, path);
	if (!err && (root.kind != VAL_MAP || root.nr))
		err = check_root(&root, path);
	map = err ? NULL : val_get(&root, "stages");
	if (map)
		err = take_stages(out, map);
	if (!err)
		locate(out, &root);
	val_clear(&root);
	return err;
}

int lock_read(struct lock *out, struct src *src, const char *path)
{
	struct buf text = BUF_INIT;
	int err = src_read(src, path, &text);

	if (err == ERR_NOTFOUND) {
		err_clear();
		err = 0;
	}
	if (!err)
		err = lock_parse(out, path, text.s, text.len);
	buf_clear(&text);
	return err;
}

struct lock_entry *lock_find(const struct lock *l, const char *name)
{
	size_t at = (size_t)(uintptr_t)map_get(&l->names, name);

	return at ? &l->item[at - 1] : NULL;
}

static void set_text(struct lock *l, struct buf *text)
{
	free(l->text);
	l->len = text->len;
	l->text = buf_take(text);
	l->changed = true;
}

/* The whole file from what is in memory, for texts we cannot splice into. */
static void rewrite(struct lock *l, struct val *root)
{
	struct buf text = BUF_INIT;
	struct val *map;

	if (!root->nr)
		val_set_str(val_put(root, "schema"), "2.0");
	map = val_put(root, "stages");
	val_set_map(map);
	for (size_t i = 0; i < l->nr; i++)
		lock_val(val_put(map, l->item[i].name), &l->item[i]);
	emit_yaml(&text, root, 0);
	free(l->text);
	l->len = text.len;
	l->text = buf_take(&text);
	val_clear(root);
	if (!val_yaml(root, l->text, l->len, l->path))
		locate(l, root);
	err_clear();
}

/* Take the text if it can still be read: an anchor may have gone with it. */
static bool try_text(struct lock *l, struct buf *text)
{
	struct val root = VAL_INIT;
	bool good = !val_yaml(&root, text->s, text->len, l->path);

	if (good) {
		set_text(l, text);
		locate(l, &root);
	} else {
		err_clear();
	}
	val_clear(&root);
	return good;
}

/* The first entry of the file, or one in a file of unusual style. */
static void put_slowly(struct lock *l, const char *name,
		       const struct val *value)
{
	struct val root = VAL_INIT;
	struct buf text = BUF_INIT;
	struct block b;

	if (val_yaml(&root, l->text ? l->text : "", l->len, l->path))
		err_clear();
	if (root.kind != VAL_MAP)
		val_set_map(&root);
	buf_add(&text, l->text ? l->text : "", l->len);
	if (!root.nr)
		buf_str(&text, text.len && text.s[text.len - 1] != '\n' ?
			"\nschema: '2.0'\n" : "schema: '2.0'\n");
	if (!block_put(&text, &root, "stages", name, value, &b) ||
	    !try_text(l, &text))
		rewrite(l, &root);
	l->changed = true;
	val_clear(&root);
	buf_clear(&text);
}

/* An anchor in the old lines may be what an alias elsewhere stands on. */
static bool anchored(const char *text, size_t at, size_t end)
{
	for (; at + 3 < end; at++)
		if (text[at + 2] == '&' && text[at + 1] == ' ' &&
		    text[at + 3] != '&' && strchr(":-", text[at]))
			return true;
	return false;
}

/* Put the lines of `e` in place of [at, end) and move what stands behind. */
static void put_lines(struct lock *l, struct lock_entry *e,
		      const struct val *value, size_t at, size_t end,
		      int indent)
{
	struct buf text = BUF_INIT, lines = BUF_INIT;
	struct val key = VAL_INIT;

	if (at && l->text[at - 1] != '\n')
		buf_char(&lines, '\n');
	val_set_str(&key, e->name);
	emit_pair(&lines, &key, value, indent);
	buf_add(&text, l->text, l->len);
	buf_splice(&text, at, end - at, lines.s, lines.len);
	for (size_t i = 0; i < l->nr; i++) {
		if (l->item[i].at < end || &l->item[i] == e)
			continue;
		l->item[i].at += lines.len - (end - at);
		l->item[i].end += lines.len - (end - at);
	}
	e->at = at + (*lines.s == '\n');
	e->end = at + lines.len;
	set_text(l, &text);
	val_clear(&key);
	buf_clear(&lines);
}

static int spaces(const char *text, size_t at)
{
	int n = 0;

	while (text[at + (size_t)n] == ' ')
		n++;
	return n;
}

static void put(struct lock *l, struct lock_entry *e)
{
	struct val value = VAL_INIT;
	const struct lock_entry *last = e;
	size_t at = e->at;

	lock_val(&value, e);
	if (e->at == e->end) {
		for (size_t i = 0; i < l->nr; i++)
			if (l->item[i].end > last->end)
				last = &l->item[i];
		at = last->end;
	}
	if (last->at == last->end || anchored(l->text, e->at, e->end))
		put_slowly(l, e->name, &value);
	else
		put_lines(l, e, &value, at, e->at == e->end ? at : e->end,
			  spaces(l->text, last->at));
	val_clear(&value);
}

void lock_put(struct lock *l, const struct lock_entry *e)
{
	struct lock_entry *to = lock_find(l, e->name), new;

	lock_entry_copy(&new, e);
	lock_entry_sort(&new);
	if (to) {
		new.at = to->at;
		new.end = to->end;
		lock_entry_clear(to);
		*to = new;
	} else {
		ARRAY_GROW(l);
		new.at = new.end = 0;
		to = &l->item[l->nr++];
		*to = new;
		name_last(l);
	}
	put(l, to);
	lock_number(l->text);
}

/* Room for one more at `at`; the names know where the others went. */
static struct lock_entry *open_gap(struct lock *l, size_t at)
{
	ARRAY_GROW(l);
	memmove(l->item + at + 1, l->item + at,
		(l->nr++ - at) * sizeof(*l->item));
	for (size_t i = 0; i < l->names.nr; i++) {
		uintptr_t is = (uintptr_t)l->names.item[i].value;

		l->names.item[i].value = (void *)(is + (is > at));
	}
	return &l->item[at];
}

bool lock_put_before(struct lock *l, const struct lock_entry *e,
		     const char *next)
{
	const struct lock_entry *before = lock_find(l, next);
	struct val value = VAL_INIT;
	struct lock_entry *to;
	size_t at;

	if (!before || before->at == before->end || lock_find(l, e->name))
		return false;
	at = before->at;
	to = open_gap(l, (size_t)(before - l->item));
	lock_entry_copy(to, e);
	lock_entry_sort(to);
	map_put(&l->names, to->name, (void *)(uintptr_t)(to - l->item + 1));
	lock_val(&value, to);
	put_lines(l, to, &value, at, at, spaces(l->text, at));
	lock_number(l->text);
	val_clear(&value);
	return true;
}

int lock_write(struct lock *l, const char *root)
{
	char *path;
	int err;

	if (!l->changed)
		return 0;
	path = file_join(root, l->path);
	err = file_write(path, l->text, l->len, 0, FILE_FSYNC | FILE_KEEPMODE);
	if (!err)
		l->changed = false;
	free(path);
	return err;
}

void lock_clear(struct lock *l)
{
	for (size_t i = 0; i < l->nr; i++)
		lock_entry_clear(&l->item[i]);
	map_clear(&l->names, NULL);
	free(l->item);
	free(l->path);
	free(l->text);
	*l = (struct lock)LOCK_INIT;
}
