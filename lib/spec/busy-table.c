#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/os.h"
#include "spec/busy.h"
#include "spec/busy-part.h"
#include "spec/canon.h"
#include "spec/val-shape.h"

#define GUARD_MS 3000		/* as long as DVC tries */

static const struct shape info_keys[] = {
	{ "pid", SHAPE_INT | SHAPE_MUST, NULL },
	{ "cmd", SHAPE_TEXT | SHAPE_MUST, NULL }, { 0 }
};
static const struct shape info = { "", SHAPE_SUB, info_keys };
static const struct shape infos = { "", SHAPE_ITEMS, &info };
static const struct shape table_keys[] = {
	{ "write", SHAPE_EACH, &info }, { "read", SHAPE_EACH, &infos }, { 0 }
};

/* --- the rwlock files -------------------------------------------------------- */

static int read_table(struct busy_table *t)
{
	struct shape_where w = { .file = t->name };
	struct buf text = BUF_INIT;
	char *path = file_join(t->dir, "rwlock");
	int err = file_read(path, &text, 0);

	if (err == ERR_NOTFOUND) {
		err_clear();
		val_set_map(&t->doc);
		err = 0;
	} else if (!err) {
		err = val_json(&t->doc, text.s, text.len, t->name);
		if (!err)
			err = shape_check(&w, table_keys, &t->doc);
		if (err)
			err_hint(err, "if no DVC process is running, remove "
				 "'%s'", t->name);
	}
	buf_clear(&text);
	free(path);
	return err;
}

void busy_table_close(struct busy_table *t)
{
	busy_release(&t->guard);
	val_clear(&t->doc);
	free(t->dir);
}

int busy_table_open(struct busy_table *t, const struct busy *b, bool exps)
{
	char *guard;
	int err;

	*t = (struct busy_table){
		.dir = file_join(b->tmp, exps ? "exps" : "."),
		.name = exps ? ".dvc/tmp/exps/rwlock" : ".dvc/tmp/rwlock",
		.guard = BUSY_LOCK_INIT,
	};
	guard = file_join(t->dir, "rwlock.lock");
	err = file_mkdirs(t->dir);
	if (!err)
		err = busy_grab(&t->guard, b, guard, exps ? ".dvc/tmp/exps/rwlock.lock" :
			   ".dvc/tmp/rwlock.lock", GUARD_MS);
	if (!err)
		err = read_table(t);
	if (err)
		busy_table_close(t);
	free(guard);
	return err;
}

int busy_table_write(struct busy_table *t)
{
	char *path = file_join(t->dir, "rwlock");
	struct buf text = BUF_INIT;
	int err = canon_json(&text, &t->doc, 0);

	if (!err)
		err = file_write(path, text.s, text.len, 0, 0);
	buf_clear(&text);
	free(path);
	return err;
}

/* --- who is in the way --------------------------------------------------------- */

bool busy_other(int64_t pid)
{
	return pid > 0 && pid <= INT_MAX && pid != getpid() &&
		os_alive((pid_t)pid);
}

enum who { GONE, OURS, OTHER };

static enum who who(const struct val *entry, int64_t *pid)
{
	if (!val_int64(val_get(entry, "pid"), pid))
		return GONE;
	if (*pid == getpid())
		return OURS;
	return busy_other(*pid) ? OTHER : GONE;
}

static const char *cmd_of(const struct val *entry)
{
	return val_text(val_get(entry, "cmd"));
}

/* A path of the project as its user knows it. */
static const char *show(const struct busy *b, const char *path)
{
	size_t len = strlen(b->tmp) - strlen("/.dvc/tmp");

	return !strncmp(b->tmp, path, len) && path[len] == '/' && path[len + 1] ?
		path + len + 1 : path;
}

static int blocked(const struct busy *b, const struct busy_table *t,
		   const char *path, const struct val *entry, int64_t pid)
{
	int err = err_set(ERR_LOCKED, "'%s' is in use by process %ld (%s)",
			  show(b, path), (long)pid, cmd_of(entry));

	return err_hint(err, "wait for it; if it is no such process, remove "
			"'%s'", t->name);
}

static bool overlaps(const struct strs *paths, const char *path,
		     const char **mine)
{
	for (size_t i = 0; i < paths->nr; i++)
		if (file_inside(path, paths->item[i]) ||
		    file_inside(paths->item[i], path)) {
			*mine = paths->item[i];
			return true;
		}
	return false;
}

static void bury(const struct busy_table *t, const char *path,
		 const struct val *entry, int64_t pid)
{
	err_warn("process %ld (%s) is gone: its entry for '%s' is taken out of "
		 "'%s'", (long)pid, cmd_of(entry), path, t->name);
}

/* Entries below `mode` that touch `paths`: others fail, dead ones go. */
static int check(const struct busy *b, struct busy_table *t, const char *mode,
		 const struct strs *paths)
{
	struct val *map = val_get(&t->doc, mode);

	for (size_t i = map ? map->nr : 0; i--;) {
		struct val *v = &map->item[i];
		bool list = v->kind == VAL_LIST;
		const char *path = map->key[i].s, *mine;
		size_t nr = list ? v->nr : 1;

		if (!overlaps(paths, path, &mine))
			continue;
		for (size_t j = nr; j--;) {
			struct val *entry = list ? &v->item[j] : v;
			int64_t pid = 0;
			enum who is = who(entry, &pid);

			if (is == OTHER)
				return blocked(b, t, mine, entry, pid);
			if (is == OURS)
				continue;
			bury(t, path, entry, pid);
			nr--;
			if (list)
				val_drop(v, j);
		}
		if (!nr)
			val_drop(map, i);
	}
	return 0;
}

/* --- entering and leaving ---------------------------------------------------------- */

static void sign_entry(const struct busy *b, struct val *entry)
{
	val_set_map(entry);
	val_set_int(val_put(entry, "pid"), getpid());
	val_set_str(val_put(entry, "cmd"), b->cmd);
}

static struct val *section(struct busy_table *t, const char *mode)
{
	struct val *map = val_put(&t->doc, mode);

	if (map->kind != VAL_MAP)
		val_set_map(map);
	return map;
}

static void enter_read(const struct busy *b, struct busy_table *t, const char *path)
{
	struct val *list = val_put(section(t, "read"), path);
	int64_t pid;

	if (list->kind != VAL_LIST)
		val_set_list(list);
	for (size_t i = 0; i < list->nr; i++)
		if (who(&list->item[i], &pid) == OURS)
			return;
	sign_entry(b, val_add(list));
}

/* Take our entry for `path` out again; an empty section goes, too. */
void busy_table_leave(struct busy_table *t, const char *mode, const char *path)
{
	struct val *map = val_get(&t->doc, mode);
	int64_t pid;

	for (size_t i = map ? map->nr : 0; i--;) {
		struct val *v = &map->item[i];

		if (strcmp(map->key[i].s, path))
			continue;
		for (size_t j = v->kind == VAL_LIST ? v->nr : 0; j--;)
			if (who(&v->item[j], &pid) == OURS)
				val_drop(v, j);
		if (v->kind == VAL_LIST ? !v->nr : who(v, &pid) == OURS)
			val_drop(map, i);
	}
	for (size_t i = t->doc.nr; i--;)
		if (!t->doc.item[i].nr)
			val_drop(&t->doc, i);
}

/* What was left since the table was last written. */
void busy_table_settle(struct busy_table *t, const struct busy *b)
{
	for (size_t i = 0; i < b->left_reads.nr; i++)
		if (!strs_has(&b->reads, b->left_reads.item[i]))
			busy_table_leave(t, "read", b->left_reads.item[i]);
	for (size_t i = 0; i < b->left_writes.nr; i++)
		if (!strs_has(&b->writes, b->left_writes.item[i]))
			busy_table_leave(t, "write", b->left_writes.item[i]);
}

void busy_table_settled(struct busy *b)
{
	strs_clear(&b->left_reads);
	strs_clear(&b->left_writes);
}

int busy_table_enter(const struct busy *b, bool exps, const struct strs *reads,
		 const struct strs *writes)
{
	struct busy_table t;
	int err = busy_table_open(&t, b, exps);

	if (err)
		return err;
	if (!exps)
		busy_table_settle(&t, b);
	err = check(b, &t, "write", writes);
	if (!err)
		err = check(b, &t, "write", reads);
	if (!err)
		err = check(b, &t, "read", writes);
	for (size_t i = 0; !err && i < reads->nr; i++)
		enter_read(b, &t, reads->item[i]);
	for (size_t i = 0; !err && i < writes->nr; i++)
		sign_entry(b, val_put(section(&t, "write"), writes->item[i]));
	if (!err)
		err = busy_table_write(&t);
	busy_table_close(&t);
	return err;
}

int busy_table_live(const struct busy *b, const struct busy_table *t)
{
	const struct val *map = val_get(&t->doc, "write");
	int64_t pid;

	for (size_t i = 0; map && i < map->nr; i++)
		if (who(&map->item[i], &pid) == OTHER)
			return blocked(b, t, map->key[i].s, &map->item[i], pid);
	return 0;
}
