#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/strs.h"
#include "base/trace.h"
#include "store/stat.h"

/*
 * The file: one header, then records sorted by device and inode, each pair
 * once. All numbers are the machine's own; a file from a machine of the other
 * byte order has another `order` and is no file of ours. Each record carries
 * its own checksum, so opening reads nothing but the header.
 */
struct header {
	char magic[8];		/* "gexpstat" */
	uint32_t version, order;
	uint64_t nr;		/* records; nothing may follow them */
	uint64_t check;		/* of what is before it */
};

struct record {
	uint64_t dev, ino, size;
	int64_t mtime, ctime;	/* nanoseconds */
	unsigned char md5[16];
	uint32_t day;		/* when last needed, days since 1970 */
	uint32_t check;		/* of what is before it */
};

#define MAGIC "gexpstat"
#define VERSION 1
#define ORDER 0x01020304u
#define TICK 20000000		/* ns: no kernel's clock for files is coarser */
#define RENEW 30		/* days until a use is noted again */
#define KEEP 180		/* days until an unused record is dropped */
#define PATIENCE 2000		/* ms to wait for another writer */

struct map {
	void *at;
	size_t len;
	const struct record *item;
	size_t nr;
};

struct stat_cache {
	char *path;		/* NULL: in memory only */
	struct map old;
	struct record *item;	/* new ones, the later wins */
	size_t nr, alloc;
	size_t *slot, slots;	/* hash table of indices + 1 */
	uint32_t day;
};

/* --- states ------------------------------------------------------------- */

#if defined(__APPLE__) && !defined(_DARWIN_C_SOURCE)
#define NSEC(st, x) ((st)->st_##x##ensec)
#else
#define NSEC(st, x) ((st)->st_##x.tv_nsec)
#endif

static int64_t when_ns(int64_t sec, int64_t nsec)
{
	return sec * 1000000000 + nsec;
}

static int64_t mtime(const struct stat *st)
{
	return when_ns(st->st_mtime, NSEC(st, mtim));
}

static int64_t ctime_of(const struct stat *st)
{
	return when_ns(st->st_ctime, NSEC(st, ctim));
}

bool stat_alike(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
		a->st_size == b->st_size && mtime(a) == mtime(b);
}

bool stat_same(const struct stat *a, const struct stat *b)
{
	return stat_alike(a, b) && ctime_of(a) == ctime_of(b);
}

/* Some file systems know only whole seconds, and FAT every other one. */
bool stat_racy(const struct stat *st, const struct timespec *when)
{
	int64_t m = mtime(st), c = ctime_of(st), last = m > c ? m : c;
	bool coarse = !(m % 1000000000) && !(c % 1000000000);

	return last + (coarse ? 2000000000 : TICK) >=
		when_ns(when->tv_sec, when->tv_nsec);
}

/* --- records -------------------------------------------------------------- */

static uint64_t mix(const void *data, size_t len)
{
	const char *p = data;
	uint64_t h = len, w;

	for (; len; len -= sizeof(w), p += sizeof(w)) {
		memcpy(&w, p, sizeof(w));
		h = (h ^ w) * 0x9e3779b97f4a7c15u;
		h ^= h >> 29;
	}
	return h;
}

static uint32_t check(const struct record *r)
{
	struct record copy = *r;

	copy.check = 0;
	return (uint32_t)mix(&copy, sizeof(copy));
}

static int by_file(const void *a, const void *b)
{
	const struct record *x = a, *y = b;

	if (x->dev != y->dev)
		return x->dev < y->dev ? -1 : 1;
	return (x->ino > y->ino) - (x->ino < y->ino);
}

static void fill(struct record *r, const struct stat *st)
{
	memset(r, 0, sizeof(*r));
	r->dev = (uint64_t)st->st_dev;
	r->ino = (uint64_t)st->st_ino;
	r->size = (uint64_t)st->st_size;
	r->mtime = mtime(st);
	r->ctime = ctime_of(st);
}

static bool equal(const struct record *a, const struct record *b)
{
	return a->size == b->size && a->mtime == b->mtime &&
		a->ctime == b->ctime;
}

static void to_hex(char hex[33], const unsigned char md5[16])
{
	static const char digit[] = "0123456789abcdef";

	for (int i = 0; i < 16; i++) {
		hex[2 * i] = digit[md5[i] >> 4];
		hex[2 * i + 1] = digit[md5[i] & 15];
	}
	hex[32] = '\0';
}

static void from_hex(unsigned char md5[16], const char *hex)
{
	for (int i = 0; i < 32; i++) {
		int c = hex[i], n = c <= '9' ? c - '0' : c - 'a' + 10;

		md5[i / 2] = (unsigned char)(md5[i / 2] << 4 | (n & 15));
	}
}

/* --- the file ------------------------------------------------------------- */

static struct header header(size_t nr)
{
	struct header h = { .version = VERSION, .order = ORDER, .nr = nr };

	memcpy(h.magic, MAGIC, sizeof(h.magic));
	h.check = mix(&h, sizeof(h) - sizeof(h.check));
	return h;
}

static bool sound(const struct map *m)
{
	struct header h, want;

	memcpy(&h, m->at, sizeof(h));
	if (h.nr != (m->len - sizeof(h)) / sizeof(struct record) ||
	    (m->len - sizeof(h)) % sizeof(struct record))
		return false;
	want = header((size_t)h.nr);
	return !memcmp(&h, &want, sizeof(h));
}

static void unmap(struct map *m)
{
	if (m->at)
		munmap(m->at, m->len);
	*m = (struct map){ 0 };
}

static void map_file(struct map *m, const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;

	*m = (struct map){ 0 };
	if (fd < 0)
		return;
	if (!fstat(fd, &st) && S_ISREG(st.st_mode) &&
	    (uintmax_t)st.st_size >= sizeof(struct header) &&
	    (uintmax_t)st.st_size < SIZE_MAX) {
		m->len = (size_t)st.st_size;
		m->at = mmap(NULL, m->len, PROT_READ, MAP_PRIVATE, fd, 0);
		if (m->at == MAP_FAILED)
			m->at = NULL;
	}
	close(fd);
	if (m->at && !sound(m))
		unmap(m);
	if (!m->at)
		return;
	m->item = (const void *)((const char *)m->at + sizeof(struct header));
	m->nr = (m->len - sizeof(struct header)) / sizeof(struct record);
}

struct stat_cache *stat_open(const char *path)
{
	struct stat_cache *c = mem_new(1, sizeof(*c));

	c->path = mem_dup(path);
	c->day = (uint32_t)(time(NULL) / 86400);
	if (path)
		map_file(&c->old, path);
	trace("stat", "%zu records", c->old.nr);
	return c;
}

/* --- in memory ------------------------------------------------------------ */

/* Where the record of a file stands, or the empty slot for it. */
static size_t *place(struct stat_cache *c, const struct record *r)
{
	size_t i = (size_t)mix(r, 2 * sizeof(uint64_t)) & (c->slots - 1);

	while (c->slot[i] && by_file(&c->item[c->slot[i] - 1], r))
		i = (i + 1) & (c->slots - 1);
	return &c->slot[i];
}

static void grow(struct stat_cache *c)
{
	if (c->nr < c->slots / 2)
		return;
	c->slots = c->slots ? 2 * c->slots : 256;
	free(c->slot);
	c->slot = mem_new(c->slots, sizeof(*c->slot));
	for (size_t i = 0; i < c->nr; i++)
		*place(c, &c->item[i]) = i + 1;
}

static void put(struct stat_cache *c, struct record *r)
{
	size_t *slot;

	r->day = c->day;
	r->check = check(r);
	grow(c);
	slot = place(c, r);
	if (*slot) {
		c->item[*slot - 1] = *r;
		return;
	}
	ARRAY_GROW(c);
	c->item[c->nr++] = *r;
	*slot = c->nr;
}

bool stat_find(struct stat_cache *c, const struct stat *st, char hex[33])
{
	const struct record *hit = NULL;
	struct record r;
	size_t at = 0;

	fill(&r, st);
	if (c->nr)
		at = *place(c, &r);
	if (at)
		hit = &c->item[at - 1];
	else if (c->old.nr)
		hit = bsearch(&r, c->old.item, c->old.nr, sizeof(r), by_file);
	if (!hit || !equal(hit, &r) || (!at && hit->check != check(hit)))
		return false;
	to_hex(hex, hit->md5);
	if (!at && c->day > hit->day + RENEW) {
		r = *hit;
		put(c, &r);
	}
	return true;
}

void stat_keep(struct stat_cache *c, const struct stat *st,
	       const struct timespec *when, const char hex[33])
{
	struct record r;

	if (stat_racy(st, when))
		return;
	fill(&r, st);
	from_hex(r.md5, hex);
	put(c, &r);
}

/* --- writing --------------------------------------------------------------- */

static void emit(const struct stat_cache *c, struct buf *out,
		 const struct record *r)
{
	if (r->check == check(r) && c->day <= r->day + KEEP)
		buf_add(out, r, sizeof(*r));
}

/* What stands there by now, and what is new, which wins. */
static void merge(struct stat_cache *c, struct buf *out)
{
	const struct map *m = &c->old;
	size_t i = 0, j = 0;
	struct header h = header(0);

	qsort(c->item, c->nr, sizeof(*c->item), by_file);
	buf_room(out, sizeof(h) + (m->nr + c->nr) * sizeof(struct record));
	buf_add(out, &h, sizeof(h));
	while (i < m->nr || j < c->nr) {
		int order = i == m->nr ? 1 : j == c->nr ? -1 :
			by_file(&m->item[i], &c->item[j]);

		i += order <= 0;
		if (order < 0)
			emit(c, out, &m->item[i - 1]);
		else
			emit(c, out, &c->item[j++]);
	}
	h = header((out->len - sizeof(h)) / sizeof(struct record));
	memcpy(out->s, &h, sizeof(h));
}

static int save(struct stat_cache *c)
{
	struct file_lock lock = FILE_LOCK_INIT;
	char *name = mem_fmt("%s.lock", c->path);
	struct buf b = BUF_INIT;
	int err = file_mkdirs_for(name);

	if (!err)
		err = file_lock(&lock, name, PATIENCE);
	if (!err) {
		unmap(&c->old);
		map_file(&c->old, c->path);
		merge(c, &b);
		err = file_write(c->path, b.s, b.len, 0, 0);
	}
	file_unlock(&lock);
	buf_clear(&b);
	free(name);
	return err;
}

/* A cache that cannot be written must not hide the message of a failure. */
static void try_save(struct stat_cache *c)
{
	struct strs hints = STRS_INIT;
	char *message = mem_dup(err_message());

	if (err_hints())
		strs_split(&hints, err_hints(), '\n');
	if (save(c)) {
		trace("stat", "not written: %s", err_message());
		err_set(0, "%s", message);
		for (size_t i = 0; i < hints.nr; i++)
			err_hint(0, "%s", hints.item[i]);
	}
	free(message);
	strs_clear(&hints);
}

void stat_close(struct stat_cache *c)
{
	if (c->path && c->nr)
		try_save(c);
	unmap(&c->old);
	free(c->path);
	free(c->item);
	free(c->slot);
	free(c);
}
