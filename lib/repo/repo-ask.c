#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/proc.h"
#include "repo/repo-ops.h"

static const char *const question[] = {
	"git", "rev-parse", "--path-format=absolute", "--is-bare-repository",
	"--show-object-format", "--git-dir", "--git-common-dir",
	/* fails where there is no work tree, so it comes last */
	"--show-toplevel", NULL
};
enum { BARE, FORMAT, GIT_DIR, COMMON_DIR, ANSWERS, TOP = ANSWERS };

static char *real(const char *path)
{
	char *p = file_real(path);

	return p ? p : mem_dup(path);
}

static int take(struct repo *r, const struct buf *text)
{
	struct strs line = STRS_INIT;
	int err = 0;

	strs_split(&line, text->s, '\n');
	/* each line ends in LF, so there is one empty piece more */
	if (line.nr < ANSWERS + 1 || line.nr > ANSWERS + 2) {
		err = err_set(ERR_FATAL, "a line break in the path of the "
			      "repository is not supported");
	} else {
		r->hex_len = !strcmp(line.item[FORMAT], "sha256") ? 64 : 40;
		r->git_dir = real(line.item[GIT_DIR]);
		r->common_dir = real(line.item[COMMON_DIR]);
		if (line.nr > ANSWERS + 1)
			r->top = mem_dup(line.item[TOP]);
	}
	strs_clear(&line);
	return err;
}

static bool look_plain(const struct repo *r)
{
	char *path = file_join(r->common_dir, "config");
	struct buf text = BUF_INIT;
	bool plain = !file_read(path, &text, 1 << 20) &&
		strlen(text.s) == text.len && repo_config_plain(text.s);

	if (!plain)
		err_clear();
	buf_clear(&text);
	free(path);
	return plain;
}

int repo_ask(struct repo *r, const char *cwd)
{
	struct buf out = BUF_INIT, words = BUF_INIT;
	struct strs env = STRS_INIT;
	int code, err;

	strs_add(&env, "LANGUAGE=en");
	err = proc_capture((char *const *)question, cwd, &env, NULL, &out,
			   &words, 0, &code);
	strs_clear(&env);
	/* no work tree: everything before that question was answered */
	if (!err && code && (!strstr(words.s, "work tree") || !out.len))
		err = repo_words(ERR_FATAL, words.s, "git found no repository");
	if (!err)
		err = take(r, &out);
	if (!err)
		r->plain = !repo_env_moves() && look_plain(r);
	buf_clear(&words);
	buf_clear(&out);
	return err;
}

/* --- git's words -------------------------------------------------------- */

static const char *skip(const char *s, const char *prefix)
{
	size_t n = strlen(prefix);

	return strncmp(s, prefix, n) ? NULL : s + n;
}

/* The line that says what is wrong: the first fatal, else the first error. */
static size_t choose(const struct strs *line)
{
	for (size_t i = 0; i < line->nr; i++)
		if (skip(line->item[i], "fatal: "))
			return i;
	for (size_t i = 0; i < line->nr; i++)
		if (skip(line->item[i], "error: "))
			return i;
	return 0;
}

static const char *bare_words(const char *s)
{
	static const char *const prefix[] = { "fatal: ", "error: ", "hint: ",
		"warning: ", "*** " };

	s += strspn(s, " \t");
	for (size_t i = 0; i < sizeof(prefix) / sizeof(*prefix); i++)
		if (skip(s, prefix[i]))
			s = skip(s, prefix[i]);
	return s;
}

/* One line, safe for a terminal. */
static char *cleaned(const char *s)
{
	struct buf b = BUF_INIT;

	s = bare_words(s);
	buf_safe(&b, s, strcspn(s, "\r"));
	return buf_take(&b);
}

int repo_words(int code, const char *text, const char *otherwise)
{
	enum { HINTS = 8 };
	struct strs line = STRS_INIT;
	size_t at, hints = 0;
	char *s;

	strs_split(&line, text, '\n');
	at = choose(&line);
	s = cleaned(line.item[at]);
	err_set(code, "%s", *s ? s : otherwise);
	free(s);
	for (size_t i = 0; i < line.nr && hints < HINTS; i++) {
		s = cleaned(line.item[i]);
		if (i != at && *s) {
			err_hint(code, "%s", s);
			hints++;
		}
		free(s);
	}
	strs_clear(&line);
	return code;
}
