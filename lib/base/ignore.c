#include <stdlib.h>
#include <string.h>
#include "base/ignore.h"
#include "base/ignore-glob.h"
#include "base/mem.h"

struct ignore_rule {
	char *dir;		/* where its file stands; "" is the root */
	char *pattern;
	bool negated;
	bool dirs;		/* directories only */
	bool anywhere;		/* any last part of a path below dir */
};

/* Without the blanks at the end, save an escaped one. */
static size_t trimmed(const char *line, size_t len)
{
	size_t end = 0;

	for (size_t i = 0; i < len; i++) {
		if (line[i] == '\\')
			end = i++ + 2;
		else if (line[i] != ' ')
			end = i + 1;
	}
	return end < len ? end : len;
}

static void add_line(struct ignore *g, const char *dir, const char *line,
		     size_t len)
{
	struct ignore_rule r = { 0 };

	if (len && line[len - 1] == '\r')
		len--;
	if (*line == '#')
		return;
	len = trimmed(line, len);
	r.negated = len && *line == '!';
	line += r.negated;
	len -= r.negated;
	r.dirs = len && line[len - 1] == '/';
	len -= r.dirs;
	if (!len)
		return;
	r.anywhere = !memchr(line, '/', len);
	if (*line == '/') {
		line++;
		len--;
	}
	r.dir = mem_dup(dir);
	r.pattern = mem_ndup(line, len);
	ARRAY_GROW(g);
	g->item[g->nr++] = r;
}

void ignore_add(struct ignore *g, const char *dir, const char *text)
{
	if (!strncmp(text, "\xef\xbb\xbf", 3))
		text += 3;
	while (*text) {
		size_t len = strcspn(text, "\n");

		add_line(g, dir, text, len);
		text += len + (text[len] == '\n');
	}
}

static bool fits(const struct ignore_rule *r, const char *path, bool dir)
{
	size_t len = strlen(r->dir);
	const char *last;

	if (r->dirs && !dir)
		return false;
	if (len && (strncmp(path, r->dir, len) || path[len] != '/'))
		return false;
	last = strrchr(path, '/');
	if (r->anywhere)
		return glob_match(r->pattern, last ? last + 1 : path, true);
	return glob_match(r->pattern, len ? path + len + 1 : path, true);
}

int ignore_decide(const struct ignore *g, const char *path, bool dir)
{
	for (size_t i = g->nr; i--; )
		if (fits(&g->item[i], path, dir))
			return !g->item[i].negated;
	return -1;
}

bool ignore_match(const struct ignore *g, const char *path, bool dir)
{
	for (const char *s = strchr(path, '/'); s; s = strchr(s + 1, '/')) {
		char *parent = mem_ndup(path, (size_t)(s - path));
		bool out = ignore_decide(g, parent, true) == 1;

		free(parent);
		if (out)
			return true;
	}
	return ignore_decide(g, path, dir) == 1;
}

bool ignore_glob(const char *pattern, const char *text)
{
	return glob_match(pattern, text, false);
}

void ignore_clear(struct ignore *g)
{
	for (size_t i = 0; i < g->nr; i++) {
		free(g->item[i].dir);
		free(g->item[i].pattern);
	}
	free(g->item);
	*g = (struct ignore)IGNORE_INIT;
}
