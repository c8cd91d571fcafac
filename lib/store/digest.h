/*
 * digest - MD5 of data (DVC's name for an object) and SHA-256 of keys.
 *
 * Read here:  digest_init(), digest_add(), digest_end(); or digest_mem() and
 *             digest_file() for the whole at once.
 * Owns:       nothing; a struct digest lives on the caller's stack.
 * Fails:      digest_file(): ERR_NOTFOUND, ERR_FATAL.
 * Knows:      no cache; RFC 1321 and FIPS 180-4.
 */
#ifndef STORE_DIGEST_H
#define STORE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

enum digest_kind { DIGEST_MD5, DIGEST_SHA256 };

enum { DIGEST_HEX = 65 };	/* room for the longest, with its NUL */

struct digest {
	enum digest_kind kind;
	uint64_t bytes;		/* added so far */
	uint32_t h[8];		/* the state between blocks */
	unsigned char tail[64];	/* what does not fill a block yet */
};

void digest_init(struct digest *d, enum digest_kind kind);
void digest_add(struct digest *d, const void *data, size_t len);
void digest_end(struct digest *d, char hex[DIGEST_HEX]);	/* lower case */

void digest_mem(enum digest_kind kind, const void *data, size_t len,
		char hex[DIGEST_HEX]);

/* A file's MD5 and its size in bytes (as read). */
int digest_file(const char *path, char hex[DIGEST_HEX], uint64_t *size);

/*
 * The same as DVC 2 named objects, "md5-dos2unix": CR LF counts as LF in each
 * MiB that begins like text; a pair that two of them share stays.
 */
int digest_text(const char *path, char hex[DIGEST_HEX], uint64_t *size);

#endif
