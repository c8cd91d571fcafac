#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/ignore.h"
#include "base/map.h"
#include "base/src.h"
#include "spec/pipe.h"
#include "spec/pipe-part.h"

struct walk {
	struct pipe *pipe;
	struct src *src;
	bool gitignored;
	struct ignore git, dvc;
	struct map read;	/* directories whose rules are in git and dvc */
};

/* --- rules of ignoring ---------------------------------------------------- */

/* DVC strips the lines of a .dvcignore, Git does not those of a .gitignore. */
static void strip(struct buf *out, const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n"), skip = strspn(text, " \t\r");
		size_t end = len;

		while (end > skip && strchr(" \t\r\f\v", text[end - 1]))
			end--;
		if (end > skip)
			buf_add(out, text + skip, end - skip);
		buf_char(out, '\n');
		text += len + !!text[len];
	}
}

/* Read the pattern file `name` of `dir`, if there is one. */
static int read_rules(struct walk *w, struct ignore *to, const char *dir,
		      const char *name)
{
	struct buf text = BUF_INIT, clean = BUF_INIT;
	char *path = file_join(dir, name);
	int err = 0;

	if (!ignore_match(&w->dvc, path, false) &&
	    src_kind(w->src, path) == SRC_FILE)
		err = src_read(w->src, path, &text);
	if (to == &w->dvc)
		strip(&clean, text.s);
	if (!err && text.len)
		ignore_add(to, strcmp(dir, ".") ? dir : "",
			   to == &w->dvc ? clean.s : text.s);
	buf_clear(&text);
	buf_clear(&clean);
	free(path);
	return err;
}

static int learn(struct walk *w, const char *dir)
{
	int err;

	if (map_find(&w->read, dir) >= 0)
		return 0;
	map_put(&w->read, dir, NULL);
	err = read_rules(w, &w->dvc, dir, ".dvcignore");
	if (!err && w->gitignored)
		err = read_rules(w, &w->git, dir, ".gitignore");
	return err;
}

static bool hidden(const struct walk *w, const char *path, bool dir)
{
	return ignore_match(&w->dvc, path, dir) ||
		(w->gitignored && ignore_match(&w->git, path, dir));
}

/* --- files -------------------------------------------------------------------- */

/* A dvc.lock that Git ignores is lost on the next clone: DVC refuses too. */
static int check_lock(const struct walk *w, const char *file)
{
	char *dir = file_dirname(file), *lock = file_join(dir, "dvc.lock");
	int err = 0;

	if (w->gitignored && !strcmp(file_basename(file), "dvc.yaml") &&
	    ignore_match(&w->git, lock, false)) {
		err = err_set(ERR_INVALID, "'%s' is ignored by Git", lock);
		err_hint(err, "take its pattern out of .gitignore");
	}
	free(lock);
	free(dir);
	return err;
}

/* True when `file` is of no use and may be left out. */
static bool left_out(struct walk *w, const char *file, int err,
		     const struct buf *text)
{
	struct pipe probe = { .style = w->pipe->style };

	if (!w->pipe->lenient)
		return false;
	if (!err)
		err = pipe_parse(&probe, w->src, file, text->s,
				 text->len);
	pipe_clear(&probe);
	if (err)
		strs_add(&w->pipe->left, err_message());
	err_clear();
	return err;
}

static int load(struct walk *w, const char *file)
{
	struct buf text = BUF_INIT;
	int err = check_lock(w, file);

	if (!err)
		err = src_read(w->src, file, &text);
	if (left_out(w, file, err, &text))
		err = 0;
	else if (!err)
		err = pipe_parse(w->pipe, w->src, file, text.s, text.len);
	buf_clear(&text);
	return err;
}

/* --- directories --------------------------------------------------------------- */

static bool skip(struct walk *w, const char *dir, const char *name)
{
	struct src_info info;
	char *mark;
	bool nested;

	if (!strcmp(name, ".git") || !strcmp(name, ".hg") ||
	    !strcmp(name, ".dvc"))
		return true;
	if (map_find(&w->pipe->made, dir) >= 0 || hidden(w, dir, true))
		return true;
	if (src_stat(w->src, dir, &info) || info.link)
		return true;
	mark = file_join(dir, ".dvc");
	nested = src_kind(w->src, mark) != SRC_NONE;
	free(mark);
	return nested;
}

static int enter(struct walk *w, const char *dir);

static int visit(struct walk *w, const char *dir, char *name, bool dirs)
{
	size_t len = strlen(name);
	bool is_dir = len && name[len - 1] == '/';
	char *path;
	int err = 0;

	if (is_dir != dirs || (!dirs && !pipe_is_file(name)))
		return 0;
	path = file_join(dir, name);
	if (dirs) {
		name[len - 1] = '\0';
		if (!skip(w, path, name))
			err = enter(w, path);
	} else if (!hidden(w, path, false)) {
		err = load(w, path);
	}
	free(path);
	return err;
}

static int enter(struct walk *w, const char *dir)
{
	struct strs names = STRS_INIT;
	int err = src_list(w->src, dir, &names);

	if (err && strcmp(dir, ".")) {
		err_warn("'%s' is left out: %s", dir, err_message());
		err_clear();
		strs_clear(&names);
		return 0;
	}
	if (!err)
		err = learn(w, dir);
	for (size_t i = 0; !err && i < 2 * names.nr; i++)
		err = visit(w, dir, names.item[i % names.nr], i >= names.nr);
	strs_clear(&names);
	return err;
}

/* --- outputs that .dvcignore hides ------------------------------------------------ */

static int learn_above(struct walk *w, const char *path)
{
	char *dir = file_dirname(path);
	int err = strcmp(dir, ".") ? learn_above(w, dir) : 0;

	if (!err)
		err = learn(w, dir);
	free(dir);
	return err;
}

static int check_hidden(struct walk *w, const struct stage *s,
			const struct out *o)
{
	bool dir;
	int err;

	if (o->external)
		return 0;
	err = learn_above(w, o->path);
	if (err)
		return err;
	dir = w->dvc.nr && src_kind(w->src, o->path) == SRC_DIR;
	if (ignore_match(&w->dvc, o->path, dir))
		return err_set(ERR_INVALID, "%s: line %d: output '%s' of stage "
			       "'%s' is hidden by .dvcignore", s->file,
			       o->line, o->def, s->addr);
	return 0;
}

static int check_outs(struct walk *w)
{
	for (size_t i = 0; i < w->pipe->nr; i++)
		for (size_t j = 0; j < w->pipe->item[i].nr_out; j++) {
			int err = check_hidden(w, &w->pipe->item[i],
					       &w->pipe->item[i].out[j]);

			if (err)
				return err;
		}
	return 0;
}

int pipe_load(struct pipe *out, struct src *src, bool gitignored,
	      const char *exclude)
{
	struct walk w = { .pipe = out, .src = src, .gitignored = gitignored };
	int err;

	if (gitignored && exclude)
		ignore_add(&w.git, "", exclude);
	err = enter(&w, ".");
	if (!err && !out->lenient)
		err = check_outs(&w);
	ignore_clear(&w.git);
	out->ignore = w.dvc;
	map_clear(&w.read, NULL);
	return err;
}
