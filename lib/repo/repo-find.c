#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "repo/repo-ops.h"

/* Anything here that is not an ordinary repository is for git to judge. */

static bool ours(const char *path, struct stat *st)
{
	return !lstat(path, st) && st->st_uid == geteuid();
}

static bool read_small(const char *path, struct buf *out)
{
	if (!file_read(path, out, 1 << 20))
		return true;
	err_clear();
	return false;
}

/* The text of a one-line file without its LF; caller frees. */
static char *read_line(const char *dir, const char *name, const char *prefix)
{
	char *path = file_join(dir, name), *line = NULL;
	struct buf text = BUF_INIT;
	size_t skip = strlen(prefix);

	if (read_small(path, &text) && !strncmp(text.s, prefix, skip)) {
		while (text.len > skip && strchr("\r\n", text.s[text.len - 1]))
			buf_cut(&text, text.len - 1);
		if (text.len > skip && strlen(text.s) == text.len)
			line = mem_dup(text.s + skip);
	}
	buf_clear(&text);
	free(path);
	return line;
}

static bool has_head(const char *git_dir)
{
	char *head = read_line(git_dir, "HEAD", "");
	struct oid id;
	bool ok = head && (!strncmp(head, "ref: refs/", 10) ||
			   oid_parse(&id, head, strlen(head)));

	free(head);
	return ok;
}

/* Any of these beside us, and we may stand inside a git directory. */
static bool may_be_bare(const char *dir)
{
	char *head = file_join(dir, "HEAD"), *objects = file_join(dir, "objects");
	bool bare = file_exists(head) && file_exists(objects);

	free(objects);
	free(head);
	return bare;
}

static bool take_dir(struct repo *r, const char *top, char *git_dir)
{
	struct stat st;
	char *common;

	if (!git_dir || !ours(git_dir, &st) || !S_ISDIR(st.st_mode) ||
	    !has_head(git_dir)) {
		free(git_dir);
		return false;
	}
	r->top = mem_dup(top);
	r->git_dir = git_dir;
	common = read_line(git_dir, "commondir", "");
	if (common) {
		char *full = file_join(git_dir, common);

		r->common_dir = file_real(full);
		free(full);
		free(common);
	} else {
		r->common_dir = mem_dup(git_dir);
	}
	return r->common_dir;
}

static char *follow(const char *top)
{
	char *to = read_line(top, ".git", "gitdir: "), *full, *real;

	if (!to)
		return NULL;
	full = file_join(top, to);
	real = file_real(full);
	free(full);
	free(to);
	return real;
}

/* -1: higher up; 0: not ours to judge; 1: found. */
static int look(struct repo *r, const char *dir, dev_t device)
{
	char *dot = file_join(dir, ".git");
	struct stat top, st;
	int found = -1;

	if (lstat(dir, &top) || top.st_dev != device || may_be_bare(dir)) {
		found = 0;
	} else if (!lstat(dot, &st)) {
		found = 0;
		if (ours(dir, &top) && ours(dot, &st) && S_ISDIR(st.st_mode))
			found = take_dir(r, dir, mem_dup(dot));
		else if (ours(dir, &top) && ours(dot, &st) &&
			 S_ISREG(st.st_mode))
			found = take_dir(r, dir, follow(dir));
	}
	free(dot);
	return found;
}

static bool check_config(const char *common_dir)
{
	char *path = file_join(common_dir, "config");
	struct buf text = BUF_INIT;
	bool plain = read_small(path, &text) && strlen(text.s) == text.len &&
		repo_config_plain(text.s);

	buf_clear(&text);
	free(path);
	return plain;
}

static void forget(struct repo *r)
{
	mem_set(&r->top, NULL);
	mem_set(&r->git_dir, NULL);
	mem_set(&r->common_dir, NULL);
}

bool repo_find(struct repo *r, const char *cwd)
{
	char *dir = file_real(cwd);
	struct stat st;
	int found = dir && !stat(dir, &st) ? -1 : 0;

	while (found < 0) {
		char *slash = strrchr(dir, '/');

		found = look(r, dir, st.st_dev);
		if (found < 0 && !dir[1])
			found = 0;
		slash[slash == dir] = '\0';
	}
	free(dir);
	if (found > 0 && check_config(r->common_dir)) {
		r->plain = true;
		r->hex_len = 40;
		return true;
	}
	forget(r);
	return false;
}

/* --- the configuration, only to see that it is an ordinary one --------- */

struct scan {
	char section[64];	/* lower case, without the subsection */
};

static const char *skip_space(const char *s)
{
	return s + strspn(s, " \t\r");
}

/* "[name "sub"]"; returns what follows it, or NULL when it is odd. */
static const char *open_section(struct scan *c, const char *s)
{
	size_t n = strcspn(++s, " \t\".]\n");
	const char *end = s + n;

	if (!n || n >= sizeof(c->section) || !strchr(" \t\".]", *end) || !*end)
		return NULL;
	memcpy(c->section, s, n);
	c->section[n] = '\0';
	if (*end != ']' && memchr(end, '"', strcspn(end, "\n"))) {
		for (end = strchr(end, '"') + 1; *end != '"'; end++)
			if (!*end || *end == '\n' || *end == '\\')
				return NULL;
	}
	end += strcspn(end, "]\n");
	return *end == ']' ? end + 1 : NULL;
}

static bool is_key(const char *line, const char *key)
{
	size_t n = strlen(key);

	return !strncasecmp(line, key, n) && strchr(" \t\r=#;\n", line[n]);
}

/* The value of "key = value" is one of these words, without quotes. */
static bool is_word(const char *line, const char *a, const char *b)
{
	size_t n = strcspn(line, "=\n");
	const char *value = line + n;

	if (*value != '=')
		return false;
	value = skip_space(value + 1);
	n = strcspn(value, " \t\r\n");
	return (n == strlen(a) && !strncasecmp(value, a, n)) ||
		(n == strlen(b) && !strncasecmp(value, b, n));
}

static bool plain_key(const struct scan *c, const char *line)
{
	if (!strcasecmp(c->section, "core")) {
		if (is_key(line, "worktree"))
			return false;
		if (is_key(line, "repositoryformatversion"))
			return is_word(line, "0", "1");
		if (is_key(line, "bare"))
			return is_word(line, "false", "false");
	}
	if (!strcasecmp(c->section, "remote"))
		return !is_key(line, "promisor") &&
			!is_key(line, "partialclonefilter");
	return strcasecmp(c->section, "extensions") &&
		strcasecmp(c->section, "include") &&
		strcasecmp(c->section, "includeif");
}

static bool plain_line(struct scan *c, const char *line, size_t len)
{
	const char *s = skip_space(line);

	if (len && memchr(line + len - 1 - (len > 1 && line[len - 1] == '\r'),
			  '\\', 1))
		return false;
	if (*s == '[')
		s = open_section(c, s);
	if (!s)
		return false;
	s = skip_space(s);
	return strchr("#;\n", *s) || plain_key(c, s);
}

bool repo_config_plain(const char *text)
{
	struct scan c = { "" };

	if ((unsigned char)*text == 0xef)
		return false;
	while (*text) {
		size_t n = strcspn(text, "\n");

		if (!plain_line(&c, text, n))
			return false;
		text += n + !!text[n];
	}
	return true;
}
