#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "spec/pipe.h"
#include "spec/pipe-part.h"
#include "spec/val-shape.h"

/* "path:name@key" taken apart: either may be NULL, but not both. */
struct word {
	char *file, *name;
};

static int parse(struct word *out, const char *target)
{
	size_t group = strcspn(target, "@");
	const char *colon = NULL;
	char *path;

	for (size_t i = group; i-- && !strchr("/\\", target[i]);)
		if (target[i] == ':') {
			colon = target + i;
			break;
		}
	path = mem_ndup(target, colon ? (size_t)(colon - target) : group);
	if (!strcmp(file_basename(path), "dvc.lock")) {
		free(path);
		return err_set(ERR_INVALID, "'%s' names a lock file; stages "
			       "stand in dvc.yaml", target);
	}
	if (colon && colon[1] && colon + 1 != target + group) {
		out->name = mem_dup(colon + 1);
		out->file = *path ? path : NULL;
	} else if (pipe_is_file(target)) {
		out->file = mem_dup(target);
	} else {
		out->name = mem_dup(target);
	}
	if (out->file != path)
		free(path);
	return 0;
}

static void pick(struct pipe_pick *to, size_t at)
{
	for (size_t i = 0; at < to->above && i < to->nr; i++)
		if (to->item[i] == at)
			return;
	ARRAY_GROW(to);
	to->item[to->nr++] = at;
	if (at >= to->above)
		to->above = at + 1;
}

static bool is_group(const struct pipe *p, const char *file, const char *name)
{
	char *addr = strcmp(file, "dvc.yaml") ? mem_fmt("%s:%s", file, name) :
		mem_dup(name);
	bool is = strs_has(&p->groups, addr);

	free(addr);
	return is;
}

/* DVC goes by how they begin: "a" means what "a@b" made, too. */
static bool is_meant(const struct stage *s, const char *name, bool group)
{
	size_t len = strlen(name);

	return !strcmp(s->name, name) ||
		(group && !strncmp(s->name, name, len) && s->name[len] == '@');
}

/* Stages of `file`, all or by name; a name for a .dvc file means nothing. */
static bool pick_from(const struct pipe *p, const char *file, const char *name,
		      struct pipe_pick *to)
{
	bool group = name && is_group(p, file, name), found = group;

	for (size_t i = 0; i < p->nr; i++) {
		const struct stage *s = &p->item[i];

		if (strcmp(s->file, file) || (name && s->kind == STAGE_RUN &&
					      !is_meant(s, name, group)))
			continue;
		pick(to, i);
		found = true;
	}
	return found;
}

/* How somebody standing in `cwd` would write this stage. */
static char *spell(const struct stage *s, const char *cwd)
{
	char *from = file_join("/", cwd), *to = file_join("/", s->file);
	char *file = file_relative(from, to), *out;

	if (s->kind == STAGE_DATA)
		out = mem_dup(file);
	else if (!strcmp(file, "dvc.yaml"))
		out = mem_dup(s->name);
	else
		out = mem_fmt("%s:%s", file, s->name);
	free(from);
	free(to);
	free(file);
	return out;
}

static int missing(const struct pipe *p, const char *cwd, const char *target,
		   const char *name)
{
	int err = err_set(ERR_NOTFOUND, "no stage named '%s'", target);
	const struct stage *meant = NULL;
	size_t best = SIZE_MAX;

	for (size_t i = 0; i < p->nr; i++) {
		const struct stage *s = &p->item[i];

		if (!strcmp(s->name, name) || shape_near(name, s->name, &best) ||
		    shape_near(target, s->addr, &best))
			meant = s;
		if (!strcmp(s->name, name))
			break;
	}
	if (meant) {
		char *how = spell(meant, cwd);

		err_hint(err, "did you mean '%s'?", how);
		free(how);
	} else {
		err_hint(err, "'git exp stage list --all' names them all");
	}
	return err;
}

static bool has_file(const struct pipe *p, const char *file)
{
	return strs_has(&p->files, file);
}

static int by_file(const struct pipe *p, const char *cwd, const char *target,
		   const struct word *w, struct pipe_pick *to)
{
	char *file = file_join(*cwd ? cwd : ".", w->file);
	int err = 0;

	if (!pipe_is_file(file))
		err = err_set(ERR_INVALID, "'%s' is no pipeline file: they are "
			      "named dvc.yaml or end in .dvc", w->file);
	else if (!has_file(p, file))
		err = err_set(ERR_NOTFOUND, "no pipeline file '%s' in the "
			      "project", w->file);
	else if (!pick_from(p, file, w->name, to) && w->name)
		err = missing(p, cwd, target, w->name);
	free(file);
	return err;
}

static int by_name(const struct pipe *p, const char *cwd, const char *target,
		   const struct word *w, bool outs, struct pipe_pick *to)
{
	const char *dir = *cwd ? cwd : ".";
	char *file = file_join(dir, "dvc.yaml"), *path;
	const struct stage *s;
	int err = 0;

	if (!pick_from(p, file, w->name, to)) {
		path = file_join(dir, target);
		s = outs ? pipe_maker(p, path) : NULL;
		if (s)
			pick(to, (size_t)(s - p->item));
		else
			err = missing(p, cwd, target, w->name);
		free(path);
	}
	free(file);
	return err;
}

int pipe_target(const struct pipe *p, const char *cwd, const char *target,
		bool outs, struct pipe_pick *index)
{
	struct word w = { 0 };
	int err = parse(&w, target);

	if (err)
		return err;
	err = w.file ? by_file(p, cwd, target, &w, index) :
		by_name(p, cwd, target, &w, outs, index);
	free(w.file);
	free(w.name);
	return err;
}
