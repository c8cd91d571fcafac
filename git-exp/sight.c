#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
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

int sight_load(struct row *out, struct sight *s, const char *word)
{
	struct oid id;
	int err;

	if (!strcmp(word, "workspace")) {
		if (s->want.disk)
			return rows_load(out, &s->want, NULL);
		return err_set(ERR_NOTFOUND, "there is no work tree here: "
			       "name two revisions");
	}
	err = rows_resolve(&id, s->want.repo, word);
	return err ? err : rows_load(out, &s->want, &id);
}

int sight_need_commit(const struct sight *s)
{
	struct oid head;
	int err = repo_head(s->want.repo, &head, NULL);

	if (err == ERR_NOTFOUND)
		return err_set(err, "there is no commit yet to compare with");
	return err;
}

char *sight_path(struct ctx *ctx, const char *path)
{
	char *from, *to, *out;

	if (!ctx->project || *path == '/')
		return mem_dup(path);
	from = file_join("/x", ctx->project->cwd);
	to = file_join("/x", path);
	out = file_relative(from, to);
	free(from);
	free(to);
	return out;
}

char *sight_target(struct ctx *ctx, const char *word)
{
	char *full, *out;

	if (!ctx->project)
		return file_normal(word);
	full = file_join(ctx->here, word);
	out = file_inside(ctx->project->root, full) ?
		file_relative(ctx->project->root, full) : mem_dup(full);
	free(full);
	return out;
}

void sight_close(struct sight *s)
{
	strs_clear(&s->want.revs);
	buf_clear(&s->exclude);
}
