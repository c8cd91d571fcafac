#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/map.h"
#include "base/mem.h"
#include "repo/commit.h"
#include "repo/note-tree.h"
#include "repo/repo-ops.h"
#include "repo/ref.h"

/* The tip of the notes and its tree; both "" when there are none. */
static int tip(struct repo *r, const char *ref, struct oid *commit,
	       struct oid *tree)
{
	struct commit c = COMMIT_INIT;
	int err = ref_read(r, ref, commit);

	tree->hex[0] = '\0';
	if (err == ERR_NOTFOUND) {
		err_clear();
		commit->hex[0] = '\0';
		return 0;
	}
	if (!err)
		err = commit_read(&c, r, commit);
	if (!err)
		*tree = c.tree;
	commit_clear(&c);
	return err ? err_wrap(err, "cannot read '%s'", ref) : 0;
}

int note_read(struct repo *r, const char *ref, const struct oid *on,
	      struct buf *out)
{
	struct note_tree t = NOTE_TREE_INIT;
	struct oid commit;
	int err = tip(r, ref, &commit, &t.root);

	t.repo = r;
	if (!err)
		err = note_tree_read(&t, on, out);
	note_tree_clear(&t);
	return err;
}

int note_each(struct repo *r, const char *ref,
	      int (*fn)(const struct oid *on, const struct oid *blob,
			void *payload), void *payload)
{
	struct note_tree t = NOTE_TREE_INIT;
	struct oid commit;
	int err = tip(r, ref, &commit, &t.root);

	t.repo = r;
	if (!err && t.root.hex[0])
		err = note_tree_each(&t, fn, payload);
	note_tree_clear(&t);
	return err;
}

/* What one write of notes needs; git is asked who before the lock is taken. */
struct write {
	const struct note_change *change;
	size_t nr;
	const char *message;
	char *who;
	struct ref_change move;
};

static int commit_tree(struct repo *r, const struct oid *tree, struct write *w)
{
	struct commit_new c = {
		.tree = *tree,
		.parent = &w->move.from,
		.nr_parent = !!w->move.from.hex[0],
		.author = w->who,
		.committer = w->who,
	};
	char *text = mem_fmt("%s\n", w->message);
	int err;

	c.message = text;
	err = commit_write(r, &c, &w->move.to);
	free(text);
	return err;
}

/* ERR_LOCKED when the ref moved meanwhile, or is locked. */
static int attempt(struct repo *r, struct write *w)
{
	struct note_tree t = NOTE_TREE_INIT;
	struct oid tree;
	int err = tip(r, w->move.name, &w->move.from, &t.root);
	bool same;

	t.repo = r;
	if (!err)
		err = note_tree_change(&t, w->change, w->nr, &tree);
	same = !err && !strcmp(tree.hex, t.root.hex);
	if (!err && !same)
		err = commit_tree(r, &tree, w);
	if (!err && !same)
		err = ref_update(r, &w->move, 1, w->message);
	note_tree_clear(&t);
	return err;
}

/* Another tool, which does not know our lock, came first. */
static bool moved_on(struct repo *r, const struct ref_change *move)
{
	struct oid now;

	if (ref_read(r, move->name, &now))
		now.hex[0] = '\0';
	return strcmp(now.hex, move->from.hex);
}

static int insist(struct repo *r, struct write *w)
{
	enum { TRIES = 200 };
	int err = ERR_LOCKED;

	for (int i = 0; i < TRIES && err == ERR_LOCKED; i++) {
		err = attempt(r, w);
		if (err == ERR_LOCKED && !moved_on(r, &w->move))
			break;
	}
	return err;
}

/* Many who write in turn may keep one waiting; none of them holds it long. */
static int lock_notes(struct repo *r, const char *ref, struct file_lock *lock)
{
	enum { LOCK_MS = 10000, ROUNDS = 12 };
	char *path = file_join(repo_common_dir(r), "exp/notes.lock");
	struct ref_change seen = { .name = ref };
	int err = file_mkdirs_for(path);

	for (int i = 0; !err && i < ROUNDS; i++) {
		if (ref_read(r, ref, &seen.from))
			seen.from.hex[0] = '\0';
		err = file_lock(lock, path, LOCK_MS);
		if (err != ERR_LOCKED || !moved_on(r, &seen))
			break;
		err = i + 1 < ROUNDS ? 0 : err;
	}
	if (err == ERR_LOCKED)
		err_set(err, "another process has held '%s' for 10 seconds",
			path);
	free(path);
	return err;
}

int note_write(struct repo *r, const char *ref,
	       const struct note_change *change, size_t nr,
	       const char *message)
{
	struct write w = { change, nr, message, NULL, { .name = ref } };
	struct file_lock lock = FILE_LOCK_INIT;
	int err = repo_committer(r, &w.who);

	if (!err)
		err = lock_notes(r, ref, &lock);
	if (!err)
		err = insist(r, &w);
	file_unlock(&lock);
	free(w.who);
	return err;
}
