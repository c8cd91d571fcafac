/*
 * rcache - the run cache: results of every run there ever was.
 *
 * Read here:  rcache_offer() after the plan: an item that would run becomes
 *             PLAN_FETCH when the same command with the same inputs once
 *             ran and its outputs are still in the cache. rcache_save()
 *             after a stage ran. Files are those of DVC (dvc-formats 6):
 *             <cache>/runs/KK/KEY/VALUE, YAML, 0644.
 * Owns:       nothing; entries go to the caller.
 * Fails:      ERR_INVALID for a date among the parameters (DVC cannot hash
 *             one either). A damaged file is a warning and not used.
 * Knows:      keys and values are SHA-256 of Python's JSON, every "size" and
 *             "nfiles" left out; of several values the newest file counts.
 */
#ifndef FLOW_RCACHE_H
#define FLOW_RCACHE_H

#include <stdbool.h>
#include "store/digest.h"

struct cache;
struct lock_entry;
struct plan_item;
struct seen;
struct stage;

/* Can results of this stage stand in the run cache at all? `e`: as of now. */
bool rcache_can(const struct stage *s, const struct lock_entry *e);

/* Does DVC also save them (no plain output with cache: false)? */
bool rcache_saves(const struct stage *s);

int rcache_key(const struct lock_entry *e, char hex[DIGEST_HEX]);
int rcache_value(const struct lock_entry *e, char hex[DIGEST_HEX]);

/* The newest entry of a key; ERR_NOTFOUND when there is none. */
int rcache_find(const struct cache *c, const char *key,
		struct lock_entry *out);

/* Write the entry below its key, unless it is there. */
int rcache_save(const struct cache *c, const struct lock_entry *e);

/*
 * Turn a PLAN_RUN item into PLAN_FETCH if the run cache has its results and
 * the cache every byte of them. `e`: the item's lock entry, or NULL.
 */
int rcache_offer(struct cache *c, const struct seen *seen,
		 const struct lock_entry *e, struct plan_item *item);

#endif
