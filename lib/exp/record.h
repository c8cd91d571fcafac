/*
 * record - what is known of a run, as one line of JSON.
 *
 * Read here:  struct record r = RECORD_INIT; fill it; record_line() for the
 *             commit's header and the note; record_parse() a line back;
 *             record_note() reads a whole note: the record is the line that
 *             has "v", each other line is one edit by a person.
 * Owns:       its strings and values.
 * Fails:      record_parse(): ERR_INVALID for a line that is not JSON.
 *             record_note() never fails: lines it cannot read are skipped.
 * Knows:      design 4: the keys and their order, times in UTC with
 *             milliseconds, lines of a higher "v" are read as far as
 *             understood. No Git.
 */
#ifndef EXP_RECORD_H
#define EXP_RECORD_H

#include <stdbool.h>
#include <stdint.h>
#include "base/strs.h"
#include "spec/val.h"

struct buf;

enum { RECORD_VERSION = 1 };

struct record_stage {
	char *stage;		/* address, as DVC names it from the root */
	char *did;		/* "run", "cache", "keep" */
	char *why;		/* one line, or NULL */
	double secs, cpu;	/* < 0: not known */
	uint64_t rss;		/* bytes, 0: not known */
	int code;		/* exit, or 128 + signal; -1: did not run */
};

struct record {
	char *at, *ended;	/* "2026-11-23T12:00:00.000Z" */
	int v;			/* 0: there is no record */
	char *by;		/* e-mail */
	char *name;
	char *state;		/* "success", "failed", "killed" */
	struct strs args;	/* as typed, secrets replaced */
	struct val set;		/* MAP file -> MAP key -> value, or NULL */
	struct record_stage *item;
	size_t nr, alloc;
	char *os, *arch;
	int cpus;

	/* what people added, from the note (record_note only) */
	struct strs tags;
	bool star;
	char *text;		/* the last free words, or NULL */
};
#define RECORD_INIT { 0 }

/* One line without LF. */
void record_line(struct buf *out, const struct record *r);

int record_parse(struct record *out, const char *line, size_t len);

/* A whole note; `header` (may be NULL) is used when no line has "v". */
void record_note(struct record *out, const char *note, size_t len,
		 const char *header);

struct record_stage *record_add(struct record *r, const char *stage);

/* Now, as a record writes it; never earlier than `after` (may be NULL). */
char *record_now(const char *after);		/* caller frees */

/*
 * Does `key` match one of the comma-separated globs (exp.secret; letters of
 * either case), so that its value is to be recorded as "***"?
 */
bool record_secret(const char *globs, const char *key);

void record_clear(struct record *r);

#endif
