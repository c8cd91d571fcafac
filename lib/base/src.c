#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/src.h"
#include "base/strs.h"

int src_read(struct src *s, const char *path, struct buf *out)
{
	return s->read(s, path, out);
}

int src_list(struct src *s, const char *path, struct strs *out)
{
	return s->list(s, path, out);
}

int src_stat(struct src *s, const char *path, struct src_info *out)
{
	*out = (struct src_info){ .kind = SRC_NONE };
	return s->stat(s, path, out);
}

enum src_kind src_kind(struct src *s, const char *path)
{
	struct src_info info;

	if (!src_stat(s, path, &info))
		return info.kind;
	err_clear();
	return SRC_OTHER;
}

void src_clear(struct src *s)
{
	if (s->clear)
		s->clear(s);
	*s = (struct src){ .name = "" };
}

/* --- the disk --------------------------------------------------------- */

static char *place(struct src *s, const char *path)
{
	return file_join(((struct src_disk *)s)->root, path);
}

static int read_disk(struct src *s, const char *path, struct buf *out)
{
	char *full = place(s, path);
	int err = file_read(full, out, 0);

	free(full);
	return err;
}

static int list_disk(struct src *s, const char *path, struct strs *out)
{
	char *full = place(s, path);
	int err = file_list_marked(full, out);

	free(full);
	return err;
}

static void describe(const struct stat *st, struct src_info *out)
{
	out->kind = SRC_OTHER;
	if (S_ISDIR(st->st_mode))
		out->kind = SRC_DIR;
	if (!S_ISREG(st->st_mode))
		return;
	out->kind = SRC_FILE;
	out->exec = st->st_mode & 0111;
	out->size = (uint64_t)st->st_size;
}

static int stat_disk(struct src *s, const char *path, struct src_info *out)
{
	char *full = place(s, path);
	struct stat st;
	int err = 0;

	if (!lstat(full, &st)) {
		out->link = S_ISLNK(st.st_mode);
		if (out->link && stat(full, &st))
			out->kind = SRC_OTHER;
		else
			describe(&st, out);
	} else if (errno != ENOENT && errno != ENOTDIR) {
		err = err_sys(ERR_FATAL, "cannot look at '%s'", full);
	}
	free(full);
	return err;
}

static void clear_disk(struct src *s)
{
	mem_set(&((struct src_disk *)s)->root, NULL);
}

void src_disk(struct src_disk *d, const char *root)
{
	*d = (struct src_disk){
		.src = { read_disk, list_disk, stat_disk, clear_disk, "", NULL },
		.root = mem_dup(*root ? root : "."),
	};
	d->src.root = *d->root == '/' ? d->root : NULL;
}

/* --- memory ------------------------------------------------------------ */

static int read_mem(struct src *s, const char *path, struct buf *out)
{
	char *key = file_normal(path);
	const struct buf *b = map_get(((struct src_mem *)s)->files, key);

	free(key);
	if (!b)
		return err_set(ERR_NOTFOUND, "cannot read '%s': not there", path);
	buf_add(out, b->s, b->len);
	return 0;
}

/* What follows directory `dir` in `path`, or NULL when it is not below. */
static const char *below(const char *dir, const char *path)
{
	size_t len = strlen(dir);

	if (!strcmp(dir, "."))
		return path;
	return !strncmp(path, dir, len) && path[len] == '/' ?
		path + len + 1 : NULL;
}

static int list_mem(struct src *s, const char *path, struct strs *out)
{
	const struct map *files = ((struct src_mem *)s)->files;
	char *dir = file_normal(path);
	bool found = !strcmp(dir, ".");

	for (size_t i = 0; i < files->nr; i++) {
		const char *rest = below(dir, files->item[i].key);
		char *name;

		if (!rest)
			continue;
		found = true;
		name = mem_ndup(rest, strcspn(rest, "/") + !!strchr(rest, '/'));
		strs_once(out, name);
		free(name);
	}
	strs_sort(out);
	free(dir);
	return found ? 0 : err_set(ERR_NOTFOUND, "cannot list '%s': not there",
				   path);
}

static int stat_mem(struct src *s, const char *path, struct src_info *out)
{
	const struct map *files = ((struct src_mem *)s)->files;
	char *key = file_normal(path);
	const struct buf *b = map_get(files, key);

	if (b)
		*out = (struct src_info){ .kind = SRC_FILE, .size = b->len };
	else if (!strcmp(key, "."))
		out->kind = SRC_DIR;
	for (size_t i = 0; out->kind == SRC_NONE && i < files->nr; i++)
		if (below(key, files->item[i].key))
			out->kind = SRC_DIR;
	free(key);
	return 0;
}

void src_mem(struct src_mem *m, struct map *files)
{
	*m = (struct src_mem){
		.src = { read_mem, list_mem, stat_mem, NULL, "", NULL },
		.files = files,
	};
}
