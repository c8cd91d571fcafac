#include <stddef.h>
#include <stdlib.h>
#include <string.h>
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

static bool same(const struct buf *a, const struct buf *b)
{
	return a->len == b->len && !memcmp(a->s, b->s, a->len);
}

static int read(struct tale *t, const char *file, const char *as,
		struct buf *out)
{
	int err = src_read(&t->project->disk.src, file, out);

	if (err != ERR_NOTFOUND)
		return err;
	err_set(err, "there is no parameter file '%s'", as);
	return err_hint(err, "-S changes a file that is there: make it, or name another with -S file:key=value");
}

/* The later runs of a sweep begin with what was there before the first. */
static int again(struct tale *t, const char *file, const char *as,
		 struct buf *text)
{
	const struct buf *left = map_get(&t->sweep->left, file);
	const struct buf *before = map_get(&t->sweep->before, file);

	if (!before) {
		map_put(&t->sweep->before, file, copy(text));
		return 0;
	}
	if (left && !same(left, text)) {
		err_set(ERR_INVALID, "'%s' was changed while the sweep was "
			"going", as);
		return err_hint(ERR_INVALID, "each of its runs writes that file, and would undo the change: start the rest anew");
	}
	buf_reset(text);
	buf_add(text, before->s, before->len);
	return 0;
}

/* The edits of this file, from number `at` on. */
static size_t pick(struct edit *list, const struct tale *t, const char *file,
		   size_t at)
{
	size_t nr = 0;

	for (size_t i = at; i < t->nr_edit; i++) {
		char *other = file_join(t->project->cwd, t->edit[i].file);

		if (!strcmp(file, other))
			list[nr++] = t->edit[i];
		free(other);
	}
	return nr;
}

static int edit_file(struct tale *t, const char *file, size_t at)
{
	struct edit *list = mem_new(t->nr_edit, sizeof(*list));
	struct buf *text = copy(NULL), *before = NULL;
	const char *as = t->edit[at].file;
	int err = read(t, file, as, text);

	if (!err && t->sweep)
		err = again(t, file, as, text);
	if (!err) {
		before = copy(text);
		err = edit_apply_all(text, as, list, pick(list, t, file, at));
	}
	if (before) {
		map_put(&t->before, file, before);
		map_put(&t->after, file, text);
	} else {
		buf_clear(text);
		free(text);
	}
	free(list);
	return err;
}

static int edit_from(struct tale *t, size_t at)
{
	char *file = file_join(t->project->cwd, t->edit[at].file);
	int err = 0;

	if (!map_get(&t->after, file))
		err = edit_file(t, file, at);
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
		err = edit_from(t, i);
	if (!err && !t->dry)
		err = write_all(t, &t->after);
	return err;
}

static void put(struct map *to, const char *file, const struct buf *text)
{
	struct buf *old = map_put(to, file, copy(text));

	if (old)
		buf_clear(old);
	free(old);
}

/* In a sweep what came before this run is the run before. */
int part_edit_back(struct tale *t)
{
	for (size_t i = 0; t->sweep && i < t->before.nr; i++) {
		const char *file = t->before.item[i].key;
		const struct buf *left = map_get(&t->sweep->left, file);

		if (left)
			put(&t->before, file, left);
	}
	return t->dry ? 0 : write_all(t, &t->before);
}

void part_edit_left(struct tale *t)
{
	for (size_t i = 0; t->sweep && !t->dry && i < t->after.nr; i++)
		put(&t->sweep->left, t->after.item[i].key,
		    t->after.item[i].value);
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
