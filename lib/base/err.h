/*
 * err - one way to fail.
 *
 * Read here:  a function that can fail returns int: 0, or one of the negative
 *             codes below. Whoever notices first writes the message, once,
 *             with err_set(); everyone above hands the code on, or adds where
 *             it happened with err_wrap(). err_hint() says what to do next.
 * Owns:       one message, one hint, and the warning handler, per process.
 *             Threads may not fail into it: they hand back codes.
 * Fails:      never.
 * Knows:      nothing; only git-exp/ prints.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

enum err {
	ERR_FATAL    = -1,	/* I/O and everything nobody can act on */
	ERR_NOTFOUND = -2,	/* the thing named is not there */
	ERR_EXISTS   = -3,	/* the thing named is already there */
	ERR_INVALID  = -4,	/* what the user wrote makes no sense */
	ERR_LOCKED   = -5,	/* another process holds it */
	ERR_STAGE    = -6,	/* a user's command failed or was killed */
};

/* Remember the message, forget the hint, return `code`. */
int err_set(int code, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* As err_set(), with ": " and strerror(errno) of this moment after it. */
int err_sys(int code, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Put "fmt: " before the remembered message; the hint stays; returns `code`. */
int err_wrap(int code, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Remember one more hint line for the message; returns `code`. */
int err_hint(int code, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* The message, never NULL. Borrowed; valid until the next err_set or wrap. */
const char *err_message(void);

/* The hint lines joined by LF, or NULL. Borrowed, as above. */
const char *err_hints(void);

/* Forget message and hint: a failure that was expected and handled. */
void err_clear(void);

/*
 * Something went wrong that does not stop us ("warning: ..."). Goes to the
 * handler that the command installed; without one it is dropped.
 */
void err_warn(const char *fmt, ...)
	__attribute__((format(printf, 1, 2)));

/* Install the handler for err_warn(); `line` has no LF. NULL drops. */
void err_on_warn(void (*fn)(const char *line));

#endif
