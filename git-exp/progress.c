#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/os.h"
#include "base/trace.h"
#include "progress.h"
#include "term.h"

void progress_size(struct buf *out, uint64_t bytes)
{
	static const char *const unit[] = { "B", "KiB", "MiB", "GiB", "TiB" };
	double n = (double)bytes;
	size_t u = 0;

	while (n >= 999.5 && u + 1 < sizeof(unit) / sizeof(*unit)) {
		n /= 1024;
		u++;
	}
	buf_fmt(out, "%.*f %s", !u || n >= 99.95 ? 0 : n >= 9.995 ? 1 : 2, n,
		unit[u]);
}

/* 12431 as "12,431". */
static void count(struct buf *out, uint64_t n)
{
	char digits[24];
	int len = snprintf(digits, sizeof(digits), "%llu",
			   (unsigned long long)n);

	for (int i = 0; i < len; i++) {
		if (i && !((len - i) % 3))
			buf_char(out, ',');
		buf_char(out, digits[i]);
	}
}

/* The part that is done, by bytes where their total is known. */
static double part(const struct progress *p)
{
	if (p->bytes_total)
		return (double)p->bytes / (double)p->bytes_total;
	return p->total ? (double)p->done / (double)p->total : 0;
}

static void counts(const struct progress *p, struct buf *out)
{
	if (p->unit) {
		buf_str(out, "  ");
		count(out, p->done);
		if (p->total) {
			buf_str(out, " of ");
			count(out, p->total);
		}
		buf_fmt(out, " %s", p->unit);
	}
	if (!p->bytes && !p->bytes_total)
		return;
	buf_str(out, "   ");
	progress_size(out, p->bytes);
	if (p->bytes_total) {
		buf_str(out, " of ");
		progress_size(out, p->bytes_total);
	}
}

static void speed(const struct progress *p, double took, struct buf *out)
{
	double share = part(p);

	if (took <= 0)
		return;
	if (p->bytes) {
		buf_str(out, "   ");
		progress_size(out, (uint64_t)((double)p->bytes / took));
		buf_str(out, "/s");
	}
	if (share > 0 && share < 1)
		buf_fmt(out, "   %.0f s left", took / share - took);
}

void progress_line(const struct progress *p, double now, struct buf *out)
{
	buf_safe(out, p->what, strlen(p->what));
	if (p->total || p->bytes_total)
		buf_fmt(out, "  %3.0f %%", 100 * part(p));
	counts(p, out);
	speed(p, now - p->began, out);
}

static double first_after(void)
{
	const char *env = getenv("GIT_PROGRESS_DELAY");

	return env && *env ? atof(env) : 1;
}

void progress_begin(struct progress *p, const char *what, const char *unit,
		    uint64_t total, uint64_t bytes_total)
{
	memset(p, 0, sizeof(*p));
	p->what = what;
	p->unit = unit;
	p->total = total;
	p->bytes_total = bytes_total;
	p->on = isatty(STDERR_FILENO);
	p->delay = p->on ? first_after() : 0;
	p->began = p->on ? trace_clock() : 0;
}

static void paint(struct progress *p, double now)
{
	struct buf b = BUF_INIT;
	int cols = term_columns(STDERR_FILENO);

	progress_line(p, now, &b);
	if (cols > 1)
		buf_cut(&b, term_fit(b.s, b.len, cols - 1));
	fprintf(stderr, "\r\033[K%s", b.s);
	fflush(stderr);
	buf_clear(&b);
	p->shown = now;
}

void progress_step(struct progress *p, uint64_t done, uint64_t bytes)
{
	double now;

	p->done += done;
	p->bytes += bytes;
	if (!p->on)
		return;
	now = trace_clock();
	if (now - p->began >= p->delay && now - p->shown >= 0.1)
		paint(p, now);
}

void progress_end(struct progress *p)
{
	if (p->on && p->shown > 0)
		fputs("\r\033[K", stderr);
	p->on = false;
}
