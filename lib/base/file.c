#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/os.h"
#include "base/strs.h"
#include "base/trace.h"

static int fail(const char *what, const char *path)
{
	bool gone = errno == ENOENT || errno == ENOTDIR;

	return err_sys(gone ? ERR_NOTFOUND : ERR_FATAL, "cannot %s '%s'",
		       what, path);
}

/* The descriptor, or a code. A pipe must not hang us: opening never waits. */
static int open_regular(const char *path, struct stat *st)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		return fail("read", path);
	if (fstat(fd, st)) {
		fail("read", path);
		close(fd);
		return ERR_FATAL;
	}
	if (!S_ISREG(st->st_mode)) {
		close(fd);
		return err_set(ERR_FATAL, "cannot read '%s': not a regular file",
			       path);
	}
	return fd;
}

/* Reads one byte more than expected, to see the end or that it grew. */
static int slurp(int fd, const char *path, struct buf *out, size_t expect,
		 size_t limit)
{
	size_t before = out->len;

	for (;;) {
		size_t want = expect + 1 > 4096 ? expect + 1 : 4096;
		ssize_t n;

		buf_room(out, want);
		n = read(fd, out->s + out->len, want);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail("read", path);
		if (!n)
			return 0;
		out->len += (size_t)n;
		out->s[out->len] = '\0';
		expect -= (size_t)n < expect ? (size_t)n : expect;
		if (limit && out->len - before > limit)
			return err_set(ERR_FATAL, "'%s' is larger than %zu bytes",
				       path, limit);
	}
}

int file_read(const char *path, struct buf *out, size_t limit)
{
	size_t before = out->len;
	struct stat st;
	int fd = open_regular(path, &st), err;

	if (fd < 0)
		return fd;
	if (limit && (uintmax_t)st.st_size > limit)
		err = err_set(ERR_FATAL, "'%s' is larger than %zu bytes",
			      path, limit);
	else
		err = slurp(fd, path, out, (size_t)st.st_size, limit);
	if (err)
		buf_cut(out, before);
	close(fd);
	return err;
}

bool file_exists(const char *path)
{
	struct stat st;

	return !lstat(path, &st);
}

bool file_is_dir(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISDIR(st.st_mode);
}

static bool is_dir(const char *parent, const struct dirent *e)
{
	int kind = os_entry_dir(e);
	char *full;
	bool dir;

	if (kind >= 0)
		return kind;
	full = mem_fmt("%s/%s", parent, e->d_name);
	dir = file_is_dir(full);
	free(full);
	return dir;
}

static int list(const char *path, struct strs *out, bool marked)
{
	DIR *dir = opendir(path);
	struct dirent *e;
	int err = 0;

	if (!dir)
		return fail("list", path);
	for (errno = 0; (e = readdir(dir)); errno = 0) {
		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		if (marked && is_dir(path, e))
			strs_fmt(out, "%s/", e->d_name);
		else
			strs_add(out, e->d_name);
	}
	if (errno)
		err = fail("list", path);
	closedir(dir);
	strs_sort(out);
	return err;
}

int file_list(const char *path, struct strs *out)
{
	return list(path, out, false);
}

int file_list_marked(const char *path, struct strs *out)
{
	return list(path, out, true);
}

struct walk {
	int (*fn)(const char *path, bool dir, void *payload);
	void *payload;
	struct buf path;	/* the root, '/', and what is below it */
	size_t root;		/* where that begins */
};

static int enter(struct walk *w);

static int visit(struct walk *w, const char *name)
{
	size_t len = w->path.len;
	struct stat st, to;
	bool dir;
	int err;

	if (len > w->root)
		buf_char(&w->path, '/');
	buf_str(&w->path, name);
	if (lstat(w->path.s, &st)) {
		err = errno == ENOENT ? 0 : fail("look at", w->path.s);
		buf_cut(&w->path, len);
		return err;
	}
	dir = S_ISDIR(S_ISLNK(st.st_mode) && !stat(w->path.s, &to) ?
		      to.st_mode : st.st_mode);
	err = w->fn(w->path.s + w->root, dir, w->payload);
	if (!err && S_ISDIR(st.st_mode))
		err = enter(w);
	buf_cut(&w->path, len);
	return err < 0 ? err : 0;
}

static int enter(struct walk *w)
{
	struct strs names = STRS_INIT;
	int err = file_list(w->path.s, &names);

	for (size_t i = 0; !err && i < names.nr; i++)
		err = visit(w, names.item[i]);
	strs_clear(&names);
	return err;
}

int file_walk(const char *root,
	      int (*fn)(const char *path, bool dir, void *payload),
	      void *payload)
{
	struct walk w = { .fn = fn, .payload = payload, .path = BUF_INIT };
	int err;

	buf_str(&w.path, *root ? root : ".");
	if (!buf_ends(&w.path, "/"))
		buf_char(&w.path, '/');
	w.root = w.path.len;
	err = enter(&w);
	buf_clear(&w.path);
	return err;
}

static int open_lock(const char *path)
{
	file_step("lock", path);
	return open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
}

int file_lock(struct file_lock *l, const char *path, long wait_ms)
{
	double end = trace_clock() + (double)wait_ms / 1000;
	long pause = 10;
	int fd = open_lock(path);

	if (fd < 0)
		return fail("lock", path);
	while (os_flock(fd, true)) {
		struct timespec t = { .tv_nsec = pause * 1000000 };

		if (errno != EWOULDBLOCK && errno != EINTR) {
			fail("lock", path);
			close(fd);
			return ERR_FATAL;
		}
		if (wait_ms >= 0 && trace_clock() >= end) {
			close(fd);
			return err_set(ERR_LOCKED, "'%s' is locked by another "
				       "process", path);
		}
		nanosleep(&t, NULL);
		pause = pause < 40 ? pause + 10 : 50;
	}
	l->fd = fd;
	return 0;
}

void file_unlock(struct file_lock *l)
{
	if (l->fd < 0)
		return;
	os_flock(l->fd, false);
	close(l->fd);
	l->fd = -1;
}
