#include <stddef.h>
#include <stdlib.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/strs.h"
#include "repo/tree.h"
#include "story/tale-part.h"
#include "story/project.h"
#include "story/tale.h"
#include "story/undo.h"

static struct buf *copy(const struct buf *from)
{
	struct buf *b = mem_new(1, sizeof(*b));

	*b = (struct buf)BUF_INIT;
	if (from)
		buf_add(b, from->s, from->len);
	return b;
}

/* The text of a file as the edits so far leave it. */
static int text_of(struct tale *t, const char *file, const char *as,
		   struct buf **out)
{
	struct buf *b = map_get(&t->after, file);
	int err = 0;

	if (!b) {
		b = copy(NULL);
		err = src_read(&t->project->disk.src, file, b);
		if (err == ERR_NOTFOUND)
			err_set(err, "there is no parameter file '%s'", as);
		if (err == ERR_NOTFOUND)
			err_hint(err, "-S changes a file that is there: make it, or name another with -S file:key=value");
		if (err) {
			free(b);
			return err;
		}
		map_put(&t->before, file, copy(b));
		map_put(&t->after, file, b);
	}
	*out = b;
	return 0;
}

static int edit_one(struct tale *t, const struct edit *e)
{
	char *file = file_join(t->project->cwd, e->file);
	struct buf *text;
	int err = text_of(t, file, e->file, &text);

	if (!err)
		err = edit_apply(text, e->file, e);
	free(file);
	return err;
}

static int write_all(struct tale *t, const struct map *texts)
{
	int err = 0;

	for (size_t i = 0; i < texts->nr && !err; i++) {
		const struct buf *b = texts->item[i].value;
		char *path = file_join(t->project->root, texts->item[i].key);

		err = file_write(path, b->s, b->len, 0,
				 FILE_KEEPMODE | FILE_FSYNC);
		free(path);
	}
	return err;
}

int part_edit(struct tale *t)
{
	int err = 0;

	for (size_t i = 0; i < t->nr_edit && !err; i++)
		err = edit_one(t, &t->edit[i]);
	if (!err && !t->dry)
		err = write_all(t, &t->after);
	return err;
}

int part_edit_back(struct tale *t)
{
	return t->dry ? 0 : write_all(t, &t->before);
}

/* --- reading as if the edits had been made --------------------------------- */

static struct tale *of(struct src *s)
{
	return (struct tale *)((char *)s - offsetof(struct tale, overlay));
}

static int over_read(struct src *s, const char *path, struct buf *out)
{
	struct tale *t = of(s);
	char *name = file_normal(path);
	const struct buf *b = map_get(&t->after, name);
	int err = 0;

	if (b)
		buf_add(out, b->s, b->len);
	else
		err = src_read(&t->project->disk.src, path, out);
	free(name);
	return err;
}

static int over_list(struct src *s, const char *path, struct strs *out)
{
	return src_list(&of(s)->project->disk.src, path, out);
}

static int over_stat(struct src *s, const char *path, struct src_info *out)
{
	return src_stat(&of(s)->project->disk.src, path, out);
}

struct src *part_source(struct tale *t)
{
	if (!t->dry || !t->after.nr)
		return &t->project->disk.src;
	t->overlay = (struct src){ .read = over_read, .list = over_list,
				   .stat = over_stat, .name = "" };
	return &t->overlay;
}

/* --- what undo takes back --------------------------------------------------- */

static int keep_file(struct tale *t, size_t at, struct undo *u)
{
	const struct map_item *item = &t->before.item[at];
	char *path = project_git_path(t->project, item->key);
	struct tree_change c = { path, 0100644, { "" } };
	int err = tree_blob(t->project->repo, path, item->value, &c.id);

	if (!err)
		err = tree_make(t->project->repo, &u->tree, &c, 1, &u->tree);
	undo_path(u, path);
	free(path);
	return err;
}

int part_edit_keep(struct tale *t)
{
	struct undo u = UNDO_INIT;
	int err = 0;

	if (!t->before.nr)
		return 0;
	u.what = mem_fmt("the edits of -S%s%s", t->exp ? " in " : "",
			 t->exp ? t->exp : "");
	for (size_t i = 0; i < t->before.nr && !err; i++)
		err = keep_file(t, i, &u);
	if (!err)
		err = undo_keep(t->project->repo, &u);
	undo_clear(&u);
	return err;
}
