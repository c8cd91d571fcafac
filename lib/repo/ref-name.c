#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "repo/ref.h"

/* What git-check-ref-format(1) refuses in any part of a name. */
static const char *wrong_part(const char *s, size_t n)
{
	if (!n)
		return "a part of it is empty";
	if (*s == '.')
		return "it begins with a dot";
	if (n >= 5 && !memcmp(s + n - 5, ".lock", 5))
		return "it ends with '.lock'";
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c < 0x20 || c == 0x7f)
			return "it holds a control character";
		if (c == ' ')
			return "it holds a space";
		if (strchr("~^:?*[\\", c))
			return "it holds one of ~ ^ : ? * [ \\";
		if (i && c == '.' && s[i - 1] == '.')
			return "it holds '..'";
		if (i && c == '{' && s[i - 1] == '@')
			return "it holds '@{'";
	}
	return NULL;
}

bool ref_name_ok(const char *name)
{
	const char *s = name;

	if (!strchr(name, '/'))
		return false;
	for (;;) {
		size_t n = strcspn(s, "/");

		if (wrong_part(s, n))
			return false;
		s += n;
		if (!*s++)
			break;
	}
	return name[strlen(name) - 1] != '.';
}

static const char *wrong_exp_name(const char *name)
{
	enum { LONGEST = 200 };
	size_t n = strlen(name);

	if (!n)
		return "it is empty";
	if (strchr(name, '/'))
		return "it holds a '/'";
	if (*name == '-')
		return "it begins with a dash";
	if (!strcmp(name, "HEAD"))
		return "Git means something else by it";
	if (n > LONGEST)
		return "it is longer than 200 bytes";
	if (name[n - 1] == '.')
		return "it ends with a dot";
	return wrong_part(name, n);
}

int ref_exp_name_check(const char *name)
{
	const char *why = wrong_exp_name(name);
	struct buf shown = BUF_INIT;

	if (!why)
		return 0;
	buf_safe(&shown, name, strlen(name));
	err_set(ERR_INVALID, "'%s' is not a valid experiment name: %s",
		shown.s, why);
	buf_clear(&shown);
	return ERR_INVALID;
}
