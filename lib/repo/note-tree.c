#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/strs.h"
#include "repo/entries.h"
#include "repo/note-tree.h"
#include "repo/tree.h"

/* The places of one object's note, and where a new one belongs. */
struct places {
	struct entry *item;	/* full path and blob, deepest first */
	size_t nr, alloc;
	size_t depth;		/* how many pairs of digits are directories */
};

static void clear_places(struct places *p)
{
	for (size_t i = 0; i < p->nr; i++)
		free(p->item[i].name);
	free(p->item);
}

static bool is_hex(const char *s, size_t len)
{
	return strlen(s) == len && strspn(s, "0123456789abcdef") == len;
}

static bool is_fan(const struct entry *e)
{
	return (e->mode & MODE_KIND) == MODE_TREE && is_hex(e->name, 2);
}

/* "ab/cd/ef...", with `depth` slashes; caller frees. */
static char *place(const struct oid *on, size_t depth)
{
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < depth; i++)
		buf_fmt(&b, "%.2s/", on->hex + 2 * i);
	buf_str(&b, on->hex + 2 * depth);
	return buf_take(&b);
}

static bool fans_out(const struct entries *e, size_t depth, size_t hex_len)
{
	bool flat = false;

	for (size_t i = 0; i < e->nr; i++) {
		if (is_fan(&e->item[i]))
			return true;
		flat = flat || is_hex(e->item[i].name, hex_len - 2 * depth);
	}
	return !depth && !flat;
}

static void take(struct places *p, const struct oid *on, size_t depth,
		 const struct entry *e)
{
	ARRAY_GROW(p);
	memmove(p->item + 1, p->item, p->nr++ * sizeof(*p->item));
	p->item[0] = (struct entry){ place(on, depth), e->mode, e->id };
}

/* At each depth there is at most one directory to go on in. */
static int find(struct note_tree *t, const struct oid *on, struct places *p)
{
	size_t hex_len = strlen(on->hex), depth = 0;
	const struct entries *e;
	struct oid tree = t->root;
	long at = 0;
	int err = 0;

	while (!err && at >= 0 && 2 * depth + 2 < hex_len) {
		err = entries_get(&t->seen, t->repo, &tree, &e);
		if (err)
			break;
		if (fans_out(e, depth, hex_len))
			p->depth = depth + 1;
		at = entries_find(e, on->hex + 2 * depth, hex_len - 2 * depth);
		if (at >= 0 && (e->item[at].mode & MODE_KIND) != MODE_TREE)
			take(p, on, depth, &e->item[at]);
		at = entries_find(e, on->hex + 2 * depth, 2);
		if (at >= 0 && !is_fan(&e->item[at]))
			at = -1;
		if (at >= 0)
			tree = e->item[at].id;
		depth++;
	}
	return err;
}

static void end_line(struct buf *b, size_t from)
{
	if (b->len > from && b->s[b->len - 1] != '\n')
		buf_char(b, '\n');
}

/* The texts of all places, each beginning on a line of its own. */
static int read_all(struct note_tree *t, const struct places *p,
		    struct buf *out)
{
	size_t from = out->len;
	int err = 0;

	for (size_t i = 0; !err && i < p->nr; i++) {
		end_line(out, from);
		err = repo_read(t->repo, &p->item[i].id, NULL, out);
	}
	return err;
}

int note_tree_read(struct note_tree *t, const struct oid *on, struct buf *out)
{
	struct places p = { 0 };
	int err = find(t, on, &p);

	if (!err && !p.nr)
		err = err_set(ERR_NOTFOUND, "no note on '%s'", on->hex);
	if (!err)
		err = read_all(t, &p, out);
	clear_places(&p);
	return err;
}

/* --- all of them ---------------------------------------------------------- */

struct walk {
	struct note_tree *t;
	int (*fn)(const struct oid *on, const struct oid *blob, void *payload);
	void *payload;
	char prefix[65];
};

static int visit(struct walk *w, const struct oid *tree, size_t depth)
{
	size_t left = repo_hex_len(w->t->repo) - 2 * depth;
	struct entries all = ENTRIES_INIT;
	int err = entries_read(&all, w->t->repo, tree);

	for (size_t i = 0; !err && i < all.nr; i++) {
		const struct entry *e = &all.item[i];
		struct oid on;

		if (is_fan(e) && left > 2) {
			memcpy(w->prefix + 2 * depth, e->name, 2);
			err = visit(w, &e->id, depth + 1);
		} else if (is_hex(e->name, left)) {
			memcpy(on.hex, w->prefix, 2 * depth);
			memcpy(on.hex + 2 * depth, e->name, left + 1);
			err = w->fn(&on, &e->id, w->payload);
		}
	}
	entries_clear(&all);
	return err;
}

int note_tree_each(struct note_tree *t,
		   int (*fn)(const struct oid *on, const struct oid *blob,
			     void *payload), void *payload)
{
	struct walk w = { t, fn, payload, "" };

	return visit(&w, &t->root, 0);
}

/* --- changing ------------------------------------------------------------- */

struct changes {
	struct tree_change *item;
	size_t nr, alloc;
	struct strs paths;
	struct map on;		/* the objects they are about */
};

static void set(struct changes *c, char *path, const struct oid *id)
{
	strs_give(&c->paths, path);
	ARRAY_GROW(c);
	c->item[c->nr++] = (struct tree_change){
		.path = path,
		.mode = id ? MODE_FILE : 0,
		.id = id ? *id : (struct oid){ "" },
	};
}

static int write_text(struct note_tree *t, const struct places *p,
		      const struct note_change *change, struct oid *out)
{
	struct buf text = BUF_INIT;
	int err = change->append ? read_all(t, p, &text) : 0;

	if (change->append)
		end_line(&text, 0);
	buf_add(&text, change->text, change->len);
	if (change->append)
		end_line(&text, 0);
	if (!err)
		err = repo_write(t->repo, OBJ_BLOB, text.s, text.len, out);
	buf_clear(&text);
	return err;
}

static int change_one(struct note_tree *t, const struct note_change *change,
		      struct changes *to)
{
	struct places p = { 0 };
	struct oid blob;
	int err = find(t, &change->on, &p);

	if (!err && change->text)
		err = write_text(t, &p, change, &blob);
	for (size_t i = 0; !err && i < p.nr; i++)
		set(to, mem_dup(p.item[i].name), NULL);
	if (!err && change->text)
		set(to, place(&change->on, p.depth), &blob);
	clear_places(&p);
	return err;
}

static int flush(struct note_tree *t, struct changes *c)
{
	int err = 0;

	if (c->nr)
		err = tree_make(t->repo, &t->root, c->item, c->nr, &t->root);
	map_clear(&c->on, NULL);
	strs_clear(&c->paths);
	c->nr = 0;
	return err;
}

/* A second change of one object must see the first. */
int note_tree_change(struct note_tree *t, const struct note_change *change,
		     size_t nr, struct oid *out)
{
	struct changes to = { 0 };
	struct oid before = t->root;
	int err = 0;

	for (size_t i = 0; !err && i < nr; i++) {
		if (map_find(&to.on, change[i].on.hex) >= 0)
			err = flush(t, &to);
		map_put(&to.on, change[i].on.hex, NULL);
		if (!err)
			err = change_one(t, &change[i], &to);
	}
	if (!err)
		err = flush(t, &to);
	*out = t->root;
	t->root = before;
	map_clear(&to.on, NULL);
	strs_clear(&to.paths);
	free(to.item);
	return err;
}

void note_tree_clear(struct note_tree *t)
{
	entries_forget(&t->seen);
}
