#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/mem.h"
#include "spec/emit-part.h"
#include "spec/val.h"

#define WIDTH 80
#define KEY_MAX 128

enum style { PLAIN, SINGLE, DOUBLE };

struct text {
	uint32_t *c;		/* characters */
	size_t nr;
};

/* What in a text forbids which style. */
struct look {
	bool indicator, in_flow;	/* means something else in YAML */
	bool lines;			/* has line breaks */
	bool special;			/* only an escape can say it */
	bool edge;			/* white space first or last */
	bool loose;			/* spaces beside a line break */
};

static struct text decode(const char *s, size_t len)
{
	struct text t = { mem_new(len + 1, sizeof(*t.c)), 0 };

	for (size_t i = 0; i < len; )
		i += val_char(s + i, len - i, &t.c[t.nr++]);
	return t;
}

static bool is_in(uint32_t c, const char *set)
{
	return c && c < 128 && strchr(set, (int)c);
}

static bool is_break(uint32_t c)
{
	return c == '\n' || c == 0x85 || c == 0x2028 || c == 0x2029;
}

/* White space or the end of the text. */
static bool is_gap(const struct text *t, size_t i)
{
	return i >= t->nr || !t->c[i] || is_in(t->c[i], " \t\r") ||
	       is_break(t->c[i]);
}

/* ASCII and what YAML lets stand as it is. */
static bool is_plain_char(uint32_t c)
{
	return (c >= 0x20 && c <= 0x7e) || (c >= 0xa0 && c <= 0xd7ff) ||
	       (c >= 0xe000 && c <= 0xfffd && c != 0xfeff) || c >= 0x10000;
}

static void look_first(struct look *l, const struct text *t)
{
	uint32_t c = t->c[0];

	l->edge = c == ' ' || is_break(c);
	if (t->nr >= 3 && (c == '-' || c == '.') && t->c[1] == c &&
	    t->c[2] == c)
		l->indicator = true;
	if (is_in(c, "#,[]{}&*!|>'\"%@`") ||
	    (is_in(c, "-?:") && is_gap(t, 1)))
		l->indicator = true;
	if (is_in(c, "?:") && t->nr == 1)
		l->in_flow = true;
}

static struct look look_at(const struct text *t)
{
	struct look l = { 0 };

	look_first(&l, t);
	for (size_t i = 0; i < t->nr; i++) {
		uint32_t c = t->c[i], before = i ? t->c[i - 1] : 0;

		if (i && is_in(c, ",[]{}"))
			l.in_flow = true;
		if (i && ((c == ':' && is_gap(t, i + 1)) ||
			  (c == '#' && is_gap(t, i - 1))))
			l.indicator = true;
		if (is_break(c))
			l.lines = true;
		if (c != '\n' && c != 0x85 && !is_plain_char(c))
			l.special = true;
		if (i && ((c == ' ' && is_break(before)) ||
			  (before == ' ' && is_break(c))))
			l.loose = true;
	}
	if (t->c[t->nr - 1] == ' ' || is_break(t->c[t->nr - 1]))
		l.edge = true;
	return l;
}

static bool has(const struct text *t, uint32_t c)
{
	for (size_t i = 0; i < t->nr; i++)
		if (t->c[i] == c)
			return true;
	return false;
}

static enum style choose(const struct val *v, const struct text *t,
			 enum place place)
{
	struct look l;

	if (!t->nr)
		return SINGLE;
	l = look_at(t);
	if (!val_typed(v->s, v->len) && !l.lines && !l.special && !l.edge &&
	    !l.loose && !l.indicator && !(place == IN_FLOW && l.in_flow))
		return PLAIN;
	if (has(t, '\'') || has(t, '\n') || l.special || l.loose ||
	    (place == AS_KEY && l.lines))
		return DOUBLE;
	return SINGLE;
}

/* --- writing ------------------------------------------------------------ */

static void put_char(struct emitter *e, uint32_t c)
{
	static const unsigned char first[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	int nr = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	if (nr == 1) {
		buf_char(e->out, (char)c);
		return;
	}
	buf_char(e->out, (char)(first[nr] | c >> 6 * (nr - 1)));
	for (int i = nr - 2; i >= 0; i--)
		buf_char(e->out, (char)(0x80 | (c >> 6 * i & 0x3f)));
}

static void put(struct emitter *e, const struct text *t, size_t from,
		size_t to)
{
	for (size_t i = from; i < to; i++)
		put_char(e, t->c[i]);
	if (to > from)
		e->col += (int)(to - from);
}

static size_t word_end(const struct text *t, size_t i)
{
	while (i < t->nr && t->c[i] != ' ' && !is_break(t->c[i]))
		i++;
	return i;
}

static size_t space_end(const struct text *t, size_t i)
{
	while (i < t->nr && t->c[i] == ' ')
		i++;
	return i;
}

/* A space is the end of a line only where the line is full already. */
static void put_plain(struct emitter *e, const struct text *t, int indent,
		      enum place place)
{
	part_mark(e, "", true);
	for (size_t i = 0, end; i < t->nr; i = end) {
		end = word_end(t, i);
		if (place != IN_FLOW && indent >= 0 && e->col > indent &&
		    e->col + (int)(end - i) > WIDTH)
			part_indent(e, indent);
		put(e, t, i, end);
		i = end;
		end = space_end(t, i);
		if (end == i + 1 && e->col >= WIDTH && place < AS_KEY) {
			part_indent(e, indent);
			e->space = e->begun = false;
		} else {
			put(e, t, i, end);
		}
	}
}

static void put_breaks(struct emitter *e, const struct text *t, size_t from,
		       size_t to, int indent)
{
	for (size_t i = from; i < to; i++)
		put_char(e, t->c[i]);
	e->col = 0;
	e->space = e->begun = true;
	part_indent(e, indent);
}

/* Nothing in here needs doubling: a text with a quote goes in double ones. */
static void put_single(struct emitter *e, const struct text *t, int indent,
		       enum place place)
{
	part_mark(e, "'", true);
	for (size_t i = 0, end; i < t->nr; i = end) {
		end = word_end(t, i);
		put(e, t, i, end);
		i = end;
		if (i < t->nr && is_break(t->c[i])) {
			while (end < t->nr && is_break(t->c[end]))
				end++;
			put_breaks(e, t, i, end, indent);
			continue;
		}
		end = space_end(t, i);
		if (end == i + 1 && e->col > WIDTH && place < AS_KEY && i &&
		    end != t->nr)
			part_indent(e, indent);
		else
			put(e, t, i, end);
	}
	part_mark(e, "'", false);
}

static void put_escape(struct emitter *e, uint32_t c)
{
	static const char from[] = "\a\b\t\n\v\f\r\033\"\\";
	static const char to[] = "abtnvfre\"\\";
	const char *at = c && c < 128 ? strchr(from, (int)c) : NULL;
	size_t before = e->out->len;

	if (!c)
		buf_str(e->out, "\\0");
	else if (at)
		buf_fmt(e->out, "\\%c", to[at - from]);
	else if (c == 0x85 || c == 0x2028 || c == 0x2029)
		buf_fmt(e->out, "\\%c", c == 0x85 ? 'N' :
			c == 0x2028 ? 'L' : 'P');
	else
		buf_fmt(e->out, c < 0x100 ? "\\x%02X" :
			c < 0x10000 ? "\\u%04X" : "\\U%08X", (unsigned)c);
	e->col += (int)(e->out->len - before);
}

static size_t find(const struct text *t, uint32_t c, size_t from, size_t to)
{
	while (from < to && t->c[from] != c)
		from++;
	return from;
}

/*
 * A line broken in quotes reads as one space. Without a backslash that space
 * must be the one at `at`, and the word after it must be one ruamel trusts.
 */
static bool needs_backslash(const struct text *t, size_t from, size_t at)
{
	size_t space = find(t, ' ', at, t->nr), line;

	if (space >= t->nr)
		return true;
	line = find(t, '\n', at, space);
	if (line < space)
		space = line;
	if (space + 1 >= t->nr || from == at)
		return true;
	if (t->c[space] == '\n' && t->c[space + 1] != ' ')
		return true;
	return t->c[space + 1] == ' ' || t->c[space + 1] == '\n' ||
	       find(t, '"', at, space) < space ||
	       find(t, '\'', at, space) < space ||
	       (t->c[at - 1] == ' ' && t->c[at] == ' ');
}

/* Break the line before `at`; what is from `from` on is not written yet. */
static size_t fold_double(struct emitter *e, const struct text *t,
			  size_t from, size_t at, int indent)
{
	const char *bend = needs_backslash(t, from, at) ? "\\" : "";

	put(e, t, from, at);
	if (from < at)
		from = at;
	buf_str(e->out, bend);
	e->col += *bend != '\0';
	part_indent(e, indent);
	e->space = e->begun = false;
	if (t->c[from] == ' ') {
		from += !*bend;
		buf_str(e->out, bend);
		e->col += *bend != '\0';
	}
	return from;
}

static void put_double(struct emitter *e, const struct text *t, int indent,
		       enum place place)
{
	size_t from = 0;

	part_mark(e, "\"", true);
	for (size_t at = 0; at < t->nr; at++) {
		uint32_t c = t->c[at];

		if (is_in(c, "\"\\") || is_break(c) || !is_plain_char(c)) {
			put(e, t, from, at);
			put_escape(e, c);
			from = at + 1;
		}
		if (at && at + 1 < t->nr && (c == ' ' || from >= at) &&
		    e->col + (int)at - (int)from > WIDTH && place < AS_KEY)
			from = fold_double(e, t, from, at, indent);
	}
	put(e, t, from, t->nr);
	part_mark(e, "\"", false);
}

/* --- any scalar ----------------------------------------------------------- */

/* What stands there plain when the value is no string. */
static char *plain_text(const struct val *v, enum place place)
{
	char text[VAL_FLOAT_MAX], *made = NULL;

	switch (v->kind) {
	case VAL_NULL:
		return mem_dup(place == IN_LIST || place == IN_MAP ? "" :
								     "null");
	case VAL_FLOAT:
		val_float(v->f, text);
		made = strpbrk(text, "in");
		if (!made || strchr(text, '.') || strchr(text, 'e'))
			return mem_dup(text);
		return mem_fmt("%s.%s", *text == '-' ? "-" : "", made);
	default:
		val_key_text(v, &made);
		return made;
	}
}

static bool put_typed(struct emitter *e, const struct val *v, int indent,
		      enum place place)
{
	char *s = plain_text(v, place);
	struct text t = decode(s, strlen(s));

	if (t.nr)
		put_plain(e, &t, indent, place);
	free(t.c);
	free(s);
	return true;
}

bool part_scalar(struct emitter *e, const struct val *v, int indent,
		 enum place place)
{
	struct text t;
	enum style style;

	if (v->kind != VAL_STR)
		return put_typed(e, v, indent, place);
	t = decode(v->s, v->len);
	style = choose(v, &t, place);
	if (style == PLAIN)
		put_plain(e, &t, indent, place);
	else if (style == SINGLE)
		put_single(e, &t, indent, place);
	else
		put_double(e, &t, indent, place);
	free(t.c);
	return style == PLAIN;
}

/* The length of the tag that is not written counts, too. */
bool part_simple_key(const struct val *key)
{
	char *s = key->kind == VAL_STR ? mem_ndup(key->s, key->len) :
					 plain_text(key, IN_MAP);
	struct text t = decode(s, key->kind == VAL_STR ? key->len : strlen(s));
	size_t tag = key->kind == VAL_FLOAT ? strlen("!!float") :
		     key->kind == VAL_DATE ? strlen("!!timestamp") :
		     key->kind == VAL_BOOL || key->kind == VAL_NULL ?
		     strlen("!!bool") : strlen("!!str");
	bool simple = t.nr + tag < KEY_MAX;

	for (size_t i = 0; i < t.nr; i++)
		if (is_break(t.c[i]))
			simple = false;
	free(t.c);
	free(s);
	return simple;
}
