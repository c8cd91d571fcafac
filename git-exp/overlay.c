#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/strs.h"
#include "overlay.h"

static bool is_ours(const struct overlay *o, const char *path)
{
	char *normal = file_normal(path);
	bool yes = !strcmp(normal, o->path);

	free(normal);
	return yes;
}

static int read(struct src *s, const char *path, struct buf *out)
{
	struct overlay *o = (struct overlay *)s;

	if (!is_ours(o, path))
		return src_read(&o->disk.src, path, out);
	buf_add(out, o->text->s, o->text->len);
	return 0;
}

static int list(struct src *s, const char *path, struct strs *out)
{
	struct overlay *o = (struct overlay *)s;
	char *dir = file_dirname(o->path), *asked = file_normal(path);
	int err = src_list(&o->disk.src, path, out);

	if (!err && !strcmp(dir, asked) &&
	    strs_once(out, file_basename(o->path)))
		strs_sort(out);
	free(asked);
	free(dir);
	return err;
}

static int stat(struct src *s, const char *path, struct src_info *out)
{
	struct overlay *o = (struct overlay *)s;

	if (!is_ours(o, path))
		return src_stat(&o->disk.src, path, out);
	*out = (struct src_info){ .kind = SRC_FILE, .size = o->text->len };
	return 0;
}

static void clear(struct src *s)
{
	struct overlay *o = (struct overlay *)s;

	src_clear(&o->disk.src);
}

void overlay_src(struct overlay *o, const char *root, const char *path,
		 const struct buf *text)
{
	src_disk(&o->disk, root);
	o->src = (struct src){ read, list, stat, clear, "", o->disk.src.root };
	o->path = path;
	o->text = text;
}
