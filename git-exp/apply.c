#include <stdio.h>
#include "exp/exp.h"
#include "story/apply.h"
#include "story/project.h"
#include "cmd.h"
#include "opt.h"
#include "say.h"

#define USAGE "apply [--wait] <exp>"

static int apply(struct ctx *ctx, const char *word)
{
	struct exp e = EXP_INIT;
	struct apply_done done = { 0 };
	int err = exp_find(&e, ctx->repo, word, true);

	if (!err)
		err = exp_load_one(&e, ctx->repo);
	if (!err)
		err = apply_exp(ctx->project, &e, &done);
	if (!err && !done.files && !done.outs)
		printf("Your workspace holds experiment '%s' already.\n",
		       e.name);
	else if (!err)
		printf("Applied experiment '%s' to your workspace: %zu files, %zu outputs changed.\n",
		       e.name, done.files, done.outs);
	if (!err && (done.files || done.outs))
		say_hint(ctx->repo, "Undo", "'git exp undo' brings back what was there");
	exp_clear(&e);
	return err ? say_failed(ctx->repo) : 0;
}

int cmd_apply(struct ctx *ctx, int argc, char **argv)
{
	bool wait = false;
	const struct opt opts[] = {
		{ "wait", 0, OPT_FLAG, &wait, NULL, "wait for a lock that another process holds" },
		OPT_END
	};

	argc = cmd_start(ctx, argc, argv, opts, USAGE);
	if (argc != 1)
		cmd_misuse(USAGE, argc ? "only one experiment can be applied" :
					 "which experiment?");
	if (wait)
		ctx->project->wait_ms = -1;
	return apply(ctx, argv[0]);
}
