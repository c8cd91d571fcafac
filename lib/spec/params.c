#include "base/buf.h"
#include "base/err.h"
#include "base/src.h"
#include "base/strs.h"
#include "spec/params.h"
#include "spec/val.h"

static bool has_suffix(const char *path, const char *suffix)
{
	const char *dot = strrchr(path, '.');

	if (!dot || strchr(dot, '/') || strlen(dot) != strlen(suffix))
		return false;
	for (size_t i = 0; dot[i]; i++) {
		char c = dot[i];

		if (c >= 'A' && c <= 'Z')
			c += 'a' - 'A';
		if (c != suffix[i])
			return false;
	}
	return true;
}

/* Python's "or {}": DVC takes null, 0, "", false and [] for an empty map. */
static bool is_nothing(const struct val *v)
{
	double n;

	if (v->kind == VAL_NULL)
		return true;
	if (v->kind == VAL_STR)
		return !v->len;
	if (v->kind == VAL_LIST)
		return !v->nr;
	return val_number(v, &n) && !(n < 0) && !(n > 0) && n == n;
}

static int parse(struct val *out, const struct buf *text, const char *path)
{
	int err;

	if (has_suffix(path, ".json"))
		err = val_json(out, text->s, text->len, path);
	else
		err = val_yaml(out, text->s, text->len, path);
	if (!err && is_nothing(out))
		val_set_map(out);
	return err;
}

int params_load(struct val *out, struct src *src, const char *path)
{
	struct buf text = BUF_INIT;
	int err;

	if (has_suffix(path, ".toml") || has_suffix(path, ".py"))
		return err_set(ERR_INVALID, "%s: '%s' files are not supported "
			       "yet", path, strrchr(path, '.'));
	if (src_kind(src, path) == SRC_DIR)
		return err_set(ERR_INVALID, "'%s' is a directory, expected "
			       "a file of parameters", path);
	err = src_read(src, path, &text);
	if (!err)
		err = parse(out, &text, path);
	buf_clear(&text);
	return err;
}

static int flat(const struct val *v, struct buf *key,
		int (*fn)(const char *key, const struct val *v, void *payload),
		void *payload)
{
	size_t len = key->len;
	int err = 0;

	if (v->kind != VAL_MAP)
		return fn(key->s, v, payload);
	for (size_t i = 0; i < v->nr && !err; i++) {
		char *name;

		val_key_text(&v->key[i], &name);
		if (len)
			buf_char(key, '.');
		buf_str(key, name);
		err = flat(&v->item[i], key, fn, payload);
		buf_cut(key, len);
		free(name);
	}
	return err;
}

int params_flat(const struct val *v,
		int (*fn)(const char *key, const struct val *v, void *payload),
		void *payload)
{
	struct buf key = BUF_INIT;
	int err = flat(v, &key, fn, payload);

	buf_clear(&key);
	return err;
}

/* What DVC calls a metric: a number, a string, a boolean, a map of those. */
static bool is_metric(const struct val *v)
{
	return v->kind != VAL_NULL && v->kind != VAL_LIST &&
	       v->kind != VAL_DATE;
}

void params_metrics(struct val *out, const struct val *in)
{
	val_set_map(out);
	if (in->kind != VAL_MAP && is_metric(in))
		val_copy(out, in);
	for (size_t i = 0; in->kind == VAL_MAP && i < in->nr; i++) {
		struct val v = VAL_INIT;
		char *name;

		if (!is_metric(&in->item[i]))
			continue;
		val_key_text(&in->key[i], &name);
		params_metrics(&v, &in->item[i]);
		if (v.kind != VAL_MAP || v.nr)
			val_copy(val_put(out, name), &v);
		val_clear(&v);
		free(name);
	}
}

int params_select(struct val *out, const struct val *file,
		  const struct strs *keys)
{
	int found = 0;

	val_set_map(out);
	for (size_t i = 0; i < keys->nr; i++) {
		const struct val *v = val_path(file, keys->item[i]);

		if (!v)
			continue;
		val_copy(val_put(out, keys->item[i]), v);
		found++;
	}
	return found;
}
