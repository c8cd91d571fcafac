#include "base/buf.h"
#include "base/strs.h"
#include "fuzz.h"
#include "spec/canon.h"
#include "spec/emit.h"
#include "spec/params.h"
#include "spec/val.h"

static int leaf(const char *key, const struct val *v, void *payload)
{
	(void)payload;
	must(key && v->kind != VAL_MAP);
	return 0;
}

static void look(const struct val *v)
{
	struct val metrics = VAL_INIT;
	struct buf text = BUF_INIT;

	params_flat(v, leaf, NULL);
	params_metrics(&metrics, v);
	canon_json(&text, v, 0);
	canon_python(&text, v);
	val_path(v, "a.b.0");
	val_clear(&metrics);
	buf_clear(&text);
}

/* As JSON without spaces: where ruamel folds a line, and so we do, it loses
   one of several that stand in a row. */
static void squeeze(struct buf *out, const struct val *v)
{
	size_t n = 0;

	canon_json(out, v, 0);
	for (size_t i = 0; i < out->len; i++)
		if (out->s[i] != ' ')
			out->s[n++] = out->s[i];
	buf_cut(out, n);
}

/* A key that may pass column 80: ruamel folds it, and so we do, though nobody
   can read that. A byte takes four columns at most. */
static bool folds_key(const struct val *v, size_t column)
{
	for (size_t i = 0; i < v->nr; i++) {
		const struct val *key = v->kind == VAL_MAP ? &v->key[i] : NULL;

		if (key && key->kind == VAL_STR && column + 4 * key->len > 76)
			return true;
		if (folds_key(&v->item[i], column + 2))
			return true;
	}
	return false;
}

/* What we write of it says the same when it is read again. */
static void again(const struct val *v)
{
	struct val back = VAL_INIT;
	struct buf text = BUF_INIT, was = BUF_INIT, is = BUF_INIT;

	emit_yaml(&text, v, 0);
	must(!val_yaml(&back, text.s, text.len, "again"));
	squeeze(&was, v);
	squeeze(&is, &back);
	must(was.len == is.len && !memcmp(was.s, is.s, was.len));
	val_clear(&back);
	buf_clear(&text);
	buf_clear(&was);
	buf_clear(&is);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct val v = VAL_INIT;
	int err = val_yaml(&v, (const char *)data, size, "x.yaml");

	if (err) {
		fuzz_refused(err);
	} else {
		look(&v);
		if (!folds_key(&v, 0))
			again(&v);
	}
	val_clear(&v);
	return 0;
}
