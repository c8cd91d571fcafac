/*
 * val-py - what the files of the Python reader share; parts of val.
 *
 * Read here:  val_py() of val.h. Inside: py_next() moves to the next token,
 *             which stands in `kind`, `at` and `len`; py_value() reads one
 *             literal as Python's ast.literal_eval() would; val-py.c knows
 *             the statements that name parameters, and passes over the rest.
 * Owns:       nothing but the brackets and the indentation that are open.
 * Fails:      ERR_INVALID "NAME: line N: why" for what is no Python. What is
 *             Python but no literal is not a failure: `plain` says so.
 *             Values that JSON has not (sets, bytes, complex numbers, ...) are
 *             VAL_DATE with their text; a tuple is a list of style VAL_PLAIN.
 * Knows:      the tokens of Python 3, and which may stand side by side; not
 *             the whole grammar: a text may be no Python in ways not seen here.
 */
#ifndef SPEC_VAL_PY_H
#define SPEC_VAL_PY_H

#include <stdbool.h>
#include <stddef.h>
#include "spec/val.h"

#define PY_INDENTS 100		/* as in Python itself, both */
#define PY_BRACKETS 200

enum py_kind {
	PY_END, PY_NEWLINE, PY_INDENT, PY_DEDENT,
	PY_NAME, PY_NUMBER, PY_STRING, PY_OP,
};

/* What the token before was, for what may follow. */
enum py_before {
	PY_B_START, PY_B_OPERAND, PY_B_TEXT, PY_B_WORD, PY_B_SOFT, PY_B_JOINT,
	PY_B_NOT, PY_B_COMMA, PY_B_OPEN, PY_B_COLON, PY_B_STAR, PY_B_DOT,
	PY_B_SIGN, PY_B_DONE, PY_B_BLOCK,
};

struct py {
	const char *text, *s, *end, *name;
	int line;		/* of the reader; */
	int at_line;		/* of the token: */
	enum py_kind kind;
	const char *at;
	size_t len;
	char open[PY_BRACKETS];
	int open_line[PY_BRACKETS];
	size_t nr_open;
	size_t column[PY_INDENTS + 1], tabs[PY_INDENTS + 1];
	size_t nr_indent;	/* column[nr_indent] is the present one */
	size_t dedents;		/* still to be told */
	size_t spare;		/* see py_quoted_len() */
	bool begins;		/* a line begins */
	enum py_before before;
	bool any;		/* on a line whose tokens are not looked at */
	const char *done;	/* the end of the token before */
	size_t depth;		/* of classes and values */
	bool constant;		/* the value read is a bare number */
	int unhashable;		/* line of a key that can be none, or 0 */
};

int py_fail(const struct py *p, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* To the next token; on failure it is what it was. */
int py_next(struct py *p);

/* True when the token is this operator or word. */
bool py_is(const struct py *p, const char *word);

/* True when the token is a word of the language that can be no name. */
bool py_reserved(const struct py *p);

/* May this token stand after the one before it? */
int py_follows(struct py *p);

/*
 * Read the value that begins at the token, to the token after it. When it is
 * no literal, *plain is false and the token any one inside of it.
 */
int py_value(struct py *p, struct val *out, bool *plain);

/* One value of a list, or anywhere a comma does not make a tuple. */
int py_one(struct py *p, struct val *out, bool *plain);

/* What begins with a bracket. */
int py_collection(struct py *p, struct val *out, bool *plain);

/* From `from` up to the present token: the place of a value, and its text. */
void py_place(const struct py *p, struct val *v, const char *from, int line);
void py_as_written(const struct py *p, struct val *v, const char *from,
		   enum val_style style);

/* One number or string token; `*plain` as above. */
int py_number(struct py *p, struct val *out);
int py_string(struct py *p, struct val *out, bool *plain);

/* Is this what may stand before the quotes of a string? */
bool py_is_prefix(const char *s, size_t len);

/* The letter of strings that have values in braces. */
bool py_is_format(char c);

/*
 * Bytes of the string where the reader stands, without its prefix; 0 when it
 * has no end. Looking into braces costs p->spare, so that it ends.
 */
size_t py_quoted_len(struct py *p, size_t prefix);

/* Are the escapes of this string token right? */
int py_check_string(struct py *p);

/* Bytes of the number at `s`; 0 when it is none, or nothing may follow so. */
size_t py_number_len(const char *s, const char *end);

#endif
