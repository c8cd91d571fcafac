#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/os.h"

#define LINKS 40		/* as many as the kernel follows */

/* A file on its way: written under `path`, to become `target`. */
struct temp {
	char *path, *target;
	mode_t mode;
	int fd;
};

/* Where the chain of links at `path` ends, whether or not that exists. */
static int follow(const char *path, char **out)
{
	char *at = mem_dup(path), to[4096];

	for (int i = 0; i < LINKS; i++) {
		ssize_t n = readlink(at, to, sizeof(to) - 1);
		char *dir;

		if (n < 0) {
			*out = at;
			return 0;
		}
		to[n] = '\0';
		dir = file_dirname(at);
		mem_set(&at, *to == '/' ? mem_dup(to) : mem_fmt("%s/%s", dir, to));
		free(dir);
	}
	free(at);
	errno = ELOOP;
	return err_sys(ERR_FATAL, "cannot write '%s'", path);
}

static char *temp_name(const char *target)
{
	const char *base = file_basename(target);
	char *dir = file_dirname(target), *name;
	uint64_t id;

	os_random(&id, sizeof(id));
	name = mem_fmt("%s/.%s.%016" PRIx64 ".tmp", dir,
		       strlen(base) > 200 ? "long" : base, id);
	free(dir);
	return name;
}

bool file_is_temp(const char *name)
{
	size_t len = strlen(name);
	const char *id = name + len - 21;

	if (len < 23 || *name != '.' || *id != '.' || strcmp(id + 17, ".tmp"))
		return false;
	return strspn(id + 1, "0123456789abcdef") == 16;
}

static int temp_open(struct temp *t, const char *path, mode_t mode,
		     unsigned flags)
{
	struct stat st;
	int err;

	*t = (struct temp){ .mode = mode ? mode : 0666, .fd = -1 };
	if (flags & FILE_EXCL && file_exists(path))
		return err_set(ERR_EXISTS, "'%s' is already there", path);
	err = follow(path, &t->target);
	if (!err && flags & FILE_MKDIRS)
		err = file_mkdirs_for(t->target);
	if (err)
		return err;
	t->path = temp_name(t->target);
	file_step("write", path);
	t->fd = open(t->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, t->mode);
	if (t->fd >= 0 && flags & FILE_KEEPMODE && !stat(t->target, &st) &&
	    !fchmod(t->fd, st.st_mode & 07777))
		return 0;
	return t->fd >= 0 ? 0 : err_sys(errno == ENOENT ? ERR_NOTFOUND :
					ERR_FATAL, "cannot write '%s'", path);
}

/* Not every file system has hard links; then the name is taken with a gap. */
static int claim(const struct temp *t)
{
	if (!linkat(AT_FDCWD, t->path, AT_FDCWD, t->target, 0))
		return unlink(t->path);
	if (errno == EEXIST)
		return -1;
	if (file_exists(t->target)) {
		errno = EEXIST;
		return -1;
	}
	return rename(t->path, t->target);
}

static int sync_dir(const char *path)
{
	char *dir = file_dirname(path);
	int fd = open(dir, O_RDONLY | O_CLOEXEC), err = 0;

	if (fd >= 0) {
		err = os_fsync(fd);
		close(fd);
	}
	free(dir);
	return err;
}

/* The file gets its name, or, after a failure before, goes away. */
static int temp_close(struct temp *t, const char *path, unsigned flags, int err)
{
	bool made = t->fd >= 0;

	if (made && !err && flags & FILE_FSYNC && os_fsync(t->fd))
		err = err_sys(ERR_FATAL, "cannot write '%s'", path);
	if (made && close(t->fd) && !err)
		err = err_sys(ERR_FATAL, "cannot write '%s'", path);
	if (!err) {
		file_step("rename", path);
		if (flags & FILE_EXCL ? claim(t) : rename(t->path, t->target))
			err = err_sys(errno == EEXIST ? ERR_EXISTS : ERR_FATAL,
				      "cannot write '%s'", path);
		else if (flags & FILE_FSYNC && sync_dir(t->target))
			err = err_sys(ERR_FATAL, "cannot flush '%s'", path);
	}
	if (err && made)
		unlink(t->path);
	free(t->path);
	free(t->target);
	return err;
}

static int write_all(int fd, const char *data, size_t len, const char *path)
{
	while (len) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(ERR_FATAL, "cannot write '%s'", path);
		data += n;
		len -= (size_t)n;
	}
	return 0;
}

int file_write(const char *path, const void *data, size_t len,
	       mode_t mode, unsigned flags)
{
	struct temp t;
	int err = temp_open(&t, path, mode, flags);

	if (!err)
		err = write_all(t.fd, data, len, path);
	return temp_close(&t, path, flags, err);
}

/* By hand from where both files stand now, until the end. */
static int pump(int to, int from, const char *path, const char *source)
{
	size_t size = 1 << 17;
	char *chunk = mem_resize(NULL, size, 1);
	ssize_t n;
	int err = 0;

	while (!err && (n = read(from, chunk, size))) {
		if (n > 0)
			err = write_all(to, chunk, (size_t)n, path);
		else if (errno != EINTR)
			err = err_sys(ERR_FATAL, "cannot read '%s'", source);
	}
	free(chunk);
	return err;
}

static int copy_bytes(int to, int from, const char *path, const char *source)
{
	ssize_t n;

	if (!os_reflink(to, from))
		return 0;
	do
		n = os_copy_range(to, from, 1 << 30);
	while (n > 0);
	if (n < 0 && errno == ENOSPC)
		return err_sys(ERR_FATAL, "cannot write '%s'", path);
	return pump(to, from, path, source);
}

int file_copy(const char *from, const char *to, mode_t mode, unsigned flags)
{
	int fd = open(from, O_RDONLY | O_NOCTTY | O_CLOEXEC), err;
	struct temp t;

	if (fd < 0)
		return err_sys(errno == ENOENT || errno == ENOTDIR ?
			       ERR_NOTFOUND : ERR_FATAL, "cannot read '%s'", from);
	err = temp_open(&t, to, mode, flags);
	if (!err)
		err = copy_bytes(t.fd, fd, to, from);
	err = temp_close(&t, to, flags, err);
	close(fd);
	return err;
}
