#include "base/buf.h"
#include "base/err.h"
#include "spec/block.h"
#include "spec/edit-part.h"
#include "spec/val.h"

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

int edit_stuck(const struct edit_site *s, const char *why)
{
	return err_set(ERR_INVALID, "%s: cannot change '%s': %s", s->name,
		       s->key, why);
}

int edit_find(struct edit_site *s, const struct val *root,
	      const struct edit_change *c)
{
	const struct val *v = root;

	s->nr = 0;
	push(s, root, 0, s->text->len);
	for (size_t k = 0; k < c->nr; k++) {
		size_t i = c->path[k];

		v = &v->item[i];
		if (v->alias)
			return err_set(ERR_INVALID, "%s: line %d: '%s' comes "
				       "from an alias and cannot be changed "
				       "alone", s->name, v->line, s->key);
		push(s, v, i, below(s, i));
	}
	return 0;
}
