/*
 * busy - DVC's locks, so that the two tools never step on each other.
 *
 * Read here:  busy_take() the repository lock (.dvc/tmp/lock, flock) around
 *             reading and writing dvc.lock, .dvc files and the cache;
 *             busy_drop() it while a user's command runs. busy_paths()
 *             enters the paths of a running stage in .dvc/tmp/rwlock;
 *             busy_workspace() enters "workspace" in .dvc/tmp/exps/rwlock,
 *             which makes `dvc exp run` refuse. busy_dvc() tells whether a
 *             DVC experiment is running (dvc-formats 5.4, design 3). With
 *             `hardlink` (core.hardlink_lock) hard links take the place of
 *             flock, as in DVC, for file systems that know no flock.
 * Owns:       struct busy: the lock and the entries, until busy_clear(),
 *             which removes what it entered.
 * Fails:      ERR_LOCKED naming who holds it and the file.
 * Knows:      pids; entries of dead ones are removed with a warning. Nobody
 *             can tell who holds a hard link, nor whether he lives.
 */
#ifndef SPEC_BUSY_H
#define SPEC_BUSY_H

#include <stdbool.h>
#include "base/file.h"
#include "base/strs.h"

struct busy_lock {
	struct file_lock flock;
	char *path, *claim;	/* hard links: the lock, our name for it */
};
#define BUSY_LOCK_INIT { FILE_LOCK_INIT, NULL, NULL }

struct busy {
	char *tmp;		/* <project>/.dvc/tmp */
	char *cmd;		/* what stands beside our pid */
	bool hardlink;		/* the caller's to set */
	struct busy_lock lock;
	struct strs reads, writes;	/* entered in rwlock */
	struct strs left_reads, left_writes;	/* to be taken out of it */
	bool workspace;		/* entered in exps/rwlock */
};

/* `root` is the project; touches nothing yet. */
void busy_init(struct busy *b, const char *root, const char *cmd);

int busy_take(struct busy *b, long wait_ms);
void busy_drop(struct busy *b);

/* Absolute paths; conflicts by overlap (equal, parent or child). */
int busy_paths(struct busy *b, const struct strs *reads,
	       const struct strs *writes);
int busy_paths_done(struct busy *b, const struct strs *reads,
		    const struct strs *writes);

/*
 * The same in two: where one stage ends and the next begins, the file is
 * written once. The next busy_paths() or busy_paths_settle() says it.
 */
void busy_paths_later(struct busy *b, const struct strs *reads,
		      const struct strs *writes);
int busy_paths_settle(struct busy *b);

int busy_workspace(struct busy *b);
int busy_workspace_done(struct busy *b);

/* ERR_LOCKED when a live DVC run is seen; its pid and command in the message. */
int busy_dvc(struct busy *b);

void busy_clear(struct busy *b);

#endif
