#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/os.h"
#include "base/trace.h"
#include "spec/busy.h"
#include "spec/busy-part.h"

enum { YEAR = 365 * 24 * 3600 };	/* how long DVC lets a lock live */

/* A file of a name that nobody else has, which holds that name. */
static int lay_claim(struct busy_lock *l, const char *path)
{
	char *dir = file_dirname(path);
	struct timespec life[2];
	uint64_t id[2];
	int err;

	os_random(id, sizeof(id));
	l->path = mem_dup(path);
	l->claim = mem_fmt("%s/%016" PRIx64 "%016" PRIx64 ".lock", dir, id[0],
			   id[1]);
	err = file_write(l->claim, l->claim, strlen(l->claim), 0, 0);
	clock_gettime(CLOCK_REALTIME, &life[0]);
	life[0].tv_sec += YEAR;
	life[1] = life[0];
	if (!err && utimensat(AT_FDCWD, l->claim, life, 0))
		err = err_sys(ERR_FATAL, "cannot set the time of '%s'", l->claim);
	free(dir);
	return err;
}

static bool same_file(const char *path, const char *other)
{
	struct stat a, b;

	return !stat(path, &a) && !stat(other, &b) && a.st_dev == b.st_dev &&
		a.st_ino == b.st_ino;
}

static bool still_at(int fd, const char *path)
{
	struct stat a, b;

	return !fstat(fd, &a) && !stat(path, &b) && a.st_dev == b.st_dev &&
		a.st_ino == b.st_ino;
}

/*
 * A lock file of before the setting, which stays on disk when it is let go,
 * would be in the way for ever.
 */
static bool clear_old(const char *path)
{
	struct file_lock old = FILE_LOCK_INIT;
	struct buf text = BUF_INIT;
	bool gone = false;

	if (!file_read(path, &text, 0) && !strstr(text.s, ".lock") &&
	    !file_lock(&old, path, 0) && still_at(old.fd, path))
		gone = !file_unlink(path);
	err_clear();
	file_unlock(&old);
	buf_clear(&text);
	return gone;
}

static int locked(const char *name)
{
	err_set(ERR_LOCKED, "another process holds '%s'", name);
	return err_hint(ERR_LOCKED, "if no DVC and no git exp is running, "
			"remove '%s'", name);
}

int busy_link(struct busy_lock *l, const char *path, const char *name,
	      long wait_ms)
{
	const struct timespec nap = { .tv_nsec = 50 * 1000 * 1000 };
	double end = trace_clock() + (double)wait_ms / 1000;
	int err = lay_claim(l, path);

	while (!err) {
		err = file_link(l->claim, path);
		if (err != ERR_EXISTS)
			break;
		err_clear();
		err = 0;
		if (clear_old(path))
			continue;
		if (wait_ms >= 0 && trace_clock() >= end)
			err = locked(name);
		else
			nanosleep(&nap, NULL);
	}
	if (err)
		busy_unlink(l);
	return err;
}

void busy_unlink(struct busy_lock *l)
{
	char *message;

	if (!l->claim)
		return;
	message = mem_dup(err_message());
	if ((same_file(l->path, l->claim) && file_unlink(l->path)) ||
	    file_unlink(l->claim)) {
		err_warn("%s", err_message());
		err_set(0, "%s", message);
	}
	free(message);
	free(l->path);
	free(l->claim);
	l->path = l->claim = NULL;
}
