#include <stdio.h>
#include <stdlib.h>
#include "base/mem.h"
#include "exp/exp.h"
#include "story/drop.h"
#include "cmd.h"
#include "opt.h"
#include "say.h"

#define USAGE "branch <exp> [<branch>]"

static int branch(struct ctx *ctx, const char *word, const char *name)
{
	struct exp e = EXP_INIT;
	int err = exp_find(&e, ctx->repo, word, true);
	char *as = NULL;

	if (!err) {
		as = name ? mem_dup(name) : mem_fmt("%s-branch", e.name);
		err = drop_branch(ctx->repo, &e, as);
	}
	if (!err)
		printf("Git branch '%s' has been created from experiment '%s'.\n"
		       "To switch to the new branch run:\n\n\tgit checkout %s\n",
		       as, e.name, as);
	free(as);
	exp_clear(&e);
	return err ? say_failed(ctx->repo) : 0;
}

int cmd_branch(struct ctx *ctx, int argc, char **argv)
{
	const struct opt opts[] = { OPT_END };

	argc = cmd_start(ctx, argc, argv, opts, USAGE);
	if (argc < 1 || argc > 2)
		cmd_misuse(USAGE, argc ? "too many words" : "which experiment?");
	return branch(ctx, argv[0], argc == 2 ? argv[1] : NULL);
}
