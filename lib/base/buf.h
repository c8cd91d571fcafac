/*
 * buf - a string of bytes that grows.
 *
 * Read here:  struct buf b = BUF_INIT; buf_add...(); use b.s and b.len;
 *             buf_clear(). b.s is never NULL and always has a NUL after
 *             b.len bytes, so a text can be handed to any C function; bytes
 *             may themselves hold NULs.
 * Owns:       its bytes; buf_take() hands them over.
 * Fails:      never (mem).
 * Knows:      nothing of files.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct buf {
	char *s;		/* never NULL after BUF_INIT */
	size_t len;		/* bytes without the NUL */
	size_t alloc;		/* 0: s is the shared empty string */
};

extern char buf_empty[];
#define BUF_INIT { .s = buf_empty }

void buf_add(struct buf *b, const void *data, size_t len);
void buf_str(struct buf *b, const char *s);
void buf_char(struct buf *b, char c);
void buf_fmt(struct buf *b, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void buf_vfmt(struct buf *b, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

/* Room for `more` bytes behind b.len, to be written and counted by the caller. */
void buf_room(struct buf *b, size_t more);

/* Replace `len` bytes at `at` by others (either length may be 0). */
void buf_splice(struct buf *b, size_t at, size_t len,
		const void *data, size_t n);

/* Cut to `len` bytes; `len` must not exceed b.len. */
void buf_cut(struct buf *b, size_t len);

/* Empty it, keep the memory. */
void buf_reset(struct buf *b);

/* Give the memory back; usable and empty afterwards. */
void buf_clear(struct buf *b);

/* The bytes become the caller's, to be freed; the buf is empty afterwards. */
char *buf_take(struct buf *b);

/* True when it ends with `s`. */
bool buf_ends(const struct buf *b, const char *s);

/*
 * `s` made safe for a terminal and a message of one line: C0, C1, DEL, bidi
 * controls and invalid UTF-8 become \xNN or \n, \t; other bytes stay.
 */
void buf_safe(struct buf *b, const char *s, size_t len);

#endif
