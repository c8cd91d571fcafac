#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/err.h"
#include "base/mem.h"
#include "store/digest.h"

#define CHUNK (1 << 17)

static uint32_t left(uint32_t x, int n)
{
	return x << n | x >> (32 - n);
}

static uint32_t right(uint32_t x, int n)
{
	return x >> n | x << (32 - n);
}

static uint32_t little(const unsigned char *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
		(uint32_t)p[3] << 24;
}

static uint32_t big(const unsigned char *p)
{
	return (uint32_t)p[3] | (uint32_t)p[2] << 8 | (uint32_t)p[1] << 16 |
		(uint32_t)p[0] << 24;
}

/* --- MD5, RFC 1321 ------------------------------------------------------ */

/* As a sum, the half of G that waits for nobody is ready early. */
#define F(b, c, d) ((d) ^ ((b) & ((c) ^ (d))))
#define G(b, c, d) (((c) & ~(d)) + ((b) & (d)))
#define H(b, c, d) ((b) ^ (c) ^ (d))
#define I(b, c, d) ((c) ^ ((b) | ~(d)))

#define STEP(f, a, b, c, d, i, k, n) \
	((a) += w[i] + (k) + f(b, c, d), (a) = left(a, n) + (b))
#define FOUR(f, i, j, k, l, n, o, p, q, s, t, u, v) \
	(STEP(f, a, b, c, d, i, s, n), STEP(f, d, a, b, c, j, t, o), \
	 STEP(f, c, d, a, b, k, u, p), STEP(f, b, c, d, a, l, v, q))
#define FFFF(i, ...) FOUR(F, i, i + 1, i + 2, i + 3, 7, 12, 17, 22, __VA_ARGS__)
#define GGGG(i, j, k, l, ...) FOUR(G, i, j, k, l, 5, 9, 14, 20, __VA_ARGS__)
#define HHHH(i, j, k, l, ...) FOUR(H, i, j, k, l, 4, 11, 16, 23, __VA_ARGS__)
#define IIII(i, j, k, l, ...) FOUR(I, i, j, k, l, 6, 10, 15, 21, __VA_ARGS__)

static void md5(uint32_t h[8], const unsigned char *p, size_t blocks)
{
	uint32_t a = h[0], b = h[1], c = h[2], d = h[3], w[16];

	for (; blocks; blocks--, p += 64) {
		uint32_t a0 = a, b0 = b, c0 = c, d0 = d;

		for (int i = 0; i < 16; i++)
			w[i] = little(p + 4 * i);
		FFFF(0, 0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee);
		FFFF(4, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501);
		FFFF(8, 0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be);
		FFFF(12, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821);
		GGGG(1, 6, 11, 0, 0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa);
		GGGG(5, 10, 15, 4, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8);
		GGGG(9, 14, 3, 8, 0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed);
		GGGG(13, 2, 7, 12, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a);
		HHHH(5, 8, 11, 14, 0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c);
		HHHH(1, 4, 7, 10, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70);
		HHHH(13, 0, 3, 6, 0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05);
		HHHH(9, 12, 15, 2, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665);
		IIII(0, 7, 14, 5, 0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039);
		IIII(12, 3, 10, 1, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1);
		IIII(8, 15, 6, 13, 0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1);
		IIII(4, 11, 2, 9, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391);
		a += a0;
		b += b0;
		c += c0;
		d += d0;
	}
	h[0] = a;
	h[1] = b;
	h[2] = c;
	h[3] = d;
}

/* --- SHA-256, FIPS 180-4 ------------------------------------------------- */

static const uint32_t sha_k[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
	0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
	0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
	0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
	0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
	0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
	0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
	0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static void spread(uint32_t w[64], const unsigned char *p)
{
	for (int i = 0; i < 16; i++)
		w[i] = big(p + 4 * i);
	for (int i = 16; i < 64; i++) {
		uint32_t x = w[i - 15], y = w[i - 2];

		w[i] = w[i - 16] + w[i - 7] +
			(right(x, 7) ^ right(x, 18) ^ x >> 3) +
			(right(y, 17) ^ right(y, 19) ^ y >> 10);
	}
}

/* The eight words stay where they are; what they are called turns round. */
#define TURN(a, b, c, d, e, f, g, h, i) do { \
	uint32_t t = s[h] + sha_k[i] + w[i] + F(s[e], s[f], s[g]) + \
		(right(s[e], 6) ^ right(s[e], 11) ^ right(s[e], 25)); \
	s[d] += t; \
	s[h] = t + ((s[a] & s[b]) | (s[c] & (s[a] | s[b]))) + \
		(right(s[a], 2) ^ right(s[a], 13) ^ right(s[a], 22)); \
} while (0)

static void sha256(uint32_t h[8], const unsigned char *p, size_t blocks)
{
	uint32_t s[8], w[64];

	for (; blocks; blocks--, p += 64) {
		spread(w, p);
		memcpy(s, h, sizeof(s));
		for (int i = 0; i < 64; i += 8) {
			TURN(0, 1, 2, 3, 4, 5, 6, 7, i);
			TURN(7, 0, 1, 2, 3, 4, 5, 6, i + 1);
			TURN(6, 7, 0, 1, 2, 3, 4, 5, i + 2);
			TURN(5, 6, 7, 0, 1, 2, 3, 4, i + 3);
			TURN(4, 5, 6, 7, 0, 1, 2, 3, i + 4);
			TURN(3, 4, 5, 6, 7, 0, 1, 2, i + 5);
			TURN(2, 3, 4, 5, 6, 7, 0, 1, i + 6);
			TURN(1, 2, 3, 4, 5, 6, 7, 0, i + 7);
		}
		for (int i = 0; i < 8; i++)
			h[i] += s[i];
	}
}

/* --- both ----------------------------------------------------------------- */

void digest_init(struct digest *d, enum digest_kind kind)
{
	static const uint32_t start[][8] = {
		{ 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476 },
		{ 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
		  0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 },
	};

	d->kind = kind;
	d->bytes = 0;
	memcpy(d->h, start[kind], sizeof(d->h));
}

static void blocks(struct digest *d, const unsigned char *p, size_t nr)
{
	if (d->kind == DIGEST_MD5)
		md5(d->h, p, nr);
	else
		sha256(d->h, p, nr);
}

void digest_add(struct digest *d, const void *data, size_t len)
{
	const unsigned char *p = data;
	size_t held = d->bytes % 64, n = 64 - held;

	d->bytes += len;
	if (held && len >= n) {
		memcpy(d->tail + held, p, n);
		blocks(d, d->tail, 1);
		p += n;
		len -= n;
		held = 0;
	}
	if (!held) {
		blocks(d, p, len / 64);
		p += len / 64 * 64;
		len %= 64;
	}
	if (len)
		memcpy(d->tail + held, p, len);
}

void digest_end(struct digest *d, char hex[DIGEST_HEX])
{
	static const unsigned char pad[72] = { 0x80 };
	static const char digit[] = "0123456789abcdef";
	uint64_t bits = d->bytes * 8;
	bool md = d->kind == DIGEST_MD5;
	unsigned char end[8];
	size_t words = md ? 4 : 8;

	for (int i = 0; i < 8; i++)
		end[i] = (unsigned char)(bits >> 8 * (md ? i : 7 - i));
	digest_add(d, pad, 1 + (119 - d->bytes % 64) % 64);
	digest_add(d, end, 8);
	for (size_t i = 0; i < 4 * words; i++) {
		size_t at = i % 4;
		uint32_t byte = d->h[i / 4] >> 8 * (md ? at : 3 - at);

		hex[2 * i] = digit[byte >> 4 & 15];
		hex[2 * i + 1] = digit[byte & 15];
	}
	hex[8 * words] = '\0';
}

void digest_mem(enum digest_kind kind, const void *data, size_t len,
		char hex[DIGEST_HEX])
{
	struct digest d;

	digest_init(&d, kind);
	digest_add(&d, data, len);
	digest_end(&d, hex);
}

/* A pipe must not hang us, so opening never waits. */
static int open_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return err_sys(errno == ENOENT || errno == ENOTDIR ?
			       ERR_NOTFOUND : ERR_FATAL, "cannot read '%s'", path);
	if (!fstat(fd, &st) && S_ISREG(st.st_mode))
		return fd;
	close(fd);
	return err_set(ERR_FATAL, "cannot read '%s': not a regular file", path);
}

int digest_file(const char *path, char hex[DIGEST_HEX], uint64_t *size)
{
	int fd = open_file(path);
	struct digest d;
	char *chunk;
	ssize_t n;

	if (fd < 0)
		return fd;
	digest_init(&d, DIGEST_MD5);
	chunk = mem_resize(NULL, CHUNK, 1);
	while ((n = read(fd, chunk, CHUNK)) > 0 || (n < 0 && errno == EINTR))
		if (n > 0)
			digest_add(&d, chunk, (size_t)n);
	if (n < 0)
		err_sys(ERR_FATAL, "cannot read '%s'", path);
	free(chunk);
	close(fd);
	*size = d.bytes;
	digest_end(&d, hex);
	return n < 0 ? ERR_FATAL : 0;
}

/* --- md5-dos2unix ---------------------------------------------------------- */

enum { MIB = 1 << 20, BEGINNING = 512 };

/* No NUL and at most 30 % of odd bytes, going by the first 512. */
static bool is_text(const char *p, size_t len)
{
	size_t odd = 0;

	if (len > BEGINNING)
		len = BEGINNING;
	for (size_t i = 0; i < len; i++) {
		if (!p[i])
			return false;
		odd += (p[i] < 32 || p[i] > 126) && !strchr("\n\r\t\f\b", p[i]);
	}
	return odd * 10 <= len * 3;
}

static size_t unix_lines(char *p, size_t len)
{
	size_t to = 0;

	for (size_t i = 0; i < len; i++)
		if (p[i] != '\r' || i + 1 == len || p[i + 1] != '\n')
			p[to++] = p[i];
	return to;
}

/* As much as fits, or all there is; -1 when it cannot be read. */
static ssize_t fill(int fd, char *to, size_t size)
{
	size_t len = 0;
	ssize_t n;

	while (len < size) {
		n = read(fd, to + len, size - len);
		if (!n)
			break;
		if (n < 0 && errno != EINTR)
			return -1;
		len += n > 0 ? (size_t)n : 0;
	}
	return (ssize_t)len;
}

int digest_text(const char *path, char hex[DIGEST_HEX], uint64_t *size)
{
	int fd = open_file(path);
	struct digest d;
	char *chunk;
	ssize_t n;

	if (fd < 0)
		return fd;
	digest_init(&d, DIGEST_MD5);
	*size = 0;
	chunk = mem_resize(NULL, MIB, 1);
	while ((n = fill(fd, chunk, MIB)) > 0) {
		size_t len = (size_t)n;

		*size += len;
		if (is_text(chunk, len))
			len = unix_lines(chunk, len);
		digest_add(&d, chunk, len);
	}
	if (n < 0)
		err_sys(ERR_FATAL, "cannot read '%s'", path);
	free(chunk);
	close(fd);
	digest_end(&d, hex);
	return n < 0 ? ERR_FATAL : 0;
}
