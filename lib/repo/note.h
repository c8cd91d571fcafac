/*
 * note - lines of text on a commit, in refs/notes/<ref>.
 *
 * Read here:  note_read(); note_append() adds lines to what is there;
 *             note_put() replaces it; note_each() walks all notes at once
 *             (never note_read() in a loop: measurements 4).
 * Owns:       nothing.
 * Fails:      ERR_LOCKED when one process held the lock for 10 seconds,
 *             naming the file; as repo_*.
 * Knows:      compare-and-swap under a flock of <common dir>/exp/notes.lock,
 *             retried; new trees start at 2/38 fan-out, an existing depth is
 *             kept; the same object at two depths becomes one
 *             (measurements 3, git.md 4.1).
 */
#ifndef REPO_NOTE_H
#define REPO_NOTE_H

#include <stddef.h>
#include "repo/repo.h"

#define NOTE_EXPS "refs/notes/exps"
#define NOTE_LOGS "refs/notes/exps-log"

/* Append the note's bytes; ERR_NOTFOUND when there is none. */
int note_read(struct repo *r, const char *ref, const struct oid *on,
	      struct buf *out);

struct note_change {
	struct oid on;
	const char *text;	/* NULL removes the note */
	size_t len;
	int append;		/* behind what is there, each on lines of its own */
};

/* One commit on the notes ref for all changes. */
int note_write(struct repo *r, const char *ref,
	       const struct note_change *change, size_t nr,
	       const char *message);

/*
 * Every note: the object it is on and the blob that holds it. One that
 * stands at two depths comes twice.
 */
int note_each(struct repo *r, const char *ref,
	      int (*fn)(const struct oid *on, const struct oid *blob,
			void *payload), void *payload);

#endif
