/*
 * fuzz - what a reader owes to bytes that nobody meant for it.
 *
 * Read here:  each f-*.c feeds one reader; replay.c has the main, or link one
 *             with clang -fsanitize=fuzzer instead. must() ends the program
 *             when a promise is broken; fuzz_refused() is the promise of every
 *             reader that fails: a code, and one line that says why.
 * Owns:       nothing.
 * Fails:      by abort(), with the promise on stderr.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include "base/err.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define must(promise) \
	((promise) ? (void)0 : fuzz_broken(__FILE__, __LINE__, #promise))

static inline void fuzz_broken(const char *file, int line, const char *what)
{
	fprintf(stderr, "%s:%d: not so: %s (the last message: %s)\n", file, line,
		what, err_message());
	abort();
}

static inline void fuzz_refused(int err)
{
	const char *s = err_message();

	must(err <= ERR_FATAL && err >= ERR_STAGE);
	must(*s && !strchr(s, '\n') && strcmp(s, "no error") != 0);
	for (; *s; s++)
		must((unsigned char)*s >= ' ' && *s != 0x7f);
	err_clear();
}

#endif
