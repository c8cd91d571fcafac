#include <stdio.h>
#include <stdlib.h>
#include "base/err.h"
#include "base/mem.h"
#include "exp/exp.h"
#include "repo/repo.h"
#include "story/drop.h"
#include "cmd.h"
#include "opt.h"
#include "say.h"

#define USAGE "remove <exp>..."

static int find_all(struct ctx *ctx, struct exp *list, int nr, char **words)
{
	int err = 0;

	for (int i = 0; i < nr && !err; i++)
		err = exp_find(&list[i], ctx->repo, words[i], true);
	return err;
}

/* Named twice is removed once. */
static size_t once(const struct exp **out, const struct exp *list, int nr)
{
	size_t n = 0;

	for (int i = 0; i < nr; i++) {
		bool there = false;

		for (size_t k = 0; k < n; k++)
			there |= !strcmp(out[k]->ref, list[i].ref);
		if (!there)
			out[n++] = &list[i];
	}
	return n;
}

static int all_have_refs(const struct exp *const *list, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		if (strncmp(list[i]->ref, "refs/", 5))
			return err_set(ERR_NOTFOUND, "commit '%s' is no experiment's",
				       list[i]->name);
	return 0;
}

static int drop(struct ctx *ctx, int nr, char **words)
{
	struct exp *list = mem_new((size_t)nr, sizeof(*list));
	const struct exp **some = mem_new((size_t)nr, sizeof(*some));
	int err = find_all(ctx, list, nr, words);
	size_t n = err ? 0 : once(some, list, nr);

	if (!err)
		err = all_have_refs(some, n);
	if (!err)
		err = drop_exps(ctx->repo, some, n);
	for (size_t i = 0; i < n && !err; i++)
		printf("Removed experiment '%s'\n", some[i]->name);
	if (!err && repo_top(ctx->repo))
		say_hint(ctx->repo, "Undo", "'git exp undo' brings back what was removed");
	for (int i = 0; i < nr; i++)
		exp_clear(&list[i]);
	free(list);
	free(some);
	return err ? say_failed(ctx->repo) : 0;
}

int cmd_remove(struct ctx *ctx, int argc, char **argv)
{
	const struct opt opts[] = { OPT_END };

	argc = cmd_start(ctx, argc, argv, opts, USAGE);
	if (!argc)
		cmd_misuse(USAGE, "which experiment?");
	return drop(ctx, argc, argv);
}
