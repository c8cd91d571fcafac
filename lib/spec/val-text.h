/*
 * val-text - characters as the readers of text need them; a part of val.
 *
 * Read here:  val_utf8() before anything is read: every reader refuses bytes
 *             that are not UTF-8, as DVC does when it opens the file.
 *             val_hex() and val_put_char() are for escapes in strings;
 *             val_lines() counts lines on the way through the text.
 * Owns:       nothing.
 * Fails:      never; the readers say what is wrong, and in which line.
 * Knows:      bytes. A line ends with LF, CR LF or CR alone, because Python
 *             turns all three into LF when it opens a file as text.
 */
#ifndef SPEC_VAL_TEXT_H
#define SPEC_VAL_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

/* Bytes of the character at `s`, or 0 when it is not UTF-8. */
size_t val_utf8_len(const char *s, size_t len);

/* The offset of the first byte that is not UTF-8, or `len`. */
size_t val_utf8(const char *s, size_t len);

/* A code point as UTF-8, lone surrogates included. */
void val_put_char(struct buf *b, uint32_t c);

/* Exactly `nr` hexadecimal digits at `s`, which has `len` bytes. */
bool val_hex(const char *s, size_t len, size_t nr, uint32_t *out);

/*
 * Digits of base 2, 8 or 16 (that many bits each) as decimal ones, however
 * many; the caller frees.
 */
char *val_decimal(const char *digits, unsigned bits);

/* How many lines end between `from` and `to`, in a text that ends at `end`. */
int val_lines(const char *from, const char *to, const char *end);

#endif
