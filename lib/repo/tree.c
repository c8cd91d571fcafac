#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/proc.h"
#include "repo/entries.h"
#include "repo/repo-ops.h"
#include "repo/tree.h"

int tree_each(struct repo *r, const struct oid *tree,
	      int (*fn)(const char *name, unsigned mode, const struct oid *id,
			void *payload), void *payload)
{
	struct entries e = ENTRIES_INIT;
	int err = entries_read(&e, r, tree);

	for (size_t i = 0; !err && i < e.nr; i++)
		err = fn(e.item[i].name, e.item[i].mode, &e.item[i].id,
			 payload);
	entries_clear(&e);
	return err;
}

/* One step down from *id; false when there is no such entry. */
static int step(struct repo *r, const char *name, size_t len, unsigned *mode,
		struct oid *id, bool *found)
{
	struct entries e = ENTRIES_INIT;
	int err = entries_read(&e, r, id);
	long at = err ? -1 : entries_find(&e, name, len);

	*found = at >= 0;
	if (*found) {
		*mode = e.item[at].mode;
		*id = e.item[at].id;
	}
	entries_clear(&e);
	return err;
}

int tree_find(struct repo *r, const struct oid *tree, const char *path,
	      unsigned *mode, struct oid *id)
{
	char *normal = file_normal(path);
	const char *s = strcmp(normal, ".") ? normal : "";
	bool found = true;
	int err = 0;

	*mode = MODE_TREE;
	*id = *tree;
	while (!err && found && *s) {
		size_t n = strcspn(s, "/");

		found = (*mode & MODE_KIND) == MODE_TREE;
		if (found)
			err = step(r, s, n, mode, id, &found);
		s += n + !!s[n];
	}
	free(normal);
	if (!err && !found)
		err = err_set(ERR_NOTFOUND, "no path '%s' in tree '%s'", path,
			      tree->hex);
	return err;
}

/* --- making one ----------------------------------------------------------- */

struct item {
	const struct tree_change *c;
	size_t order;
};

static int by_path(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	int d = strcmp(x->c->path, y->c->path);

	return d ? d : (x->order > y->order) - (x->order < y->order);
}

static bool bad_part(const char *s, size_t n)
{
	return !n || (n == 1 && *s == '.') || (n == 2 && !memcmp(s, "..", 2)) ||
		(n == 4 && !strncasecmp(s, ".git", 4));
}

static int check_path(const char *path)
{
	const char *s = path;

	for (;;) {
		size_t n = strcspn(s, "/");

		if (bad_part(s, n))
			return err_set(ERR_INVALID,
				       "'%s' cannot stand in a tree", path);
		if (!s[n])
			return 0;
		s += n + 1;
	}
}

/*
 * The changes for one entry of a tree: those of the entry itself (the last
 * counts) and those below it. They need not be neighbours: "a.b" sorts
 * between "a" and "a/c", so the group is picked out of [0..nr).
 */
struct group {
	const char *name;
	size_t len;
	const struct tree_change *self;
	struct item *below;
	size_t nr;
};

static int make(struct repo *r, const struct oid *base, struct item *item,
		size_t nr, size_t skip, struct oid *out);

static int apply(struct repo *r, struct entries *e, const struct group *g,
		 size_t skip)
{
	long at = entries_scan(e, g->name, g->len);
	struct oid id = { "" }, sub = { "" };
	unsigned mode = 0;
	int err;

	if (at >= 0) {
		mode = e->item[at].mode;
		id = e->item[at].id;
	}
	if (g->self) {
		mode = g->self->mode;
		id = g->self->id;
	}
	if (g->nr) {
		if ((mode & MODE_KIND) == MODE_TREE)
			sub = id;
		err = make(r, &sub, g->below, g->nr, skip + g->len + 1, &sub);
		if (err)
			return err;
		if (sub.hex[0] || (mode & MODE_KIND) == MODE_TREE) {
			mode = sub.hex[0] ? MODE_TREE : 0;
			id = sub;
		}
	}
	entries_set(e, g->name, g->len, mode, &id);
	return 0;
}

/* Move the changes of the first entry in item[] to the front. */
static size_t gather(struct item *item, size_t nr, size_t skip, struct group *g)
{
	size_t taken = 0;

	g->name = item[0].c->path + skip;
	g->len = strcspn(g->name, "/");
	g->self = NULL;
	g->nr = 0;
	for (size_t i = 0; i < nr; i++) {
		const char *path = item[i].c->path + skip;
		struct item own = item[i];

		if (strncmp(path, g->name, g->len))
			break;
		if (path[g->len] && path[g->len] != '/')
			continue;
		memmove(item + taken + 1, item + taken,
			(i - taken) * sizeof(*item));
		item[taken++] = own;
		if (!path[g->len])
			g->self = own.c;
		else
			g->nr++;
	}
	g->below = item + taken - g->nr;
	return taken;
}

/* "" comes back when nothing is left. */
static int make(struct repo *r, const struct oid *base, struct item *item,
		size_t nr, size_t skip, struct oid *out)
{
	struct entries e = ENTRIES_INIT;
	int err = entries_read(&e, r, base);
	struct group g;

	while (!err && nr) {
		size_t taken = gather(item, nr, skip, &g);

		err = apply(r, &e, &g, skip);
		item += taken;
		nr -= taken;
	}
	if (!err && (e.nr || !skip))
		err = entries_write(r, &e, base, out);
	else
		out->hex[0] = '\0';
	entries_clear(&e);
	return err;
}

int tree_make(struct repo *r, const struct oid *base,
	      const struct tree_change *change, size_t nr, struct oid *out)
{
	struct item *item = mem_new(nr, sizeof(*item));
	struct oid own = *base;
	int err = 0;

	for (size_t i = 0; !err && i < nr; i++) {
		item[i] = (struct item){ &change[i], i };
		err = check_path(change[i].path);
	}
	if (!err && nr)
		qsort(item, nr, sizeof(*item), by_path);
	if (!err)
		err = make(r, &own, item, nr, 0, out);
	free(item);
	return err;
}

int tree_blob(struct repo *r, const char *path, const struct buf *text,
	      struct oid *out)
{
	const char *given[] = { "hash-object", "-w", "--stdin", "--path", path,
				NULL };
	const char *disk[] = { "hash-object", "-w", "--", path, NULL };
	struct buf hex = BUF_INIT;
	int err = repo_git(r, text ? given : disk, NULL, text, &hex,
			   PROC_WRITES);

	if (!err) {
		hex.s[strcspn(hex.s, "\n")] = '\0';
		snprintf(out->hex, sizeof(out->hex), "%s", hex.s);
	}
	buf_clear(&hex);
	return err;
}
