/*
 * exec-part - what the files of the local executor share.
 *
 * Read here:  exec-local.c is the loop, exec-start.c makes a process,
 *             exec-term.c keeps signals and the terminal.
 * Owns:       tasks: descriptors, process and copies of the job.
 * Fails:      exec_spawn(): ERR_FATAL.
 * Knows:      POSIX processes and terminals; nothing of stages.
 */
#ifndef FLOW_EXEC_PART_H
#define FLOW_EXEC_PART_H

#include <signal.h>
#include <sys/types.h>
#include <termios.h>
#include "flow/exec.h"

enum task_state {
	TASK_NEXT,		/* say which command comes */
	TASK_SPAWN,		/* said: start it */
	TASK_RUNS,
	TASK_DRAIN,		/* gone; read what is left of its output */
	TASK_OVER,
};

struct task {
	enum task_state state;
	struct strs cmds, env;
	size_t next;		/* which command */
	char *dir;
	bool tty, in;
	bool typed;		/* the interrupt key was typed */
	bool told;		/* we sent it a signal */
	pid_t pid;
	int fd;			/* our end of its output, or -1 */
	double began, gone;	/* gone: its shell is */
	struct exec_result result;
};

struct exec_term {		/* our terminal while a command has it */
	struct termios saved;
	bool raw;
	char ahead[256];	/* typed, not yet taken by the command */
	size_t nr;
};

enum { EXEC_SIGNALS = 5 };

struct exec_signals {
	int ends[2];		/* the handler writes, poll reads */
	struct sigaction old[EXEC_SIGNALS];
};

/*
 * Begin the next command of a task: open its pipe or pseudo-terminal, fork,
 * become the shell. What cannot start (no such shell) says so on the task's
 * output and exits with 127, as a shell does.
 */
int exec_spawn(struct task *t);

/*
 * Install the handlers, and put back what was there. A signal that was
 * ignored stays ignored (nohup).
 */
void exec_catch(struct exec_signals *s);
void exec_release(struct exec_signals *s);

/* The next signal caught, or 0. */
int exec_caught(struct exec_signals *s);

/* In a child, before exec(): everything as a program expects it. */
void exec_default_signals(void);

/* Is our stdin a terminal that we may read now? */
bool exec_term_ours(void);
/*
 * While a command has the terminal every key goes to it, the interrupt key
 * too; restoring is allowed at any time and more than once.
 */
void exec_term_raw(struct exec_term *m);
void exec_term_restore(struct exec_term *m);

/* Take what was typed, and hand it to `t`. */
void exec_term_read(struct exec_term *m, struct task *t);
void exec_term_feed(struct exec_term *m, struct task *t);

#endif
