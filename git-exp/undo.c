#include <stdio.h>
#include <stdlib.h>
#include "story/project.h"
#include "story/undo.h"
#include "cmd.h"
#include "opt.h"
#include "say.h"

#define USAGE "undo [--wait]"

static int undo(struct ctx *ctx)
{
	struct project *p = ctx->project;
	char *what = NULL;
	int err = p ? project_lock(p) : 0;

	if (!err)
		err = undo_last(ctx->repo, p ? &p->cache : NULL, &what);
	if (!err)
		printf("Took back: %s\n", what);
	if (p)
		project_unlock(p);
	free(what);
	return err ? say_failed(ctx->repo) : 0;
}

int cmd_undo(struct ctx *ctx, int argc, char **argv)
{
	bool wait = false;
	const struct opt opts[] = {
		{ "wait", 0, OPT_FLAG, &wait, NULL, "wait for a lock that another process holds" },
		OPT_END
	};

	argc = cmd_start(ctx, argc, argv, opts, USAGE);
	if (argc)
		cmd_misuse(USAGE, "undo takes back the last one only");
	if (wait && ctx->project)
		ctx->project->wait_ms = -1;
	return undo(ctx);
}
