/*
 * busy-part - one rwlock file, opened for a change; only busy uses it.
 *
 * Read here:  busy_table_open() takes the guard beside the file and reads
 *             it; change t.doc; busy_table_write(); busy_table_close() in
 *             any case. busy_table_enter() is all of that for new entries.
 * Owns:       the guard and the values, until busy_table_close().
 * Fails:      ERR_LOCKED naming who is in the way, ERR_INVALID for a file
 *             that DVC would not read either.
 * Knows:      DVC's form: {"write": {PATH: {"pid", "cmd"}}, "read": {PATH:
 *             [{"pid", "cmd"}]}}, sections left out when they are empty.
 */
#ifndef SPEC_BUSY_PART_H
#define SPEC_BUSY_PART_H

#include <stdbool.h>
#include "spec/busy.h"
#include "spec/val.h"

struct strs;

struct busy_table {
	char *dir;		/* where it is */
	const char *name;	/* for messages: ".dvc/tmp/rwlock" */
	struct busy_lock guard;
	struct val doc;
};

/* `exps`: the one of experiments, whose "paths" are names. */
int busy_table_open(struct busy_table *t, const struct busy *b, bool exps);
int busy_table_write(struct busy_table *t);
void busy_table_close(struct busy_table *t);

/* Enter us for all of them, or for none when somebody is in the way. */
int busy_table_enter(const struct busy *b, bool exps,
		     const struct strs *reads, const struct strs *writes);

/* Take out what b left since the table was written, and when it is, forget. */
void busy_table_settle(struct busy_table *t, const struct busy *b);
void busy_table_settled(struct busy *b);

/* Take our entry for `path` out again. */
void busy_table_leave(struct busy_table *t, const char *mode,
		      const char *path);

/* ERR_LOCKED when a living process other than us has a write entry. */
int busy_table_live(const struct busy *b, const struct busy_table *t);

/* An flock on `path`, signed with our pid as DVC signs it, or a hard link. */
int busy_grab(struct busy_lock *l, const struct busy *b, const char *path,
	      const char *name, long wait_ms);
void busy_release(struct busy_lock *l);

/* The hard link alone (busy-link.c). */
int busy_link(struct busy_lock *l, const char *path, const char *name,
	      long wait_ms);
void busy_unlink(struct busy_lock *l);

/* True when `pid` is a living process other than us. */
bool busy_other(int64_t pid);

#endif
