#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/strs.h"
#include "spec/dvcfile.h"
#include "spec/edit.h"
#include "spec/emit.h"
#include "spec/lock.h"

/* The keys of an output that are about its bytes, as DVC orders them. */
static const char *const facts[] = {
	"md5", "etag", "checksum", "size", "nfiles", "isexec", "version_id",
	"cloud", "hash", "path", "files", NULL
};

static void out_val(struct val *out, const struct lock_path *p)
{
	val_set_map(out);
	if (p->md5)
		val_set_str(val_put(out, "md5"), p->md5);
	if (p->size >= 0)
		val_set_int(val_put(out, "size"), p->size);
	if (p->nfiles >= 0)
		val_set_int(val_put(out, "nfiles"), p->nfiles);
	if (p->isexec)
		val_set_bool(val_put(out, "isexec"), true);
	if (p->hash)
		val_set_str(val_put(out, "hash"), p->hash);
	val_set_str(val_put(out, "path"), p->path);
}

static void create(struct buf *text, const struct val *out)
{
	struct val root = VAL_INIT, *list;

	val_set_map(&root);
	list = val_put(&root, "outs");
	val_set_list(list);
	val_copy(val_add(list), out);
	emit_yaml(text, &root, 0);
	val_clear(&root);
}

/* Which of the file's outputs is ours, or -1. */
static long which(const struct val *outs, const char *path)
{
	for (size_t i = 0; outs && i < outs->nr; i++) {
		const char *is = val_text(val_get(&outs->item[i], "path"));

		if (is && !strcmp(is, path))
			return (long)i;
	}
	return outs && outs->nr == 1 ? 0 : -1;
}

/* Bring one key of the old entry to the new value, or remove it. */
static int update_key(struct buf *text, const char *name, const char *where,
		      const char *key, const struct val *old,
		      const struct val *new)
{
	struct edit e = EDIT_INIT;
	int err;

	if (!new && !old)
		return 0;
	if (new && old && old->kind == new->kind && val_equal(old, new))
		return 0;
	e.op = new ? EDIT_PUT : EDIT_DROP;
	e.key = mem_fmt("%s%s", where, key);
	if (new)
		val_copy(&e.value, new);
	err = edit_apply(text, name, &e);
	edit_clear(&e);
	return err;
}

/* DVC adds what is new at the end of the entry and touches nothing else. */
static int update(struct buf *text, const char *name, const struct val *root,
		  const char *list, const struct val *out, const char *path)
{
	const struct val *outs = val_get(root, list);
	long at = which(outs, path);
	const struct val *old = at < 0 ? NULL : &outs->item[at];
	char *where;
	int err = 0;

	if (!old || old->kind != VAL_MAP)
		return err_set(ERR_INVALID, "%s: no %s '%s' in it", name,
			       *list == 'o' ? "output" : "source", path);
	where = mem_fmt("%s.%ld.", list, at);
	for (size_t i = 0; facts[i] && !err; i++)
		err = update_key(text, name, where, facts[i],
				 val_get(old, facts[i]),
				 val_get(out, facts[i]));
	free(where);
	return err;
}

int dvcfile_data(struct buf *text, const char *name,
		 const struct lock_path *out)
{
	struct val root = VAL_INIT, value = VAL_INIT;
	int err = val_yaml(&root, text->s, text->len, name);

	out_val(&value, out);
	if (!err && root.kind == VAL_MAP && !root.nr)
		create(text, &value);
	else if (!err)
		err = update(text, name, &root, "outs", &value, out->path);
	val_clear(&root);
	val_clear(&value);
	return err;
}

static int update_one(struct buf *text, const char *name, const char *list,
		      const struct lock_path *p)
{
	struct val root = VAL_INIT, value = VAL_INIT;
	int err = val_yaml(&root, text->s, text->len, name);

	out_val(&value, p);
	if (!err)
		err = update(text, name, &root, list, &value, p->path);
	val_clear(&root);
	val_clear(&value);
	return err;
}

int dvcfile_import(struct buf *text, const char *name,
		   const struct lock_path *dep, const struct lock_path *out)
{
	int err = update_one(text, name, "deps", dep);

	return err ? err : update_one(text, name, "outs", out);
}

int dvcfile_sum(struct buf *text, const char *name, const char *md5)
{
	struct val root = VAL_INIT, value = VAL_INIT;
	int err = val_yaml(&root, text->s, text->len, name);

	if (md5)
		val_set_str(&value, md5);
	if (!err)
		err = update_key(text, name, "", "md5", val_get(&root, "md5"),
				 md5 ? &value : NULL);
	val_clear(&root);
	val_clear(&value);
	return err;
}

static void escape(struct buf *out, const char *name)
{
	if (*name != '/')
		buf_char(out, '/');
	for (; *name; name++) {
		if (strchr("\\[]!*#?", *name))
			buf_char(out, '\\');
		buf_char(out, *name);
	}
}

bool dvcfile_gitignore(struct buf *text, const char *name)
{
	struct strs lines = STRS_INIT;
	struct buf entry = BUF_INIT;
	bool add = true;

	escape(&entry, name);
	strs_split(&lines, text->s, '\n');
	for (size_t i = 0; i < lines.nr && add; i++) {
		size_t len = strlen(lines.item[i]);

		len -= len && lines.item[i][len - 1] == '\r';
		add = len != entry.len || memcmp(lines.item[i], entry.s, len);
	}
	if (add) {
		if (text->len && !buf_ends(text, "\n"))
			buf_char(text, '\n');
		buf_fmt(text, "%s\n", entry.s);
	}
	strs_clear(&lines);
	buf_clear(&entry);
	return add;
}
