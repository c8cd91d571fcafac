#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "flow/exec-part.h"

static const int caught_signals[EXEC_SIGNALS] = {
	SIGINT, SIGTERM, SIGHUP, SIGCHLD, SIGWINCH,
};

static struct {
	int fd;
	volatile sig_atomic_t unseen;
} handler;

static bool ends_us(int sig)
{
	return sig == SIGINT || sig == SIGTERM || sig == SIGHUP;
}

static void on_signal(int sig)
{
	unsigned char byte = (unsigned char)sig;
	int saved = errno;

	if (ends_us(sig) && handler.unseen) {
		signal(sig, SIG_DFL);
		raise(sig);
	}
	if (ends_us(sig))
		handler.unseen = 1;
	while (write(handler.fd, &byte, 1) < 0 && errno == EINTR)
		;
	errno = saved;
}

void exec_catch(struct exec_signals *s)
{
	struct sigaction sa = { .sa_handler = on_signal, .sa_flags = SA_RESTART };

	s->ends[0] = s->ends[1] = -1;
	if (pipe(s->ends))
		return;
	for (int i = 0; i < 2; i++) {
		fcntl(s->ends[i], F_SETFD, FD_CLOEXEC);
		fcntl(s->ends[i], F_SETFL, O_NONBLOCK);
	}
	handler.fd = s->ends[1];
	handler.unseen = 0;
	sigemptyset(&sa.sa_mask);
	for (size_t i = 0; i < EXEC_SIGNALS; i++) {
		sigaction(caught_signals[i], NULL, &s->old[i]);
		if (s->old[i].sa_handler != SIG_IGN ||
		    !ends_us(caught_signals[i]))
			sigaction(caught_signals[i], &sa, NULL);
	}
}

void exec_release(struct exec_signals *s)
{
	if (s->ends[0] < 0)
		return;
	for (size_t i = 0; i < EXEC_SIGNALS; i++)
		sigaction(caught_signals[i], &s->old[i], NULL);
	close(s->ends[0]);
	close(s->ends[1]);
}

int exec_caught(struct exec_signals *s)
{
	unsigned char byte;

	if (s->ends[0] < 0 || read(s->ends[0], &byte, 1) != 1)
		return 0;
	if (ends_us(byte))
		handler.unseen = 0;
	return byte;
}

void exec_default_signals(void)
{
	sigset_t none;

	for (size_t i = 0; i < EXEC_SIGNALS; i++) {
		struct sigaction sa;

		sigaction(caught_signals[i], NULL, &sa);
		if (sa.sa_handler == on_signal)
			signal(caught_signals[i], SIG_DFL);
	}
	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* --- the terminal ----------------------------------------------------- */

bool exec_term_ours(void)
{
	return isatty(STDIN_FILENO) && tcgetpgrp(STDIN_FILENO) == getpgrp();
}

void exec_term_raw(struct exec_term *m)
{
	struct termios raw;

	if (m->raw || !exec_term_ours() || tcgetattr(STDIN_FILENO, &m->saved))
		return;
	raw = m->saved;
	raw.c_iflag &= ~(tcflag_t)(BRKINT | ICRNL | IGNCR | INLCR | INPCK |
				   ISTRIP | IXON | PARMRK);
	raw.c_oflag &= ~(tcflag_t)OPOST;
	raw.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | IEXTEN | ISIG);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	m->raw = !tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
}

void exec_term_restore(struct exec_term *m)
{
	if (m->raw)
		tcsetattr(STDIN_FILENO, TCSADRAIN, &m->saved);
	m->raw = false;
	m->nr = 0;
}

void exec_term_read(struct exec_term *m, struct task *t)
{
	ssize_t n = read(STDIN_FILENO, m->ahead + m->nr,
			 sizeof(m->ahead) - m->nr);
	struct termios its;
	bool keys = !tcgetattr(t->fd, &its) && (its.c_lflag & ISIG);

	if (n <= 0)
		return;
	if (keys && memchr(m->ahead + m->nr, its.c_cc[VINTR], (size_t)n))
		t->typed = true;
	m->nr += (size_t)n;
	exec_term_feed(m, t);
}

void exec_term_feed(struct exec_term *m, struct task *t)
{
	ssize_t n = write(t->fd, m->ahead, m->nr);

	if (n > 0) {
		m->nr -= (size_t)n;
		memmove(m->ahead, m->ahead + n, m->nr);
	}
}
