/*
 * ignore-glob - shell patterns as gitignore(5) has them; inside of ignore.
 *
 * Read here:  glob_match() says whether a whole text fits a whole pattern:
 *             '?', '*', sets like [!a-z[:digit:]], and '\' before what shall
 *             stand for itself. With `paths`, none of them matches a '/',
 *             and "**" as a whole part of the path stands for any number of
 *             parts. Others use ignore.h.
 * Owns:       nothing.
 * Fails:      never; a broken pattern (an open set) matches nothing.
 * Knows:      bytes, not characters.
 */
#ifndef BASE_IGNORE_GLOB_H
#define BASE_IGNORE_GLOB_H

#include <stdbool.h>

/* Does all of `text` fit `pattern`? Never takes exponential time. */
bool glob_match(const char *pattern, const char *text, bool paths);

#endif
