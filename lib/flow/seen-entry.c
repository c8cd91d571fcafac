#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "flow/seen.h"
#include "spec/lock.h"
#include "spec/params.h"
#include "spec/pipe.h"

static void fill(struct lock_path *to, const struct content *c)
{
	mem_set(&to->hash, mem_dup("md5"));
	mem_set(&to->md5, mem_dup(c->id));
	to->size = (int64_t)c->size;
	to->nfiles = c->kind == CONTENT_DIR ? (int64_t)c->nfiles : -1;
	to->isexec = c->kind == CONTENT_FILE && c->exec;
}

static int add_deps(const struct seen *s, const struct stage *stage,
		    struct lock_entry *out)
{
	for (size_t i = 0; i < stage->nr_dep; i++) {
		const struct dep *d = &stage->dep[i];
		const struct content *c = seen_path(s, d->path);

		if (d->url)
			return err_set(ERR_INVALID,
				"dependency '%s' of stage '%s' is not a local path, which is not supported yet",
				d->def, stage->addr);
		if (c->kind == CONTENT_NONE)
			return err_set(ERR_NOTFOUND,
				"dependency '%s' of stage '%s' does not exist",
				d->def, stage->addr);
		fill(lock_add_dep(out, d->def), c);
	}
	return 0;
}

int seen_outs(const struct seen *s, const struct stage *stage,
	      struct lock_entry *e)
{
	for (size_t i = 0; i < stage->nr_out; i++) {
		const struct out *o = &stage->out[i];
		const struct content *c = seen_path(s, o->path);

		if (c->kind == CONTENT_NONE)
			return err_set(ERR_NOTFOUND,
				"output '%s' of stage '%s' does not exist",
				o->def, stage->addr);
		fill(lock_add_out(e, o->def), c);
	}
	lock_entry_sort(e);
	return 0;
}

static int refuse_missing(const struct param *p, const struct val *file,
			  const struct stage *stage)
{
	struct buf names = BUF_INIT;
	size_t nr = 0;
	int err;

	for (size_t i = 0; i < p->keys.nr; i++)
		if (!val_path(file, p->keys.item[i]))
			buf_fmt(&names, "%s'%s'", nr++ ? ", " : "",
				p->keys.item[i]);
	err = err_set(ERR_INVALID,
		      "%s %s of stage '%s' %s missing from '%s'",
		      nr > 1 ? "parameters" : "parameter", names.s,
		      stage->addr, nr > 1 ? "are" : "is", p->def);
	buf_clear(&names);
	return err;
}

static int add_params(const struct seen *s, const struct stage *stage,
		      struct lock_entry *out)
{
	if (stage->nr_param)
		val_set_map(&out->params);
	for (size_t i = 0; i < stage->nr_param; i++) {
		const struct param *p = &stage->param[i];
		const struct seen_params *sp = seen_params(s, p->path);
		struct val *to;

		if (sp->state == SEEN_MISSING)
			return err_set(ERR_NOTFOUND,
				"parameter file '%s' of stage '%s' does not exist",
				p->def, stage->addr);
		if (sp->state == SEEN_BAD)
			return err_set(ERR_INVALID, "%s", sp->error);
		to = val_put(&out->params, p->def);
		if (p->whole) {
			val_copy(to, &sp->val);
			continue;
		}
		val_set_map(to);
		if ((size_t)params_select(to, &sp->val, &p->keys) < p->keys.nr)
			return refuse_missing(p, &sp->val, stage);
	}
	return 0;
}

int seen_entry(const struct seen *s, const struct stage *stage, bool outs,
	       struct lock_entry *out)
{
	int err;

	lock_entry_clear(out);
	out->name = mem_dup(stage->name);
	val_copy(&out->cmd, &stage->cmd);
	err = add_deps(s, stage, out);
	if (!err)
		err = add_params(s, stage, out);
	if (!err && outs)
		return seen_outs(s, stage, out);
	if (!err)
		lock_entry_sort(out);
	return err;
}
