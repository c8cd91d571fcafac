#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/file.h"
#include "base/map.h"
#include "base/mem.h"
#include "flow/graph.h"
#include "repo/repo.h"
#include "spec/dvcfile.h"
#include "cmd.h"
#include "draft.h"
#include "draft-check.h"
#include "overlay.h"

char *draft_path(const struct draft *d)
{
	char *dir = file_join(d->root, d->cwd);
	char *path = file_join(dir, "dvc.yaml");

	free(dir);
	return path;
}

void draft_forget(struct draft *d)
{
	for (size_t i = 0; i < d->ignored.nr; i++)
		buf_clear(&d->ignore[i]);
	free(d->ignore);
	d->ignore = NULL;
	strs_clear(&d->ignored);
	strs_clear(&d->late);
	buf_clear(&d->text);
}

static int old_text(const struct draft *d, struct buf *text)
{
	char *path = draft_path(d);
	int err = file_read(path, text, 0);

	if (err == ERR_NOTFOUND) {
		err_clear();
		err = 0;
	}
	free(path);
	return err;
}

bool draft_taken(const struct draft *d)
{
	struct buf text = BUF_INIT;
	struct val v = VAL_INIT;
	bool yes = false;

	if (old_text(d, &text) || val_yaml(&v, text.s, text.len, "dvc.yaml"))
		err_clear();
	else
		yes = val_get(val_get(&v, "stages"), d->stage.name);
	val_clear(&v);
	buf_clear(&text);
	return yes;
}

static int check_name(const char *name)
{
	if (!*name)
		return err_set(ERR_INVALID, "a stage needs a name");
	for (const char *p = name; *p; p++)
		if (ispunct((unsigned char)*p) && !strchr("_-", *p))
			return err_set(ERR_INVALID, "stage name '%s': '%c' "
				       "cannot be part of a name", name, *p);
	return 0;
}

static int check_wdir(const struct draft *d)
{
	char *dir = file_join(d->root, d->stage.wdir);
	int err = 0;

	if (!file_exists(dir))
		err = err_set(ERR_NOTFOUND, "working directory '%s' does not "
			      "exist", d->stage.wdir);
	else if (!file_is_dir(dir))
		err = err_set(ERR_INVALID, "working directory '%s' is not a "
			      "directory", d->stage.wdir);
	else if (!file_inside(d->root, dir))
		err = err_set(ERR_INVALID, "working directory '%s' is outside "
			      "the project", d->stage.wdir);
	free(dir);
	return err;
}

static int once(struct strs *seen, const char *path)
{
	if (strs_once(seen, path))
		return 0;
	return err_set(ERR_INVALID, "'%s' is named more than once", path);
}

/* DVC allows this in a dvc.yaml, but not in `stage add`. */
static int check_once(const struct stage *s)
{
	struct strs seen = STRS_INIT;
	int err = 0;

	for (size_t i = 0; !err && i < s->nr_dep; i++)
		err = once(&seen, s->dep[i].path);
	for (size_t i = 0; !err && i < s->nr_param; i++)
		err = once(&seen, s->param[i].path);
	for (size_t i = 0; !err && i < s->nr_out; i++)
		err = once(&seen, s->out[i].path);
	strs_clear(&seen);
	return err;
}

static int check_untracked(struct repo *r, const char *path)
{
	const char *const args[] = { "--literal-pathspecs", "ls-files", "-z",
				     "--", path, NULL };
	struct buf b = BUF_INIT;
	int err = repo_git(r, args, NULL, NULL, &b, 0);

	if (!err && b.len) {
		err_set(ERR_INVALID, "output '%s' is already tracked by Git",
			path);
		err = err_hint(ERR_INVALID, "'git rm -r --cached %s' makes Git "
			       "forget it and keeps the files", path);
	}
	buf_clear(&b);
	return err;
}

static bool is_ignored(struct repo *r, const char *path)
{
	const char *const args[] = { "check-ignore", "-q", "--", path, NULL };

	if (!repo_git(r, args, NULL, NULL, NULL, 0))
		return true;
	err_clear();
	return false;
}

/* The text that will become `file`, read when first asked for. */
static struct buf *ignore_text(struct draft *d, const char *file)
{
	struct buf *b;

	for (size_t i = 0; i < d->ignored.nr; i++)
		if (!strcmp(d->ignored.item[i], file))
			return &d->ignore[i];
	d->ignore = mem_resize(d->ignore, d->ignored.nr + 1,
			       sizeof(*d->ignore));
	b = &d->ignore[d->ignored.nr];
	*b = (struct buf)BUF_INIT;
	if (file_read(file, b, 0))
		err_clear();
	strs_add(&d->ignored, file);
	return b;
}

static void ignore_line(struct draft *d, const char *full)
{
	char *dir = file_dirname(full), *file = file_join(dir, ".gitignore");

	if (file_is_dir(dir))
		dvcfile_gitignore(ignore_text(d, file), file_basename(full));
	else
		strs_once(&d->late, dir);
	free(file);
	free(dir);
}

static int ignore_out(struct draft *d, const struct out *o)
{
	struct repo *r = d->ctx->repo;
	char *full, *below;
	int err;

	if (!o->cache || o->external)
		return 0;
	full = file_join(d->root, o->path);
	below = file_relative(repo_top(r), full);
	err = check_untracked(r, below);
	if (!err && !is_ignored(r, below))
		ignore_line(d, full);
	free(below);
	free(full);
	return err;
}

static struct stage *ours(const struct pipe *p, const char *file,
			  const char *name)
{
	for (size_t i = 0; i < p->nr; i++)
		if (!strcmp(p->item[i].file, file) &&
		    !strcmp(p->item[i].name, name))
			return &p->item[i];
	return NULL;
}

/* The .gitignore lines stand in the order of the command line, as DVC's. */
static int ignore_outs(struct draft *d, const struct stage *s)
{
	int err = 0;

	for (size_t i = 0; !err && i < d->stage.nr_out; i++)
		for (size_t j = 0; !err && j < s->nr_out; j++)
			if (!strcmp(d->stage.out[i].def, s->out[j].def))
				err = ignore_out(d, &s->out[j]);
	return err;
}

static int check_stages(struct draft *d, const struct pipe *p,
			const char *file)
{
	const struct stage *s = ours(p, file, d->stage.name);
	struct graph g = GRAPH_INIT;
	int err;

	if (!s)
		return err_set(ERR_INVALID, "'%s' is ignored by Git or "
			       "DVC: no stage can stand there", file);
	err = check_once(s);
	if (!err)
		err = pipe_check(p);
	if (!err)
		err = graph_make(&g, p);
	if (!err)
		err = ignore_outs(d, s);
	graph_clear(&g);
	return err;
}

/* Look at the project as it would be with the new text. */
static int check_project(struct draft *d)
{
	const char *file = d->stage.file;
	struct overlay o;
	struct pipe p = PIPE_INIT;
	int err;

	overlay_src(&o, d->root, file, &d->text);
	err = pipe_load(&p, &o.src, true, NULL);
	if (!err)
		err = check_stages(d, &p, file);
	pipe_clear(&p);
	src_clear(&o.src);
	return err;
}

int draft_check(struct draft *d, bool force)
{
	int err;

	draft_forget(d);
	err = check_name(d->stage.name);
	if (!err)
		err = check_wdir(d);
	if (!err)
		err = old_text(d, &d->text);
	if (!err)
		err = dvcfile_stage(&d->text, "dvc.yaml", &d->stage, force);
	return err ? err : check_project(d);
}
