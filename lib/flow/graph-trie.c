#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "flow/graph-part.h"

/* The next part of a path, or NULL; "/" stands for an absolute path's root. */
static const char *part(const char **path, size_t *len)
{
	const char *p = *path, *end;

	if (!*p)
		return NULL;
	end = *p == '/' ? p + 1 : p + strcspn(p, "/");
	*len = (size_t)(end - p);
	*path = *end == '/' ? end + 1 : end;
	return p;
}

static char *key_of(size_t at, const char *part, size_t len)
{
	return mem_fmt("%zu/%.*s", at, (int)len, part);
}

/* The child of this name, or 0, which is the root and nobody's child. */
static size_t child(const struct trie *t, size_t at, const char *part,
		    size_t len)
{
	char *key = key_of(at, part, len);
	long found = map_find(&t->find, key);

	free(key);
	return found < 0 ? 0 : (size_t)found + 1;
}

static size_t sow(struct trie *t, size_t above, const char *part, size_t len)
{
	char *key = key_of(above, part, len);
	struct trie_node n = {
		.out = -1, .above = above,
		.far = !above && ((len == 2 && !strncmp(part, "..", 2)) ||
				  *part == '/'),
	};
	size_t *link;

	map_put(&t->find, key, NULL);
	free(key);
	ARRAY_GROW(t);
	t->item[t->nr++] = n;
	link = &t->item[above].first;
	if (*link)
		link = &t->item[t->item[above].last].next;
	*link = t->item[above].last = t->nr - 1;
	return t->nr - 1;
}

void trie_plant(struct trie *t, const char *path, size_t out)
{
	size_t at = 0, len, to;
	const char *p;

	if (!t->nr) {
		ARRAY_GROW(t);
		t->item[t->nr++] = (struct trie_node){ .out = -1 };
	}
	while ((p = part(&path, &len))) {
		to = child(t, at, p, len);
		at = to ? to : sow(t, at, p, len);
	}
	t->item[at].out = (long)out;
}

static void give(const struct trie *t, size_t at, struct graph_list *out)
{
	if (t->item[at].out < 0)
		return;
	ARRAY_GROW(out);
	out->item[out->nr++] = (size_t)t->item[at].out;
}

/* The node after `at` and all below it, still below `top`; or `top`. */
static size_t beside(const struct trie *t, size_t at, size_t top)
{
	while (at != top && !t->item[at].next)
		at = t->item[at].above;
	return at == top ? top : t->item[at].next;
}

/* Everything at and below; from the root only what is inside the project. */
static void collect(const struct trie *t, size_t top, bool all,
		    struct graph_list *out)
{
	size_t at = top;

	do {
		bool skip = t->item[at].far && !all && !top;

		if (!skip)
			give(t, at, out);
		at = !skip && t->item[at].first ? t->item[at].first :
						  beside(t, at, top);
	} while (at != top);
}

void trie_overlap(const struct trie *t, const char *path,
		  struct graph_list *out)
{
	bool top = !strcmp(path, ".");
	size_t at = 0, len;
	const char *p;

	if (!t->nr)
		return;
	while (!top && (p = part(&path, &len))) {
		give(t, at, out);
		at = child(t, at, p, len);
		if (!at)
			return;
	}
	collect(t, at, false, out);
}

void trie_all(const struct trie *t, struct graph_list *out)
{
	if (t->nr)
		collect(t, 0, true, out);
}

long trie_above(const struct trie *t, const char *path)
{
	size_t at = 0, len;
	const char *p;

	while (t->nr && (p = part(&path, &len))) {
		at = child(t, at, p, len);
		if (!at)
			return -1;
		if (t->item[at].out >= 0)
			return t->item[at].out;
	}
	return -1;
}

void trie_clear(struct trie *t)
{
	map_clear(&t->find, NULL);
	free(t->item);
	*t = (struct trie){ 0 };
}
