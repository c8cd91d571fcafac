#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/trace.h"
#include "flow/rcache.h"
#include "story/tale-part.h"
#include "story/project.h"
#include "story/tale.h"

/* --- look ------------------------------------------------------------- */

static int gather(struct tale *t)
{
	int err = 0;

	seen_init(&t->seen, t->project->root, &t->project->cache,
		  part_source(t));
	for (size_t i = 0; i < t->order.nr && !err; i++) {
		const struct stage *s = &t->pipe.item[t->order.item[i]];

		err = seen_gather(&t->seen, s, locks_entry(&t->locks, s));
	}
	return err;
}

static void put_in_order(struct tale *t)
{
	graph_visit(&t->graph, &t->picked, t->want.way, &t->order);
	if (t->picked.nr && t->want.way == GRAPH_ALONE &&
	    graph_cut(&t->graph, &t->order))
		t->jobs = 1;
}

static int look(struct tale *t)
{
	int err;

	trace_enter("look");
	err = project_pipe_of(t->project, part_source(t), &t->pipe);
	if (!err)
		err = locks_read(&t->locks, &t->project->disk.src, &t->pipe);
	if (!err)
		err = graph_make(&t->graph, &t->pipe);
	if (!err)
		err = target_pick(t->project, &t->pipe, &t->graph, t->targets,
				  &t->want, &t->picked);
	if (!err) {
		put_in_order(t);
		err = gather(t);
	}
	trace_leave("look");
	return err;
}

/* --- think ------------------------------------------------------------- */

static int think(struct tale *t)
{
	struct plan_opts opts = { .force = t->force,
				  .force_down = t->force_down };
	int err;

	trace_enter("think");
	err = plan_make(&t->plan, &t->graph, &t->order, &t->locks, &t->seen,
			&opts);
	for (size_t i = 0; i < t->plan.nr && !err; i++) {
		struct plan_item *item = &t->plan.item[i];

		if (item->what == PLAN_RUN)
			err = rcache_offer(&t->project->cache, &t->seen,
					   locks_entry(&t->locks, item->stage),
					   item);
	}
	trace_leave("think");
	return err;
}

int tale_think(struct tale *t)
{
	int err = look(t);

	return err ? err : think(t);
}

/* --- act ---------------------------------------------------------------- */

static void environment(struct tale *t, struct strs *env)
{
	const struct strs *unset = repo_unset(t->project->repo);

	for (size_t i = 0; i < unset->nr; i++)
		strs_add(env, unset->item[i]);
	if (t->exp && !t->no_record) {
		strs_fmt(env, "DVC_EXP_NAME=%s", t->exp);
		strs_fmt(env, "DVC_EXP_BASELINE_REV=%s", t->baseline.hex);
	}
}

static void pass_on(void *payload, const struct run_event *ev)
{
	const struct tale *t = payload;

	t->event(t->payload, ev);
}

static int act(struct tale *t)
{
	struct strs env = STRS_INIT;
	struct run_job job = {
		.root = t->project->root, .graph = &t->graph,
		.plan = &t->plan, .locks = &t->locks, .seen = &t->seen,
		.cache = &t->project->cache, .busy = &t->project->busy,
		.env = &env, .jobs = t->jobs, .tty = t->tty,
		.force = t->force, .force_down = t->force_down,
		.keep_going = t->keep_going,
		.dry = t->dry, .git = part_git, .event = pass_on,
		.payload = t,
	};
	int err;

	trace_enter("act");
	environment(t, &env);
	err = run_plan(&t->run, &job);
	strs_clear(&env);
	trace_leave("act");
	return err;
}

/* --- the story ------------------------------------------------------------ */

static int startable(struct tale *t)
{
	if (!t->pipe.nr) {
		err_set(ERR_NOTFOUND, "there is nothing to run: the project has no stage");
		return err_hint(ERR_NOTFOUND, "'git exp init <command>' or 'git exp stage add' makes a stage");
	}
	return plan_ready(&t->plan, &t->graph, &t->seen, t->keep_going);
}

/* A failure before the first command leaves no trace of -S. */
static int prepare(struct tale *t)
{
	int err = part_edit(t);

	if (!err)
		err = look(t);
	if (!err)
		err = think(t);
	if (!err)
		err = startable(t);
	if (!err && part_wanted(t))
		err = part_check(t);
	if (!err && !t->dry)
		err = part_inputs(t);
	if (err || t->dry)
		part_edit_back(t);
	return err;
}

/* What ran is recorded whether it went well or not; the first failure wins. */
static int finish(struct tale *t, int ran)
{
	char *why = ran ? mem_dup(err_message()) : NULL;
	int err = t->dry ? 0 : part_record(t);

	part_edit_left(t);
	if (!err && ran == ERR_STAGE && !t->dry)
		err = part_edit_keep(t);
	if (!err && ran)
		err = err_set(ran, "%s", why);
	free(why);
	return err;
}

int tale_tell(struct tale *t)
{
	double start = trace_clock();
	int err = part_base(t);

	if (!err && !t->dry)
		err = project_lock(t->project);
	if (!err)
		part_ask(t);
	if (!err)
		err = prepare(t);
	proc_drop(&t->asked);
	if (!err)
		err = finish(t, act(t));
	project_unlock(t->project);
	t->secs = trace_clock() - start;
	return err;
}

static void free_buf(void *b)
{
	buf_clear(b);
	free(b);
}

void tale_sweep_clear(struct tale_sweep *s)
{
	map_clear(&s->before, free_buf);
	map_clear(&s->left, free_buf);
}

void tale_clear(struct tale *t)
{
	run_clear(&t->run);
	plan_clear(&t->plan);
	seen_clear(&t->seen);
	graph_clear(&t->graph);
	locks_clear(&t->locks);
	pipe_clear(&t->pipe);
	snap_clear(&t->snap);
	buf_clear(&t->key);
	record_clear(&t->record);
	map_clear(&t->before, free_buf);
	map_clear(&t->after, free_buf);
	map_clear(&t->git, NULL);
	free(t->order.item);
	free(t->picked.item);
	free(t->branch);
	free(t->exp);
	free(t->author);
	free(t->committer);
}
