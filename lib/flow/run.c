#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/mem.h"
#include "base/proc.h"
#include "flow/graph.h"
#include "flow/run-part.h"
#include "spec/busy.h"

/* --- the repository lock ---------------------------------------------- */

static int hold(struct doing *d)
{
	int err = 0;

	if (d->job->busy && !d->held)
		err = busy_take(d->job->busy, -1);
	d->held = !err;
	return err;
}

static void let_go(struct doing *d)
{
	if (d->job->busy && d->held)
		busy_drop(d->job->busy);
	d->held = false;
}

/* --- how a step ends -------------------------------------------------- */

static void end_ok(struct doing *d, struct step *st, enum run_did did)
{
	struct run *r = d->run;

	st->state = STEP_OVER;
	r->item[st->at].did = did;
	r->committed += did == RUN_DID_KEEP && st->item.what != PLAN_KEEP;
	r->kept += st->item.what == PLAN_KEEP;
	r->fetched += did == RUN_DID_CACHE;
	r->ran += did == RUN_DID_RUN;
}

static void skip(struct doing *d, struct step *st, const struct step *because)
{
	st->state = STEP_OVER;
	st->bad = true;
	d->run->skipped++;
	run_tell(d, RUN_SKIPPED, st->item.stage, because->item.stage->addr);
}

/* The message of the moment is why. */
static void end_bad(struct doing *d, struct step *st, enum run_did did)
{
	struct run_item *r = &d->run->item[st->at];

	st->state = STEP_OVER;
	st->bad = true;
	r->did = did;
	r->failed = true;
	d->run->failures++;
	if (!d->message)
		d->message = mem_dup(err_message());
	run_tell_end(d, RUN_FAILED, r, err_message());
	if (d->run->state == RUN_SUCCESS)
		d->run->state = RUN_FAIL;
	d->stop |= !d->job->keep_going;
}

/* --- the loop --------------------------------------------------------- */

static enum run_did did_what(const struct step *st)
{
	switch (st->item.what) {
	case PLAN_FETCH:
		return RUN_DID_CACHE;
	case PLAN_RUN:
		return RUN_DID_RUN;
	default:
		return RUN_DID_KEEP;
	}
}

static void turn(struct doing *d, struct step *st)
{
	int err = run_decide(d, st);

	if (!err)
		err = run_act(d, st);
	if (err)
		end_bad(d, st, RUN_DID_NOTHING);
	else if (st->state != STEP_RUNS)
		end_ok(d, st, did_what(st));
}

/* 1: all it needs is there, 0: not yet, -1: never will be (`why`). */
static int ready(const struct doing *d, const struct step *st,
		 const struct step **why)
{
	const struct graph_list *needs =
		graph_needs(d->job->graph, d->job->plan->item[st->at].index);
	int is = 1;

	for (size_t i = 0; i < needs->nr; i++) {
		long at = d->where[needs->item[i]];

		if (at < 0)
			continue;
		*why = &d->step[at];
		if ((*why)->bad)
			return -1;
		if ((*why)->state != STEP_OVER)
			is = 0;
	}
	return is;
}

static void interrupt(struct doing *d, int sig)
{
	bool again = d->interrupts++ > 0;

	d->stop = true;
	d->run->state = RUN_KILLED;
	if (!again)
		d->run->signal = sig;
	run_tell_signal(d, sig);
	for (size_t i = 0; i < d->run->nr; i++)
		if (d->step[i].state == STEP_RUNS)
			d->exec->signal(d->exec, d->step[i].id,
					again ? SIGKILL : sig);
}

static int listen_signals(struct doing *d)
{
	struct exec_event ev;
	int err;

	if (d->running || d->job->dry)
		return 0;
	err = d->exec->poll(d->exec, 0, &ev);
	if (!err && ev.kind == EXEC_SIGNAL)
		interrupt(d, ev.signal);
	return err;
}

static int begin_ready(struct doing *d)
{
	int err = d->job->dry ? 0 : hold(d);

	for (size_t i = 0; !err && !d->stop && i < d->run->nr; i++) {
		struct step *st = &d->step[i];
		const struct step *why;
		int is;

		if (d->running >= (size_t)d->job->jobs)
			break;
		if (st->state != STEP_WAITS)
			continue;
		is = ready(d, st, &why);
		if (is < 0)
			skip(d, st, why);
		if (is <= 0)
			continue;
		turn(d, st);
		if (st->item.what != PLAN_KEEP)
			err = listen_signals(d);
	}
	return err;
}

static struct step *by_id(struct doing *d, size_t id)
{
	for (size_t i = 0; i < d->run->nr; i++)
		if (d->step[i].state == STEP_RUNS && d->step[i].id == id)
			return &d->step[i];
	return NULL;
}

static int over(struct doing *d, struct step *st,
		const struct exec_result *res)
{
	int err = hold(d);

	if (err)
		return err;
	d->running--;
	if (res->typed && !d->interrupts)
		interrupt(d, SIGINT);
	err = run_finish(d, st, res);
	if (err) {
		end_bad(d, st, RUN_DID_RUN);
	} else {
		end_ok(d, st, RUN_DID_RUN);
		run_tell_end(d, RUN_DONE, &d->run->item[st->at], NULL);
	}
	if (d->job->busy)
		busy_paths_later(d->job->busy, &st->reads, &st->writes);
	strs_clear(&st->reads);
	strs_clear(&st->writes);
	return 0;
}

/* Wait for one thing to happen. */
static int hear(struct doing *d, bool *ended)
{
	struct exec_event ev;
	struct step *st;
	int err = d->job->busy ? busy_paths_settle(d->job->busy) : 0;

	if (err)
		return err;
	let_go(d);
	err = d->exec->poll(d->exec, -1, &ev);
	if (err)
		return err;
	st = by_id(d, ev.job);
	if (ev.kind == EXEC_SIGNAL)
		interrupt(d, ev.signal);
	else if (ev.kind == EXEC_COMMAND && st)
		run_tell(d, RUN_COMMAND, st->item.stage, ev.text);
	else if (ev.kind == EXEC_OUTPUT && st)
		run_output(d, st, ev.text, ev.len);
	else if (ev.kind == EXEC_DONE && st) {
		err = over(d, st, &ev.result);
		*ended = true;
	}
	return err;
}

static int loop(struct doing *d)
{
	int err = begin_ready(d);

	while (!err && d->running) {
		bool ended = false;

		err = hear(d, &ended);
		if (!err && ended)
			err = begin_ready(d);
	}
	return err;
}

/* Something of ours broke: nothing may go on behind our back. */
static void kill_all(struct doing *d)
{
	for (size_t i = 0; i < d->run->nr; i++)
		if (d->step[i].state == STEP_RUNS)
			d->exec->signal(d->exec, d->step[i].id, SIGKILL);
}

/* --- begin and end ---------------------------------------------------- */

static void open_all(struct doing *d)
{
	const struct plan *p = d->job->plan;

	d->run->nr = p->nr;
	d->run->item = mem_new(p->nr, sizeof(*d->run->item));
	d->step = mem_new(p->nr, sizeof(*d->step));
	d->where = mem_new(d->job->graph->nr, sizeof(*d->where));
	for (size_t i = 0; i < d->job->graph->nr; i++)
		d->where[i] = -1;
	for (size_t i = 0; i < p->nr; i++) {
		d->where[p->item[i].index] = (long)i;
		d->run->item[i] = (struct run_item){
			.stage = p->item[i].stage, .log = BUF_INIT,
			.entry = LOCK_ENTRY_INIT,
		};
		d->step[i] = (struct step){
			.at = i, .item = PLAN_ITEM_INIT, .line = BUF_INIT,
		};
		d->step[i].item.stage = p->item[i].stage;
		run_explain(d, &d->step[i], &p->item[i].why);
	}
}

static void close_all(struct doing *d)
{
	for (size_t i = 0; i < d->run->nr; i++) {
		struct step *st = &d->step[i];

		if (d->job->busy)
			busy_paths_later(d->job->busy, &st->reads,
					 &st->writes);
		plan_item_clear(&st->item);
		lock_entry_clear(&st->before);
		strs_clear(&st->reads);
		strs_clear(&st->writes);
		buf_clear(&st->line);
	}
	if (d->job->busy && busy_paths_settle(d->job->busy))
		err_warn("%s", err_message());
	free(d->step);
	free(d->where);
	free(d->message);
}

static int verdict(struct doing *d)
{
	if (d->run->state == RUN_SUCCESS)
		return 0;
	if (d->message)
		return err_set(ERR_STAGE, "%s", d->message);
	return err_set(ERR_STAGE, "interrupted by %s",
		       proc_signal(d->run->signal));
}

int run_plan(struct run *r, const struct run_job *job)
{
	struct doing d = { .job = job, .run = r, .held = true };
	int err;

	open_all(&d);
	d.exec = job->exec ? job->exec : exec_local();
	err = loop(&d);
	if (!err)
		err = listen_signals(&d);
	if (err) {
		kill_all(&d);
		r->state = r->state == RUN_SUCCESS ? RUN_FAIL : r->state;
	}
	run_ignores_end(&d, r->state != RUN_SUCCESS);
	if (!job->exec)
		exec_clear(d.exec);
	if (!err)
		err = verdict(&d);
	close_all(&d);
	return err;
}
