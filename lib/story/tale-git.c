#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/strs.h"
#include "story/project.h"
#include "story/tale-part.h"
#include "story/tale.h"

/* Paths below the root and, side by side, below the git top. */
struct question {
	struct strs path, at;
};

static void want(struct question *q, const struct tale *t, const char *path)
{
	char *at = project_git_path(t->project, path);

	if (*at != '/' && strncmp(at, "../", 3)) {
		strs_add(&q->path, path);
		strs_add(&q->at, at);
	}
	free(at);
}

static void mark(struct tale *t, const char *path, unsigned is)
{
	unsigned old = (unsigned)(uintptr_t)map_get(&t->git, path);

	map_put(&t->git, path, (void *)(uintptr_t)(old | is));
}

static void mark_all(struct tale *t, const struct question *q,
		     const char *found, unsigned is)
{
	for (size_t i = 0; i < q->at.nr; i++)
		if (file_inside(q->at.item[i], found))
			mark(t, q->path.item[i], is);
}

/* Walk a list whose ends are NUL. */
static void take(struct tale *t, const struct question *q,
		 const struct buf *out, unsigned is)
{
	for (size_t at = 0; at < out->len; at += strlen(out->s + at) + 1)
		mark_all(t, q, out->s + at, is);
}

static void ask_tracked(struct tale *t, const struct question *q)
{
	struct strs args = STRS_INIT, env = STRS_INIT;
	struct buf out = BUF_INIT;

	strs_add(&env, "GIT_LITERAL_PATHSPECS=1");
	strs_split(&args, "ls-files -z --", ' ');
	for (size_t i = 0; i < q->at.nr; i++)
		strs_add(&args, q->at.item[i]);
	if (!repo_git(t->project->repo, (const char *const *)args.item, &env,
		      NULL, &out, 0))
		take(t, q, &out, RUN_GIT_TRACKED);
	err_clear();
	strs_clear(&env);
	strs_clear(&args);
	buf_clear(&out);
}

static void ask_ignored(struct tale *t, const struct question *q)
{
	static const char *const args[] = { "check-ignore", "-z", "--stdin",
		NULL };
	struct buf in = BUF_INIT, out = BUF_INIT;

	for (size_t i = 0; i < q->at.nr; i++)
		buf_add(&in, q->at.item[i], strlen(q->at.item[i]) + 1);
	if (!repo_git(t->project->repo, args, NULL, &in, &out, 0))
		take(t, q, &out, RUN_GIT_IGNORED);
	err_clear();
	buf_clear(&in);
	buf_clear(&out);
}

static void ask(struct tale *t, const struct question *q)
{
	for (size_t i = 0; i < q->path.nr; i++)
		mark(t, q->path.item[i], 0);
	if (q->at.nr) {
		ask_tracked(t, q);
		ask_ignored(t, q);
	}
}

/* The first question asks for every output of the plan at once. */
static void ask_plan(struct tale *t)
{
	struct question q = { STRS_INIT, STRS_INIT };

	for (size_t i = 0; i < t->plan.nr; i++) {
		const struct stage *s = t->plan.item[i].stage;

		for (size_t k = 0; k < s->nr_out; k++)
			if (!s->out[k].external)
				want(&q, t, s->out[k].path);
	}
	ask(t, &q);
	strs_clear(&q.path);
	strs_clear(&q.at);
}

unsigned part_git(void *tale, const char *path)
{
	struct tale *t = tale;

	if (!t->git.nr)
		ask_plan(t);
	if (map_find(&t->git, path) < 0) {
		struct question q = { STRS_INIT, STRS_INIT };

		want(&q, t, path);
		ask(t, &q);
		strs_clear(&q.path);
		strs_clear(&q.at);
	}
	return (unsigned)(uintptr_t)map_get(&t->git, path);
}
