/*
 * trace - what happened when, for whoever debugs us.
 *
 * Read here:  GIT_EXP_TRACE=1|2|/abs/file switches it on; trace() writes one
 *             line "hh:mm:ss.uuuuuu file:line  key  text"; trace_enter() and
 *             trace_leave() time a region, and a sum per region is written
 *             at the end. Without the variable each call is one test.
 * Owns:       the trace file, opened once per process.
 * Fails:      never: an unwritable target switches tracing off.
 */
#ifndef BASE_TRACE_H
#define BASE_TRACE_H

#include <stdbool.h>

/* True when tracing is on (to avoid costly arguments). */
bool trace_on(void);

#define trace(key, ...) \
	(trace_on() ? trace_line(__FILE__, __LINE__, key, __VA_ARGS__) : (void)0)

void trace_line(const char *file, int line, const char *key,
		const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* "key  argv[0] argv[1] ..." quoted for a shell. */
void trace_argv(const char *key, char *const *argv);

void trace_enter(const char *region);
void trace_leave(const char *region);

/* Seconds since some fixed point, monotonic; for "took 6.1 s". */
double trace_clock(void);

#endif
