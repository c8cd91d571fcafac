#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "repo/repo-ops.h"

/* Section and name without regard to case, what is between them with. */
static char *normal_key(const char *key, size_t len)
{
	char *k = mem_ndup(key, len), *first = strchr(k, '.');
	char *last = strrchr(k, '.');

	for (char *s = k; *s; s++)
		if (!first || s < first || s > last)
			*s = (char)tolower((unsigned char)*s);
	return k;
}

/* Git's list: "key LF value NUL", or "key NUL". */
static void take(struct repo *r, const struct buf *text)
{
	const char *s = text->s, *end = text->s + text->len;

	for (; s < end; s += strlen(s) + 1) {
		size_t n = strcspn(s, "\n");
		char *key = normal_key(s, n);

		free(map_put(&r->config, key,
			     s[n] ? mem_dup(s + n + 1) : NULL));
		free(key);
	}
}

static void load(struct repo *r)
{
	const char *args[] = { "config", "--list", "-z", NULL };
	struct buf out = BUF_INIT;

	if (r->config_read)
		return;
	r->config_read = true;
	if (repo_git(r, args, NULL, NULL, &out, 0)) {
		err_warn("cannot read git's configuration: %s", err_message());
		err_clear();
	}
	take(r, &out);
	buf_clear(&out);
}

/* False when it is not set; *value is NULL for a key without "=". */
static bool find(struct repo *r, const char *key, const char **value)
{
	char *k = normal_key(key, strlen(key));
	long at;

	load(r);
	at = map_find(&r->config, k);
	free(k);
	if (at >= 0)
		*value = r->config.item[at].value;
	return at >= 0;
}

const char *repo_config(struct repo *r, const char *key)
{
	const char *value;

	if (!find(r, key, &value))
		return NULL;
	return value ? value : "";
}

static bool parse_int(const char *s, int64_t *out)
{
	static const char units[] = "kmg";
	const char *unit;
	char *end;
	long long n;

	errno = 0;
	n = strtoll(s, &end, 0);
	if (end == s || errno)
		return false;
	for (unit = units; *end && *unit; unit++) {
		if (n > INT64_MAX / 1024 || n < INT64_MIN / 1024)
			return false;
		n *= 1024;
		if (tolower((unsigned char)*end) == *unit && !end[1])
			break;
	}
	*out = n;
	return !*end || *unit;
}

static bool is_one_of(const char *s, const char *const *words)
{
	for (; *words; words++)
		if (!strcasecmp(s, *words))
			return true;
	return false;
}

bool repo_config_bool(struct repo *r, const char *key, bool otherwise)
{
	static const char *const yes[] = { "true", "yes", "on", NULL };
	static const char *const no[] = { "false", "no", "off", "", NULL };
	const char *value;
	int64_t n;

	if (!find(r, key, &value))
		return otherwise;
	if (!value || is_one_of(value, yes))
		return true;
	if (is_one_of(value, no))
		return false;
	if (parse_int(value, &n))
		return n;
	err_warn("bad boolean '%s' for '%s'", value, key);
	return otherwise;
}

int64_t repo_config_int(struct repo *r, const char *key, int64_t otherwise)
{
	const char *value;
	int64_t n;

	if (!find(r, key, &value))
		return otherwise;
	if (value && parse_int(value, &n))
		return n;
	err_warn("bad number '%s' for '%s'", value ? value : "", key);
	return otherwise;
}

/* --- people ------------------------------------------------------------ */

/* Git's sentence, but of its page of advice only what there is to type. */
static int unknown(int err)
{
	char *why = mem_dup(err_message());

	err_set(err, "who are you? %s", why);
	free(why);
	err_hint(err, "git config --global user.name 'Your Name'");
	return err_hint(err, "git config --global user.email you@example.com");
}

/* Author and committer of one commit are often asked for in one second. */
static int ask(struct repo *r, const char *var, struct person *p, char **out)
{
	const char *args[] = { "var", var, NULL };
	struct buf text = BUF_INIT;
	time_t now = time(NULL);
	int err = 0;

	*out = NULL;
	if (!p->text || p->at != now) {
		err = repo_git(r, args, NULL, NULL, &text, 0);
		while (text.len && text.s[text.len - 1] == '\n')
			buf_cut(&text, text.len - 1);
		mem_set(&p->text, err ? NULL : mem_dup(text.s));
		p->at = now;
	}
	buf_clear(&text);
	if (err)
		return unknown(ERR_INVALID);
	*out = mem_dup(p->text);
	return 0;
}

int repo_author(struct repo *r, char **out)
{
	return ask(r, "GIT_AUTHOR_IDENT", &r->author, out);
}

int repo_committer(struct repo *r, char **out)
{
	return ask(r, "GIT_COMMITTER_IDENT", &r->committer, out);
}
