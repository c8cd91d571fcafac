#include <git2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "repo/repo-lg2.h"
#include "repo/repo-plumb.h"

int lg2_ref_read(struct repo *r, const char *name, struct oid *out)
{
	git_oid oid;
	int code = git_reference_name_to_id(&oid, r->lg2->repo, name);

	if (code)
		return lg2_fail(code, "ref", name);
	lg2_oid(out, &oid);
	return 0;
}

struct found {
	char *name;
	struct oid id;
};

struct founds {
	struct found *item;
	size_t nr, alloc;
};

static void free_founds(struct founds *f)
{
	for (size_t i = 0; i < f->nr; i++)
		free(f->item[i].name);
	free(f->item);
	*f = (struct founds){ 0 };
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct found *)a)->name,
		      ((const struct found *)b)->name);
}

/* A ref that leads nowhere is no ref, as for git. */
static void take(struct founds *f, git_reference *ref)
{
	git_reference *end = NULL;
	const git_oid *id = git_reference_target(ref);

	if (!id && !git_reference_resolve(&end, ref))
		id = git_reference_target(end);
	if (id) {
		ARRAY_GROW(f);
		f->item[f->nr].name = mem_dup(git_reference_name(ref));
		lg2_oid(&f->item[f->nr++].id, id);
	}
	git_reference_free(end);
}

static int gather_once(struct repo *r, const char *prefix, struct founds *f)
{
	char *glob = mem_fmt("%s*", prefix);
	git_reference_iterator *it = NULL;
	git_reference *ref;
	int code = git_reference_iterator_glob_new(&it, r->lg2->repo, glob);

	while (!code && !(code = git_reference_next(&ref, it))) {
		take(f, ref);
		git_reference_free(ref);
	}
	git_reference_iterator_free(it);
	free(glob);
	if (f->nr)
		qsort(f->item, f->nr, sizeof(*f->item), by_name);
	return code == GIT_ITEROVER ? 0 : code;
}

static bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_size == b->st_size &&
		a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
		a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* What is packed while we look may be seen at neither place. */
static int gather(struct repo *r, const char *prefix, struct founds *f)
{
	enum { TRIES = 5 };
	char *packed = file_join(r->common_dir, "packed-refs");
	struct stat before = { 0 }, after = { 0 };
	int code = GIT_EUSER;

	if (stat(packed, &after))
		after = (struct stat){ 0 };
	for (int i = 0; i < TRIES; i++) {
		before = after;
		code = gather_once(r, prefix, f);
		if (stat(packed, &after))
			after = (struct stat){ 0 };
		if (code || same_file(&before, &after))
			break;
		free_founds(f);
		code = GIT_EUSER;
	}
	free(packed);
	return code;
}

int lg2_ref_each(struct repo *r, const char *prefix,
		 int (*fn)(const char *name, const struct oid *id,
			   void *payload), void *payload)
{
	struct founds f = { 0 };
	int err = 0;

	/* what libgit2 stumbles over, git may know how to pass by */
	if (gather(r, prefix, &f))
		err = plumb_ops.ref_each(r, prefix, fn, payload);
	else
		for (size_t i = 0; !err && i < f.nr; i++)
			err = fn(f.item[i].name, &f.item[i].id, payload);
	free_founds(&f);
	return err;
}

static bool has_log(const char *name)
{
	return !strncmp(name, "refs/heads/", 11) ||
		!strncmp(name, "refs/notes/", 11) ||
		!strncmp(name, "refs/remotes/", 13);
}

/*
 * Who goes into the reflog: libgit2 does not look at the environment. Only
 * the name is wanted, so what git said at any time will do.
 */
static void set_ident(struct repo *r, const char *name)
{
	char *who, *mail, *end;

	if (!has_log(name))
		return;
	who = mem_dup(r->committer.text);
	if (!who && repo_committer(r, &who))
		err_clear();
	mail = who ? strstr(who, " <") : NULL;
	end = mail ? strchr(mail, '>') : NULL;
	if (end) {
		*mail = *end = '\0';
		git_repository_set_ident(r->lg2->repo, who, mail + 2);
	}
	free(who);
}

static int put(git_repository *repo, const struct ref_change *c,
	       const char *message)
{
	git_reference *ref = NULL;
	git_oid to, from;
	int code = git_oid_fromstr(&to, c->to.hex);

	memset(&from, 0, sizeof(from));
	if (!code && c->from.hex[0])
		code = git_oid_fromstr(&from, c->from.hex);
	if (!code)
		code = git_reference_create_matching(&ref, repo, c->name, &to,
						     1, &from, message);
	git_reference_free(ref);
	return code;
}

/* Under its lock, is the ref still what was expected? */
static int check(git_repository *repo, const struct ref_change *c)
{
	git_oid now, from;
	int code = git_reference_name_to_id(&now, repo, c->name);

	if (code == GIT_ENOTFOUND)
		return c->from.hex[0] ? GIT_EMODIFIED : 0;
	if (!code)
		code = git_oid_fromstr(&from, c->from.hex);
	if (code)
		return code;
	return git_oid_equal(&now, &from) ? 0 : GIT_EMODIFIED;
}

static int prepare(git_transaction *tx, git_repository *repo,
		   const struct ref_change *c, const char *message)
{
	git_oid to;
	int code = git_transaction_lock_ref(tx, c->name);

	if (!code)
		code = check(repo, c);
	if (!code)
		code = git_oid_fromstr(&to, c->to.hex);
	if (code)
		return code;
	return git_transaction_set_target(tx, c->name, &to, NULL, message);
}

static int all(git_repository *repo, const struct ref_change *change,
	       size_t nr, const char *message)
{
	git_transaction *tx = NULL;
	int code = git_transaction_new(&tx, repo);

	for (size_t i = 0; !code && i < nr; i++)
		code = prepare(tx, repo, &change[i], message);
	if (!code)
		code = git_transaction_commit(tx);
	git_transaction_free(tx);
	return code;
}

/*
 * libgit2 removes a ref from packed-refs first and the loose one later, with
 * no lock on packed-refs in between: `git pack-refs` can bring it back.
 */
static bool any_removal(const struct ref_change *change, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		if (!change[i].to.hex[0])
			return true;
	return false;
}

int lg2_ref_update(struct repo *r, const struct ref_change *change, size_t nr,
		   const char *message)
{
	git_repository *repo = r->lg2->repo;
	int code;

	if (any_removal(change, nr))
		return plumb_ops.ref_update(r, change, nr, message);
	for (size_t i = 0; i < nr; i++)
		set_ident(r, change[i].name);
	if (nr > 1)
		code = all(repo, change, nr, message);
	else
		code = put(repo, change, message);
	return code ? lg2_fail(code, "cannot change ref", change->name) : 0;
}
