/*
 * map - from string to pointer, in insertion order.
 *
 * Read here:  struct map m = MAP_INIT; map_put(); map_get(); walk
 *             m.item[0..nr) for the order in which keys came.
 * Owns:       copies of the keys; values belong to the caller, map_clear()
 *             takes a function to free them (or NULL).
 * Fails:      never (mem).
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stddef.h>

struct map_item {
	char *key;
	void *value;
};

struct map {
	struct map_item *item;
	size_t nr, alloc;
	size_t *slot;		/* hash table of indices + 1, built when needed */
	size_t slots;
};

#define MAP_INIT { 0 }

/* The value, or NULL. */
void *map_get(const struct map *m, const char *key);

/* Where it stands in item[], or -1. */
long map_find(const struct map *m, const char *key);

/* Add or replace; returns the value replaced, or NULL. */
void *map_put(struct map *m, const char *key, void *value);

/* Remove; returns the value, or NULL. The order of the others stays. */
void *map_drop(struct map *m, const char *key);

void map_clear(struct map *m, void (*free_value)(void *));

#endif
