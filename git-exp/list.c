#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "exp/exp.h"
#include "exp/rows.h"
#include "spec/canon.h"
#include "cmd.h"
#include "opt.h"
#include "say.h"

#define USAGE "list [-A] [--rev <revision>]... [-n <n>] [--name-only | --sha-only | --json] [-z]"

struct how {
	bool all, names, shas, json, nul;
};

/* --- finding ---------------------------------------------------------------- */

/* A commit that is not here counts as old: the experiment is listed. */
static void load(struct exps *list, struct repo *r)
{
	for (size_t i = 0; i < list->nr; i++)
		if (commit_read(&list->item[i].commit, r, &list->item[i].id))
			err_clear();
	exp_sort(list);
}

/* Every baseline that has experiments, the one with the newest first. */
static void pick_all(struct rows_pick *pick, const struct exps *list)
{
	struct map seen = MAP_INIT;

	for (size_t i = 0; i < list->nr; i++) {
		const struct oid *id = &list->item[i].baseline;

		if (map_find(&seen, id->hex) >= 0)
			continue;
		map_put(&seen, id->hex, NULL);
		ARRAY_GROW(pick);
		pick->item[pick->nr++] = *id;
	}
	map_clear(&seen, NULL);
}

static int find(struct exps *list, struct rows_pick *pick,
		const struct rows_want *want, bool all)
{
	int err = 0;

	if (!all)
		err = rows_pick(pick, want);
	if (err || (!all && !pick->nr))
		return err;
	err = exp_list(list, want->repo, EXP_DONE,
		       !all && pick->nr == 1 ? pick->item : NULL);
	if (err)
		return err;
	load(list, want->repo);
	if (all)
		pick_all(pick, list);
	return 0;
}

/* --- printing ----------------------------------------------------------------- */

static void print_name(const char *name)
{
	struct buf b = BUF_INIT;

	buf_safe(&b, name, strlen(name));
	fputs(b.s, stdout);
	buf_clear(&b);
}

static void print_one(const struct exp *e, const struct how *how)
{
	char end = how->nul ? '\0' : '\n';

	if (how->names && !how->nul)
		print_name(e->name);
	else if (how->names)
		fputs(e->name, stdout);
	else if (how->shas)
		fputs(e->id.hex, stdout);
	else if (how->nul)
		printf("%s %s %s", e->baseline.hex, e->id.hex, e->name);
	else {
		printf("\t%.7s [", e->id.hex);
		print_name(e->name);
		putchar(']');
	}
	putchar(end);
}

static void print_group(const struct exps *list, const struct oid *baseline,
			const char *name, const struct how *how)
{
	bool head = how->names || how->shas || how->nul;

	for (size_t i = 0; i < list->nr; i++) {
		if (strcmp(list->item[i].baseline.hex, baseline->hex))
			continue;
		if (!head) {
			if (name)
				print_name(name);
			else
				printf("%.7s", baseline->hex);
			puts(":");
			head = true;
		}
		print_one(&list->item[i], how);
	}
}

static void exp_json(struct buf *b, const struct exp *e)
{
	buf_str(b, "{\"name\": ");
	canon_str(b, e->name, strlen(e->name));
	buf_fmt(b, ", \"rev\": \"%s\", \"ref\": ", e->id.hex);
	canon_str(b, e->ref, strlen(e->ref));
	buf_char(b, '}');
}

static void group_json(struct buf *b, const struct exps *list,
		       const struct oid *baseline, const char *name)
{
	bool more = false;

	buf_fmt(b, "{\"rev\": \"%s\", \"name\": ", baseline->hex);
	if (name)
		canon_str(b, name, strlen(name));
	else
		buf_str(b, "null");
	buf_str(b, ", \"experiments\": [");
	for (size_t i = 0; i < list->nr; i++) {
		if (strcmp(list->item[i].baseline.hex, baseline->hex))
			continue;
		buf_str(b, more ? ", " : "");
		exp_json(b, &list->item[i]);
		more = true;
	}
	buf_str(b, "]}");
}

static void print(const struct exps *list, const struct rows_pick *pick,
		  char **name, const struct how *how)
{
	struct buf b = BUF_INIT;

	buf_char(&b, '[');
	for (size_t i = 0; i < pick->nr; i++) {
		buf_str(&b, i ? ", " : "");
		if (how->json)
			group_json(&b, list, &pick->item[i], name[i]);
		else
			print_group(list, &pick->item[i], name[i], how);
	}
	buf_char(&b, ']');
	if (how->json)
		puts(b.s);
	buf_clear(&b);
}

/* --- the command ------------------------------------------------------------------ */

static int list(const struct rows_want *want, const struct how *how)
{
	struct exps exps = EXPS_INIT;
	struct rows_pick pick = { 0 };
	char **name;
	int err = find(&exps, &pick, want, how->all);

	name = mem_new(pick.nr + 1, sizeof(*name));
	if (!err && !how->names && !how->shas && !how->nul)
		err = rows_name(name, want->repo, &pick);
	if (!err)
		print(&exps, &pick, name, how);
	for (size_t i = 0; i < pick.nr; i++)
		free(name[i]);
	free(name);
	free(pick.item);
	exps_clear(&exps);
	return err;
}

int cmd_list(struct ctx *ctx, int argc, char **argv)
{
	struct rows_want want = { .num = 1 };
	struct how how = { 0 };
	const struct opt opts[] = {
		{ "all-commits", 'A', OPT_FLAG, &how.all, NULL, "those of every baseline" },
		{ "rev", 0, OPT_LIST, &want.revs, "<revision>", "those of this baseline (HEAD)" },
		{ "num", 'n', OPT_INT, &want.num, "<n>", "and of so many of its first parents; negative: all" },
		{ "name-only", 0, OPT_FLAG, &how.names, NULL, "only names" },
		{ "names-only", 0, OPT_FLAG, &how.names, NULL, NULL },
		{ "sha-only", 0, OPT_FLAG, &how.shas, NULL, "only ids of commits" },
		{ "shas-only", 0, OPT_FLAG, &how.shas, NULL, NULL },
		{ "json", 0, OPT_FLAG, &how.json, NULL, "as JSON" },
		{ "null", 'z', OPT_FLAG, &how.nul, NULL, "a NUL after each, one line's worth without headings" },
		OPT_END
	};
	int err;

	argc = cmd_start(ctx, argc, argv, opts, USAGE);
	if (argc)
		cmd_misuse(USAGE, "'%s': experiments of a revision are asked "
			   "for with --rev", argv[0]);
	if (how.names + how.shas + how.json > 1)
		cmd_misuse(USAGE, "--name-only, --sha-only and --json exclude "
			   "each other");
	if (how.json && how.nul)
		cmd_misuse(USAGE, "--json and -z exclude each other");
	want.repo = ctx->repo;
	err = list(&want, &how);
	strs_clear(&want.revs);
	return err ? say_failed(ctx->repo) : 0;
}
