#include <stdlib.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "spec/block.h"
#include "spec/emit.h"
#include "spec/val.h"

/* New bytes for [at, end). Those of one place stand in the order they came. */
struct patch {
	size_t at, end;
	struct buf with;
};

struct merge {
	const char *text;
	struct patch *item;
	size_t nr, alloc;
	bool failed;
};

static struct buf *patch(struct merge *m, size_t at, size_t end)
{
	ARRAY_GROW(m);
	m->item[m->nr] = (struct patch){ at, end, BUF_INIT };
	return &m->item[m->nr++].with;
}

static bool holds_more(const struct val *v)
{
	return v->kind == VAL_MAP || v->kind == VAL_LIST;
}

static long place_of(const struct val *map, const char *key)
{
	for (size_t i = 0; i < map->nr; i++) {
		const char *is = val_text(&map->key[i]);

		if (is && !strcmp(is, key))
			return (long)i;
	}
	return -1;
}

/* --- braces and brackets ---------------------------------------------------- */

static void merge_val(struct val *to, const struct val *from);

static void merge_item(struct val *to, const struct val *from)
{
	if (holds_more(from) && to->kind == from->kind)
		merge_val(to, from);
	else if (!val_equal(to, from))
		val_copy(to, from);
}

static void merge_list(struct val *to, const struct val *from)
{
	if (to->nr != from->nr) {
		val_set_list(to);
		for (size_t i = 0; i < from->nr; i++)
			val_set_null(val_add(to));
	}
	for (size_t i = 0; i < from->nr; i++)
		merge_item(&to->item[i], &from->item[i]);
}

static void merge_val(struct val *to, const struct val *from)
{
	if (to->kind == VAL_LIST) {
		merge_list(to, from);
		return;
	}
	for (size_t i = to->nr; i-- > 0; )
		if (!val_text(&to->key[i]) || place_of(from, to->key[i].s) < 0)
			val_drop(to, i);
	for (size_t i = 0; i < from->nr; i++)
		merge_item(val_put(to, from->key[i].s), &from->item[i]);
}

static void put_flow(struct buf *out, const struct val *v)
{
	bool map = v->kind == VAL_MAP;

	if (!holds_more(v)) {
		emit_scalar(out, v, 0, -1);
		return;
	}
	buf_char(out, map ? '{' : '[');
	for (size_t i = 0; i < v->nr; i++) {
		if (i)
			buf_str(out, ", ");
		if (map) {
			emit_scalar(out, &v->key[i], 0, -1);
			buf_str(out, ": ");
		}
		put_flow(out, &v->item[i]);
	}
	buf_char(out, map ? '}' : ']');
}

static void change_flow(struct merge *m, const struct val *old,
			const struct val *new)
{
	struct val merged = VAL_INIT;

	val_copy(&merged, old);
	merge_val(&merged, new);
	put_flow(patch(m, old->at, old->end), &merged);
	val_clear(&merged);
}

/* --- lines --------------------------------------------------------------------- */

static void change(struct merge *m, const struct val *old,
		   const struct val *new, size_t limit);

/* A value in the place of another, the comment behind it stays. */
static void change_scalar(struct merge *m, const struct val *old,
			  const struct val *new, int indent)
{
	struct buf *with = patch(m, old->at, old->end);

	emit_scalar(with, new, (int)(old->at - block_line(m->text, old->at)),
		    indent);
	if (m->text[old->end - 1] == '\n')
		buf_char(with, '\n');
}

/* Whole lines, but for an entry that stands on the line of a dash. */
static void change_lines(struct merge *m, const struct val *map, size_t i,
			 const struct val *new, size_t limit, int indent)
{
	struct block b = block_lines(m->text, map, i, limit);
	struct buf *with = patch(m, b.at, b.end);

	emit_pair(with, &map->key[i], new, indent);
	if (b.at > block_line(m->text, b.at))
		buf_splice(with, 0, (size_t)indent, NULL, 0);
}

static void change_entry(struct merge *m, const struct val *map, size_t i,
			 const struct val *new, size_t limit, int indent)
{
	const struct val *old = &map->item[i];

	if (holds_more(new) && old->kind == new->kind)
		change(m, old, new, block_lines(m->text, map, i, limit).end);
	else if (val_equal(old, new))
		return;
	else if (!holds_more(new) && !holds_more(old) && old->end > old->at)
		change_scalar(m, old, new, indent);
	else
		change_lines(m, map, i, new, limit, indent);
}

static void change_map(struct merge *m, const struct val *old,
		       const struct val *new, size_t limit)
{
	int indent = block_column(m->text, old);
	size_t end = block_lines(m->text, old, old->nr - 1, limit).end;

	if (indent < 0) {
		m->failed = true;
		return;
	}
	for (size_t i = 0; i < old->nr; i++) {
		const char *key = val_text(&old->key[i]);
		long at = key ? place_of(new, key) : -1;
		struct block b;

		if (at >= 0) {
			change_entry(m, old, i, &new->item[at], limit, indent);
			continue;
		}
		b = block_lines(m->text, old, i, limit);
		patch(m, b.at, b.end);
	}
	for (size_t i = 0; i < new->nr; i++) {
		struct buf *with;

		if (place_of(old, new->key[i].s) >= 0)
			continue;
		with = patch(m, end, end);
		if (m->text[end - 1] != '\n')
			buf_char(with, '\n');
		emit_pair(with, &new->key[i], &new->item[i], indent);
	}
}

/* The items of a list, as lines with their dashes at column `indent`. */
static void put_items(struct buf *out, const struct val *list, int indent)
{
	struct val key = VAL_INIT;
	struct buf lines = BUF_INIT;
	size_t skip;

	val_set_str(&key, "x");
	emit_pair(&lines, &key, list, indent);
	skip = block_next(lines.s, lines.len, 0);
	buf_add(out, lines.s + skip, lines.len - skip);
	val_clear(&key);
	buf_clear(&lines);
}

/* Where the lines of item `i` begin; -1 when its dash is not alone. */
static long item_line(const struct merge *m, const struct val *list, size_t i,
		      int *indent)
{
	size_t line = block_line(m->text, list->item[i].at), at = line;

	while (m->text[at] == ' ')
		at++;
	*indent = (int)(at - line);
	return m->text[at] == '-' && m->text[at + 1] == ' ' ? (long)line : -1;
}

static bool same_keys(const struct val *a, const struct val *b)
{
	for (size_t i = 0; i < a->nr; i++)
		if (!val_text(&a->key[i]) || place_of(b, a->key[i].s) < 0)
			return false;
	return a->nr == b->nr;
}

static void change_item(struct merge *m, const struct val *list, size_t i,
			const struct val *new, size_t limit)
{
	const struct val *old = &list->item[i];
	struct val one = { .kind = VAL_LIST, .nr = 1, .item = (struct val *)new };
	size_t end = limit;
	int indent;
	long at = item_line(m, list, i, &indent), next;

	if (i + 1 < list->nr) {
		next = item_line(m, list, i + 1, &indent);
		end = next < 0 ? limit : (size_t)next;
	}
	if (holds_more(new) && old->kind == new->kind &&
	    (old->style == VAL_FLOW || new->kind != VAL_MAP ||
	     same_keys(old, new)))
		change(m, old, new, end);
	else if (val_equal(old, new))
		return;
	else if (!holds_more(new) && !holds_more(old))
		change_scalar(m, old, new, indent);
	else if (at < 0)
		m->failed = true;
	else
		put_items(patch(m, (size_t)at, end), &one, indent);
}

static void change_list(struct merge *m, const struct val *old,
			const struct val *new, size_t limit)
{
	int indent;
	long at;

	if (old->nr == new->nr) {
		for (size_t i = 0; i < new->nr; i++)
			change_item(m, old, i, &new->item[i], limit);
		return;
	}
	at = item_line(m, old, 0, &indent);
	if (at < 0)
		m->failed = true;
	else
		put_items(patch(m, (size_t)at, limit), new, indent);
}

static void change(struct merge *m, const struct val *old,
		   const struct val *new, size_t limit)
{
	if (val_equal(old, new))
		return;
	if (old->end <= old->at)
		m->failed = true;
	else if (old->style == VAL_FLOW || !old->nr)
		change_flow(m, old, new);
	else if (old->kind == VAL_MAP)
		change_map(m, old, new, limit);
	else
		change_list(m, old, new, limit);
}

/* --- the whole ------------------------------------------------------------------ */

static bool has_alias(const struct val *v)
{
	bool has = v->alias;

	for (size_t i = 0; i < v->nr && !has; i++)
		has = has_alias(&v->item[i]) ||
			(v->kind == VAL_MAP && v->key[i].alias);
	return has;
}

/* From the end to the beginning, so that places stay what they are. */
static void apply(struct merge *m, struct buf *text)
{
	for (size_t turn = 0; turn < m->nr; turn++) {
		size_t last = m->nr;

		for (size_t i = 0; i < m->nr; i++)
			if (m->item[i].at != (size_t)-1 &&
			    (last == m->nr || m->item[i].at >= m->item[last].at))
				last = i;
		buf_splice(text, m->item[last].at,
			   m->item[last].end - m->item[last].at,
			   m->item[last].with.s, m->item[last].with.len);
		m->item[last].at = (size_t)-1;
	}
}

static const struct val *entry(const struct val *root, const char *section,
			       const char *name)
{
	return section ? val_get(val_get(root, section), name) : root;
}

/* The proof: read again, it is what it should be. */
static bool proven(const struct buf *text, const char *section,
		   const char *name, const struct val *value)
{
	struct val root = VAL_INIT;
	const struct val *now;
	bool same = false;

	if (!val_yaml(&root, text->s, text->len, "")) {
		now = entry(&root, section, name);
		same = now && val_equal(now, value);
	}
	err_clear();
	val_clear(&root);
	return same;
}

/* Where the lines of what changes must end. */
static size_t last_byte(const struct buf *text, const struct val *root,
			const char *section, const char *name)
{
	long at = section ? place_of(root, section) : -1, i;
	const struct val *map;
	size_t limit;

	if (at < 0)
		return block_lines(text->s, root, root->nr - 1, text->len).end;
	map = &root->item[at];
	i = place_of(map, name);
	limit = block_limit(text->s, root, (size_t)at, text->len);
	return block_lines(text->s, map, (size_t)i, limit).end;
}

bool block_merge(struct buf *text, const struct val *root, const char *section,
		 const char *name, const struct val *value)
{
	const struct val *old = entry(root, section, name);
	struct merge m = { .text = text->s };
	struct buf before = BUF_INIT;
	bool done = false;

	if (!old || old->kind != VAL_MAP || !old->nr || has_alias(old) ||
	    (section && (!block_is(root) || !block_is(val_get(root, section)))))
		return false;
	change(&m, old, value, last_byte(text, root, section, name));
	if (!m.failed) {
		buf_add(&before, text->s, text->len);
		apply(&m, text);
		done = proven(text, section, name, value);
		if (!done) {
			buf_reset(text);
			buf_add(text, before.s, before.len);
		}
	}
	for (size_t i = 0; i < m.nr; i++)
		buf_clear(&m.item[i].with);
	free(m.item);
	buf_clear(&before);
	return done;
}
