#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/strs.h"
#include "spec/pipe.h"
#include "story/project.h"
#include "story/target.h"
#include "cmd.h"
#include "opt.h"
#include "say.h"
#include "stage.h"
#include "stage-json.h"
#include "term.h"

enum { MAX_TEXT = 80 };

struct want {
	bool all, names, json, deep, fail;
};

static void outputs(struct buf *b, const struct stage *s, bool reports,
		    const char *lead)
{
	for (size_t i = 0; i < s->nr_out; i++) {
		const struct out *o = &s->out[i];

		if ((o->metric || o->plot) != reports)
			continue;
		if (lead && b->len)
			buf_str(b, "; ");
		buf_str(b, lead ? lead : ", ");
		buf_str(b, o->def);
		lead = NULL;
	}
}

static void depends(struct buf *b, const struct stage *s)
{
	const char *lead = "Depends on ";

	for (size_t i = 0; i < s->nr_dep; i++, lead = ", ")
		buf_fmt(b, "%s%s", lead, s->dep[i].def);
	for (size_t i = 0; i < s->nr_param; i++, lead = ", ")
		buf_fmt(b, "%s%s", lead, s->param[i].def);
}

/* The first line of the description that says something. */
static void first_line(struct buf *b, const char *desc)
{
	size_t len;

	desc += strspn(desc, "\r\n");
	len = strcspn(desc, "\r\n");
	while (len && strchr(" \t", desc[len - 1]))
		len--;
	while (len && strchr(" \t", *desc)) {
		desc++;
		len--;
	}
	buf_add(b, desc, len);
}

/* At most MAX_TEXT characters, the last of them then an ellipsis. */
static void shorten(struct buf *b)
{
	size_t chars = 0, cut = 0;

	for (size_t i = 0; i < b->len; i++) {
		if ((b->s[i] & 0xc0) == 0x80)
			continue;
		if (chars++ == MAX_TEXT - 1)
			cut = i;
	}
	if (chars <= MAX_TEXT)
		return;
	buf_cut(b, cut);
	buf_str(b, "\xe2\x80\xa6");
}

static void describe(struct buf *b, const struct stage *s)
{
	if (s->desc && *s->desc) {
		first_line(b, s->desc);
	} else if (!s->nr_out && !s->nr_dep && !s->nr_param) {
		buf_str(b, "No outputs or dependencies");
	} else if (!s->nr_out) {
		depends(b, s);
	} else {
		outputs(b, s, false, "Outputs ");
		outputs(b, s, true, "Reports ");
	}
	shorten(b);
}

static void print_row(const char *name, const struct stage *s, int width)
{
	struct buf row = BUF_INIT, text = BUF_INIT;

	describe(&text, s);
	if (text.len) {
		term_pad(&row, name, width, false);
		buf_fmt(&row, "  %s", text.s);
	} else {
		buf_str(&row, name);
	}
	puts(row.s);
	buf_clear(&text);
	buf_clear(&row);
}

static void print_text(const struct pipe *p, const struct pipe_pick *pick,
		       const char *cwd, bool names_only)
{
	struct strs names = STRS_INIT;
	int width = 0;

	for (size_t i = 0; i < pick->nr; i++) {
		int w;

		strs_give(&names, stage_address(&p->item[pick->item[i]],
						 cwd));
		w = term_width(names.item[i], strlen(names.item[i]));
		width = w > width ? w : width;
	}
	for (size_t i = 0; i < pick->nr; i++)
		if (names_only)
			puts(names.item[i]);
		else
			print_row(names.item[i], &p->item[pick->item[i]],
				  width);
	strs_clear(&names);
}

static void add(struct pipe_pick *pick, size_t at)
{
	ARRAY_GROW(pick);
	pick->item[pick->nr++] = at;
}

static void drop_doubles(struct pipe_pick *pick, size_t stages)
{
	bool *seen = mem_new(stages, sizeof(*seen));
	size_t to = 0;

	for (size_t i = 0; i < pick->nr; i++)
		if (!seen[pick->item[i]]) {
			seen[pick->item[i]] = true;
			pick->item[to++] = pick->item[i];
		}
	pick->nr = to;
	free(seen);
}

/* A directory's stages come in the order of the graph, as DVC has them. */
static int pick_words(const struct project *pr, const struct pipe *p,
		      const struct want *w, const struct strs *words,
		      struct pipe_pick *pick)
{
	const struct target_want want = { .deep = w->deep, .outs = true };
	struct graph g = GRAPH_INIT;
	int err = w->deep ? graph_make(&g, p) : 0;

	if (!err)
		err = target_pick(pr, p, &g, words, &want, pick);
	graph_clear(&g);
	return err;
}

static int choose(const struct project *pr, const struct pipe *p,
		  const struct want *w, int argc, char **argv,
		  struct pipe_pick *pick)
{
	struct strs words = STRS_INIT;
	int err = 0;

	for (size_t i = 0; w->all && i < p->nr; i++)
		add(pick, i);
	for (int i = 0; i < argc; i++)
		strs_add(&words, argv[i]);
	if (!argc)
		strs_add(&words, "dvc.yaml");
	if (!w->all)
		err = pick_words(pr, p, w, &words, pick);
	drop_doubles(pick, p->nr);
	strs_clear(&words);
	return err;
}

static void print(const struct pipe *p, const struct pipe_pick *pick,
		  const struct project *pr, const struct want *w)
{
	if (w->json)
		stage_json(p, pick);
	else
		print_text(p, pick, pr->cwd, w->names);
}

static void warn(const struct pipe *p)
{
	for (size_t i = 0; i < p->left.nr; i++)
		err_warn("%s; its stages are left out", p->left.item[i]);
}

/* What can be read is listed; if that is not what was meant, the cause. */
static int list_rest(struct ctx *ctx, const struct want *w, int argc,
		     char **argv, struct pipe *p, struct pipe_pick *pick)
{
	char *why = mem_dup(err_message()), *hint = mem_dup(err_hints());
	int err;

	pipe_clear(p);
	*p = (struct pipe)PIPE_INIT;
	p->lenient = true;
	err = project_pipe(ctx->project, p);
	if (!err)
		err = choose(ctx->project, p, w, argc, argv, pick);
	if (err)
		err_set(err, "%s", why);
	if (err && hint)
		err_hint(err, "%s", hint);
	if (!err)
		warn(p);
	free(why);
	free(hint);
	return err;
}

static int list(struct ctx *ctx, const struct want *w, int argc, char **argv)
{
	struct pipe_pick pick = { 0 };
	struct pipe p = PIPE_INIT;
	int err = project_pipe(ctx->project, &p);

	if (err && !w->fail)
		err = list_rest(ctx, w, argc, argv, &p, &pick);
	else if (!err)
		err = choose(ctx->project, &p, w, argc, argv, &pick);
	if (!err)
		print(&p, &pick, ctx->project, w);
	free(pick.item);
	pipe_clear(&p);
	return err ? say_failed(ctx->repo) : 0;
}

int stage_list(struct ctx *ctx, int argc, char **argv)
{
	struct want w = { 0 };
	const struct opt opts[] = {
		{ "all", 0, OPT_FLAG, &w.all, NULL, "the stages of every file of the project" },
		{ "name-only", 0, OPT_FLAG, &w.names, NULL, "only their names" },
		{ "names-only", 0, OPT_FLAG, &w.names, NULL, NULL },
		{ "fail", 0, OPT_FLAG, &w.fail, NULL, "no file may be left out because it cannot be read" },
		{ "json", 0, OPT_FLAG, &w.json, NULL, "everything about them, as JSON" },
		{ "recursive", 'R', OPT_FLAG, &w.deep, NULL, "a target that is a directory means all below it" },
		OPT_END
	};

	argc = cmd_start(ctx, argc, argv, opts, STAGE_LIST_USAGE);
	if (w.names && w.json)
		cmd_misuse(STAGE_LIST_USAGE,
			   "--name-only and --json exclude each other");
	return list(ctx, &w, argc, argv);
}
