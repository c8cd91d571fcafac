#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/trace.h"
#include "repo/repo-lg2.h"
#include "repo/repo-ops.h"
#include "repo/repo-plumb.h"

static bool switched_off(void)
{
	const char *s = getenv("GIT_EXP_NO_LIBGIT2");

	return s && *s && strcmp(s, "0");
}

int repo_open(struct repo **out, const char *cwd)
{
	struct repo *r = mem_new(1, sizeof(*r));
	bool asked = repo_env_moves() || repo_env_limits() ||
		!repo_find(r, cwd);
	int err = asked ? repo_ask(r, cwd) : 0;

	*out = NULL;
	if (err) {
		repo_free(r);
		return err;
	}
	if (switched_off())
		r->plain = false;
	repo_env_make(r, asked);
	trace("repo", "%s '%s'", asked ? "asked git for" : "found", r->git_dir);
	*out = r;
	return 0;
}

void repo_free(struct repo *r)
{
	if (!r)
		return;
	lg2_close(r);
	plumb_close(r);
	map_clear(&r->config, free);
	free(r->author.text);
	free(r->committer.text);
	strs_clear(&r->env);
	strs_clear(&r->unset);
	free(r->top);
	free(r->git_dir);
	free(r->common_dir);
	free(r);
}

const struct git_ops *repo_ops(struct repo *r)
{
	if (!r->ops && r->plain && lg2_open(r)) {
		trace("libgit2", "cannot: %s", err_message());
		err_clear();
		r->plain = false;
	}
	if (!r->ops)
		r->ops = r->plain ? &lg2_ops : &plumb_ops;
	return r->ops;
}

const char *repo_top(const struct repo *r)
{
	return r->top;
}

const char *repo_git_dir(const struct repo *r)
{
	return r->git_dir;
}

const char *repo_common_dir(const struct repo *r)
{
	return r->common_dir;
}

size_t repo_hex_len(const struct repo *r)
{
	return r->hex_len;
}

bool repo_uses_libgit2(const struct repo *r)
{
	return r->plain;
}

const struct strs *repo_env(const struct repo *r)
{
	return &r->env;
}

const struct strs *repo_unset(const struct repo *r)
{
	return &r->unset;
}

/* --- objects ---------------------------------------------------------- */

static int check_id(const struct repo *r, const struct oid *id)
{
	if (strlen(id->hex) == r->hex_len)
		return 0;
	return err_set(ERR_NOTFOUND, "no object '%s'", id->hex);
}

int repo_read(struct repo *r, const struct oid *id, enum obj_type *type,
	      struct buf *out)
{
	const struct git_ops *ops = repo_ops(r);
	enum obj_type ignored;
	size_t before = out->len;
	int err = check_id(r, id);

	if (!err)
		err = ops->read(r, id, type ? type : &ignored, out);
	/* a pack that went away under libgit2, say: git has the last word */
	if (err && err != ERR_NOTFOUND && ops != &plumb_ops) {
		buf_cut(out, before);
		err = plumb_ops.read(r, id, type ? type : &ignored, out);
	}
	return err;
}

int repo_info(struct repo *r, const struct oid *id, enum obj_type *type,
	      uint64_t *size)
{
	int err = check_id(r, id);

	return err ? err : repo_ops(r)->info(r, id, type, size);
}

bool repo_has(struct repo *r, const struct oid *id)
{
	enum obj_type type;
	uint64_t size;

	if (!repo_info(r, id, &type, &size))
		return true;
	err_clear();
	return false;
}

int repo_write(struct repo *r, enum obj_type type, const void *data,
	       size_t len, struct oid *out)
{
	file_step("object", obj_type_name(type));
	return repo_ops(r)->write(r, type, data, len, out);
}

/* --- where HEAD is ---------------------------------------------------- */

static char *ask_branch(struct repo *r)
{
	const char *args[] = { "symbolic-ref", "-q", "HEAD", NULL };
	struct buf out = BUF_INIT;
	char *name = NULL;

	if (!repo_git(r, args, NULL, NULL, &out, PROC_NOERR) && out.len)
		name = mem_ndup(out.s, strcspn(out.s, "\n"));
	else
		err_clear();
	buf_clear(&out);
	return name;
}

/* What HEAD names, in full, or NULL; a reftable has no such file. */
static char *head_target(struct repo *r)
{
	char *path = file_join(r->git_dir, "HEAD"), *name = NULL;
	struct buf text = BUF_INIT;
	struct stat st;
	bool file = !lstat(path, &st) && S_ISREG(st.st_mode) &&
		!file_read(path, &text, 4096);

	if (!file || !strncmp(text.s, "ref: refs/heads/.invalid", 24))
		name = ask_branch(r);
	else if (!strncmp(text.s, "ref: ", 5))
		name = mem_ndup(text.s + 5 + strspn(text.s + 5, " \t"),
				strcspn(text.s + 5 + strspn(text.s + 5, " \t"),
					"\r\n"));
	buf_clear(&text);
	free(path);
	return name;
}

int repo_head(struct repo *r, struct oid *out, char **branch)
{
	char *name = branch ? head_target(r) : NULL;
	int err = repo_ops(r)->resolve(r, "HEAD", out);

	if (branch)
		*branch = NULL;
	if (name)
		*branch = mem_dup(strncmp(name, "refs/heads/", 11) ? name :
				  name + 11);
	free(name);
	if (err == ERR_NOTFOUND)
		return err_set(ERR_NOTFOUND, "there is no commit yet");
	return err;
}

int repo_resolve(struct repo *r, const char *rev, struct oid *out)
{
	out->hex[0] = '\0';
	if (!*rev)
		return err_set(ERR_NOTFOUND, "no revision ''");
	return repo_ops(r)->resolve(r, rev, out);
}

/* --- git itself -------------------------------------------------------- */

/* Hooks configured by name (git 2.54) know nothing of core.hooksPath. */
static void silence(struct repo *r, struct strs *argv)
{
	for (size_t i = 0; i < r->config.nr; i++) {
		const char *key = r->config.item[i].key;
		size_t n = strlen(key);

		if (strncmp(key, "hook.", 5) || n < 12 ||
		    strcmp(key + n - 6, ".event"))
			continue;
		strs_add(argv, "-c");
		strs_fmt(argv, "%.*s.enabled=false", (int)(n - 6), key);
	}
}

/* Nobody typed these commands: no hook runs, no file system monitor. */
static void make_argv(struct repo *r, struct strs *argv,
		      const char *const *args)
{
	static const char *const quiet[] = { "git", "-c",
		"core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", NULL };

	for (const char *const *q = quiet; *q; q++)
		strs_add(argv, *q);
	silence(r, argv);
	for (; *args; args++)
		strs_add(argv, *args);
}

static void add_all(struct strs *to, const struct strs *from)
{
	for (size_t i = 0; from && i < from->nr; i++)
		strs_add(to, from->item[i]);
}

int repo_git_start(struct repo *r, struct proc *p, const char *const *args,
		   const struct strs *env, unsigned flags)
{
	struct strs argv = STRS_INIT, words = STRS_INIT;
	int err;

	if (flags & PROC_WRITES)
		repo_config(r, "core.hookspath");	/* the list must be read */
	make_argv(r, &argv, args);
	add_all(&words, &r->env);
	add_all(&words, env);
	err = proc_start(p, argv.item, r->top ? r->top : r->git_dir, &words,
			 flags);
	strs_clear(&words);
	strs_clear(&argv);
	return err;
}

int repo_git(struct repo *r, const char *const *args, const struct strs *env,
	     const struct buf *in, struct buf *out, unsigned flags)
{
	struct buf errors = BUF_INIT;
	struct proc p = PROC_INIT;
	int code = 0, err;

	flags |= in && in->len ? PROC_IN : 0;
	flags |= out ? PROC_OUT : PROC_NOOUT;
	flags |= flags & PROC_NOERR ? 0 : PROC_ERR;
	err = repo_git_start(r, &p, args, env, flags);
	if (!err)
		err = proc_finish(&p, in, out, &errors, &code);
	if (!err && code) {
		char *failed = mem_fmt("git %s failed with exit code %d",
				       args[0], code);

		err = repo_words(ERR_FATAL, errors.s, failed);
		free(failed);
	}
	buf_clear(&errors);
	return err;
}
