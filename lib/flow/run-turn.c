#include <stdlib.h>
#include "base/err.h"
#include "base/mem.h"
#include "flow/graph.h"
#include "flow/locks.h"
#include "flow/rcache.h"
#include "flow/run-part.h"
#include "flow/seen.h"

/* With force_down: did anything that it needs do something just now? */
static bool pushed(const struct doing *d, const struct step *st)
{
	const struct graph_list *needs =
		graph_needs(d->job->graph, d->job->plan->item[st->at].index);

	for (size_t i = 0; i < needs->nr; i++) {
		long at = d->where[needs->item[i]];

		if (at >= 0 && d->step[at].item.what != PLAN_KEEP)
			return true;
	}
	return false;
}

static int decide(struct doing *d, struct step *st)
{
	const struct run_job *job = d->job;
	const struct stage *s = st->item.stage;
	const struct lock_entry *e = locks_entry(job->locks, s);
	struct plan_opts opts = { .force = job->force ||
				  (job->force_down && pushed(d, st)) };
	int err = seen_gather(job->seen, s, e);

	if (!err)
		err = plan_stage(&st->item, s, e, job->seen, &opts);
	st->item.stage = s;
	return err;
}

/* Before a command the inputs are looked at again: long may have passed. */
static int decide_fresh(struct doing *d, struct step *st)
{
	const struct stage *s = st->item.stage;
	int err;

	for (size_t i = 0; i < s->nr_dep; i++)
		seen_forget(d->job->seen, s->dep[i].path);
	for (size_t i = 0; i < s->nr_param; i++)
		seen_forget(d->job->seen, s->param[i].path);
	err = decide(d, st);
	if (err)
		return err;
	return rcache_offer(d->job->cache, d->job->seen,
			    locks_entry(d->job->locks, s), &st->item);
}

void run_explain(struct doing *d, struct step *st, const struct whys *w)
{
	struct buf b = BUF_INIT;

	plan_why_all(&b, w);
	mem_set(&d->run->item[st->at].why, b.len ? mem_dup(b.s) : NULL);
	buf_clear(&b);
}

int run_decide(struct doing *d, struct step *st)
{
	int err;

	if (d->job->dry) {
		st->item.what = d->job->plan->item[st->at].what;
		return 0;
	}
	err = decide(d, st);
	if (!err && st->item.what == PLAN_RUN)
		err = decide_fresh(d, st);
	run_explain(d, st, &st->item.why);
	return err;
}

int run_act(struct doing *d, struct step *st)
{
	const char *why = d->run->item[st->at].why;
	const struct stage *s = st->item.stage;

	switch (st->item.what) {
	case PLAN_KEEP:
		run_tell(d, RUN_KEEP, s, NULL);
		return 0;
	case PLAN_FETCH:
		run_tell(d, RUN_FETCH, s, why);
		return run_fetch(d, st);
	case PLAN_COMMIT:
	case PLAN_MISSING:
		run_tell(d, RUN_COMMIT, s, why);
		return run_commit(d, st);
	case PLAN_MAYBE:
		run_tell(d, RUN_MAYBE, s, why);
		return 0;
	case PLAN_RUN:
		break;
	}
	return run_start(d, st);
}
