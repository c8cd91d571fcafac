/*
 * opt - options of a command, as a table that also prints its own help.
 *
 * Read here:  a table of struct opt ended by OPT_END, and opt_parse(); what
 *             is left over starts at argv[0]. Understood are --x, --no-x,
 *             --x=V, --x V, -x, -xV, -x V, -xyz for flags, and "--", which
 *             ends the options. No abbreviations: each would make a later
 *             option a breaking change. -h prints the help, --help asks for
 *             the page, --git-completion-helper prints the long names.
 * Owns:       nothing; values point into argv, lists copy.
 * Fails:      opt_parse() never returns for -h and misuse, so options are
 *             read before anything is owned. opt_read() returns.
 * Knows:      nothing of the commands.
 */
#ifndef OPT_H
#define OPT_H

#include <stdio.h>

struct strs;

enum opt_kind {
	OPT_FLAG,		/* bool: --x is true, --no-x false */
	OPT_COUNT,		/* int: each -v adds one, --no-x makes it 0 */
	OPT_INT,		/* int */
	OPT_STR,		/* const char *; --no-x makes it NULL */
	OPT_LIST,		/* struct strs: one more each time; --no-x empties */
	OPT_MANY,		/* the same, and every word up to the next option */
	OPT_CHOICE,		/* const char *: one of the words in `arg` */
};

struct opt {
	const char *name;	/* long name without dashes; NULL ends the table */
	char key;		/* one-letter name or 0 */
	enum opt_kind kind;
	void *value;		/* what it sets, by kind */
	const char *arg;	/* how help calls the value; "a|b|c" for a choice */
	const char *help;	/* NULL: another spelling, not shown */
};
#define OPT_END { NULL, 0, OPT_FLAG, NULL, NULL, NULL }

enum opt_flags {
	OPT_WORDS = 1 << 0,	/* the first word that is no option ends them */
};

enum opt_result {		/* what opt_read() found, when not a count */
	OPT_BAD   = -1,		/* misuse; the words are in struct opt_bad */
	OPT_HELP  = -2,		/* -h */
	OPT_PAGE  = -3,		/* --help */
	OPT_NAMES = -4,		/* --git-completion-helper */
};

struct opt_bad {
	const char *why;	/* "unknown option", ... */
	const char *arg;	/* the word, as typed */
};

/*
 * Take the options off argv[1..argc); the words left over are moved to
 * argv[0..n) and n is returned, or one of the results above.
 */
int opt_read(int argc, char **argv, const struct opt *opts, unsigned flags,
	     struct opt_bad *bad);

/*
 * The same, with everything but a count dealt with here: prints and exits.
 * `usage`: one line for each way to call the command, without "git exp ".
 */
int opt_parse(int argc, char **argv, const struct opt *opts, unsigned flags,
	      const char *usage);

/*
 * The same words, argv[0] too, without the option of this long name and its
 * values. They must have been read before.
 */
void opt_without(struct strs *out, int argc, char *const *argv,
		 const struct opt *opts, const char *name);

/* "usage: git exp ..." and a line or two for each option. */
void opt_help(FILE *to, const struct opt *opts, const char *usage);

/* Every long name with its dashes, one on a line; "--x=" when it takes a value. */
void opt_names(FILE *to, const struct opt *opts);

#endif
