#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/strs.h"
#include "spec/canon.h"
#include "spec/edit-word.h"

#define MOST 10000

/* --- a value as text ---------------------------------------------------------- */

/* The backslashes before each quote, and before the end, twice; then quotes. */
static void put_quoted(struct buf *out, const struct val *v)
{
	const char quote = v->style == VAL_DOUBLE ? '"' : '\'';
	size_t slashes = 0;

	buf_char(out, quote);
	for (size_t i = 0; i <= v->len; i++) {
		char c = i < v->len ? v->s[i] : quote;

		if (c == '\\') {
			slashes++;
			continue;
		}
		for (size_t n = c == quote ? 2 * slashes : slashes; n; n--)
			buf_char(out, '\\');
		slashes = 0;
		if (c == quote && i < v->len)
			buf_char(out, '\\');
		buf_char(out, c);
	}
}

static void put_plain(struct buf *out, const struct val *v)
{
	for (size_t i = 0; i < v->len; i++) {
		if (v->s[i] && strchr("\\()[]{}:=, \t", v->s[i]))
			buf_char(out, '\\');
		buf_char(out, v->s[i]);
	}
}

static void put_items(struct buf *out, const struct val *v)
{
	buf_char(out, v->kind == VAL_MAP ? '{' : '[');
	for (size_t i = 0; i < v->nr; i++) {
		if (i)
			buf_char(out, ',');
		if (v->kind == VAL_MAP) {
			edit_text(out, &v->key[i]);
			buf_char(out, ':');
		}
		edit_text(out, &v->item[i]);
	}
	buf_char(out, v->kind == VAL_MAP ? '}' : ']');
}

void edit_text(struct buf *out, const struct val *v)
{
	if (v->kind == VAL_MAP || v->kind == VAL_LIST)
		put_items(out, v);
	else if (v->kind == VAL_STR && v->style != VAL_PLAIN)
		put_quoted(out, v);
	else if (v->kind == VAL_STR)
		put_plain(out, v);
	else if (v->kind == VAL_FLOAT)
		canon_float(out, v->f);
	else
		canon_json(out, v, 0);
}

/* --- the values of one word ----------------------------------------------------- */

int edit_values(struct val *list, struct edit_word *w, const char *arg,
		size_t most)
{
	int err = 0;

	if (w->kind == EDIT_RANGE)
		err = edit_range(list, &w->v, arg, most);
	else
		val_copy(list, &w->v);
	if (!err && w->shuffle)
		edit_shuffle(list);
	return err;
}

/* "file:+key=" and then each of its values: the words it stands for. */
static int write_words(struct strs *out, const struct edit *e,
		       struct edit_word *w, const char *arg)
{
	static const char *const ops[] = { "", "+", "++", "~" };
	bool named = strcmp(e->file, "params.yaml");
	struct val list = VAL_INIT;
	int err = 0;

	if (w->kind == EDIT_ONE) {
		val_set_list(&list);
		val_copy(val_add(&list), &w->v);
	} else {
		err = edit_values(&list, w, arg, MOST);
	}
	for (size_t i = 0; i < list.nr && !err; i++) {
		struct buf b = BUF_INIT;

		buf_fmt(&b, "%s%s%s%s=", named ? e->file : "", named ? ":" : "",
			ops[e->op], e->key);
		edit_text(&b, &list.item[i]);
		strs_give(out, buf_take(&b));
	}
	val_clear(&list);
	return err;
}

/* --- all words -------------------------------------------------------------------- */

/* file -> map: "+key" -> its words. A later word takes the earlier's place. */
static int gather(struct map *files, const char *arg, bool *sweep)
{
	struct edit e = EDIT_INIT;
	struct edit_word w = { 0 };
	const char *value = NULL;
	struct map *words;
	struct strs *list = mem_new(1, sizeof(*list));
	int err = edit_split(&e, &value, arg);

	if (!err && value)
		err = edit_value(&w, arg, value);
	if (!err)
		err = write_words(list, &e, &w, arg);
	*sweep = *sweep || w.kind != EDIT_ONE;
	if (!err) {
		char *key = mem_fmt("%d%s", (int)e.op, e.key);

		words = map_get(files, e.file);
		if (!words) {
			words = mem_new(1, sizeof(*words));
			map_put(files, e.file, words);
		}
		list = map_put(words, key, list);
		free(key);
	}
	if (list)
		strs_clear(list);
	free(list);
	val_clear(&w.v);
	edit_clear(&e);
	return err;
}

static void free_list(void *list)
{
	strs_clear(list);
	free(list);
}

static void free_words(void *words)
{
	map_clear(words, free_list);
	free(words);
}

/* Each run so far, once for each of these words. */
static int multiply(struct edit_runs *r, const char *key,
		    const struct strs *words)
{
	struct strs *all;

	if (!words->nr)
		return err_set(ERR_INVALID, "the sweep over '%s' has no values",
			       key);
	if (r->nr * words->nr > MOST)
		return err_set(ERR_INVALID, "the sweeps of -S make more than "
			       "%d runs", MOST);
	all = mem_new(r->nr * words->nr, sizeof(*all));
	for (size_t i = 0; i < r->nr; i++)
		for (size_t k = 0; k < words->nr; k++) {
			struct strs *to = &all[i * words->nr + k];

			for (size_t n = 0; n < r->item[i].nr; n++)
				strs_add(to, r->item[i].item[n]);
			strs_add(to, words->item[k]);
		}
	for (size_t i = 0; i < r->nr; i++)
		strs_clear(&r->item[i]);
	free(r->item);
	r->item = all;
	r->nr *= words->nr;
	return 0;
}

static int product(struct edit_runs *r, const struct map *files)
{
	int err = 0;

	for (size_t f = 0; f < files->nr && !err; f++) {
		const struct map *words = files->item[f].value;

		for (size_t i = 0; i < words->nr && !err; i++)
			err = multiply(r, words->item[i].key + 1,
				       words->item[i].value);
	}
	return err;
}

int edit_expand(struct edit_runs *out, const struct strs *words)
{
	struct map files = MAP_INIT;
	int err = 0;

	*out = (struct edit_runs){ .item = mem_new(1, sizeof(*out->item)),
				   .nr = 1 };
	for (size_t i = 0; i < words->nr && !err; i++)
		err = gather(&files, words->item[i], &out->sweep);
	if (!err && out->sweep)
		err = product(out, &files);
	for (size_t i = 0; i < words->nr && !err && !out->sweep; i++)
		strs_add(out->item, words->item[i]);
	map_clear(&files, free_words);
	return err;
}

void edit_runs_clear(struct edit_runs *r)
{
	for (size_t i = 0; i < r->nr; i++)
		strs_clear(&r->item[i]);
	free(r->item);
	*r = (struct edit_runs){ 0 };
}
