#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "exp/exp.h"
#include "exp/name.h"
#include "repo/note.h"
#include "repo/ref.h"

static const char *const prefix[] = {
	[EXP_DONE] = "refs/exps/",
	[EXP_FAILED] = "refs/git-exp/failed/",
	[EXP_TRASH] = "refs/git-exp/trash/",
};

char *exp_ref(enum exp_kind kind, const struct oid *baseline, const char *name)
{
	return mem_fmt("%s%.2s/%s/%s", prefix[kind], baseline->hex,
		       baseline->hex + 2, name);
}

struct walk {
	struct exps *out;
	enum exp_kind kind;
	size_t hex_len;
};

/* "aa/bbb.../name": DVC's own refs (stash, exec, ...) do not look like it. */
static bool split(const char *rest, size_t hex_len, struct oid *baseline,
		  const char **name)
{
	size_t deep = hex_len - 2;

	if (strspn(rest, "0123456789abcdef") != 2 || rest[2] != '/' ||
	    strspn(rest + 3, "0123456789abcdef") != deep ||
	    rest[3 + deep] != '/' || !rest[4 + deep] ||
	    strchr(rest + 4 + deep, '/'))
		return false;
	memcpy(baseline->hex, rest, 2);
	memcpy(baseline->hex + 2, rest + 3, deep);
	baseline->hex[hex_len] = '\0';
	*name = rest + 4 + deep;
	return true;
}

static int add(const char *ref, const struct oid *id, void *payload)
{
	struct walk *w = payload;
	struct oid baseline = { "" };
	const char *name;
	struct exp *e;

	if (!split(ref + strlen(prefix[w->kind]), w->hex_len, &baseline, &name))
		return 0;
	ARRAY_GROW(w->out);
	e = &w->out->item[w->out->nr++];
	*e = (struct exp){ .kind = w->kind, .name = mem_dup(name),
			   .ref = mem_dup(ref), .baseline = baseline,
			   .id = *id };
	return 0;
}

int exp_list(struct exps *out, struct repo *r, enum exp_kind kind,
	     const struct oid *baseline)
{
	struct walk w = { out, kind, repo_hex_len(r) };
	char *at = baseline ? exp_ref(kind, baseline, "") :
			      mem_dup(prefix[kind]);
	int err = ref_each(r, at, add, &w);

	free(at);
	return err;
}

static int by_id(const void *a, const void *b)
{
	const struct exp *const *x = a, *const *y = b;

	return strcmp((*x)->id.hex, (*y)->id.hex);
}

struct notes {
	struct repo *repo;
	struct exp **sorted;
	size_t nr;
};

static int find_id(const void *key, const void *item)
{
	const struct exp *const *e = item;

	return strcmp(((const struct oid *)key)->hex, (*e)->id.hex);
}

static int take_note(const struct oid *on, const struct oid *blob,
		     void *payload)
{
	struct notes *n = payload;
	struct exp **at = bsearch(on, n->sorted, n->nr, sizeof(*n->sorted),
				  find_id);
	struct buf text = BUF_INIT;

	if (!at || repo_read(n->repo, blob, NULL, &text)) {
		err_clear();
		buf_clear(&text);
		return 0;
	}
	while (at > n->sorted && !strcmp(at[-1]->id.hex, on->hex))
		at--;
	for (; at < n->sorted + n->nr && !strcmp((*at)->id.hex, on->hex); at++)
		record_note(&(*at)->record, text.s, text.len,
			    (*at)->commit.record);
	buf_clear(&text);
	return 0;
}

static int load_commit(struct exp *e, struct repo *r)
{
	int err = commit_read(&e->commit, r, &e->id);

	if (!err)
		e->loaded = true;
	return err ? err_wrap(err, "experiment '%s'", e->name) : 0;
}

/* A run whose note was lost still has its record in the commit. */
static void fall_back(struct exp *e)
{
	if (!e->record.v && e->commit.record)
		record_note(&e->record, "", 0, e->commit.record);
}

int exp_load(struct exps *list, struct repo *r)
{
	struct notes n = { r, mem_new(list->nr + 1, sizeof(struct exp *)),
			   list->nr };
	int err = 0;

	for (size_t i = 0; i < list->nr && !err; i++) {
		n.sorted[i] = &list->item[i];
		err = load_commit(&list->item[i], r);
	}
	if (!err && list->nr) {
		qsort(n.sorted, n.nr, sizeof(*n.sorted), by_id);
		err = note_each(r, NOTE_EXPS, take_note, &n);
	}
	for (size_t i = 0; i < list->nr && !err; i++)
		fall_back(&list->item[i]);
	free(n.sorted);
	return err;
}

int exp_load_one(struct exp *e, struct repo *r)
{
	struct buf note = BUF_INIT;
	int err = load_commit(e, r);

	if (!err && note_read(r, NOTE_EXPS, &e->id, &note))
		err_clear();
	if (!err)
		record_note(&e->record, note.s, note.len, e->commit.record);
	buf_clear(&note);
	return err;
}

static int newest(const void *a, const void *b)
{
	const struct exp *x = a, *y = b;

	if (x->commit.time != y->commit.time)
		return x->commit.time < y->commit.time ? 1 : -1;
	return -strcmp(x->id.hex, y->id.hex);
}

void exp_sort(struct exps *list)
{
	if (list->nr)
		qsort(list->item, list->nr, sizeof(*list->item), newest);
}

static int taken(struct repo *r, enum exp_kind kind,
		 const struct oid *baseline, const char *name, bool *yes)
{
	char *ref = exp_ref(kind, baseline, name);
	struct oid id;
	int err = ref_read(r, ref, &id);

	free(ref);
	*yes = !err;
	if (err == ERR_NOTFOUND) {
		err_clear();
		err = 0;
	}
	return err;
}

int exp_name_free(struct repo *r, const struct oid *baseline, const char *name)
{
	bool done = false, failed = false;
	int err = ref_exp_name_check(name);

	if (!err)
		err = taken(r, EXP_DONE, baseline, name, &done);
	if (!err)
		err = taken(r, EXP_FAILED, baseline, name, &failed);
	if (err || (!done && !failed))
		return err;
	err_set(ERR_EXISTS, "there is %s experiment '%s' already",
		done ? "an" : "a failed", name);
	return err_hint(ERR_EXISTS, "choose another name, or drop that one with 'git exp remove %s'",
			name);
}

int exp_new_name(char **out, struct repo *r, const struct oid *baseline)
{
	for (unsigned tries = 0; ; tries++) {
		char *name = name_make(tries);
		int err = exp_name_free(r, baseline, name);

		if (!err) {
			*out = name;
			return 0;
		}
		free(name);
		if (err != ERR_EXISTS)
			return err;
		err_clear();
	}
}

void exp_clear(struct exp *e)
{
	free(e->name);
	free(e->ref);
	commit_clear(&e->commit);
	record_clear(&e->record);
	*e = (struct exp)EXP_INIT;
}

void exps_clear(struct exps *list)
{
	for (size_t i = 0; i < list->nr; i++)
		exp_clear(&list->item[i]);
	free(list->item);
	*list = (struct exps)EXPS_INIT;
}
