#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"

/* Take the last part away, unless there is none or it is "..". */
static bool up(struct buf *b, bool absolute)
{
	size_t at = b->len;

	while (at && b->s[at - 1] != '/')
		at--;
	if (at == b->len)
		return absolute;
	if (!strcmp(b->s + at, ".."))
		return false;
	buf_cut(b, at > 1 ? at - 1 : absolute ? at : 0);
	return true;
}

char *file_normal(const char *path)
{
	bool absolute = *path == '/';
	struct buf b = BUF_INIT;

	if (absolute)
		buf_char(&b, '/');
	while (*path) {
		size_t len = strcspn(path, "/");

		if (!len || (len == 1 && *path == '.'))
			;
		else if (len != 2 || strncmp(path, "..", 2) || !up(&b, absolute)) {
			if (b.len && !buf_ends(&b, "/"))
				buf_char(&b, '/');
			buf_add(&b, path, len);
		}
		path += len + (path[len] == '/');
	}
	if (!b.len)
		buf_char(&b, '.');
	return buf_take(&b);
}

char *file_join(const char *base, const char *path)
{
	struct buf b = BUF_INIT;
	char *out;

	if (*path == '/' || !*base)
		return file_normal(path);
	buf_str(&b, base);
	buf_char(&b, '/');
	buf_str(&b, path);
	out = file_normal(b.s);
	buf_clear(&b);
	return out;
}

char *file_relative(const char *from, const char *to)
{
	struct buf b = BUF_INIT;

	for (;;) {
		size_t len;

		from += strspn(from, "/");
		to += strspn(to, "/");
		len = strcspn(from, "/");
		if (!len || len != strcspn(to, "/") || strncmp(from, to, len))
			break;
		from += len;
		to += len;
	}
	while (*from) {
		buf_str(&b, b.len ? "/.." : "..");
		from += strcspn(from, "/");
		from += strspn(from, "/");
	}
	if (*to)
		buf_fmt(&b, "%s%s", b.len ? "/" : "", to);
	if (!b.len)
		buf_char(&b, '.');
	return buf_take(&b);
}

bool file_inside(const char *dir, const char *path)
{
	size_t len = strlen(dir);

	if (!strcmp(dir, "."))
		return *path != '/' && strcmp(path, "..") &&
			strncmp(path, "../", 3);
	if (!strcmp(dir, "/"))
		return *path == '/';
	return !strncmp(dir, path, len) && (!path[len] || path[len] == '/');
}

bool file_has_part(const char *path, const char *name)
{
	size_t len = strlen(name);

	for (;;) {
		size_t n = strcspn(path, "/");

		if (n == len && !strncasecmp(path, name, len))
			return true;
		path += n + strspn(path + n, "/");
		if (!n && !*path)
			return false;
	}
}

char *file_dirname(const char *path)
{
	const char *end = strrchr(path, '/');

	if (!end)
		return mem_dup(".");
	while (end > path && end[-1] == '/')
		end--;
	return end == path ? mem_dup("/") : mem_ndup(path, (size_t)(end - path));
}

const char *file_basename(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

char *file_cwd(void)
{
	char *real = file_real(".");

	return real ? real : mem_dup("/");
}

char *file_real(const char *path)
{
	return realpath(path, NULL);
}
