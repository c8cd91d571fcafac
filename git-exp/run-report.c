#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "exp/view.h"
#include "repo/commit.h"
#include "repo/tree.h"
#include "spec/canon.h"
#include "spec/params.h"
#include "story/project.h"
#include "story/tale.h"
#include "cmd.h"
#include "run-report.h"
#include "say.h"
#include "term.h"

/* --- while it runs -------------------------------------------------------- */

static void unchanged(const struct stage *s)
{
	printf(s->kind == STAGE_DATA ? "'%s' didn't change, skipping\n" :
				       "Stage '%s' didn't change, skipping\n",
	       s->addr);
}

static void starts(struct report *r, const struct run_event *ev)
{
	if (r->ran)
		putchar('\n');
	r->ran = true;
	printf("Running stage '%s':", ev->stage->addr);
	if (r->why && ev->text && *ev->text)
		printf("\t# why: %s", ev->text);
	putchar('\n');
}

static void cached(struct report *r, const struct run_event *ev)
{
	printf("Stage '%s' is cached - skipping run, checking out outputs",
	       ev->stage->addr);
	if (r->why && ev->text && *ev->text)
		printf("\t# why: %s", ev->text);
	putchar('\n');
}

static void failed(const struct run_event *ev)
{
	fflush(stdout);
	if (ev->exit || ev->signal)
		say_error("%s after %.1f s", ev->text, ev->secs);
	else
		say_error("%s", ev->text);
}

static void tell(struct report *r, const struct run_event *ev)
{
	switch (ev->kind) {
	case RUN_KEEP:
		unchanged(ev->stage);
		return;		/* whatever comes next brings it along */
	case RUN_START:
		starts(r, ev);
		break;
	case RUN_COMMAND:
		printf("> %s\n", ev->text);
		break;
	case RUN_FETCH:
		cached(r, ev);
		break;
	case RUN_COMMIT:
		printf("Verifying %s in stage: '%s'\n",
		       ev->stage->kind == STAGE_DATA ? "data sources" :
						       "outputs",
		       ev->stage->addr);
		break;
	case RUN_SKIPPED:
		printf("Stage '%s' will be skipped, '%s' failed\n",
		       ev->stage->addr, ev->text);
		break;
	case RUN_MAYBE:
		printf("Stage '%s' may run: %s\n", ev->stage->addr, ev->text);
		break;
	default:
		return;
	}
	fflush(stdout);
}

void report_event(void *payload, const struct run_event *ev)
{
	struct report *r = payload;

	if (ev->kind == RUN_OUTPUT) {
		fwrite(ev->text, 1, ev->len, stdout);
		fflush(stdout);
	} else if (ev->kind == RUN_FAILED) {
		failed(ev);
	} else if (!r->quiet) {
		tell(r, ev);
	}
}

/* --- what changed against the baseline -------------------------------------- */

struct pairs {
	const struct val *now;		/* all files of both kinds */
	const struct val *then;
	const char *file;
	struct buf *out;
	bool metric;
};

static void text_of(struct buf *out, const struct val *v)
{
	double f;

	if (!v)
		buf_char(out, '-');
	else if (v->kind == VAL_FLOAT && val_number(v, &f))
		buf_fmt(out, "%.5g", f);
	else
		canon_python(out, v);
}

/* As in the table: a key that several files have is told with its file. */
static bool is_shared(const struct val *now, const char *key)
{
	static const char *const kind[] = { "params", "metrics" };
	size_t nr = 0;

	for (size_t k = 0; k < 2; k++) {
		const struct val *files = val_get(now, kind[k]);

		for (size_t i = 0; files && i < files->nr; i++)
			nr += !!val_path(val_get(&files->item[i], "data"), key);
	}
	return nr > 1;
}

static void put_name(const struct pairs *p, const char *key)
{
	char *name = !*key ? mem_dup(p->file) : is_shared(p->now, key) ?
		mem_fmt("%s:%s", p->file, key) : mem_dup(key);

	buf_str(p->out, "  ");
	term_pad(p->out, name, 14, false);
	buf_char(p->out, ' ');
	free(name);
}

static void put_change(struct pairs *p, const char *key, const struct val *was,
		       const struct val *is)
{
	struct buf a = BUF_INIT, b = BUF_INIT;
	double x, y;

	text_of(&a, was);
	text_of(&b, is);
	put_name(p, key);
	buf_safe(p->out, a.s, a.len);
	buf_str(p->out, " -> ");
	buf_safe(p->out, b.s, b.len);
	if (p->metric && val_number(was, &x) && val_number(is, &y))
		buf_fmt(p->out, "   %+.4g", y - x);
	buf_char(p->out, '\n');
	buf_clear(&a);
	buf_clear(&b);
}

static int compare(const char *key, const struct val *is, void *payload)
{
	struct pairs *p = payload;
	const struct val *was = val_path(p->then, key);

	if (!was || !val_equal(was, is))
		put_change(p, key, was, is);
	return 0;
}

static void compare_files(struct buf *out, const struct val *then,
			  const struct val *now, const char *kind)
{
	const struct val *files = val_get(now, kind);
	const struct val *old = val_get(then, kind);
	struct pairs p = { .now = now, .out = out,
			   .metric = !strcmp(kind, "metrics") };

	for (size_t i = 0; files && i < files->nr; i++) {
		const struct val *data = val_get(&files->item[i], "data");
		const struct val *was = val_get(old, files->key[i].s);

		p.then = val_get(was, "data");
		p.file = files->key[i].s;
		if (data)
			params_flat(data, compare, &p);
	}
}

static int baseline_view(struct val *out, const struct tale *t)
{
	struct view_opts o = { .cache = &t->project->cache };
	const char *type;
	struct commit c = COMMIT_INIT;
	struct tree_src src;
	int err = commit_read(&c, t->project->repo, &t->baseline);

	if (!err) {
		project_tree(t->project, &c.tree, "baseline", &src);
		err = view_load(out, &src.src, &o, &type);
		src_clear(&src.src);
	}
	commit_clear(&c);
	return err;
}

static void changes(const struct tale *t, const struct val *now)
{
	struct val then = VAL_INIT;
	struct buf out = BUF_INIT;

	if (!baseline_view(&then, t)) {
		compare_files(&out, &then, now, "params");
		compare_files(&out, &then, now, "metrics");
		fputs(out.s, stdout);
	}
	err_clear();
	buf_clear(&out);
	val_clear(&then);
}

/* What does not parse would otherwise be noticed only in the table. */
static void unreadable(const struct val *now)
{
	const struct val *files = val_get(now, "metrics");
	const char *first = NULL;
	size_t nr = 0;

	for (size_t i = 0; files && i < files->nr; i++) {
		const struct val *e = val_get(&files->item[i], "error");
		const char *type = e ? val_text(val_get(e, "type")) : NULL;

		if (!type || !strcmp(type, "FileNotFoundError"))
			continue;
		first = nr++ ? first : val_text(val_get(e, "msg"));
	}
	if (nr == 1)
		say_warning("metrics that 'git exp show' cannot read: %s", first);
	else if (nr)
		say_warning("metrics that 'git exp show' cannot read: %s (and %zu more)",
			    first, nr - 1);
}

/* --- the end ------------------------------------------------------------------ */

static void recorded(const struct tale *t, const struct val *now)
{
	printf("\nRan experiment '%s' on %s (%.7s) in %.1f s\n", t->exp,
	       t->branch ? t->branch : "a detached HEAD", t->baseline.hex,
	       t->secs);
	changes(t, now);
	printf("Its results are in your workspace. To promote it to a branch:\n"
	       "    git exp branch %s [<branch>]\n", t->exp);
}

static void ended(const struct tale *t, const struct val *now)
{
	if (t->recorded)
		recorded(t, now);
	else if (t->same_baseline)
		printf("Nothing ran: this is the baseline, %.7s.\n",
		       t->baseline.hex);
	else if (t->same)
		printf("Nothing ran: this is experiment '%s'.\n", t->exp);
	else if (!t->run.ran && !t->run.fetched)
		printf("Nothing ran.\n");
}

static bool has_metrics(const struct tale *t)
{
	bool any = t->pipe.metrics.nr;

	for (size_t i = 0; i < t->pipe.nr && !any; i++)
		for (size_t k = 0; k < t->pipe.item[i].nr_out; k++)
			any |= t->pipe.item[i].out[k].metric;
	return any;
}

void report_done(const struct tale *t, bool quiet)
{
	struct view_opts o = { .gitignored = true,
			       .cache = &t->project->cache };
	struct val now = VAL_INIT;
	const char *type;

	if (t->dry)
		return;
	if (((t->run.ran && has_metrics(t)) || (t->recorded && !quiet)) &&
	    view_load(&now, &t->project->disk.src, &o, &type))
		err_clear();
	if (!quiet)
		ended(t, &now);
	if (t->run.ran)
		unreadable(&now);
	if (!*t->baseline.hex)
		say_warning("there is no commit yet, so nothing is recorded");
	val_clear(&now);
}

void report_failed(struct ctx *ctx, const struct tale *t)
{
	struct buf hint = BUF_INIT;

	if (!t->run.failures)
		say_no(ctx->repo);
	if (t->recorded) {
		buf_fmt(&hint, "kept as failed experiment '%s': 'git exp log %s' shows its output",
			t->exp, t->exp);
		if (t->nr_edit)
			buf_str(&hint, ", 'git exp undo' takes back the edits of -S");
		say_hint(ctx->repo, "Failed", "%s", hint.s);
	}
	buf_clear(&hint);
}
