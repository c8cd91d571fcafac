#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/os.h"
#include "base/proc.h"
#include "repo/repo-ops.h"
#include "repo/snap-want.h"
#include "repo/snap.h"

/* What one look at the work tree says must change in the index. */
struct diff {
	struct strs add, drop, unmerged;
};

static void clear_diff(struct diff *d)
{
	strs_clear(&d->add);
	strs_clear(&d->drop);
	strs_clear(&d->unmerged);
}

/* --- git on the private index --------------------------------------------- */

/*
 * A split index would write shared parts: not worth it for an index that
 * lives for one snapshot.
 */
static int run(struct snap *s, const char *const *words, const struct buf *in,
	       struct buf *out, unsigned flags)
{
	static const char *const settings[] = { "-c", "core.splitIndex=false",
		NULL };
	struct strs args = STRS_INIT, env = STRS_INIT;
	int err;

	for (const char *const *w = settings; *w; w++)
		strs_add(&args, *w);
	for (; *words; words++)
		strs_add(&args, *words);
	strs_fmt(&env, "GIT_INDEX_FILE=%s", s->index);
	strs_add(&env, "GIT_OPTIONAL_LOCKS=0");
	strs_add(&env, "GIT_LITERAL_PATHSPECS=1");
	err = repo_git(s->repo, (const char *const *)args.item, &env, in, out,
		       flags);
	strs_clear(&env);
	strs_clear(&args);
	return err;
}

static int feed(struct snap *s, const char *const *words,
		const struct strs *paths)
{
	struct buf in = BUF_INIT;
	int err;

	for (size_t i = 0; i < paths->nr; i++)
		buf_add(&in, paths->item[i], strlen(paths->item[i]) + 1);
	err = paths->nr ? run(s, words, &in, NULL, PROC_WRITES) : 0;
	buf_clear(&in);
	return err;
}

/* Those that are gone first: a file may have become a directory. */
static int change(struct snap *s, const struct diff *d)
{
	static const char *const drop[] = { "update-index", "--force-remove",
		"-z", "--stdin", NULL };
	static const char *const add[] = { "update-index", "--add", "--remove",
		"--replace", "-z", "--stdin", NULL };
	int err = feed(s, drop, &d->drop);

	return err ? err : feed(s, add, &d->add);
}

/* --- the private index ------------------------------------------------------ */

/* A killed process leaves its own behind. */
static void sweep(const char *dir)
{
	struct strs names = STRS_INIT;

	if (file_list(dir, &names))
		err_clear();
	for (size_t i = 0; i < names.nr; i++) {
		char *path = file_join(dir, names.item[i]);

		if (!strncmp(names.item[i], "index.", 6) &&
		    !os_alive((pid_t)strtol(names.item[i] + 6, NULL, 10)))
			file_unlink(path);
		free(path);
	}
	strs_clear(&names);
}

/* Entries as young as the index are looked at again; so the time must stay. */
static int keep_time(const char *from, const char *to)
{
	struct timespec when[2];
	struct stat st;

	if (stat(from, &st))
		return err_sys(ERR_FATAL, "cannot look at '%s'", from);
	when[0] = st.st_atim;
	when[1] = st.st_mtim;
	if (utimensat(AT_FDCWD, to, when, 0))
		return err_sys(ERR_FATAL, "cannot set the time of '%s'", to);
	return 0;
}

static char *real_index(const struct repo *r)
{
	const char *set = getenv("GIT_INDEX_FILE");

	return set && *set ? file_join(r->top, set) :
		file_join(r->git_dir, "index");
}

static int copy_index(struct snap *s)
{
	char *from = real_index(s->repo), *dir;
	int err;

	dir = file_join(s->repo->git_dir, "exp");
	err = file_mkdirs(dir);
	if (!err)
		sweep(dir);
	s->index = mem_fmt("%s/index.%ld", dir, (long)getpid());
	if (!err && file_exists(from)) {
		err = file_copy(from, s->index, 0600, 0);
		if (!err)
			err = keep_time(from, s->index);
	}
	free(dir);
	free(from);
	return err;
}

/* --- looking ------------------------------------------------------------------ */

/* The field with this number in a line of words, counted from 0. */
static const char *field(const char *line, int n)
{
	while (n-- && *line)
		line += strcspn(line, " ") + !!strchr(line, ' ');
	return line;
}

/* "1 XY SUBM mH mI mW hH hI path": Y is what the work tree differs in. */
static void tracked(struct snap *s, struct diff *d, const char *line)
{
	const char *path = field(line, 8), *sub = field(line, 2);
	bool module = *sub == 'S', same = line[3] == '.';

	if (module && (sub[2] == 'M' || sub[3] == 'U')) {
		strs_add(&s->nested, path);
		same = same || sub[1] != 'C';
	}
	if (!same)
		strs_add(line[3] == 'D' ? &d->drop : &d->add, path);
}

static void take_status(struct snap *s, struct diff *d, struct want *w,
			const struct buf *text)
{
	const char *line = text->s, *end = text->s + text->len;

	for (; line < end; line += strlen(line) + 1) {
		if (*line == '1')
			tracked(s, d, line);
		else if (*line == 'u')
			strs_add(&d->unmerged, field(line, 10));
		else if (*line == '?')
			want_offer(w, line + 2, &d->add);
	}
}

static int refuse_unmerged(const struct strs *paths)
{
	enum { NAMED = 5 };
	struct buf names = BUF_INIT;

	for (size_t i = 0; i < paths->nr && i < NAMED; i++) {
		buf_fmt(&names, "%s'", i ? ", " : "");
		buf_safe(&names, paths->item[i], strlen(paths->item[i]));
		buf_char(&names, '\'');
	}
	if (paths->nr > NAMED)
		buf_fmt(&names, " and %zu more", paths->nr - NAMED);
	err_set(ERR_INVALID, "the index has unmerged files: %s", names.s);
	err_hint(ERR_INVALID,
		 "resolve the conflicts and 'git add' the files");
	buf_clear(&names);
	return ERR_INVALID;
}

static int look(struct snap *s, const struct snap_want *rules, struct diff *d)
{
	static const char *const words[] = { "status", "--porcelain=v2", "-z",
		"--untracked-files=all", "--ignored=no", "--no-renames",
		"--ignore-submodules=none", "--no-ahead-behind", NULL };
	struct buf text = BUF_INIT;
	struct want w;
	int err = run(s, words, NULL, &text, 0);

	want_begin(&w, s, rules);
	if (!err)
		take_status(s, d, &w, &text);
	want_end(&w, &d->add);
	if (!err && d->unmerged.nr)
		err = refuse_unmerged(&d->unmerged);
	buf_clear(&text);
	return err;
}

int snap_begin(struct snap *s, struct repo *r, const struct snap_want *want)
{
	struct diff d = { STRS_INIT, STRS_INIT, STRS_INIT };
	int err;

	*s = (struct snap)SNAP_INIT;
	s->repo = r;
	if (!r->top)
		return err_set(ERR_INVALID,
			       "this operation must be run in a work tree");
	err = copy_index(s);
	if (!err)
		err = look(s, want, &d);
	if (!err)
		err = change(s, &d);
	clear_diff(&d);
	return err;
}

/* --- results -------------------------------------------------------------------- */

/* On disk below the top: 0 nothing, 1 a file or link, 2 a directory. */
static int on_disk(const struct repo *r, const char *path)
{
	char *full = file_join(r->top, path);
	struct stat st;
	int kind = lstat(full, &st) ? 0 : S_ISDIR(st.st_mode) ? 2 : 1;

	free(full);
	return kind;
}

/* "H 100644 id 0 TAB path", "? path"; S: not in this sparse work tree. */
static void result(struct snap *s, struct diff *d, const char *line)
{
	const char *tab = strchr(line, '\t'), *path = tab ? tab + 1 : line + 2;
	bool module = !strncmp(line + 2, "160000 ", 7);
	int kind;

	if (*line == '?') {
		size_t n = strlen(line + 2);

		if (line[n + 1] == '/')
			strs_nadd(&s->nested, line + 2, n - 1);
		else if (!want_secret(s, line + 2) &&
			 !file_is_temp(file_basename(line + 2)))
			strs_add(&d->add, line + 2);
		return;
	}
	kind = on_disk(s->repo, path);
	if (kind == 1 || (kind == 2 && module))
		strs_add(&d->add, path);
	else if (*line != 'S')
		strs_add(&d->drop, path);
}

static int list(struct snap *s, const struct strs *paths, struct buf *out)
{
	static const char *const fixed[] = { "ls-files", "-t", "-s", "-o", "-z",
		"--exclude-standard", "--", NULL };
	struct strs words = STRS_INIT;
	int err;

	for (const char *const *w = fixed; *w; w++)
		strs_add(&words, *w);
	for (size_t i = 0; i < paths->nr; i++)
		strs_add(&words, paths->item[i]);
	err = run(s, (const char *const *)words.item, NULL, out, 0);
	strs_clear(&words);
	return err;
}

int snap_results(struct snap *s, const struct strs *paths)
{
	struct diff d = { STRS_INIT, STRS_INIT, STRS_INIT };
	struct buf text = BUF_INIT;
	int err = paths->nr ? list(s, paths, &text) : 0;
	const char *line = text.s, *end = text.s + text.len;

	for (; !err && line < end; line += strlen(line) + 1)
		result(s, &d, line);
	if (!err)
		err = change(s, &d);
	buf_clear(&text);
	clear_diff(&d);
	return err;
}

int snap_tree(struct snap *s)
{
	static const char *const words[] = { "write-tree", NULL };
	struct buf text = BUF_INIT;
	int err = run(s, words, NULL, &text, PROC_WRITES);

	if (!err && !oid_parse(&s->tree, text.s, strcspn(text.s, "\n")))
		err = err_set(ERR_FATAL, "odd answer of git write-tree");
	buf_clear(&text);
	return err;
}

void snap_clear(struct snap *s)
{
	if (s->index && file_exists(s->index))
		file_unlink(s->index);
	free(s->index);
	strs_clear(&s->secret);
	strs_clear(&s->nested);
	strs_clear(&s->large);
	*s = (struct snap)SNAP_INIT;
}
