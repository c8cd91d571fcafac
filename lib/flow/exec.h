/*
 * exec - starting commands and hearing of them.
 *
 * Read here:  struct exec is a seam: start(), poll() until EXEC_DONE,
 *             signal(). exec_local() is processes on this machine; another
 *             executor may hand them to a scheduler. One exec_job is the
 *             list of commands of a stage, run one after another until one
 *             fails, each in its own shell.
 * Owns:       a job's copy of what it needs; the bytes of an event are
 *             borrowed until the next poll. exec_clear() puts the terminal
 *             and the signal handlers back.
 * Fails:      start(): ERR_FATAL or ERR_NOTFOUND (no such directory or
 *             shell). A command's exit code is a result, not a failure.
 * Knows:      $SHELL as DVC uses it (dvc-formats 1.6). Each command has its
 *             own process group, or with a pseudo-terminal its own session.
 *             SIGINT, SIGTERM and SIGHUP arrive as EXEC_SIGNAL while jobs
 *             run; handlers can be given nothing, so this module has the one
 *             static variable of the room. A second signal that
 *             nobody has polled for ends the process as if not handled.
 */
#ifndef FLOW_EXEC_H
#define FLOW_EXEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/strs.h"

struct exec_job {
	const char *dir;	/* absolute working directory */
	const struct strs *cmds;	/* one shell each */
	const struct strs *env;	/* "NAME=value" to set, "NAME" to unset */
	bool tty;		/* on a pseudo-terminal with our stdin */
	bool in;		/* on a pipe: our stdin unless a terminal */
};

struct exec_result {
	int exit;		/* of the last command; 0 when killed */
	int signal;		/* that killed it, or 0 */
	double secs, cpu;	/* wall and processor time, all commands */
	uint64_t rss;		/* largest resident set, bytes */
	bool typed;		/* ended by the interrupt key of the terminal */
};

enum exec_kind {
	EXEC_NONE,		/* the time was up */
	EXEC_COMMAND,		/* `text` is about to run */
	EXEC_OUTPUT,		/* `text`, `len`: bytes of stdout and stderr */
	EXEC_DONE,		/* `result` */
	EXEC_SIGNAL,		/* we were sent `signal`; nothing done about it */
};

struct exec_event {
	enum exec_kind kind;
	size_t job;
	const char *text;
	size_t len;
	int signal;
	struct exec_result result;
};

struct exec {
	/* Begin; `id` names the job in events. */
	int (*start)(struct exec *x, const struct exec_job *job, size_t *id);
	/* Wait up to `ms` (-1: for ever) for the next event. */
	int (*poll)(struct exec *x, long ms, struct exec_event *ev);
	/* Send `sig` to all processes of a job. */
	void (*signal)(struct exec *x, size_t id, int sig);
	void (*clear)(struct exec *x);
};

/* Never NULL; exec_clear() frees. */
struct exec *exec_local(void);
void exec_clear(struct exec *x);

/* The commands of a stage: a string's lines, or a list's items. */
struct val;
void exec_commands(struct strs *out, const struct val *cmd);

/* The words that run `cmd` in `shell` (NULL: $SHELL, or /bin/sh). */
void exec_argv(struct strs *out, const char *shell, const char *cmd);

#endif
