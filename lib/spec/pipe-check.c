#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/file.h"
#include "base/map.h"
#include "base/mem.h"
#include "spec/pipe.h"

/* An output and whose it is, known by its path. */
struct made {
	const struct stage *stage;
	const struct out *out;
};

static int fail(const struct stage *s, int line, const char *why)
{
	return err_set(ERR_INVALID, "%s: line %d: %s", s->file, line ? line : 1,
		       why);
}

static int twice(const struct stage *s, const struct out *o,
		 const struct made *other)
{
	char *why = other->stage == s ?
		mem_fmt("output '%s' stands twice in stage '%s'", o->path,
			s->addr) :
		mem_fmt("output '%s' is made by two stages: '%s' and '%s'",
			o->path, other->stage->addr, s->addr);
	int err = fail(s, o->line, why);

	free(why);
	return err;
}

static int collect(const struct pipe *p, struct map *made)
{
	for (size_t i = 0; i < p->nr; i++) {
		const struct stage *s = &p->item[i];

		for (size_t j = 0; j < s->nr_out; j++) {
			const struct made *other =
				map_get(made, s->out[j].path);
			struct made *m;

			if (other)
				return twice(s, &s->out[j], other);
			m = mem_new(1, sizeof(*m));
			*m = (struct made){ s, &s->out[j] };
			map_put(made, s->out[j].path, m);
		}
	}
	return 0;
}

/* The output that `path` lies in, or is when `self`; NULL when none. */
static const struct made *around(const struct map *made, const char *path,
				 bool self)
{
	const struct made *m = self ? map_get(made, path) : NULL;
	char *at = mem_dup(path), *slash;

	while (!m && (slash = strrchr(at, '/')) && slash > at) {
		*slash = '\0';
		m = map_get(made, at);
	}
	free(at);
	return m;
}

static int nested(const struct made *m, const struct map *made)
{
	const struct made *outer = around(made, m->out->path, false);
	char *why;
	int err;

	if (!outer)
		return 0;
	why = mem_fmt("output '%s' of stage '%s' is inside output '%s' of "
		      "stage '%s'", m->out->path, m->stage->addr,
		      outer->out->path, outer->stage->addr);
	err = fail(m->stage, m->out->line, why);
	free(why);
	return err;
}

static int buried(const struct stage *s, const struct map *made)
{
	const struct made *outer = around(made, s->file, true);

	return outer ? err_set(ERR_INVALID, "%s: line %d: '%s' is inside "
			       "output '%s' of stage '%s'", s->file,
			       s->line ? s->line : 1, s->file,
			       outer->out->path, outer->stage->addr) : 0;
}

/* A stage, and where its outputs lie when they are too many to walk. */
struct own {
	const struct stage *stage;
	struct map around;	/* each directory above an output -> its path */
};

static void learn(struct own *own)
{
	for (size_t i = 0; i < own->stage->nr_out; i++) {
		char *path = own->stage->out[i].path, *at = mem_dup(path);
		char *slash = at + strlen(at);

		for (; slash > at; slash = strrchr(at, '/')) {
			*slash = '\0';
			if (map_get(&own->around, at))
				break;
			map_put(&own->around, at, path);
			if (!strchr(at, '/'))
				break;
		}
		free(at);
	}
}

static const char *meets(struct own *own, const struct map *made,
			 const char *path)
{
	const struct stage *s = own->stage;
	const struct made *m;

	if (s->nr_out < 16) {
		for (size_t i = 0; i < s->nr_out; i++)
			if (file_inside(s->out[i].path, path) ||
			    file_inside(path, s->out[i].path))
				return s->out[i].path;
		return NULL;
	}
	if (!own->around.nr)
		learn(own);
	m = around(made, path, true);
	if (m && m->stage == s)
		return m->out->path;
	return map_get(&own->around, path);
}

static int needs(struct own *own, const struct map *made, const char *path,
		 int line)
{
	const struct stage *s = own->stage;
	const char *met = meets(own, made, path);

	return !met ? 0 : err_set(ERR_INVALID, "%s: line %d: stage '%s' both "
				  "needs '%s' and makes '%s'", s->file,
				  line ? line : 1, s->addr, path, met);
}

static int selfish(const struct stage *s, const struct map *made)
{
	struct own own = { s, MAP_INIT };
	int err = 0;

	for (size_t i = 0; !err && i < s->nr_dep; i++)
		if (!s->dep[i].url)
			err = needs(&own, made, s->dep[i].path, s->dep[i].line);
	for (size_t i = 0; !err && i < s->nr_param; i++)
		err = needs(&own, made, s->param[i].path, s->param[i].line);
	map_clear(&own.around, NULL);
	return err;
}

int pipe_check(const struct pipe *p)
{
	struct map made = MAP_INIT;
	int err = collect(p, &made);

	for (size_t i = 0; !err && i < made.nr; i++)
		err = nested(made.item[i].value, &made);
	for (size_t i = 0; !err && i < p->nr; i++)
		err = buried(&p->item[i], &made);
	for (size_t i = 0; !err && i < p->nr; i++)
		err = selfish(&p->item[i], &made);
	map_clear(&made, free);
	return err;
}
