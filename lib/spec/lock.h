/*
 * lock - dvc.lock: what was true when each stage last ran.
 *
 * Read here:  lock_read() one file; lock_find() an entry; lock_put() replaces
 *             or appends one; lock_write(). Entries that are not put keep
 *             their bytes, comments and odd indentation; what we put comes
 *             out as DVC 3.67.1 writes it (dvc-formats 2).
 * Owns:       text and entries; lock_put() copies.
 * Fails:      lock_read(): ERR_INVALID "dvc.lock: line N: ..." for what DVC's
 *             schema refuses; schema 1.0 with a hint. No file is an empty
 *             lock, not a failure.
 * Knows:      nothing of the pipeline: entries without a stage stay.
 */
#ifndef SPEC_LOCK_H
#define SPEC_LOCK_H

#include <stdbool.h>
#include <stdint.h>
#include "base/map.h"
#include "spec/val.h"

struct src;
struct buf;

/* One dependency or output. In .dvc files too. */
struct lock_path {
	char *path;		/* as written in dvc.yaml, relative to wdir */
	char *hash;		/* "md5", or NULL: lock_is_legacy() */
	char *md5;		/* id, ".dir" for directories; or NULL */
	int64_t size, nfiles;	/* -1: not there */
	bool isexec;
	struct val rest;	/* keys we do not know (cloud, etag, files...) */
};

/*
 * Recorded by DVC 2 (no `hash`): md5 is "md5-dos2unix", its objects stand in
 * another part of the cache. Never so for what lies outside the project.
 */
bool lock_is_legacy(const struct lock_path *p);

struct lock_entry {
	char *name;
	struct val cmd;		/* NULL, STR or LIST */
	struct lock_path *dep, *out;	/* sorted by path */
	size_t nr_dep, alloc_dep, nr_out, alloc_out;
	struct val params;	/* MAP: file -> MAP of key -> value; or NULL */
	size_t at, end;		/* bytes of the entry in the text */
};
#define LOCK_ENTRY_INIT { 0 }

struct lock {
	char *path;		/* "dvc.lock", relative to the project */
	char *text;		/* the file as it is (or will be) */
	size_t len;
	struct lock_entry *item;
	size_t nr, alloc;
	struct map names;	/* name -> 1 + where in item */
	bool changed;		/* text differs from what was read */
};
#define LOCK_INIT { .names = MAP_INIT }

int lock_read(struct lock *out, struct src *src, const char *path);
int lock_parse(struct lock *out, const char *path, const char *text, size_t len);

/* By stage name, or NULL. */
struct lock_entry *lock_find(const struct lock *l, const char *name);

/* Replace the entry in place or append it; sorts its deps, outs and params. */
void lock_put(struct lock *l, const struct lock_entry *e);

/*
 * Add an entry right before `next`, which stays what it is. False, and nothing
 * done, when it is there already or nobody knows where `next` stands.
 */
bool lock_put_before(struct lock *l, const struct lock_entry *e,
		     const char *next);

/* Write l->text below `root`, fsynced, if it changed. */
int lock_write(struct lock *l, const char *root);

/* The entry as DVC's map {cmd, deps, params, outs}, in order. */
void lock_val(struct val *out, const struct lock_entry *e);

/* The other way round, from dvc.lock or a run-cache file. */
int lock_entry_from(struct lock_entry *out, const char *name,
		    const struct val *v, const char *file);

struct lock_path *lock_add_dep(struct lock_entry *e, const char *path);
struct lock_path *lock_add_out(struct lock_entry *e, const char *path);
struct lock_path *lock_dep(const struct lock_entry *e, const char *path);
struct lock_path *lock_out(const struct lock_entry *e, const char *path);

/* deps and outs by path; params.yaml first, then files; first-level keys. */
void lock_entry_sort(struct lock_entry *e);
void lock_entry_copy(struct lock_entry *to, const struct lock_entry *from);
void lock_path_copy(struct lock_path *to, const struct lock_path *from);
void lock_path_clear(struct lock_path *p);
void lock_entry_clear(struct lock_entry *e);
void lock_clear(struct lock *l);

#endif
