#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "exp/exp.h"
#include "repo/ref.h"
#include "story/drop.h"
#include "story/undo.h"

/* An older experiment of this name may lie in the trash already. */
static int trash(struct repo *r, const struct exp *e, struct undo *u)
{
	char *ref = exp_ref(EXP_TRASH, &e->baseline, e->name);
	struct oid old = { "" }, none = { "" };
	int err = ref_read(r, ref, &old);

	if (err == ERR_NOTFOUND) {
		err_clear();
		*old.hex = '\0';
		err = 0;
	}
	undo_ref(u, ref, &old, &e->id);
	undo_ref(u, e->ref, &e->id, &none);
	free(ref);
	return err;
}

static void changes(struct ref_change *out, const struct undo *u)
{
	for (size_t i = 0; i < u->nr_ref; i++)
		out[i] = (struct ref_change){ u->ref[i].ref, u->ref[i].now,
					      u->ref[i].was };
}

int drop_exps(struct repo *r, const struct exp *const *list, size_t nr)
{
	struct undo u = UNDO_INIT;
	struct buf what = BUF_INIT;
	struct ref_change *c = mem_new(2 * nr + 1, sizeof(*c));
	int err = 0;

	buf_str(&what, "remove");
	for (size_t i = 0; i < nr && !err; i++) {
		buf_fmt(&what, " %s", list[i]->name);
		err = trash(r, list[i], &u);
	}
	u.what = buf_take(&what);
	changes(c, &u);
	if (!err && nr)
		err = undo_keep(r, &u);
	if (!err && nr)
		err = ref_update(r, c, u.nr_ref, "exp: remove");
	undo_clear(&u);
	free(c);
	return err;
}

int drop_rename(struct repo *r, const struct exp *e, const char *name)
{
	char *ref = exp_ref(e->kind, &e->baseline, name);
	struct ref_change c[] = {
		{ ref, e->id, { "" } },
		{ e->ref, { "" }, e->id },
	};
	int err = exp_name_free(r, &e->baseline, name);

	if (!err)
		err = ref_update(r, c, 2, "exp: rename");
	free(ref);
	return err;
}

int drop_branch(struct repo *r, const struct exp *e, const char *branch)
{
	char *ref = mem_fmt("refs/heads/%s", branch);
	char *why = mem_fmt("exp: created from experiment '%s'", e->name);
	struct ref_change c = { ref, e->id, { "" } };
	struct oid id;
	int err = 0;

	if (!ref_name_ok(ref) || *branch == '-' || !strcmp(branch, "HEAD"))
		err = err_set(ERR_INVALID, "'%s' is not a valid branch name",
			      branch);
	else if (!ref_read(r, ref, &id))
		err = err_set(ERR_EXISTS, "a branch '%s' exists already",
			      branch);
	else
		err_clear();
	if (!err)
		err = ref_update(r, &c, 1, why);
	free(why);
	free(ref);
	return err;
}
