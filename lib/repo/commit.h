/*
 * commit - a commit's text, both ways.
 *
 * Read here:  commit_read() and commit_clear(); commit_write() makes one
 *             with our extra header line (design 4).
 * Owns:       its strings.
 * Fails:      as repo_read(); ERR_INVALID for what is no commit.
 * Knows:      git's format: tree, parent*, author, committer, extra headers
 *             (continuation lines begin with a space), blank line, message.
 */
#ifndef REPO_COMMIT_H
#define REPO_COMMIT_H

#include <stddef.h>
#include <stdint.h>
#include "repo/repo.h"

struct commit {
	struct oid id, tree;
	struct oid *item;	/* the parents, in order */
	size_t nr, alloc;
	char *author, *committer;	/* "Name <email> seconds zone" */
	int64_t author_time, time;	/* seconds since 1970; time = committer */
	char *record;		/* the text of the git-exp header, or NULL */
	char *message;		/* with its last LF, if it has one */
};
#define COMMIT_INIT { 0 }

int commit_read(struct commit *out, struct repo *r, const struct oid *id);
int commit_parse(struct commit *out, const char *text, size_t len);

/* First line of the message; caller frees. */
char *commit_subject(const struct commit *c);

struct commit_new {
	struct oid tree;
	const struct oid *parent;	/* nr_parent ids, or NULL */
	size_t nr_parent;
	const char *author, *committer;	/* from repo_author(), repo_committer() */
	const char *record;	/* one line without LF, or NULL */
	const char *message;	/* verbatim */
};

/* Write it; nothing points to it yet. */
int commit_write(struct repo *r, const struct commit_new *c, struct oid *out);

void commit_clear(struct commit *c);

#endif
