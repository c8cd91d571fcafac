#include <stdio.h>
#include <unistd.h>
#include "base/strs.h"
#include "story/project.h"
#include "story/save.h"
#include "story/tale.h"
#include "cmd.h"
#include "opt.h"
#include "say.h"

#define USAGE "save [--name <name>] [-m <text>] [--json] [--wait]"

static int save(struct ctx *ctx, struct tale *t, bool json)
{
	int err = save_tell(t);

	if (err)
		return say_failed(ctx->repo);
	if (json)
		printf("{\"ref\": \"%s\"}\n", t->id.hex);
	else if (t->recorded)
		printf("Experiment has been saved as: %s\n", t->exp);
	else if (t->same_baseline)
		printf("Nothing to save: your workspace is the baseline, %.7s.\n",
		       t->baseline.hex);
	else
		printf("Nothing to save: this is experiment '%s'.\n", t->exp);
	return 0;
}

int cmd_save(struct ctx *ctx, int argc, char **argv)
{
	struct tale t = TALE_INIT;
	struct strs words = STRS_INIT;
	bool json = false, wait = false;
	const struct opt opts[] = {
		{ "name", 0, OPT_STR, &t.name, "<name>", "call the experiment so" },
		{ "message", 'm', OPT_STR, &t.message, "<text>", "the commit message of the experiment" },
		{ "json", 0, OPT_FLAG, &json, NULL, "print the commit as JSON" },
		{ "wait", 0, OPT_FLAG, &wait, NULL, "wait for a lock that another process holds" },
		OPT_END
	};
	int code;

	for (int i = 0; i < argc; i++)
		strs_add(&words, argv[i]);
	argc = cmd_start(ctx, argc, argv, opts, USAGE);
	if (argc)
		cmd_misuse(USAGE, "save keeps the whole workspace: '%s' is too much",
			   argv[0]);
	t.project = ctx->project;
	t.args = &words;
	if (wait)
		ctx->project->wait_ms = -1;
	code = save(ctx, &t, json);
	tale_clear(&t);
	strs_clear(&words);
	return code;
}
