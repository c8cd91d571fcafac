#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "exp/exp.h"
#include "story/tale-part.h"
#include "story/project.h"
#include "story/tale.h"

/* --- what goes in ------------------------------------------------------- */

static void want_path(const struct tale *t, struct strs *list,
		      const char *path)
{
	char *at = project_git_path(t->project, path);

	if (strncmp(at, "../", 3) && *at != '/' && strcmp(at, "."))
		strs_add(list, at);
	free(at);
}

static void want_stage(struct tale *t, const struct stage *s,
		       struct snap_want *want)
{
	want_path(t, &want->always, s->file);
	for (size_t i = 0; i < s->nr_dep; i++)
		if (!s->dep[i].external)
			want_path(t, &want->always, s->dep[i].path);
	for (size_t i = 0; i < s->nr_param; i++)
		want_path(t, &want->always, s->param[i].path);
}

static void list_some(const struct strs *list, const char *why)
{
	struct buf names = BUF_INIT;

	for (size_t i = 0; i < list->nr && i < 5; i++) {
		buf_str(&names, i ? ", '" : "'");
		buf_safe(&names, list->item[i], strlen(list->item[i]));
		buf_char(&names, '\'');
	}
	if (list->nr > 5)
		buf_fmt(&names, " and %zu more", list->nr - 5);
	if (list->nr)
		err_warn("%s: %s", why, names.s);
	buf_clear(&names);
}

/* Whoever trusts a number must know what is not beside it. */
static void left_out(const struct snap *s)
{
	list_some(&s->secret, "not recorded, as they may hold secrets");
	list_some(&s->nested, "not recorded, as they are repositories of their own or modified submodules");
	list_some(&s->large, "too many or too large untracked files, none recorded; most are in");
}

static int snapshot(struct tale *t)
{
	struct repo *r = t->project->repo;
	struct snap_want want = {
		.max_file = 1 << 20, .max_total = 16 << 20,
		.max_files = (size_t)repo_config_int(r, "exp.maxUntracked", 500),
	};
	int err;

	for (size_t i = 0; i < t->plan.nr; i++)
		want_stage(t, t->plan.item[i].stage, &want);
	for (size_t i = 0; i < t->pipe.nr; i++)
		for (size_t k = 0; k < t->pipe.item[i].nr_out; k++)
			if (t->pipe.item[i].out[k].cache)
				want_path(t, &want.never,
					  t->pipe.item[i].out[k].path);
	err = snap_begin(&t->snap, r, &want);
	if (!err)
		left_out(&t->snap);
	strs_clear(&want.always);
	strs_clear(&want.never);
	return err;
}

void part_ask(struct tale *t)
{
	if (*t->baseline.hex && !t->no_record && !t->dry && !t->name &&
	    !t->message && !t->nr_edit && !t->force)
		snap_key_begin(t->project->repo, &t->asked);
}

/* A key that is to be remembered is no older than the snapshot. */
int part_inputs(struct tale *t)
{
	struct repo *r = t->project->repo;
	int err;

	if (!*t->baseline.hex || t->no_record)
		return 0;
	if (part_wanted(t)) {
		proc_drop(&t->asked);
		return snapshot(t);
	}
	if (snap_key_end(r, &t->asked, &t->key) &&
	    snap_known(r, &t->key, &t->snap.tree))
		return 0;
	buf_reset(&t->key);
	err = snap_key(r, &t->key);
	if (err || snap_known(r, &t->key, &t->snap.tree))
		return err;
	return snapshot(t);
}

static void beside(const struct tale *t, struct strs *list, const char *path,
		   const char *file)
{
	char *dir = file_dirname(path), *at = file_join(dir, file);

	want_path(t, list, at);
	free(at);
	free(dir);
}

static void stage_results(const struct tale *t, const struct stage *s,
			  struct strs *list)
{
	if (s->kind == STAGE_RUN)
		beside(t, list, s->file, "dvc.lock");
	else
		want_path(t, list, s->file);
	for (size_t i = 0; i < s->nr_out; i++) {
		if (s->out[i].cache)
			beside(t, list, s->out[i].path, ".gitignore");
		else if (!s->out[i].external)
			want_path(t, list, s->out[i].path);
	}
}

/* A plot whose axis is a map has no file of its own: the keys name them. */
static void axis_files(const struct tale *t, const struct pipe_file *f,
		       const char *axis, struct strs *list)
{
	const struct val *map = val_get(&f->props, axis);
	char *dir = file_dirname(f->from);

	for (size_t i = 0; map && map->kind == VAL_MAP && i < map->nr; i++) {
		const char *key = val_text(&map->key[i]);
		char *path = key ? file_join(dir, key) : NULL;

		if (path)
			want_path(t, list, path);
		free(path);
	}
	free(dir);
}

static void top_level(const struct tale *t, const struct pipe_files *files,
		      struct strs *list)
{
	for (size_t i = 0; i < files->nr; i++) {
		const struct pipe_file *f = &files->item[i];

		if (f->path)
			want_path(t, list, f->path);
		axis_files(t, f, "x", list);
		axis_files(t, f, "y", list);
	}
}

/* An input edited meanwhile is recorded as it was; say so. */
static void moved_on(struct tale *t)
{
	static const char *const args[] = { "diff", "-z", "--name-only",
		"--no-ext-diff", "--ignore-submodules", NULL };
	struct strs env = STRS_INIT, names = STRS_INIT;
	struct buf out = BUF_INIT;

	strs_fmt(&env, "GIT_INDEX_FILE=%s", t->snap.index);
	strs_add(&env, "GIT_OPTIONAL_LOCKS=0");
	if (repo_git(t->project->repo, args, &env, NULL, &out, 0))
		err_clear();
	for (size_t at = 0; at < out.len; at += strlen(out.s + at) + 1)
		strs_add(&names, out.s + at);
	list_some(&names, "changed while the run was going, recorded as before it");
	strs_clear(&names);
	strs_clear(&env);
	buf_clear(&out);
}

static int add_results(struct tale *t)
{
	struct strs list = STRS_INIT;
	int err;

	for (size_t i = 0; i < t->plan.nr; i++)
		stage_results(t, t->plan.item[i].stage, &list);
	top_level(t, &t->pipe.metrics, &list);
	top_level(t, &t->pipe.plots, &list);
	err = snap_results(&t->snap, &list);
	if (!err)
		err = snap_tree(&t->snap);
	strs_clear(&list);
	return err;
}

/* The tree may be known without a snapshot: then nothing ran. */
int part_results(struct tale *t)
{
	int err = 0;

	if (!t->snap.index && *t->snap.tree.hex && !t->run.ran) {
		err = part_same(t);
		if (err || t->same)
			return err;
		err = snapshot(t);
	}
	if (!err)
		err = add_results(t);
	if (!err && t->run.ran)
		moved_on(t);
	else if (!err)
		snap_remember(t->project->repo, &t->key, &t->snap.tree);
	return err;
}

/* --- is it one that there is already? ---------------------------------------- */

static int same_tree(struct tale *t, const struct oid *commit, bool *same)
{
	struct commit c = COMMIT_INIT;
	int err = commit_read(&c, t->project->repo, commit);

	*same = !err && !strcmp(c.tree.hex, t->snap.tree.hex);
	commit_clear(&c);
	return err;
}

static void is_same(struct tale *t, const char *exp)
{
	t->same = true;
	t->same_baseline = !exp;
	mem_set(&t->exp, mem_dup(exp));
}

int part_same(struct tale *t)
{
	struct exps list = EXPS_INIT;
	bool same = t->same;
	int err = same ? 0 : exp_list(&list, t->project->repo, EXP_DONE, &t->baseline);

	for (size_t i = 0; i < list.nr && !err && !same; i++) {
		err = same_tree(t, &list.item[i].id, &same);
		if (same)
			is_same(t, list.item[i].name);
	}
	if (!err && !same)
		err = same_tree(t, &t->baseline, &same);
	if (!err && same && !t->same)
		is_same(t, NULL);
	exps_clear(&list);
	return err;
}
