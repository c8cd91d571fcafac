#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "spec/tmpl-part.h"
#include "spec/val-shape.h"

/* --- places -------------------------------------------------------------------- */

static const char *find(const char *text, size_t len, const char *word,
			size_t n)
{
	for (const char *at = text; n && n <= len; at++, len--) {
		const char *hit = memchr(at, *word, len - n + 1);

		if (!hit)
			return NULL;
		len -= (size_t)(hit - at);
		at = hit;
		if (!memcmp(at, word, n))
			return at;
	}
	return NULL;
}

/* Line and column of the "${...}" as it stands in the file. */
static void locate(const struct tmpl *t, const struct val *v,
		   const struct match *m, int *line, int *column)
{
	const char *hit, *at = t->text ? t->text + v->at : NULL;
	const char *from = at;

	*line = v->line;
	*column = 0;
	if (!m || !at || v->alias || v->end <= v->at || v->end > t->len)
		return;
	hit = find(at, v->end - v->at, m->name - 2, m->len + 3);
	if (!hit)
		return;
	while (from > t->text && from[-1] != '\n')
		from--;
	for (; at < hit; at++)
		if (*at == '\n') {
			++*line;
			from = at + 1;
		}
	*column = 1;
	for (; from < hit; from++)
		*column += (*from & 0xc0) != 0x80;
}

/* --- words --------------------------------------------------------------------- */

int tmpl_fail(struct tmpl *t, const struct shape_where *w, const struct val *v,
	      const struct match *m, const char *trouble, const char *fmt, ...)
{
	struct buf b = BUF_INIT;
	int line, column, err;
	va_list ap;

	va_start(ap, fmt);
	buf_vfmt(&b, fmt, ap);
	va_end(ap);
	t->trouble = trouble;
	locate(t, v, m, &line, &column);
	err = shape_at(w, line, column, "%s", b.s);
	buf_clear(&b);
	return err;
}

int tmpl_spend(struct tmpl *t, const struct shape_where *w, size_t cost)
{
	if (cost > t->left) {
		t->left = 0;
		t->trouble = "MemoryError";
		return shape_fail(w, 0, "the templates make more of it than "
				  "anybody can mean");
	}
	t->left -= cost;
	return 0;
}

int tmpl_keep(struct tmpl *t, const struct shape_where *w, size_t bytes)
{
	if (bytes > t->room)
		return tmpl_spend(t, w, SIZE_MAX);
	t->room -= bytes;
	return 0;
}

/* --- what was meant --------------------------------------------------------------- */

struct guess {
	const char *word;	/* the missing part */
	const struct node *best;
	size_t far;
	size_t tries;
};

static void look(struct guess *g, const struct node *n, bool deep)
{
	for (size_t i = 0; i < KIDS(n) && g->tries; i++) {
		const char *name = n->kids->item[i].key;

		g->tries--;
		if (!strcmp(name, g->word) && g->far) {
			g->best = n->kids->item[i].value;
			g->far = 0;
		} else if (shape_near(g->word, name, &g->far)) {
			g->best = n->kids->item[i].value;
		}
	}
	for (size_t i = 0; deep && i < KIDS(n) && g->tries; i++)
		look(g, n->kids->item[i].value, true);
}

/* Where the missing part should have been, or NULL for the top. */
static const struct node *holder(struct tmpl *t, const struct match *m,
				 const char *bad)
{
	const char *at = m->name;
	size_t len = strlen(bad), from = 0;

	while ((at = find(at, m->len - (size_t)(at - m->name), bad, len))) {
		char *worse = NULL;
		const struct node *n;

		from = (size_t)(at - m->name);
		n = from > 1 ? node_find(t, m->name, from - 1, &worse) : NULL;
		free(worse);
		if (n)
			return n;
		at++;
	}
	return NULL;
}

int tmpl_missing(struct tmpl *t, const struct shape_where *w,
		 const struct val *v, const struct match *m, const char *bad)
{
	struct guess g = { .word = bad, .far = SIZE_MAX, .tries = 2000 };
	const struct node *in = holder(t, m, bad);
	char *path;
	int err = tmpl_fail(t, w, v, m, "ResolveError", "nothing is named "
			    "'%.*s'", (int)m->len, m->name);

	if (in)
		look(&g, in, false);
	if (!g.best && t->layer)
		look(&g, t->layer, !in);
	if (!g.best && t->top)
		look(&g, t->top, !in);
	if (!g.best)
		return err;
	path = node_path(g.best);
	err_hint(err, "did you mean '${%s}'?", path);
	free(path);
	return err;
}
