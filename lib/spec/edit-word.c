#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/mem.h"
#include "spec/edit-word.h"

static bool is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* How many bytes of a key's part are one: a name, or a number. */
static size_t part(const char *s, bool dollar)
{
	size_t n = 0;

	if (*s >= '0' && *s <= '9')
		return edit_whole(s);
	if (!is_alpha(*s) && !(dollar && *s == '$'))
		return 0;
	while (is_alpha(s[n]) || (s[n] >= '0' && s[n] <= '9') || s[n] == '-' ||
	       (dollar && s[n] == '$'))
		n++;
	return n;
}

/*
 * "a.0.b", "$a", "a/b": how far a key goes. A number cannot be all of it, and
 * names that are joined by '/' have no dots.
 */
static size_t key_end(const char *s)
{
	size_t n = part(s, true);
	char sep = s[n];

	if (!n || (*s >= '0' && *s <= '9' && sep != '.'))
		return 0;
	if (sep == '/' && part(s, false) != n)
		return n;
	while ((sep == '.' || sep == '/') && s[n] == sep) {
		size_t more = part(s + n + 1, sep == '.');

		if (!more || (sep == '/' && !is_alpha(s[n + 1])))
			break;
		n += 1 + more;
	}
	return n;
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

static int bad_key(const char *arg, const char *key, size_t n)
{
	struct edit_lex l = { .arg = arg, .at = key + n, .len = 1,
			      .is = EDIT_CHAR };

	if (key[n] == '@')
		return err_set(ERR_INVALID, "'%s': '@' chooses between configs "
			       "of Hydra, and a file of parameters has none", arg);
	if (!key[n] || key[n] == '=')
		return err_set(ERR_INVALID, "'%s': no key before the '='", arg);
	while (((unsigned char)l.at[l.len] & 0xc0) == 0x80)
		l.len++;
	edit_expected(&l, n ? "'='" : "a key");
	return err_hint(ERR_INVALID, "a key is made of names and numbers "
			"joined by '.', and ends at the '='");
}

int edit_split(struct edit *out, const char **value, const char *arg)
{
	size_t left = strcspn(arg, "="), len;
	const char *colon = memchr(arg, ':', left), *s = arg;

	if (colon)
		s = colon + 1;
	out->file = colon ? mem_ndup(arg, (size_t)(colon - arg)) :
			    mem_dup("params.yaml");
	if (!*out->file)
		return err_set(ERR_INVALID, "'%s': no file before the ':'", arg);
	out->op = operation(&s);
	len = key_end(s);
	if (!len || (s[len] && s[len] != '='))
		return bad_key(arg, s, len);
	out->key = mem_ndup(s, len);
	*value = s[len] ? s + len + 1 : NULL;
	if (*value || out->op == EDIT_DROP)
		return 0;
	err_set(ERR_INVALID, "'%s' says no value", arg);
	return err_hint(ERR_INVALID, "write '%s=value'", arg);
}

int edit_parse(struct edit *out, const char *arg)
{
	struct edit_word w = { 0 };
	const char *value = NULL;
	int err = edit_split(out, &value, arg);

	if (!err && value)
		err = edit_value(&w, arg, value);
	if (!err && w.kind != EDIT_ONE) {
		err_set(ERR_INVALID, "'%s': several values where one is needed",
			arg);
		err = err_hint(ERR_INVALID, "for a text that holds ',', put "
			       "quotes around the value: \"key='a, b'\"");
	}
	val_clear(&out->value);
	out->value = w.v;
	out->only = value && out->op == EDIT_DROP && w.v.kind != VAL_NULL;
	return err;
}

void edit_clear(struct edit *e)
{
	free(e->file);
	free(e->key);
	val_clear(&e->value);
	*e = (struct edit)EDIT_INIT;
}
