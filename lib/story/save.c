#include <stdlib.h>
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "data/work.h"
#include "spec/busy.h"
#include "story/tale-part.h"
#include "story/project.h"
#include "story/save.h"
#include "story/tale.h"

static int keep_outs(struct tale *t, const struct stage *s,
		     const struct lock_entry *e)
{
	int err = 0;

	for (size_t i = 0; i < s->nr_out && !err; i++) {
		bool legacy = lock_is_legacy(lock_out(e, s->out[i].def));
		struct content now;
		char *path;

		if (!s->out[i].cache || s->out[i].external)
			continue;
		path = file_join(t->project->root, s->out[i].path);
		err = cache_save(cache_for(&t->project->cache, legacy), path,
				 &now, CACHE_RELINK);
		free(path);
	}
	return err;
}

static int keep_stage(struct tale *t, size_t at)
{
	struct plan_item *item = &t->plan.item[at];
	struct lock_entry e = LOCK_ENTRY_INIT;
	int err;

	if (item->what == PLAN_KEEP)
		return 0;
	err = seen_entry(&t->seen, item->stage,
			 locks_entry(&t->locks, item->stage), true, &e);
	if (err) {
		err_warn("stage '%s' is saved as it last ran: %s",
			 item->stage->addr, err_message());
		err_clear();
		lock_entry_clear(&e);
		return 0;
	}
	err = keep_outs(t, item->stage, &e);
	if (!err)
		err = locks_put(&t->locks, item->stage, at, &e,
				t->project->root);
	lock_entry_clear(&e);
	return err;
}

/* Data that changed since it was added is added again. */
static int keep_data(struct tale *t, const struct plan_item *item)
{
	struct work w = { .repo = t->project->repo, .root = t->project->root,
			  .cwd = ".", .cache = &t->project->cache,
			  .pipe = &t->pipe, .src = &t->project->disk.src };
	struct strs paths = STRS_INIT, made = STRS_INIT;
	int err = 0;

	for (size_t i = 0; i < item->stage->nr_out; i++)
		strs_add(&paths, item->stage->out[i].path);
	if (item->what == PLAN_COMMIT)
		err = work_add(&w, &paths, &made);
	strs_clear(&made);
	strs_clear(&paths);
	return err;
}

static int keep(struct tale *t)
{
	int err = 0;

	for (size_t i = 0; i < t->plan.nr && !err; i++)
		err = t->plan.item[i].stage->kind == STAGE_DATA ?
			keep_data(t, &t->plan.item[i]) : keep_stage(t, i);
	return err;
}

int save_tell(struct tale *t)
{
	int err = part_base(t);

	if (!err && !*t->baseline.hex)
		err = err_set(ERR_INVALID, "there is no commit yet to save an experiment below");
	if (!err)
		err = part_check(t);
	if (!err)
		err = project_lock(t->project);
	if (!err)
		err = tale_think(t);
	if (!err)
		err = part_inputs(t);
	if (!err)
		err = keep(t);
	if (!err)
		err = part_record(t);
	project_unlock(t->project);
	return err;
}
