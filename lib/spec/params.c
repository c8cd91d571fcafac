#include "base/buf.h"
#include "base/err.h"
#include "base/src.h"
#include "base/strs.h"
#include "spec/params.h"
#include "spec/val.h"

static bool is(const char *suffix, const char *want)
{
	size_t i = 0;

	for (; suffix[i] && want[i]; i++) {
		char c = suffix[i];

		if (c >= 'A' && c <= 'Z')
			c += 'a' - 'A';
		if (c != want[i])
			return false;
	}
	return suffix[i] == want[i];
}

static enum params_format format(const char *dot)
{
	return !dot ? PARAMS_YAML : is(dot, ".json") ? PARAMS_JSON :
	       is(dot, ".toml") ? PARAMS_TOML :
	       is(dot, ".py") ? PARAMS_PY : PARAMS_YAML;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

enum params_format params_format(const char *path)
{
	return format(strchr(base_name(path), '.'));
}

enum params_format params_writer(const char *path)
{
	const char *name = base_name(path);
	const char *dot = strrchr(name, '.');

	return format(dot > name ? dot : NULL);
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

static int read(struct val *out, const char *text, size_t len,
		enum params_format form, const char *path)
{
	switch (form) {
	case PARAMS_JSON:
		return val_json(out, text, len, path);
	case PARAMS_TOML:
		return val_toml(out, text, len, path);
	case PARAMS_PY:
		return val_py(out, text, len, path);
	default:
		return val_yaml(out, text, len, path);
	}
}

int params_parse(struct val *out, const char *text, size_t len,
		 enum params_format form, const char *path)
{
	int err = read(out, text, len, form, path);

	if (!err && is_nothing(out))
		val_set_map(out);
	return err;
}

int params_load(struct val *out, struct src *src, const char *path)
{
	struct buf text = BUF_INIT;
	int err;

	if (src_kind(src, path) == SRC_DIR)
		return err_set(ERR_INVALID, "'%s' is a directory, expected "
			       "a file of parameters", path);
	err = src_read(src, path, &text);
	if (!err)
		err = params_parse(out, text.s, text.len, params_format(path),
				   path);
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
