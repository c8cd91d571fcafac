#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/mem.h"
#include "base/trace.h"

enum { UNKNOWN = -2, OFF = -1 };

struct region {
	char *name;
	double begun, sum;
	unsigned long times;
};

static int target = UNKNOWN;
static struct {
	struct region *item;
	size_t nr, alloc;
} regions;

static int open_target(const char *value)
{
	if (!value || !*value || !strcmp(value, "0"))
		return OFF;
	if (!strcmp(value, "1") || !strcmp(value, "2"))
		return STDERR_FILENO;
	if (*value != '/')
		return OFF;
	return open(value, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
}

bool trace_on(void)
{
	const char *parent;

	if (target != UNKNOWN)
		return target >= 0;
	target = open_target(getenv("GIT_EXP_TRACE"));
	parent = getenv("GIT_TRACE2_PARENT_SID");
	if (target >= 0 && parent)
		trace("parent", "%s", parent);
	return target >= 0;
}

static void put(const char *where, const char *key, const struct buf *text)
{
	struct buf line = BUF_INIT;
	struct timeval now;
	struct tm tm;

	gettimeofday(&now, NULL);
	localtime_r(&now.tv_sec, &tm);
	buf_fmt(&line, "%02d:%02d:%02d.%06ld %-24s %-8s ", tm.tm_hour,
		tm.tm_min, tm.tm_sec, (long)now.tv_usec, where, key);
	buf_safe(&line, text->s, text->len);
	buf_char(&line, '\n');
	if (write(target, line.s, line.len) < 0)
		target = OFF;
	buf_clear(&line);
}

void trace_line(const char *file, int line, const char *key,
		const char *fmt, ...)
{
	struct buf where = BUF_INIT, text = BUF_INIT;
	va_list ap;

	buf_fmt(&where, "%s:%d", strncmp(file, "lib/", 4) ? file : file + 4, line);
	va_start(ap, fmt);
	buf_vfmt(&text, fmt, ap);
	va_end(ap);
	put(where.s, key, &text);
	buf_clear(&where);
	buf_clear(&text);
}

static void quote(struct buf *b, const char *s)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789%+,-./:=@_^";

	if (*s && !s[strspn(s, plain)]) {
		buf_str(b, s);
		return;
	}
	buf_char(b, '\'');
	for (; *s; s++)
		if (*s == '\'')
			buf_str(b, "'\\''");
		else
			buf_char(b, *s);
	buf_char(b, '\'');
}

void trace_argv(const char *key, char *const *argv)
{
	struct buf text = BUF_INIT;

	if (!trace_on())
		return;
	for (; *argv; argv++) {
		if (text.len)
			buf_char(&text, ' ');
		quote(&text, *argv);
	}
	put("base/proc.c", key, &text);
	buf_clear(&text);
}

static void finish(void)
{
	for (size_t i = 0; i < regions.nr; i++) {
		struct region *r = &regions.item[i];

		if (trace_on())
			trace("sum", "%s: %.6f s, %lu times", r->name, r->sum,
			      r->times);
		free(r->name);
	}
	free(regions.item);
	regions.item = NULL;
	regions.nr = regions.alloc = 0;
}

static struct region *find(const char *name)
{
	for (size_t i = 0; i < regions.nr; i++)
		if (!strcmp(regions.item[i].name, name))
			return &regions.item[i];
	if (!regions.item)
		atexit(finish);
	ARRAY_GROW(&regions);
	regions.item[regions.nr] = (struct region){ .name = mem_dup(name) };
	return &regions.item[regions.nr++];
}

void trace_enter(const char *region)
{
	if (trace_on())
		find(region)->begun = trace_clock();
}

void trace_leave(const char *region)
{
	struct region *r;

	if (!trace_on())
		return;
	r = find(region);
	r->sum += trace_clock() - r->begun;
	r->times++;
	trace("region", "%s: %.6f s", region, trace_clock() - r->begun);
}

double trace_clock(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}
