#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "exp/rows.h"
#include "repo/ref.h"

struct picking {
	struct rows_pick *out;
	struct map seen;
	struct repo *repo;
	int num;
};

static void add(struct picking *p, const struct oid *id)
{
	if (map_find(&p->seen, id->hex) >= 0)
		return;
	map_put(&p->seen, id->hex, NULL);
	ARRAY_GROW(p->out);
	p->out->item[p->out->nr++] = *id;
}

/* `id` and its first parents, `num` of them. */
static int add_line(struct picking *p, struct oid id)
{
	for (int n = 0; n != p->num; n++) {
		struct commit c = COMMIT_INIT;
		bool more;
		int err;

		add(p, &id);
		if (n + 1 == p->num)
			break;
		err = commit_read(&c, p->repo, &id);
		if (err)
			return err;
		more = c.nr;
		if (more)
			id = c.item[0];
		commit_clear(&c);
		if (!more)
			break;
	}
	return 0;
}

int rows_resolve(struct oid *out, struct repo *r, const char *word)
{
	struct exp e = EXP_INIT;
	int err = repo_resolve(r, word, out);

	if (err != ERR_NOTFOUND)
		return err;
	if (!exp_find(&e, r, word, true)) {
		*out = e.id;
		exp_clear(&e);
		return 0;
	}
	return err_set(ERR_NOTFOUND, "'%s' is neither a revision nor an "
		       "experiment", word);
}

/* What a tag points to in the end; what is no commit does not count. */
static bool peel(struct repo *r, const char *ref, const struct oid *id,
		 struct oid *out)
{
	struct buf b = BUF_INIT;
	enum obj_type type = OBJ_NONE;
	bool is_commit = false;

	if (!repo_read(r, id, &type, &b) && type == OBJ_COMMIT) {
		*out = *id;
		is_commit = true;
	} else if (type == OBJ_TAG) {
		is_commit = !repo_resolve(r, ref, out);
	}
	err_clear();
	buf_clear(&b);
	return is_commit;
}

static int add_branch(const char *name, const struct oid *id, void *payload)
{
	(void)name;
	return add_line(payload, *id);
}

static int add_tag(const char *name, const struct oid *id, void *payload)
{
	struct picking *p = payload;
	struct oid commit;

	if (peel(p->repo, name, id, &commit))
		add(p, &commit);
	return 0;
}

/* By date, newest first, as git and DVC walk. */
static int add_all(struct picking *p)
{
	const char *const args[] = { "rev-list", "HEAD", "--branches",
				     "--remotes", "--tags", NULL };
	struct buf text = BUF_INIT;
	int err = repo_git(p->repo, args, NULL, NULL, &text, 0);

	for (char *at = text.s; !err && *at; at += strcspn(at, "\n")) {
		struct oid id = { "" };

		at += *at == '\n';
		memcpy(id.hex, at, strspn(at, "0123456789abcdef") % 65);
		if (*id.hex)
			add(p, &id);
	}
	buf_clear(&text);
	return err;
}

static int add_words(struct picking *p, const struct strs *words)
{
	int err = 0;

	for (size_t i = 0; !err && i < words->nr; i++) {
		struct oid id;

		err = rows_resolve(&id, p->repo, words->item[i]);
		if (!err)
			err = add_line(p, id);
	}
	return err;
}

int rows_pick(struct rows_pick *out, const struct rows_want *w)
{
	struct picking p = { out, MAP_INIT, w->repo, w->num };
	bool any = w->all_commits || w->all_branches || w->all_tags;
	struct oid head;
	int err = repo_head(w->repo, &head, NULL);

	if (err == ERR_NOTFOUND && !w->revs.nr) {
		err_clear();
		return 0;
	}
	if (!err && !any && !w->revs.nr)
		err = add_line(&p, head);
	else if (!err || err == ERR_NOTFOUND)
		err = add_words(&p, &w->revs);
	if (!err && w->all_commits)
		err = add_all(&p);
	if (!err && !w->all_commits && w->all_branches)
		err = ref_each(w->repo, "refs/heads/", add_branch, &p);
	if (!err && !w->all_commits && w->all_tags)
		err = ref_each(w->repo, "refs/tags/", add_tag, &p);
	map_clear(&p.seen, NULL);
	return err;
}

/* --- names ---------------------------------------------------------------- */

struct naming {
	struct repo *repo;
	struct map left;	/* id -> where its name goes */
	size_t skip;		/* length of "refs/tags/" */
	bool every;		/* all the names of one, joined */
};

static bool has_name(const char *names, const char *name)
{
	struct strs l = STRS_INIT;
	bool found;

	strs_split(&l, names, ',');
	found = strs_has(&l, name);
	strs_clear(&l);
	return found;
}

static int name_one(const char *ref, const struct oid *id, void *payload)
{
	struct naming *n = payload;
	struct oid commit;
	char **to;

	if (!n->left.nr || !peel(n->repo, ref, id, &commit))
		return 0;
	to = map_get(&n->left, commit.hex);
	if (to && !*to)
		*to = mem_dup(ref + n->skip);
	else if (to && n->every && !has_name(*to, ref + n->skip))
		mem_set(to, mem_fmt("%s,%s", *to, ref + n->skip));
	return 0;
}

static int name_by(struct naming *n, const char *prefix)
{
	n->skip = strlen(prefix);
	return ref_each(n->repo, prefix, name_one, n);
}

int rows_name(char **name, struct repo *r, const struct rows_pick *pick)
{
	struct naming n = { .repo = r };
	struct oid head;
	char *branch = NULL;
	int err = repo_head(r, &head, &branch);

	if (err == ERR_NOTFOUND) {
		err_clear();
		err = 0;
	}
	for (size_t i = 0; !err && i < pick->nr; i++) {
		if (branch && !strcmp(pick->item[i].hex, head.hex))
			name[i] = mem_dup(branch);
		else
			map_put(&n.left, pick->item[i].hex, &name[i]);
	}
	if (!err && n.left.nr)
		err = name_by(&n, "refs/tags/");
	if (!err && n.left.nr)
		err = name_by(&n, "refs/heads/");
	map_clear(&n.left, NULL);
	free(branch);
	return err;
}

int rows_names(char **name, const struct rows_want *w,
	       const struct rows_pick *pick)
{
	struct naming n = { .repo = w->repo, .every = true };
	int err = 0;

	for (size_t i = 0; i < pick->nr; i++) {
		if (w->all_commits)
			name[i] = mem_dup(pick->item[i].hex);
		else
			map_put(&n.left, pick->item[i].hex, &name[i]);
	}
	if (w->all_branches)
		err = name_by(&n, "refs/heads/");
	if (!err && w->all_tags)
		err = name_by(&n, "refs/tags/");
	map_clear(&n.left, NULL);
	return err;
}
