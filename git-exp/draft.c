#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "spec/busy.h"
#include "story/project.h"
#include "cmd.h"
#include "draft.h"
#include "draft-check.h"

void draft_begin(struct draft *d, struct ctx *ctx, const char *root,
		 const char *cwd, const char *name)
{
	memset(d, 0, sizeof(*d));
	d->ctx = ctx;
	d->root = mem_dup(root);
	d->cwd = mem_dup(cwd);
	d->text = (struct buf)BUF_INIT;
	d->stage.name = mem_dup(name);
	d->stage.file = file_join(cwd, "dvc.yaml");
	d->stage.wdir = mem_dup(cwd);
	d->stage.root = d->root;
}

void draft_wdir(struct draft *d, const char *path)
{
	struct stage top = { .root = d->root, .wdir = (char[]){ "." } };
	char *def = pipe_def(&top, path);

	mem_set(&d->stage.wdir, strcmp(def, path) ? mem_dup(def) :
		file_join(d->cwd, path));
	free(def);
}

static void add_word(struct buf *b, const char *word)
{
	bool quote = !*word || (strchr(word, ' ') && !strchr(word, '"'));

	if (b->len)
		buf_char(b, ' ');
	buf_fmt(b, quote ? "\"%s\"" : "%s", word);
}

char *draft_words(int argc, char **argv)
{
	struct buf b = BUF_INIT;

	if (argc == 1)
		return mem_dup(argv[0]);
	for (int i = 0; i < argc; i++)
		add_word(&b, argv[i]);
	return buf_take(&b);
}

/* ARRAY_GROW for the three lists of a stage, which are not { item, nr, alloc }. */
static void *grow(void *item, size_t nr, size_t *alloc, size_t size)
{
	char *p = item;

	if (nr == *alloc) {
		*alloc = *alloc ? 2 * *alloc : 8;
		p = mem_resize(p, *alloc, size);
	}
	memset(p + nr * size, 0, size);
	return p;
}

void draft_dep(struct draft *d, const char *path)
{
	struct stage *s = &d->stage;

	s->dep = grow(s->dep, s->nr_dep, &s->alloc_dep, sizeof(*s->dep));
	s->dep[s->nr_dep].def = pipe_def(s, path);
	s->dep[s->nr_dep++].path = mem_dup(path);
}

struct out *draft_out(struct draft *d, const char *path)
{
	struct stage *s = &d->stage;
	struct out *o;

	s->out = grow(s->out, s->nr_out, &s->alloc_out, sizeof(*s->out));
	o = &s->out[s->nr_out++];
	o->def = pipe_def(s, path);
	o->path = mem_dup(path);
	o->cache = o->push = true;
	return o;
}

static struct param *file_of(struct stage *s, const char *file)
{
	struct param *p;

	for (size_t i = 0; i < s->nr_param; i++)
		if (!strcmp(s->param[i].def, file))
			return &s->param[i];
	s->param = grow(s->param, s->nr_param, &s->alloc_param,
			sizeof(*s->param));
	p = &s->param[s->nr_param++];
	p->def = pipe_def(s, file);
	p->path = mem_dup(file);
	return p;
}

void draft_param(struct draft *d, const char *file, const struct strs *keys)
{
	struct param *p = file_of(&d->stage, file);

	for (size_t i = 0; i < keys->nr; i++)
		strs_add(&p->keys, keys->item[i]);	/* twice is twice */
	strs_sort(&p->keys);
	p->whole = !p->keys.nr;
}

void draft_params(struct draft *d, const char *words)
{
	const char *colon = strrchr(words, ':');
	char *file = colon && colon > words ?
		mem_ndup(words, (size_t)(colon - words)) :
		mem_dup("params.yaml");
	struct strs all = STRS_INIT, keys = STRS_INIT;

	strs_split(&all, colon ? colon + 1 : words, ',');
	for (size_t i = 0; i < all.nr; i++)
		if (*all.item[i])
			strs_add(&keys, all.item[i]);
	draft_param(d, file, &keys);
	strs_clear(&keys);
	strs_clear(&all);
	free(file);
}

static int write_ignored(struct draft *d, struct strs *made)
{
	int err = 0;

	for (size_t i = 0; !err && i < d->ignored.nr; i++) {
		err = file_write(d->ignored.item[i], d->ignore[i].s,
				 d->ignore[i].len, 0, FILE_KEEPMODE);
		strs_once(made, d->ignored.item[i]);
	}
	return err;
}

static void warn_late(const struct draft *d)
{
	for (size_t i = 0; i < d->late.nr; i++)
		err_warn("'%s' does not exist yet: the line for .gitignore "
			 "will be added when the stage runs", d->late.item[i]);
}

/* dvc.yaml last: what is cut off before it can be typed again. */
static int write_all(struct draft *d, bool force, struct strs *made)
{
	char *file = draft_path(d);
	int err = draft_check(d, force);

	if (!err)
		err = write_ignored(d, made);
	if (!err)
		err = file_write(file, d->text.s, d->text.len, 0,
				 FILE_KEEPMODE | FILE_FSYNC);
	if (!err) {
		strs_once(made, file);
		warn_late(d);
	}
	free(file);
	return err;
}

int draft_write(struct draft *d, bool force, struct strs *made)
{
	struct project *p = d->ctx->project;
	int err = 0;

	if (p)
		err = busy_take(&p->busy, p->wait_ms);
	if (!err)
		err = write_all(d, force, made);
	if (p)
		busy_drop(&p->busy);
	return err;
}

void draft_clear(struct draft *d)
{
	struct pipe p = PIPE_INIT;

	draft_forget(d);
	p.item = mem_new(1, sizeof(*p.item));
	p.item[0] = d->stage;
	p.nr = p.alloc = 1;
	pipe_clear(&p);
	free(d->root);
	free(d->cwd);
}
