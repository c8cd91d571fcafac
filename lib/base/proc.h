/*
 * proc - running other programs without a shell in between.
 *
 * Read here:  proc_capture() for a short question to a child; proc_start(),
 *             proc_wait() for one that talks for longer; flow/exec has its
 *             own way for stages. Every child is traced with its argv.
 * Owns:       struct proc: the descriptors and the pid, until proc_wait().
 * Fails:      ERR_NOTFOUND when the program is not there, ERR_FATAL for the
 *             rest. A child's own exit code is a result, not a failure.
 * Knows:      nothing of Git, except that PROC_WRITES passes file_step().
 */
#ifndef BASE_PROC_H
#define BASE_PROC_H

#include <stddef.h>
#include <sys/types.h>

struct buf;
struct strs;

enum proc_flags {
	PROC_IN      = 1 << 0,	/* p.in writes to the child's stdin */
	PROC_OUT     = 1 << 1,	/* p.out reads from the child's stdout */
	PROC_ERR     = 1 << 2,	/* p.err reads from the child's stderr */
	PROC_NOERR   = 1 << 3,	/* stderr to /dev/null */
	PROC_WRITES  = 1 << 4,	/* it changes something durable: a file_step() */
	PROC_NOOUT   = 1 << 5,	/* stdout to /dev/null */
};

struct proc {
	pid_t pid;		/* 0: not running */
	int in, out, err;	/* -1: not asked for */
};
#define PROC_INIT { .in = -1, .out = -1, .err = -1 }

/* These words as an argv: PROC_ARGV("git", "rev-parse", rev). */
#define PROC_ARGV(...) \
	((char *const *)(const char *const []){ __VA_ARGS__, NULL })

/*
 * Start argv[0] (searched on PATH) in directory `dir` (NULL: here). `env`
 * (may be NULL) holds "NAME=value" to set and "NAME" to unset. What is not
 * asked for by flags is inherited; stdin is /dev/null unless PROC_IN.
 */
int proc_start(struct proc *p, char *const *argv, const char *dir,
	       const struct strs *env, unsigned flags);

/* Close what is open and reap; `code` gets 0..255, or 128 + signal. */
int proc_wait(struct proc *p, int *code);

/*
 * Run to the end: feed `in` (or nothing), append stdout to `out` and stderr
 * to `err` (each may be NULL: /dev/null, or inherited stderr unless
 * PROC_NOERR). Never deadlocks, whatever the sizes.
 */
int proc_capture(char *const *argv, const char *dir, const struct strs *env,
		 const struct buf *in, struct buf *out, struct buf *err,
		 unsigned flags, int *code);

/*
 * The second half of proc_capture(), for what proc_start() began: feed `in`,
 * take what it says, reap it. Between the halves it works beside us.
 */
int proc_finish(struct proc *p, const struct buf *in, struct buf *out,
		struct buf *err, int *code);

/* End it and reap it; nobody wants the answer. Nothing when it never ran. */
void proc_drop(struct proc *p);

/* Write all of it; ERR_FATAL when the reader has gone (SIGPIPE is ignored). */
int proc_write(int fd, const void *data, size_t len);

/* "SIGKILL"; one without a common name is "another signal". */
const char *proc_signal(int sig);

/* Turn this process into another program; returns only on failure. */
int proc_become(char *const *argv);

#endif
