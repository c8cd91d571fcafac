#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "spec/block.h"
#include "spec/dvcfile-part.h"
#include "spec/dvcfile.h"
#include "spec/emit.h"
#include "spec/pipe.h"

static void put_text(struct val *out, const char *key, const char *text)
{
	if (text && *text)
		val_set_str(val_put(out, key), text);
}

static void put_list(struct val *out, const char *key, struct val *list)
{
	if (list->nr)
		val_copy(val_put(out, key), list);
	val_clear(list);
}

/* --- a stage as DVC's map --------------------------------------------- */

static void put_wdir(struct val *out, const struct stage *s)
{
	char *dir = file_dirname(s->file ? s->file : "dvc.yaml");
	char *from = file_join("/", dir);
	char *to = file_join("/", s->wdir ? s->wdir : dir);
	char *wdir = file_relative(from, to);

	if (strcmp(wdir, "."))
		put_text(out, "wdir", wdir);
	free(dir);
	free(from);
	free(to);
	free(wdir);
}

static void put_deps(struct val *out, const struct stage *s)
{
	struct val list = VAL_INIT;
	struct strs names = STRS_INIT;

	for (size_t i = 0; i < s->nr_dep; i++)
		strs_add(&names, s->dep[i].def);
	strs_sort(&names);
	val_set_list(&list);
	for (size_t i = 0; i < names.nr; i++)
		val_set_str(val_add(&list), names.item[i]);
	put_list(out, "deps", &list);
	strs_clear(&names);
}

static void put_param(struct val *list, const struct param *p)
{
	struct val *file, *key;

	if (!p->whole && !strcmp(p->def, "params.yaml")) {
		for (size_t i = 0; i < p->keys.nr; i++)
			val_set_str(val_add(list), p->keys.item[i]);
		return;
	}
	file = val_add(list);
	val_set_map(file);
	key = val_put(file, p->def);
	if (p->whole || !p->keys.nr)
		return;
	val_set_list(key);
	for (size_t i = 0; i < p->keys.nr; i++)
		val_set_str(val_add(key), p->keys.item[i]);
}

static int by_def(const void *a, const void *b)
{
	const struct param *const *x = a, *const *y = b;

	return strcmp((*x)->def, (*y)->def);
}

/* Keys of params.yaml come before every file. */
static void put_params(struct val *out, const struct stage *s)
{
	const struct param **order = mem_new(s->nr_param + 1, sizeof(*order));
	struct val list = VAL_INIT;

	for (size_t i = 0; i < s->nr_param; i++)
		order[i] = &s->param[i];
	qsort(order, s->nr_param, sizeof(*order), by_def);
	val_set_list(&list);
	for (int late = 0; late < 2; late++)
		for (size_t i = 0; i < s->nr_param; i++) {
			bool first = !order[i]->whole &&
				!strcmp(order[i]->def, "params.yaml");

			if (first == !late)
				put_param(&list, order[i]);
		}
	put_list(out, "params", &list);
	free(order);
}

static void put_flags(struct val *out, const struct out *o)
{
	val_set_map(out);
	put_text(out, "desc", o->desc);
	if (!o->cache)
		val_set_bool(val_put(out, "cache"), false);
	if (o->persist)
		val_set_bool(val_put(out, "persist"), true);
	for (size_t i = 0; o->plot && i < o->plot_props.nr; i++)
		if (val_text(&o->plot_props.key[i]))
			val_copy(val_put(out, o->plot_props.key[i].s),
				 &o->plot_props.item[i]);
	put_text(out, "remote", o->remote);
	if (!o->push)
		val_set_bool(val_put(out, "push"), false);
}

static int by_out(const void *a, const void *b)
{
	const struct out *const *x = a, *const *y = b;

	return strcmp((*x)->def, (*y)->def);
}

static const char *kind(const struct out *o)
{
	if (o->plot)
		return "plots";
	return o->metric ? "metrics" : "outs";
}

static void put_outs(struct val *out, const struct stage *s, const char *key)
{
	const struct out **order = mem_new(s->nr_out + 1, sizeof(*order));
	struct val list = VAL_INIT, flags = VAL_INIT;

	for (size_t i = 0; i < s->nr_out; i++)
		order[i] = &s->out[i];
	qsort(order, s->nr_out, sizeof(*order), by_out);
	val_set_list(&list);
	for (size_t i = 0; i < s->nr_out; i++) {
		struct val *item;

		if (strcmp(kind(order[i]), key))
			continue;
		put_flags(&flags, order[i]);
		item = val_add(&list);
		if (!flags.nr) {
			val_set_str(item, order[i]->def);
			continue;
		}
		val_set_map(item);
		val_copy(val_put(item, order[i]->def), &flags);
	}
	put_list(out, key, &list);
	val_clear(&flags);
	free(order);
}

static void stage_val(struct val *out, const struct stage *s)
{
	val_set_map(out);
	put_text(out, "desc", s->desc);
	val_copy(val_put(out, "cmd"), &s->cmd);
	put_wdir(out, s);
	put_deps(out, s);
	put_params(out, s);
	put_outs(out, s, "outs");
	put_outs(out, s, "metrics");
	put_outs(out, s, "plots");
	if (s->frozen)
		val_set_bool(val_put(out, "frozen"), true);
	if (s->always_changed)
		val_set_bool(val_put(out, "always_changed"), true);
}

void dvcfile_show(struct buf *out, const struct stage *s)
{
	struct val name = VAL_INIT, value = VAL_INIT;

	val_set_str(&name, s->name);
	stage_val(&value, s);
	emit_pair(out, &name, &value, 2);
	val_clear(&name);
	val_clear(&value);
}

/* --- into the text ----------------------------------------------------- */

/* Braces leave no lines to keep: the whole file is written anew. */
static void rewrite(struct buf *text, struct val *root, const char *name,
		    const struct val *value)
{
	struct val *stages = val_put(root, "stages");

	if (stages->kind != VAL_MAP)
		val_set_map(stages);
	val_copy(val_put(stages, name), value);
	buf_reset(text);
	emit_yaml(text, root, 0);
}

static int check(const struct val *root, const char *name,
		 const struct stage *s, bool force)
{
	const struct val *stages = val_get(root, "stages");

	if (root->kind != VAL_MAP)
		return err_set(ERR_INVALID, "%s: line %d: must be a map", name,
			       root->line);
	if (stages && stages->kind != VAL_MAP)
		return err_set(ERR_INVALID, "%s: line %d: 'stages' must be "
			       "a map", name, stages->line);
	if (force || !val_get(stages, s->name))
		return 0;
	err_set(ERR_EXISTS, "stage '%s' already exists in '%s'", s->name, name);
	return err_hint(ERR_EXISTS, "use '--force' to replace it");
}

int dvcfile_stage(struct buf *text, const char *name, const struct stage *s,
		  bool force)
{
	struct val root = VAL_INIT, value = VAL_INIT;
	const struct val *old;
	struct block lines;
	int err = val_yaml(&root, text->s, text->len, name);

	if (!err)
		err = check(&root, name, s, force);
	if (!err) {
		stage_val(&value, s);
		old = val_get(val_get(&root, "stages"), s->name);
		if (old && old->kind == VAL_MAP)
			dvcfile_restore(&value, old);
		if (!block_merge(text, &root, "stages", s->name, &value) &&
		    !block_put(text, &root, "stages", s->name, &value, &lines))
			rewrite(text, &root, s->name, &value);
	}
	val_clear(&root);
	val_clear(&value);
	return err;
}
