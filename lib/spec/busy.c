#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/os.h"
#include "spec/busy.h"
#include "spec/busy-part.h"

void busy_init(struct busy *b, const char *root, const char *cmd)
{
	*b = (struct busy){
		.tmp = file_join(root, ".dvc/tmp"), .cmd = mem_dup(cmd),
		.lock = BUSY_LOCK_INIT,
	};
}

/* --- flock ----------------------------------------------------------------- */

/* As DVC leaves it: a space, the pid and a line feed. */
static void sign(int fd)
{
	char *line = mem_fmt(" %ld\n", (long)getpid()), was[32];
	size_t len = strlen(line);

	/* Once is enough: every change of a file makes a journal wait. */
	if (pread(fd, was, sizeof(was), 0) == (ssize_t)len &&
	    !memcmp(was, line, len))
		;
	else if (ftruncate(fd, 0) || pwrite(fd, line, strlen(line), 0) < 0)
		err_warn("cannot write our process id into a lock file");
	free(line);
}

/* Who signed it, or 0 when nobody that lives did. */
static long signer(const char *path)
{
	struct buf text = BUF_INIT;
	long pid = 0;

	if (file_read(path, &text, 64))
		err_clear();
	else
		pid = strtol(text.s, NULL, 10);
	buf_clear(&text);
	return pid > 0 && pid <= INT_MAX && os_alive((pid_t)pid) ? pid : 0;
}

int busy_grab(struct busy_lock *l, const struct busy *b, const char *path,
	      const char *name, long wait_ms)
{
	long pid;
	int err;

	if (b->hardlink)
		return busy_link(l, path, name, wait_ms);
	err = file_lock(&l->flock, path, wait_ms);
	if (!err) {
		sign(l->flock.fd);
		return 0;
	}
	if (err != ERR_LOCKED)
		return err;
	pid = signer(path);
	return pid ? err_set(ERR_LOCKED, "another process (pid %ld) holds '%s'",
			     pid, name) :
		err_set(ERR_LOCKED, "another process holds '%s'", name);
}

void busy_release(struct busy_lock *l)
{
	file_unlock(&l->flock);
	busy_unlink(l);
}

int busy_take(struct busy *b, long wait_ms)
{
	char *path;
	int err;

	if (b->lock.flock.fd >= 0 || b->lock.claim)
		return 0;
	err = file_mkdirs(b->tmp);
	if (err)
		return err;
	path = file_join(b->tmp, "lock");
	err = busy_grab(&b->lock, b, path, ".dvc/tmp/lock", wait_ms);
	free(path);
	return err;
}

void busy_drop(struct busy *b)
{
	busy_release(&b->lock);
}

/* --- the paths of a stage -------------------------------------------------- */

int busy_paths(struct busy *b, const struct strs *reads,
	       const struct strs *writes)
{
	int err = busy_table_enter(b, false, reads, writes);

	if (!err)
		busy_table_settled(b);
	/* Stages that run side by side may read the same path: count them. */
	for (size_t i = 0; !err && i < reads->nr; i++)
		strs_add(&b->reads, reads->item[i]);
	for (size_t i = 0; !err && i < writes->nr; i++)
		strs_add(&b->writes, writes->item[i]);
	return err;
}

static void forget(struct strs *held, struct strs *left,
		   const struct strs *paths)
{
	for (size_t i = 0; i < paths->nr; i++) {
		for (size_t j = held->nr; j--;)
			if (!strcmp(held->item[j], paths->item[i])) {
				strs_drop(held, j);
				break;
			}
		if (!strs_has(held, paths->item[i]))
			strs_add(left, paths->item[i]);
	}
}

void busy_paths_later(struct busy *b, const struct strs *reads,
		      const struct strs *writes)
{
	forget(&b->reads, &b->left_reads, reads);
	forget(&b->writes, &b->left_writes, writes);
}

int busy_paths_settle(struct busy *b)
{
	struct busy_table t;
	int err;

	if (!b->left_reads.nr && !b->left_writes.nr)
		return 0;
	err = busy_table_open(&t, b, false);
	if (err)
		return err;
	busy_table_settle(&t, b);
	err = busy_table_write(&t);
	busy_table_close(&t);
	if (!err)
		busy_table_settled(b);
	return err;
}

int busy_paths_done(struct busy *b, const struct strs *reads,
		    const struct strs *writes)
{
	busy_paths_later(b, reads, writes);
	return busy_paths_settle(b);
}

/* --- experiments ----------------------------------------------------------- */

int busy_workspace(struct busy *b)
{
	struct strs none = STRS_INIT, name = STRS_INIT;
	int err = 0;

	strs_add(&name, "workspace");
	if (!b->workspace)
		err = busy_table_enter(b, true, &none, &name);
	b->workspace |= !err;
	strs_clear(&name);
	return err;
}

int busy_workspace_done(struct busy *b)
{
	struct busy_table t;
	int err;

	if (!b->workspace)
		return 0;
	err = busy_table_open(&t, b, true);
	if (err)
		return err;
	busy_table_leave(&t, "write", "workspace");
	err = busy_table_write(&t);
	b->workspace = err;
	busy_table_close(&t);
	return err;
}

/* `dvc exp run` leaves its pid here while it works in the workspace. */
static int running(const struct busy *b)
{
	char *path = file_join(b->tmp, "exps/run/workspace/workspace.json");
	struct buf text = BUF_INIT;
	struct val v = VAL_INIT;
	int64_t pid;
	int err = 0;

	/* DVC takes one that it cannot read for none, and so do we. */
	if (file_read(path, &text, 0) ||
	    val_json(&v, text.s, text.len, path))
		err_clear();
	else if (val_int64(val_get(&v, "pid"), &pid) && busy_other(pid))
		err = err_set(ERR_LOCKED, "DVC runs an experiment here "
			      "(process %ld)", (long)pid);
	if (err)
		err_hint(err, "wait until it is done");
	val_clear(&v);
	buf_clear(&text);
	free(path);
	return err;
}

static int live(const struct busy *b, bool exps)
{
	char *path = file_join(b->tmp, exps ? "exps/rwlock" : "rwlock");
	bool there = file_exists(path);
	struct busy_table t;
	int err;

	free(path);
	if (!there)
		return 0;
	err = busy_table_open(&t, b, exps);
	if (err)
		return err;
	err = busy_table_live(b, &t);
	busy_table_close(&t);
	return err;
}

int busy_dvc(struct busy *b)
{
	int err = running(b);

	if (!err)
		err = live(b, true);
	if (!err)
		err = live(b, false);
	return err;
}

/* --- the end ----------------------------------------------------------------- */

static int leave_all(struct busy *b)
{
	struct busy_table t;
	int err = 0;

	if (b->reads.nr || b->writes.nr || b->left_reads.nr ||
	    b->left_writes.nr) {
		err = busy_table_open(&t, b, false);
		if (err)
			return err;
		busy_table_settle(&t, b);
		for (size_t i = 0; i < b->reads.nr; i++)
			busy_table_leave(&t, "read", b->reads.item[i]);
		for (size_t i = 0; i < b->writes.nr; i++)
			busy_table_leave(&t, "write", b->writes.item[i]);
		err = busy_table_write(&t);
		busy_table_close(&t);
	}
	return err ? err : busy_workspace_done(b);
}

void busy_clear(struct busy *b)
{
	char *message, *hints;

	if (!b->tmp)
		return;
	/* Whatever we are leaving for has its message already. */
	message = mem_dup(err_message());
	hints = mem_dup(err_hints());
	if (leave_all(b)) {
		err_warn("%s", err_message());
		err_set(0, "%s", message);
		if (hints)
			err_hint(0, "%s", hints);
	}
	free(message);
	free(hints);
	busy_release(&b->lock);
	strs_clear(&b->reads);
	strs_clear(&b->writes);
	busy_table_settled(b);
	free(b->tmp);
	free(b->cmd);
	*b = (struct busy){ .lock = BUSY_LOCK_INIT };
}
