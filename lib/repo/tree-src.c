#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/strs.h"
#include "repo/entries.h"
#include "repo/repo-ops.h"
#include "repo/tree.h"

enum { DEEPEST = 4096 };	/* bytes, as long as paths on disk may be */

/* Where a path leads: trees passed on the way down, and the end. */
struct way {
	struct oid *item;	/* item[0] is the root */
	size_t nr, alloc;
	char *todo;
	unsigned mode;
	struct oid id;
	size_t own;		/* bytes at the end of todo that are no link's */
	bool link;		/* the path itself is one */
	bool there, outside;
	int links;
};

static void push(struct way *w, const struct oid *tree)
{
	ARRAY_GROW(w);
	w->item[w->nr++] = *tree;
}

static void clear_way(struct way *w)
{
	free(w->item);
	free(w->todo);
}

/* The target takes the place of the link's name. */
static int follow(struct tree_src *t, struct way *w, const char *rest)
{
	enum { MOST_LINKS = 40 };
	struct buf target = BUF_INIT;
	int err = repo_read(t->repo, &w->id, NULL, &target);

	if (!err && (++w->links > MOST_LINKS || *target.s == '/' ||
		     !target.len))
		w->outside = true;
	if (!err)
		mem_set(&w->todo, mem_fmt("%s/%s", target.s, rest));
	w->mode = MODE_TREE;
	buf_clear(&target);
	return err;
}

/* The next name of w->todo is looked up in the tree where we stand. */
static int enter(struct tree_src *t, struct way *w, const char *name, size_t n,
		 const char *rest)
{
	const struct entries *e;
	int err = entries_get(t->seen, t->repo, &w->item[w->nr - 1], &e);
	long at = err ? -1 : entries_find(e, name, n);

	w->there = at >= 0;
	if (err || !w->there)
		return err;
	w->mode = e->item[at].mode;
	w->id = e->item[at].id;
	if ((w->mode & MODE_KIND) == MODE_TREE)
		push(w, &w->id);
	else if ((w->mode & MODE_KIND) == MODE_LINK)
		return follow(t, w, rest);
	else if (*rest)
		w->there = false;
	return 0;
}

/* False for ".": nothing to look up; ".." is done here. */
static bool is_name(struct way *w, const char *name, size_t n)
{
	if (n == 2 && !memcmp(name, "..", 2)) {
		w->outside = w->nr < 2;
		w->nr -= !w->outside;
		return false;
	}
	return n && !(n == 1 && *name == '.');
}

static int step(struct tree_src *t, struct way *w)
{
	char *all = w->todo, *name = all + strspn(all, "/");
	size_t n = strcspn(name, "/"), left;
	char *rest = name + n + strspn(name + n, "/");
	bool last = strlen(name) <= w->own && !*rest;
	int err = 0, before = w->links;

	w->todo = mem_dup(rest);
	left = strlen(rest);
	w->own = left < w->own ? left : w->own;
	if (is_name(w, name, n))
		err = enter(t, w, name, n, rest);
	w->link = w->link || (last && w->links > before);
	free(all);
	return err;
}

static int walk(struct tree_src *t, struct way *w, const char *path)
{
	int err = 0;

	push(w, &t->root);
	w->there = true;
	w->mode = MODE_TREE;
	w->todo = mem_fmt("%s/%s", t->prefix, path);
	w->own = strlen(w->todo);
	while (!err && w->there && !w->outside && w->todo[strspn(w->todo, "/")])
		err = step(t, w);
	if ((w->mode & MODE_KIND) == MODE_TREE)
		w->id = w->item[w->nr - 1];
	return err;
}

static bool leaves(const char *normal)
{
	return *normal == '/' || !strcmp(normal, "..") ||
		!strncmp(normal, "../", 3);
}

/* Look a path up; `w` is the caller's to clear. */
static int find(struct src *s, const char *path, struct way *w)
{
	struct tree_src *t = (struct tree_src *)s;
	char *normal = file_normal(path);
	int err = 0;

	*w = (struct way){ 0 };
	if (!leaves(normal))
		err = walk(t, w, normal);
	free(normal);
	return err;
}

static enum src_kind kind_of(const struct way *w)
{
	if (w->outside || (w->link && !w->there))
		return SRC_OTHER;
	if (!w->there)
		return SRC_NONE;
	switch (w->mode & MODE_KIND) {
	case MODE_TREE:
		return SRC_DIR;
	case MODE_FILE & MODE_KIND:
		return SRC_FILE;
	default:
		return SRC_OTHER;
	}
}

static int missing(const struct src *s, const char *path)
{
	return err_set(ERR_NOTFOUND, "cannot read '%s': not in %s", path,
		       *s->name ? s->name : "the tree");
}

static int read_file(struct src *s, const char *path, struct buf *out)
{
	struct way w;
	int err = find(s, path, &w);

	if (!err && kind_of(&w) != SRC_FILE)
		err = missing(s, path);
	if (!err)
		err = repo_read(((struct tree_src *)s)->repo, &w.id, NULL, out);
	clear_way(&w);
	return err;
}

static int stat_path(struct src *s, const char *path, struct src_info *out)
{
	enum obj_type type;
	struct way w;
	int err = find(s, path, &w);

	out->kind = err ? SRC_NONE : kind_of(&w);
	out->link = w.link;
	if (out->kind == SRC_FILE) {
		out->exec = w.mode & 0111;
		err = repo_info(((struct tree_src *)s)->repo, &w.id, &type,
				&out->size);
	}
	clear_way(&w);
	return err;
}

/* As on disk: a link to a directory is listed as one. */
static bool is_dir(struct src *s, const char *dir, const struct entry *e)
{
	char *path;
	bool yes;

	if ((e->mode & MODE_KIND) != MODE_LINK)
		return (e->mode & MODE_KIND) == MODE_TREE ||
			(e->mode & MODE_KIND) == MODE_MODULE;
	path = mem_fmt("%s/%s", *dir ? dir : ".", e->name);
	yes = src_kind(s, path) == SRC_DIR;
	free(path);
	return yes;
}

/* Names that git never makes; to follow them would have no end. */
static bool is_odd(const char *name)
{
	return !*name || !strcmp(name, ".") || !strcmp(name, "..") ||
		strchr(name, '/');
}

static int list_dir(struct src *s, const char *path, struct strs *out)
{
	struct tree_src *t = (struct tree_src *)s;
	const struct entries *e = NULL;
	struct way w;
	int err = find(s, path, &w);

	if (!err && strlen(path) > DEEPEST)
		err = err_set(ERR_INVALID, "the directories are too deep");
	if (!err && kind_of(&w) != SRC_DIR)
		err = missing(s, path);
	if (!err)
		err = entries_get(t->seen, t->repo, &w.id, &e);
	for (size_t i = 0; !err && i < e->nr; i++)
		if (!is_odd(e->item[i].name))
			strs_fmt(out, "%s%s", e->item[i].name,
				 is_dir(s, path, &e->item[i]) ? "/" : "");
	strs_sort(out);
	clear_way(&w);
	return err;
}

static void clear(struct src *s)
{
	struct tree_src *t = (struct tree_src *)s;

	entries_forget(t->seen);
	free(t->seen);
	free(t->prefix);
	free((char *)s->name);
	free((char *)s->root);
	*t = (struct tree_src){ .src = { .name = "" } };
}

void tree_src(struct tree_src *t, struct repo *r, const struct oid *tree,
	      const char *prefix, const char *rev)
{
	*t = (struct tree_src){
		.src = { read_file, list_dir, stat_path, clear, mem_dup(rev),
			 repo_top(r) ? file_join(repo_top(r), *prefix ?
						 prefix : ".") : NULL },
		.repo = r,
		.root = *tree,
		.prefix = file_normal(prefix),
		.seen = mem_new(1, sizeof(struct map)),
	};
}
