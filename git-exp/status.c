#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/strs.h"
#include "spec/canon.h"
#include "spec/val.h"
#include "story/project.h"
#include "story/tale.h"
#include "cmd.h"
#include "opt.h"
#include "say.h"
#include "term.h"

#define USAGE "status [<options>] [<target>...]"

static int name_width(const struct plan *p)
{
	int width = 0;

	for (size_t i = 0; i < p->nr; i++) {
		const char *addr = p->item[i].stage->addr;
		int w = term_width(addr, strlen(addr));

		if (w > width)
			width = w;
	}
	return width;
}

static void print_item(const struct plan_item *item, int width)
{
	struct buf line = BUF_INIT;

	term_pad(&line, item->stage->addr, width, false);
	buf_str(&line, "   ");
	term_pad(&line, plan_word(item), item->why.nr ? 12 : 0, false);
	for (size_t i = 0; i < item->why.nr; i++) {
		if (i) {
			buf_char(&line, '\n');
			term_pad(&line, "", width + 15, false);
		}
		plan_why_text(&line, &item->why.item[i]);
	}
	puts(line.s);
	buf_clear(&line);
}

static void print_text(const struct tale *t)
{
	int width = name_width(&t->plan);

	for (size_t i = 0; i < t->plan.nr; i++)
		print_item(&t->plan.item[i], width);
	if (!t->plan.nr)
		puts("There are no stages and no data files yet.");
	else if (!plan_work(&t->plan))
		puts("Data and pipelines are up to date.");
}

static void put_item(struct val *out, const struct plan_item *item)
{
	static const char *const todo[] = {
		[PLAN_KEEP] = "keep", [PLAN_FETCH] = "fetch",
		[PLAN_RUN] = "run", [PLAN_MAYBE] = "maybe",
		[PLAN_COMMIT] = "commit", [PLAN_MISSING] = "missing",
	};
	struct val *list;

	val_set_map(out);
	val_set_str(val_put(out, "do"), todo[item->what]);
	list = val_put(out, "why");
	val_set_list(list);
	for (size_t i = 0; i < item->why.nr; i++) {
		struct buf text = BUF_INIT;

		plan_why_text(&text, &item->why.item[i]);
		val_set_str(val_add(list), text.s);
		buf_clear(&text);
	}
}

/* --- DVC's own shape --------------------------------------------------- */

static struct val *section(struct val *list, const char *key)
{
	for (size_t i = 0; i < list->nr; i++)
		if (val_get(&list->item[i], key))
			return val_get(&list->item[i], key);
	list = val_add(list);
	val_set_map(list);
	list = val_put(list, key);
	val_set_map(list);
	return list;
}

static void put_param(struct val *list, const char *file, const char *key,
		      const char *word)
{
	struct val *map = val_put(section(list, "changed deps"), file);

	if (map->kind != VAL_MAP)
		val_set_map(map);
	val_set_str(val_put(map, key), word);
}

/* What lies outside of the project has its whole path. */
static void put_path(struct val *list, const struct tale *t, const char *key,
		     const char *path, const char *word)
{
	char *full = strncmp(path, "../", 3) ? mem_dup(path) :
		file_join(t->project->root, path);

	val_set_str(val_put(section(list, key), full), word);
	free(full);
}

static bool there(const struct tale *t, const char *path)
{
	return seen_path(&t->seen, path)->kind != CONTENT_NONE;
}

/* A stage that never ran: DVC calls each part of it changed. */
static void put_never(struct val *list, const struct tale *t,
		      const struct stage *s)
{
	for (size_t i = 0; !s->frozen && i < s->nr_dep; i++)
		put_path(list, t, "changed deps", s->dep[i].path,
			 there(t, s->dep[i].path) ? "modified" : "deleted");
	for (size_t i = 0; !s->frozen && i < s->nr_param; i++)
		put_path(list, t, "changed deps", s->param[i].path,
			 seen_params(&t->seen, s->param[i].path)->state ==
			 SEEN_MISSING ? "deleted" : "new");
	for (size_t i = 0; i < s->nr_out; i++)
		put_path(list, t, "changed outs", s->out[i].path,
			 there(t, s->out[i].path) ? "modified" : "deleted");
}

static void put_why(struct val *list, const struct tale *t,
		    const struct lock_entry *e, const struct why *w)
{
	static const char *const word[] = {
		[WHY_PARAM] = "modified", [WHY_PARAM_NEW] = "new",
		[WHY_PARAM_GONE] = "deleted", [WHY_PARAM_FILE] = "deleted",
		[WHY_DEP] = "modified", [WHY_DEP_NEW] = "modified",
		[WHY_DEP_GONE] = "deleted", [WHY_OUT] = "modified",
		[WHY_OUT_NEW] = "modified", [WHY_OUT_GONE] = "deleted",
		[WHY_OUT_CACHE] = "not in cache",
	};
	const char *path = w->path ? w->path : w->what;

	if (w->kind == WHY_PARAM_FILE ||
	    (w->kind == WHY_PARAM_NEW && !val_get(&e->params, w->file)))
		put_path(list, t, "changed deps", path, word[w->kind]);
	else if (w->kind >= WHY_PARAM && w->kind <= WHY_PARAM_GONE)
		put_param(list, path, w->what, word[w->kind]);
	else if (w->kind >= WHY_DEP && w->kind <= WHY_DEP_GONE)
		put_path(list, t, "changed deps", path, word[w->kind]);
	else if (w->kind >= WHY_OUT && w->kind <= WHY_OUT_CACHE)
		put_path(list, t, "changed outs", path, word[w->kind]);
}

/* Words of their own stand behind dependencies and outputs. */
static void put_words(struct val *list, const struct stage *s,
		      const struct whys *w)
{
	bool bare = s->kind == STAGE_RUN && !s->nr_dep && !s->nr_param &&
		!s->nr_out;

	if (s->always_changed || bare)
		val_set_str(val_add(list), "always changed");
	for (size_t i = 0; i < w->nr; i++) {
		if (w->item[i].kind == WHY_COMMAND)
			val_set_str(val_add(list), "changed command");
		if (w->item[i].kind == WHY_SUM)
			val_set_str(val_add(list), "changed checksum");
	}
}

/* DVC looks at each stage alone, as if nothing before it would run. */
static int put_dvc(struct val *out, const struct tale *t, const struct stage *s)
{
	struct plan_item item = PLAN_ITEM_INIT;
	const struct lock_entry *e = locks_entry(&t->locks, s);
	struct val list = VAL_INIT;
	int err = plan_stage(&item, s, e, &t->seen, NULL);

	val_set_list(&list);
	for (size_t i = 0; i < item.why.nr; i++) {
		if (item.why.item[i].kind == WHY_NEVER)
			put_never(&list, t, s);
		else
			put_why(&list, t, e, &item.why.item[i]);
	}
	put_words(&list, s, &item.why);
	if (list.nr)
		val_copy(val_put(out, s->addr), &list);
	val_clear(&list);
	plan_item_clear(&item);
	return err;
}

static int print_json(const struct tale *t)
{
	struct val v = VAL_INIT, ours = VAL_INIT;
	struct buf text = BUF_INIT;
	int err = 0;

	val_set_map(&v);
	val_set_map(&ours);
	for (size_t i = 0; !err && i < t->plan.nr; i++) {
		err = put_dvc(&v, t, t->plan.item[i].stage);
		put_item(val_put(&ours, t->plan.item[i].stage->addr),
			 &t->plan.item[i]);
	}
	val_copy(val_put(&v, "git_exp"), &ours);
	canon_json(&text, &v, 0);
	if (!err)
		puts(text.s);
	buf_clear(&text);
	val_clear(&ours);
	val_clear(&v);
	return err;
}

/* --- which stages ------------------------------------------------------ */

/* Decided with all they need, but only the targets themselves are shown. */
static void narrow(struct tale *t)
{
	bool *keep = mem_new(t->graph.nr, sizeof(*keep));
	size_t to = 0;

	for (size_t i = 0; i < t->picked.nr; i++)
		keep[t->picked.item[i]] = true;
	for (size_t i = 0; i < t->plan.nr; i++) {
		if (keep[t->plan.item[i].index])
			t->plan.item[to++] = t->plan.item[i];
		else
			plan_item_clear(&t->plan.item[i]);
	}
	t->plan.nr = to;
	free(keep);
}

static int look(struct tale *t, bool deps)
{
	int err = tale_think(t);

	if (!err && !deps && t->picked.nr && t->want.way == GRAPH_UP)
		narrow(t);
	return err;
}

static int show(struct ctx *ctx, const struct tale *t, bool json)
{
	if (!json)
		print_text(t);
	else if (print_json(t))
		return say_failed(ctx->repo);
	return plan_work(&t->plan) ? EXIT_NO : 0;
}

int cmd_status(struct ctx *ctx, int argc, char **argv)
{
	struct tale t = TALE_INIT;
	struct strs targets = STRS_INIT;
	struct target_ask which = { 0 };
	bool json = false, deps = false;
	const struct opt opts[] = {
		{ "json", 0, OPT_FLAG, &json, NULL, "as JSON, in DVC's shape" },
		{ "with-deps", 'd', OPT_FLAG, &deps, NULL, "the named stages and all they need" },
		{ "glob", 0, OPT_FLAG, &t.want.glob, NULL, "targets are patterns of names, as 'train*'" },
		{ "recursive", 'R', OPT_FLAG, &t.want.deep, NULL, "a directory means every stage in it and below it" },
		{ "downstream", 0, OPT_FLAG, &which.down, NULL, "the named stages and those that need them" },
		{ "pipeline", 'p', OPT_FLAG, &which.pipeline, NULL, "everything that hangs together with the named stages" },
		{ "all-pipelines", 'P', OPT_FLAG, &t.want.all, NULL, "every stage of the project, as without names" },
		OPT_END
	};
	int code;

	argc = cmd_start(ctx, argc, argv, opts, USAGE);
	for (int i = 0; i < argc; i++)
		strs_add(&targets, argv[i]);
	t.project = ctx->project;
	t.targets = &targets;
	t.want.way = target_way(&which);
	t.want.outs = true;
	code = look(&t, deps) ? say_failed(ctx->repo) : show(ctx, &t, json);
	tale_clear(&t);
	strs_clear(&targets);
	return code;
}
