#include "base/buf.h"
#include "base/err.h"
#include "spec/block.h"
#include "spec/canon.h"
#include "spec/edit-part.h"
#include "spec/emit.h"
#include "spec/val.h"

static const struct edit_step *top(const struct edit_site *s)
{
	return &s->step[s->nr - 1];
}

static const struct edit_step *above(const struct edit_site *s)
{
	return s->nr > 1 ? &s->step[s->nr - 2] : NULL;
}

/* Characters that only double quotes can hold on one line. */
static bool odd(const struct val *v)
{
	for (size_t i = 0; i < v->len; i++) {
		unsigned char c = (unsigned char)v->s[i];

		if (c < 0x20 || c == 0x7f || c == 0xc2 || c == 0xe2 ||
		    c == 0xef || c >= 0xf0)
			return true;
	}
	return false;
}

static void in_single(struct buf *out, const struct val *v)
{
	buf_char(out, '\'');
	for (size_t i = 0; i < v->len; i++) {
		if (v->s[i] == '\'')
			buf_char(out, '\'');
		buf_char(out, v->s[i]);
	}
	buf_char(out, '\'');
}

static void in_double(struct buf *out, const struct val *v)
{
	buf_char(out, '"');
	for (size_t i = 0; i < v->len; i++) {
		unsigned char c = (unsigned char)v->s[i];

		if (c == '"' || c == '\\')
			buf_fmt(out, "\\%c", c);
		else if (c == '\n')
			buf_str(out, "\\n");
		else if (c == '\t')
			buf_str(out, "\\t");
		else if (c < 0x20 || c == 0x7f)
			buf_fmt(out, "\\x%02x", c);
		else
			buf_char(out, (char)c);
	}
	buf_char(out, '"');
}

/* Plain where emit would write it so, and where it is safe in braces too. */
static void as_needed(struct buf *out, const struct val *v, bool flow)
{
	size_t at = out->len;
	bool bare;

	emit_scalar(out, v, 0, flow ? -1 : 0);
	bare = out->len > at && !strchr("'\"", out->s[at]);
	if (!memchr(out->s + at, '\n', out->len - at) &&
	    !(bare && flow && strpbrk(out->s + at, ",[]{}:?#&*!|>%@")))
		return;
	buf_cut(out, at);
	if (odd(v))
		in_double(out, v);
	else
		in_single(out, v);
}

static void scalar(struct buf *out, const struct val *value,
		   const struct val *old, bool flow)
{
	bool quotes = old && old->kind == VAL_STR;

	if (value->kind == VAL_NULL)
		buf_str(out, "null");
	else if (value->kind != VAL_STR)
		emit_scalar(out, value, 0, 0);
	else if (quotes && old->style == VAL_DOUBLE)
		in_double(out, value);
	else if (quotes && old->style == VAL_SINGLE && !odd(value))
		in_single(out, value);
	else
		as_needed(out, value, flow);
}

static void in_flow(struct buf *out, const struct val *v)
{
	bool map = v->kind == VAL_MAP;

	if (!map && v->kind != VAL_LIST) {
		scalar(out, v, NULL, true);
		return;
	}
	buf_char(out, map ? '{' : '[');
	for (size_t i = 0; i < v->nr; i++) {
		if (i)
			buf_str(out, ", ");
		if (map) {
			scalar(out, &v->key[i], NULL, true);
			buf_str(out, ": ");
		}
		in_flow(out, &v->item[i]);
	}
	buf_char(out, map ? '}' : ']');
}

void edit_inline(struct buf *out, const struct edit_site *s,
		 const struct val *value, const struct val *old)
{
	if (s->json)
		canon_json(out, value, 0);
	else if (value->kind == VAL_MAP || value->kind == VAL_LIST)
		in_flow(out, value);
	else
		scalar(out, value, old, top(s)->flow);
}

void edit_pair(struct buf *out, const struct edit_site *s,
	       const struct val *key, const struct val *value)
{
	if (s->json)
		canon_json(out, key, 0);
	else
		scalar(out, key, NULL, true);
	buf_str(out, ": ");
	edit_inline(out, s, value, NULL);
}

/* A value that stands nowhere: behind the colon, or behind the dash. */
static int set_empty(struct edit_site *s, struct buf *word)
{
	const struct edit_step *up = above(s);
	size_t i = top(s)->i, at;

	if (!up)
		return edit_stuck(s, "the file is empty");
	if (up->v->kind == VAL_MAP) {
		at = up->v->key[i].end;
		while (s->text->s[at] == ' ')
			at++;
		if (s->text->s[at] == ':') {
			buf_splice(word, 0, 0, " ", 1);
			at++;
		} else {
			buf_splice(word, 0, 0, ": ", 2);
			at = up->v->key[i].end;
		}
	} else {
		at = top(s)->v->at;
		if (at && s->text->s[at - 1] == '-')
			buf_splice(word, 0, 0, " ", 1);
	}
	buf_splice(s->text, at, 0, word->s, word->len);
	return 0;
}

/* A tag would give the new value its type: "!!str 5" goes as a whole. */
static size_t before_tag(const char *text, size_t at)
{
	size_t from = at;

	while (from && text[from - 1] == ' ')
		from--;
	while (from && !strchr(" \t\r\n,[{", text[from - 1]))
		from--;
	return text[from] == '!' ? from : at;
}

static bool below_null(const struct edit_site *s, const struct val *value)
{
	return top(s)->v->kind == VAL_NULL && !s->json && !top(s)->flow &&
	       value->kind == VAL_MAP && value->nr && above(s) &&
	       above(s)->v->kind == VAL_MAP;
}

int edit_set(struct edit_site *s, const struct val *value)
{
	const struct val *v = top(s)->v;
	struct buf word = BUF_INIT;
	size_t at = v->at;
	int err = 0;

	if ((v->kind == VAL_MAP || v->kind == VAL_LIST) && !top(s)->flow)
		return edit_lines(s, value);
	if (below_null(s, value))
		return edit_below(s, value);
	edit_inline(&word, s, value, v);
	if (v->end > at && !s->json)
		at = before_tag(s->text->s, at);
	if (v->end > at)
		buf_splice(s->text, at, v->end - at, word.s, word.len);
	else
		err = set_empty(s, &word);
	buf_clear(&word);
	return err;
}

/* "{a, b}" without what stands at `i`, and without one comma. */
static int drop_flow(struct edit_site *s, const struct val *map, size_t i)
{
	size_t from = map->key[i].at, to = map->item[i].end;

	if (to < map->key[i].end)
		to = map->key[i].end;
	if (i + 1 < map->nr)
		to = map->key[i + 1].at;
	else if (i)
		from = map->item[i - 1].end;
	if (from >= to)
		return edit_stuck(s, "its place in the text is unclear");
	buf_splice(s->text, from, to - from, NULL, 0);
	return 0;
}

/* Are there lines that need a document between or before them? */
static bool marked(const char *text)
{
	for (const char *s = text; s; s = strchr(s, '\n')) {
		s += *s == '\n';
		if (!strncmp(s, "---", 3) || !strncmp(s, "...", 3) || *s == '%')
			return true;
	}
	return false;
}

/* The last entry goes: "a:" would say null, so it becomes "a: {}". */
static int drop_only(struct edit_site *s, struct block b)
{
	const struct edit_step *up = s->nr > 2 ? &s->step[s->nr - 3] : NULL;
	size_t at;

	if (up && up->v->kind == VAL_LIST) {
		at = above(s)->v->key[0].at;
		b.end -= b.end > at && s->text->s[b.end - 1] == '\n';
		b.end -= b.end > at && s->text->s[b.end - 1] == '\r';
		buf_splice(s->text, at, b.end - at, "{}", 2);
		return 0;
	}
	buf_splice(s->text, b.at, b.end - b.at, NULL, 0);
	if (!up && marked(s->text->s))
		buf_splice(s->text, b.at, 0, "{}\n", 3);
	if (!up)
		return 0;
	s->nr--;
	at = edit_colon(s);
	if (!at)
		return edit_stuck(s, "its place in the text is unclear");
	buf_splice(s->text, at, 0, " {}", 3);
	return 0;
}

int edit_drop(struct edit_site *s)
{
	const struct edit_step *up = above(s);
	size_t i = top(s)->i;
	struct block b;

	if (up->flow)
		return drop_flow(s, up->v, i);
	b = block_lines(s->text->s, up->v, i, up->limit);
	if (up->v->nr == 1)
		return drop_only(s, b);
	/* The first key of "- a: 1" shares its line with the dash. */
	if (b.at == up->v->key[i].at && b.at != block_line(s->text->s, b.at))
		b.end = up->v->key[i + 1 < up->v->nr ? i + 1 : i].at;
	if (b.end <= b.at)
		return edit_stuck(s, "its place in the text is unclear");
	buf_splice(s->text, b.at, b.end - b.at, NULL, 0);
	return 0;
}
