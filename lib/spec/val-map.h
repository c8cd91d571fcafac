/*
 * val-map - filling a map whose keys are looked up as it grows; a part of val.
 *
 * Read here:  struct keys and keys_set() where the last of equal keys wins
 *             (JSON); struct mapping where equal keys are a mistake and other
 *             maps may be merged in by "<<" (YAML). Two keys are equal when
 *             Python says so: 1, 1.0 and true are one key, "1" is another.
 * Owns:       an index beside the map, and a mapping its maps.
 * Fails:      never; the readers know the line and say what is wrong.
 * Knows:      only val.
 */
#ifndef SPEC_VAL_MAP_H
#define SPEC_VAL_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include "base/map.h"
#include "spec/val.h"

struct keys {
	struct map index;	/* of a map too long to walk; else empty */
};
#define KEYS_INIT { MAP_INIT }

/* Where `key` stands in the map, or -1. Always the same map with the same k. */
long keys_find(struct keys *k, const struct val *map, const struct val *key);

/*
 * Put key and item, which are taken over and left empty, at the end or, when
 * the key is there, in the place of its item. True when it was there.
 */
bool keys_set(struct keys *k, struct val *map, struct val *key,
	      struct val *item);

void keys_clear(struct keys *k);

/* A map being read: its own entries, and those that come through "<<". */
struct mapping {
	struct val own, merged;
	struct keys own_keys, merged_keys;
	int twice;		/* line of the first key that was there, or 0 */
	char *twice_key;
};

/* Begin with an empty map, whose place and style the result will have. */
void mapping_init(struct mapping *m, struct val *map);

/* An entry of its own; key and item are taken over. */
void mapping_set(struct mapping *m, struct val *key, struct val *item);

/* Merge a map or a list of maps, taken over; false when it is neither. */
bool mapping_merge(struct mapping *m, struct val *from);

/*
 * Give the whole map back: merged entries first, own ones win. False when a
 * key stands there twice, unless something was merged (ruamel allows it then).
 */
bool mapping_end(struct mapping *m, struct val *map);

void mapping_clear(struct mapping *m);

#endif
