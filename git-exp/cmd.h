/*
 * cmd - what a command is, and the one list of them.
 *
 * Read here:  a command is `int cmd_x(struct ctx *, int argc, char **argv)`
 *             in x.c. Its first call is cmd_start() with its options; after
 *             that everything its row of the table asks for is open in ctx.
 *             It returns its exit code, and for a failure of the library
 *             `return say_failed(ctx->repo)`.
 * Owns:       main owns the ctx and frees it after the command.
 * Fails:      cmd_start() ends the process: 129 when the command line makes
 *             no sense, 128 when something needed is not there, 0 after -h.
 * Knows:      Exit codes of design 5. A new command needs five things: its
 *             file, its line below, its row in main.c, its page
 *             git-exp-x.1, and its test. Completion asks the table.
 */
#ifndef CMD_H
#define CMD_H

#include <stdbool.h>

struct opt;
struct project;
struct repo;
struct strs;

enum { EXIT_NO = 1, EXIT_FATAL = 128, EXIT_USAGE = 129 };

/* What must be there before a command runs; each includes those above it. */
enum cmd_needs {
	NEED_NOTHING  = 0,
	NEED_REPO     = 1 << 0,	/* a Git repository, perhaps a bare one */
	NEED_WORKTREE = 1 << 1,	/* with a work tree, and we stand in it */
	NEED_PROJECT  = 1 << 2,	/* a directory .dvc here or above */
	WANT_PROJECT  = 1 << 3,	/* as NEED_PROJECT, but may be missing */
};

struct ctx {
	const struct cmd *cmd;
	struct repo *repo;	/* NULL unless asked for */
	char *here;		/* the current directory, absolute, resolved */
	struct project *project;	/* around `here`, or NULL */
};
#define CTX_INIT { 0 }

struct cmd {
	const char *name;
	int (*run)(struct ctx *ctx, int argc, char **argv);
	unsigned needs;
	const char *help;	/* one line, no full stop */
};

extern const struct cmd cmds[];		/* ends with a NULL name */

/* The command of this name, or NULL. */
const struct cmd *cmd_find(const char *name);

/*
 * Take the options off argv (argv[0] is the name) and open what the command
 * needs. `usage` has one line for each way to call it, without "git exp ".
 * Returns how many words are left; they begin at argv[0].
 */
int cmd_start(struct ctx *ctx, int argc, char **argv, const struct opt *opts,
	      const char *usage);

/* The same, but the first word that is no option ends the options. */
int cmd_start_words(struct ctx *ctx, int argc, char **argv,
		    const struct opt *opts, const char *usage);

/*
 * A command that has commands of its own ("stage add"): runs the row that
 * argv[1] names with the same ctx. Answers -h, --help and nonsense itself.
 */
int cmd_part(struct ctx *ctx, int argc, char **argv, const struct cmd *parts,
	     const char *usage);

/* Wrong use that the options cannot see: one line, the usage, exit 129. */
void cmd_misuse(const char *usage, const char *fmt, ...)
	__attribute__((format(printf, 2, 3), noreturn));

/* Open the project around ctx.here, if any: main does, init after making one. */
int ctx_project(struct ctx *ctx);
/* ERR_NOTFOUND, saying how to make one. */
int ctx_no_project(struct ctx *ctx);
void ctx_clear(struct ctx *ctx);

/*
 * Files of the project that were made or changed: prints the `git add` line,
 * or runs it when core.autostage of .dvc/config says so. Paths are absolute.
 */
int ctx_changed(struct ctx *ctx, const struct strs *files, bool quiet);

/* The page of a command ("" is the front page); does not return. */
void help_page(const char *name) __attribute__((noreturn));

/* Every command with its line of help. */
void help_list(void);

/* `name` is none of ours: names those that are near, returns 129. */
int help_unknown(const char *name);

/*
 * The commands. Each takes its own command line, argv[0] being its name, and
 * returns the exit code of the process: 0 done, EXIT_NO for an answer that is
 * no, EXIT_FATAL where it could not. None is called by another.
 */
int cmd_apply(struct ctx *ctx, int argc, char **argv);
int cmd_branch(struct ctx *ctx, int argc, char **argv);
int cmd_dag(struct ctx *ctx, int argc, char **argv);
int cmd_data(struct ctx *ctx, int argc, char **argv);
int cmd_diff(struct ctx *ctx, int argc, char **argv);
int cmd_freeze(struct ctx *ctx, int argc, char **argv);
int cmd_help(struct ctx *ctx, int argc, char **argv);
int cmd_init(struct ctx *ctx, int argc, char **argv);
int cmd_list(struct ctx *ctx, int argc, char **argv);
int cmd_log(struct ctx *ctx, int argc, char **argv);
int cmd_metrics(struct ctx *ctx, int argc, char **argv);
int cmd_params(struct ctx *ctx, int argc, char **argv);
int cmd_plots(struct ctx *ctx, int argc, char **argv);
int cmd_remove(struct ctx *ctx, int argc, char **argv);
int cmd_rename(struct ctx *ctx, int argc, char **argv);
int cmd_run(struct ctx *ctx, int argc, char **argv);
int cmd_save(struct ctx *ctx, int argc, char **argv);
int cmd_show(struct ctx *ctx, int argc, char **argv);
int cmd_stage(struct ctx *ctx, int argc, char **argv);
int cmd_status(struct ctx *ctx, int argc, char **argv);
int cmd_undo(struct ctx *ctx, int argc, char **argv);
int cmd_unfreeze(struct ctx *ctx, int argc, char **argv);
int cmd_version(struct ctx *ctx, int argc, char **argv);

#endif
