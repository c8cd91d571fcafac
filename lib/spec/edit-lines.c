#include <string.h>
#include "base/buf.h"
#include "spec/block.h"
#include "spec/edit-part.h"
#include "spec/emit.h"

/* Behind anchor, tag and comments: its first key or dash. */
static size_t begin(const char *text, const struct val *v)
{
	size_t at = v->at;

	for (;;) {
		at += strspn(text + at, " \t\r\n");
		if (text[at] == '#')
			at += strcspn(text + at, "\n");
		else if (text[at] == '&' || text[at] == '!')
			at += strcspn(text + at, " \t\r\n");
		else
			return at;
	}
}

/* Nothing but blanks, a comment no deeper than `column`, or "---", "...". */
static bool idle(const char *text, size_t at, size_t end, size_t column)
{
	size_t n = strspn(text + at, " \t\r\n");

	if (at + n >= end)
		return true;
	if (text[at + n] == '#')
		return n <= column;
	return end - at >= 3 &&
	       (!memcmp(text + at, "...", 3) || !memcmp(text + at, "---", 3));
}

/* Where the last line ends that says something of what was found. */
static size_t last_line(const struct edit_site *s, size_t at, size_t column)
{
	const char *text = s->text->s;
	size_t end = s->step[s->nr - 1].limit, first = block_next(text, end, at);

	while (end > first) {
		size_t last = block_line(text, end - 1);

		if (last < first || !idle(text, last, end, column))
			break;
		end = last;
	}
	return end;
}

/* Behind the anchors and tags that stand at `at`. */
static size_t behind_tags(const char *text, size_t at)
{
	size_t n = strspn(text + at, " ");

	while (text[at + n] == '&' || text[at + n] == '!') {
		at += n + strcspn(text + at + n, " \t\r\n");
		n = strspn(text + at, " ");
	}
	return at;
}

size_t edit_colon(const struct edit_site *s)
{
	const struct edit_step *it = &s->step[s->nr - 1];
	size_t at = s->step[s->nr - 2].v->key[it->i].end;

	while (s->text->s[at] == ' ')
		at++;
	return s->text->s[at] == ':' ? behind_tags(s->text->s, at + 1) : 0;
}

/* The same kind once more, with as much before each line. */
static void again(struct edit_site *s, const struct val *value, size_t at,
		  size_t column, size_t end)
{
	struct buf lines = BUF_INIT;

	emit_yaml(&lines, value, (int)column);
	buf_splice(&lines, 0, column, NULL, 0);
	if (end == at || s->text->s[end - 1] != '\n')
		buf_cut(&lines, lines.len - 1);
	edit_splice(s->text, at, end - at, &lines);
	buf_clear(&lines);
}

/* "key: &a !!map" would give the new value that type; returns where it ends. */
static size_t cut_tag(struct buf *text, size_t end)
{
	size_t at = end, n;

	while (at && text->s[at - 1] != ':' && text->s[at - 1] != '!')
		at--;
	while (at && text->s[at - 1] == '!')
		at--;
	if (text->s[at] != '!')
		return end;
	n = strcspn(text->s + at, " \t\r\n");
	n += text->s[at - 1] == ' ';
	at -= text->s[at - 1] == ' ';
	buf_splice(text, at, n, NULL, 0);
	return end - n;
}

/* What had lines of its own goes to where it began, or behind its key. */
static int shrink(struct edit_site *s, const struct val *value, size_t at,
		  size_t end)
{
	const char *text = s->text->s;
	size_t colon = 0;
	struct buf word = BUF_INIT;

	end -= end > at && text[end - 1] == '\n';
	end -= end > at && text[end - 1] == '\r';
	if (s->step[s->nr - 2].v->kind == VAL_MAP) {
		colon = edit_colon(s);
		if (!colon || colon >= block_line(text, at))
			return edit_stuck(s, "its place in the text is unclear");
		at = block_line(text, at) - 1;
		at -= at > colon && text[at - 1] == '\r';
		buf_char(&word, ' ');
	}
	edit_inline(&word, s, value, NULL);
	if (colon) {
		buf_splice(s->text, at, end - at, NULL, 0);
		buf_splice(s->text, cut_tag(s->text, colon), 0, word.s,
			   word.len);
	} else {
		buf_splice(s->text, at, end - at, word.s, word.len);
	}
	buf_clear(&word);
	return 0;
}

int edit_lines(struct edit_site *s, const struct val *value)
{
	const struct val *v = s->step[s->nr - 1].v;
	const char *text = s->text->s;
	size_t at = begin(text, v), column = at - block_line(text, at), end;

	if (s->nr < 2)
		return edit_stuck(s, "it is the whole file");
	end = last_line(s, at, column);
	if (value->kind != v->kind || !value->nr)
		return shrink(s, value, at, end);
	again(s, value, at, column, end);
	return 0;
}
