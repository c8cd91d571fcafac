#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "exp/exp.h"
#include "repo/ref.h"

static void move(struct exp *out, struct exp *from)
{
	exp_clear(out);
	*out = *from;
	*from = (struct exp)EXP_INIT;
}

/* The experiments that carry exactly this name (or this ref, or this id). */
static size_t match(struct exps *list, const char *word, size_t *at)
{
	size_t nr = 0;

	for (size_t i = 0; i < list->nr; i++)
		if (!strcmp(list->item[i].name, word)) {
			*at = i;
			nr++;
		}
	return nr;
}

static bool pick(struct exp *out, struct exps *list,
		 bool (*is)(const struct exp *e, const void *what),
		 const void *what)
{
	for (size_t i = 0; i < list->nr; i++)
		if (is(&list->item[i], what)) {
			move(out, &list->item[i]);
			return true;
		}
	return false;
}

static bool has_ref(const struct exp *e, const void *what)
{
	return !strcmp(e->ref, what);
}

static bool has_id(const struct exp *e, const void *what)
{
	return !strcmp(e->id.hex, what);
}

struct below {
	const struct oid *baseline;
	const char *name;
};

static bool is_below(const struct exp *e, const void *what)
{
	const struct below *b = what;

	return !strcmp(e->baseline.hex, b->baseline->hex) &&
	       !strcmp(e->name, b->name);
}

static int ambiguous(const struct exps *list, const char *word)
{
	struct buf lines = BUF_INIT;
	const char *short_one = "";

	for (size_t i = 0; i < list->nr; i++) {
		const struct exp *e = &list->item[i];

		if (strcmp(e->name, word))
			continue;
		buf_fmt(&lines, "%s%.7s:%s", lines.len ? ", " : "",
			e->baseline.hex, word);
		short_one = e->baseline.hex;
	}
	err_set(ERR_INVALID, "'%s' names several experiments, none of them below HEAD: %s",
		word, lines.s);
	buf_clear(&lines);
	return err_hint(ERR_INVALID, "name the baseline too: '%.7s:%s'",
			short_one, word);
}

static int unknown(const struct exps *list, const char *word)
{
	struct buf near = BUF_INIT;
	size_t len = strcspn(word, "-"), nr = 0;

	for (size_t i = 0; i < list->nr && nr < 5; i++)
		if (len && !strncmp(list->item[i].name, word, len)) {
			buf_fmt(&near, "%s'%s'", nr ? ", " : "",
				list->item[i].name);
			nr++;
		}
	err_set(ERR_NOTFOUND, "no experiment '%s'", word);
	if (nr)
		err_hint(ERR_NOTFOUND, "did you mean %s?", near.s);
	else
		err_hint(ERR_NOTFOUND, "'git exp list -A' names them all");
	buf_clear(&near);
	return ERR_NOTFOUND;
}

/* "<baseline>:<name>" */
static int with_baseline(struct exp *out, struct repo *r, struct exps *list,
			 const char *word)
{
	const char *colon = strrchr(word, ':');
	struct oid baseline;
	struct below b = { &baseline, colon + 1 };
	char *rev = mem_ndup(word, (size_t)(colon - word));
	int err = repo_resolve(r, rev, &baseline);

	free(rev);
	if (err)
		return err;
	return pick(out, list, is_below, &b) ? 0 : unknown(list, word);
}

/* A commit id: one that a ref names, or any whose parent is its baseline. */
static int by_id(struct exp *out, struct repo *r, struct exps *list,
		 const char *word)
{
	struct commit c = COMMIT_INIT;
	struct oid id;
	int err;

	if (strlen(word) < 7 || word[strspn(word, "0123456789abcdef")])
		return unknown(list, word);
	err = repo_resolve(r, word, &id);
	if (err)
		return unknown(list, word);
	if (pick(out, list, has_id, id.hex))
		return 0;
	err = commit_read(&c, r, &id);
	if (!err && !c.nr)
		err = unknown(list, word);
	if (!err) {
		exp_clear(out);
		out->name = mem_fmt("%.7s", id.hex);
		out->ref = mem_dup(id.hex);
		out->id = id;
		out->baseline = c.item[0];
	}
	commit_clear(&c);
	return err;
}

static int named(struct exp *out, struct repo *r, struct exps *list,
		 const char *word)
{
	struct oid head;
	struct below b = { &head, word };
	size_t at = 0, nr;

	if (!repo_head(r, &head, NULL) && pick(out, list, is_below, &b))
		return 0;
	err_clear();
	nr = match(list, word, &at);
	if (nr > 1)
		return ambiguous(list, word);
	if (nr == 1) {
		move(out, &list->item[at]);
		return 0;
	}
	return strchr(word, ':') ? with_baseline(out, r, list, word) :
				   by_id(out, r, list, word);
}

static int find(struct exp *out, struct repo *r, const char *word,
		enum exp_kind kind)
{
	struct exps list = EXPS_INIT;
	int err = exp_list(&list, r, kind, NULL);

	if (!err && !pick(out, &list, has_ref, word))
		err = named(out, r, &list, word);
	exps_clear(&list);
	return err;
}

int exp_find(struct exp *out, struct repo *r, const char *word, bool failed)
{
	int err = find(out, r, word, EXP_DONE);

	if (err == ERR_NOTFOUND && failed) {
		int again = find(out, r, word, EXP_FAILED);

		if (!again)
			err_clear();
		err = again;
	}
	return err;
}
