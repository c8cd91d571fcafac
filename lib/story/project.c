#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/strs.h"
#include "base/trace.h"
#include "repo/repo.h"
#include "repo/tree.h"
#include "store/stat.h"
#include "story/project.h"

/* A project may be asked for where no repository has a work tree (bare). */
static char *below_top(struct repo *r, const char *root)
{
	const char *top = repo_top(r);

	if (!top || !strcmp(top, root) || !file_inside(top, root))
		return mem_dup("");
	return file_relative(top, root);
}

/*
 * Without cache.dir every linked worktree has a cache of its own; what is
 * missing in ours may be in one of theirs (design 3).
 */
static void other_caches(struct project *p)
{
	static const char *const list[] = { "worktree", "list", "--porcelain",
					    NULL };
	static const char key[] = "worktree ";
	char *any = file_join(repo_common_dir(p->repo), "worktrees");
	struct buf text = BUF_INIT;
	struct strs line = STRS_INIT;

	if (file_is_dir(any) && !repo_git(p->repo, list, NULL, NULL, &text, 0))
		strs_split(&line, text.s, '\n');
	for (size_t i = 0; i < line.nr; i++) {
		const char *top = line.item[i] + sizeof(key) - 1;
		char *root, *dir;

		if (strncmp(line.item[i], key, sizeof(key) - 1) ||
		    (repo_top(p->repo) && !strcmp(top, repo_top(p->repo))))
			continue;
		root = file_join(top, *p->prefix ? p->prefix : ".");
		dir = file_join(root, ".dvc/cache");
		if (file_is_dir(dir))
			strs_add(&p->cache.others, dir);
		free(dir);
		free(root);
	}
	err_clear();
	strs_clear(&line);
	buf_clear(&text);
	free(any);
}

static void open_cache(struct project *p)
{
	char *dir = conf_path(&p->conf, "cache", "dir");
	char *stat = file_join(repo_common_dir(p->repo), "exp/stat");
	const char *shared = conf_get(&p->conf, "cache", "shared");
	bool own = !dir;

	if (own)
		dir = file_join(p->root, ".dvc/cache");
	cache_open(&p->cache, dir, conf_get(&p->conf, "cache", "type"));
	p->stat = stat_open(stat);
	p->cache.stat = p->stat;
	p->cache.old_stat = file_join(repo_common_dir(p->repo), "exp/stat-legacy");
	p->cache.group = shared && !strcmp(shared, "group");
	mem_set(&p->cache.project, mem_dup(p->root));
	if (own)
		other_caches(p);
	free(stat);
	free(dir);
}

int project_open(struct project *p, struct repo *r, const char *root,
		 const char *cwd, const char *command)
{
	int err;

	*p = (struct project){ .repo = r, .root = mem_dup(root),
			       .cwd = mem_dup(cwd),
			       .command = mem_dup(command), .wait_ms = 3000 };
	p->prefix = below_top(r, root);
	busy_init(&p->busy, root, command);
	src_disk(&p->disk, root);
	err = conf_load(&p->conf, root);
	if (!err) {
		p->busy.hardlink = conf_bool(&p->conf, "core",
					     "hardlink_lock", false);
		open_cache(p);
	}
	return err;
}

char *project_git_path(const struct project *p, const char *path)
{
	return *p->prefix ? file_join(p->prefix, path) : file_normal(path);
}

int project_pipe_of(struct project *p, struct src *src, struct pipe *out)
{
	char *path = file_join(repo_common_dir(p->repo), "info/exclude");
	struct buf exclude = BUF_INIT;
	int err;

	if (file_read(path, &exclude, 0))
		err_clear();
	err = pipe_style(out, &p->conf);
	if (!err)
		err = pipe_load(out, src, true, exclude.s);
	if (!err)
		err = pipe_check(out);
	p->cache.ignore = &out->ignore;
	buf_clear(&exclude);
	free(path);
	return err;
}

int project_pipe(struct project *p, struct pipe *out)
{
	return project_pipe_of(p, &p->disk.src, out);
}

void project_tree(struct project *p, const struct oid *tree, const char *rev,
		  struct tree_src *out)
{
	tree_src(out, p->repo, tree, p->prefix, rev);
}

static int try_lock(struct project *p)
{
	int err = busy_take(&p->busy, 0);

	if (!err)
		err = busy_dvc(&p->busy);
	if (!err)
		err = busy_workspace(&p->busy);
	if (err)
		busy_drop(&p->busy);
	return err;
}

int project_lock(struct project *p)
{
	const struct timespec nap = { .tv_nsec = 20 * 1000 * 1000 };
	double end = trace_clock() + (double)p->wait_ms / 1000;
	int err = try_lock(p);

	while (err == ERR_LOCKED &&
	       (p->wait_ms < 0 || trace_clock() < end)) {
		nanosleep(&nap, NULL);
		err = try_lock(p);
	}
	return err == ERR_LOCKED ?
		err_hint(err, "wait for it with --wait") : err;
}

void project_unlock(struct project *p)
{
	busy_clear(&p->busy);
	busy_init(&p->busy, p->root, p->command);
}

void project_close(struct project *p)
{
	busy_clear(&p->busy);
	src_clear(&p->disk.src);
	if (p->stat)
		stat_close(p->stat);
	cache_close(&p->cache);
	conf_clear(&p->conf);
	free(p->root);
	free(p->prefix);
	free(p->cwd);
	free(p->command);
	*p = (struct project){ 0 };
}
