#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "base/strs.h"
#include "opt.h"

struct reader {
	int argc, at;		/* at: the word being read */
	char **argv;
	const struct opt *opts;
	struct opt_bad *bad;
};

static int misuse(struct reader *r, const char *why, const char *arg)
{
	r->bad->why = why;
	r->bad->arg = arg;
	return OPT_BAD;
}

/* Does `word` ("name", "name=value") name `name`? */
static bool named(const char *word, const char *name, const char **value)
{
	size_t n = strlen(name);

	if (strncmp(word, name, n) || (word[n] && word[n] != '='))
		return false;
	*value = word[n] ? word + n + 1 : NULL;
	return true;
}

static const struct opt *find_long(const struct opt *o, const char *word,
				   const char **value, bool *off)
{
	for (*off = false; o->name; o++)
		if (named(word, o->name, value))
			return o;
	return NULL;
}

/* --no-x for an option x, and --x for an option that is called no-x. */
static const struct opt *find_off(const struct opt *o, const char *word,
				  const char **value, bool *off)
{
	bool no = !strncmp(word, "no-", 3);

	for (*off = true; o->name; o++) {
		if (no && named(word + 3, o->name, value))
			return o;
		if (!no && !strncmp(o->name, "no-", 3) &&
		    named(word, o->name + 3, value))
			return o;
	}
	return NULL;
}

static const struct opt *find_key(const struct opt *o, char key)
{
	for (; o->name; o++)
		if (o->key && o->key == key)
			return o;
	return NULL;
}

static bool takes_value(const struct opt *o)
{
	return o->kind != OPT_FLAG && o->kind != OPT_COUNT;
}

static bool set_int(int *to, const char *value)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(value, &end, 10);
	if (errno || end == value || *end || n < INT_MIN || n > INT_MAX)
		return false;
	*to = (int)n;
	return true;
}

/* Is `value` one of the words in "a|b|c"? */
static bool among(const char *words, const char *value)
{
	size_t n = strcspn(value, "|");

	if (value[n])
		return false;
	for (const char *w = words; w; w = strchr(w, '|')) {
		w += *w == '|';
		if (!strncmp(w, value, n) && (!w[n] || w[n] == '|'))
			return n > 0;
	}
	return false;
}

static bool set_off(const struct opt *o)
{
	switch (o->kind) {
	case OPT_FLAG:
		*(bool *)o->value = false;
		return true;
	case OPT_COUNT:
		*(int *)o->value = 0;
		return true;
	case OPT_STR:
	case OPT_CHOICE:
		*(const char **)o->value = NULL;
		return true;
	case OPT_LIST:
	case OPT_MANY:
		strs_clear(o->value);
		return true;
	case OPT_INT:
		break;
	}
	return false;
}

static bool set(const struct opt *o, const char *value)
{
	switch (o->kind) {
	case OPT_FLAG:
		*(bool *)o->value = true;
		return true;
	case OPT_COUNT:
		++*(int *)o->value;
		return true;
	case OPT_INT:
		return value && set_int(o->value, value);
	case OPT_CHOICE:
		if (!among(o->arg, value))
			return false;
		*(const char **)o->value = value;
		return true;
	case OPT_STR:
		*(const char **)o->value = value;
		return true;
	case OPT_LIST:
	case OPT_MANY:
		strs_add(o->value, value);
		return true;
	}
	return false;
}

/* What follows a value that stands in a word of its own. */
static void give_more(struct reader *r, const struct opt *o)
{
	while (o->kind == OPT_MANY && r->at + 1 < r->argc &&
	       (*r->argv[r->at + 1] != '-' || !r->argv[r->at + 1][1]))
		set(o, r->argv[++r->at]);
}

/* `value` is what stands in the same word; else the next word is taken. */
static int give(struct reader *r, const struct opt *o, const char *value)
{
	const char *word = r->argv[r->at];
	bool apart = takes_value(o) && !value;

	if (apart) {
		if (r->at + 1 >= r->argc)
			return misuse(r, "a value is missing after", word);
		value = r->argv[++r->at];
	}
	if (!set(o, value))
		return misuse(r, "bad value for option", word);
	if (apart)
		give_more(r, o);
	return 0;
}

static int read_long(struct reader *r, const char *word)
{
	const char *value;
	bool off;
	const struct opt *o = find_long(r->opts, word + 2, &value, &off);

	if (!o)
		o = find_off(r->opts, word + 2, &value, &off);
	if (!o)
		return misuse(r, "unknown option", word);
	if (value && (off || !takes_value(o)))
		return misuse(r, "no value belongs to option", word);
	if (off)
		return set_off(o) ? 0 : misuse(r, "unknown option", word);
	return give(r, o, value);
}

static int read_short(struct reader *r, const char *word)
{
	for (const char *p = word + 1; *p; p++) {
		const struct opt *o = find_key(r->opts, *p);
		int err;

		if (!o)
			return misuse(r, "unknown option", word);
		if (takes_value(o))
			return give(r, o, p[1] ? p + 1 : NULL);
		err = give(r, o, NULL);
		if (err)
			return err;
	}
	return 0;
}

static int read_word(struct reader *r, const char *word)
{
	if (!strcmp(word, "-h"))
		return OPT_HELP;
	if (!strcmp(word, "--help"))
		return OPT_PAGE;
	if (!strcmp(word, "--git-completion-helper"))
		return OPT_NAMES;
	return word[1] == '-' ? read_long(r, word) : read_short(r, word);
}

int opt_read(int argc, char **argv, const struct opt *opts, unsigned flags,
	     struct opt_bad *bad)
{
	struct reader r = { argc, 1, argv, opts, bad };
	int left = 0, err;

	for (; r.at < argc; r.at++) {
		char *word = argv[r.at];

		if (word[0] != '-' || !word[1]) {
			if (flags & OPT_WORDS)
				break;
			argv[left++] = word;
			continue;
		}
		if (!strcmp(word, "--")) {
			r.at++;
			break;
		}
		err = read_word(&r, word);
		if (err)
			return err;
	}
	while (r.at < argc)
		argv[left++] = argv[r.at++];
	argv[left] = NULL;
	return left;
}

/* --- words without an option ---------------------------------------------- */

/* "-fS" and "-fSa=1" keep their "-f". True when the value is the next word. */
static bool drop_short(struct strs *out, const char *word,
		       const struct opt *opts, const char *name, bool *keep)
{
	for (const char *p = word + 1; *p; p++) {
		const struct opt *o = find_key(opts, *p);

		if (!o || !takes_value(o))
			continue;
		*keep = strcmp(o->name, name);
		if (!*keep && p > word + 1)
			strs_nadd(out, word, (size_t)(p - word));
		return !p[1];
	}
	return false;
}

static bool drop_long(const char *word, const struct opt *opts,
		      const char *name, bool *keep)
{
	const char *value;
	bool off;
	const struct opt *o = find_long(opts, word + 2, &value, &off);

	if (!o)
		o = find_off(opts, word + 2, &value, &off);
	*keep = !o || strcmp(o->name, name);
	return o && !off && takes_value(o) && !value;
}

void opt_without(struct strs *out, int argc, char *const *argv,
		 const struct opt *opts, const char *name)
{
	int i = 0;

	for (; i < argc && strcmp(argv[i], "--"); i++) {
		const char *word = argv[i];
		bool keep = true, more = false;

		if (word[0] == '-' && word[1] == '-')
			more = drop_long(word, opts, name, &keep);
		else if (word[0] == '-')
			more = drop_short(out, word, opts, name, &keep);
		if (keep)
			strs_add(out, word);
		if (more && ++i < argc && keep)
			strs_add(out, argv[i]);
	}
	for (; i < argc; i++)
		strs_add(out, argv[i]);
}
