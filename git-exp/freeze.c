#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/strs.h"
#include "spec/dvcfile.h"
#include "spec/pipe.h"
#include "story/project.h"
#include "cmd.h"
#include "opt.h"
#include "say.h"

#define FREEZE_USAGE "freeze [-q] [--wait] <stage>..."
#define UNFREEZE_USAGE "unfreeze [-q] [--wait] <stage>..."

struct freeze {
	struct ctx *ctx;
	struct pipe pipe;
	struct pipe_pick pick;	/* one stage for each word */
	struct strs made;
	bool frozen, quiet;
};

/* What templates make has no text of its own that could be changed. */
static int may_change(const struct stage *s)
{
	if (!s->templated && !s->group)
		return 0;
	err_set(ERR_INVALID, "%s: line %d: stage '%s' is made from templates "
		"and cannot be rewritten", s->file, s->line ? s->line : 1,
		s->addr);
	return err_hint(ERR_INVALID, "write 'frozen: true' into '%s' yourself",
			s->file);
}

static int choose(struct freeze *f, const char *word)
{
	size_t first = f->pick.nr;
	int err = pipe_target(&f->pipe, f->ctx->project->cwd, word, false,
			      &f->pick);

	if (!err && f->pick.nr != first + 1) {
		err_set(ERR_INVALID, "'%s' names %zu stages", word,
			f->pick.nr - first);
		return err_hint(ERR_INVALID, "name them one by one");
	}
	return err ? err : may_change(&f->pipe.item[f->pick.item[first]]);
}

static int change(struct freeze *f, const struct stage *s)
{
	char *path = file_join(f->ctx->project->root, s->file);
	struct buf text = BUF_INIT;
	bool data = s->kind == STAGE_DATA;
	int err = file_read(path, &text, 0);

	if (!err)
		err = dvcfile_freeze(&text, s->file, data ? NULL : s->name,
				     f->frozen);
	if (!err)
		err = file_write(path, text.s, text.len, 0,
				 FILE_KEEPMODE | FILE_FSYNC);
	if (!err) {
		strs_once(&f->made, path);
		if (!f->quiet)
			printf("%s %s'%s'\n", f->frozen ? "Froze" : "Unfroze",
			       data ? "" : "stage ", s->addr);
	}
	buf_clear(&text);
	free(path);
	return err;
}

static int change_all(struct freeze *f)
{
	int err = 0;

	for (size_t i = 0; !err && i < f->pick.nr; i++) {
		const struct stage *s = &f->pipe.item[f->pick.item[i]];

		if (s->frozen != f->frozen)
			err = change(f, s);
		else if (!f->quiet)
			printf("%s'%s' is %sfrozen%s\n",
			       s->kind == STAGE_DATA ? "" : "Stage ", s->addr,
			       s->frozen ? "" : "not ",
			       s->frozen ? " already" : "");
	}
	return err;
}

static int run(struct freeze *f, int argc, char **argv)
{
	struct project *p = f->ctx->project;
	int err = project_lock(p);

	if (!err)
		err = project_pipe(p, &f->pipe);
	for (int i = 0; !err && i < argc; i++)
		err = choose(f, argv[i]);
	if (!err)
		err = change_all(f);
	project_unlock(p);
	if (!err && f->made.nr)
		err = ctx_changed(f->ctx, &f->made, f->quiet);
	p->cache.ignore = NULL;
	return err;
}

static int start(struct ctx *ctx, int argc, char **argv, bool frozen,
		 const char *usage)
{
	struct freeze f = { .ctx = ctx, .pipe = PIPE_INIT, .frozen = frozen };
	bool wait = false;
	const struct opt opts[] = {
		{ "quiet", 'q', OPT_FLAG, &f.quiet, NULL, "say nothing when all went well" },
		{ "wait", 0, OPT_FLAG, &wait, NULL, "wait for a lock that another process holds" },
		OPT_END
	};
	int err;

	argc = cmd_start(ctx, argc, argv, opts, usage);
	if (!argc)
		cmd_misuse(usage, "which stage?");
	if (wait)
		ctx->project->wait_ms = -1;
	err = run(&f, argc, argv);
	pipe_clear(&f.pipe);
	strs_clear(&f.made);
	free(f.pick.item);
	return err ? say_failed(ctx->repo) : 0;
}

int cmd_freeze(struct ctx *ctx, int argc, char **argv)
{
	return start(ctx, argc, argv, true, FREEZE_USAGE);
}

int cmd_unfreeze(struct ctx *ctx, int argc, char **argv)
{
	return start(ctx, argc, argv, false, UNFREEZE_USAGE);
}
