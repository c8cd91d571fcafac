#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "data/work.h"
#include "repo/repo.h"
#include "spec/dvcfile.h"
#include "spec/pipe.h"
#include "store/cache.h"

/* --- looking at a target ------------------------------------------------- */

static char *under_root(const struct work *w, const char *target)
{
	char *here = file_join(w->root, w->cwd);
	char *full = file_join(here, target);
	char *path = file_relative(w->root, full);

	free(full);
	free(here);
	return path;
}

static int outside(const char *path, const char *target)
{
	if (!strcmp(path, ".") || !strncmp(path, "../", 3) ||
	    !strcmp(path, ".."))
		return err_set(ERR_INVALID, "'%s' is not inside the project",
			       target);
	if (file_inside(".git", path) || file_inside(".dvc", path))
		return err_set(ERR_INVALID, "'%s' cannot be added", target);
	return 0;
}

static bool git_tracks(struct work *w, const char *full)
{
	char *literal = mem_fmt(":(literal)%s", full);
	const char *args[] = { "ls-files", "-z", "--", literal, NULL };
	struct buf out = BUF_INIT;
	bool yes = !repo_git(w->repo, args, NULL, NULL, &out, 0) && out.len;

	err_clear();
	buf_clear(&out);
	free(literal);
	return yes;
}

static bool git_ignores(struct work *w, const char *full)
{
	const char *args[] = { "check-ignore", "-q", "--", full, NULL };
	bool yes = !repo_git(w->repo, args, NULL, NULL, NULL, 0);

	err_clear();
	return yes;
}

/* Who makes `path`, something above or something below it. */
static const struct stage *maker(const struct work *w, const char *path,
				 const struct out **which)
{
	for (size_t i = 0; i < w->pipe->nr; i++) {
		const struct stage *s = &w->pipe->item[i];

		for (size_t k = 0; k < s->nr_out; k++)
			if (file_inside(s->out[k].path, path) ||
			    file_inside(path, s->out[k].path)) {
				*which = &s->out[k];
				return s;
			}
	}
	return NULL;
}

/*
 * What is already below a data directory updates that directory's .dvc file;
 * what a stage makes is not ours to add.
 */
static int owner(const struct work *w, char **path, const char *target)
{
	const struct out *o;
	const struct stage *s = maker(w, *path, &o);

	if (!s)
		return 0;
	if (s->kind == STAGE_RUN)
		return err_set(ERR_EXISTS, "'%s' is an output of stage '%s' already",
			       target, s->addr);
	if (!file_inside(o->path, *path))
		return err_set(ERR_EXISTS, "'%s' holds '%s', which '%s' tracks already",
			       target, o->path, s->addr);
	mem_set(path, mem_dup(o->path));
	return 0;
}

static int may_add(struct work *w, const char *target, char **path)
{
	char *full = NULL, *file = NULL;
	int err;

	*path = under_root(w, target);
	err = outside(*path, target);
	full = file_join(w->root, *path);
	if (!err && !file_exists(full))
		err = err_set(ERR_NOTFOUND, "'%s' does not exist", target);
	if (!err)
		err = owner(w, path, target);
	if (!err && git_tracks(w, full)) {
		err_set(ERR_EXISTS, "'%s' is tracked by Git already", target);
		err = err_hint(ERR_EXISTS, "to move it to the cache: git rm -r --cached '%s', then commit",
			       target);
	}
	file = mem_fmt("%s/%s.dvc", w->root, *path);
	if (!err && git_ignores(w, file))
		err = err_set(ERR_INVALID, "'%s.dvc' would be ignored by Git",
			      *path);
	free(file);
	free(full);
	return err;
}

/* --- adding --------------------------------------------------------------- */

/* Append `more` to what the file holds, if that changes anything. */
static int ignore(struct work *w, const char *full, struct strs *made)
{
	char *dir = file_dirname(full), *path = file_join(dir, ".gitignore");
	struct buf text = BUF_INIT;
	int err = 0;

	if (!git_ignores(w, full)) {
		err = file_read(path, &text, 0);
		if (err == ERR_NOTFOUND) {
			err_clear();
			err = 0;
		}
		if (!err && dvcfile_gitignore(&text, file_basename(full)))
			err = file_write(path, text.s, text.len, 0,
					 FILE_KEEPMODE);
		strs_once(made, path);
	}
	buf_clear(&text);
	free(path);
	free(dir);
	return err;
}

static int write_pointer(const char *full, const struct content *c,
			 bool legacy, struct strs *made)
{
	char *file = mem_fmt("%s.dvc", full);
	char md5[] = "md5", *name = mem_dup(file_basename(full)), *id = mem_dup(c->id);
	struct lock_path out = { .path = name, .hash = legacy ? NULL : md5,
				 .md5 = id, .size = (int64_t)c->size,
				 .nfiles = c->kind == CONTENT_DIR ?
					(int64_t)c->nfiles : -1,
				 .isexec = c->exec };
	struct buf text = BUF_INIT;
	int err = file_read(file, &text, 0);

	if (err == ERR_NOTFOUND) {
		err_clear();
		err = 0;
	}
	if (!err)
		err = dvcfile_data(&text, file_basename(file), &out);
	if (!err)
		err = file_write(file, text.s, text.len, 0,
				 FILE_KEEPMODE | FILE_FSYNC);
	strs_once(made, file);
	buf_clear(&text);
	free(name);
	free(id);
	free(file);
	return err;
}

/* What DVC 2 added stays as it is until its content changes. */
static int is_legacy(const struct work *w, const char *path, const char *full,
		     bool *legacy)
{
	const struct out *o = NULL;
	struct content now;
	int err = 0;

	*legacy = maker(w, path, &o) && lock_is_legacy(&o->saved);
	if (*legacy)
		err = cache_look(cache_for(w->cache, true), full, &now, NULL);
	if (*legacy && !err)
		*legacy = !strcmp(now.id, o->saved.md5);
	return err;
}

static int add_one(struct work *w, const char *path, struct strs *made)
{
	char *full = file_join(w->root, path);
	struct content c;
	bool legacy;
	int err = is_legacy(w, path, full, &legacy);

	if (!err)
		err = cache_save(cache_for(w->cache, legacy), full, &c,
				 CACHE_RELINK);
	if (!err)
		err = ignore(w, full, made);
	if (!err)
		err = write_pointer(full, &c, legacy, made);
	free(full);
	return err;
}

int work_add(struct work *w, const struct strs *targets, struct strs *made)
{
	struct strs paths = STRS_INIT;
	int err = 0;

	for (size_t i = 0; i < targets->nr && !err; i++) {
		char *path;

		err = may_add(w, targets->item[i], &path);
		strs_once(&paths, path);
		free(path);
	}
	for (size_t i = 0; i < paths.nr && !err; i++)
		err = add_one(w, paths.item[i], made);
	strs_clear(&paths);
	return err;
}
