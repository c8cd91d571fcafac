#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/src.h"
#include "exp/plots-part.h"
#include "exp/view-part.h"

/* What one call of plots_add() works on. */
struct collect {
	struct plots *p;
	struct plots_rev *rev;
	struct view view;
	regex_t *target;	/* one for each of p->targets */
};

/* --- names ------------------------------------------------------------------ */

/* A path from the root as seen from where the user stands; caller frees. */
static char *seen(const struct plots *p, const char *path)
{
	char *from, *to, *out;

	if (*path == '/')
		return mem_dup(path);
	from = file_join("/x/x", p->cwd);
	to = file_join("/x/x", path);
	out = file_relative(from, to);
	free(from);
	free(to);
	return out;
}

static bool is_match(struct collect *c, const char *config, const char *id)
{
	char *full = *config ? mem_fmt("%s::%s", config, id) : mem_dup(id);
	bool found = !c->p->targets.nr;

	for (size_t i = 0; !found && i < c->p->targets.nr; i++)
		found = !regexec(&c->target[i], id, 0, NULL, 0) ||
			!regexec(&c->target[i], full, 0, NULL, 0);
	free(full);
	return found;
}

/* Each target is an expression, to be found where a name begins. */
static int compile(struct collect *c, size_t *nr)
{
	const struct strs *l = &c->p->targets;
	int err = 0;

	c->target = mem_new(l->nr + 1, sizeof(*c->target));
	for (*nr = 0; !err && *nr < l->nr; ++*nr) {
		char *text = mem_fmt("^(%s)", l->item[*nr]);

		if (regcomp(&c->target[*nr], text, REG_EXTENDED | REG_NOSUB))
			err = err_set(ERR_INVALID, "'%s' is no regular "
				      "expression", l->item[*nr]);
		free(text);
		if (err)
			break;
	}
	return err;
}

/* --- definitions -------------------------------------------------------------- */

/* What was said before of the same stays where nothing else is said now. */
static void define(struct collect *c, const char *config, const char *id,
		   const struct val *props)
{
	struct val *to = val_put(&c->rev->defs, config);

	if (to->kind != VAL_MAP)
		val_set_map(to);
	to = val_put(to, id);
	if (to->kind != VAL_MAP)
		val_set_map(to);
	for (size_t i = 0; props && i < props->nr; i++)
		val_copy(val_put(to, props->key[i].s), &props->item[i]);
	for (size_t i = 0; i < c->p->props.nr; i++)
		val_copy(val_put(to, c->p->props.key[i].s),
			 &c->p->props.item[i]);
}

static void split_path(struct strs *out, const char *path)
{
	struct strs all = STRS_INIT;

	strs_split(&all, path, '/');
	for (size_t i = 0; i < all.nr; i++)
		if (*all.item[i] && strcmp(all.item[i], "."))
			strs_add(out, all.item[i]);
	strs_clear(&all);
}

/* How much of two paths is the same, in bytes with the slashes between. */
static size_t common(const char *a, const char *b)
{
	struct strs x = STRS_INIT, y = STRS_INIT;
	size_t len = 0;

	split_path(&x, a);
	split_path(&y, b);
	for (size_t i = 0; i < x.nr && i < y.nr; i++) {
		if (strcmp(x.item[i], y.item[i]))
			break;
		len += strlen(x.item[i]) + !!i;
	}
	strs_clear(&x);
	strs_clear(&y);
	return len;
}

/* Of several definitions that hold a file the most specific one counts. */
static bool is_nearest(const struct pipe *pipe, const struct pipe_file *f,
		       const char *path)
{
	char *dir = file_dirname(f->from);
	size_t own = common(path, f->path);
	bool nearest = own == common(f->path, f->path);

	for (size_t i = 0; nearest && i < pipe->plots.nr; i++) {
		const struct pipe_file *other = &pipe->plots.item[i];
		char *at;

		if (strcmp(other->from, f->from))
			continue;
		at = file_join(dir, other->id);
		nearest = common(path, at) <= own;
		free(at);
	}
	free(dir);
	return nearest;
}

/* Other files in an axis are named from the directory of the dvc.yaml. */
static void adjust(struct collect *c, const char *from, struct val *axis)
{
	char *dir = file_dirname(from);

	for (size_t i = 0; axis && axis->kind == VAL_MAP && i < axis->nr;
	     i++) {
		char *path = file_join(dir, axis->key[i].s);
		char *name = seen(c->p, path);

		val_set_str(&axis->key[i], name);
		free(name);
		free(path);
	}
	free(dir);
}

static void define_free(struct collect *c, const struct pipe_file *f,
			const char *config)
{
	struct val props = VAL_INIT;

	val_copy(&props, &f->props);
	adjust(c, f->from, val_get(&props, "x"));
	adjust(c, f->from, val_get(&props, "y"));
	define(c, config, f->id, &props);
	val_clear(&props);
}

static void define_files(struct collect *c, const char *config,
			 const char *path, const struct val *props,
			 const struct pipe_file *f)
{
	struct strs files = STRS_INIT;

	view_below(&c->view, path, &files);
	for (size_t i = 0; i < files.nr; i++) {
		char *name = seen(c->p, files.item[i]);

		if (!f || is_nearest(&c->view.pipe, f, files.item[i]))
			define(c, config, name, props);
		free(name);
	}
	strs_clear(&files);
}

/* The last one of an id in a file is the one that counts. */
static bool is_last(const struct pipe_files *l, size_t at)
{
	for (size_t i = at + 1; i < l->nr; i++)
		if (!strcmp(l->item[i].from, l->item[at].from) &&
		    !strcmp(l->item[i].id, l->item[at].id))
			return false;
	return true;
}

static void define_top(struct collect *c)
{
	const struct pipe_files *l = &c->view.pipe.plots;

	for (size_t i = 0; i < l->nr; i++) {
		const struct pipe_file *f = &l->item[i];
		char *config = seen(c->p, f->from);

		if (!is_last(l, i) || !is_match(c, config, f->id))
			;
		else if (f->path)
			define_files(c, config, f->path, &f->props, f);
		else
			define_free(c, f, config);
		free(config);
	}
}

static void define_stage(struct collect *c, const struct stage *s)
{
	char *config = seen(c->p, s->file);

	for (size_t i = 0; i < s->nr_out; i++) {
		const struct out *o = &s->out[i];
		char *name = seen(c->p, o->path);

		if (o->plot && is_match(c, config, name))
			define_files(c, "", o->path, &o->plot_props, NULL);
		free(name);
	}
	free(config);
}

static bool is_there(struct collect *c, const char *path)
{
	return src_kind(c->view.src, path) != SRC_NONE ||
	       pipe_maker(&c->view.pipe, path);
}

/* A target that is a file is a plot of its own; so is any, where nothing is. */
static void define_targets(struct collect *c)
{
	bool any = c->view.pipe.plots.nr || c->rev->defs.nr;

	for (size_t i = 0; i < c->p->targets.nr; i++) {
		const char *target = c->p->targets.item[i];
		char *path = file_join(c->p->cwd, target);

		if (any && !is_there(c, path))
			;
		else if (src_kind(c->view.src, path) == SRC_DIR)
			define_files(c, "", path, NULL, NULL);
		else
			define(c, "", target, NULL);
		any |= !!c->rev->defs.nr;
		free(path);
	}
}

/* --- one revision --------------------------------------------------------------- */

void plot_sources(const char *id, const struct val *def, struct strs *out)
{
	const struct val *x = val_get(def, "x"), *y = val_get(def, "y");

	if (!y || y->kind != VAL_MAP)
		strs_add(out, id);
	for (size_t i = 0; y && y->kind == VAL_MAP && i < y->nr; i++)
		strs_once(out, y->key[i].s);
	if (x && x->kind == VAL_MAP && x->nr)
		strs_once(out, x->key[0].s);
}

static void read_sources(struct collect *c)
{
	const struct val *defs = &c->rev->defs;
	struct strs names = STRS_INIT;

	for (size_t i = 0; i < defs->nr; i++)
		for (size_t j = 0; j < defs->item[i].nr; j++)
			plot_sources(defs->item[i].key[j].s,
				     &defs->item[i].item[j], &names);
	for (size_t i = 0; i < names.nr; i++)
		plot_read(c->p, c->rev, &c->view, names.item[i]);
	strs_clear(&names);
}

static int collect(struct collect *c, struct src *src,
		   const struct view_opts *o, const char **type)
{
	size_t nr = 0;
	int err = view_open(&c->view, src, o, type);

	if (!err) {
		err = compile(c, &nr);
		*type = "error";
	}
	if (!err) {
		define_top(c);
		for (size_t i = 0; i < c->view.pipe.nr; i++)
			define_stage(c, &c->view.pipe.item[i]);
		define_targets(c);
		read_sources(c);
	}
	while (nr > 0)
		regfree(&c->target[--nr]);
	free(c->target);
	view_close(&c->view);
	return err;
}

void plots_add(struct plots *p, const char *name, struct src *src,
	       const struct view_opts *o)
{
	struct collect c = { .p = p };
	const char *type;

	ARRAY_GROW(&p->rev);
	c.rev = &p->rev.item[p->rev.nr++];
	*c.rev = (struct plots_rev){ .name = mem_dup(name) };
	val_set_map(&c.rev->defs);
	if (!collect(&c, src, o, &type))
		return;
	c.rev->type = mem_dup(type);
	c.rev->message = mem_dup(err_message());
	err_clear();
}
