#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "spec/pipe.h"
#include "spec/pipe-part.h"

/* Bytes of the character at `s`; what is no UTF-8 counts byte by byte. */
static size_t width(const char *s)
{
	unsigned char c = (unsigned char)*s;
	size_t n = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;

	for (size_t i = 1; i < n; i++)
		if (((unsigned char)s[i] & 0xc0) != 0x80)
			return 1;
	return c ? n : 0;
}

/* Characters by code point, which for UTF-8 is by bytes. */
static int order(const char *a, const char *b)
{
	size_t x = width(a), y = width(b);
	int c = memcmp(a, b, x < y ? x : y);

	return c ? c : (x > y) - (x < y);
}

/* The end of the set that begins behind `p`, or NULL: no set then. */
static const char *set_end(const char *p)
{
	p += *p == '!';
	p += *p == ']';
	return strchr(p, ']');
}

static bool in_set(const char *p, const char *end, const char *c)
{
	bool others = *p == '!', found = false;

	p += others;
	while (p < end) {
		const char *low = p, *high = p;

		p += width(p);
		if (*p == '-' && p + 1 < end) {
			high = p + 1;
			p = high + width(high);
		}
		found |= order(low, c) <= 0 && order(c, high) <= 0;
	}
	return found != others;
}

/* One character against one place of the pattern; the next place, or NULL. */
static const char *step(const char *p, const char *c)
{
	const char *end = *p == '[' ? set_end(p + 1) : NULL;

	if (end)
		return in_set(p + 1, end, c) ? end + 1 : NULL;
	if (*p == '?')
		return p + 1;
	return *p && !order(p, c) ? p + width(p) : NULL;
}

static bool matches(const char *p, const char *s)
{
	const char *star = NULL, *from = s, *next;

	while (*s) {
		if (*p == '*') {
			star = ++p;
			from = s;
			continue;
		}
		next = step(p, s);
		if (next) {
			p = next;
			s += width(s);
		} else if (star) {
			from += width(from);
			p = star;
			s = from;
		} else {
			return false;
		}
	}
	return !p[strspn(p, "*")];
}

static void pick(struct pipe_pick *to, size_t at)
{
	ARRAY_GROW(to);
	to->item[to->nr++] = at;
}

/* A name that foreach or matrix made stages of stands for all of them. */
static void pick_all(const struct pipe *p, const char *file,
		     const char *pattern, struct pipe_pick *to)
{
	for (size_t i = 0; i < p->nr; i++) {
		const struct stage *s = &p->item[i];

		if (!strcmp(s->file, file) &&
		    (s->kind == STAGE_DATA || matches(pattern, s->name) ||
		     (s->group && !strcmp(s->group, pattern))))
			pick(to, i);
	}
}

int pipe_glob(const struct pipe *p, const char *cwd, const char *pattern,
	      struct pipe_pick *index)
{
	const char *colon = strrchr(pattern, ':');
	size_t before = index->nr;
	char *word, *file;
	int err = 0;

	if (!colon && pipe_is_file(pattern))
		return pipe_target(p, cwd, pattern, false, index);
	word = colon && colon > pattern ?
		mem_ndup(pattern, (size_t)(colon - pattern)) :
		mem_dup("dvc.yaml");
	file = file_join(*cwd ? cwd : ".", word);
	pattern = colon ? colon + 1 : pattern;
	if (!strs_has(&p->files, file))
		err = err_set(ERR_NOTFOUND, "no pipeline file '%s' in the "
			      "project", word);
	else
		pick_all(p, file, *pattern ? pattern : "*", index);
	if (!err && index->nr == before) {
		err = err_set(ERR_NOTFOUND, "no stage of '%s' matches '%s'",
			      word, pattern);
		err_hint(err, "'git exp stage list --all' names them all");
	}
	free(word);
	free(file);
	return err;
}
