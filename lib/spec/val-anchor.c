#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "spec/val-anchor.h"
#include "spec/val.h"

#define ADDED_MAX 1000000

struct anchor {
	struct anchor *next;
	struct val val;
	bool open;		/* its value is still being read */
	size_t nodes, depth;
};

struct anchor *anchors_begin(struct anchors *a, const char *name)
{
	struct anchor *one = mem_new(1, sizeof(*one));

	one->open = true;
	one->next = a->all;
	a->all = one;
	map_put(&a->last, name, one);
	return one;
}

static void measure(const struct val *v, size_t depth, struct anchor *a)
{
	a->nodes++;
	if (depth > a->depth)
		a->depth = depth;
	for (size_t i = 0; i < v->nr; i++)
		measure(&v->item[i], depth + 1, a);
}

void anchor_end(struct anchor *a, const struct val *v)
{
	val_copy(&a->val, v);
	measure(v, 0, a);
	a->open = false;
}

void val_mark_alias(struct val *v)
{
	v->alias = true;
	for (size_t i = 0; i < v->nr; i++) {
		val_mark_alias(&v->item[i]);
		if (v->key)
			v->key[i].alias = true;
	}
}

const char *anchors_use(struct anchors *a, const char *name, size_t depth,
			struct val *out)
{
	struct anchor *one = map_get(&a->last, name);

	if (!one)
		return "there is no anchor";
	if (one->open)
		return "an alias inside of what it names:";
	a->added += one->nodes;
	if (a->added > ADDED_MAX)
		return "too many values come through aliases, at";
	if (depth + one->depth > VAL_DEPTH_MAX)
		return "nested too deep by the alias";
	val_copy(out, &one->val);
	val_mark_alias(out);
	if (!out->named)
		out->named = out->at + 1;
	return NULL;
}

void anchors_clear(struct anchors *a)
{
	while (a->all) {
		struct anchor *one = a->all;

		a->all = one->next;
		val_clear(&one->val);
		free(one);
	}
	map_clear(&a->last, NULL);
	*a = (struct anchors)ANCHORS_INIT;
}

size_t anchor_skip(const char *s, size_t len, size_t at)
{
	while (at < len && (s[at] == '&' || s[at] == '!')) {
		while (at < len && !strchr(" \t\r\n", s[at]))
			at++;
		while (at < len && strchr(" \t\r\n#", s[at])) {
			bool comment = s[at++] == '#';

			while (comment && at < len && s[at] != '\n')
				at++;
		}
	}
	return at;
}
