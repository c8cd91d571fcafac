#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "flow/seen.h"
#include "spec/lock.h"
#include "spec/params.h"
#include "spec/pipe.h"

void seen_fill(struct lock_path *to, const struct content *c,
	       const struct lock_path *was)
{
	bool legacy = seen_legacy(c, was);

	mem_set(&to->hash, legacy ? NULL : mem_dup("md5"));
	mem_set(&to->md5, mem_dup(legacy ? c->old : c->id));
	to->size = (int64_t)c->size;
	to->nfiles = c->kind == CONTENT_DIR ? (int64_t)c->nfiles : -1;
	to->isexec = c->kind == CONTENT_FILE && c->exec;
}

int seen_gone(const struct stage *stage, const char *what, const char *def,
	      int line)
{
	return err_set(ERR_NOTFOUND,
		       "%s: line %d: %s '%s' of stage '%s' does not exist",
		       stage->file, line ? line : stage->line, what, def,
		       stage->addr);
}

static int add_deps(const struct seen *s, const struct stage *stage,
		    const struct lock_entry *was, struct lock_entry *out)
{
	for (size_t i = 0; i < stage->nr_dep; i++) {
		const struct dep *d = &stage->dep[i];
		const struct content *c = seen_path(s, d->path);

		if (d->url)
			return err_set(ERR_INVALID,
				"dependency '%s' of stage '%s' is not a local path, which is not supported yet",
				d->def, stage->addr);
		if (c->kind == CONTENT_NONE)
			return seen_gone(stage, "dependency", d->def, d->line);
		seen_fill(lock_add_dep(out, d->def), c,
			  was && !d->external ? lock_dep(was, d->def) : NULL);
	}
	return 0;
}

int seen_outs(const struct seen *s, const struct stage *stage,
	      const struct lock_entry *was, struct lock_entry *e)
{
	for (size_t i = 0; i < stage->nr_out; i++) {
		const struct out *o = &stage->out[i];
		const struct content *c = seen_path(s, o->path);

		if (c->kind == CONTENT_NONE)
			return seen_gone(stage, "output", o->def, o->line);
		seen_fill(lock_add_out(e, o->def), c,
			  was && !o->external ? lock_out(was, o->def) : NULL);
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
		      "%s: line %d: %s %s of stage '%s' %s missing from '%s'",
		      stage->file, p->line ? p->line : stage->line,
		      nr > 1 ? "parameters" : "parameter", names.s,
		      stage->addr, nr > 1 ? "are" : "is", p->def);
	buf_clear(&names);
	return err_hint(err, "add it to the file, or with -S '+<key>=<value>'");
}

static const struct val *find_date(const struct val *v)
{
	const struct val *found = v->kind == VAL_DATE ? v : NULL;

	for (size_t i = 0; !found && i < v->nr; i++) {
		found = find_date(&v->item[i]);
		if (!found && v->kind == VAL_MAP)
			found = find_date(&v->key[i]);
	}
	return found;
}

/* Other than the sets, bytes and complex numbers of Python files. */
static bool is_time(const char *s)
{
	size_t digits = strspn(s, "0123456789");

	return (digits == 4 && s[4] == '-') || (digits == 2 && s[2] == ':');
}

/* DVC fails on them too, when it writes its run cache. */
static int refuse_date(const struct param *p, const struct val *picked,
		       const struct stage *stage)
{
	const struct val *date = find_date(picked);
	int err;

	if (!date)
		return 0;
	err = err_set(ERR_INVALID,
		      "%s: line %d: stage '%s' cannot use the %s '%s' as a parameter",
		      p->def, date->line, stage->addr,
		      is_time(date->s) ? "date" : "value", date->s);
	return err_hint(err, is_time(date->s) ? "put it in quotes" :
			"JSON has no such value: use numbers, texts, lists "
			"or dicts");
}

static int select_keys(struct val *to, const struct param *p,
		       const struct val *file, const struct stage *stage)
{
	if (p->whole) {
		val_copy(to, file);
		return 0;
	}
	val_set_map(to);
	if ((size_t)params_select(to, file, &p->keys) < p->keys.nr)
		return refuse_missing(p, file, stage);
	return 0;
}

int seen_pick(const struct seen *s, const struct stage *stage,
	      struct lock_entry *out)
{
	int err = 0;

	if (stage->nr_param)
		val_set_map(&out->params);
	for (size_t i = 0; i < stage->nr_param && !err; i++) {
		const struct param *p = &stage->param[i];
		const struct seen_params *sp = seen_params(s, p->path);
		struct val *to;

		if (sp->state == SEEN_MISSING)
			return seen_gone(stage, "parameter file", p->def,
					 p->line);
		if (sp->state == SEEN_BAD)
			return seen_bad(sp);
		to = val_put(&out->params, p->def);
		err = select_keys(to, p, &sp->val, stage);
		if (!err)
			err = refuse_date(p, to, stage);
	}
	return err;
}

int seen_entry(const struct seen *s, const struct stage *stage,
	       const struct lock_entry *was, bool outs, struct lock_entry *out)
{
	int err;

	lock_entry_clear(out);
	out->name = mem_dup(stage->name);
	val_copy(&out->cmd, &stage->cmd);
	err = add_deps(s, stage, was, out);
	if (!err)
		err = seen_pick(s, stage, out);
	if (!err && outs)
		return seen_outs(s, stage, was, out);
	if (!err)
		lock_entry_sort(out);
	return err;
}
