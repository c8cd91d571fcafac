#include <stdio.h>
#include "cmd.h"
#include "opt.h"

int cmd_version(struct ctx *ctx, int argc, char **argv)
{
	const struct opt opts[] = { OPT_END };
	const char *usage = "version";

	if (cmd_start(ctx, argc, argv, opts, usage))
		cmd_misuse(usage, "'version' takes no arguments");
	puts("git-exp version 0.1.0");
	return 0;
}
