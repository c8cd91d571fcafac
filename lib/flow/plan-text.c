#include <stdlib.h>
#include "base/buf.h"
#include "flow/plan-part.h"

/* %w what, %f file, %o old, %n now */
static const char *const says[] = {
	[WHY_FORCED] = "forced",
	[WHY_NEVER] = "never ran",
	[WHY_COMMAND] = "command changed",
	[WHY_ALWAYS] = "always changed",
	[WHY_PARAM] = "param %w: %o -> %n (%f)",
	[WHY_PARAM_NEW] = "param %w is new (%f)",
	[WHY_PARAM_GONE] = "param %w is missing (%f)",
	[WHY_PARAM_FILE] = "parameter file %w is missing",
	[WHY_DEP] = "dependency %w changed",
	[WHY_DEP_NEW] = "dependency %w is new",
	[WHY_DEP_GONE] = "dependency %w is missing",
	[WHY_OUT] = "output %w changed",
	[WHY_OUT_NEW] = "output %w is new",
	[WHY_OUT_GONE] = "output %w is missing",
	[WHY_OUT_CACHE] = "output %w is not in the cache",
	[WHY_SUM] = "the checksum of its .dvc file changed",
	[WHY_WAITS] = "waits for %w",
};

static const char *part(const struct why *w, char which)
{
	const char *s = which == 'w' ? w->what : which == 'f' ? w->file :
			which == 'o' ? w->old : w->now;

	return s ? s : "";
}

void plan_why_text(struct buf *out, const struct why *w)
{
	for (const char *p = says[w->kind]; *p; p++) {
		const char *s;

		if (*p != '%') {
			buf_char(out, *p);
			continue;
		}
		s = part(w, *++p);
		buf_safe(out, s, strlen(s));
	}
}

void plan_why_all(struct buf *out, const struct whys *w)
{
	for (size_t i = 0; i < w->nr; i++) {
		if (i)
			buf_str(out, "; ");
		plan_why_text(out, &w->item[i]);
	}
}

const char *plan_word(const struct plan_item *item)
{
	static const char *const words[] = {
		[PLAN_KEEP] = "up to date", [PLAN_FETCH] = "is cached",
		[PLAN_RUN] = "will run", [PLAN_MAYBE] = "may run",
		[PLAN_COMMIT] = "changed", [PLAN_MISSING] = "missing",
	};

	return words[item->what];
}

size_t plan_work(const struct plan *p)
{
	size_t nr = 0;

	for (size_t i = 0; i < p->nr; i++)
		nr += p->item[i].what != PLAN_KEEP;
	return nr;
}

void plan_why_clear(struct why *w)
{
	free(w->what);
	free(w->file);
	free(w->path);
	free(w->old);
	free(w->now);
}
