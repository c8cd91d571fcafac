#include "cmd.h"
#include "compare.h"
#include "metrics.h"
#include "opt.h"

#define DIFF_USAGE "metrics diff [<options>] [<a> [<b>]]"

static int metrics_diff(struct ctx *ctx, int argc, char **argv)
{
	struct compare c = COMPARE_INIT;
	bool recursive = false;
	const struct opt opts[] = {
		{ "targets", 0, OPT_MANY, &c.targets, "<file>...", "these files, whoever makes them" },
		{ "all", 0, OPT_FLAG, &c.all, NULL, "what is the same, too" },
		{ "json", 0, OPT_FLAG, &c.json, NULL, "as JSON" },
		{ "md", 0, OPT_FLAG, &c.md, NULL, "as Markdown" },
		{ "path", 0, OPT_FLAG, &c.path, NULL, "the column of files" },
		{ "precision", 0, OPT_INT, &c.precision, "<n>", "decimal places (5)" },
		{ "recursive", 'R', OPT_FLAG, &recursive, NULL, "files below directories, as without it" },
		OPT_END
	};

	argc = cmd_start(ctx, argc, argv, opts, DIFF_USAGE);
	c.section = "metrics";
	c.title = "Metric";
	c.change = true;
	c.precision = c.precision ? c.precision : METRICS_PRECISION;
	return compare_run(ctx, &c, argc, argv, DIFF_USAGE);
}

int cmd_metrics(struct ctx *ctx, int argc, char **argv)
{
	static const struct cmd parts[] = {
		{ "show", metrics_show, 0, "print the metrics of one or more revisions" },
		{ "diff", metrics_diff, 0, "compare metrics of two revisions" },
		{ NULL, NULL, 0, NULL }
	};

	return cmd_part(ctx, argc, argv, parts,
			METRICS_SHOW_USAGE "\n" DIFF_USAGE);
}
