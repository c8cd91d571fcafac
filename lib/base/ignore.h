/*
 * ignore - gitignore patterns, also for .dvcignore.
 *
 * Read here:  struct ignore g = IGNORE_INIT; ignore_add() the text of each
 *             pattern file with the directory it stands in, outer ones
 *             first; ignore_match() asks. Patterns as in gitignore(5) and,
 *             for DVC, dvc-formats 5.5: '!' negates, deeper files and later
 *             lines win, nothing below an ignored directory comes back.
 * Owns:       its patterns.
 * Fails:      never; a line that is no pattern is skipped.
 * Knows:      no disk: callers read the files.
 */
#ifndef BASE_IGNORE_H
#define BASE_IGNORE_H

#include <stdbool.h>
#include <stddef.h>

struct ignore_rule;

struct ignore {
	struct ignore_rule *item;
	size_t nr, alloc;
};
#define IGNORE_INIT { 0 }

/* `dir`: where the file stands, relative to the root; "" for the root. */
void ignore_add(struct ignore *g, const char *dir, const char *text);

/*
 * Is `path` (relative to the root) ignored, itself or by a parent? `dir`
 * says whether it is a directory.
 */
bool ignore_match(const struct ignore *g, const char *path, bool dir);

/* The last rule that decided about exactly this path: 1, 0 (negated), -1 none. */
int ignore_decide(const struct ignore *g, const char *path, bool dir);

/* gitignore's wildmatch of one pattern without slashes rules ("*.c"). */
bool ignore_glob(const char *pattern, const char *text);

void ignore_clear(struct ignore *g);

#endif
