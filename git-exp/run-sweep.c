#include <stdio.h>
#include <stdlib.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/strs.h"
#include "exp/exp.h"
#include "repo/repo.h"
#include "story/project.h"
#include "story/tale.h"
#include "cmd.h"
#include "run-sweep.h"
#include "say.h"

static void free_edits(struct edit *list, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		edit_clear(&list[i]);
	free(list);
}

int sweep_edits(struct edit **list, size_t *nr, const struct strs *words)
{
	int err = 0;

	*list = mem_new(words->nr + 1, sizeof(**list));
	for (*nr = 0; *nr < words->nr && !err; (*nr)++)
		err = edit_parse(&(*list)[*nr], words->item[*nr]);
	return err;
}

/* --- before the first run -------------------------------------------------- */

static char *name_of(const struct sweep *s, size_t i)
{
	const char *name = s->asked->name;

	return name ? mem_fmt("%s-%zu", name, i + 1) : NULL;
}

static int check_words(const struct sweep *s)
{
	int err = 0;

	for (size_t i = 0; i < s->runs->nr && !err; i++) {
		struct edit *list;
		size_t nr;

		err = sweep_edits(&list, &nr, &s->runs->item[i]);
		free_edits(list, nr);
	}
	return err;
}

/* Rather now than when most of them have run. */
static int check_names(struct ctx *ctx, const struct sweep *s)
{
	struct oid head;
	int err;

	if (!s->asked->name || s->asked->no_record || s->asked->dry)
		return 0;
	err = repo_head(ctx->repo, &head, NULL);
	if (err == ERR_NOTFOUND) {
		err_clear();
		return 0;
	}
	for (size_t i = 0; i < s->runs->nr && !err; i++) {
		char *name = name_of(s, i);

		err = exp_name_free(ctx->repo, &head, name);
		free(name);
	}
	return err;
}

/* --- the runs ---------------------------------------------------------------- */

static void announce(struct ctx *ctx, const struct sweep *s, size_t i)
{
	const struct strs *words = &s->runs->item[i];
	struct buf line = BUF_INIT;

	buf_fmt(&line, "%sRun %zu of %zu:", i ? "\n" : "", i + 1, s->runs->nr);
	for (size_t k = 0; k < words->nr; k++) {
		char *word = tale_word(ctx->project, words->item[k]);

		buf_char(&line, ' ');
		buf_safe(&line, word, strlen(word));
		free(word);
	}
	printf("%s\n", line.s);
	fflush(stdout);
	buf_clear(&line);
}

/* As this run alone would have been typed. */
static void write_args(struct strs *args, const struct sweep *s, size_t i,
		       const char *name)
{
	const struct strs *words = &s->runs->item[i];

	strs_add(args, s->args->item[0]);
	if (name) {
		strs_add(args, "--name");
		strs_add(args, name);
	}
	for (size_t k = 0; k < words->nr; k++) {
		strs_add(args, "-S");
		strs_add(args, words->item[k]);
	}
	for (size_t k = 1; k < s->args->nr; k++)
		strs_add(args, s->args->item[k]);
}

static int run_one(struct ctx *ctx, const struct sweep *s, size_t i,
		   struct tale_sweep *shared)
{
	struct tale t = *s->asked;
	struct strs args = STRS_INIT;
	char *name = name_of(s, i);
	struct edit *list;
	size_t nr;
	int err = sweep_edits(&list, &nr, &s->runs->item[i]), code;

	if (!s->quiet)
		announce(ctx, s, i);
	write_args(&args, s, i, name);
	t.name = name;
	t.args = &args;
	t.edit = list;
	t.nr_edit = nr;
	t.sweep = shared;
	code = err ? say_failed(ctx->repo) : s->one(ctx, &t, s->payload);
	tale_clear(&t);
	free_edits(list, nr);
	strs_clear(&args);
	free(name);
	return code;
}

static void sum_up(const struct sweep *s, size_t done, size_t failed)
{
	if (s->quiet)
		return;
	printf("\nSweep: %zu of %zu runs %s", done, s->runs->nr,
	       s->asked->dry ? "shown, nothing was done" : "done");
	if (failed)
		printf(", %zu failed", failed);
	printf("%s\n", s->asked->dry || s->asked->no_record ? "" :
	       "; 'git exp show' compares them");
}

int sweep_run(struct ctx *ctx, const struct sweep *s)
{
	struct tale_sweep shared = { 0 };
	size_t done = 0, failed = 0;
	int code = 0, err = check_words(s);

	if (!err)
		err = check_names(ctx, s);
	if (err)
		return say_failed(ctx->repo);
	while (done < s->runs->nr) {
		int one = run_one(ctx, s, done++, &shared);

		failed += one != 0;
		code = one > code ? one : code;
		if (one > EXIT_NO || (one && !s->asked->keep_going))
			break;
	}
	sum_up(s, done, failed);
	tale_sweep_clear(&shared);
	return code;
}
