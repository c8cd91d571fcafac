#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/strs.h"
#include "repo/tree.h"
#include "story/lay.h"

/* Split a NUL-ended list. */
static void take_list(struct strs *out, const struct buf *text)
{
	const char *p = text->s, *end = text->s + text->len;

	while (p < end) {
		strs_add(out, p);
		p += strlen(p) + 1;
	}
}

int lay_changed(struct strs *out, struct repo *r, const struct oid *a,
		const struct oid *b)
{
	struct buf text = BUF_INIT;
	const char *args[] = { "diff-tree", "-r", "-z", "--name-only",
			       "--no-renames", a->hex, b->hex, "--", NULL };
	const char *all[] = { "ls-tree", "-r", "-z", "--name-only",
			      "--full-tree", b->hex, NULL };
	int err = repo_git(r, *a->hex ? args : all, NULL, NULL, &text, 0);

	if (!err)
		take_list(out, &text);
	strs_sort(out);
	buf_clear(&text);
	return err;
}

static int sort_out(struct repo *r, const struct oid *tree,
		    const struct strs *paths, struct buf *write,
		    struct strs *remove)
{
	for (size_t i = 0; i < paths->nr; i++) {
		unsigned mode;
		struct oid id;
		int err = tree_find(r, tree, paths->item[i], &mode, &id);

		if (err && err != ERR_NOTFOUND)
			return err;
		if (err) {
			err_clear();
			strs_add(remove, paths->item[i]);
		} else if (mode != 0160000) {
			buf_add(write, paths->item[i],
				strlen(paths->item[i]) + 1);
		}
	}
	return 0;
}

/* A link where a directory was: what lies behind it is not in the tree. */
static bool behind_link(struct repo *r, const char *path)
{
	char *top = file_real(repo_top(r)), *dir = file_dirname(path);
	char *want = top ? file_join(top, dir) : NULL;
	char *at = file_join(repo_top(r), dir), *real = file_real(at);
	bool yes = want && real && strcmp(want, real);

	free(real);
	free(at);
	free(want);
	free(dir);
	free(top);
	return yes;
}

static int drop(struct repo *r, const struct strs *remove)
{
	int err = 0;

	for (size_t i = 0; i < remove->nr && !err; i++) {
		char *path = file_join(repo_top(r), remove->item[i]);

		if (!file_is_dir(path) && !behind_link(r, remove->item[i])) {
			err = file_unlink(path);
			if (!err)
				file_rmdirs(path, repo_top(r));
		}
		free(path);
	}
	return err;
}

static int write_out(struct repo *r, const struct oid *tree,
		     const struct buf *list)
{
	const char *read[] = { "read-tree", tree->hex, NULL };
	const char *lay[] = { "checkout-index", "-q", "-f", "-z", "--stdin",
			      NULL };
	char *index = mem_fmt("%s/exp-lay.%ld", repo_git_dir(r),
			      (long)getpid());
	struct strs env = STRS_INIT;
	int err;

	strs_fmt(&env, "GIT_INDEX_FILE=%s", index);
	err = repo_git(r, read, &env, NULL, NULL, PROC_WRITES);
	if (!err)
		err = repo_git(r, lay, &env, list, NULL, PROC_WRITES);
	file_unlink(index);
	strs_clear(&env);
	free(index);
	return err;
}

int lay_paths(struct repo *r, const struct oid *tree, const struct strs *paths)
{
	struct buf list = BUF_INIT;
	struct strs remove = STRS_INIT;
	int err = sort_out(r, tree, paths, &list, &remove);

	if (!err)
		err = drop(r, &remove);
	if (!err && list.len)
		err = write_out(r, tree, &list);
	strs_clear(&remove);
	buf_clear(&list);
	return err;
}
