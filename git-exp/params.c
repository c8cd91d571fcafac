#include "cmd.h"
#include "compare.h"
#include "opt.h"

#define DIFF_USAGE "params diff [<options>] [<a> [<b>]]"

static int params_diff(struct ctx *ctx, int argc, char **argv)
{
	struct compare c = COMPARE_INIT;
	const struct opt opts[] = {
		{ "targets", 0, OPT_MANY, &c.targets, "<file>...", "these files, whoever uses them" },
		{ "all", 0, OPT_FLAG, &c.all, NULL, "what is the same, too" },
		{ "deps", 0, OPT_FLAG, &c.sight.want.param_deps, NULL, "only parameters that stages depend on" },
		{ "json", 0, OPT_FLAG, &c.json, NULL, "as JSON" },
		{ "md", 0, OPT_FLAG, &c.md, NULL, "as Markdown" },
		{ "path", 0, OPT_FLAG, &c.path, NULL, "the column of files" },
		OPT_END
	};

	argc = cmd_start(ctx, argc, argv, opts, DIFF_USAGE);
	c.section = "params";
	c.title = "Param";
	return compare_run(ctx, &c, argc, argv, DIFF_USAGE);
}

int cmd_params(struct ctx *ctx, int argc, char **argv)
{
	static const struct cmd parts[] = {
		{ "diff", params_diff, 0, "compare parameters of two revisions" },
		{ NULL, NULL, 0, NULL }
	};

	return cmd_part(ctx, argc, argv, parts, DIFF_USAGE);
}
