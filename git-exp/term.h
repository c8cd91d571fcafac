/*
 * term - the terminal in front of the person: colour, pager, width.
 *
 * Read here:  a command that prints a table or a history calls term_open(),
 *             prints to stdout, then term_close(). Colour and pager follow Git's
 *             settings (color.exp, color.ui, NO_COLOR, GIT_PAGER,
 *             core.pager, pager.exp-<command>), which repo_config() reads
 *             when they are first needed: each first time costs a process.
 * Owns:       struct term the pager, until term_close() has waited for it.
 * Fails:      never: a pager that does not start leaves stdout as it was.
 * Knows:      `repo` may be NULL everywhere: no settings then.
 */
#ifndef TERM_H
#define TERM_H

#include <stdbool.h>
#include <stddef.h>
#include "base/proc.h"

struct buf;
struct repo;

struct term {
	bool color;		/* print the words of term_style() */
	int width;		/* columns of stdout; 0: no terminal, no limit */
	struct proc pager;
	int out;		/* stdout as it was, while a pager runs; or -1 */
};
#define TERM_INIT { .pager = PROC_INIT, .out = -1 }

enum term_flags {
	TERM_PAGER = 1 << 0,	/* long output: through the pager if a terminal */
	TERM_CHOP  = 1 << 1,	/* `less` cuts long lines instead of folding */
};

void term_open(struct term *t, struct repo *r, const char *cmd,
	       unsigned flags);

/* Flush stdout, wait for the pager, give stdout back. */
void term_close(struct term *t);

/* Whether to colour what goes to `fd`, by Git's settings. */
bool term_color(struct repo *r, int fd);

/* Columns of `fd`, or of COLUMNS when that is set; 0 when it has none. */
int term_columns(int fd);

enum term_style {
	STYLE_RESET, STYLE_BOLD, STYLE_DIM, STYLE_GOOD, STYLE_BAD,
	STYLE_CHANGED, STYLE_NAME, STYLE_HEAD,
};

/* The escape that begins a style, or "" without colour. Borrowed. */
const char *term_style(const struct term *t, enum term_style s);

/* --- text on a grid ---------------------------------------------------- */

/* Columns that UTF-8 text takes; bytes that are none count one each. */
int term_width(const char *s, size_t len);

/* How many bytes of `s` fit into `cols` columns, never part of a character. */
size_t term_fit(const char *s, size_t len, int cols);

/* `s` with spaces to `cols` columns, on the left side when `right`. */
void term_pad(struct buf *b, const char *s, int cols, bool right);

#endif
