#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/os.h"
#include "spec/edit-word.h"
#include "spec/val-shape.h"

int edit_call_bad(const struct edit_call *c, const char *why)
{
	return err_set(ERR_INVALID, "'%s': %s() %s", c->arg, c->name, why);
}

/* How many arguments have no name. */
static size_t plain(const struct edit_call *c)
{
	size_t n = 0;

	while (n < c->nr && !c->item[n].name)
		n++;
	return n;
}

/* The last argument of that name; null is as if it were not there. */
static struct edit_word *named(const struct edit_call *c, const char *name)
{
	struct edit_word *w = NULL;

	for (size_t i = plain(c); i < c->nr; i++)
		if (!strcmp(c->item[i].name, name))
			w = &c->item[i].word;
	return w && (w->kind != EDIT_ONE || w->v.kind != VAL_NULL) ? w : NULL;
}

static bool is_list(const struct edit_word *w)
{
	return w->kind == EDIT_ONE && w->v.kind == VAL_LIST;
}

static void move(struct edit_word *out, struct edit_word *from)
{
	*out = *from;
	from->v = (struct val)VAL_INIT;
}

/* What "1,2" would have been. */
static int gather(struct edit_word *out, struct edit_call *c)
{
	out->kind = EDIT_CHOICE;
	out->simple = true;
	val_set_list(&out->v);
	for (size_t i = 0; i < plain(c); i++) {
		if (c->item[i].word.kind != EDIT_ONE)
			return edit_call_bad(c, "takes one sweep, or values");
		*val_add(&out->v) = c->item[i].word.v;
		c->item[i].word.v = (struct val)VAL_INIT;
	}
	return 0;
}

/* --- casts ----------------------------------------------------------------- */

static int cast_word(struct edit_word *w, const struct edit_call *c)
{
	int err = 0;

	if (w->kind == EDIT_RANGE && *c->name != 'i' && *c->name != 'f')
		return edit_call_bad(c, "cannot be had of a range()");
	if (w->kind == EDIT_ONE)
		return edit_cast(&w->v, c);
	w->shuffle = false;
	for (size_t i = 0; i < w->v.nr && !err; i++)
		err = edit_cast(&w->v.item[i], c);
	return err;
}

static int call_cast(struct edit_word *out, struct edit_call *c)
{
	struct edit_word *value = named(c, "value");
	size_t n = plain(c);
	int err = 0;

	if ((n && value) || (!n && !value))
		return edit_call_bad(c, "takes a value");
	if (n > 1)
		err = gather(out, c);
	else
		move(out, value ? value : &c->item[0].word);
	return err ? err : cast_word(out, c);
}

/* --- sweeps ---------------------------------------------------------------- */

static int call_choice(struct edit_word *out, struct edit_call *c)
{
	struct edit_word *only = c->nr == 1 ? &c->item[0].word : NULL;
	int err;

	if (!c->nr)
		return edit_call_bad(c, "needs at least one value");
	if (only && only->kind == EDIT_CHOICE && only->simple) {
		move(out, only);
		out->simple = false;
		return 0;
	}
	for (size_t i = 0; i < c->nr; i++)
		if (c->item[i].word.kind == EDIT_ONE &&
		    c->item[i].word.v.kind == VAL_NULL)
			return edit_call_bad(c, "cannot choose null; write 'a,null' without it");
	err = gather(out, c);
	out->simple = false;
	return err;
}

static const struct val *number(const struct edit_call *c, size_t at,
				const char *name)
{
	const struct edit_word *w = at < plain(c) ? &c->item[at].word :
						    named(c, name);

	return w ? &w->v : NULL;
}

static int call_range(struct edit_word *out, struct edit_call *c)
{
	static const char *const names[] = { "start", "stop", "step" };
	const struct val *v[3];
	double f;

	for (size_t i = 0; i < 3; i++) {
		v[i] = number(c, i, names[i]);
		if (i == 1 && v[1] && v[1]->kind == VAL_NULL)
			v[1] = NULL;
		if (v[i] && !val_number(v[i], &f))
			return edit_call_bad(c, "takes numbers: start, stop, step");
		for (size_t k = plain(c); i < plain(c) && k < c->nr; k++)
			if (!strcmp(c->item[k].name, names[i]))
				return edit_call_bad(c, "got one of its numbers twice");
	}
	if (!v[0] || plain(c) > 3)
		return edit_call_bad(c, "takes one to three numbers: start, stop, step");
	out->kind = EDIT_RANGE;
	val_set_list(&out->v);
	for (size_t i = 0; i < 3; i++)
		val_set_int(val_add(&out->v), i == 2);
	if (v[1])
		val_copy(&out->v.item[0], v[0]);
	val_copy(&out->v.item[1], v[1] ? v[1] : v[0]);
	if (v[2])
		val_copy(&out->v.item[2], v[2]);
	return 0;
}

/* The tags mean something to Hydra's other sweepers only. */
static int call_tag(struct edit_word *out, struct edit_call *c)
{
	struct edit_word *sweep = named(c, "sweep");
	size_t n = plain(c), texts = sweep ? n : n - 1;

	if (!n)
		return edit_call_bad(c, "takes texts, and a sweep last");
	if (!sweep)
		sweep = &c->item[n - 1].word;
	for (size_t i = 0; i < texts; i++)
		if (c->item[i].word.kind != EDIT_ONE ||
		    c->item[i].word.v.kind != VAL_STR)
			return edit_call_bad(c, "takes texts, and a sweep last");
	if (sweep->kind == EDIT_ONE)
		return edit_call_bad(c, "takes texts, and a sweep last");
	move(out, sweep);
	return 0;
}

/* --- order ----------------------------------------------------------------- */

/* What stands in "list=" or "sweep=", or the only argument, or NULL. */
static int which(struct edit_word **out, struct edit_call *c)
{
	struct edit_word *l = named(c, "list"), *s = named(c, "sweep");

	*out = l ? l : s;
	if ((l && !is_list(l)) || (s && s->kind == EDIT_ONE))
		return edit_call_bad(c, "takes a list or a sweep");
	for (size_t i = 0; i < plain(c); i++)
		if (c->item[i].word.kind == EDIT_ONE &&
		    c->item[i].word.v.kind == VAL_NULL)
			return edit_call_bad(c, "cannot order null");
	if (!*out && plain(c) == 1)
		*out = &c->item[0].word;
	return *out || plain(c) ? 0 : edit_call_bad(c, "needs a value");
}

static int call_shuffle(struct edit_word *out, struct edit_call *c)
{
	struct edit_word *only;
	int err = which(&only, c);

	if (err || !only) {
		err = err ? err : gather(out, c);
		out->shuffle = true;
	} else if (only->kind != EDIT_ONE) {
		move(out, only);
		out->shuffle = true;
	} else if (is_list(only)) {
		move(out, only);
		edit_shuffle(&out->v);
	} else {
		val_set_list(&out->v);
		val_copy(val_add(&out->v), &only->v);
	}
	return err;
}

static int call_sort(struct edit_word *out, struct edit_call *c)
{
	struct edit_word *only, *back = named(c, "reverse");
	bool reverse, fine = true;
	int err = which(&only, c);

	if (!err && back && (back->kind != EDIT_ONE || back->v.kind != VAL_BOOL))
		err = edit_call_bad(c, "takes reverse=true or reverse=false");
	if (err)
		return err;
	reverse = back && back->v.b;
	if (only)
		move(out, only);
	else
		err = gather(out, c);
	for (size_t i = 0; !only && i < out->v.nr; i++)
		fine = fine && out->v.item[i].kind < VAL_DATE;
	if (out->kind == EDIT_RANGE)
		fine = edit_sort_range(&out->v, reverse);
	else if (fine && !err && out->v.kind == VAL_LIST)
		fine = edit_sort(&out->v, reverse);
	return err || fine ? err :
		edit_call_bad(c, "cannot compare these values with each other");
}

/* --- all of them ------------------------------------------------------------- */

static int call_none(struct edit_word *out, struct edit_call *c)
{
	(void)out;
	edit_call_bad(c, "is not supported");
	return err_hint(ERR_INVALID, "list the values: 'key=1,2,3', or use "
			"'key=range(start,stop,step)'");
}

static const struct {
	const char *name;
	int (*call)(struct edit_word *out, struct edit_call *c);
	const char *names[4];	/* of its arguments */
} functions[] = {
	{ "bool", call_cast, { "value" } },
	{ "choice", call_choice, { NULL } },
	{ "float", call_cast, { "value" } },
	{ "glob", call_none, { "include", "exclude" } },
	{ "int", call_cast, { "value" } },
	{ "interval", call_none, { "start", "end" } },
	{ "range", call_range, { "start", "stop", "step" } },
	{ "shuffle", call_shuffle, { "sweep", "list" } },
	{ "sort", call_sort, { "sweep", "list", "reverse" } },
	{ "str", call_cast, { "value" } },
	{ "tag", call_tag, { "sweep" } },
};
#define FUNCTIONS (sizeof(functions) / sizeof(*functions))

static int unknown(const struct edit_call *c)
{
	const char *near = NULL;
	size_t best = SIZE_MAX;

	for (size_t i = 0; i < FUNCTIONS; i++)
		if (shape_near(c->name, functions[i].name, &best))
			near = functions[i].name;
	err_set(ERR_INVALID, "'%s': there is no function '%s'", c->arg, c->name);
	if (near)
		return err_hint(ERR_INVALID, "did you mean '%s'?", near);
	return err_hint(ERR_INVALID, "functions are bool, choice, float, int, "
			"range, shuffle, sort, str and tag; a text with '(' "
			"in it needs quotes");
}

/* Names that it knows; and texts are no longer quoted. */
static int arguments(struct edit_call *c, const char *const *names)
{
	for (size_t i = 0; i < c->nr; i++) {
		struct edit_arg *a = &c->item[i];
		size_t k = 0;

		while (a->name && k < 4 && names[k] && strcmp(names[k], a->name))
			k++;
		if (a->name && (k == 4 || !names[k]))
			return err_set(ERR_INVALID, "'%s': %s() takes no '%s'",
				       c->arg, c->name, a->name);
		if (a->word.kind == EDIT_ONE && a->word.v.kind == VAL_STR)
			a->word.v.style = VAL_PLAIN;
	}
	return 0;
}

int edit_call(struct edit_word *out, struct edit_call *c)
{
	int err;

	for (size_t i = 0; i < FUNCTIONS; i++) {
		if (strcmp(functions[i].name, c->name))
			continue;
		err = arguments(c, functions[i].names);
		return err ? err : functions[i].call(out, c);
	}
	return unknown(c);
}
