#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/map.h"
#include "base/mem.h"
#include "spec/lock-part.h"
#include "spec/params.h"
#include "spec/val.h"

#define MOST 999		/* anchors: their numbers keep three digits */

/* --- what is one object ------------------------------------------------- */

/* True when it was met before and is an alias of that now. */
static bool met(struct map *seen, struct val *v, int *nr)
{
	char *place = mem_fmt("%zu", v->named ? v->named : v->at + 1);
	struct val *first = map_get(seen, place);

	if (!first)
		map_put(seen, place, v);
	else if (!first->anchor)
		first->anchor = ++*nr;
	free(place);
	if (first)
		v->anchor = -first->anchor;
	return first;
}

static void share(struct map *seen, struct val *v, int *nr)
{
	if ((v->kind != VAL_MAP && v->kind != VAL_LIST) || v->at == v->end ||
	    *nr >= MOST || met(seen, v, nr))
		return;
	for (size_t i = 0; i < v->nr; i++)
		share(seen, &v->item[i], nr);
}

void lock_share(struct val *params)
{
	int nr = 0;

	for (size_t i = 0; i < params->nr; i++) {
		const char *file = val_text(&params->key[i]);
		struct map seen = MAP_INIT;
		struct val *keys = &params->item[i];

		if (!file || params_format(file) > PARAMS_JSON)
			continue;
		for (size_t k = 0; k < keys->nr; k++)
			share(&seen, &keys->item[k], &nr);
		map_clear(&seen, NULL);
	}
}

/* --- their numbers ------------------------------------------------------- */

struct mark {
	char *digits;
	size_t def;		/* the mark that gives the name; itself for one */
	int now;
};

struct marks {
	struct mark *item;
	size_t nr, alloc;
};

/* "key: " or "- ", behind which a value begins. */
static bool begins(const char *text, const char *s)
{
	if (s - text < 2 || s[-1] != ' ' || s[-2] != '-')
		return s - text >= 2 && s[-1] == ' ' && s[-2] == ':';
	while (s > text && (s[-1] == ' ' || s[-1] == '-'))
		s--;
	return s == text || s[-1] == '\n';
}

/* The number of "&id001" or "*id001" at `s`, or -1. */
static int number(const char *text, const char *s)
{
	const char *end = s + 6;

	if (strncmp(s + 1, "id", 2) || strspn(s + 3, "0123456789") != 3 ||
	    !begins(text, s))
		return -1;
	if (*s == '&' && (!strncmp(end, " {}", 3) || !strncmp(end, " []", 3)))
		end += 3;
	return *end == '\n' || !*end ? atoi(s + 3) : -1;
}

static void collect(struct marks *m, char *text)
{
	size_t last[MOST + 1] = { 0 };	/* 1 + the mark that gave it */

	for (char *s = text; (s = strpbrk(s, "&*")); s++) {
		int nr = number(text, s);

		if (nr < 0 || (*s == '*' && !last[nr]))
			continue;
		ARRAY_GROW(m);
		m->item[m->nr] = (struct mark){ s + 3, m->nr, 0 };
		if (*s == '&')
			last[nr] = m->nr + 1;
		else
			m->item[m->nr].def = last[nr] - 1;
		m->nr++;
	}
}

void lock_number(char *text)
{
	struct marks m = { 0 };
	int nr = 0;

	if (text)
		collect(&m, text);
	for (size_t i = 0; i < m.nr; i++) {
		struct mark *def = &m.item[m.item[i].def];

		if (def != &m.item[i] && !def->now)
			def->now = ++nr;
	}
	for (size_t i = 0; i < m.nr && nr <= MOST; i++) {
		char digits[16];

		snprintf(digits, sizeof(digits), "%03d",
			 m.item[m.item[i].def].now);
		if (m.item[m.item[i].def].now)
			memcpy(m.item[i].digits, digits, 3);
	}
	free(m.item);
}
