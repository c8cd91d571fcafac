#include <string.h>
#include "base/buf.h"
#include "base/mem.h"
#include "spec/val-py.h"

void py_place(const struct py *p, struct val *v, const char *from, int line)
{
	v->line = line;
	v->at = (size_t)(from - p->text);
	v->end = (size_t)(p->done - p->text);
}

/* What JSON has not is kept as it is written. */
void py_as_written(const struct py *p, struct val *v, const char *from,
		       enum val_style style)
{
	val_set_nstr(v, from, (size_t)(p->done - from));
	v->kind = VAL_DATE;
	v->style = style;
}

/* --- scalars --------------------------------------------------------------- */

static int number(struct py *p, struct val *out)
{
	int err = py_number(p, out);

	if (!err)
		err = py_next(p);
	p->constant = true;
	return err;
}

/* Strings side by side are one. */
static int strings(struct py *p, struct val *out, bool *plain)
{
	struct buf b = BUF_INIT;
	enum val_kind kind = VAL_NULL;
	int err = 0;

	while (!err && p->kind == PY_STRING) {
		struct val v = VAL_INIT;

		err = py_string(p, &v, plain);
		if (!err && kind && v.kind != kind)
			err = py_fail(p, "bytes and text side by side");
		kind = v.kind;
		buf_add(&b, v.s, v.len);
		out->style = v.style;
		val_clear(&v);
		if (!err)
			err = py_next(p);
	}
	out->kind = kind;
	out->len = b.len;
	out->s = buf_take(&b);
	return err;
}

static bool constant_word(const struct py *p, struct val *out)
{
	if (py_is(p, "None"))
		val_set_null(out);
	else if (py_is(p, "True") || py_is(p, "False"))
		val_set_bool(out, py_is(p, "True"));
	else
		return false;
	return true;
}

/* True, False, None, and set(), which is how an empty set is written. */
static int word(struct py *p, struct val *out, bool *plain)
{
	const char *from = p->at;
	bool set = py_is(p, "set");
	int err;

	if (!constant_word(p, out) && !set)
		*plain = false;
	if (!*plain)
		return 0;
	err = py_next(p);
	for (const char *want = set ? "()" : ""; !err && *want; want++) {
		const char sign[2] = { *want, '\0' };

		if (!py_is(p, sign)) {
			*plain = false;
			return 0;
		}
		err = py_next(p);
	}
	if (!err && set)
		py_as_written(p, out, from, VAL_FLOW);
	return err;
}

static bool is_complex(const struct val *v)
{
	return v->kind == VAL_DATE && v->style == VAL_BLOCK;
}

static void negate(struct val *v)
{
	if (v->kind == VAL_FLOAT)
		v->f = -v->f;
	if (v->kind != VAL_INT || !strcmp(v->s, "0"))
		return;
	mem_set(&v->s, mem_fmt("-%s", v->s));
	v->len++;
}

static int atom(struct py *p, struct val *out, bool *plain);

static int signed_number(struct py *p, struct val *out, bool *plain)
{
	const char *from = p->at;
	bool minus = py_is(p, "-");
	int err = py_next(p);

	if (!err)
		err = atom(p, out, plain);
	*plain = *plain && p->constant;
	if (err || !*plain)
		return err;
	if (minus)
		negate(out);
	if (is_complex(out))
		py_as_written(p, out, from, VAL_BLOCK);
	p->constant = false;
	return 0;
}

/* --- either ------------------------------------------------------------------ */

static int dots(struct py *p, struct val *out)
{
	const char *from = p->at;
	int err = py_next(p);

	py_as_written(p, out, from, VAL_PLAIN);
	return err;
}

static int atom(struct py *p, struct val *out, bool *plain)
{
	bool inside = p->kind == PY_OP && *p->at == '(' && p->len == 1;
	const char *from = p->at;
	int line = p->at_line, err = 0;

	p->constant = false;
	if (p->kind == PY_NUMBER)
		err = number(p, out);
	else if (p->kind == PY_STRING)
		err = strings(p, out, plain);
	else if (p->kind == PY_NAME)
		err = word(p, out, plain);
	else if (py_is(p, "-") || py_is(p, "+"))
		err = signed_number(p, out, plain);
	else if (py_is(p, "(") || py_is(p, "[") || py_is(p, "{"))
		err = py_collection(p, out, plain);
	else if (py_is(p, "..."))
		err = dots(p, out);
	else
		*plain = false;
	if (!inside || (out->kind == VAL_LIST && !out->end))
		py_place(p, out, from, line);
	return err;
}

/* A number and the imaginary part of another make a complex one. */
static int sum(struct py *p, struct val *out, bool *plain)
{
	const char *from = p->text + out->at;
	bool real = out->kind == VAL_INT || out->kind == VAL_FLOAT;
	struct val right = VAL_INIT;
	int line = out->line, err = py_next(p);

	if (!err)
		err = atom(p, &right, plain);
	if (!err && *plain)
		*plain = real && p->constant && is_complex(&right);
	val_clear(&right);
	p->constant = false;
	if (!err && *plain) {
		py_as_written(p, out, from, VAL_BLOCK);
		py_place(p, out, from, line);
	}
	return err;
}

int py_one(struct py *p, struct val *out, bool *plain)
{
	int err = atom(p, out, plain);

	if (!err && *plain && (py_is(p, "+") || py_is(p, "-")))
		err = sum(p, out, plain);
	return err;
}

/* 1, 2 without parentheses. */
static int bare_tuple(struct py *p, struct val *out, bool *plain)
{
	struct val first = *out;
	int err = 0;

	*out = (struct val)VAL_INIT;
	val_set_list(out);
	out->style = VAL_PLAIN;
	*val_add(out) = first;
	while (!err && *plain && py_is(p, ",")) {
		err = py_next(p);
		if (err || p->kind == PY_NEWLINE || py_is(p, ";") ||
		    py_is(p, "="))
			break;
		err = py_one(p, val_add(out), plain);
	}
	py_place(p, out, p->text + out->item[0].at, out->item[0].line);
	return err;
}

int py_value(struct py *p, struct val *out, bool *plain)
{
	int err;

	*plain = true;
	p->unhashable = 0;
	err = py_one(p, out, plain);
	if (!err && *plain && py_is(p, ","))
		err = bare_tuple(p, out, plain);
	if (!err && *plain && py_is(p, ":"))
		err = py_fail(p, "':' cannot stand here");
	if (!err && *plain && p->kind != PY_NEWLINE && !py_is(p, ";"))
		*plain = false;
	if (!err && *plain && p->unhashable) {
		p->line = p->unhashable;
		err = py_fail(p, "a list or a dict can be no key");
	}
	return err;
}
