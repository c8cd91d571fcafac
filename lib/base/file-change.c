#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/strs.h"

/* What one call of the system said, as one of our codes. */
static int result(int failed, const char *what, const char *path)
{
	int code = ERR_FATAL;

	if (!failed)
		return 0;
	if (errno == ENOENT || errno == ENOTDIR)
		code = ERR_NOTFOUND;
	else if (errno == EEXIST)
		code = ERR_EXISTS;
	return err_sys(code, "cannot %s '%s'", what, path);
}

int file_rename(const char *from, const char *to)
{
	file_step("rename", to);
	return result(rename(from, to), "rename", from);
}

int file_unlink(const char *path)
{
	if (!file_exists(path))
		return 0;
	file_step("unlink", path);
	if (!unlink(path) || errno == ENOENT)
		return 0;
	return result(-1, "remove", path);
}

int file_link(const char *from, const char *to)
{
	file_step("link", to);
	return result(linkat(AT_FDCWD, from, AT_FDCWD, to, 0), "make link", to);
}

int file_symlink(const char *target, const char *path)
{
	file_step("symlink", path);
	return result(symlink(target, path), "make link", path);
}

int file_mkdir(const char *path)
{
	if (file_is_dir(path))
		return 0;
	file_step("mkdir", path);
	if (!mkdir(path, 0777) || (errno == EEXIST && file_is_dir(path)))
		return 0;
	return result(-1, "make directory", path);
}

int file_mkdirs(const char *path)
{
	int err;

	if (file_is_dir(path))
		return 0;
	err = file_mkdirs_for(path);
	return err ? err : file_mkdir(path);
}

int file_mkdirs_for(const char *path)
{
	char *dir = file_dirname(path);
	int err = strcmp(dir, path) ? file_mkdirs(dir) : 0;

	free(dir);
	return err;
}

int file_chmod(const char *path, mode_t mode)
{
	file_step("chmod", path);
	return result(chmod(path, mode), "change the mode of", path);
}

static int remove_in(int dir, const char *name, struct buf *path);

static int remove_list(int fd, struct buf *path)
{
	struct strs names = STRS_INIT;
	int err = file_list(path->s, &names);

	for (size_t i = 0; !err && i < names.nr; i++) {
		size_t len = path->len;

		buf_fmt(path, "/%s", names.item[i]);
		err = remove_in(fd, names.item[i], path);
		buf_cut(path, len);
	}
	strs_clear(&names);
	return err;
}

/* Names are removed inside an open directory, which no link can redirect. */
static int remove_in(int dir, const char *name, struct buf *path)
{
	int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	int err;

	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0 && errno != ENOTDIR && errno != ELOOP && errno != EMLINK)
		return result(-1, "remove", path->s);
	if (fd >= 0) {
		err = remove_list(fd, path);
		close(fd);
		if (err)
			return err;
	}
	file_step(fd < 0 ? "unlink" : "rmdir", path->s);
	if (!unlinkat(dir, name, fd < 0 ? 0 : AT_REMOVEDIR) || errno == ENOENT)
		return 0;
	return result(-1, "remove", path->s);
}

int file_remove_tree(const char *path)
{
	struct buf b = BUF_INIT;
	char *name;
	int err;

	buf_str(&b, path);
	while (b.len > 1 && buf_ends(&b, "/"))
		buf_cut(&b, b.len - 1);
	name = mem_dup(b.s);
	err = remove_in(AT_FDCWD, name, &b);
	free(name);
	buf_clear(&b);
	return err;
}

void file_rmdirs(const char *path, const char *stop)
{
	char *at = file_normal(path), *end = file_normal(stop);

	while (strcmp(at, end) && file_inside(end, at)) {
		struct strs names = STRS_INIT;
		char *up = file_dirname(at);
		bool empty = !file_list(at, &names) && !names.nr;

		strs_clear(&names);
		if (empty)
			file_step("rmdir", at);
		if (!empty || rmdir(at)) {
			free(up);
			break;
		}
		free(at);
		at = up;
	}
	free(at);
	free(end);
}
