#include <string.h>
#include "spec/val-anchor.h"
#include "spec/val-map.h"
#include "spec/val-py.h"

/* After an item: a comma, or the end, or this is no literal. */
static int comma(struct py *p, const char *end, bool *plain, bool *more)
{
	int err = 0;

	*more = py_is(p, ",");
	if (*more)
		err = py_next(p);
	else if (!py_is(p, end))
		*plain = false;
	*more = *more && !err && !py_is(p, end);
	return err;
}

static int items(struct py *p, struct val *out, const char *end, bool *plain)
{
	bool more = !py_is(p, end);
	int err = 0;

	while (!err && more && *plain) {
		err = py_one(p, val_add(out), plain);
		if (!err && *plain)
			err = comma(p, end, plain, &more);
	}
	return err || !*plain ? err : py_next(p);
}

static int list(struct py *p, struct val *out, bool *plain)
{
	int err = py_next(p);

	val_set_list(out);
	out->style = VAL_FLOW;
	return err ? err : items(p, out, "]", plain);
}

static int parentheses(struct py *p, struct val *out, bool *plain)
{
	struct val first = VAL_INIT;
	int err = py_next(p);

	val_set_list(out);
	out->style = VAL_PLAIN;
	if (err || py_is(p, ")"))
		return err ? err : py_next(p);
	err = py_one(p, &first, plain);
	if (!err && *plain && py_is(p, ")")) {
		*out = first;
		return py_next(p);
	}
	if (!err && *plain && !py_is(p, ","))
		*plain = false;
	*val_add(out) = first;
	p->constant = false;
	if (!err && *plain)
		err = py_next(p);
	return err || !*plain ? err : items(p, out, ")", plain);
}

static bool hashable(const struct val *v)
{
	if (v->kind == VAL_MAP ||
	    ((v->kind == VAL_LIST || v->kind == VAL_DATE) &&
	     v->style == VAL_FLOW))
		return false;
	for (size_t i = 0; i < v->nr; i++)
		if (!hashable(&v->item[i]))
			return false;
	return true;
}

static void check_key(struct py *p, struct val *key)
{
	if (!p->unhashable && !hashable(key))
		p->unhashable = key->line;
	if (key->kind == VAL_LIST || key->kind == VAL_MAP) {
		const struct val was = *key;
		struct val text = VAL_INIT;

		val_set_nstr(&text, p->text + was.at, was.end - was.at);
		text.kind = VAL_DATE;
		val_clear(key);
		*key = text;
	}
}

static int entry(struct py *p, struct val *out, struct keys *k,
		 struct val *key, bool *plain)
{
	struct val item = VAL_INIT;
	int err = py_next(p);

	if (!err)
		err = py_one(p, &item, plain);
	check_key(p, key);
	if (!err && *plain)
		keys_set(k, out, key, &item);
	val_clear(&item);
	return err;
}

/* {a: 1} or {1, 2}: the first item tells which. */
static int braces_items(struct py *p, struct val *out, struct keys *k,
			bool *plain)
{
	bool more = true, set = false, first = true;
	int err = 0;

	while (!err && more && *plain) {
		struct val key = VAL_INIT;

		err = py_one(p, &key, plain);
		if (first)
			set = !py_is(p, ":");
		first = false;
		if (!err && *plain && !set) {
			if (!py_is(p, ":"))
				*plain = false;
			else
				err = entry(p, out, k, &key, plain);
		} else if (!err && *plain) {
			check_key(p, &key);
		}
		val_clear(&key);
		if (!err && *plain)
			err = comma(p, "}", plain, &more);
	}
	if (set)
		val_set_null(out);
	return err;
}

static int braces(struct py *p, struct val *out, bool *plain)
{
	const char *from = p->at;
	struct keys k = KEYS_INIT;
	int err = py_next(p);

	val_set_map(out);
	out->style = VAL_FLOW;
	if (!err && !py_is(p, "}"))
		err = braces_items(p, out, &k, plain);
	keys_clear(&k);
	if (err || !*plain)
		return err;
	err = py_next(p);
	if (out->kind != VAL_MAP)
		py_as_written(p, out, from, VAL_FLOW);
	return err;
}

int py_collection(struct py *p, struct val *out, bool *plain)
{
	int err;

	if (++p->depth + 2 > VAL_DEPTH_MAX)
		return py_fail(p, "nested too deep");
	err = *p->at == '(' ? parentheses(p, out, plain) :
	      *p->at == '[' ? list(p, out, plain) : braces(p, out, plain);
	p->depth--;
	if (out->kind == VAL_LIST || out->kind == VAL_MAP ||
	    out->style == VAL_FLOW)
		p->constant = false;
	return err;
}
