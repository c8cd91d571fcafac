#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "repo/repo.h"
#include "story/project.h"
#include "cmd.h"
#include "opt.h"
#include "say.h"

/*
 * The nearest directory from `here` upwards, not above `top`, with a `name`
 * in it: a directory if it begins with a dot, else a file.
 */
static char *find_up(const char *here, const char *top, const char *name)
{
	char *dir = mem_dup(here);

	for (;;) {
		char *mark = file_join(dir, name);
		bool found = *name == '.' ? file_is_dir(mark) :
					    file_exists(mark);

		free(mark);
		if (found)
			return dir;
		if (!file_inside(top, dir) || !strcmp(dir, top))
			break;
		mem_set(&dir, file_dirname(dir));
	}
	free(dir);
	return NULL;
}

static void forget_project(struct ctx *ctx)
{
	if (ctx->project)
		project_close(ctx->project);
	free(ctx->project);
	ctx->project = NULL;
}

/* What DVC's lock files say about us, beside our pid. */
static int open_project(struct ctx *ctx, const char *root)
{
	char *cwd = file_relative(root, ctx->here);
	char *name = mem_fmt("git exp %s", ctx->cmd->name);
	int err;

	ctx->project = mem_new(1, sizeof(*ctx->project));
	err = project_open(ctx->project, ctx->repo, root, cwd, name);
	free(name);
	free(cwd);
	return err;
}

int ctx_project(struct ctx *ctx)
{
	const char *top = repo_top(ctx->repo);
	char *root = top ? find_up(ctx->here, top, ".dvc") : NULL;
	int err;

	forget_project(ctx);
	err = root ? open_project(ctx, root) : 0;
	free(root);
	return err;
}

static int need_worktree(struct ctx *ctx)
{
	const char *top = repo_top(ctx->repo);

	if (top && file_inside(top, ctx->here))
		return 0;
	return err_set(ERR_INVALID, "'git exp %s' must be run in a work tree",
		       ctx->cmd->name);
}

static bool orphan(const struct ctx *ctx)
{
	char *dir = find_up(ctx->here, repo_top(ctx->repo), "dvc.yaml");
	bool found = dir;

	free(dir);
	return found;
}

int ctx_no_project(struct ctx *ctx)
{
	err_set(ERR_NOTFOUND, orphan(ctx) ?
		"there is a dvc.yaml, but no '.dvc' here or above" :
		"no project: there is no '.dvc' here or above");
	return err_hint(ERR_NOTFOUND, "'git exp init' makes one");
}

/* Experiments can be listed without a project, but that is rarely meant. */
static void hint_project(struct ctx *ctx)
{
	const char *top = repo_top(ctx->repo);
	char *root = top && !ctx->project ? find_up(ctx->here, top, ".dvc") :
					    NULL;

	if (top && file_inside(top, ctx->here) && !ctx->project && !root &&
	    orphan(ctx))
		say_hint(ctx->repo, "Init",
			 "there is a dvc.yaml, but no '.dvc' here or above: 'git exp init' makes one");
	free(root);
}

static int open_needs(struct ctx *ctx, unsigned needs)
{
	int err;

	if (!needs)
		return 0;
	ctx->here = file_cwd();
	err = repo_open(&ctx->repo, ctx->here);
	if (!err && needs & (NEED_WORKTREE | NEED_PROJECT))
		err = need_worktree(ctx);
	if (!err && needs & (NEED_PROJECT | WANT_PROJECT))
		err = ctx_project(ctx);
	if (!err && needs & NEED_PROJECT && !ctx->project)
		err = ctx_no_project(ctx);
	if (!err && (!(needs & WANT_PROJECT) || ctx->cmd->run == cmd_undo))
		hint_project(ctx);
	return err;
}

static int start(struct ctx *ctx, int argc, char **argv,
		 const struct opt *opts, unsigned flags, const char *usage)
{
	int left = opt_parse(argc, argv, opts, flags, usage);

	if (open_needs(ctx, ctx->cmd->needs)) {
		say_failed(ctx->repo);
		ctx_clear(ctx);
		exit(EXIT_FATAL);
	}
	return left;
}

int cmd_start(struct ctx *ctx, int argc, char **argv, const struct opt *opts,
	      const char *usage)
{
	return start(ctx, argc, argv, opts, 0, usage);
}

int cmd_start_words(struct ctx *ctx, int argc, char **argv,
		    const struct opt *opts, const char *usage)
{
	return start(ctx, argc, argv, opts, OPT_WORDS, usage);
}

/* The help of a part ends its process, so each gets one. */
static int help_part(struct ctx *ctx, const struct cmd *c)
{
	char *argv[] = { (char *)c->name, (char[]){ "-h" }, NULL };
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid)
		exit(c->run(ctx, 2, argv));
	return pid < 0 || waitpid(pid, NULL, 0) < 0 ? EXIT_FATAL : 0;
}

static int help_parts(struct ctx *ctx, const struct cmd *parts)
{
	int code = 0;

	for (const struct cmd *c = parts; c->name && !code; c++) {
		if (c != parts)
			putchar('\n');
		code = help_part(ctx, c);
	}
	return code;
}

static int list_parts(const struct cmd *parts)
{
	for (const struct cmd *c = parts; c->name; c++)
		puts(c->name);
	return 0;
}

int cmd_part(struct ctx *ctx, int argc, char **argv, const struct cmd *parts,
	     const char *usage)
{
	const struct opt none[] = { OPT_END };
	const char *word = argc > 1 ? argv[1] : "";

	for (const struct cmd *c = parts; c->name; c++)
		if (!strcmp(c->name, word))
			return c->run(ctx, argc - 1, argv + 1);
	if (!strcmp(word, "-h"))
		return help_parts(ctx, parts);
	if (!strcmp(word, "--git-completion-helper"))
		return list_parts(parts);
	if (opt_parse(argc, argv, none, OPT_WORDS, usage))
		cmd_misuse(usage, "'%s' is not a command of '%s'", argv[0],
			   ctx->cmd->name);
	cmd_misuse(usage, "'%s' needs a command", ctx->cmd->name);
}

void cmd_misuse(const char *usage, const char *fmt, ...)
{
	const struct opt none[] = { OPT_END };
	struct buf b = BUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	buf_vfmt(&b, fmt, ap);
	va_end(ap);
	say_error("%s", b.s);
	buf_clear(&b);
	opt_help(stderr, none, usage);
	exit(EXIT_USAGE);
}

void ctx_clear(struct ctx *ctx)
{
	forget_project(ctx);
	mem_set(&ctx->here, NULL);
	repo_free(ctx->repo);
	ctx->repo = NULL;
}
