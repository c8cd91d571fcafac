#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "story/project.h"
#include "cmd.h"
#include "dag.h"
#include "opt.h"
#include "say.h"
#include "term.h"

#define USAGE "dag [--dot | --mermaid | --md | --json] [<options>] [<target>]"

enum { PAGE = 80 };	/* columns, where there is no terminal */

struct ask {
	bool dot, mermaid, markdown, json;
	bool full, outs, collapse;
	const char *target;
};

struct made {
	struct pipe pipe;
	struct graph graph;
	struct graph_outs outs;
	size_t *where;		/* output -> node */
	struct dag dag;
};

static void put(struct graph_list *l, size_t at)
{
	ARRAY_GROW(l);
	l->item[l->nr++] = at;
}

/* The number of the output at or around `path`, or -1. */
static long find_out(const struct graph_outs *o, const char *path)
{
	for (size_t i = 0; i < o->nr; i++) {
		const char *out = o->item[i].out->path;

		if (!strcmp(out, path) || file_inside(out, path))
			return (long)i;
	}
	return -1;
}

/* Nodes of the stages meant. */
static int from_stages(const struct made *m, const struct ask *a,
		       const struct pipe_pick *pick, struct graph_list *out)
{
	for (size_t i = 0; i < pick->nr; i++) {
		const struct stage *s = &m->pipe.item[pick->item[i]];

		if (!a->outs)
			put(out, pick->item[i]);
		for (size_t k = 0; a->outs && k < m->outs.nr; k++)
			if (m->outs.item[k].stage == s)
				put(out, m->where[k]);
	}
	if (pick->nr && !out->nr)
		return err_set(ERR_NOTFOUND, "'%s' has no outputs", a->target);
	return 0;
}

/* A stage, a file or, last, an output: as DVC takes the word. */
static int choose(const struct project *pr, const struct made *m,
		  const struct ask *a, struct graph_list *out)
{
	struct pipe_pick pick = { 0 };
	char *path = file_join(*pr->cwd ? pr->cwd : ".", a->target);
	int err = pipe_target(&m->pipe, pr->cwd, a->target, false, &pick);
	long at = err ? find_out(&m->outs, path) : -1;

	if (at >= 0) {
		err_clear();
		err = 0;
		put(out, a->outs ? m->where[at] :
		    (size_t)(m->outs.item[at].stage - m->pipe.item));
	} else if (!err) {
		err = from_stages(m, a, &pick, out);
	}
	free(pick.item);
	free(path);
	return err;
}

static int make(const struct project *pr, struct made *m, const struct ask *a)
{
	const struct dag_view here = { pr->root, pr->cwd }, root = { 0 };
	const struct dag_view *view = a->json ? &root : &here;
	struct graph_list targets = { 0 };
	int err = graph_make(&m->graph, &m->pipe);

	if (err)
		return err;
	graph_outs(&m->outs, &m->pipe);
	if (a->outs)
		dag_outs(&m->dag, &m->pipe, &m->outs, view, &m->where);
	else
		dag_stages(&m->dag, &m->graph, view);
	if (a->target)
		err = choose(pr, m, a, &targets);
	if (!err)
		dag_keep(&m->dag, &targets, a->full);
	if (!err && a->collapse)
		dag_collapse(&m->dag);
	free(targets.item);
	return err;
}

static int show_picture(struct ctx *ctx, struct dag *d)
{
	struct term t = TERM_INIT;
	struct buf b = BUF_INIT;
	int err;

	term_open(&t, ctx->repo, "dag", TERM_PAGER | TERM_CHOP);
	err = dag_picture(&b, d, &t, t.width ? t.width : PAGE);
	if (!err)
		fputs(b.s, stdout);
	term_close(&t);
	buf_clear(&b);
	return err;
}

static int show(struct ctx *ctx, struct dag *d, const struct ask *a)
{
	struct buf b = BUF_INIT;

	if (a->json)
		dag_json(&b, d);
	else if (a->dot)
		dag_dot(&b, d);
	else if (a->mermaid || a->markdown)
		dag_mermaid(&b, d, a->markdown);
	else
		return show_picture(ctx, d);
	fputs(b.s, stdout);
	buf_clear(&b);
	return 0;
}

static void clear(struct made *m)
{
	dag_clear(&m->dag);
	graph_outs_clear(&m->outs);
	graph_clear(&m->graph);
	pipe_clear(&m->pipe);
	free(m->where);
}

int cmd_dag(struct ctx *ctx, int argc, char **argv)
{
	struct made m = { .pipe = PIPE_INIT };
	struct ask a = { 0 };
	const struct opt opts[] = {
		{ "dot", 0, OPT_FLAG, &a.dot, NULL, "in the language of Graphviz" },
		{ "mermaid", 0, OPT_FLAG, &a.mermaid, NULL, "as a Mermaid flowchart" },
		{ "md", 0, OPT_FLAG, &a.markdown, NULL, "the same in a Markdown block" },
		{ "json", 0, OPT_FLAG, &a.json, NULL, "nodes and edges, as JSON" },
		{ "outs", 'o', OPT_FLAG, &a.outs, NULL, "outputs instead of stages" },
		{ "full", 0, OPT_FLAG, &a.full, NULL, "all that is connected with the target, not only what it needs" },
		{ "collapse-foreach-matrix", 0, OPT_FLAG, &a.collapse, NULL, "stages of one foreach or matrix as one" },
		OPT_END
	};
	int err;

	argc = cmd_start(ctx, argc, argv, opts, USAGE);
	if (argc > 1)
		cmd_misuse(USAGE, "'dag' takes one target");
	if (a.outs && a.collapse)
		cmd_misuse(USAGE, "--outs and --collapse-foreach-matrix exclude each other");
	if (a.dot + (a.mermaid || a.markdown) + a.json > 1)
		cmd_misuse(USAGE, "--dot, --mermaid and --json exclude each other");
	a.target = argc ? argv[0] : NULL;
	err = project_pipe(ctx->project, &m.pipe);
	if (!err)
		err = make(ctx->project, &m, &a);
	if (!err)
		err = show(ctx, &m.dag, &a);
	clear(&m);
	return err ? say_failed(ctx->repo) : 0;
}
