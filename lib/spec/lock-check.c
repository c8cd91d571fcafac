#include "base/err.h"
#include "base/mem.h"
#include "spec/lock.h"
#include "spec/val-shape.h"

#define SUMS \
	{ "md5", SHAPE_SUM, NULL }, { "checksum", SHAPE_SUM, NULL }, \
	{ "etag", SHAPE_SUM, NULL }
#define META \
	{ "size", SHAPE_INT, NULL }, { "nfiles", SHAPE_INT, NULL }, \
	{ "isexec", SHAPE_BOOL, NULL }, { "version_id", SHAPE_TEXT, NULL }

static const struct shape remote[] = { SUMS, META, { NULL, 0, NULL } };
static const struct shape one_remote = { "", SHAPE_SUB, remote };

static const struct shape file_keys[] = {
	{ "relpath", SHAPE_TEXT | SHAPE_MUST, NULL }, SUMS, META,
	{ "cloud", SHAPE_EACH | SHAPE_ONE, &one_remote },
	{ NULL, 0, NULL }
};
static const struct shape one_file = { "", SHAPE_SUB, file_keys };

static const struct shape path_keys[] = {
	{ "path", SHAPE_TEXT | SHAPE_MUST, NULL },
	{ "hash", SHAPE_TEXT, NULL }, SUMS, META,
	{ "cloud", SHAPE_EACH | SHAPE_ONE, &one_remote },
	{ "files", SHAPE_ITEMS, &one_file },
	{ "dataset", SHAPE_MAP, NULL },
	{ NULL, 0, NULL }
};
static const struct shape one_path = { "", SHAPE_SUB, path_keys };

static const struct shape anything = { "", SHAPE_ANY, NULL };
static const struct shape one_params = { "", SHAPE_EACH, &anything };

static const struct shape entry_keys[] = {
	{ "cmd", SHAPE_TEXT | SHAPE_LIST | SHAPE_MUST, NULL },
	{ "deps", SHAPE_ITEMS, &one_path },
	{ "params", SHAPE_EACH, &one_params },
	{ "outs", SHAPE_ITEMS, &one_path },
	{ NULL, 0, NULL }
};

static void take_count(int64_t *to, const struct val *v)
{
	if (!val_int64(v, to) || *to < 0)
		*to = -1;
}

static void take_rest(struct lock_path *p, const char *key,
		      const struct val *v)
{
	if (p->rest.kind != VAL_MAP)
		val_set_map(&p->rest);
	val_copy(val_put(&p->rest, key), v);
}

static void take_path(struct lock_path *p, const struct val *v)
{
	for (size_t i = 0; i < v->nr; i++) {
		const char *key = val_text(&v->key[i]);
		const struct val *is = &v->item[i];

		if (!strcmp(key, "path"))
			p->path = mem_dup(is->s);
		else if (!strcmp(key, "hash"))
			p->hash = mem_dup(is->s);
		else if (!strcmp(key, "md5"))
			p->md5 = is->s && *is->s ? mem_dup(is->s) : NULL;
		else if (!strcmp(key, "size"))
			take_count(&p->size, is);
		else if (!strcmp(key, "nfiles"))
			take_count(&p->nfiles, is);
		else if (!strcmp(key, "isexec"))
			p->isexec = val_true(is);
		else
			take_rest(p, key, is);
	}
}

int lock_entry_from(struct lock_entry *out, const char *name,
		    const struct val *v, const char *file)
{
	const struct shape_where top = { .file = file };
	const struct shape_where w = { file, "stage", name, &top };
	const struct val *deps = val_get(v, "deps"), *outs = val_get(v, "outs");
	int err = shape_check(&w, entry_keys, v);

	if (err)
		return err;
	out->name = mem_dup(name);
	val_copy(&out->cmd, val_get(v, "cmd"));
	for (size_t i = 0; deps && i < deps->nr; i++)
		take_path(lock_add_dep(out, NULL), &deps->item[i]);
	for (size_t i = 0; outs && i < outs->nr; i++)
		take_path(lock_add_out(out, NULL), &outs->item[i]);
	if (val_get(v, "params"))
		val_copy(&out->params, val_get(v, "params"));
	return 0;
}
