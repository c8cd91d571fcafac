#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "spec/tmpl-part.h"
#include "spec/val-map.h"
#include "spec/val-shape.h"

/* --- one value ------------------------------------------------------------------ */

static void place(struct val *out, const struct val *in)
{
	out->line = in->line;
	out->at = in->at;
	out->end = in->end;
	out->alias = in->alias;
	out->style = in->style;
}

static int resolve_text(struct tmpl *t, const struct shape_where *w,
			struct val *out, const struct val *in, unsigned how,
			bool *changed)
{
	struct buf b = BUF_INIT;
	struct match m;
	struct node *n;
	int err;

	if (!memchr(in->s, '$', in->len)) {
		val_copy(out, in);
		return tmpl_spend(t, w, in->len);
	}
	if (match_next(&m, in->s, in->len, 0) && match_whole(&m, in)) {
		*changed = true;
		err = text_take(t, w, in, &m, how, &n);
		return err ? err : node_value(t, w, out, n);
	}
	err = text_fill(t, w, &b, in, how);
	if (!err) {
		*changed |= b.len != in->len || memcmp(b.s, in->s, b.len);
		val_set_nstr(out, b.s, b.len);
	}
	buf_clear(&b);
	return err;
}

static int resolve(struct tmpl *t, const struct shape_where *w,
		   struct val *out, const struct val *in, unsigned how,
		   bool *changed);

static int resolve_map(struct tmpl *t, const struct shape_where *w,
		       struct val *out, const struct val *in, unsigned how,
		       bool *changed)
{
	struct keys seen = KEYS_INIT;
	int err = 0;

	val_set_map(out);
	for (size_t i = 0; !err && i < in->nr; i++) {
		struct val key = VAL_INIT, item = VAL_INIT;

		err = resolve(t, w, &key, &in->key[i], how, changed);
		if (!err && (key.kind == VAL_LIST || key.kind == VAL_MAP))
			err = tmpl_fail(t, w, &in->key[i], NULL, "TypeError",
					"%s cannot be a key",
					shape_kind(&key));
		if (!err)
			err = resolve(t, w, &item, &in->item[i], how, changed);
		if (!err)
			keys_set(&seen, out, &key, &item);
		val_clear(&key);
		val_clear(&item);
	}
	keys_clear(&seen);
	return err;
}

static int resolve(struct tmpl *t, const struct shape_where *w,
		   struct val *out, const struct val *in, unsigned how,
		   bool *changed)
{
	int err = tmpl_spend(t, w, COST_VALUE);

	if (err)
		return err;
	if (in->kind == VAL_STR) {
		err = resolve_text(t, w, out, in, how, changed);
	} else if (in->kind == VAL_MAP) {
		err = resolve_map(t, w, out, in, how, changed);
	} else if (in->kind == VAL_LIST) {
		val_set_list(out);
		for (size_t i = 0; !err && i < in->nr; i++)
			err = resolve(t, w, val_add(out), &in->item[i], how,
				      changed);
	} else {
		val_copy(out, in);
	}
	place(out, in);
	return err;
}

int tmpl_resolve(struct tmpl *t, const struct shape_where *w, struct val *out,
		 const struct val *in, unsigned how, bool *changed)
{
	bool any = false;
	int err = resolve(t, w, out, in, how, &any);

	if (changed)
		*changed |= any;
	return err;
}

/* --- forgetting ------------------------------------------------------------------ */

static void free_strs(void *value)
{
	if (value)
		strs_clear(value);
	free(value);
}

void tmpl_end(struct tmpl *t)
{
	t->layer = t->item = t->key = NULL;
	t->staged = t->track = false;
	t->stamp++;
	nodes_clear(&t->passing);
	map_clear(&t->loaded_here, free_strs);
	strs_clear(&t->sources_here);
	val_clear(&t->used);
}

void tmpl_clear(struct tmpl *t)
{
	tmpl_end(t);
	nodes_clear(&t->kept);
	map_clear(&t->loaded, free_strs);
	strs_clear(&t->sources);
	free(t->bad_file);
	*t = (struct tmpl)TMPL_INIT;
}
