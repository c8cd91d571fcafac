/*
 * overlay - the disk with one file replaced, as a source.
 *
 * Read here:  overlay_src(), then any reader of project files; src_clear().
 * Owns:       the disk source; path and text are borrowed and must stay.
 * Fails:      as the disk.
 * Knows:      the directory of the file exists.
 */
#ifndef OVERLAY_H
#define OVERLAY_H

#include "base/src.h"

struct buf;

struct overlay {
	struct src src;
	struct src_disk disk;
	const char *path;	/* the file, relative to the root */
	const struct buf *text;	/* what it holds */
};

void overlay_src(struct overlay *o, const char *root, const char *path,
		 const struct buf *text);

#endif
