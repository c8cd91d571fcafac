#include <git2.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/mem.h"
#include "base/trace.h"
#include "base/buf.h"
#include "repo/repo-lg2.h"
#include "repo/repo-plumb.h"

struct lg2 {
	git_repository *repo;
	git_odb *odb;
};

/* The one translator of libgit2's codes; copies its message at once. */
static int fail(int code, const char *what, const char *name)
{
	const git_error *e = git_error_last();
	const char *why = e && e->message ? e->message : "no reason given";

	if (code == GIT_ENOTFOUND)
		return err_set(ERR_NOTFOUND, "no %s '%s'", what, name);
	return err_set(code == GIT_ELOCKED ? ERR_LOCKED : ERR_FATAL,
		       "%s '%s': %s", what, name, why);
}

static git_object_t git_type(enum obj_type type)
{
	switch (type) {
	case OBJ_COMMIT:
		return GIT_OBJECT_COMMIT;
	case OBJ_TREE:
		return GIT_OBJECT_TREE;
	case OBJ_BLOB:
		return GIT_OBJECT_BLOB;
	case OBJ_TAG:
		return GIT_OBJECT_TAG;
	case OBJ_NONE:
		break;
	}
	return GIT_OBJECT_INVALID;
}

static enum obj_type our_type(git_object_t type)
{
	for (int i = OBJ_COMMIT; i <= OBJ_TAG; i++)
		if (git_type((enum obj_type)i) == type)
			return (enum obj_type)i;
	return OBJ_NONE;
}

int lg2_open(struct repo *r)
{
	struct lg2 *l = mem_new(1, sizeof(*l));
	unsigned bare = r->top ? 0 : GIT_REPOSITORY_OPEN_BARE;
	const char *path = r->top ? r->top : r->git_dir;
	int code;

	trace("libgit2", "init");
	git_libgit2_init();
	git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
	git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
	r->lg2 = l;
	code = git_repository_open_ext(&l->repo, path,
				       GIT_REPOSITORY_OPEN_NO_SEARCH | bare,
				       NULL);
	if (!code)
		code = git_repository_odb(&l->odb, l->repo);
	if (!code)
		return 0;
	code = fail(code, "repository", path);
	lg2_close(r);
	return code;
}

void lg2_close(struct repo *r)
{
	if (!r->lg2)
		return;
	git_odb_free(r->lg2->odb);
	git_repository_free(r->lg2->repo);
	git_libgit2_shutdown();
	free(r->lg2);
	r->lg2 = NULL;
}

/* --- objects ---------------------------------------------------------- */

static void from_git(struct oid *out, const git_oid *id)
{
	git_oid_tostr(out->hex, 41, id);
}

static int read_object(struct repo *r, const struct oid *id,
		       enum obj_type *type, struct buf *out)
{
	git_odb_object *o;
	git_oid oid;
	int code = git_oid_fromstr(&oid, id->hex);

	if (!code)
		code = git_odb_read(&o, r->lg2->odb, &oid);
	if (code)
		return fail(code, "object", id->hex);
	*type = our_type(git_odb_object_type(o));
	buf_add(out, git_odb_object_data(o), git_odb_object_size(o));
	git_odb_object_free(o);
	return 0;
}

static int info(struct repo *r, const struct oid *id, enum obj_type *type,
		uint64_t *size)
{
	git_object_t kind;
	git_oid oid;
	size_t len;
	int code = git_oid_fromstr(&oid, id->hex);

	if (!code)
		code = git_odb_read_header(&len, &kind, r->lg2->odb, &oid);
	if (code)
		return fail(code, "object", id->hex);
	*type = our_type(kind);
	*size = len;
	return 0;
}

static int write_object(struct repo *r, enum obj_type type, const void *data,
			size_t len, struct oid *out)
{
	git_oid oid;
	int code = git_odb_write(&oid, r->lg2->odb, data, len, git_type(type));

	if (code)
		return fail(code, "cannot write object", obj_type_name(type));
	from_git(out, &oid);
	return 0;
}

/* --- refs --------------------------------------------------------------- */

static int ref_read_one(struct repo *r, const char *name, struct oid *out)
{
	git_oid oid;
	int code = git_reference_name_to_id(&oid, r->lg2->repo, name);

	if (code)
		return fail(code, "ref", name);
	from_git(out, &oid);
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
		from_git(&f->item[f->nr++].id, id);
	}
	git_reference_free(end);
}

static int gather(struct repo *r, const char *prefix, struct founds *f)
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

static int ref_each_below(struct repo *r, const char *prefix,
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

static int drop(git_repository *repo, const struct ref_change *c)
{
	git_reference *ref = NULL;
	const git_oid *now;
	git_oid from;
	int code = git_oid_fromstr(&from, c->from.hex);

	if (!code)
		code = git_reference_lookup(&ref, repo, c->name);
	if (code)
		return code;
	now = git_reference_target(ref);
	code = now && git_oid_equal(now, &from) ? git_reference_delete(ref) :
		GIT_EMODIFIED;
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
	if (code || !c->to.hex[0])
		return code ? code : git_transaction_remove(tx, c->name);
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

static int ref_update_all(struct repo *r, const struct ref_change *change,
			  size_t nr, const char *message)
{
	git_repository *repo = r->lg2->repo;
	int code;

	for (size_t i = 0; i < nr; i++)
		set_ident(r, change[i].name);
	if (nr > 1)
		code = all(repo, change, nr, message);
	else if (change->to.hex[0])
		code = put(repo, change, message);
	else
		code = drop(repo, change);
	return code ? fail(code, "cannot change ref", change->name) : 0;
}

/* --- revisions ----------------------------------------------------------- */

/* The rest of git's language for revisions is git's to read. */
static bool is_simple(const char *rev)
{
	return !strcmp(rev, "HEAD") ||
		(!strncmp(rev, "refs/", 5) && !strpbrk(rev, "^~:@{"));
}

static int resolve(struct repo *r, const char *rev, struct oid *out)
{
	git_object *o = NULL, *commit = NULL;
	git_oid oid;
	int code;

	if (oid_parse(out, rev, strlen(rev)) && strlen(rev) == r->hex_len)
		code = git_oid_fromstr(&oid, rev);
	else if (is_simple(rev))
		code = git_reference_name_to_id(&oid, r->lg2->repo, rev);
	else
		return plumb_ops.resolve(r, rev, out);
	if (!code)
		code = git_object_lookup(&o, r->lg2->repo, &oid,
					 GIT_OBJECT_ANY);
	if (!code)
		code = git_object_peel(&commit, o, GIT_OBJECT_COMMIT);
	out->hex[0] = '\0';
	if (!code)
		from_git(out, git_object_id(commit));
	git_object_free(commit);
	git_object_free(o);
	return code ? err_set(ERR_NOTFOUND, "no commit '%s'", rev) : 0;
}

const struct git_ops lg2_ops = {
	.read = read_object,
	.info = info,
	.write = write_object,
	.ref_read = ref_read_one,
	.ref_each = ref_each_below,
	.ref_update = ref_update_all,
	.resolve = resolve,
};
