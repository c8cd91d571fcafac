#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "repo/commit.h"
#include "repo/repo-ops.h"

static const char *after(const char *line, const char *key)
{
	size_t n = strlen(key);

	return !strncmp(line, key, n) && line[n] == ' ' ? line + n + 1 : NULL;
}

static void once(char **field, const char *value, size_t len)
{
	if (!*field)
		*field = mem_ndup(value, len);
}

static bool take_parent(struct commit *c, const char *hex, size_t len)
{
	ARRAY_GROW(c);
	return oid_parse(&c->item[c->nr], hex, len) && ++c->nr;
}

/* One header; false only for what no commit can do without. */
static bool take_header(struct commit *c, const char *line, size_t len)
{
	const char *end = line + len, *v;

	if ((v = after(line, "tree")))
		return c->tree.hex[0] ||
			oid_parse(&c->tree, v, (size_t)(end - v));
	if ((v = after(line, "parent")))
		return take_parent(c, v, (size_t)(end - v));
	if ((v = after(line, "author")))
		once(&c->author, v, (size_t)(end - v));
	else if ((v = after(line, "committer")))
		once(&c->committer, v, (size_t)(end - v));
	else if ((v = after(line, "git-exp")))
		once(&c->record, v, (size_t)(end - v));
	return true;
}

/* The seconds stand behind the last '>'; names may hold anything. */
static int64_t seconds(const char *person)
{
	const char *s = strrchr(person, '>');

	return s ? strtoll(s + 1, NULL, 10) : 0;
}

static void finish(struct commit *c, const char *message, size_t len)
{
	if (!c->author)
		c->author = mem_dup("");
	if (!c->committer)
		c->committer = mem_dup("");
	c->author_time = seconds(c->author);
	c->time = seconds(c->committer);
	c->message = mem_ndup(message, len);
}

static bool parse(struct commit *c, const char *s, const char *end)
{
	while (s < end && *s != '\n') {
		const char *lf = memchr(s, '\n', (size_t)(end - s));
		char *line;
		bool ok;

		lf = lf ? lf : end;
		line = mem_ndup(s, (size_t)(lf - s));
		ok = *line == ' ' || take_header(c, line, strlen(line));
		free(line);
		if (!ok)
			return false;
		s = lf < end ? lf + 1 : end;
	}
	s += s < end;
	finish(c, s, (size_t)(end - s));
	return c->tree.hex[0];
}

int commit_parse(struct commit *out, const char *text, size_t len)
{
	struct oid id = out->id;

	commit_clear(out);
	out->id = id;
	if (parse(out, text, text + len))
		return 0;
	commit_clear(out);
	return err_set(ERR_INVALID, "this is no commit");
}

int commit_read(struct commit *out, struct repo *r, const struct oid *id)
{
	struct buf text = BUF_INIT;
	struct oid own = *id;
	enum obj_type type;
	int err = repo_read(r, &own, &type, &text);

	if (!err && type != OBJ_COMMIT)
		err = err_set(ERR_INVALID, "object '%s' is a %s, not a commit",
			      own.hex, obj_type_name(type));
	else if (!err && commit_parse(out, text.s, text.len))
		err = err_set(ERR_INVALID, "commit '%s' is damaged", own.hex);
	if (!err)
		out->id = own;
	buf_clear(&text);
	return err;
}

char *commit_subject(const struct commit *c)
{
	const char *s = c->message + strspn(c->message, "\r\n");
	size_t n = strcspn(s, "\n");

	while (n && strchr(" \t\r", s[n - 1]))
		n--;
	return mem_ndup(s, n);
}

int commit_write(struct repo *r, const struct commit_new *c, struct oid *out)
{
	struct buf b = BUF_INIT;
	int err;

	if (c->record && strchr(c->record, '\n'))
		return err_set(ERR_INVALID,
			       "the record of a commit is one line");
	buf_fmt(&b, "tree %s\n", c->tree.hex);
	for (size_t i = 0; i < c->nr_parent; i++)
		buf_fmt(&b, "parent %s\n", c->parent[i].hex);
	buf_fmt(&b, "author %s\ncommitter %s\n", c->author, c->committer);
	if (c->record)
		buf_fmt(&b, "git-exp %s\n", c->record);
	buf_fmt(&b, "\n%s", c->message);
	err = repo_write(r, OBJ_COMMIT, b.s, b.len, out);
	buf_clear(&b);
	return err;
}

void commit_clear(struct commit *c)
{
	free(c->item);
	free(c->author);
	free(c->committer);
	free(c->record);
	free(c->message);
	*c = (struct commit)COMMIT_INIT;
}
