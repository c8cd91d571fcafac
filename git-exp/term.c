#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/os.h"
#include "base/strs.h"
#include "repo/repo.h"
#include "term.h"

static const char *const styles[] = {
	[STYLE_RESET]   = "\033[m",
	[STYLE_BOLD]    = "\033[1m",
	[STYLE_DIM]     = "\033[2m",
	[STYLE_GOOD]    = "\033[32m",
	[STYLE_BAD]     = "\033[31m",
	[STYLE_CHANGED] = "\033[33m",
	[STYLE_NAME]    = "\033[36m",
	[STYLE_HEAD]    = "\033[1m",
};

const char *term_style(const struct term *t, enum term_style s)
{
	return t->color ? styles[s] : "";
}

static const char *config(struct repo *r, const char *key)
{
	return r ? repo_config(r, key) : NULL;
}

/* Words git takes for true and false: 1, 0, or -1 for any other text. */
static int truth(const char *s)
{
	if (!*s || !strcasecmp(s, "false") || !strcasecmp(s, "no") ||
	    !strcasecmp(s, "off") || !strcmp(s, "0"))
		return 0;
	if (!strcasecmp(s, "true") || !strcasecmp(s, "yes") ||
	    !strcasecmp(s, "on") || !strcmp(s, "1"))
		return 1;
	return -1;
}

static bool in_pager(void)
{
	const char *env = getenv("GIT_PAGER_IN_USE");

	return env && truth(env) == 1;
}

static bool can_color(struct repo *r, int fd)
{
	const char *name = getenv("TERM"), *off = getenv("NO_COLOR");

	if ((off && *off) || !name || !strcmp(name, "dumb"))
		return false;
	if (isatty(fd))
		return true;
	return fd == STDOUT_FILENO && in_pager() &&
	       (!r || repo_config_bool(r, "color.pager", true));
}

bool term_color(struct repo *r, int fd)
{
	const char *want = config(r, "color.exp");

	if (!want)
		want = config(r, "color.ui");
	if (want && !strcasecmp(want, "always"))
		return true;
	if (want && (!strcasecmp(want, "never") || !truth(want)))
		return false;
	return can_color(r, fd);
}

int term_columns(int fd)
{
	const char *env = getenv("COLUMNS");
	int cols = env ? atoi(env) : 0, rows;

	if (cols > 0)
		return cols;
	if (os_win_size(fd, &cols, &rows) || cols < 1)
		return 0;
	return cols;
}

/* git's own answer, which knows GIT_PAGER, core.pager, PAGER and `less`. */
static char *git_pager(struct repo *r)
{
	const char *const args[] = { "var", "GIT_PAGER", NULL };
	struct buf b = BUF_INIT;

	if (!r || repo_git(r, args, NULL, NULL, &b, 0)) {
		buf_clear(&b);
		return NULL;
	}
	while (buf_ends(&b, "\n"))
		buf_cut(&b, b.len - 1);
	return buf_take(&b);
}

/* pager.exp-<cmd> is a truth, or the pager's command itself. */
static char *choose_pager(struct repo *r, const char *cmd)
{
	char *key = mem_fmt("pager.exp-%s", cmd), *pager;
	const char *set = config(r, key);
	int yes = set ? truth(set) : 1;

	pager = yes < 0 ? mem_dup(set) : yes ? git_pager(r) : NULL;
	free(key);
	if (pager && (!*pager || !strcmp(pager, "cat")))
		mem_set(&pager, NULL);
	return pager;
}

static void pager_env(struct strs *env, int cols, bool chop)
{
	if (!getenv("LESS"))
		strs_add(env, chop ? "LESS=FRSX" : "LESS=FRX");
	if (!getenv("LV"))
		strs_add(env, "LV=-c");
	strs_add(env, "GIT_PAGER_IN_USE=true");
	if (cols)
		strs_fmt(env, "COLUMNS=%d", cols);
}

static void start_pager(struct term *t, char *pager, bool chop)
{
	char *argv[] = { (char[]){ "sh" }, (char[]){ "-c" }, pager, NULL };
	struct strs env = STRS_INIT;

	pager_env(&env, t->width, chop);
	fflush(stdout);
	if (proc_start(&t->pager, argv, NULL, &env, PROC_IN)) {
		err_clear();
	} else {
		t->out = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
		dup2(t->pager.in, STDOUT_FILENO);
		close(t->pager.in);
		t->pager.in = -1;
	}
	strs_clear(&env);
}

void term_open(struct term *t, struct repo *r, const char *cmd,
	       unsigned flags)
{
	char *pager = NULL;

	t->width = isatty(STDOUT_FILENO) || in_pager() ?
		term_columns(STDOUT_FILENO) : 0;
	t->color = term_color(r, STDOUT_FILENO);
	if (flags & TERM_PAGER && isatty(STDOUT_FILENO) && !in_pager())
		pager = choose_pager(r, cmd);
	if (pager)
		start_pager(t, pager, flags & TERM_CHOP);
	if (t->out >= 0 && t->color && r)
		t->color = repo_config_bool(r, "color.pager", true);
	free(pager);
}

void term_close(struct term *t)
{
	int code;

	fflush(stdout);
	if (t->out < 0)
		return;
	dup2(t->out, STDOUT_FILENO);	/* the pager sees the end of its input */
	close(t->out);
	t->out = -1;
	if (proc_wait(&t->pager, &code))
		err_clear();
}
