#include <stdlib.h>
#include "base/err.h"
#include "base/file.h"
#include "repo/repo.h"
#include "story/project.h"
#include "cmd.h"
#include "sight.h"

int sight_open(struct sight *s, struct ctx *ctx)
{
	char *path;

	s->want.repo = ctx->repo;
	s->want.prefix = "";
	if (!ctx->project)
		return repo_top(ctx->repo) ? ctx_no_project(ctx) : 0;
	s->want.prefix = ctx->project->prefix;
	s->want.disk = &ctx->project->disk.src;
	s->want.cache = &ctx->project->cache;
	path = file_join(repo_common_dir(ctx->repo), "info/exclude");
	if (file_read(path, &s->exclude, 0))
		err_clear();
	s->want.exclude = s->exclude.s;
	free(path);
	return 0;
}

void sight_close(struct sight *s)
{
	strs_clear(&s->want.revs);
	buf_clear(&s->exclude);
}
