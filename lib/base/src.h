/*
 * src - the seam of reading: where files come from.
 *
 * Read here:  every reader of project files takes a struct src and paths
 *             relative to its root ("" or "." is the root; '/' between), never a root
 *             path. The disk is one source (src_disk); a tree, a commit, an
 *             index are others (repo/tree). So show, diff and verify use the
 *             very readers that run uses.
 * Owns:       a source is opened and cleared by whoever made it.
 * Fails:      ERR_NOTFOUND when the path is not there.
 * Knows:      the disk. Paths that are absolute or leave the root by ".."
 *             are read by the disk source and are ERR_NOTFOUND for others.
 */
#ifndef BASE_SRC_H
#define BASE_SRC_H

#include <stdbool.h>
#include <stdint.h>

struct buf;
struct strs;

enum src_kind {
	SRC_NONE,		/* not there */
	SRC_FILE,		/* a file, or a link to one */
	SRC_DIR,		/* a directory, or a link to one */
	SRC_OTHER,		/* socket, device, broken link, submodule */
};

struct src_info {
	enum src_kind kind;
	bool link;		/* reached through a symbolic link */
	bool exec;		/* any x bit (files) */
	uint64_t size;		/* bytes (files) */
};

struct src {
	/* Append the whole file. */
	int (*read)(struct src *s, const char *path, struct buf *out);
	/*
	 * Names in a directory, sorted by bytes; directories (and links to
	 * one) end in '/', which counts in the sorting.
	 */
	int (*list)(struct src *s, const char *path, struct strs *out);
	/* Never fails for a missing path: kind is SRC_NONE then. */
	int (*stat)(struct src *s, const char *path, struct src_info *out);
	void (*clear)(struct src *s);
	const char *name;	/* for messages: "" for the disk, else a revision */
	const char *root;	/* where its paths start on this machine,
				   absolute; NULL when nobody can say */
};

int src_read(struct src *s, const char *path, struct buf *out);
int src_list(struct src *s, const char *path, struct strs *out);
enum src_kind src_kind(struct src *s, const char *path);
int src_stat(struct src *s, const char *path, struct src_info *out);
void src_clear(struct src *s);

/* The disk below `root` (copied). */
struct src_disk {
	struct src src;
	char *root;
};
void src_disk(struct src_disk *d, const char *root);

/* Files from memory, for tests and for what is about to be written. */
struct map;
struct src_mem {
	struct src src;
	struct map *files;	/* path -> struct buf *, borrowed */
};
void src_mem(struct src_mem *m, struct map *files);

#endif
