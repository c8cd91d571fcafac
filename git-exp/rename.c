#include <stdio.h>
#include "exp/exp.h"
#include "story/drop.h"
#include "cmd.h"
#include "opt.h"
#include "say.h"

#define USAGE "rename <exp> <name>"

static int rename_exp(struct ctx *ctx, const char *word, const char *name)
{
	struct exp e = EXP_INIT;
	int err = exp_find(&e, ctx->repo, word, true);

	if (!err)
		err = drop_rename(ctx->repo, &e, name);
	if (!err)
		printf("Renamed experiment '%s' to '%s'\n", e.name, name);
	exp_clear(&e);
	return err ? say_failed(ctx->repo) : 0;
}

int cmd_rename(struct ctx *ctx, int argc, char **argv)
{
	const struct opt opts[] = { OPT_END };

	argc = cmd_start(ctx, argc, argv, opts, USAGE);
	if (argc != 2)
		cmd_misuse(USAGE, "an experiment and its new name are needed");
	return rename_exp(ctx, argv[0], argv[1]);
}
