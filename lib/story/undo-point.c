#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "exp/record.h"
#include "repo/commit.h"
#include "spec/canon.h"
#include "spec/val.h"
#include "story/undo-part.h"

static void put_text(struct val *map, const char *key, const char *text)
{
	val_set_str(val_put(map, key), text);
}

static void put_paths(struct val *v, const struct undo *u)
{
	struct val *list = val_put(v, "paths");

	val_set_list(list);
	for (size_t i = 0; i < u->paths.nr; i++)
		val_set_str(val_add(list), u->paths.item[i]);
}

static void put_outs(struct val *v, struct repo *r, const struct undo *u)
{
	struct val *list = val_put(v, "outs");

	val_set_list(list);
	for (size_t i = 0; i < u->nr_out; i++) {
		struct val *o = val_add(list);
		char *path = file_relative(repo_top(r), u->out[i].path);

		val_set_map(o);
		put_text(o, "path", path);
		free(path);
		put_text(o, "id", u->out[i].id);
		val_set_bool(val_put(o, "exec"), u->out[i].exec);
	}
}

static void put_refs(struct val *v, const struct undo *u)
{
	struct val *list = val_put(v, "refs");

	val_set_list(list);
	for (size_t i = 0; i < u->nr_ref; i++) {
		struct val *o = val_add(list);

		val_set_map(o);
		put_text(o, "ref", u->ref[i].ref);
		put_text(o, "was", u->ref[i].was.hex);
		put_text(o, "now", u->ref[i].now.hex);
	}
}

char *undo_worktree(struct repo *r)
{
	return file_relative(repo_common_dir(r), repo_git_dir(r));
}

void undo_describe(struct buf *out, struct repo *r, const struct undo *u)
{
	struct val v = VAL_INIT;
	char *now = record_now(NULL), *where = undo_worktree(r);

	val_set_map(&v);
	put_text(&v, "at", now);
	val_set_int(val_put(&v, "v"), RECORD_VERSION);
	put_text(&v, "undo", u->what);
	put_text(&v, "worktree", where);
	put_paths(&v, u);
	put_outs(&v, r, u);
	put_refs(&v, u);
	canon_json(out, &v, CANON_COMPACT);
	val_clear(&v);
	free(where);
	free(now);
}

static void read_outs(struct undo *u, struct repo *r, const struct val *list)
{
	for (size_t i = 0; list && i < list->nr; i++) {
		const struct val *o = &list->item[i];
		const char *path = val_text(val_get(o, "path"));
		const char *id = val_text(val_get(o, "id"));

		char *full = path && repo_top(r) ? file_join(repo_top(r), path) : NULL;

		if (full && id && file_inside(repo_top(r), full))
			undo_out(u, full, id, val_true(val_get(o, "exec")));
		free(full);
	}
}

static void read_oid(struct oid *out, const struct val *map, const char *key)
{
	const char *hex = val_text(val_get(map, key));

	snprintf(out->hex, sizeof(out->hex), "%s", hex ? hex : "");
}

static void read_refs(struct undo *u, const struct val *list)
{
	for (size_t i = 0; list && i < list->nr; i++) {
		const struct val *o = &list->item[i];
		const char *ref = val_text(val_get(o, "ref"));
		struct oid was = { "" }, now = { "" };

		read_oid(&was, o, "was");
		read_oid(&now, o, "now");
		if (ref)
			undo_ref(u, ref, &was, &now);
	}
}

int undo_read(struct undo *u, struct val *v, struct repo *r,
	       const struct oid *id)
{
	struct commit c = COMMIT_INIT;
	const struct val *paths;
	const char *what;
	int err = commit_read(&c, r, id);

	if (!err && !c.record)
		err = err_set(ERR_INVALID, "undo point %.7s has no record",
			      id->hex);
	if (!err)
		err = val_json(v, c.record, strlen(c.record), "undo point");
	if (!err) {
		what = val_text(val_get(v, "undo"));
		paths = val_get(v, "paths");
		u->tree = c.tree;
		u->what = mem_dup(what ? what : "something");
		for (size_t i = 0; paths && i < paths->nr; i++)
			if (val_text(&paths->item[i]))
				undo_path(u, val_text(&paths->item[i]));
		read_outs(u, r, val_get(v, "outs"));
		read_refs(u, val_get(v, "refs"));
	}
	commit_clear(&c);
	return err;
}
