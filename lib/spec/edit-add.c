#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "spec/block.h"
#include "spec/canon.h"
#include "spec/edit-part.h"
#include "spec/emit.h"
#include "spec/val.h"

static bool crlf(const struct buf *text)
{
	const char *lf = memchr(text->s, '\n', text->len);

	return lf && lf > text->s && lf[-1] == '\r';
}

void edit_splice(struct buf *text, size_t at, size_t len,
		 const struct buf *lines)
{
	const char *eol = crlf(text) ? "\r\n" : "\n";
	struct buf out = BUF_INIT;

	if (at && text->s[at - 1] != '\n' && !len)
		buf_str(&out, eol);
	for (size_t i = 0; i < lines->len; i++) {
		if (lines->s[i] == '\n')
			buf_str(&out, eol);
		else
			buf_char(&out, lines->s[i]);
	}
	buf_splice(text, at, len, out.s, out.len);
	buf_clear(&out);
}

static void add_lines(struct edit_site *s, size_t at, const struct val *key,
		      const struct val *value, int indent)
{
	struct buf lines = BUF_INIT;

	emit_pair(&lines, key, value, indent);
	edit_splice(s->text, at, 0, &lines);
	buf_clear(&lines);
}

static int add_block(struct edit_site *s, const struct val *key,
		     const struct val *value)
{
	const struct edit_step *box = &s->step[s->nr - 1];
	const char *text = s->text->s;
	int column = block_column(text, box->v);
	size_t last = 0;

	if (column < 0)
		return edit_stuck(s, "all keys beside it come from an alias");
	for (size_t i = 1; i < box->v->nr; i++)
		if (box->v->key[i].at > box->v->key[last].at)
			last = i;
	add_lines(s, block_lines(text, box->v, last, box->limit).end, key,
		  value, column);
	return 0;
}

int edit_below(struct edit_site *s, const struct val *value)
{
	const struct edit_step *box = &s->step[s->nr - 1], *up = box - 1;
	int column = block_column(s->text->s, up->v);
	struct buf lines = BUF_INIT;
	size_t at = box->v->at;

	if (box->v->end > at)
		buf_splice(s->text, at, box->v->end - at, NULL, 0);
	while (at && s->text->s[at - 1] == ' ' && box->v->end > box->v->at)
		buf_splice(s->text, --at, 1, NULL, 0);
	at = block_next(s->text->s, s->text->len, up->v->key[box->i].end);
	emit_yaml(&lines, value, column + 2);
	edit_splice(s->text, at, 0, &lines);
	buf_clear(&lines);
	return 0;
}

/* What stands between two entries of this map, or would. */
static void comma(struct buf *out, const char *text, const struct val *map)
{
	size_t from = map->at + 1, to = map->key[0].at;
	size_t n = strspn(text + from, " \t\r\n");

	if (map->nr > 1) {
		from = map->item[map->nr - 2].end;
		to = map->key[map->nr - 1].at;
		n = from < to ? strspn(text + from, " \t\r\n,") : 0;
	} else {
		buf_char(out, ',');
		if (!memchr(text + from, '\n', n)) {
			buf_char(out, ' ');
			return;
		}
	}
	if (from + n == to)
		buf_add(out, text + from, n);
	else
		buf_str(out, out->len ? " " : ", ");
}

static int add_flow(struct edit_site *s, const struct val *key,
		    const struct val *value)
{
	const struct val *map = s->step[s->nr - 1].v;
	struct buf word = BUF_INIT;
	size_t at = map->at + 1, n = 0;

	if (map->end < map->at + 2 || s->text->s[map->at] != '{')
		return edit_stuck(s, "its place in the text is unclear");
	if (map->nr) {
		at = map->item[map->nr - 1].end;
		if (at < map->key[map->nr - 1].end)
			at = map->key[map->nr - 1].end;
		comma(&word, s->text->s, map);
	} else {
		n = strspn(s->text->s + at, " \t\r\n");
		n = s->text->s[at + n] == '}' ? n : 0;
	}
	edit_pair(&word, s, key, value);
	buf_splice(s->text, at, n, word.s, word.len);
	buf_clear(&word);
	return 0;
}

/* In a document that says nothing: at its end, which "..." may be. */
static size_t last(const struct buf *text)
{
	const char *end = strstr(text->s, "\n...");

	if (!strncmp(text->s, "...", 3))
		return 0;
	return end ? (size_t)(end - text->s) + 1 : text->len;
}

int edit_add(struct edit_site *s, const struct val *key,
	     const struct val *value)
{
	const struct edit_step *box = &s->step[s->nr - 1];

	if (box->flow)
		return add_flow(s, key, value);
	if (box->v->nr)
		return add_block(s, key, value);
	if (s->nr > 1)
		return edit_stuck(s, "its place in the text is unclear");
	add_lines(s, last(s->text), key, value, 0);
	return 0;
}
