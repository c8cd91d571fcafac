#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "flow/plan-part.h"
#include "flow/seen.h"
#include "spec/canon.h"
#include "store/digest.h"

enum { VALUE_MAX = 60 };	/* bytes of a value that a reason shows */

const struct content *plan_content(const struct plan_view *v, const char *path)
{
	const struct content *c = v->later ? map_get(v->later, path) : NULL;

	return c ? c : seen_path(v->seen, path);
}

struct why *plan_because(struct whys *w, enum why_kind kind, const char *what,
			 const char *path)
{
	ARRAY_GROW(w);
	w->item[w->nr] = (struct why){
		.kind = kind, .what = mem_dup(what), .path = mem_dup(path),
	};
	return &w->item[w->nr++];
}

bool plan_has(const struct whys *w, enum why_kind first, enum why_kind last)
{
	for (size_t i = 0; i < w->nr; i++)
		if (w->item[i].kind >= first && w->item[i].kind <= last)
			return true;
	return false;
}

/* --- parameters ------------------------------------------------------- */

static char *show(const struct val *v)
{
	struct buf b = BUF_INIT;

	if (v->kind == VAL_STR || v->kind == VAL_DATE)
		buf_add(&b, v->s, v->len);
	else
		canon_json(&b, v, 0);
	if (b.len > VALUE_MAX) {
		size_t cut = VALUE_MAX;

		while (cut && ((unsigned char)b.s[cut] & 0xc0) == 0x80)
			cut--;
		buf_cut(&b, cut);
		buf_str(&b, "...");
	}
	return buf_take(&b);
}

static void judge_value(struct whys *out, const struct param *p,
			const char *key, const struct val *now,
			const struct val *old)
{
	struct why *w;

	if (!now)
		w = plan_because(out, WHY_PARAM_GONE, key, p->path);
	else if (!old)
		w = plan_because(out, WHY_PARAM_NEW, key, p->path);
	else if (!val_equal(now, old))
		w = plan_because(out, WHY_PARAM, key, p->path);
	else
		return;
	w->file = mem_dup(p->def);
	w->old = old ? show(old) : NULL;
	w->now = now ? show(now) : NULL;
}

/* The value under exactly this key: dotted keys stay dotted in dvc.lock. */
static const struct val *exactly(const struct val *map, const struct val *key)
{
	for (size_t i = 0; map && i < map->nr; i++)
		if (val_equal(&map->key[i], key))
			return &map->item[i];
	return NULL;
}

static void judge_whole(struct whys *out, const struct param *p,
			const struct val *now, const struct val *old)
{
	const struct val *maps[] = { now, old };

	for (size_t m = 0; m < 2; m++)
		for (size_t i = 0; maps[m] && i < maps[m]->nr; i++) {
			const struct val *k = &maps[m]->key[i];
			char *text;

			if (m && exactly(now, k))
				continue;
			val_key_text(k, &text);
			judge_value(out, p, text, exactly(now, k),
				    exactly(old, k));
			free(text);
		}
}

static int judge_param(struct whys *out, const struct param *p,
		       const struct lock_entry *e, const struct plan_view *v)
{
	const struct seen_params *sp = seen_params(v->seen, p->path);
	const struct val *old = e ? val_get(&e->params, p->def) : NULL;

	if (sp->state == SEEN_BAD)
		return seen_bad(sp);
	if (sp->state == SEEN_MISSING) {
		plan_because(out, WHY_PARAM_FILE, p->def, p->path);
		return 0;
	}
	if (p->whole)
		judge_whole(out, p, &sp->val, old);
	for (size_t i = 0; !p->whole && i < p->keys.nr; i++)
		judge_value(out, p, p->keys.item[i],
			    val_path(&sp->val, p->keys.item[i]),
			    val_get(old, p->keys.item[i]));
	return 0;
}

/* --- paths ------------------------------------------------------------ */

static void judge_dep(struct whys *out, const struct dep *d,
		      const struct lock_path *old, const struct plan_view *v)
{
	const struct content *now = plan_content(v, d->path);

	if (d->url) {
		if (!old)
			plan_because(out, WHY_DEP_NEW, d->def, d->path);
	} else if (now->kind == CONTENT_NONE) {
		plan_because(out, WHY_DEP_GONE, d->def, d->path);
	} else if (!old || !old->md5) {
		plan_because(out, WHY_DEP_NEW, d->def, d->path);
	} else if (!seen_is(now, old)) {
		plan_because(out, WHY_DEP, d->def, d->path);
	}
}

static void judge_out(struct whys *out, const struct out *o,
		      const struct lock_path *old, const struct plan_view *v)
{
	const struct content *now = plan_content(v, o->path);
	bool known = old && old->md5;

	if (known && o->cache && !seen_whole(v->seen, old))
		plan_because(out, WHY_OUT_CACHE, o->def, o->path);
	else if (now->kind == CONTENT_NONE)
		plan_because(out, WHY_OUT_GONE, o->def, o->path);
	else if (!known)
		plan_because(out, WHY_OUT_NEW, o->def, o->path);
	else if (!seen_is(now, old))
		plan_because(out, WHY_OUT, o->def, o->path);
}

/* --- a stage ---------------------------------------------------------- */

/* "" and [] are commands too, that do nothing. */
static bool has_command(const struct stage *s)
{
	return s->cmd.kind == VAL_LIST ? s->cmd.nr : s->cmd.len;
}

static bool always(const struct stage *s)
{
	return s->always_changed || (has_command(s) && !s->nr_dep &&
				     !s->nr_param && !s->nr_out);
}

static int judge_inputs(struct whys *out, const struct stage *s,
			const struct lock_entry *e, const struct plan_view *v)
{
	int err = 0;

	if (always(s))
		plan_because(out, WHY_ALWAYS, NULL, NULL);
	for (size_t i = 0; !err && i < s->nr_param; i++)
		err = judge_param(out, &s->param[i], e, v);
	for (size_t i = 0; e && !err && i < s->nr_dep; i++)
		judge_dep(out, &s->dep[i], lock_dep(e, s->dep[i].def), v);
	return err;
}

static void empty(struct whys *w)
{
	for (size_t i = 0; i < w->nr; i++)
		plan_why_clear(&w->item[i]);
	w->nr = 0;
}

/* Without a lock entry nothing is worth saying but that. */
static int judge_first(struct whys *out, const struct stage *s,
		       const struct plan_view *v)
{
	int err = 0;

	if (!s->frozen)
		err = judge_inputs(out, s, NULL, v);
	empty(out);
	if (!s->frozen || s->nr_out)
		plan_because(out, WHY_NEVER, NULL, NULL);
	return err;
}

static int judge_run(struct whys *out, const struct stage *s,
		     const struct lock_entry *e, const struct plan_view *v)
{
	int err = 0;

	if (!e)
		return judge_first(out, s, v);
	if (!val_equal(&s->cmd, &e->cmd))
		plan_because(out, WHY_COMMAND, NULL, NULL);
	if (!s->frozen)
		err = judge_inputs(out, s, e, v);
	for (size_t i = 0; !err && i < s->nr_out; i++)
		judge_out(out, &s->out[i], lock_out(e, s->out[i].def), v);
	return err;
}

bool plan_sum(const struct stage *s, char hex[33])
{
	struct buf b = BUF_INIT;
	char sum[DIGEST_HEX];

	if (s->import.kind != VAL_MAP)
		return false;
	canon_json(&b, &s->import, CANON_SORT);
	digest_mem(DIGEST_MD5, b.s, b.len, sum);
	memcpy(hex, sum, 33);
	buf_clear(&b);
	return true;
}

/* Where a source has a scheme, only a network could tell whether it changed. */
static void judge_data(struct whys *out, const struct stage *s,
		       const struct plan_view *v)
{
	char sum[33];

	if (s->always_changed && !s->frozen)
		plan_because(out, WHY_ALWAYS, NULL, NULL);
	for (size_t i = 0; !s->frozen && i < s->nr_dep; i++)
		judge_dep(out, &s->dep[i], &s->dep[i].saved, v);
	for (size_t i = 0; i < s->nr_out; i++)
		judge_out(out, &s->out[i], &s->out[i].saved, v);
	if (plan_sum(s, sum) ? !s->md5 || strcmp(s->md5, sum) : !!s->md5)
		plan_because(out, WHY_SUM, NULL, NULL);
}

int plan_judge(struct whys *out, const struct stage *s,
	       const struct lock_entry *e, const struct plan_view *v,
	       const struct plan_opts *opts)
{
	int err = 0;

	if (s->kind == STAGE_RUN)
		err = judge_run(out, s, e, v);
	else
		judge_data(out, s, v);
	if (opts && opts->force)
		plan_because(out, WHY_FORCED, NULL, NULL);
	return err;
}
