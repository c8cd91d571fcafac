#include <git2.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/os.h"
#include "base/trace.h"
#include "repo/repo-lg2.h"
#include "repo/repo-plumb.h"

/* The one translator of libgit2's codes; copies its message at once. */
int lg2_fail(int code, const char *what, const char *name)
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
	git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, os_syncs());
	r->lg2 = l;
	code = git_repository_open_ext(&l->repo, path,
				       GIT_REPOSITORY_OPEN_NO_SEARCH | bare,
				       NULL);
	if (!code)
		code = git_repository_odb(&l->odb, l->repo);
	if (!code)
		return 0;
	code = lg2_fail(code, "repository", path);
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

void lg2_oid(struct oid *out, const git_oid *id)
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
		return lg2_fail(code, "object", id->hex);
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
		return lg2_fail(code, "object", id->hex);
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
		return lg2_fail(code, "cannot write object", obj_type_name(type));
	lg2_oid(out, &oid);
	return 0;
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
		lg2_oid(out, git_object_id(commit));
	git_object_free(commit);
	git_object_free(o);
	return code ? err_set(ERR_NOTFOUND, "no commit '%s'", rev) : 0;
}

const struct git_ops lg2_ops = {
	.read = read_object,
	.info = info,
	.write = write_object,
	.ref_read = lg2_ref_read,
	.ref_each = lg2_ref_each,
	.ref_update = lg2_ref_update,
	.resolve = resolve,
};
