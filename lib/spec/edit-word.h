/*
 * edit-word - what the files share that read the words after -S.
 *
 * Read here:  edit_split() takes a word apart; edit_value() reads what stands
 *             behind '=' by asking edit_lex() for tokens and edit_call() for
 *             functions; edit_range() and edit_text() make of a sweep the
 *             values and of a value the text that would give it.
 * Owns:       struct edit_word its value, struct edit_call its arguments.
 * Fails:      ERR_INVALID "'lr=[1': expected ',' or ']' at the end".
 * Knows:      Hydra's lexer and parser (OverrideLexer.g4, OverrideParser.g4)
 *             and its functions: which types each of them takes.
 */
#ifndef SPEC_EDIT_WORD_H
#define SPEC_EDIT_WORD_H

#include <stdbool.h>
#include <stddef.h>
#include "spec/edit.h"

struct buf;

/* --- tokens ------------------------------------------------------------- */

/* Where one may, with the blanks around it: "f (", " , ", " ]". */
enum edit_token {
	EDIT_END, EDIT_BAD,
	EDIT_POPEN, EDIT_PCLOSE, EDIT_LOPEN, EDIT_LCLOSE, EDIT_MOPEN,
	EDIT_MCLOSE, EDIT_COMMA, EDIT_EQUAL,
	EDIT_QUOTED,
	EDIT_COLON, EDIT_REF,	/* from here on: what a text is made of, */
	EDIT_FLOAT, EDIT_INT, EDIT_BOOL, EDIT_NULL,	/* from here: a key */
	EDIT_CHAR, EDIT_ID, EDIT_ESC, EDIT_BLANK,
};

struct edit_lex {
	const char *arg;	/* the whole word, for messages */
	const char *at;		/* the token */
	size_t len;
	enum edit_token is;
};

/* Start at `value`, which is part of `arg`; the first token is read. */
void edit_lex(struct edit_lex *l, const char *arg, const char *value);
void edit_lex_next(struct edit_lex *l);

/* How many bytes of `s` are an integer without sign: "0", "1_000", not "01". */
size_t edit_whole(const char *s);

/* "'ARG': expected WHAT, not 'x', at character 4"; ERR_INVALID. */
int edit_expected(const struct edit_lex *l, const char *what);

/* --- values ------------------------------------------------------------- */

enum edit_kind {
	EDIT_ONE,		/* one value */
	EDIT_CHOICE,		/* v: a list, one run for each */
	EDIT_RANGE,		/* v: a list of start, stop and step */
};

struct edit_word {
	enum edit_kind kind;
	struct val v;		/* a text that was quoted has such a style */
	bool simple;		/* EDIT_CHOICE: written as "1,2" */
	bool shuffle;
};

/* What stands behind '='. */
int edit_value(struct edit_word *out, const char *arg, const char *value);

/* The values of a sweep, at most `most`, into a list. */
int edit_values(struct val *list, struct edit_word *w, const char *arg,
		size_t most);

/* The same for EDIT_RANGE alone. */
int edit_range(struct val *list, const struct val *range, const char *arg,
	       size_t most);

/* As Hydra writes a value into the words of a sweep. */
void edit_text(struct buf *out, const struct val *v);

/* "file:++key=value" -> its parts; `value` points into arg or is NULL. */
int edit_split(struct edit *out, const char **value, const char *arg);

/* --- functions ---------------------------------------------------------- */

struct edit_arg {
	char *name;		/* or NULL */
	struct edit_word word;
};

struct edit_call {
	const char *arg;	/* the whole word, for messages */
	char *name;
	struct edit_arg *item;	/* those with names last */
	size_t nr, alloc;
};

/* Call it; the arguments may be taken out of it. */
int edit_call(struct edit_word *out, struct edit_call *c);

/* "'ARG': NAME() WHY"; ERR_INVALID. */
int edit_call_bad(const struct edit_call *c, const char *why);

/* int, float, bool, str, by their first letter: of one value, in place. */
int edit_cast(struct val *v, const struct edit_call *c);

/* Sort a list in place, or a range; false when values cannot be compared. */
bool edit_sort(struct val *list, bool reverse);
bool edit_sort_range(struct val *range, bool reverse);

/* Another order of the list, as good as any. */
void edit_shuffle(struct val *list);

#endif
