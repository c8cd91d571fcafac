/*
 * run-part - what the files of run share.
 *
 * Read here:  run.c is the loop: which stage is next, what it means for the
 *             others; run-turn.c decides about one, run-stage.c runs it,
 *             run-record.c makes its results durable, run-data.c brings back
 *             or records what no command makes, run-ignore.c keeps
 *             .gitignore, run-tell.c speaks.
 * Owns:       struct doing: everything of one run_plan().
 * Fails:      functions of one step return the code and message of what went
 *             wrong with it; the loop makes that the stage's failure.
 * Knows:      the job, and which steps run at this moment.
 */
#ifndef FLOW_RUN_PART_H
#define FLOW_RUN_PART_H

#include <stdbool.h>
#include "base/buf.h"
#include "base/map.h"
#include "base/strs.h"
#include "flow/exec.h"
#include "flow/plan.h"
#include "flow/run.h"

enum step_state { STEP_WAITS, STEP_RUNS, STEP_OVER };

struct step {
	enum step_state state;
	size_t at;		/* in the plan, and its rank in dvc.lock */
	bool bad;		/* failed, or skipped because of one that did */
	size_t id;		/* in the executor */
	struct plan_item item;	/* as decided when its turn came */
	struct lock_entry before;	/* inputs as they were at its start */
	struct strs reads, writes;	/* entered in rwlock */
	struct buf line;	/* parallel: output without its end of line */
};

struct doing {
	const struct run_job *job;
	struct run *run;
	struct step *step;	/* as plan.item */
	long *where;		/* graph index -> step, or -1 */
	struct exec *exec;
	bool held;		/* the repository lock */
	size_t running;
	bool stop;		/* start nothing more */
	int interrupts;
	char *message;		/* of the first failure */
	struct map ignores;	/* .gitignore -> struct strs of our lines */
};

void run_tell(const struct doing *d, enum run_kind kind,
	      const struct stage *s, const char *text);
void run_tell_bytes(const struct doing *d, const struct stage *s,
		    const char *bytes, size_t len);

void run_tell_end(const struct doing *d, enum run_kind kind,
		  const struct run_item *r, const char *text);
void run_tell_signal(const struct doing *d, int sig);

/* The path below the project, absolute; caller frees. */
char *run_full(const struct doing *d, const char *path);

/* ERR_INVALID when links lead `path` out of the project. */
int run_inside(const struct doing *d, const char *path);

/* --- run-turn.c ------------------------------------------------------- */

/* Ask the plan again, with the facts as they are now; then do it. */
int run_decide(struct doing *d, struct step *st);
int run_act(struct doing *d, struct step *st);
void run_explain(struct doing *d, struct step *st, const struct whys *w);

/* --- run-stage.c ------------------------------------------------------ */

int run_start(struct doing *d, struct step *st);
void run_output(struct doing *d, struct step *st, const char *s, size_t len);
int run_finish(struct doing *d, struct step *st,
	       const struct exec_result *res);

/* --- run-record.c ----------------------------------------------------- */

/* Outputs into the cache, .gitignore, run cache, dvc.lock. */
int run_record(struct doing *d, struct step *st);

/* What dvc.lock or the .dvc file says of an output, or NULL. Borrowed. */
const struct lock_path *run_recorded(const struct doing *d,
				     const struct stage *s,
				     const struct out *o);

/* One output into the cache if it is cached or `always`; facts follow. */
int run_save(struct doing *d, const struct stage *s, const struct out *o,
	     bool always);

/* --- run-import.c ------------------------------------------------------- */

/* A .dvc file with a source of its own, which must be a local path. */
int run_import(struct doing *d, const struct step *st);

/* --- run-data.c ------------------------------------------------------- */

/* Put an object in the place of an output; the cache keeps what was there. */
int run_put(struct doing *d, const struct out *o, const struct lock_path *p);

/* Put outputs of st->item.from where they belong. */
int run_place(struct doing *d, struct step *st);
int run_fetch(struct doing *d, struct step *st);
int run_commit(struct doing *d, struct step *st);

/* --- run-ignore.c ----------------------------------------------------- */

int run_ignore(struct doing *d, const struct stage *s, const struct out *o);

/* Take the lines of this run back (it failed), or keep them. */
void run_ignores_end(struct doing *d, bool take_back);

#endif
