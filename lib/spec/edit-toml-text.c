#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/mem.h"
#include "spec/edit-toml.h"
#include "spec/val-toml.h"

/* --- values ---------------------------------------------------------------- */

static void basic(struct buf *b, const char *s, size_t len)
{
	static const char from[] = "\"\\\b\t\n\f\r", to[] = "\"\\btnfr";

	buf_char(b, '"');
	for (size_t i = 0; i < len; i++) {
		const char *at = s[i] ? strchr(from, s[i]) : NULL;

		if (at)
			buf_fmt(b, "\\%c", to[at - from]);
		else if ((unsigned char)s[i] < 0x20 || s[i] == 0x7f)
			buf_fmt(b, "\\u%04x", (unsigned)s[i]);
		else
			buf_char(b, s[i]);
	}
	buf_char(b, '"');
}

static bool is_literal(const struct val *v)
{
	for (size_t i = 0; i < v->len; i++)
		if (v->s[i] == '\'' || v->s[i] == 0x7f ||
		    ((unsigned char)v->s[i] < 0x20 && v->s[i] != '\t'))
			return false;
	return true;
}

void toml_name(struct buf *out, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char c = s[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      (c >= '0' && c <= '9') || c == '-' || c == '_')) {
			basic(out, s, len);
			return;
		}
	}
	if (len)
		buf_add(out, s, len);
	else
		buf_str(out, "\"\"");
}

static bool items(struct buf *out, const struct val *v)
{
	bool ok = true;

	buf_char(out, v->kind == VAL_MAP ? '{' : '[');
	for (size_t i = 0; i < v->nr && ok; i++) {
		if (i)
			buf_str(out, ", ");
		if (v->kind == VAL_MAP) {
			toml_name(out, v->key[i].s, v->key[i].len);
			buf_str(out, " = ");
		}
		ok = toml_inline(out, &v->item[i], NULL);
	}
	buf_char(out, v->kind == VAL_MAP ? '}' : ']');
	return ok;
}

bool toml_inline(struct buf *out, const struct val *v, const struct val *old)
{
	char text[VAL_FLOAT_MAX];

	switch (v->kind) {
	case VAL_NULL:
		return false;
	case VAL_BOOL:
		buf_str(out, v->b ? "true" : "false");
		return true;
	case VAL_FLOAT:
		val_float(v->f, text);
		buf_str(out, text);
		return true;
	case VAL_STR:
		if (old && old->kind == VAL_STR && old->style == VAL_SINGLE &&
		    is_literal(v)) {
			buf_char(out, '\'');
			buf_add(out, v->s, v->len);
			buf_char(out, '\'');
		} else {
			basic(out, v->s, v->len);
		}
		return true;
	case VAL_LIST:
	case VAL_MAP:
		return items(out, v);
	default:
		buf_add(out, v->s, v->len);
		return true;
	}
}

/* --- lines ------------------------------------------------------------------ */

size_t toml_line_at(const struct buf *text, size_t at)
{
	while (at && text->s[at - 1] != '\n' && text->s[at - 1] != '\r')
		at--;
	return at;
}

size_t toml_line_end(const struct buf *text, size_t at)
{
	while (at < text->len && text->s[at] != '\n' && text->s[at] != '\r')
		at++;
	if (at + 1 < text->len && text->s[at] == '\r' && text->s[at + 1] == '\n')
		at++;
	return at < text->len ? at + 1 : at;
}

static bool is_blank(const struct buf *text, size_t line)
{
	size_t end = line + strspn(text->s + line, " \t");

	return end == text->len || strchr("\r\n", text->s[end]);
}

static size_t line_before(const struct buf *text, size_t line)
{
	size_t at = line - 1;

	at -= at && text->s[at] == '\n' && text->s[at - 1] == '\r';
	return toml_line_at(text, at);
}

size_t toml_above(const struct buf *text, size_t at)
{
	size_t line = toml_line_at(text, at);

	while (line) {
		size_t from = line_before(text, line);

		if (text->s[from + strspn(text->s + from, " \t")] != '#')
			break;
		line = from;
	}
	return line;
}

void toml_lines(const struct toml_found *f, size_t i, size_t *from, size_t *to)
{
	*from = toml_line_at(f->text, f->item[i].at);
	*to = toml_line_end(f->text, f->item[i].end);
	if (!f->item[i].header)
		return;
	*to = f->text->len;
	for (size_t j = i + 1; j < f->nr; j++)
		if (f->item[j].header) {
			*to = toml_above(f->text, f->item[j].at);
			break;
		}
	if (*from && *to < f->text->len &&
	    !is_blank(f->text, line_before(f->text, *from)) &&
	    is_blank(f->text, line_before(f->text, *to)))
		*to = line_before(f->text, *to);
}

/* --- places ------------------------------------------------------------------ */

static bool same(const char *name, const struct val *key)
{
	return strlen(name) == key->len && !memcmp(name, key->s, key->len);
}

/* How many of the wanted names the table has, or SIZE_MAX when it differs. */
static size_t common(const struct strs *want, const struct strs *table)
{
	for (size_t i = 0; i < want->nr && i < table->nr; i++)
		if (strcmp(want->item[i], table->item[i]) != 0)
			return SIZE_MAX;
	return table->nr;
}

static void compare(struct toml_place *p, const struct strs *want,
		    const struct toml_part *part)
{
	size_t at = common(want, part->table), k = 0;

	if (at == SIZE_MAX)
		return;
	if (part->header) {
		p->inside = at >= want->nr;
		p->own = at == want->nr;
		return;
	}
	p->own = at == want->nr;
	while (at < want->nr && k < part->key->nr &&
	       same(want->item[at], &part->key->item[k])) {
		at++;
		k++;
	}
	p->inside = at >= want->nr;
	if (p->inside && k && k < part->key->nr)
		p->stem = part->key->item[k - 1].end;
}

static void note(const struct toml_part *part, void *payload)
{
	struct toml_found *f = payload;

	ARRAY_GROW(f);
	f->item[f->nr] = (struct toml_place){
		.header = part->header, .at = part->at, .end = part->end,
	};
	compare(&f->item[f->nr++], f->want, part);
}

void toml_find(struct toml_found *f, const struct buf *text,
	       const struct strs *want)
{
	struct val v = VAL_INIT;

	*f = (struct toml_found){ .want = want, .text = text };
	toml_parts(&v, text->s, text->len, "", note, f);
	val_clear(&v);
}

void toml_found_clear(struct toml_found *f)
{
	free(f->item);
	*f = (struct toml_found){ 0 };
}
