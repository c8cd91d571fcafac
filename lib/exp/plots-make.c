#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/mem.h"
#include "exp/plots-part.h"

/* --- errors and images ------------------------------------------------------- */

static void add_error(struct plots *p, const char *plot, const char *rev,
		      const char *source, const char *type,
		      const char *message)
{
	ARRAY_GROW(&p->error);
	p->error.item[p->error.nr++] = (struct plots_error){
		mem_dup(plot), mem_dup(rev), mem_dup(source), mem_dup(type),
		mem_dup(message)
	};
}

/* "HEAD_plots_loss.png": no slash, so it stays in its directory. */
static void add_image(struct plots *p, const char *rev, const char *source,
		      const struct buf *bytes)
{
	char *name = mem_fmt("%s_%s", rev, source);

	for (char *s = name; *s; s++)
		if (*s == '/')
			*s = '_';
	ARRAY_GROW(&p->image);
	p->image.item[p->image.nr++] = (struct plots_image){
		p->nr - 1, mem_dup(rev), name, bytes
	};
}

static void clear_image(struct plots_image *image)
{
	free(image->rev);
	free(image->name);
}

/* --- the same plot of several revisions ----------------------------------------- */

/* One of its definitions. */
struct use {
	struct plots_rev *rev;
	const char *id;		/* as it was defined */
	const struct val *def;
};

struct uses {
	struct use *item;
	size_t nr, alloc;
};

static void free_uses(void *payload)
{
	struct uses *u = payload;

	free(u->item);
	free(u);
}

static size_t count_configs(const struct plots_rev *rev, const char *id)
{
	size_t nr = 0;

	for (size_t i = 0; i < rev->defs.nr; i++)
		nr += !!val_get(&rev->defs.item[i], id);
	return nr;
}

static void add_use(struct map *out, struct plots_rev *rev, const char *config,
		    const char *id, const struct val *def)
{
	bool several = *config && count_configs(rev, id) > 1;
	char *name = several ? mem_fmt("%s::%s", config, id) : mem_dup(id);
	struct uses *u = map_get(out, name);

	if (!u) {
		u = mem_new(1, sizeof(*u));
		map_put(out, name, u);
	}
	ARRAY_GROW(u);
	u->item[u->nr++] = (struct use){ rev, id, def };
	free(name);
}

static void group(struct map *out, struct plots_rev *rev)
{
	for (size_t i = 0; i < rev->defs.nr; i++) {
		const struct val *config = &rev->defs.item[i];

		for (size_t j = 0; j < config->nr; j++)
			add_use(out, rev, rev->defs.key[i].s,
				config->key[j].s, &config->item[j]);
	}
}

/* The first revision that says something about a property decides it. */
static void squash(struct val *out, const struct uses *u)
{
	val_set_map(out);
	for (size_t i = 0; i < u->nr; i++)
		for (size_t j = 0; j < u->item[i].def->nr; j++) {
			const struct val *def = u->item[i].def;

			if (!val_get(out, def->key[j].s))
				val_copy(val_put(out, def->key[j].s),
					 &def->item[j]);
		}
}

/* --- one plot ---------------------------------------------------------------------- */

static void add_source_errors(struct plots *p, const struct plot *plot,
			      const struct use *use,
			      const struct strs *sources)
{
	for (size_t i = 0; i < sources->nr; i++) {
		const struct plot_file *f = map_get(&use->rev->files,
						    sources->item[i]);

		if (f && f->kind == PLOT_BAD)
			add_error(p, plot->id, use->rev->name,
				  sources->item[i], f->type, f->message);
	}
}

/* What is called an image shows images, or nothing of the revision. */
static void add_images(struct plots *p, const struct plot *plot,
		       const struct use *use, const struct strs *sources)
{
	size_t before = p->image.nr;

	for (size_t i = 0; i < sources->nr; i++) {
		const struct plot_file *f = map_get(&use->rev->files,
						    sources->item[i]);

		if (f && f->kind == PLOT_ROWS) {
			add_error(p, plot->id, use->rev->name, NULL,
				  "TypeError", "what is called an image has "
				  "data that is none");
			while (p->image.nr > before)
				clear_image(&p->image.item[--p->image.nr]);
			return;
		}
		if (f && f->kind == PLOT_IMAGE)
			add_image(p, use->rev->name, sources->item[i],
				  &f->bytes);
	}
}

static void add_points(struct plots *p, struct plot *plot,
		       const struct use *use, const struct val *squashed,
		       const struct strs *sources)
{
	struct val props = VAL_INIT;
	size_t before = plot->nr;
	const char *type;

	val_copy(&props, squashed);
	if (plot_points(plot, &props, use->rev, use->id, sources, &type)) {
		add_error(p, plot->id, use->rev->name, NULL, type,
			  err_message());
		err_clear();
	} else if (plot->nr > before) {
		strs_once(&plot->revs, use->rev->name);
		if (plot->props.kind != VAL_MAP)
			val_copy(&plot->props, &props);
	}
	val_clear(&props);
}

/* A picture is called by its file, whatever dvc.yaml it stands in. */
static struct plot *open_plot(struct plots *p, const char *id,
			      const struct uses *u)
{
	struct plot *plot;

	ARRAY_GROW(p);
	plot = &p->item[p->nr++];
	*plot = (struct plot){ .image = plot_is_image(u->item[0].id) };
	plot->id = mem_dup(plot->image ? u->item[0].id : id);
	return plot;
}

static int make(struct plots *p, const char *id, const struct uses *u,
		struct src *disk)
{
	struct plot *plot = open_plot(p, id, u);
	struct val squashed = VAL_INIT, tmpl = VAL_INIT, *title;
	const char *name;
	int err = 0;

	squash(&squashed, u);
	for (size_t i = 0; i < u->nr; i++) {
		const struct use *use = &u->item[i];
		struct strs sources = STRS_INIT;

		plot_sources(use->id, use->def, &sources);
		add_source_errors(p, plot, use, &sources);
		if (plot->image)
			add_images(p, plot, use, &sources);
		else
			add_points(p, plot, use, &squashed, &sources);
		strs_clear(&sources);
	}
	if (plot->nr) {
		title = val_put(&plot->props, "title");
		if (title->kind == VAL_NULL)
			val_set_str(title, plot->id);
		name = val_text(val_get(&plot->props, "template"));
		err = plot_template(&tmpl, disk, p->cwd,
				    name ? name : "linear");
		if (!err)
			err = plot_fill(plot, &tmpl, p->split);
	}
	val_clear(&squashed);
	val_clear(&tmpl);
	return err;
}

int plots_make(struct plots *p, struct src *disk)
{
	struct map groups = MAP_INIT;
	int err = 0;

	for (size_t i = 0; i < p->rev.nr; i++)
		group(&groups, &p->rev.item[i]);
	for (size_t i = 0; !err && i < groups.nr; i++)
		err = make(p, groups.item[i].key, groups.item[i].value, disk);
	for (size_t i = 0; i < p->rev.nr; i++) {
		const struct plots_rev *rev = &p->rev.item[i];

		if (rev->type)
			add_error(p, NULL, rev->name, NULL, rev->type,
				  rev->message);
	}
	map_clear(&groups, free_uses);
	return err;
}

/* --- the end -------------------------------------------------------------------------- */

static void clear_plot(struct plot *plot)
{
	for (size_t i = 0; i < plot->nr; i++)
		series_clear(&plot->item[i]);
	free(plot->item);
	free(plot->id);
	strs_clear(&plot->revs);
	strs_clear(&plot->varied);
	val_clear(&plot->props);
	val_clear(&plot->content);
	val_clear(&plot->split);
}

static void clear_rev(struct plots_rev *rev)
{
	free(rev->name);
	free(rev->type);
	free(rev->message);
	val_clear(&rev->defs);
	map_clear(&rev->files, plot_file_free);
}

static void clear_reports(struct plots *p)
{
	for (size_t i = 0; i < p->error.nr; i++) {
		free(p->error.item[i].plot);
		free(p->error.item[i].rev);
		free(p->error.item[i].source);
		free(p->error.item[i].type);
		free(p->error.item[i].message);
	}
	for (size_t i = 0; i < p->image.nr; i++)
		clear_image(&p->image.item[i]);
	free(p->error.item);
	free(p->image.item);
}

void plots_clear(struct plots *p)
{
	for (size_t i = 0; i < p->nr; i++)
		clear_plot(&p->item[i]);
	for (size_t i = 0; i < p->rev.nr; i++)
		clear_rev(&p->rev.item[i]);
	clear_reports(p);
	free(p->item);
	free(p->rev.item);
	strs_clear(&p->targets);
	val_clear(&p->props);
	*p = (struct plots)PLOTS_INIT;
}
