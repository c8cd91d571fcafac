/*
 * mem - allocation that does not fail.
 *
 * Read here:  as calloc, realloc, strdup, without the NULL.
 * Owns:       nothing; whoever calls frees with free().
 * Fails:      never: out of memory (or a size that overflows) ends the
 *             process with "fatal: out of memory" and exit 128. This is the
 *             one place in lib/ that may print and exit.
 * Knows:      nothing.
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

void *mem_new(size_t n, size_t size);			/* zeroed */
void *mem_resize(void *p, size_t n, size_t size);	/* takes p */
char *mem_dup(const char *s);				/* NULL gives NULL */
char *mem_ndup(const char *s, size_t len);		/* adds the NUL */

/* printf into new memory. */
char *mem_fmt(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Free what *p points to, then take the new value (or NULL). */
void mem_set(char **p, char *value);

/* Make room for one more in an { item, nr, alloc } array. */
#define ARRAY_GROW(a) \
	((a)->nr < (a)->alloc ? (void)0 : \
	 (void)((a)->alloc = (a)->alloc ? 2 * (a)->alloc : 8, \
		(a)->item = mem_resize((a)->item, (a)->alloc, sizeof(*(a)->item))))

#endif
