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
#include "cmd.h"
#include "opt.h"
#include "say.h"
#include "stage.h"
#include "stage-json.h"
#include "term.h"

enum { MAX_TEXT = 80 };

struct want {
	bool all, names, json, deep;
};

/* As DVC names a stage for someone who stands in `cwd`. */
static char *address(const struct stage *s, const char *cwd)
{
	char *from = mem_fmt("/%s", strcmp(cwd, ".") ? cwd : "");
	char *to = mem_fmt("/%s", s->file);
	char *file = file_relative(from, to), *name;

	if (s->kind == STAGE_DATA)
		name = mem_dup(file);
	else if (!strcmp(file, "dvc.yaml"))
		name = mem_dup(s->name);
	else
		name = mem_fmt("%s:%s", file, s->name);
	free(file);
	free(to);
	free(from);
	return name;
}

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

		strs_give(&names, address(&p->item[pick->item[i]], cwd));
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
	for (size_t i = 0; i < pick->nr; i++)
		if (pick->item[i] == at)
			return;
	ARRAY_GROW(pick);
	pick->item[pick->nr++] = at;
}

/* With -R: every stage of every file in the directory or below it. */
static bool pick_below(const struct project *pr, const struct pipe *p,
		       const char *target, struct pipe_pick *pick)
{
	char *here = file_join(pr->root, pr->cwd);
	char *dir = file_join(here, target);
	bool is_dir = file_is_dir(dir);

	for (size_t i = 0; is_dir && i < p->nr; i++) {
		char *file = file_join(pr->root, p->item[i].file);

		if (file_inside(dir, file))
			add(pick, i);
		free(file);
	}
	free(dir);
	free(here);
	return is_dir;
}

static int choose(const struct project *pr, const struct pipe *p,
		  const struct want *w, int argc, char **argv,
		  struct pipe_pick *pick)
{
	int err = 0;

	for (size_t i = 0; w->all && i < p->nr; i++)
		add(pick, i);
	if (w->all)
		return 0;
	if (!argc)
		return pipe_target(p, pr->cwd, "dvc.yaml", false, pick);
	for (int i = 0; !err && i < argc; i++)
		if (!w->deep || !pick_below(pr, p, argv[i], pick))
			err = pipe_target(p, pr->cwd, argv[i], true, pick);
	return err;
}

static int list(struct ctx *ctx, const struct want *w, int argc, char **argv)
{
	struct pipe_pick pick = { 0 };
	struct pipe p = PIPE_INIT;
	int err = project_pipe(ctx->project, &p);

	if (!err)
		err = choose(ctx->project, &p, w, argc, argv, &pick);
	if (!err && w->json)
		stage_json(&p, &pick);
	else if (!err)
		print_text(&p, &pick, ctx->project->cwd, w->names);
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
