/*
 * val-why - why a text is not YAML, in words that help; a part of val.
 *
 * Read here:  the reader fills a struct val_why from what its parser says and
 *             returns val_why(). The parser's words are for those who know
 *             its grammar; ours name the place, what was expected, and the
 *             cure where it is plain (a tab, ': ' without quotes, a quote
 *             that is never closed).
 * Owns:       nothing; the text is borrowed.
 * Fails:      always: ERR_INVALID "NAME: line N, column N: why".
 * Knows:      the words of libyaml 0.2; others are passed on as they are.
 */
#ifndef SPEC_VAL_WHY_H
#define SPEC_VAL_WHY_H

#include <stddef.h>

struct val_why {
	const char *name, *text;
	size_t len;
	const char *problem;	/* the parser's words, or NULL */
	const char *context;	/* what it was reading, or NULL */
	int line, column;	/* where it stopped, from 1 */
	int since, since_column;	/* where what it was reading began */
};

/* Bytes that are no text: only their place in the file is known. */
void val_why_at(struct val_why *w, size_t at);

int val_why(const struct val_why *w);

#endif
