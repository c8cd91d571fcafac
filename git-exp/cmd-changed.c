#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/file.h"
#include "base/proc.h"
#include "base/strs.h"
#include "repo/repo.h"
#include "spec/conf.h"
#include "story/project.h"
#include "cmd.h"

/* A word that a shell reads back as it is. */
static void quote(struct buf *b, const char *word)
{
	size_t plain = strspn(word, "abcdefghijklmnopqrstuvwxyz"
			      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+,@%-");

	if (*word && !word[plain]) {
		buf_str(b, word);
		return;
	}
	buf_char(b, '\'');
	for (; *word; word++) {
		if (*word == '\'')
			buf_str(b, "'\\''");
		else
			buf_char(b, *word);
	}
	buf_char(b, '\'');
}

static void print_line(const struct ctx *ctx, const struct strs *files)
{
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < files->nr; i++) {
		char *path = file_relative(ctx->here, files->item[i]);

		buf_char(&b, ' ');
		quote(&b, path);
		free(path);
	}
	printf("\nTo track the changes with git, run:\n\n\tgit add%s\n", b.s);
	buf_clear(&b);
}

static int stage_them(struct ctx *ctx, const struct strs *files)
{
	struct strs args = STRS_INIT;
	int err;

	strs_add(&args, "--literal-pathspecs");
	strs_add(&args, "add");
	strs_add(&args, "--");
	for (size_t i = 0; i < files->nr; i++)
		strs_add(&args, files->item[i]);
	err = repo_git(ctx->repo, (const char *const *)args.item, NULL, NULL,
		       NULL, PROC_WRITES);
	strs_clear(&args);
	return err;
}

int ctx_changed(struct ctx *ctx, const struct strs *files, bool quiet)
{
	if (!files->nr)
		return 0;
	if (ctx->project && conf_bool(&ctx->project->conf, "core", "autostage",
				      false))
		return stage_them(ctx, files);
	if (!quiet)
		print_line(ctx, files);
	return 0;
}
