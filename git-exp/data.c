#include <stdio.h>
#include <stdlib.h>
#include "base/strs.h"
#include "data/work.h"
#include "spec/pipe.h"
#include "story/project.h"
#include "cmd.h"
#include "opt.h"
#include "say.h"

#define ADD_USAGE "data add [--wait] <path>..."
#define CHECKOUT_USAGE "data checkout [-f] [--wait] [<target>...]"
#define USAGE ADD_USAGE "\n" CHECKOUT_USAGE

static struct work work_of(struct ctx *ctx, const struct pipe *pipe)
{
	struct project *p = ctx->project;

	return (struct work){ .repo = ctx->repo, .root = p->root,
			      .cwd = p->cwd, .cache = &p->cache,
			      .pipe = pipe, .src = &p->disk.src };
}

static void words(struct strs *out, int argc, char **argv)
{
	for (int i = 0; i < argc; i++)
		strs_add(out, argv[i]);
}

static int add(struct ctx *ctx, const struct strs *targets)
{
	struct pipe pipe = PIPE_INIT;
	struct strs made = STRS_INIT;
	int err = project_lock(ctx->project);

	if (!err)
		err = project_pipe(ctx->project, &pipe);
	if (!err) {
		struct work w = work_of(ctx, &pipe);

		err = work_add(&w, targets, &made);
	}
	project_unlock(ctx->project);
	if (!err)
		err = ctx_changed(ctx, &made, false);
	ctx->project->cache.ignore = NULL;
	pipe_clear(&pipe);
	strs_clear(&made);
	return err ? say_failed(ctx->repo) : 0;
}

static int data_add(struct ctx *ctx, int argc, char **argv)
{
	bool wait = false;
	struct strs targets = STRS_INIT;
	const struct opt opts[] = {
		{ "wait", 0, OPT_FLAG, &wait, NULL, "wait for a lock that another process holds" },
		OPT_END
	};
	int code;

	argc = cmd_start(ctx, argc, argv, opts, ADD_USAGE);
	if (!argc)
		cmd_misuse(ADD_USAGE, "which file or directory?");
	if (wait)
		ctx->project->wait_ms = -1;
	words(&targets, argc, argv);
	code = add(ctx, &targets);
	strs_clear(&targets);
	return code;
}

static void changed(void *payload, enum work_did did, const char *path,
		    bool dir)
{
	(void)payload;
	printf("%c\t%s%s\n", did == WORK_ADDED ? 'A' : 'M', path,
	       dir ? "/" : "");
}

static int checkout(struct ctx *ctx, const struct strs *targets, bool force)
{
	struct pipe pipe = PIPE_INIT;
	int err = project_lock(ctx->project);

	if (!err)
		err = project_pipe(ctx->project, &pipe);
	if (!err) {
		struct work w = work_of(ctx, &pipe);

		err = work_checkout(&w, targets, force, changed, NULL);
	}
	project_unlock(ctx->project);
	ctx->project->cache.ignore = NULL;
	pipe_clear(&pipe);
	return err ? say_failed(ctx->repo) : 0;
}

static int data_checkout(struct ctx *ctx, int argc, char **argv)
{
	bool wait = false, force = false;
	struct strs targets = STRS_INIT;
	const struct opt opts[] = {
		{ "force", 'f', OPT_FLAG, &force, NULL, "replace even what no cache holds" },
		{ "wait", 0, OPT_FLAG, &wait, NULL, "wait for a lock that another process holds" },
		OPT_END
	};
	int code;

	argc = cmd_start(ctx, argc, argv, opts, CHECKOUT_USAGE);
	if (wait)
		ctx->project->wait_ms = -1;
	words(&targets, argc, argv);
	code = checkout(ctx, &targets, force);
	strs_clear(&targets);
	return code;
}

int cmd_data(struct ctx *ctx, int argc, char **argv)
{
	static const struct cmd parts[] = {
		{ "add", data_add, NEED_PROJECT, "move large files to the cache" },
		{ "checkout", data_checkout, NEED_PROJECT, "bring them back" },
		{ NULL, NULL, 0, NULL }
	};

	return cmd_part(ctx, argc, argv, parts, USAGE);
}
