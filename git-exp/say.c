#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/strs.h"
#include "repo/repo.h"
#include "cmd.h"
#include "say.h"

/* One write, so that lines of several processes do not mix. */
static void line(const char *lead, const char *text, size_t len)
{
	struct buf b = BUF_INIT;

	fflush(stdout);
	if (isatty(STDERR_FILENO))
		buf_str(&b, "\r\033[K");	/* a progress line may stand here */
	buf_str(&b, lead);
	buf_safe(&b, text, len);
	buf_char(&b, '\n');
	fwrite(b.s, 1, b.len, stderr);
	buf_clear(&b);
}

static void __attribute__((format(printf, 2, 0)))
vline(const char *lead, const char *fmt, va_list ap)
{
	struct buf b = BUF_INIT;

	buf_vfmt(&b, fmt, ap);
	line(lead, b.s, b.len);
	buf_clear(&b);
}

void say_fatal(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vline("fatal: ", fmt, ap);
	va_end(ap);
}

void say_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vline("error: ", fmt, ap);
	va_end(ap);
}

void say_warning(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vline("warning: ", fmt, ap);
	va_end(ap);
}

void say_warned(const char *text)
{
	line("warning: ", text, strlen(text));
}

static bool wanted(struct repo *r, const char *name)
{
	const char *env = getenv("GIT_ADVICE");
	char *key;
	bool yes;

	if (env && (!strcmp(env, "0") || !strcmp(env, "false")))
		return false;
	if (!r)
		return true;
	key = mem_fmt("advice.exp%s", name);
	yes = repo_config_bool(r, "advice.exp", true) &&
	      repo_config_bool(r, key, true);
	free(key);
	return yes;
}

void say_hint(struct repo *r, const char *name, const char *fmt, ...)
{
	va_list ap;

	if (!wanted(r, name))
		return;
	va_start(ap, fmt);
	vline("hint: ", fmt, ap);
	va_end(ap);
}

/* Reading the settings may fail and take the slot: the texts are copied. */
static void message(struct repo *r, const char *lead)
{
	struct strs hints = STRS_INIT;

	line(lead, err_message(), strlen(err_message()));
	if (err_hints())
		strs_split(&hints, err_hints(), '\n');
	if (hints.nr && wanted(r, "Hint"))
		for (size_t i = 0; i < hints.nr; i++)
			line("hint: ", hints.item[i], strlen(hints.item[i]));
	strs_clear(&hints);
	err_clear();
}

int say_failed(struct repo *r)
{
	message(r, "fatal: ");
	return EXIT_FATAL;
}

int say_no(struct repo *r)
{
	message(r, "error: ");
	return EXIT_NO;
}
