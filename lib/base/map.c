#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/map.h"
#include "base/mem.h"

#define FEW 8			/* up to here, looking at each is faster */

static size_t hash(const char *key)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (; *key; key++)
		h = (h ^ (unsigned char)*key) * 0x100000001b3u;
	return (size_t)(h ^ h >> 32);
}

static void place(struct map *m, size_t at)
{
	size_t i = hash(m->item[at].key) & (m->slots - 1);

	while (m->slot[i])
		i = (i + 1) & (m->slots - 1);
	m->slot[i] = at + 1;
}

static void rebuild(struct map *m, size_t slots)
{
	free(m->slot);
	m->slot = slots ? mem_new(slots, sizeof(*m->slot)) : NULL;
	m->slots = slots;
	for (size_t i = 0; slots && i < m->nr; i++)
		place(m, i);
}

long map_find(const struct map *m, const char *key)
{
	size_t i;

	if (!m->slots) {
		for (i = 0; i < m->nr; i++)
			if (!strcmp(m->item[i].key, key))
				return (long)i;
		return -1;
	}
	for (i = hash(key) & (m->slots - 1); m->slot[i];
	     i = (i + 1) & (m->slots - 1))
		if (!strcmp(m->item[m->slot[i] - 1].key, key))
			return (long)m->slot[i] - 1;
	return -1;
}

void *map_get(const struct map *m, const char *key)
{
	long at = map_find(m, key);

	return at < 0 ? NULL : m->item[at].value;
}

void *map_put(struct map *m, const char *key, void *value)
{
	long at = map_find(m, key);

	if (at >= 0) {
		void *old = m->item[at].value;

		m->item[at].value = value;
		return old;
	}
	ARRAY_GROW(m);
	m->item[m->nr++] = (struct map_item){ mem_dup(key), value };
	if (m->nr > FEW && 2 * m->nr > m->slots)
		rebuild(m, m->slots ? 2 * m->slots : 4 * FEW);
	else if (m->slots)
		place(m, m->nr - 1);
	return NULL;
}

void *map_drop(struct map *m, const char *key)
{
	long at = map_find(m, key);
	void *value;

	if (at < 0)
		return NULL;
	value = m->item[at].value;
	free(m->item[at].key);
	m->nr--;
	memmove(m->item + at, m->item + at + 1,
		(m->nr - (size_t)at) * sizeof(*m->item));
	rebuild(m, m->slots);
	return value;
}

void map_clear(struct map *m, void (*free_value)(void *))
{
	for (size_t i = 0; i < m->nr; i++) {
		free(m->item[i].key);
		if (free_value)
			free_value(m->item[i].value);
	}
	free(m->item);
	free(m->slot);
	*m = (struct map)MAP_INIT;
}
