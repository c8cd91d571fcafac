#include <stdbool.h>
#include <string.h>
#include "base/err.h"
#include "spec/val-why.h"

/* The line of that number; its length without the line's end. */
static const char *line_of(const struct val_why *w, int line, size_t *len)
{
	const char *s = w->text, *end = w->text + w->len, *stop;

	for (int i = 1; i < line && s < end; i++) {
		stop = memchr(s, '\n', (size_t)(end - s));
		s = stop ? stop + 1 : end;
	}
	stop = memchr(s, '\n', (size_t)(end - s));
	*len = (size_t)((stop ? stop : end) - s);
	return s;
}

void val_why_at(struct val_why *w, size_t at)
{
	w->line = w->column = 1;
	for (size_t i = 0; i < at && i < w->len; i++) {
		w->column++;
		if (w->text[i] == '\n') {
			w->line++;
			w->column = 1;
		}
	}
}

static bool says(const struct val_why *w, const char *words)
{
	return strstr(w->problem, words);
}

static int here(const struct val_why *w, const char *why)
{
	return err_set(ERR_INVALID, "%s: line %d, column %d: %s", w->name,
		       w->line, w->column, why);
}

static int there(const struct val_why *w, const char *why)
{
	return err_set(ERR_INVALID, "%s: line %d, column %d: %s", w->name,
		       w->since, w->since_column, why);
}

/* --- what may be wrong, the surest first ---------------------------------- */

static bool has_tab(const struct val_why *w)
{
	size_t len;
	const char *s = line_of(w, w->line, &len);
	size_t indent = 0;

	while (indent < len && (s[indent] == ' ' || s[indent] == '\t'))
		if (s[indent++] == '\t')
			return true;
	return false;
}

/* "key: text: more" has a ': ' before the one that the parser stumbled over. */
static bool has_colon_before(const struct val_why *w)
{
	size_t len;
	const char *s = line_of(w, w->line, &len);

	for (size_t i = 0; i + 1 < len && (int)i + 1 < w->column; i++)
		if (s[i] == ':' && s[i + 1] == ' ')
			return true;
	return false;
}

static int no_value(const struct val_why *w)
{
	int err;

	if (has_colon_before(w)) {
		err = here(w, "': ' in a text that has no quotes around it");
		return err_hint(err, "put quotes around the whole text");
	}
	err = here(w, "a map cannot begin here: there is a value already");
	return err_hint(err, "look at the indentation of this line and of "
			"the one before it");
}

static int no_start(const struct val_why *w)
{
	size_t len;
	const char *s = line_of(w, w->line, &len);
	size_t at = (size_t)(w->column - 1);
	int err;

	if (at >= len || (unsigned char)s[at] >= 0x80)
		return here(w, "a character that cannot begin a value");
	err = err_set(ERR_INVALID, "%s: line %d, column %d: '%c' cannot begin "
		      "a value", w->name, w->line, w->column, s[at]);
	return err_hint(err, "put quotes around the whole text");
}

static int no_close(const struct val_why *w)
{
	if (w->context && strstr(w->context, "quoted"))
		return there(w, "a quote that is opened here is never closed");
	return here(w, "the text ends in the middle of something");
}

static int no_key(const struct val_why *w)
{
	int err;

	if (w->line == w->since) {
		err = here(w, "text behind a value that has ended");
		return err_hint(err, "put quotes around the whole text");
	}
	err = err_set(ERR_INVALID, "%s: line %d, column %d: this does not "
		      "line up with the map that begins in line %d",
		      w->name, w->line, w->column, w->since);
	return err_hint(err, "all keys of a map stand in one column");
}

static int no_item(const struct val_why *w)
{
	int err = err_set(ERR_INVALID, "%s: line %d, column %d: this does not "
			  "line up with the list that begins in line %d",
			  w->name, w->line, w->column, w->since);

	return err_hint(err, "all '-' of a list stand in one column");
}

static int no_bracket(const struct val_why *w)
{
	bool list = strchr(w->problem, ']');
	int err = err_set(ERR_INVALID, "%s: line %d, column %d: ',' or '%c' "
			  "was expected here", w->name, w->line, w->column,
			  list ? ']' : '}');

	return err_hint(err, "the '%c' is in line %d", list ? '[' : '{',
			w->since);
}

static int no_colon(const struct val_why *w)
{
	int err = there(w, "a ':' was expected after this");

	return err_hint(err, "a map has lines of 'key: value'; a text of "
			"several lines stands after '|'");
}

static int no_list(const struct val_why *w)
{
	int err = here(w, "a list cannot begin here");

	return err_hint(err, "its first '-' stands on a line of its own");
}

static int no_escape(const struct val_why *w)
{
	int err = here(w, "an escape that double quotes do not know");

	return err_hint(err, "in single quotes a backslash stands for itself");
}

static int no_tab(const struct val_why *w)
{
	int err = here(w, "a tab where YAML indents with spaces");

	return err_hint(err, "put spaces in place of the tab");
}

static int no_node(const struct val_why *w)
{
	return here(w, "a value was expected here");
}

static int no_text(const struct val_why *w)
{
	return here(w, says(w, "control") ? "a control character" :
		    "this is not UTF-8");
}

int val_why(const struct val_why *w)
{
	static const struct {
		const char *problem;
		int (*say)(const struct val_why *w);
	} rule[] = {
		{ "tab character", no_tab },
		{ "mapping values are not allowed", no_value },
		{ "cannot start any token", no_start },
		{ "unexpected end of stream", no_close },
		{ "unexpected document indicator", no_close },
		{ "expected key", no_key },
		{ "expected '-' indicator", no_item },
		{ "expected ',' or ", no_bracket },
		{ "expected ':'", no_colon },
		{ "block sequence entries", no_list },
		{ "escape character", no_escape },
		{ "node content", no_node },
		{ "UTF-8", no_text },
		{ "control characters", no_text },
	};

	if (!w->problem)
		return here(w, "this is not YAML");
	for (size_t i = 0; i < sizeof(rule) / sizeof(*rule); i++)
		if (says(w, rule[i].problem))
			return has_tab(w) && rule[i].say != no_text ?
				no_tab(w) : rule[i].say(w);
	return here(w, w->problem);
}
