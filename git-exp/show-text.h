/*
 * show-text - the table of `git exp show` as a person sees it.
 *
 * Read here:  show_text() prints to stdout, for the width and the colours of
 *             an open term.
 * Owns:       nothing.
 * Fails:      never.
 * Knows:      screens are narrow: the rightmost columns whose values are all
 *             alike go first, then the rightmost others, never the name; how
 *             many went is said. Numbers stand with their points in one line.
 */
#ifndef SHOW_TEXT_H
#define SHOW_TEXT_H

struct table;
struct term;

void show_text(const struct table *t, const struct term *term, int precision);

#endif
