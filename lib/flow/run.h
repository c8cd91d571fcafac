/*
 * run - carry out a plan.
 *
 * Read here:  fill a struct run_job, run_plan(), look at run.item: one
 *             result per stage in the order of the plan. Each stage is
 *             decided again by plan_stage() when its turn comes. What
 *             happens is told through one callback; nothing is printed.
 * Owns:       results, until run_clear(); everything in the job is borrowed,
 *             the locks and facts are kept up to date.
 * Fails:      ERR_STAGE when a stage failed or was killed: run.state and the
 *             items tell more, the message names the first. Other codes for
 *             what is not the stage's fault (no space, no lock).
 * Knows:      the order of durable steps: objects, .gitignore, run cache,
 *             dvc.lock. The repository lock (busy) is held by the caller and
 *             given up while commands run. Nothing of Git: `git` answers.
 */
#ifndef FLOW_RUN_H
#define FLOW_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "spec/lock.h"
#include "store/digest.h"

struct busy;
struct cache;
struct exec;
struct graph;
struct locks;
struct plan;
struct seen;
struct src;
struct stage;
struct strs;

enum run_kind {
	RUN_KEEP,		/* unchanged: "Stage 'x' didn't change" */
	RUN_COMMIT,		/* "Verifying data sources (outputs) in ..." */
	RUN_START,		/* "Running stage 'x':", `text` says why */
	RUN_COMMAND,		/* `text` is about to run ("> text") */
	RUN_OUTPUT,		/* `text`, `len`: bytes to pass on now */
	RUN_FETCH,		/* "is cached - skipping run", `text` says why */
	RUN_DONE,		/* ran; `secs` */
	RUN_FAILED,		/* `text` says how; `exit`, `signal`, `secs` */
	RUN_SKIPPED,		/* `text` is the stage whose failure is why */
	RUN_MAYBE,		/* dry run only: `text` says what it waits for */
	RUN_SIGNAL,		/* we were sent `signal` and passed it on */
};

/* Valid only during the callback. */
struct run_event {
	enum run_kind kind;
	const struct stage *stage;	/* NULL for RUN_SIGNAL */
	const char *text;
	size_t len;
	double secs;
	int exit, signal;
};

/* What became of a stage; "keep" also when its data was recorded anew. */
enum run_did {
	RUN_DID_NOTHING,	/* not reached, or skipped */
	RUN_DID_KEEP, RUN_DID_CACHE, RUN_DID_RUN,
};

struct run_item {
	const struct stage *stage;
	enum run_did did;
	bool failed;
	char *why;		/* reasons joined by "; ", or NULL */
	double secs, cpu;
	uint64_t rss;
	int exit, signal;
	struct buf log;		/* the last 64 KiB of its output */
	struct lock_entry entry;	/* what dvc.lock got; name NULL: nothing */
};

/* SUCCESS: nothing failed; KILLED: a signal ended it, or the interrupt key. */
enum run_state { RUN_SUCCESS, RUN_FAIL, RUN_KILLED };

struct run {
	struct run_item *item;	/* as plan.item */
	size_t nr;
	enum run_state state;
	int signal;		/* RUN_KILLED: the one that ended it */
	size_t ran, fetched, committed, kept, failures, skipped;	/* stages */
};
#define RUN_INIT { 0 }

/*
 * An output that Git tracks cannot be cached (a failure); one that is ignored
 * already needs no line in .gitignore.
 */
enum run_git { RUN_GIT_TRACKED = 1 << 0, RUN_GIT_IGNORED = 1 << 1 };

struct run_job {
	const char *root;	/* the project, absolute */
	const struct graph *graph;
	const struct plan *plan;
	struct locks *locks;
	struct seen *seen;
	struct cache *cache;
	struct busy *busy;	/* NULL: no locks (tests) */
	struct exec *exec;	/* NULL: processes on this machine */
	const struct strs *env;	/* for stages: "NAME=value", or "NAME" to unset */
	int jobs;		/* at least 1 */
	bool tty;		/* stdout is a terminal */
	bool force, keep_going, dry;
	bool force_down;	/* what needs a stage that did something too */
	/* What Git knows of a path: enum run_git. NULL: nothing. */
	unsigned (*git)(void *payload, const char *path);
	void (*event)(void *payload, const struct run_event *ev);
	void *payload;
};

/*
 * Visit the stages of the plan. On a dry run the same events are told, as far
 * as they are known without running, and nothing is written.
 */
int run_plan(struct run *r, const struct run_job *job);

/* SHA-256 over the entries of what ran or was fetched (dvc-formats 8.2). */
int run_exp_hash(const struct run *r, char hex[DIGEST_HEX]);

void run_clear(struct run *r);

#endif
