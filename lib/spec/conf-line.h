/*
 * conf-line - one line of an INI file, as DVC's reader takes it apart.
 *
 * Read here:  conf_line() for each line; conf.c keeps the sections.
 * Owns:       struct conf_line: its strings, until conf_line_clear().
 * Fails:      says CONF_BAD for a line that is none of the kinds below.
 * Knows:      no files. Quotes around names and values are taken off, what
 *             stands behind a # is a comment, lists keep their commas.
 */
#ifndef SPEC_CONF_LINE_H
#define SPEC_CONF_LINE_H

enum conf_kind { CONF_EMPTY, CONF_SECTION, CONF_KEY, CONF_BAD };

struct conf_line {
	char *name;		/* of the section or the key, in lower case */
	char *value;		/* of a key */
};
#define CONF_LINE_INIT { 0 }

enum conf_kind conf_line(struct conf_line *out, const char *text);

void conf_line_clear(struct conf_line *l);

#endif
