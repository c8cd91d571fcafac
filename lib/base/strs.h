/*
 * strs - a list of strings.
 *
 * Read here:  struct strs l = STRS_INIT; strs_add(); l.item[0..nr); item[nr]
 *             is always NULL once something was added, so l.item serves as
 *             an argv. strs_sort() makes strs_find() a binary search.
 * Owns:       copies of the strings.
 * Fails:      never (mem).
 */
#ifndef BASE_STRS_H
#define BASE_STRS_H

#include <stdbool.h>
#include <stddef.h>

struct strs {
	char **item;
	size_t nr, alloc;
};

#define STRS_INIT { 0 }

void strs_add(struct strs *l, const char *s);
void strs_nadd(struct strs *l, const char *s, size_t len);
void strs_fmt(struct strs *l, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* The string becomes the list's, without a copy. */
void strs_give(struct strs *l, char *s);

/* Add each piece of `s` between `sep`s; empty pieces count. */
void strs_split(struct strs *l, const char *s, char sep);

/* True when `s` is in the list (linear; sorted or not). */
bool strs_has(const struct strs *l, const char *s);

/* Add unless it is there already; true when added. */
bool strs_once(struct strs *l, const char *s);

/* By bytes (which for UTF-8 is by code point). Stable. */
void strs_sort(struct strs *l);

/* Index in a sorted list, or -1. */
long strs_find(const struct strs *l, const char *s);

/* Remove the one at `at`; order of the others stays. */
void strs_drop(struct strs *l, size_t at);

void strs_clear(struct strs *l);

#endif
