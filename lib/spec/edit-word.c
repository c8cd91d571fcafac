#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "spec/edit.h"

static const char digits[] = "0123456789";

/* Digits with single underscores between; returns how many bytes. */
static size_t run(const char *s)
{
	size_t n = strspn(s, digits);

	while (n && s[n] == '_' && s[n + 1] && strchr(digits, s[n + 1]))
		n += 1 + strspn(s + n + 1, digits);
	return n;
}

/* As run(), but no leading zeros. */
static size_t whole(const char *s)
{
	return *s == '0' ? 1 : run(s);
}

static bool same(const char *s, const char *lower)
{
	for (; *s && *lower; s++, lower++)
		if (*s != *lower && *s != *lower + 'A' - 'a')
			return false;
	return *s == *lower;
}

enum number { NO_NUMBER, WHOLE, FRACTION };

/* The numbers of dvc-formats 8.5: neither Python's nor YAML's. */
static enum number number(const char *s)
{
	size_t n;
	bool point;

	s += *s == '+' || *s == '-';
	if (same(s, "inf") || same(s, "nan"))
		return FRACTION;
	n = whole(s);
	point = s[n] == '.';
	if (point)
		n += 1 + run(s + n + 1);
	if (n <= (size_t)point)
		return NO_NUMBER;
	if (!s[n])
		return point ? FRACTION : WHOLE;
	if (s[n] != 'e' && s[n] != 'E')
		return NO_NUMBER;
	s += n + 1;
	s += *s == '+' || *s == '-';
	n = run(s);
	return n && !s[n] ? FRACTION : NO_NUMBER;
}

static void take_number(struct val *out, const char *s, enum number kind)
{
	struct buf plain = BUF_INIT;

	for (s += *s == '+'; *s; s++)
		if (*s != '_')
			buf_char(&plain, *s);
	if (kind == FRACTION)
		val_set_float(out, strtod(plain.s, NULL));
	else
		val_scalar(out, plain.s, plain.len);
	buf_clear(&plain);
}

static void take_word(struct val *out, const char *s, size_t len, bool plain)
{
	enum number kind = plain ? number(s) : NO_NUMBER;

	if (kind)
		take_number(out, s, kind);
	else if (plain && same(s, "null"))
		val_set_null(out);
	else if (plain && (same(s, "true") || same(s, "false")))
		val_set_bool(out, *s == 't' || *s == 'T');
	else
		val_set_nstr(out, s, len);
}

/* Backslashes count only before the quote; half of them stay. */
static int take_quoted(struct val *out, const char *s, const char *arg)
{
	struct buf text = BUF_INIT;
	const char quote = *s++;
	int err = 0;

	for (;;) {
		size_t n = strspn(s, "\\");

		if (s[n] != quote || !s[n]) {
			buf_add(&text, s, s[n] ? n + 1 : n);
			s += n;
			if (!*s++)
				break;
			continue;
		}
		buf_add(&text, s, n / 2);
		s += n + 1;
		if (n % 2 == 0)
			break;
		buf_char(&text, quote);
	}
	if (s[-1] != quote || *s)
		err = err_set(ERR_INVALID, "'%s': the value must end with "
			      "its closing quote", arg);
	else
		val_set_nstr(out, text.s, text.len);
	buf_clear(&text);
	return err;
}

static int refuse(const char *s, const char *arg)
{
	const char *what = NULL;

	if (*s == ',')
		what = "several values at once";
	else if (*s == '[' || *s == '{')
		what = "a list or a map";
	else if (*s == '(')
		what = "a function";
	else if (*s == '$')
		what = "a reference to another value";
	if (what)
		err_set(ERR_INVALID, "'%s': %s is not supported yet", arg,
			what);
	else
		err_set(ERR_INVALID, "'%s': '%.*s' must stand in quotes", arg,
			(unsigned char)*s < 0x80 ? 1 : (int)strlen(s), s);
	return err_hint(ERR_INVALID, "for a text that holds it, put quotes "
			"around the value: \"key='a, b'\"");
}

/* How many bytes of an unquoted value stand for one; 0: it needs quotes. */
static size_t piece(const char *s)
{
	if (*s == '\\' && s[1] && strchr("\\()[]{}:=, \t", s[1]))
		return 2;
	if (*s == '$' && s[1] == '{')
		return 0;
	return strchr("/-\\+.$%*@?|: \t_", *s) || strchr(digits, *s) ||
	       (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z');
}

static int take_plain(struct val *out, const char *s, const char *arg)
{
	struct buf text = BUF_INIT;
	bool plain = true;	/* no escape in it: may be a number */
	size_t keep = 0, n;
	char last = 0;
	int err = 0;

	for (; *s && !err; s += n) {
		n = piece(s);
		if (!n) {
			err = refuse(s, arg);
			break;
		}
		plain = plain && n == 1;
		buf_char(&text, s[n - 1]);
		if (n > 1 || (*s != ' ' && *s != '\t'))
			last = n > 1 ? 'x' : *s;
		else if (last != ':')
			continue;
		keep = text.len;
	}
	buf_cut(&text, keep);
	if (!err)
		take_word(out, text.s, text.len, plain);
	buf_clear(&text);
	return err;
}

static int take_value(struct val *out, const char *s, const char *arg)
{
	s += strspn(s, " \t");
	if (*s == '\'' || *s == '"')
		return take_quoted(out, s, arg);
	return take_plain(out, s, arg);
}

static bool is_key(const char *key, size_t len)
{
	if (!len || strchr(".+~ ", key[0]) || strchr(". ", key[len - 1]))
		return false;
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)key[i] < 0x20 || key[i] == '@' ||
		    (key[i] == '.' && key[i + 1] == '.'))
			return false;
	return true;
}

static enum edit_op operation(const char **s)
{
	if (**s == '~') {
		(*s)++;
		return EDIT_DROP;
	}
	if (**s != '+')
		return EDIT_SET;
	(*s)++;
	if (**s != '+')
		return EDIT_ADD;
	(*s)++;
	return EDIT_PUT;
}

int edit_parse(struct edit *out, const char *arg)
{
	size_t left = strcspn(arg, "=");
	const char *colon = memchr(arg, ':', left), *s = arg, *value;
	size_t len;

	if (colon)
		s = colon + 1;
	out->file = colon ? mem_ndup(arg, (size_t)(colon - arg)) :
			    mem_dup("params.yaml");
	out->op = operation(&s);
	len = strcspn(s, "=");
	value = s[len] ? s + len + 1 : NULL;
	if (!is_key(s, len) || !*out->file)
		return err_set(ERR_INVALID, "'%s': no key before the '='", arg);
	out->key = mem_ndup(s, len);
	if (out->op == EDIT_DROP && value)
		return err_set(ERR_INVALID, "'%s': deleting only a certain "
			       "value is not supported yet", arg);
	if (out->op == EDIT_DROP)
		return 0;
	if (value)
		return take_value(&out->value, value, arg);
	err_set(ERR_INVALID, "'%s' says no value", arg);
	return err_hint(ERR_INVALID, "write '%s=value'", arg);
}

void edit_clear(struct edit *e)
{
	free(e->file);
	free(e->key);
	val_clear(&e->value);
	*e = (struct edit)EDIT_INIT;
}
