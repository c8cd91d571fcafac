#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "fuzz.h"

#define SECONDS 20		/* more than this is a hang */
#define SWELL (192 * 1024)	/* what --swell blows a file up to */

static const char usage[] =
	"usage: f-FORMAT FILE...\n"
	"       f-FORMAT --mutate SEED COUNT FILE...   damaged ones\n"
	"       f-FORMAT --swell SEED COUNT FILE...    big ones\n"
	"What is being read stands in ./input, should the program die of it.\n";

/* What means something in one of the formats. */
static const char *const token[] = {
	"\n", " ", "  ", "\t", "\r\n", "\r", ":", ": ", "- ", "? ", "#", " #", "{",
	"}", "[", "]", ",", "\"", "'", "\\", "\\u", "\\ud800", "\\u0000", "&a ",
	"*a", "<<: *a", "!!int ", "!!str ", "!x ", "|\n", ">-\n", "---\n", "...\n",
	"%YAML 1.1\n", "~", "null", "true", "0x", "1e999", "-", "+", "++", "=", "/",
	"..", "../", "/..", "~", ".dir", ".git", ".dvc", "${x}", "\xef\xbb\xbf",
	"\xff", "\xc3\xa9", "\xe2\x80\xa8", "\xf0\x9f\x98\x80", "\x7f", "\x1b[",
	"99999999999999999999", "-1", "2020-01-01", "NaN", "Infinity", "path: ",
	"md5: ", "stages:\n", "outs:\n", "deps:\n", "cmd: ", "params:\n",
	"schema: ", "foreach: ", "[[", "]]\n", "\"\"\"", "'''", "a.b = ", "\n    ", "def __init__(self):\n",
	"class A:\n", "lambda ", "if ", ":\n", ";", "\\\n", "\"v\":", "\"relpath\": ", "tree ", "git-exp ",
};

struct files {
	struct buf *item;
	size_t nr, alloc;
};

static uint64_t state;

/* xorshift64*: the same numbers everywhere. */
static size_t draw(size_t below)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return below ? (size_t)((state * 0x2545f4914f6cdd1d) >> 33) % below : 0;
}

static void seed(uint64_t start, uint64_t turn)
{
	state = (start + 1) * 0x9e3779b97f4a7c15 ^ (turn + 1) * 0xbf58476d1ce4e5b9;
	if (!state)
		state = 1;
	draw(1);
}

static const struct buf *some(const struct files *f)
{
	return &f->item[draw(f->nr)];
}

/* --- damage ------------------------------------------------------------- */

static void flip(struct buf *b)
{
	if (b->len)
		b->s[draw(b->len)] ^= (char)(1 << draw(8));
}

static void drop(struct buf *b)
{
	size_t at = draw(b->len), n = draw(8) ? 1 + draw(4) : draw(b->len);

	if (n > b->len - at)
		n = b->len - at;
	buf_splice(b, at, n, "", 0);
}

static void insert(struct buf *b)
{
	const char *t = token[draw(sizeof(token) / sizeof(*token))];
	size_t at = draw(b->len + 1);
	char c = (char)draw(256);

	if (draw(4))
		buf_splice(b, at, 0, t, strlen(t));
	else
		buf_splice(b, at, 0, &c, 1);
}

/* A piece of another file in the place of a piece of this one. */
static void splice(struct buf *b, const struct files *f)
{
	const struct buf *from = some(f);
	size_t at = draw(b->len + 1), n = draw(b->len - at + 1);
	size_t start = draw(from->len + 1);

	buf_splice(b, at, draw(2) ? n : 0, from->s + start,
		   draw(from->len - start + 1));
}

/* One line once more, somewhere else. */
static void repeat(struct buf *b)
{
	size_t at = draw(b->len), end;
	char *line;

	while (at && b->s[at - 1] != '\n')
		at--;
	end = at + strcspn(b->s + at, "\n");
	end += b->s[end] == '\n';
	line = mem_ndup(b->s + at, end - at);
	buf_splice(b, draw(3) ? at : draw(b->len + 1), 0, line, strlen(line));
	free(line);
}

static void damage(struct buf *b, const struct files *f)
{
	for (size_t n = 1 + draw(4); n--;)
		switch (draw(8)) {
		case 0: flip(b); break;
		case 1: drop(b); break;
		case 2: splice(b, f); break;
		case 3: repeat(b); break;
		case 4: if (!draw(4)) buf_cut(b, draw(b->len + 1)); break;
		default: insert(b);
		}
}

/* Again and again: a token, a line, or some bytes of the file. What takes more
   than its share of time shows here. */
static void swell(struct buf *b, const struct files *f)
{
	const char *word = token[draw(sizeof(token) / sizeof(*token))];
	size_t at = draw(b->len + 1), n = 1 + draw(24), kind = draw(3);
	struct buf many = BUF_INIT, piece = BUF_INIT;

	(void)f;
	while (kind == 1 && at && b->s[at - 1] != '\n')
		at--;
	if (kind == 1)
		n = strcspn(b->s + at, "\n") + 1;
	if (n > b->len - at)
		n = b->len - at;
	if (kind && n)
		buf_add(&piece, b->s + at, n);
	else
		buf_str(&piece, word);
	while (many.len < SWELL)
		buf_add(&many, piece.s, piece.len);
	buf_splice(b, at, 0, many.s, many.len);
	buf_clear(&many);
	buf_clear(&piece);
}

/* --- running --------------------------------------------------------------- */

/* A copy of its own size, so that a sanitizer sees one byte too many. */
static void feed(const struct buf *b, int trail)
{
	uint8_t *copy = mem_new(b->len ? b->len : 1, 1);

	memcpy(copy, b->s, b->len);
	if (trail >= 0 && (pwrite(trail, b->s, b->len, 0) < 0 ||
			   ftruncate(trail, (off_t)b->len)))
		perror("input");
	alarm(SECONDS);
	LLVMFuzzerTestOneInput(copy, b->len);
	alarm(0);
	free(copy);
}

static void turns(const struct files *f, const char *start, const char *count,
		  void (*change)(struct buf *, const struct files *))
{
	uint64_t first = strtoull(start, NULL, 10);
	uint64_t nr = strtoull(count, NULL, 10);
	int trail = open("input", O_RDWR | O_CREAT | O_TRUNC, 0666);

	for (uint64_t i = 0; i < nr; i++) {
		struct buf b = BUF_INIT;
		const struct buf *from;

		seed(first, i);
		from = some(f);
		buf_add(&b, from->s, from->len);
		change(&b, f);
		feed(&b, trail);
		buf_clear(&b);
	}
	close(trail);
	unlink("input");
}

static bool load(struct files *f, char **path, int nr)
{
	for (int i = 0; i < nr; i++) {
		ARRAY_GROW(f);
		f->item[f->nr] = (struct buf)BUF_INIT;
		if (file_read(path[i], &f->item[f->nr++], 0)) {
			fprintf(stderr, "%s\n", err_message());
			return false;
		}
	}
	return f->nr;
}

int main(int argc, char **argv)
{
	struct files f = { 0 };
	bool many = argc > 4 && (!strcmp(argv[1], "--mutate") ||
				 !strcmp(argv[1], "--swell"));
	int first = many ? 4 : 1;
	bool ok = load(&f, argv + first, argc - first);

	if (!ok)
		fputs(usage, stderr);
	else if (many)
		turns(&f, argv[2], argv[3],
		      strcmp(argv[1], "--swell") ? damage : swell);
	for (size_t i = 0; i < f.nr; i++) {
		if (ok && !many)
			feed(&f.item[i], -1);
		buf_clear(&f.item[i]);
	}
	free(f.item);
	return ok ? 0 : 2;
}
