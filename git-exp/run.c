#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "base/err.h"
#include "base/mem.h"
#include "base/os.h"
#include "base/strs.h"
#include "story/project.h"
#include "story/tale.h"
#include "cmd.h"
#include "opt.h"
#include "run-report.h"
#include "run-sweep.h"
#include "say.h"

#define USAGE \
	"run [<options>] [<stage>...]"

struct ask {
	struct strs sets, args;		/* args: without -S and --name */
	bool quiet, explain, wait;
	int verbose;
	struct edit *edit;
	size_t nr;
	struct edit_runs runs;
	struct report report;
	struct target_ask which;
};

static void clear(struct ask *a)
{
	for (size_t i = 0; i < a->nr; i++)
		edit_clear(&a->edit[i]);
	free(a->edit);
	edit_runs_clear(&a->runs);
	strs_clear(&a->sets);
	strs_clear(&a->args);
}

/* After everything is recorded: end as whoever asked us to expects. */
static void die_of(int sig)
{
	fflush(NULL);
	signal(sig, SIG_DFL);
	raise(sig);
}

static int told(struct ctx *ctx, struct tale *t, const struct ask *a, int err)
{
	if (err && err != ERR_STAGE)
		return say_failed(ctx->repo);
	if (err)
		report_failed(ctx, t);
	else
		report_done(t, a->quiet);
	if (t->run.state == RUN_KILLED && t->run.signal)
		die_of(t->run.signal);
	return err ? EXIT_NO : 0;
}

static int one(struct ctx *ctx, struct tale *t, void *payload)
{
	struct ask *a = payload;

	a->report = (struct report){ .quiet = a->quiet,
				     .why = a->explain || a->verbose,
				     .cwd = ctx->project->cwd };
	t->event = report_event;
	t->payload = &a->report;
	return told(ctx, t, a, tale_tell(t));
}

/* One run, or as many as the words after -S sweep over. */
static int run(struct ctx *ctx, struct tale *t, struct ask *a)
{
	struct sweep s = { .runs = &a->runs, .asked = t, .args = &a->args,
			   .quiet = a->quiet, .one = one, .payload = a };
	int err;

	t->project = ctx->project;
	t->tty = isatty(STDOUT_FILENO);
	if (a->wait)
		ctx->project->wait_ms = -1;
	if (t->jobs < 1)
		t->jobs = os_cpus();
	err = edit_expand(&a->runs, &a->sets);
	if (!err && a->runs.sweep)
		return sweep_run(ctx, &s);
	if (!err)
		err = sweep_edits(&a->edit, &a->nr, &a->sets);
	t->edit = a->edit;
	t->nr_edit = a->nr;
	return err ? say_failed(ctx->repo) : one(ctx, t, a);
}

static void set_aside(struct strs *args, const struct strs *words,
		      const struct opt *opts)
{
	struct strs some = STRS_INIT;

	opt_without(&some, (int)words->nr, words->item, opts, "set-param");
	opt_without(args, (int)some.nr, some.item, opts, "name");
	strs_clear(&some);
}

int cmd_run(struct ctx *ctx, int argc, char **argv)
{
	struct tale t = TALE_INIT;
	struct ask a = { .sets = STRS_INIT, .args = STRS_INIT };
	struct strs words = STRS_INIT, targets = STRS_INIT;
	const struct opt opts[] = {
		{ "set-param", 'S', OPT_LIST, &a.sets, "[<file>:]<key>=<value>", "change a parameter first; +key= adds, ++key= both, ~key removes; 1,2 runs each" },
		{ "name", 0, OPT_STR, &t.name, "<name>", "call the experiment so" },
		{ "message", 'm', OPT_STR, &t.message, "<text>", "the commit message of the experiment" },
		{ "glob", 0, OPT_FLAG, &t.want.glob, NULL, "stages are patterns of names, as 'train*'" },
		{ "recursive", 'R', OPT_FLAG, &t.want.deep, NULL, "a directory means every stage in it and below it" },
		{ "single-item", 's', OPT_FLAG, &a.which.single, NULL, "only the named stages, not what they need" },
		{ "downstream", 0, OPT_FLAG, &a.which.down, NULL, "the named stages and those that need them" },
		{ "pipeline", 'p', OPT_FLAG, &a.which.pipeline, NULL, "everything that hangs together with the named stages" },
		{ "all-pipelines", 'P', OPT_FLAG, &t.want.all, NULL, "every stage of the project, as without names" },
		{ "force-downstream", 0, OPT_FLAG, &t.force_down, NULL, "run what needs a stage that ran, even if nothing changed" },
		{ "force", 'f', OPT_FLAG, &t.force, NULL, "run stages even if nothing changed" },
		{ "dry-run", 'n', OPT_FLAG, &t.dry, NULL, "show what would run, do nothing" },
		{ "explain", 0, OPT_FLAG, &a.explain, NULL, "say why each stage runs" },
		{ "keep-going", 'k', OPT_FLAG, &t.keep_going, NULL, "after a failure go on with what does not need it" },
		{ "jobs", 'j', OPT_INT, &t.jobs, "<n>", "run up to <n> independent stages at once; 0: one per processor" },
		{ "no-record", 0, OPT_FLAG, &t.no_record, NULL, "run, but record no experiment" },
		{ "wait", 0, OPT_FLAG, &a.wait, NULL, "wait for a lock that another process holds" },
		{ "quiet", 'q', OPT_FLAG, &a.quiet, NULL, "only what the commands say, and errors" },
		{ "verbose", 'v', OPT_COUNT, &a.verbose, NULL, "say more" },
		OPT_END
	};
	int code;

	t.jobs = 1;
	for (int i = 0; i < argc; i++)
		strs_add(&words, argv[i]);
	argc = cmd_start(ctx, argc, argv, opts, USAGE);
	set_aside(&a.args, &words, opts);
	if (t.jobs < 0)
		cmd_misuse(USAGE, "'-j' takes a number of stages, 0 or more");
	for (int i = 0; i < argc; i++)
		strs_add(&targets, argv[i]);
	t.args = &words;
	t.want.way = target_way(&a.which);
	t.targets = &targets;
	code = run(ctx, &t, &a);
	tale_clear(&t);
	clear(&a);
	strs_clear(&words);
	strs_clear(&targets);
	return code;
}
