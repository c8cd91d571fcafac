#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/proc.h"
#include "base/trace.h"

static void shut(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

int proc_wait(struct proc *p, int *code)
{
	int status = 0;
	pid_t got;

	shut(&p->in);
	shut(&p->out);
	shut(&p->err);
	do
		got = waitpid(p->pid, &status, 0);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return err_sys(ERR_FATAL, "cannot wait for process %ld",
			       (long)p->pid);
	*code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) :
		WEXITSTATUS(status);
	trace("exit", "%ld: %d", (long)p->pid, *code);
	p->pid = 0;
	return 0;
}

/* One write during which a reader that has gone is an error, not our end. */
static ssize_t write_some(int fd, const void *data, size_t len)
{
	struct sigaction ignore, old;
	ssize_t n;
	int saved;

	memset(&ignore, 0, sizeof(ignore));
	ignore.sa_handler = SIG_IGN;
	sigemptyset(&ignore.sa_mask);
	sigaction(SIGPIPE, &ignore, &old);
	n = write(fd, data, len);
	saved = errno;
	sigaction(SIGPIPE, &old, NULL);
	errno = saved;
	return n;
}

static void wait_for(int fd, short events)
{
	struct pollfd p = { .fd = fd, .events = events };

	poll(&p, 1, -1);
}

int proc_write(int fd, const void *data, size_t len)
{
	const char *s = data;

	while (len) {
		ssize_t n = write_some(fd, s, len);

		if (n < 0 && errno == EAGAIN)
			wait_for(fd, POLLOUT);
		else if (n < 0 && errno != EINTR)
			return err_sys(ERR_FATAL, "cannot write to a child");
		s += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
	return 0;
}

/* A child may end without reading all it is offered; that is its affair. */
static int feed(int *fd, const struct buf *in, size_t *done)
{
	ssize_t n = write_some(*fd, in->s + *done, in->len - *done);

	if (n < 0 && errno != EAGAIN && errno != EINTR && errno != EPIPE)
		return err_sys(ERR_FATAL, "cannot write to a child");
	*done += n > 0 ? (size_t)n : 0;
	if (*done == in->len || (n < 0 && errno == EPIPE))
		shut(fd);
	return 0;
}

static int drain(int *fd, struct buf *out)
{
	ssize_t n;

	buf_room(out, 1 << 16);
	n = read(*fd, out->s + out->len, 1 << 16);
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		return err_sys(ERR_FATAL, "cannot read from a child");
	if (!n)
		shut(fd);
	out->len += n > 0 ? (size_t)n : 0;
	out->s[out->len] = '\0';
	return 0;
}

static int talk(struct proc *p, const struct buf *in, struct buf *out,
		struct buf *errors)
{
	size_t done = 0;
	int err = 0;

	if (p->in >= 0)
		fcntl(p->in, F_SETFL, fcntl(p->in, F_GETFL) | O_NONBLOCK);
	while (!err && (p->in >= 0 || p->out >= 0 || p->err >= 0)) {
		struct pollfd f[] = {
			{ .fd = p->in, .events = POLLOUT },
			{ .fd = p->out, .events = POLLIN },
			{ .fd = p->err, .events = POLLIN },
		};

		if (poll(f, 3, -1) < 0 && errno != EINTR)
			return err_sys(ERR_FATAL, "cannot wait for a child");
		if (f[0].revents)
			err = feed(&p->in, in, &done);
		if (!err && f[1].revents)
			err = drain(&p->out, out);
		if (!err && f[2].revents)
			err = drain(&p->err, errors);
	}
	return err;
}

int proc_finish(struct proc *p, const struct buf *in, struct buf *out,
		struct buf *errors, int *code)
{
	int err = talk(p, in, out, errors), late;

	if (err)
		kill(p->pid, SIGTERM);
	late = proc_wait(p, code);
	return err ? err : late;
}

void proc_drop(struct proc *p)
{
	int code;

	if (p->pid <= 0)
		return;
	kill(p->pid, SIGTERM);
	if (proc_wait(p, &code))
		err_clear();
	p->pid = 0;
}

int proc_capture(char *const *argv, const char *dir, const struct strs *env,
		 const struct buf *in, struct buf *out, struct buf *errors,
		 unsigned flags, int *code)
{
	struct proc p = PROC_INIT;
	int err;

	flags |= in && in->len ? PROC_IN : 0;
	flags |= out ? PROC_OUT : PROC_NOOUT;
	flags |= errors ? PROC_ERR : 0;
	err = proc_start(&p, argv, dir, env, flags);
	return err ? err : proc_finish(&p, in, out, errors, code);
}

int proc_become(char *const *argv)
{
	trace_argv("become", argv);
	execvp(argv[0], argv);
	return err_sys(errno == ENOENT ? ERR_NOTFOUND : ERR_FATAL,
		       "cannot run '%s'", argv[0]);
}
