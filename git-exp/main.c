#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "cmd.h"
#include "say.h"

const struct cmd cmds[] = {
	{ "init", cmd_init, NEED_WORKTREE | WANT_PROJECT,
	  "prepare a project, write its first stage" },
	{ "stage", cmd_stage, NEED_PROJECT,
	  "add a stage, list the stages" },
	{ "freeze", cmd_freeze, NEED_PROJECT,
	  "no longer look at what a stage depends on" },
	{ "unfreeze", cmd_unfreeze, NEED_PROJECT,
	  "look again at what a stage depends on" },
	{ "dag", cmd_dag, NEED_PROJECT,
	  "draw which stage needs which" },
	{ "data", cmd_data, NEED_PROJECT,
	  "large files: add them, bring them back" },
	{ "status", cmd_status, NEED_PROJECT,
	  "show what would run, and why" },
	{ "run", cmd_run, NEED_PROJECT,
	  "run what changed and record an experiment" },
	{ "show", cmd_show, NEED_REPO | WANT_PROJECT,
	  "compare experiments in a table" },
	{ "list", cmd_list, NEED_REPO,
	  "name the experiments" },
	{ "diff", cmd_diff, NEED_REPO | WANT_PROJECT,
	  "compare metrics and parameters of two revisions" },
	{ "params", cmd_params, NEED_REPO | WANT_PROJECT,
	  "compare parameters as DVC does" },
	{ "metrics", cmd_metrics, NEED_REPO | WANT_PROJECT,
	  "show and compare metrics as DVC does" },
	{ "plots", cmd_plots, NEED_REPO | WANT_PROJECT,
	  "plot what DVC plots, as JSON or a page" },
	{ "log", cmd_log, NEED_REPO,
	  "tell how an experiment was made" },
	{ "apply", cmd_apply, NEED_PROJECT,
	  "put an experiment into the workspace" },
	{ "undo", cmd_undo, NEED_WORKTREE | WANT_PROJECT,
	  "take back the last apply or remove" },
	{ "branch", cmd_branch, NEED_REPO,
	  "promote an experiment to a Git branch" },
	{ "save", cmd_save, NEED_PROJECT,
	  "keep the workspace as an experiment" },
	{ "remove", cmd_remove, NEED_REPO,
	  "drop experiments, to the trash" },
	{ "rename", cmd_rename, NEED_REPO,
	  "give an experiment another name" },
	{ "version", cmd_version, NEED_NOTHING,
	  "print the version" },
	{ "help", cmd_help, NEED_NOTHING,
	  "list the commands, open a manual page" },
	{ NULL, NULL, 0, NULL }
};

const struct cmd *cmd_find(const char *name)
{
	for (const struct cmd *c = cmds; c->name; c++)
		if (!strcmp(c->name, name))
			return c;
	return NULL;
}

static int run(const struct cmd *c, int argc, char **argv)
{
	struct ctx ctx = CTX_INIT;
	int code;

	ctx.cmd = c;
	code = c->run(&ctx, argc, argv);
	ctx_clear(&ctx);
	if (fflush(stdout) || ferror(stdout)) {
		say_fatal("cannot write to stdout: %s", strerror(errno));
		return EXIT_FATAL;
	}
	return code;
}

/* A command that is not ours may be anyone's git-exp-<name> on the path. */
static int plug(char **argv)
{
	char *verb = argv[0], *name = mem_fmt("git-exp-%s", verb);

	argv[0] = name;
	execvp(name, argv);
	if (errno != ENOENT) {
		say_fatal("cannot run '%s': %s", name, strerror(errno));
		free(name);
		return EXIT_FATAL;
	}
	free(name);
	return help_unknown(verb);
}

static int option(const char *word)
{
	if (!strcmp(word, "--help"))
		help_page("");
	if (!strcmp(word, "-h")) {
		help_list();
		return 0;
	}
	say_error("unknown option '%s'", word);
	fputs("usage: git exp <command> [<args>]\n", stderr);
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	const char *self = argc ? file_basename(argv[0]) : "git-exp";
	const struct cmd *c;

	signal(SIGPIPE, SIG_DFL);
	err_on_warn(say_warned);
	if (!strncmp(self, "git-exp-", 8) && (c = cmd_find(self + 8)))
		return run(c, argc, argv);
	if (argc < 2) {
		help_list();
		return EXIT_NO;
	}
	if (!strcmp(argv[1], "--version"))
		return run(cmd_find("version"), 1, argv + 1);
	if (argv[1][0] == '-')
		return option(argv[1]);
	c = cmd_find(argv[1]);
	return c ? run(c, argc - 1, argv + 1) : plug(argv + 1);
}
