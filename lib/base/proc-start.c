#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/proc.h"
#include "base/strs.h"
#include "base/trace.h"

extern char **environ;

/* Which end of which pipe goes where; [0] is read from, [1] written to. */
struct plumbing {
	int in[2], out[2], err[2], word[2];
};

/* How a child that could not become its program says so. */
struct word {
	int errnum;
	bool dir;
};

static int above_stdio(int fd)
{
	int up;

	if (fd < 0 || fd > 2)
		return fd;
	up = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	close(fd);
	return up;
}

static int open_pipe(int *ends, bool wanted)
{
	ends[0] = ends[1] = -1;
	if (!wanted)
		return 0;
	if (pipe(ends))
		return -1;
	for (int i = 0; i < 2; i++) {
		ends[i] = above_stdio(ends[i]);
		if (ends[i] < 0)
			return -1;
		fcntl(ends[i], F_SETFD, FD_CLOEXEC);
	}
	return 0;
}

static void shut(int *ends)
{
	for (int i = 0; i < 2; i++)
		if (ends[i] >= 0)
			close(ends[i]);
	ends[0] = ends[1] = -1;
}

static void shut_all(struct plumbing *f)
{
	shut(f->in);
	shut(f->out);
	shut(f->err);
	shut(f->word);
}

static int open_all(struct plumbing *f, unsigned flags)
{
	int bad = open_pipe(f->in, flags & PROC_IN);

	bad |= open_pipe(f->out, flags & PROC_OUT);
	bad |= open_pipe(f->err, flags & PROC_ERR);
	bad |= open_pipe(f->word, true);
	if (!bad)
		return 0;
	err_sys(ERR_FATAL, "cannot make a pipe");
	shut_all(f);
	return ERR_FATAL;
}

/* Is `name` (up to its '=', if any) what the change `c` is about? */
static bool about(const char *c, const char *name)
{
	size_t len = strcspn(c, "=");

	return !strncmp(c, name, len) && (!name[len] || name[len] == '=');
}

static bool changed(const struct strs *env, const char *name, size_t from)
{
	for (size_t i = from; i < env->nr; i++)
		if (about(env->item[i], name))
			return true;
	return false;
}

static void build_env(struct strs *out, const struct strs *env)
{
	for (char **e = environ; *e; e++)
		if (!changed(env, *e, 0))
			strs_add(out, *e);
	for (size_t i = 0; i < env->nr; i++)
		if (strchr(env->item[i], '=') &&
		    !changed(env, env->item[i], i + 1))
			strs_add(out, env->item[i]);
}

static void plug(int fd, int to, int mode, bool null)
{
	if (fd < 0 && null)
		fd = open("/dev/null", mode | O_CLOEXEC);
	if (fd >= 0 && fd != to)
		dup2(fd, to);
	else if (fd == to)
		fcntl(fd, F_SETFD, 0);
}

/* Handlers of the parent must not run here, and its mask is not ours. */
static void reset_signals(void)
{
	static const int all[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGALRM,
		SIGCHLD, SIGUSR1, SIGUSR2, SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT };
	struct sigaction sa;
	sigset_t none;

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		sigaction(all[i], NULL, &sa);
		if (sa.sa_handler != SIG_IGN)
			signal(all[i], SIG_DFL);
	}
	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void become(struct plumbing *f, char *const *argv, const char *dir,
		   char **env, unsigned flags)
{
	struct word w = { 0 };

	plug(f->in[0], 0, O_RDONLY, true);
	plug(f->out[1], 1, O_WRONLY, flags & PROC_NOOUT);
	plug(f->err[1], 2, O_WRONLY, flags & PROC_NOERR);
	reset_signals();
	if (env)
		environ = env;
	w.dir = dir && chdir(dir);
	if (!w.dir)
		execvp(argv[0], argv);
	w.errnum = errno;
	if (write(f->word[1], &w, sizeof(w)) < 0)
		_exit(126);
	_exit(127);
}

/* Forked with every signal blocked, so none is handled twice. */
static pid_t split(struct plumbing *f, char *const *argv, const char *dir,
		   const struct strs *env, unsigned flags)
{
	struct strs vars = STRS_INIT;
	sigset_t all, old;
	pid_t pid;

	if (env && env->nr)
		build_env(&vars, env);
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &old);
	pid = fork();
	if (!pid)
		become(f, argv, dir, vars.item, flags);
	sigprocmask(SIG_SETMASK, &old, NULL);
	strs_clear(&vars);
	return pid;
}

/* Wait until the child is its program, or says why it cannot be. */
static int hear(int fd, pid_t pid, const char *name, const char *dir)
{
	struct word w;
	ssize_t n;
	int code;

	do
		n = read(fd, &w, sizeof(w));
	while (n < 0 && errno == EINTR);
	if (n != (ssize_t)sizeof(w))
		return 0;
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	errno = w.errnum;
	if (w.dir)
		return err_sys(ERR_FATAL, "cannot enter '%s'", dir);
	code = w.errnum == ENOENT || w.errnum == ENOTDIR ? ERR_NOTFOUND :
		ERR_FATAL;
	return err_sys(code, "cannot run '%s'", name);
}

static void announce(char *const *argv, unsigned flags)
{
	struct buf line = BUF_INIT;

	trace_argv("child", argv);
	if (!(flags & PROC_WRITES))
		return;
	for (char *const *a = argv; *a; a++)
		buf_fmt(&line, "%s%s", a == argv ? "" : " ", *a);
	file_step("child", line.s);
	buf_clear(&line);
}

static int hand_over(int *ends, int which)
{
	int fd = ends[which];

	ends[which] = -1;
	return fd;
}

int proc_start(struct proc *p, char *const *argv, const char *dir,
	       const struct strs *env, unsigned flags)
{
	struct plumbing f;
	int err;

	*p = (struct proc)PROC_INIT;
	announce(argv, flags);
	err = open_all(&f, flags);
	if (err)
		return err;
	p->pid = split(&f, argv, dir, env, flags);
	if (p->pid < 0) {
		err = err_sys(ERR_FATAL, "cannot start '%s'", argv[0]);
	} else {
		close(hand_over(f.word, 1));
		err = hear(f.word[0], p->pid, argv[0], dir);
	}
	if (err) {
		*p = (struct proc)PROC_INIT;
	} else {
		p->in = hand_over(f.in, 1);
		p->out = hand_over(f.out, 0);
		p->err = hand_over(f.err, 0);
	}
	shut_all(&f);
	return err;
}
