#include <limits.h>
#include <string.h>
#include "base/buf.h"
#include "spec/val-plain-part.h"
#include "spec/val.h"

#define KEY_MAX 1000		/* libyaml looks 1024 characters ahead */

/* --- places ------------------------------------------------------------- */

bool plain_blank(const struct plain *r, const char *s)
{
	return s >= r->end || *s == ' ' || *s == '\n';
}

static bool begins(const struct plain *r, const char *s, const char *three)
{
	return r->end - s >= 3 && !memcmp(s, three, 3);
}

/* What ends a document, or says something about it. */
static bool is_mark(const struct plain *r, const char *s)
{
	return *s == '%' || begins(r, s, "---") || begins(r, s, "...");
}

void plain_place(const struct plain *r, struct val *v, const char *at,
		  const char *end, int line)
{
	v->at = (size_t)(at - r->text);
	v->end = (size_t)(end - r->text);
	v->line = line;
}

/* To the next token; false where this is no plain text. */
bool plain_next(struct plain *r)
{
	while (r->s < r->end) {
		if (*r->s == '\n') {
			r->bol = ++r->s;
			r->line++;
		} else if (*r->s == ' ') {
			r->s++;
		} else if (*r->s == '#' &&
			   (r->s == r->bol || r->s[-1] == ' ')) {
			while (r->s < r->end && *r->s != '\n')
				r->s++;
		} else {
			break;
		}
	}
	r->col = r->s < r->end ? r->s - r->bol : -1;
	return r->col || !is_mark(r, r->s);
}

/* --- plain scalars -------------------------------------------------------- */

static bool may_begin(const struct plain *r)
{
	return *r->s == '-' ? !plain_blank(r, r->s + 1) :
			      !strchr("?:,[]{}#&*!|>'\"%@`", *r->s);
}

/* The end of the text on one line; *stop is what ended it. */
static const char *text_end(const struct plain *r, const char *s,
			    const char **stop)
{
	const char *last = s;

	for (; s < r->end && *s != '\n'; s++) {
		if (*s == ' ')
			continue;
		if (*s == ':' && plain_blank(r, s + 1))
			break;
		if (*s == '#' && s[-1] == ' ')
			break;
		last = s + 1;
	}
	*stop = s;
	return last;
}

static bool is_at(const struct plain *r, const char *s, char c)
{
	return s < r->end && *s == c;
}

/* Where the text goes on, some line ends later; NULL when it does not. */
static const char *more(const struct plain *r, long col, const char *s,
			int *ends)
{
	const char *bol = s;

	for (*ends = 0; s < r->end && (*s == ' ' || *s == '\n'); s++)
		if (*s == '\n') {
			bol = s + 1;
			++*ends;
		}
	return s < r->end && s - bol > col && *s != '#' ? s : NULL;
}

static void fold(struct buf *b, int ends)
{
	if (ends == 1)
		buf_char(b, ' ');
	while (--ends > 0)
		buf_char(b, '\n');
}

static bool plain(struct plain *r, long col, struct val *out)
{
	const char *at = r->s, *s = at, *stop, *on;
	const char *end = text_end(r, s, &stop);
	int line = r->line, ends;
	bool good;

	buf_reset(&r->b);
	while (is_at(r, stop, '\n') && (on = more(r, col, stop, &ends))) {
		buf_add(&r->b, s, (size_t)(end - s));
		fold(&r->b, ends);
		r->line += ends;
		s = on;
		end = text_end(r, s, &stop);
	}
	r->s = end;
	if (r->b.len) {
		buf_add(&r->b, s, (size_t)(end - s));
		good = val_scalar(out, r->b.s, r->b.len);
	} else {
		good = val_scalar(out, s, (size_t)(end - s));
	}
	plain_place(r, out, at, end, line);
	return good && !is_at(r, stop, ':');
}

/* --- quoted scalars -------------------------------------------------------- */

/* Past line ends and the blanks around them; NULL at the mark of a document. */
static const char *fold_at(struct plain *r, const char *s, bool escaped)
{
	int ends;

	for (ends = 0; s < r->end && (*s == ' ' || *s == '\n'); s++)
		if (*s == '\n') {
			r->bol = s + 1;
			ends++;
		}
	r->line += ends;
	if (s == r->bol && s < r->end && is_mark(r, s))
		return NULL;
	if (!escaped)
		fold(&r->b, ends);
	while (escaped && --ends > 0)
		buf_char(&r->b, '\n');
	return s;
}

/* A backslash and what follows; NULL for the rarer ones. */
static const char *escape(struct plain *r, const char *s)
{
	static const char from[] = "nt\"\\/ ", to[] = "\n\t\"\\/ ";
	const char *p;

	if (++s >= r->end)
		return NULL;
	if (*s == '\n')
		return fold_at(r, s, true);
	p = strchr(from, *s);
	if (!p)
		return NULL;
	buf_char(&r->b, to[p - from]);
	return s + 1;
}

/* Blanks at the end of a line are none of the text. */
static const char *spaces(struct plain *r, const char *s)
{
	const char *end = s;

	while (is_at(r, end, ' '))
		end++;
	if (!is_at(r, end, '\n'))
		buf_add(&r->b, s, (size_t)(end - s));
	return end;
}

static bool quoted(struct plain *r, struct val *out)
{
	const char *at = r->s, *s = at + 1;
	int line = r->line;

	buf_reset(&r->b);
	while (s && s < r->end && (*s != *at || (*s == '\'' &&
						 is_at(r, s + 1, '\'')))) {
		if (*s == ' ') {
			s = spaces(r, s);
		} else if (*s == '\n') {
			s = fold_at(r, s, false);
		} else if (*s == '\\' && *at == '"') {
			s = escape(r, s);
		} else {
			buf_char(&r->b, *s);
			s += 1 + (*s == *at);
		}
	}
	if (!s || s >= r->end)
		return false;
	val_set_nstr(out, r->b.s, r->b.len);
	out->style = *at == '"' ? VAL_DOUBLE : VAL_SINGLE;
	r->s = s + 1;
	plain_place(r, out, at, r->s, line);
	return true;
}

static bool is_quote(char c)
{
	return c == '"' || c == '\'';
}

/* --- literal scalars ------------------------------------------------------ */

/* Past the blanks at `bol`, at most `most` of them. */
static const char *indented(const struct plain *r, const char *bol, long most)
{
	const char *s = bol;

	while (s - bol < most && is_at(r, s, ' '))
		s++;
	return s;
}

static const char *line_end(const struct plain *r, const char *s)
{
	const char *nl = memchr(s, '\n', (size_t)(r->end - s));

	return nl ? nl : r->end;
}

/* How deep the lines after `s` stand: deeper than `col`, and no line without
   text before them stands deeper still. Or -1. */
static long depth(const struct plain *r, const char *s, long col)
{
	const char *text = s;
	long widest = 0;

	do {
		const char *bol = text + 1;

		text = indented(r, bol, LONG_MAX);
		widest = text - bol > widest ? text - bol : widest;
		s = bol;
	} while (is_at(r, text, '\n'));
	return text < r->end && text - s == widest && widest > col ?
	       widest : -1;
}

/* The lines from `s`, where the first ends, on; what ends them stays. */
static void add_lines(struct plain *r, const char *s, long deep)
{
	int ends = 0, lines = 0;

	for (r->s = s; is_at(r, s, '\n'); ) {
		const char *text = indented(r, s + 1, deep), *bol = s + 1;

		lines++;
		s = text;
		if (is_at(r, text, '\n')) {
			ends++;
			continue;
		}
		if (text >= r->end || text - bol < deep)
			break;
		while (ends-- > 0)
			buf_char(&r->b, '\n');
		s = r->s = line_end(r, text);
		buf_add(&r->b, text, (size_t)(s - text));
		r->line += lines;
		ends = 1;
		lines = 0;
	}
}

/* Of "|" and "|-"; the lines below it stand deeper than column `col`. */
static bool literal(struct plain *r, long col, struct val *out)
{
	const char *at = r->s, *s = at + 1;
	bool strip = is_at(r, s, '-');
	int line = r->line;
	long deep;

	for (s += strip; is_at(r, s, ' '); s++)
		;
	deep = is_at(r, s, '\n') ? depth(r, s, col) : -1;
	if (deep < 0)
		return false;
	buf_reset(&r->b);
	add_lines(r, s, deep);
	if (!strip && r->s < r->end)
		buf_char(&r->b, '\n');
	val_set_nstr(out, r->b.s, r->b.len);
	out->style = VAL_LITERAL;
	for (s = r->s; s[-1] == ' ' || s[-1] == '\n'; s--)
		;
	plain_place(r, out, at, s, line);
	return true;
}

/* --- scalars and keys ------------------------------------------------------ */

/* Nothing but a comment may follow on its line. */
bool plain_scalar(struct plain *r, long col, struct val *out)
{
	bool good = is_quote(*r->s) ? quoted(r, out) :
		    *r->s == '|' ? literal(r, col, out) :
		    may_begin(r) && plain(r, col, out);
	int line = r->line;

	return good && plain_next(r) && (r->col < 0 || r->line != line);
}

/* Is there a ":" behind what stands here? */
bool plain_at_key(const struct plain *r)
{
	const char *s = r->s, *stop;

	if (is_quote(*s)) {
		for (s++; s < r->end && *s != '\n' && *s != *r->s; s++)
			s += *s == '\\' && *r->s == '"';
		for (s++; s < r->end && *s == ' '; s++)
			;
		return is_at(r, s, ':') && plain_blank(r, s + 1);
	}
	text_end(r, s, &stop);
	return is_at(r, stop, ':');
}

bool plain_key(struct plain *r, struct val *key)
{
	const char *at = r->s, *end, *stop;
	int line = r->line;

	if (is_quote(*at)) {
		if (!quoted(r, key))
			return false;
	} else {
		end = text_end(r, at, &stop);
		if (!may_begin(r) ||
		    !val_scalar(key, at, (size_t)(end - at)))
			return false;
		plain_place(r, key, at, end, line);
		r->s = end;
	}
	while (is_at(r, r->s, ' '))
		r->s++;
	if (!is_at(r, r->s, ':') || !plain_blank(r, r->s + 1))
		return false;
	r->s++;
	return r->line == line && r->s - at < KEY_MAX;
}

