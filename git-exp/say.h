/*
 * say - messages for people, all of them on stderr.
 *
 * Read here:  say_failed() for a failure of the library, the others for what
 *             a command notices itself. Answers go to stdout, not here.
 * Owns:       nothing.
 * Fails:      never.
 * Knows:      each message is one line, safe for a terminal (buf_safe()).
 *             Hints can be switched off: `repo` is asked for advice.exp...;
 *             it may be NULL, then there is nothing to ask.
 */
#ifndef SAY_H
#define SAY_H

struct repo;

void say_fatal(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void say_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void say_warning(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * "hint: ". `name` is the setting that silences it: "Undo" is
 * advice.expUndo. GIT_ADVICE=0 and advice.exp = false silence all.
 */
void say_hint(struct repo *r, const char *name, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* The library's message as "fatal: " with its hints; returns EXIT_FATAL. */
int say_failed(struct repo *r);

/* The same as "error: ", for what ends with "no" or goes on; EXIT_NO. */
int say_no(struct repo *r);

/* For err_on_warn(). */
void say_warned(const char *line);

#endif
