#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "flow/run-part.h"
#include "flow/seen.h"
#include "spec/dvcfile.h"
#include "spec/pipe.h"
#include "store/cache.h"

static int refuse(const struct stage *s)
{
	const struct dep *d = &s->dep[0];
	int err = err_set(ERR_INVALID, "%s: line %d: importing from '%s' again "
			  "is not supported yet", s->file, d->line ? d->line : 1,
			  d->def);

	return err_hint(err, "'dvc update %s' does it; 'git exp data checkout %s' brings back what was imported",
			s->file, s->file);
}

/* Nothing was said of the source and of the entry: the data alone differs. */
static bool as_recorded(const struct whys *w)
{
	for (size_t i = 0; i < w->nr; i++)
		if (w->item[i].kind == WHY_SUM || w->item[i].kind == WHY_FORCED ||
		    (w->item[i].kind >= WHY_DEP && w->item[i].kind <= WHY_DEP_GONE))
			return false;
	return true;
}

/* The source's bytes go by way of the cache. */
static int fetch(struct doing *d, const struct step *st, const struct dep *from)
{
	const struct stage *s = st->item.stage;
	const struct out *o = &s->out[0];
	struct content c = { .kind = CONTENT_NONE };
	struct lock_path p = { .size = -1 };
	char *full;
	int err;

	if (as_recorded(&st->item.why) && seen_whole(d->job->seen, &o->saved))
		return run_put(d, o, &o->saved);
	full = run_full(d, from->path);
	err = cache_save(d->job->cache, full, &c, 0);
	p.md5 = mem_dup(c.id);
	p.hash = mem_dup("md5");
	p.isexec = c.exec;
	if (!err)
		err = run_put(d, o, &p);
	lock_path_clear(&p);
	free(full);
	return err;
}

/* The sum is taken from the file as it will be. */
static int put_sum(struct doing *d, struct buf *text, const char *file)
{
	struct pipe p = PIPE_INIT;
	int err = pipe_parse(&p, d->job->seen->src, file, text->s, text->len);
	char sum[33];

	if (!err)
		err = dvcfile_sum(text, file,
				  plan_sum(&p.item[0], sum) ? sum : NULL);
	pipe_clear(&p);
	return err;
}

static int write_import(struct doing *d, const struct stage *s)
{
	const struct dep *from = &s->dep[0];
	const struct out *o = &s->out[0];
	struct lock_path dep = { .path = mem_dup(from->def) };
	struct lock_path out = { .path = mem_dup(o->def) };
	struct buf text = BUF_INIT;
	char *full = run_full(d, s->file);
	int err = file_read(full, &text, 0);

	seen_fill(&dep, seen_path(d->job->seen, from->path),
		  from->external ? NULL : &from->saved);
	seen_fill(&out, seen_path(d->job->seen, o->path), &o->saved);
	if (!err)
		err = dvcfile_import(&text, s->file, &dep, &out);
	if (!err)
		err = put_sum(d, &text, s->file);
	if (!err)
		err = file_write(full, text.s, text.len, 0,
				 FILE_FSYNC | FILE_KEEPMODE);
	lock_path_clear(&dep);
	lock_path_clear(&out);
	buf_clear(&text);
	free(full);
	return err;
}

int run_import(struct doing *d, const struct step *st)
{
	const struct stage *s = st->item.stage;
	const struct out *o = &s->out[0];
	const struct dep *from = &s->dep[0];
	int err;

	if (s->nr_dep != 1 || s->nr_out != 1 || from->url)
		return refuse(s);
	err = seen_look(d->job->seen, from->path, from->external, &from->saved);
	if (!err && seen_path(d->job->seen, from->path)->kind == CONTENT_NONE)
		err = seen_gone(s, "source", from->def, from->line);
	if (!err && (!s->frozen || !o->saved.md5))
		err = fetch(d, st, from);
	if (!err)
		err = seen_gather(d->job->seen, s, NULL);
	if (!err && seen_path(d->job->seen, o->path)->kind == CONTENT_NONE)
		err = seen_gone(s, "output", o->def, o->line);
	if (!err)
		err = run_save(d, s, o, false);
	if (!err)
		err = run_ignore(d, s, o);
	return err ? err : write_import(d, s);
}
