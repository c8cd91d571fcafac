#include "base/buf.h"
#include "base/err.h"
#include "spec/block.h"
#include "spec/edit-part.h"
#include "spec/val.h"

static bool named(const struct val *key, const char *name, size_t len)
{
	char *text;
	bool yes;

	val_key_text(key, &text);
	yes = strlen(text) == len && !memcmp(text, name, len);
	free(text);
	return yes;
}

static long number(const char *name, size_t len)
{
	long n = 0;

	if (!len || len > 9)
		return -1;
	for (size_t i = 0; i < len; i++) {
		if (name[i] < '0' || name[i] > '9')
			return -1;
		n = 10 * n + name[i] - '0';
	}
	return n;
}

static long find(const struct val *v, const char *name, size_t len)
{
	long n;

	if (v->kind == VAL_LIST) {
		n = number(name, len);
		return n >= 0 && (size_t)n < v->nr ? n : -1;
	}
	for (size_t i = 0; v->kind == VAL_MAP && i < v->nr; i++)
		if (named(&v->key[i], name, len))
			return (long)i;
	return -1;
}

/* Where the line with the dash of a list's item begins. */
static size_t dash(const char *text, size_t at)
{
	size_t from = at;

	while (from && strchr(" \t\r\n", text[from - 1]))
		from--;
	if (!from || text[from - 1] != '-')
		from = at;
	return block_line(text, from);
}

static size_t below(const struct edit_site *s, size_t i)
{
	const struct edit_step *top = &s->step[s->nr - 1];
	const char *text = s->text->s;
	size_t at;

	if (block_is(top->v))
		return block_limit(text, top->v, i, top->limit);
	if (top->flow || top->v->kind != VAL_LIST || i + 1 >= top->v->nr)
		return top->limit;
	at = dash(text, top->v->item[i + 1].at);
	return at < top->limit ? at : top->limit;
}

static void push(struct edit_site *s, const struct val *v, size_t i,
		 size_t limit)
{
	bool flow = s->nr && s->step[s->nr - 1].flow;

	s->step[s->nr++] = (struct edit_step){
		.v = v, .i = i, .limit = limit,
		.flow = flow || ((v->kind == VAL_MAP || v->kind == VAL_LIST) &&
				 v->style == VAL_FLOW),
	};
}

static int aliased(const struct edit_site *s, const struct val *v)
{
	return err_set(ERR_INVALID, "%s: line %d: '%.*s' comes from an alias "
		       "and cannot be changed alone", s->name, v->line,
		       (int)(s->rest - s->key), s->key);
}

int edit_find(struct edit_site *s, const struct val *root)
{
	s->nr = 0;
	s->rest = s->key;
	push(s, root, 0, s->text->len);
	while (*s->rest) {
		const struct val *v = s->step[s->nr - 1].v;
		size_t len = strcspn(s->rest, ".");
		long i = find(v, s->rest, len);

		if (i < 0 || s->nr == EDIT_DEPTH)
			return 0;
		s->rest += len;
		if (v->item[i].alias)
			return aliased(s, &v->item[i]);
		s->rest += *s->rest == '.';
		push(s, &v->item[i], (size_t)i, below(s, (size_t)i));
	}
	return 0;
}
