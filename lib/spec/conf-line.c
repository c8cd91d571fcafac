#include <stdbool.h>
#include "base/buf.h"
#include "base/mem.h"
#include "spec/conf-line.h"

static const char *skip(const char *s)
{
	while (*s == ' ' || *s == '\t' || *s == '\r')
		s++;
	return s;
}

/* True when nothing but a comment follows. */
static bool over(const char *s)
{
	s = skip(s);
	return !*s || *s == '#';
}

static char *trimmed(const char *s, size_t len)
{
	while (len && strchr(" \t\r", s[len - 1]))
		len--;
	return mem_ndup(s, len);
}

static char *lower(char *s)
{
	for (char *c = s; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c += 'a' - 'A';
	return s;
}

/* Between quotes, or up to one of `stops`; NULL when a quote stays open. */
static char *word(const char **at, const char *stops)
{
	const char *s = *at, *end;
	size_t n = 1;		/* quotes on each side */
	char *text;

	if (*s == '"' || *s == '\'') {
		if (!strncmp(s, "\"\"\"", 3) || !strncmp(s, "'''", 3))
			n = 3;
		end = n == 3 ? strstr(s + 3, *s == '"' ? "\"\"\"" : "'''") :
			       strchr(s + 1, *s);
		if (!end)
			return NULL;
		text = mem_ndup(s + n, (size_t)(end - s) - n);
		*at = skip(end + n);
		return text;
	}
	end = s + strcspn(s, stops);
	text = trimmed(s, (size_t)(end - s));
	*at = end;
	return text;
}

/* A list becomes its items with commas between; most values have just one. */
static char *value(const char *s)
{
	struct buf out = BUF_INIT;

	s = skip(s);
	for (bool first = true; first || !over(s); first = false) {
		char *item = word(&s, ",#");

		if (item && !first)
			buf_char(&out, ',');
		if (item)
			buf_str(&out, item);
		if (!item || (!over(s) && *s != ',')) {
			free(item);
			buf_clear(&out);
			return NULL;
		}
		free(item);
		if (*s == ',')
			s = skip(s + 1);
	}
	return out.len ? buf_take(&out) : mem_dup("");
}

/* remote   "name" -> remote "name" */
static char *one_space(char *name)
{
	size_t n = strcspn(name, " \t\"");
	const char *quote = skip(name + n);
	char *text;

	if (*quote != '"')
		return name;
	text = mem_fmt("%.*s %s", (int)n, name, quote);
	free(name);
	return text;
}

static enum conf_kind section(struct conf_line *out, const char *s)
{
	char *name;

	s = skip(s + 1);
	name = word(&s, "]");
	if (name && *name && *name != '[' && *s == ']' && over(s + 1)) {
		out->name = one_space(lower(name));
		return CONF_SECTION;
	}
	free(name);
	return CONF_BAD;
}

enum conf_kind conf_line(struct conf_line *out, const char *text)
{
	const char *s = skip(text);

	if (!*s || *s == '#')
		return CONF_EMPTY;
	if (*s == '[')
		return section(out, s);
	if (*s != '=')
		out->name = word(&s, "=");
	if (!out->name || *s != '=')
		return CONF_BAD;
	lower(out->name);
	out->value = value(s + 1);
	return out->value ? CONF_KEY : CONF_BAD;
}

void conf_line_clear(struct conf_line *l)
{
	free(l->name);
	free(l->value);
	*l = (struct conf_line)CONF_LINE_INIT;
}
