#include <string.h>
#include "base/err.h"
#include "base/mem.h"
#include "spec/val-anchor.h"
#include "spec/val-map.h"
#include "spec/val-py.h"
#include "spec/val-text.h"

/* Where the names of a block go; NULL where nobody wants them. */
struct scope {
	struct val *map;
	struct keys keys;
	bool self;		/* in __init__: only self.x */
};

static int block(struct py *p, struct scope *in);

static void name_of(struct val *key, const struct py *p)
{
	val_set_nstr(key, p->at, p->len);
	key->line = p->at_line;
	key->at = (size_t)(p->at - p->text);
	key->end = key->at + p->len;
}

/* --- passing over --------------------------------------------------------- */

/* To the end of the statement: the next token is ';' or the line's end. */
static int skip(struct py *p)
{
	int err = 0;

	while (!err && p->kind != PY_NEWLINE && p->kind != PY_END &&
	       (p->nr_open || !py_is(p, ";")))
		err = py_next(p);
	return err;
}

/* To the ':' that ends the head of a block; false when the line ends first. */
static int skip_head(struct py *p, bool *found)
{
	size_t lambdas = 0;
	int err = 0;

	while (!err && p->kind != PY_NEWLINE && p->kind != PY_END) {
		if (!p->nr_open && py_is(p, ":") && !lambdas)
			break;
		if (!p->nr_open && py_is(p, ":"))
			lambdas--;
		if (!p->nr_open && py_is(p, "lambda"))
			lambdas++;
		err = py_next(p);
	}
	*found = !err && py_is(p, ":");
	return err;
}

/* --- assignments ------------------------------------------------------------- */

/* NAME or self.NAME, perhaps in parentheses; an empty key for all else. */
static int target(struct py *p, struct val *key, bool self)
{
	size_t open = 0;
	bool dotted = false, is_self;
	int err = 0;

	for (; !err && py_is(p, "("); open++)
		err = py_next(p);
	if (!err && (py_is(p, "None") || py_is(p, "True") ||
		     py_is(p, "False"))) {
		err = py_next(p);
		if (!err && (py_is(p, "=") || py_is(p, ":")))
			err = py_fail(p, "no value can be given to a constant");
		return err;
	}
	if (err || p->kind != PY_NAME || py_reserved(p))
		return err;
	name_of(key, p);
	is_self = py_is(p, "self");
	err = py_next(p);
	if (!err && py_is(p, ".")) {
		dotted = true;
		err = py_next(p);
		if (!err && p->kind == PY_NAME)
			name_of(key, p);
		if (!err)
			err = py_next(p);
	}
	for (; !err && open && py_is(p, ")"); open--)
		err = py_next(p);
	if (open || (dotted ? !is_self : self))
		val_clear(key);
	return err;
}

/* To the '=' after the type of a name, if one comes. */
static int skip_type(struct py *p)
{
	int err = 0;

	while (!err && p->kind != PY_NEWLINE && p->kind != PY_END &&
	       (p->nr_open || (!py_is(p, ";") && !py_is(p, "="))))
		err = py_next(p);
	return err;
}

static int simple(struct py *p, struct scope *in)
{
	struct val key = VAL_INIT, value = VAL_INIT;
	bool plain = false;
	int err = target(p, &key, in->self);

	if (!err && key.kind == VAL_STR && py_is(p, ":"))
		err = skip_type(p);
	if (!err && key.kind == VAL_STR && py_is(p, "=")) {
		err = py_next(p);
		if (!err)
			err = py_value(p, &value, &plain);
	}
	if (!err && plain)
		keys_set(&in->keys, in->map, &key, &value);
	val_clear(&key);
	val_clear(&value);
	return err ? err : skip(p);
}

static int simple_line(struct py *p, struct scope *in)
{
	int err = simple(p, in);

	while (!err && py_is(p, ";")) {
		err = py_next(p);
		if (!err && p->kind != PY_NEWLINE)
			err = simple(p, in);
	}
	return err ? err : py_next(p);
}

/* --- blocks ----------------------------------------------------------------- */

/* After the ':': statements on the same line, or a block of lines. */
static int suite(struct py *p, struct scope *in)
{
	int err = py_next(p);

	if (err)
		return err;
	if (p->kind != PY_NEWLINE)
		return simple_line(p, in);
	err = py_next(p);
	if (!err)
		err = py_next(p);
	return err ? err : block(p, in);
}

/* From an INDENT to what comes after its DEDENT. */
static int skip_block(struct py *p)
{
	size_t depth = 0;
	int err = 0;

	do {
		depth += p->kind == PY_INDENT;
		depth -= p->kind == PY_DEDENT;
		err = py_next(p);
	} while (!err && depth);
	return err;
}

static int skip_line(struct py *p)
{
	int err = 0;

	while (!err && p->kind != PY_NEWLINE && p->kind != PY_END)
		err = py_next(p);
	return err ? err : py_next(p);
}

static int skip_suite(struct py *p)
{
	int err = skip_line(p);

	return err || p->kind != PY_INDENT ? err : skip_block(p);
}

/* "class NAME ... :", up to the ':'. */
static int head(struct py *p, struct val *name)
{
	bool found;
	int err = py_next(p);

	if (err || p->kind != PY_NAME || py_reserved(p))
		return err ? err : py_fail(p, "a name is missing");
	name_of(name, p);
	err = skip_head(p, &found);
	return err || found ? err : py_fail(p, "':' is missing");
}

static int class(struct py *p, struct scope *in)
{
	struct val key = VAL_INIT, map = VAL_INIT;
	struct scope own = { &map, KEYS_INIT, false };
	int err = head(p, &key);

	val_set_map(&map);
	if (!err && ++p->depth + 2 > VAL_DEPTH_MAX)
		err = py_fail(p, "nested too deep");
	if (!err)
		err = suite(p, &own);
	p->depth--;
	keys_clear(&own.keys);
	if (!err)
		keys_set(&in->keys, in->map, &key, &map);
	val_clear(&key);
	val_clear(&map);
	return err;
}

static int function(struct py *p, struct scope *in)
{
	struct val name = VAL_INIT;
	bool was = in->self, init;
	int err = head(p, &name);

	init = !err && !strcmp(name.s, "__init__");
	val_clear(&name);
	if (err || !init)
		return err ? err : skip_suite(p);
	in->self = true;
	err = suite(p, in);
	in->self = was;
	return err;
}

/* What a statement may go on with: "except" after "try". */
enum part { NONE, BRANCH, LOOP, TRY, EXCEPT, TRY_ELSE, OTHER };

static enum part part_of(const struct py *p, enum part before)
{
	if (py_is(p, "if") || py_is(p, "elif"))
		return BRANCH;
	if (py_is(p, "for") || py_is(p, "while"))
		return LOOP;
	if (py_is(p, "try"))
		return TRY;
	if (py_is(p, "except"))
		return EXCEPT;
	if (py_is(p, "else"))
		return before == EXCEPT ? TRY_ELSE : OTHER;
	if (py_is(p, "with") || py_is(p, "async") || py_is(p, "finally"))
		return OTHER;
	return NONE;
}

static bool fits(const struct py *p, enum part before)
{
	if (py_is(p, "elif"))
		return before == BRANCH;
	if (py_is(p, "else"))
		return before == BRANCH || before == LOOP || before == EXCEPT;
	if (py_is(p, "except"))
		return before == TRY || before == EXCEPT;
	if (py_is(p, "finally"))
		return before == TRY || before == EXCEPT || before == TRY_ELSE;
	return before != TRY;
}

static int compound(struct py *p)
{
	bool found;
	int err = skip_head(p, &found);

	if (!err && !found)
		err = py_fail(p, "':' is missing");
	return err ? err : skip_suite(p);
}

static int decorator(struct py *p)
{
	int err = skip_line(p);

	if (err || py_is(p, "@") || py_is(p, "class") || py_is(p, "def") ||
	    py_is(p, "async"))
		return err;
	return py_fail(p, "a decorator with nothing behind it");
}

static int statement(struct py *p, struct scope *in, enum part *part)
{
	bool match = py_is(p, "match");
	int err;

	if (!fits(p, *part))
		return *part == TRY ? py_fail(p, "'except' is missing") :
		       py_fail(p, "'%.*s' cannot stand here", (int)p->len,
			       p->at);
	*part = part_of(p, *part);
	if (py_is(p, "@"))
		return decorator(p);
	if (py_is(p, "class"))
		return class(p, in);
	if (py_is(p, "def"))
		return function(p, in);
	if (*part)
		return compound(p);
	err = simple_line(p, in);
	if (err || p->kind != PY_INDENT)
		return err;
	return match ? skip_block(p) : py_fail(p, "indented without need");
}

static int block(struct py *p, struct scope *in)
{
	enum part part = NONE;
	int err = 0;

	while (!err && p->kind != PY_DEDENT && p->kind != PY_END)
		err = statement(p, in, &part);
	if (!err && part == TRY)
		return py_fail(p, "'except' is missing");
	return err || p->kind == PY_END ? err : py_next(p);
}

static int module(struct py *p, struct val *out)
{
	struct scope in = { out, KEYS_INIT, false };
	size_t len = (size_t)(p->end - p->text), bad = val_utf8(p->text, len);
	const char *nul = memchr(p->text, 0, len);
	int err = 0;

	if (bad < len || nul) {
		const char *s = bad < len ? p->text + bad : nul;

		p->line += val_lines(p->text, s, p->end);
		return py_fail(p, bad < len ? "not UTF-8" : "a NUL byte");
	}
	val_set_map(out);
	err = py_next(p);
	while (!err && p->kind != PY_END)
		err = block(p, &in);
	keys_clear(&in.keys);
	return err;
}

int val_py(struct val *out, const char *text, size_t len, const char *name)
{
	struct py p = {
		.text = text, .s = text, .end = text + len, .name = name,
		.line = 1, .begins = true, .at = text, .done = text,
		.spare = 8 * len + 4096,
	};
	struct val v = VAL_INIT;
	int err = module(&p, &v);

	if (err)
		val_clear(&v);
	val_clear(out);
	*out = v;
	return err;
}
