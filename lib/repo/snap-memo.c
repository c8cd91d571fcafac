#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/proc.h"
#include "repo/repo-ops.h"
#include "repo/snap.h"

/* A file younger than this may still change without its time changing. */
enum { RACY_MS = 100 };

static int64_t ms(const struct timespec *t)
{
	return (int64_t)t->tv_sec * 1000 + t->tv_nsec / 1000000;
}

/* The state of one file, as Git's index would know it. */
static void add_file(struct buf *key, const char *dir, const char *path,
		     int64_t now, bool *racy)
{
	char *full = file_join(dir, path);
	struct stat st;

	if (lstat(full, &st)) {
		buf_char(key, '-');
	} else {
		buf_fmt(key, "%ju %ju %jo %jd.%ld %jd.%ld\n",
			(uintmax_t)st.st_ino, (uintmax_t)st.st_size,
			(uintmax_t)st.st_mode, (intmax_t)st.st_mtim.tv_sec,
			st.st_mtim.tv_nsec, (intmax_t)st.st_ctim.tv_sec,
			st.st_ctim.tv_nsec);
		if (now - ms(&st.st_ctim) < RACY_MS)
			*racy = true;
	}
	free(full);
}

/* The path of a line of `git status --porcelain=v2 -z`, or NULL. */
static const char *path_of(const char *line)
{
	int skip = *line == '1' ? 8 : *line == '?' ? 1 : *line == 'u' ? 10 : 0;

	if (!skip)
		return NULL;
	while (skip-- && line)
		line = strchr(line, ' ') ? strchr(line, ' ') + 1 : NULL;
	return line;
}

static void add_states(struct buf *key, struct repo *r, bool *racy)
{
	static const char *const also[] = { "config", "info/exclude",
		"info/attributes", NULL };
	struct timespec t;
	size_t end = key->len;
	int64_t now;

	clock_gettime(CLOCK_REALTIME, &t);
	now = ms(&t);
	for (size_t at = 0; at < end; at += strlen(key->s + at) + 1) {
		char *path = mem_dup(path_of(key->s + at));

		if (path)
			add_file(key, r->top, path, now, racy);
		free(path);
	}
	for (size_t i = 0; also[i]; i++)
		add_file(key, r->common_dir, also[i], now, racy);
}

static const char *const status[] = { "status", "--porcelain=v2", "-z",
	"--branch", "--untracked-files=all", "--ignored=no", "--no-renames",
	"--ignore-submodules=none", "--no-ahead-behind", NULL };

/* What git said becomes a key that says when it stops being true. */
static void complete(struct repo *r, struct buf *key)
{
	bool racy = false;

	add_states(key, r, &racy);
	if (racy)
		buf_reset(key);
}

int snap_key(struct repo *r, struct buf *key)
{
	struct strs env = STRS_INIT;
	int err;

	strs_add(&env, "GIT_OPTIONAL_LOCKS=0");
	err = repo_git(r, status, &env, NULL, key, 0);
	if (!err)
		complete(r, key);
	strs_clear(&env);
	return err;
}

static char *memo(const struct repo *r)
{
	return file_join(r->git_dir, "exp/same");
}

void snap_key_begin(struct repo *r, struct proc *git)
{
	struct strs env = STRS_INIT;
	char *path = memo(r);

	strs_add(&env, "GIT_OPTIONAL_LOCKS=0");
	if (file_exists(path) &&
	    repo_git_start(r, git, status, &env, PROC_OUT | PROC_NOERR))
		err_clear();
	strs_clear(&env);
	free(path);
}

bool snap_key_end(struct repo *r, struct proc *git, struct buf *key)
{
	int code = 0;
	bool good = git->pid > 0 && !proc_finish(git, NULL, key, NULL, &code) &&
		!code;

	if (good)
		complete(r, key);
	else
		buf_reset(key);
	err_clear();
	return good;
}

bool snap_known(struct repo *r, const struct buf *key, struct oid *tree)
{
	char *path = memo(r);
	struct buf text = BUF_INIT;
	size_t hex = r->hex_len;
	bool same = key->len && !file_read(path, &text, 0) &&
		text.len == hex + 1 + key->len &&
		!memcmp(text.s + hex + 1, key->s, key->len);

	if (same) {
		memcpy(tree->hex, text.s, hex);
		tree->hex[hex] = '\0';
	}
	err_clear();
	buf_clear(&text);
	free(path);
	return same;
}

void snap_remember(struct repo *r, const struct buf *key,
		   const struct oid *tree)
{
	char *path = memo(r);
	struct buf text = BUF_INIT;

	buf_fmt(&text, "%s\n", tree->hex);
	buf_add(&text, key->s, key->len);
	if (key->len && file_write(path, text.s, text.len, 0, FILE_MKDIRS))
		err_clear();
	buf_clear(&text);
	free(path);
}
