#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/os.h"
#include "base/trace.h"
#include "flow/exec-part.h"

enum { GRACE = 5 };		/* seconds */

struct local {
	struct exec exec;
	struct exec_signals signals;
	struct exec_term term;
	struct task *item;
	size_t nr, alloc;
	size_t turn;		/* whose output is read first */
	char out[65536];
};

static void drop(struct task *t)
{
	if (t->fd >= 0)
		close(t->fd);
	strs_clear(&t->cmds);
	strs_clear(&t->env);
	free(t->dir);
}

/* One that is over, or a new one. */
static struct task *slot(struct local *l)
{
	for (size_t i = 0; i < l->nr; i++)
		if (l->item[i].state == TASK_OVER) {
			drop(&l->item[i]);
			return &l->item[i];
		}
	ARRAY_GROW(l);
	return &l->item[l->nr++];
}

static int start(struct exec *x, const struct exec_job *job, size_t *id)
{
	struct local *l = (struct local *)x;
	struct task *t;

	if (!file_is_dir(job->dir))
		return err_set(ERR_NOTFOUND,
			       "working directory '%s' does not exist",
			       job->dir);
	t = slot(l);
	*id = (size_t)(t - l->item);
	*t = (struct task){ .fd = -1, .dir = mem_dup(job->dir),
			    .state = job->cmds->nr ? TASK_NEXT : TASK_DRAIN,
			    .tty = job->tty, .in = job->in,
			    .began = trace_clock() };
	for (size_t i = 0; i < job->cmds->nr; i++)
		strs_add(&t->cmds, job->cmds->item[i]);
	for (size_t i = 0; job->env && i < job->env->nr; i++)
		strs_add(&t->env, job->env->item[i]);
	return 0;
}

/* --- one task --------------------------------------------------------- */

static void reap(struct task *t)
{
	struct os_usage use = { 0 };
	int status;

	if (os_wait(t->pid, &status, WNOHANG, &use) != t->pid)
		return;
	t->result.exit = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
	t->result.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	t->result.cpu += use.cpu;
	if (use.rss > t->result.rss)
		t->result.rss = use.rss;
	t->state = TASK_DRAIN;
	t->gone = trace_clock();
}

static void hang_up(struct task *t)
{
	if (t->fd >= 0)
		close(t->fd);
	t->fd = -1;
}

/* True when there were bytes to hand on. */
static bool hear(struct local *l, struct task *t, struct exec_event *ev)
{
	ssize_t n = -1;

	if (t->fd >= 0)
		n = read(t->fd, l->out, sizeof(l->out));
	if (n > 0) {
		ev->kind = EXEC_OUTPUT;
		ev->text = l->out;
		ev->len = (size_t)n;
		return true;
	}
	if (t->fd >= 0 && (!n || (errno != EAGAIN && errno != EINTR)))
		hang_up(t);
	return false;
}

/* What a terminal was told arrives a moment after its writer has gone. */
static bool hear_last(struct local *l, struct task *t, struct exec_event *ev)
{
	struct pollfd fd = { t->fd, POLLIN, 0 };

	return t->tty && t->fd >= 0 && poll(&fd, 1, 50) > 0 && hear(l, t, ev);
}

/*
 * Its shell ended as it was told, but what that had started has not (a worker
 * that saves its state): it may take a moment, and then has to go.
 */
static bool lingers(const struct task *t)
{
	if (!t->told || t->fd < 0 || kill(-t->pid, 0))
		return false;
	if (trace_clock() - t->gone < GRACE)
		return true;
	kill(-t->pid, SIGKILL);
	return false;
}

static bool failed(const struct exec_result *r)
{
	return r->exit || r->signal;
}

static void finish(struct local *l, struct task *t, struct exec_event *ev)
{
	hang_up(t);
	exec_term_restore(&l->term);
	t->pid = 0;
	if (!failed(&t->result) && ++t->next < t->cmds.nr) {
		t->state = TASK_NEXT;
		return;
	}
	t->state = TASK_OVER;
	t->result.secs = trace_clock() - t->began;
	t->result.typed = t->typed && (t->result.signal == SIGINT ||
				       t->result.exit == 128 + SIGINT);
	ev->kind = EXEC_DONE;
	ev->result = t->result;
}

static int spawn(struct local *l, struct task *t)
{
	int err = exec_spawn(t);

	if (err)
		return err;
	t->state = TASK_RUNS;
	if (t->tty)
		exec_term_raw(&l->term);
	return 0;
}

/* What needs no waiting; true when `ev` was filled. */
static int advance(struct local *l, struct task *t, struct exec_event *ev)
{
	int err = 0;

	if (t->state == TASK_DRAIN && !hear(l, t, ev) &&
	    !hear_last(l, t, ev) && !lingers(t))
		finish(l, t, ev);
	if (t->state == TASK_SPAWN)
		err = spawn(l, t);
	if (t->state == TASK_NEXT && ev->kind == EXEC_NONE) {
		t->state = TASK_SPAWN;
		ev->kind = EXEC_COMMAND;
		ev->text = t->cmds.nr ? t->cmds.item[t->next] : "";
		ev->len = strlen(ev->text);
	}
	return err;
}

/* --- all of them ------------------------------------------------------ */

static int advance_all(struct local *l, struct exec_event *ev)
{
	int err = 0;

	for (size_t i = 0; !err && i < l->nr && ev->kind == EXEC_NONE; i++) {
		ev->job = i;
		err = advance(l, &l->item[i], ev);
	}
	return err;
}

static struct task *on_tty(struct local *l)
{
	for (size_t i = 0; l->term.raw && i < l->nr; i++)
		if (l->item[i].state == TASK_RUNS && l->item[i].tty)
			return &l->item[i];
	return NULL;
}

static void take_signals(struct local *l, struct exec_event *ev)
{
	struct task *t = on_tty(l);
	int sig;

	while (ev->kind == EXEC_NONE && (sig = exec_caught(&l->signals))) {
		if (sig == SIGWINCH && t) {
			os_win_copy(STDOUT_FILENO, t->fd);
		} else if (sig != SIGCHLD && sig != SIGWINCH) {
			ev->kind = EXEC_SIGNAL;
			ev->signal = sig;
		}
	}
	for (size_t i = 0; i < l->nr; i++)
		if (l->item[i].state == TASK_RUNS)
			reap(&l->item[i]);
}

/* Descriptors to wait for: signals, the keyboard, then tasks in their turn. */
static size_t list(struct local *l, struct pollfd *fds, struct task *tty)
{
	size_t nr = 0;

	fds[nr++] = (struct pollfd){ l->signals.ends[0], POLLIN, 0 };
	fds[nr++] = (struct pollfd){ tty && l->term.nr < sizeof(l->term.ahead)
				     ? STDIN_FILENO : -1, POLLIN, 0 };
	for (size_t i = 0; i < l->nr; i++) {
		struct task *t = &l->item[(l->turn + i) % l->nr];
		bool typed = t == tty && l->term.nr;

		fds[nr++] = (struct pollfd){
			t->state == TASK_RUNS || t->state == TASK_DRAIN ?
				t->fd : -1,
			(short)(POLLIN | (typed ? POLLOUT : 0)), 0
		};
	}
	return nr;
}

static void wait_for(struct local *l, long ms, struct exec_event *ev)
{
	struct pollfd *fds = mem_new(l->nr + 2, sizeof(*fds));
	struct task *tty = on_tty(l);
	size_t nr = list(l, fds, tty), turn = l->turn;

	for (size_t i = 0; i < l->nr; i++)
		if (l->item[i].state == TASK_DRAIN && (ms < 0 || ms > 50))
			ms = 50;

	if (poll(fds, (nfds_t)nr, (int)ms) > 0) {
		if (tty && (fds[1].revents & (POLLIN | POLLHUP)))
			exec_term_read(&l->term, tty);
		for (size_t i = 0; i < l->nr; i++) {
			size_t at = (turn + i) % l->nr;
			short got = fds[i + 2].revents;

			if (got & POLLOUT)
				exec_term_feed(&l->term, &l->item[at]);
			if (!(got & ~POLLOUT) || ev->kind != EXEC_NONE)
				continue;
			ev->job = at;
			l->turn = (at + 1) % l->nr;
			hear(l, &l->item[at], ev);
		}
	}
	free(fds);
}

static int poll_once(struct exec *x, long ms, struct exec_event *ev)
{
	struct local *l = (struct local *)x;
	int err;

	*ev = (struct exec_event){ .kind = EXEC_NONE };
	do {
		take_signals(l, ev);
		err = advance_all(l, ev);
		if (!err && ev->kind == EXEC_NONE)
			wait_for(l, ms, ev);
		if (!err && ev->kind == EXEC_NONE) {
			take_signals(l, ev);
			err = ev->kind == EXEC_NONE ? advance_all(l, ev) : 0;
		}
	} while (!err && ev->kind == EXEC_NONE && ms < 0);
	return err;
}

static void pass_on(struct exec *x, size_t id, int sig)
{
	struct task *t = &((struct local *)x)->item[id];

	if (t->pid <= 0 ||
	    (t->state != TASK_RUNS && t->state != TASK_DRAIN))
		return;
	t->told = true;
	kill(-t->pid, sig);
}

static void clear(struct exec *x)
{
	struct local *l = (struct local *)x;

	exec_term_restore(&l->term);
	exec_release(&l->signals);
	for (size_t i = 0; i < l->nr; i++)
		drop(&l->item[i]);
	free(l->item);
	free(l);
}

struct exec *exec_local(void)
{
	struct local *l = mem_new(1, sizeof(*l));

	l->exec = (struct exec){ start, poll_once, pass_on, clear };
	exec_catch(&l->signals);
	return &l->exec;
}
