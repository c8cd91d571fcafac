#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "spec/edit-part.h"
#include "spec/edit-toml.h"
#include "spec/val.h"

static int no_null(const struct toml_job *j)
{
	return err_set(ERR_INVALID, "%s: cannot set '%s' to null: TOML has no "
		       "null", j->name, j->key);
}

/* --- adding -------------------------------------------------------------------- */

static size_t last_end(const struct val *v)
{
	size_t end = v->end;

	for (size_t i = 0; v->at == v->end && i < v->nr; i++) {
		size_t other = last_end(&v->item[i]);

		end = other > end ? other : end;
	}
	return end;
}

static void add_inline(struct toml_job *j, const struct buf *pair)
{
	const struct val *map = j->map;
	size_t at = map->at + 1, end;

	for (size_t i = 0; i < map->nr; i++) {
		end = last_end(&map->item[i]);
		at = end > at ? end : at;
	}
	if (map->nr)
		buf_splice(j->text, at, 0, ", ", 2);
	else
		buf_splice(j->text, at, map->end - 1 - at, "", 0);
	buf_splice(j->text, at + (map->nr ? 2 : 0), 0, pair->s, pair->len);
}

static bool is_table(const struct val *v)
{
	return v->kind == VAL_MAP && v->nr;
}

/* [a.b] and its pairs, as deep as there is but one way down. */
static bool section(struct toml_job *j, struct buf *out, const struct val *key,
		    const struct val *value)
{
	struct strs names = STRS_INIT;
	bool ok = true;

	for (size_t i = 0; i < j->title.nr; i++)
		strs_add(&names, j->title.item[i]);
	strs_nadd(&names, key->s, key->len);
	while (value->nr == 1 && is_table(&value->item[0])) {
		strs_nadd(&names, value->key[0].s, value->key[0].len);
		value = &value->item[0];
	}
	toml_title(out, &names);
	for (size_t i = 0; i < value->nr && ok; i++) {
		toml_name(out, value->key[i].s, value->key[i].len);
		buf_str(out, " = ");
		ok = toml_inline(out, &value->item[i], NULL);
		buf_char(out, '\n');
	}
	strs_clear(&names);
	return ok;
}

static void add_section(struct toml_job *j, const struct toml_found *f,
			struct buf *lines)
{
	size_t at = j->where.nr ? 0 : j->text->len;

	for (size_t i = 0; j->where.nr && i < f->nr; i++)
		if (f->item[i].inside)
			at = toml_line_end(j->text, f->item[i].end);
	if (at)
		buf_splice(lines, 0, 0, "\n", 1);
	if (at < j->text->len && !strchr("\r\n", j->text->s[at]))
		buf_char(lines, '\n');
	toml_put_lines(j, at, 0, lines);
}

static const struct toml_place *last_of(const struct toml_found *f,
					bool header, bool dotted)
{
	const struct toml_place *found = NULL;

	for (size_t i = 0; i < f->nr; i++) {
		const struct toml_place *p = &f->item[i];

		if (p->header == header && (dotted ? p->stem : p->own))
			found = p;
	}
	return found;
}

/* A line behind that of `after`, whose first bytes it shares up to `stem`. */
static void add_line(struct toml_job *j, const struct toml_place *after,
		     size_t stem, const struct buf *pair)
{
	size_t from = toml_line_at(j->text, after->at);
	struct buf line = BUF_INIT;

	buf_add(&line, j->text->s + from, (stem ? stem : after->at) - from);
	buf_str(&line, stem ? "." : "");
	buf_add(&line, pair->s, pair->len);
	buf_char(&line, '\n');
	toml_put_lines(j, toml_line_end(j->text, after->end), 0, &line);
	buf_clear(&line);
}

/* In front of the first header of the map, or at the end of the file. */
static void add_first(struct toml_job *j, const struct toml_found *f,
		      const struct buf *pair)
{
	struct buf lines = BUF_INIT;
	size_t at = j->text->len;

	for (size_t i = f->nr; i-- > 0; )
		if (f->item[i].header && f->item[i].inside)
			at = toml_above(j->text, f->item[i].at);
	if (j->where.nr)
		toml_title(&lines, &j->title);
	buf_fmt(&lines, "%s\n%s", pair->s, at < j->text->len ? "\n" : "");
	toml_put_lines(j, at, 0, &lines);
	buf_clear(&lines);
}

static void add_pair(struct toml_job *j, const struct toml_found *f,
		     const struct buf *pair)
{
	const struct toml_place *after = last_of(f, false, false);

	if (!after)
		after = last_of(f, true, false);
	if (after) {
		add_line(j, after, 0, pair);
		return;
	}
	after = last_of(f, false, true);
	if (after)
		add_line(j, after, after->stem, pair);
	else
		add_first(j, f, pair);
}

static int add(struct toml_job *j, const struct val *key, const struct val *value)
{
	struct buf pair = BUF_INIT, lines = BUF_INIT;
	bool block = j->map->at == j->map->end, ok;
	struct toml_found f;

	toml_find(&f, j->text, &j->where);
	toml_name(&pair, key->s, key->len);
	buf_str(&pair, " = ");
	ok = toml_inline(&pair, value, NULL);
	if (ok && !block)
		add_inline(j, &pair);
	else if (ok && is_table(value) && !last_of(&f, false, true) &&
		 section(j, &lines, key, value))
		add_section(j, &f, &lines);
	else if (ok)
		add_pair(j, &f, &pair);
	toml_found_clear(&f);
	buf_clear(&pair);
	buf_clear(&lines);
	return ok ? 0 : no_null(j);
}

/* --- either ---------------------------------------------------------------------- */

static void aim(struct toml_job *j, const struct val *root,
	       const struct edit_change *c, size_t nr)
{
	j->map = root;
	for (size_t i = 0; i < nr; i++) {
		size_t at = c->path[i];

		if (j->map->kind == VAL_LIST) {
			strs_fmt(&j->where, "%zu", at);
		} else {
			const struct val *key = &j->map->key[at];

			strs_nadd(&j->where, key->s, key->len);
			strs_nadd(&j->title, key->s, key->len);
		}
		j->map = &j->map->item[at];
	}
}

/* The entry goes, and stands in the map again with another value. */
static int replace(struct toml_job *j, const struct val *key,
		   const struct val *value)
{
	struct val now = VAL_INIT;
	int err;

	toml_drop_lines(j, key->s);
	err = val_toml(&now, j->text->s, j->text->len, j->name);
	j->map = &now;
	for (size_t i = 0; i < j->where.nr && j->map && !err; i++)
		j->map = edit_child(j->map, j->where.item[i],
				    strlen(j->where.item[i]));
	if (!err && !j->map)
		err = toml_refuse(j, "nothing else says what it stands in");
	if (!err)
		err = add(j, key, value);
	val_clear(&now);
	return err;
}

static int change(struct toml_job *j, const struct val *old, const struct val *key,
		  const struct val *value)
{
	struct buf b = BUF_INIT;
	bool ok = toml_inline(&b, value, old);
	int err = ok ? 0 : no_null(j);

	if (ok && old->at < old->end)
		buf_splice(j->text, old->at, old->end - old->at, b.s, b.len);
	else if (ok && key)
		err = replace(j, key, value);
	else if (ok)
		err = toml_refuse(j, "it is one of several tables");
	buf_clear(&b);
	return err;
}

int edit_toml(struct buf *text, const char *name, const struct val *root,
	      const struct edit_change *c, const char *key)
{
	struct toml_job j = { .text = text, .name = name, .key = key };
	bool more = c->what == EDIT_MORE, map;
	size_t last = c->nr ? c->path[c->nr - 1] : 0;
	int err;

	aim(&j, root, c, more || !c->nr ? c->nr : c->nr - 1);
	map = j.map->kind == VAL_MAP;
	if (more)
		err = add(&j, c->key, c->value);
	else if (c->what == EDIT_CHANGE)
		err = change(&j, &j.map->item[last],
			     map ? &j.map->key[last] : NULL, c->value);
	else if (j.map->at < j.map->end)
		err = toml_drop_inline(&j, &j.map->key[last], &j.map->item[last]);
	else
		err = toml_drop_lines(&j, j.map->key[last].s);
	strs_clear(&j.where);
	strs_clear(&j.title);
	return err;
}
