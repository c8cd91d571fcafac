#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "spec/block.h"
#include "spec/dvcfile-part.h"
#include "spec/dvcfile.h"
#include "spec/emit.h"
#include "spec/val.h"

/* --- what stays of an old stage ------------------------------------------------ */

static bool is_empty(const struct val *v)
{
	return !v || v->kind == VAL_NULL ||
		(v->kind == VAL_STR ? !v->len :
		 (v->kind == VAL_LIST || v->kind == VAL_MAP) && !v->nr);
}

static void keep(struct val *to, const struct val *old, const char *key)
{
	const struct val *v = val_get(old, key);

	if (!is_empty(v))
		val_copy(val_put(to, key), v);
}

/* The flags of an output of this path, in whichever list; or NULL. */
static const struct val *old_flags(const struct val *old, const char *path)
{
	static const char *const lists[] = { "outs", "metrics", "plots" };
	const struct val *found = NULL;

	for (size_t k = 0; k < sizeof(lists) / sizeof(*lists); k++) {
		const struct val *list = val_get(old, lists[k]);

		for (size_t i = 0; list && i < list->nr; i++)
			if (val_get(&list->item[i], path))
				found = val_get(&list->item[i], path);
	}
	return found;
}

/* Words first, then what the command line said, then where it is pushed. */
static void keep_flags(struct val *out, const struct val *old)
{
	static const char *const words[] = { "desc", "type", "labels", "meta" };
	bool bare = out->kind == VAL_STR;
	const struct val *flags, *push;
	struct val all = VAL_INIT, new = VAL_INIT;
	char *path = bare ? out->s : out->key[0].s;

	flags = old_flags(old, path);
	if (!flags)
		return;
	val_set_map(&all);
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		keep(&all, flags, words[i]);
	for (size_t i = 0; !bare && i < out->item[0].nr; i++)
		keep(&all, &out->item[0], out->item[0].key[i].s);
	keep(&all, flags, "remote");
	push = val_get(flags, "push");
	if (push && push->kind == VAL_BOOL && !push->b)
		val_copy(val_put(&all, "push"), push);
	val_set_map(&new);
	val_copy(val_put(&new, path), &all);
	if (all.nr)
		val_copy(out, &new);
	val_clear(&new);
	val_clear(&all);
}

void dvcfile_restore(struct val *value, const struct val *old)
{
	static const char *const lists[] = { "outs", "metrics", "plots" };
	struct val all = VAL_INIT;

	val_set_map(&all);
	keep(&all, old, "desc");
	for (size_t i = 0; i < value->nr; i++)
		if (strcmp(value->key[i].s, "desc"))
			val_copy(val_put(&all, value->key[i].s),
				 &value->item[i]);
	keep(&all, old, "meta");
	for (size_t k = 0; k < sizeof(lists) / sizeof(*lists); k++) {
		struct val *list = val_get(&all, lists[k]);

		for (size_t i = 0; list && i < list->nr; i++)
			keep_flags(&list->item[i], old);
	}
	val_copy(value, &all);
	val_clear(&all);
}

/* --- frozen ------------------------------------------------------------------------ */

static void without(struct val *map, const char *key)
{
	for (size_t i = map->nr; i-- > 0; ) {
		const char *is = val_text(&map->key[i]);

		if (is && !strcmp(is, key))
			val_drop(map, i);
	}
}

static int change(struct buf *text, struct val *root, const char *stage,
		  const struct val *value)
{
	if (block_merge(text, root, stage ? "stages" : NULL, stage, value))
		return 0;
	val_copy(stage ? val_get(val_get(root, "stages"), stage) : root, value);
	buf_reset(text);
	emit_yaml(text, root, 0);
	return 0;
}

int dvcfile_freeze(struct buf *text, const char *name, const char *stage,
		   bool frozen)
{
	struct val root = VAL_INIT, value = VAL_INIT;
	const struct val *old;
	int err = val_yaml(&root, text->s, text->len, name);

	old = stage ? val_get(val_get(&root, "stages"), stage) : &root;
	if (!err && (!old || old->kind != VAL_MAP))
		err = err_set(ERR_NOTFOUND, "%s: no stage '%s' in it", name,
			      stage ? stage : "");
	if (!err && val_true(val_get(old, "frozen")) == frozen &&
	    (stage || !val_get(old, "locked"))) {
		val_clear(&root);
		return 0;
	}
	if (!err) {
		val_copy(&value, old);
		without(&value, "locked");
		if (frozen)
			val_set_bool(val_put(&value, "frozen"), true);
		else
			without(&value, "frozen");
		err = change(text, &root, stage, &value);
	}
	val_clear(&value);
	val_clear(&root);
	return err;
}
