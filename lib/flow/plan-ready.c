#include <stdbool.h>
#include "base/err.h"
#include "base/file.h"
#include "flow/graph.h"
#include "flow/plan.h"
#include "flow/seen.h"

static bool overlap(const char *a, const char *b)
{
	return file_inside(a, b) || file_inside(b, a);
}

static bool is_made(const struct graph *g, const char *path)
{
	for (size_t i = 0; i < g->nr; i++)
		for (size_t k = 0; k < g->item[i].stage->nr_out; k++)
			if (overlap(g->item[i].stage->out[k].path, path))
				return true;
	return false;
}

static int gone(const struct stage *s, const char *what, const char *def,
		int line)
{
	int err = seen_gone(s, what, def, line);

	return err_hint(err, "no stage makes it: put it there, or correct its name");
}

/* An input that is not there or cannot be used, and that no stage makes. */
static int find_bad(const struct stage *s, const struct graph *g,
		    const struct seen *seen)
{
	struct lock_entry e = LOCK_ENTRY_INIT;
	int err;

	for (size_t i = 0; i < s->nr_dep; i++)
		if (!s->dep[i].url && !is_made(g, s->dep[i].path) &&
		    seen_path(seen, s->dep[i].path)->kind == CONTENT_NONE)
			return gone(s, "dependency", s->dep[i].def,
				    s->dep[i].line);
	for (size_t i = 0; i < s->nr_param; i++) {
		if (is_made(g, s->param[i].path))
			return 0;
		if (seen_params(seen, s->param[i].path)->state == SEEN_MISSING)
			return gone(s, "parameter file", s->param[i].def,
				    s->param[i].line);
	}
	err = seen_pick(seen, s, &e);
	lock_entry_clear(&e);
	return err;
}

int plan_ready(const struct plan *p, const struct graph *g,
	       const struct seen *seen, bool keep_going)
{
	bool first = !keep_going;

	for (size_t i = 0; i < p->nr; i++) {
		const struct plan_item *item = &p->item[i];
		int err;

		if (item->what != PLAN_RUN && item->what != PLAN_MAYBE)
			continue;
		err = find_bad(item->stage, g, seen);
		if (err && first)
			return err;
		if (err)
			err_warn("%s, and no stage before it says that it will change that", err_message());
		err_clear();
		first = false;
	}
	return 0;
}
