#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "spec/val-anchor.h"
#include "spec/val-text.h"
#include "spec/val-toml.h"

static bool take(struct toml *t, char c)
{
	if (t->s == t->end || *t->s != c)
		return false;
	t->s++;
	return true;
}

static int word(struct toml *t, struct val *out, bool is)
{
	const char *want = is ? "true" : "false";
	size_t len = strlen(want);

	if ((size_t)(t->end - t->s) < len || memcmp(t->s, want, len))
		return toml_number(t, out);
	t->s += len;
	val_set_bool(out, is);
	return 0;
}

/* The tables in here are whole; a number among them is no longer needed. */
static void settle(struct val *v)
{
	if ((v->kind != VAL_MAP && v->kind != VAL_LIST) || !v->len)
		return;
	v->len = 0;
	for (size_t i = 0; i < v->nr; i++)
		settle(&v->item[i]);
}

/* --- values -------------------------------------------------------------- */

static int array(struct toml *t, struct val *out)
{
	int err;

	val_set_list(out);
	for (;;) {
		err = toml_space(t, true);
		if (err || take(t, ']'))
			return err;
		err = toml_value(t, val_add(out));
		if (!err)
			err = toml_space(t, true);
		if (err || take(t, ']'))
			return err;
		if (!take(t, ','))
			return toml_fail(t, "',' or ']' is missing");
	}
}

static void tell(struct toml *t, const struct val *key,
		 const struct val *value)
{
	struct toml_part part = {
		.table = &t->path, .key = key, .value = value,
		.at = key->item[0].at, .end = value->end,
	};

	if (!t->depth && t->on_part)
		t->on_part(&part, t->payload);
}

static int pair(struct toml *t, struct val *map)
{
	struct val key = VAL_INIT, value = VAL_INIT;
	int err = toml_key(t, &key);

	if (!err && !take(t, '='))
		err = toml_fail(t, "'=' is missing");
	toml_space(t, false);
	t->base += key.nr - 1;
	if (!err && t->base + t->depth >= VAL_DEPTH_MAX)
		err = toml_fail(t, "nested too deep");
	if (!err)
		err = toml_value(t, &value);
	t->base -= key.nr - 1;
	if (!err) {
		tell(t, &key, &value);
		err = toml_put(t, map, &key, &value);
	}
	val_clear(&key);
	val_clear(&value);
	return err;
}

/* As in TOML 1.1 there may be several lines, and a comma at the end. */
static int inline_table(struct toml *t, struct val *out)
{
	size_t nr = t->nr;
	int err;

	toml_table(t, out, TOML_HEADER);
	for (;;) {
		err = toml_space(t, true);
		if (err || take(t, '}'))
			break;
		err = pair(t, out);
		if (!err)
			err = toml_space(t, true);
		if (err || take(t, '}'))
			break;
		if (!take(t, ',')) {
			err = toml_fail(t, "',' or '}' is missing");
			break;
		}
	}
	toml_forget(t, nr);
	settle(out);
	out->style = VAL_FLOW;
	return err;
}

static int nested(struct toml *t, struct val *out)
{
	int err;

	if (++t->depth > TOML_DEPTH || t->base + t->depth >= VAL_DEPTH_MAX)
		return toml_fail(t, "nested too deep");
	err = *t->s++ == '[' ? array(t, out) : inline_table(t, out);
	t->depth--;
	return err;
}

int toml_value(struct toml *t, struct val *out)
{
	size_t at = (size_t)(t->s - t->text);
	int line = toml_line(t), err;
	char c = toml_peek(t);

	err = c == '"' || c == '\'' ? toml_string(t, out, true) :
	      c == '[' || c == '{' ? nested(t, out) :
	      c == 't' || c == 'f' ? word(t, out, c == 't') :
	      toml_number(t, out);
	out->line = line;
	out->at = at;
	out->end = (size_t)(t->s - t->text);
	return err;
}

/* --- the document --------------------------------------------------------- */

static int header(struct toml *t)
{
	struct toml_part part = {
		.header = true, .table = &t->path,
		.at = (size_t)(t->s - t->text) - 1,
	};
	struct val key = VAL_INIT;
	bool many = take(t, '[');
	int err = toml_key(t, &key);

	if (!err && (!take(t, ']') || (many && !take(t, ']'))))
		err = toml_fail(t, "']' is missing after the name of a table");
	if (!err)
		err = toml_header(t, &key, many);
	part.end = (size_t)(t->s - t->text);
	if (!err && t->on_part)
		t->on_part(&part, t->payload);
	val_clear(&key);
	return err;
}

static int line(struct toml *t)
{
	int err = take(t, '[') ? header(t) : pair(t, t->here);

	toml_space(t, false);
	if (!err && t->s < t->end && toml_peek(t) != '\n' && *t->s != '#')
		err = toml_fail(t, "more text after the value");
	return err;
}

static int read(struct toml *t)
{
	size_t len = (size_t)(t->end - t->text), bad = val_utf8(t->text, len);
	int err = 0;

	if (bad < len) {
		t->s += bad;
		return toml_fail(t, "not UTF-8");
	}
	toml_table(t, t->root, TOML_HEADER);
	t->here = t->root;
	while (!err) {
		err = toml_space(t, true);
		if (err || t->s == t->end)
			break;
		err = line(t);
	}
	settle(t->root);
	return err;
}

int toml_parts(struct val *out, const char *text, size_t len, const char *name,
	       void (*on_part)(const struct toml_part *part, void *payload),
	       void *payload)
{
	struct val v = VAL_INIT;
	struct toml t = {
		.text = text, .s = text, .end = text + len, .name = name,
		.counted = text, .line = 1, .base = 1, .root = &v,
		.on_part = on_part, .payload = payload,
	};
	int err = read(&t);

	toml_forget(&t, 0);
	free(t.table);
	strs_clear(&t.path);
	if (err)
		val_clear(&v);
	val_clear(out);
	*out = v;
	return err;
}

int val_toml(struct val *out, const char *text, size_t len, const char *name)
{
	return toml_parts(out, text, len, name, NULL, NULL);
}
