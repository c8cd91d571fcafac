#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/src.h"
#include "spec/conf.h"
#include "spec/pipe.h"
#include "spec/pipe-part.h"
#include "spec/tmpl.h"
#include "spec/val-shape.h"

bool pipe_is_file(const char *path)
{
	size_t len = strlen(path);

	return (len >= 4 && !strcmp(path + len - 4, ".dvc")) ||
		!strcmp(file_basename(path), "dvc.yaml");
}

/* --- places ------------------------------------------------------------ */

/* The schemes that DVC gives to something else than the local disk. */
static bool remote(const char *def)
{
	static const char *const scheme[] = {
		"azure", "ds", "dvc", "gdrive", "git", "gs", "hdfs", "http",
		"https", "memory", "oss", "remote", "s3", "ssh", "webdav",
		"webdavs", "webhdfs",
	};
	size_t len = strcspn(def, ":");

	for (size_t i = 0; i < sizeof(scheme) / sizeof(*scheme); i++)
		if (def[len] && strlen(scheme[i]) == len &&
		    !strncasecmp(def, scheme[i], len))
			return true;
	return false;
}

char *pipe_place(const char *wdir, const char *def, bool *external, bool *url)
{
	char *path;

	*url = remote(def);
	*external = true;
	if (*url)
		return mem_dup(def);
	if (!strncmp(def, "file://", 7))
		def += 7;
	path = file_join(wdir, def);
	*external = !file_inside(".", path);
	return path;
}

/* `path` from the project's root when it is absolute and inside, or NULL. */
static char *below_root(const char *root, const char *path)
{
	char *normal, *below = NULL;

	if (!root || *path != '/')
		return NULL;
	normal = file_normal(path);
	if (file_inside(root, normal) && strcmp(root, normal))
		below = file_relative(root, normal);
	free(normal);
	return below;
}

char *pipe_def(const struct stage *s, const char *def)
{
	char *below = below_root(s->root, def), *from, *to, *way;

	if (!below)
		return mem_dup(def);
	from = file_join("/", s->wdir);
	to = file_join("/", below);
	way = file_relative(from, to);
	free(from);
	free(to);
	free(below);
	return way;
}

static int usable(const struct shape_where *w, const char *def, int line,
		  const char *what)
{
	if (!*def)
		return shape_fail(w, line, "an empty path as %s", what);
	if (pipe_is_file(def))
		return shape_fail(w, line, "'%s' is a pipeline file and cannot "
				  "be %s", def, what);
	return 0;
}

/* --- adding ------------------------------------------------------------- */

struct stage *pipe_add(struct pipe *p, const char *file, const char *name,
		       const char *wdir)
{
	char *dir = file_dirname(file);
	char *below = wdir ? below_root(p->root, wdir) : NULL;
	struct stage *s;

	ARRAY_GROW(p);
	s = &p->item[p->nr++];
	*s = (struct stage){
		.name = mem_dup(name ? name : file_basename(file)),
		.kind = name ? STAGE_RUN : STAGE_DATA,
		.file = mem_dup(file),
		.wdir = below ? mem_dup(below) :
			file_join(dir, wdir ? wdir : "."),
		.root = p->root,
	};
	free(below);
	if (!name)
		s->addr = mem_dup(file);
	else if (!strcmp(file, "dvc.yaml"))
		s->addr = mem_dup(name);
	else
		s->addr = mem_fmt("%s:%s", file, name);
	free(dir);
	return s;
}

int pipe_add_dep(struct stage *s, const struct shape_where *w,
		 const char *def, int line)
{
	struct dep *d;
	int err = usable(w, def, line, "a dependency");

	if (err)
		return err;
	if (s->nr_dep == s->alloc_dep) {
		s->alloc_dep = 2 * s->alloc_dep + 1;
		s->dep = mem_resize(s->dep, s->alloc_dep, sizeof(*s->dep));
	}
	d = &s->dep[s->nr_dep++];
	*d = (struct dep){ .def = pipe_def(s, def), .line = line,
			   .saved = { .size = -1, .nfiles = -1 } };
	d->path = pipe_place(s->wdir, d->def, &d->external, &d->url);
	return 0;
}

int pipe_add_out(struct stage *s, const struct shape_where *w,
		 const char *def, int line, struct out **out)
{
	struct out *o;
	bool url;
	int err = usable(w, def, line, "an output");

	if (err)
		return err;
	if (s->nr_out == s->alloc_out) {
		s->alloc_out = 2 * s->alloc_out + 1;
		s->out = mem_resize(s->out, s->alloc_out, sizeof(*s->out));
	}
	o = &s->out[s->nr_out++];
	*o = (struct out){ .def = pipe_def(s, def), .line = line, .cache = true,
			   .push = true,
			   .saved = { .size = -1, .nfiles = -1 } };
	o->path = pipe_place(s->wdir, o->def, &o->external, &url);
	*out = o;
	return 0;
}

/* A part of the path is `name`; the last one counts only when `last`. */
static bool passes(const char *path, const char *name, bool last)
{
	size_t len = strlen(name);

	while (*path) {
		size_t part = strcspn(path, "/");

		if (part == len && !strncasecmp(path, name, len) &&
		    (last || path[part]))
			return true;
		path += part + !!path[part];
	}
	return false;
}

/* ".", "..", "../..": what the project itself lies in. */
static bool above(const char *path)
{
	if (!strcmp(path, ".") || !strcmp(path, "/"))
		return true;
	while (!strncmp(path, "../", 3))
		path += 3;
	return !strcmp(path, "..");
}

int pipe_judge_out(const struct out *o, const struct shape_where *w)
{
	if (passes(o->path, ".git", true))
		return shape_fail(w, o->line, "output '%s' is inside '.git'",
				  o->def);
	if (!o->external && (passes(o->path, ".dvc", false) ||
			     passes(o->path, ".hg", false)))
		return shape_fail(w, o->line, "output '%s' is inside '.dvc' "
				  "or '.hg'", o->def);
	if (above(o->path))
		return shape_fail(w, o->line, "output '%s' holds the project "
				  "itself", o->def);
	if (o->external && o->cache)
		return shape_fail(w, o->line, "cached output '%s' is outside "
				  "the project", o->def);
	return 0;
}

/* --- reading one text --------------------------------------------------- */

static void know_outs(struct pipe *p, size_t from)
{
	for (size_t i = from; i < p->nr; i++)
		for (size_t j = 0; j < p->item[i].nr_out; j++) {
			const char *path = p->item[i].out[j].path;

			if (map_find(&p->made, path) < 0)
				map_put(&p->made, path,
					(void *)(uintptr_t)(i + 1));
		}
}

int pipe_parse(struct pipe *out, struct src *src, const char *file,
	       const char *text, size_t len)
{
	struct val doc = VAL_INIT;
	size_t end = strlen(file), first = out->nr;
	int err = val_yaml(&doc, text, len, file);

	if (!out->root && src)
		out->root = mem_dup(src->root);
	if (!err)
		strs_add(&out->files, file);
	if (!err && end >= 4 && !strcmp(file + end - 4, ".dvc"))
		err = pipe_data(out, file, &doc);
	else if (!err)
		err = pipe_yaml(out, src, file, text, len, &doc);
	know_outs(out, first);
	val_clear(&doc);
	return err;
}

int pipe_style(struct pipe *p, const struct conf *conf)
{
	const char *bools = conf_get(conf, "parsing", "bool");
	const char *lists = conf_get(conf, "parsing", "list");

	if (bools && !strcasecmp(bools, "boolean_optional"))
		p->style |= TMPL_NO_FLAGS;
	else if (bools && strcasecmp(bools, "store_true"))
		return err_set(ERR_INVALID, "parsing.bool is '%s', but must be "
			       "'store_true' or 'boolean_optional'", bools);
	if (lists && !strcasecmp(lists, "append"))
		p->style |= TMPL_APPEND;
	else if (lists && strcasecmp(lists, "nargs"))
		return err_set(ERR_INVALID, "parsing.list is '%s', but must be "
			       "'nargs' or 'append'", lists);
	return 0;
}

/* --- asking -------------------------------------------------------------- */

struct stage *pipe_find(const struct pipe *p, const char *addr)
{
	for (size_t i = 0; i < p->nr; i++)
		if (!strcmp(p->item[i].addr, addr))
			return &p->item[i];
	return NULL;
}

struct stage *pipe_maker(const struct pipe *p, const char *path)
{
	char *at = mem_dup(path), *slash;
	uintptr_t found = (uintptr_t)map_get(&p->made, at);

	while (!found && (slash = strrchr(at, '/'))) {
		slash[slash == at] = '\0';
		found = (uintptr_t)map_get(&p->made, at);
		if (slash == at)
			break;
	}
	free(at);
	return found ? &p->item[found - 1] : NULL;
}

/* --- forgetting ----------------------------------------------------------- */

static void clear_dep(struct dep *d)
{
	free(d->def);
	free(d->path);
	lock_path_clear(&d->saved);
}

static void clear_out(struct out *o)
{
	free(o->def);
	free(o->path);
	free(o->remote);
	free(o->desc);
	val_clear(&o->plot_props);
	lock_path_clear(&o->saved);
}

static void clear_param(struct param *a)
{
	free(a->def);
	free(a->path);
	strs_clear(&a->keys);
	strs_clear(&a->written);
	val_clear(&a->taken);
}

static void clear_stage(struct stage *s)
{
	for (size_t i = 0; i < s->nr_dep; i++)
		clear_dep(&s->dep[i]);
	for (size_t i = 0; i < s->nr_out; i++)
		clear_out(&s->out[i]);
	for (size_t i = 0; i < s->nr_param; i++)
		clear_param(&s->param[i]);
	for (size_t i = 0; i < s->nr_used; i++)
		clear_param(&s->used[i]);
	free(s->dep);
	free(s->out);
	free(s->param);
	free(s->used);
	free(s->name);
	free(s->file);
	free(s->addr);
	free(s->group);
	free(s->wdir);
	free(s->desc);
	free(s->md5);
	val_clear(&s->import);
	val_clear(&s->cmd);
}

static void clear_files(struct pipe_files *f)
{
	for (size_t i = 0; i < f->nr; i++) {
		free(f->item[i].path);
		free(f->item[i].def);
		free(f->item[i].from);
		free(f->item[i].id);
		val_clear(&f->item[i].props);
	}
	free(f->item);
}

static void drop_doc(void *doc)
{
	val_clear(doc);
	free(doc);
}

void pipe_clear(struct pipe *p)
{
	for (size_t i = 0; i < p->nr; i++)
		clear_stage(&p->item[i]);
	free(p->item);
	clear_files(&p->metrics);
	clear_files(&p->params);
	clear_files(&p->plots);
	ignore_clear(&p->ignore);
	strs_clear(&p->files);
	strs_clear(&p->left);
	strs_clear(&p->groups);
	map_clear(&p->made, NULL);
	map_clear(&p->docs, drop_doc);
	free(p->bad_file);
	free(p->root);
	*p = (struct pipe)PIPE_INIT;
}
