#include <stdio.h>
#include "base/buf.h"
#include "spec/canon.h"
#include "spec/pipe.h"
#include "stage-json.h"

static void cmd_val(struct val *out, const struct stage *s)
{
	val_set_list(out);
	if (s->cmd.kind == VAL_STR)
		val_copy(val_add(out), &s->cmd);
	else if (s->cmd.kind == VAL_LIST)
		val_copy(out, &s->cmd);
}

static void out_val(struct val *out, const struct out *o)
{
	val_set_map(out);
	val_set_str(val_put(out, "path"), o->path);
	val_set_bool(val_put(out, "cache"), o->cache);
	val_set_bool(val_put(out, "persist"), o->persist);
	val_set_bool(val_put(out, "metric"), o->metric);
	val_set_bool(val_put(out, "plot"), o->plot);
	val_set_bool(val_put(out, "push"), o->push);
}

static void param_val(struct val *out, const struct param *p)
{
	if (p->whole)
		return;
	val_set_list(out);
	for (size_t i = 0; i < p->keys.nr; i++)
		val_set_str(val_add(out), p->keys.item[i]);
}

static void lists(struct val *out, const struct stage *s)
{
	struct val *v = val_put(out, "deps");

	val_set_list(v);
	for (size_t i = 0; i < s->nr_dep; i++)
		val_set_str(val_add(v), s->dep[i].path);
	v = val_put(out, "outs");
	val_set_list(v);
	for (size_t i = 0; i < s->nr_out; i++)
		out_val(val_add(v), &s->out[i]);
	v = val_put(out, "params");
	val_set_map(v);
	for (size_t i = 0; i < s->nr_param; i++)
		param_val(val_put(v, s->param[i].path), &s->param[i]);
}

static void stage_val(struct val *out, const struct stage *s)
{
	val_set_map(out);
	val_set_str(val_put(out, "stage"), s->addr);
	cmd_val(val_put(out, "cmd"), s);
	val_set_str(val_put(out, "wdir"), s->wdir);
	lists(out, s);
	val_set_bool(val_put(out, "frozen"), s->frozen);
	val_set_bool(val_put(out, "always_changed"), s->always_changed);
	val_put(out, "desc");
	if (s->desc)
		val_set_str(val_get(out, "desc"), s->desc);
}

void stage_json(const struct pipe *p, const struct pipe_pick *pick)
{
	struct val all = VAL_INIT;
	struct buf b = BUF_INIT;

	val_set_list(&all);
	for (size_t i = 0; i < pick->nr; i++)
		stage_val(val_add(&all), &p->item[pick->item[i]]);
	canon_json(&b, &all, 0);
	puts(b.s);
	buf_clear(&b);
	val_clear(&all);
}
