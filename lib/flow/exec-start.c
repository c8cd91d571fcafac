#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/os.h"
#include "base/trace.h"
#include "flow/exec-part.h"

extern char **environ;

struct child {
	struct strs argv, env;
	int in, out;		/* what becomes 0, and 1 and 2 */
	const struct task *task;
};

static bool named(const char *item, const char *name)
{
	size_t n = strcspn(name, "=");

	return !strncmp(item, name, n) && (item[n] == '=' || !item[n]);
}

static bool overridden(const struct strs *changes, const char *item)
{
	for (size_t i = 0; i < changes->nr; i++)
		if (named(item, changes->item[i]))
			return true;
	return false;
}

static void make_env(struct strs *out, const struct strs *changes)
{
	for (char **e = environ; *e; e++)
		if (!overridden(changes, *e))
			strs_add(out, *e);
	for (size_t i = 0; i < changes->nr; i++)
		if (strchr(changes->item[i], '='))
			strs_add(out, changes->item[i]);
}

/* Only what a signal handler may do: between fork() and exec(). */
static void become(const struct child *c)
{
	static const char sorry[] = "cannot start the shell\n";

	exec_default_signals();
	if (c->task->tty) {
		if (os_pty_login(c->out) < 0)
			setsid();
	} else {
		setpgid(0, 0);
	}
	if (!chdir(c->task->dir) && dup2(c->in, 0) >= 0 &&
	    dup2(c->out, 1) >= 0 && dup2(c->out, 2) >= 0) {
		environ = c->env.item;
		execvp(c->argv.item[0], c->argv.item);
	}
	if (write(c->out, sorry, sizeof(sorry) - 1) < 0)
		_exit(126);
	_exit(127);
}

static int above_stdio(int fd)
{
	int up = fd < 0 || fd > 2 ? fd : fcntl(fd, F_DUPFD_CLOEXEC, 3);

	if (up != fd)
		close(fd);
	return up;
}

static int open_pipe(struct task *t, struct child *c)
{
	int ends[2];

	if (pipe(ends))
		return err_sys(ERR_FATAL, "pipe");
	t->fd = above_stdio(ends[0]);
	c->out = above_stdio(ends[1]);
	fcntl(t->fd, F_SETFD, FD_CLOEXEC);
	fcntl(c->out, F_SETFD, FD_CLOEXEC);
	return 0;
}

static int open_tty(struct task *t, struct child *c)
{
	if (os_pty(&t->fd, &c->out) < 0)
		return -1;
	t->fd = above_stdio(t->fd);
	c->out = above_stdio(c->out);
	os_win_copy(STDOUT_FILENO, t->fd);
	return 0;
}

/* A job on a terminal reads from it; one on a pipe must not stop at ours. */
static int choose_in(const struct task *t, const struct child *c)
{
	if (t->tty && isatty(STDIN_FILENO))
		return c->out;
	if ((t->tty || t->in) && !isatty(STDIN_FILENO) &&
	    fcntl(STDIN_FILENO, F_GETFD) >= 0)
		return STDIN_FILENO;
	return above_stdio(open("/dev/null", O_RDONLY | O_CLOEXEC));
}

static int fork_it(struct task *t, struct child *c)
{
	fflush(NULL);
	t->pid = fork();
	if (!t->pid)
		become(c);
	if (t->pid < 0)
		return err_sys(ERR_FATAL, "fork");
	if (!t->tty)
		setpgid(t->pid, t->pid);
	fcntl(t->fd, F_SETFL, O_NONBLOCK);
	return 0;
}

int exec_spawn(struct task *t)
{
	struct child c = { .argv = STRS_INIT, .env = STRS_INIT,
			   .in = -1, .out = -1, .task = t };
	int err = 0;

	if (t->tty && open_tty(t, &c))
		t->tty = false;
	if (!t->tty)
		err = open_pipe(t, &c);
	if (!err) {
		c.in = choose_in(t, &c);
		exec_argv(&c.argv, NULL, t->cmds.item[t->next]);
		make_env(&c.env, &t->env);
		trace_argv("stage", c.argv.item);
		err = fork_it(t, &c);
	}
	if (c.in > 2 && c.in != c.out)
		close(c.in);
	if (c.out >= 0)
		close(c.out);
	strs_clear(&c.argv);
	strs_clear(&c.env);
	return err;
}
