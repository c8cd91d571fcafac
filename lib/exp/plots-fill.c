#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/mem.h"
#include "exp/plots-part.h"

/* --- one plot ------------------------------------------------------------------ */

struct filling {
	struct plot *plot;
	bool split;
	struct strs left;	/* optional anchors that are not filled yet */
};

static bool is_kept_apart(const char *name)
{
	static const char *const apart[] = {
		"color", "data", "plot_height", "plot_width", "shape",
		"stroke_dash", "title", "tooltip", "x_label", "y_label",
		"zoom_and_pan",
	};

	for (size_t i = 0; i < sizeof(apart) / sizeof(*apart); i++)
		if (!strcmp(apart[i], name))
			return true;
	return false;
}

static void fill(struct filling *f, const char *name, const struct val *with)
{
	if (f->split && is_kept_apart(name))
		val_copy(val_put(&f->plot->split, name), with);
	else
		plot_anchor_fill(&f->plot->content, name, with);
}

/* Takes `with`; nothing happens where the template has no such anchor. */
static void option(struct filling *f, const char *name, struct val *with)
{
	for (size_t i = 0; i < f->left.nr; i++)
		if (!strcmp(f->left.item[i], name)) {
			strs_drop(&f->left, i);
			fill(f, name, with);
			break;
		}
	val_clear(with);
}

/* A value of our own, which is known to be one. */
static void known(struct val *out, const char *yaml)
{
	if (val_yaml(out, yaml, strlen(yaml), ""))
		err_clear();
}

static void option_known(struct filling *f, const char *name, const char *yaml)
{
	struct val v = VAL_INIT;

	known(&v, yaml);
	option(f, name, &v);
}

/* --- colours, dashes, shapes ------------------------------------------------------ */

static const char *const ranges[][2] = {
	{ "color", "['#945dd6', '#13adc7', '#f46837', '#48bb78', '#4299e1', "
	  "'#ed8936', '#f56565']" },
	{ "stroke_dash", "[[1, 0], [8, 8], [8, 4], [4, 4], [4, 2], [2, 1], "
	  "[1, 1]]" },
	{ "shape", "[circle, square, triangle, diamond]" },
};

/* As many as there are in `domain`, over and over. */
static void put_range(struct val *out, const char *name, size_t nr)
{
	struct val all = VAL_INIT;
	size_t i = 0;

	while (strcmp(ranges[i][0], name))
		i++;
	known(&all, ranges[i][1]);
	val_set_list(out);
	for (size_t at = 0; at < nr; at++)
		val_copy(val_add(out), &all.item[at % all.nr]);
	val_clear(&all);
}

static void put_list(struct val *out, const struct strs *l)
{
	val_set_list(out);
	for (size_t i = 0; i < l->nr; i++)
		val_set_str(val_add(out), l->item[i]);
}

static void mapping(struct filling *f, const char *name, const char *field,
		    const struct strs *domain)
{
	struct val v = VAL_INIT, *scale;

	val_set_map(&v);
	val_set_str(val_put(&v, "field"), field);
	scale = val_put(&v, "scale");
	val_set_map(scale);
	put_list(val_put(scale, "domain"), domain);
	put_range(val_put(scale, "range"), name, domain->nr);
	if (strcmp(name, "color"))
		known(val_put(&v, "legend"), "{symbolFillColor: transparent, "
		      "symbolStrokeColor: grey}");
	option(f, name, &v);
}

/* --- what depends on how many lines there are ---------------------------------------- */

static const char *prop(const struct filling *f, const char *name)
{
	return val_text(val_get(&f->plot->props, name));
}

static void put_text(struct val *to, const char *s)
{
	if (s)
		val_set_str(to, s);
	else
		val_set_null(to);
}

/* ["rev", line, and one more] */
static void group(struct filling *f, const char *name, const char *line,
		  const char *more)
{
	struct val v = VAL_INIT;

	val_set_list(&v);
	val_set_str(val_add(&v), "rev");
	if (line)
		val_set_str(val_add(&v), line);
	if (more)
		put_text(val_add(&v), prop(f, more));
	option(f, name, &v);
}

static void groups(struct filling *f, const char *line)
{
	group(f, "group_by", line, NULL);
	group(f, "group_by_x", line, "x");
	group(f, "group_by_y", line, "y");
}

static void put_field(struct val *list, const char *name)
{
	struct val *v = val_add(list);

	val_set_map(v);
	put_text(val_put(v, "field"), name);
}

static void tooltip(struct filling *f, const char *line)
{
	struct val v = VAL_INIT;

	val_set_list(&v);
	put_field(&v, "rev");
	put_field(&v, prop(f, "x"));
	put_field(&v, prop(f, "y"));
	if (line)
		put_field(&v, line);
	option(f, "tooltip", &v);
}

static void one_line(struct filling *f)
{
	struct val none = VAL_INIT;

	groups(f, NULL);
	option_known(f, "pivot_field", "datum.rev");
	tooltip(f, NULL);
	val_set_map(&none);
	for (size_t i = 0; i < f->left.nr; i++)
		plot_anchor_fill(&f->plot->content, f->left.item[i], &none);
	val_clear(&none);
}

static void facet(struct filling *f, const char *name, const char *line)
{
	struct val v = VAL_INIT;

	val_set_map(&v);
	val_set_str(val_put(&v, "field"), line);
	val_set_list(val_put(&v, "sort"));
	option(f, name, &v);
}

/* What tells lines apart: file, field, or both. */
static void find_varied(struct filling *f, const struct val *lines,
			struct strs *domain)
{
	static const char *const key[] = { "filename", "field" };
	struct strs *varied = &f->plot->varied;

	for (size_t i = 0; i < 2; i++)
		for (size_t j = 1; j < lines->nr; j++)
			if (!val_equal(val_get(&lines->item[j], key[i]),
				       val_get(&lines->item[0], key[i])))
				strs_once(varied, key[i]);
	for (size_t i = 0; i < lines->nr; i++) {
		const char *file = val_text(val_get(&lines->item[i], key[0]));
		const char *field = val_text(val_get(&lines->item[i], key[1]));
		char *both = mem_fmt("%s::%s", file, field);

		strs_once(domain, varied->nr == 2 ? both :
			  varied->nr && !strcmp(varied->item[0], key[0]) ?
			  file : field);
		free(both);
	}
	strs_sort(domain);
}

static int many_lines(struct filling *f, const struct val *lines)
{
	const struct strs *varied = &f->plot->varied;
	struct strs domain = STRS_INIT;
	struct val pivot = VAL_INIT;
	struct buf line = BUF_INIT, b = BUF_INIT;

	find_varied(f, lines, &domain);
	buf_str(&b, "datum.rev");
	for (size_t i = 0; i < varied->nr; i++) {
		buf_fmt(&line, "%s%s", i ? "::" : "", varied->item[i]);
		buf_fmt(&b, " + '::' + datum.%s", varied->item[i]);
	}
	groups(f, line.s);
	val_set_str(&pivot, b.s);
	option(f, "pivot_field", &pivot);
	facet(f, "row", line.s);
	facet(f, "column", line.s);
	tooltip(f, line.s);
	mapping(f, "stroke_dash", line.s, &domain);
	mapping(f, "shape", line.s, &domain);
	strs_clear(&domain);
	buf_clear(&line);
	buf_clear(&b);
	return varied->nr ? 0 : err_set(ERR_INVALID, "plot '%s' names one "
					"field twice", f->plot->id);
}

/* --- the whole ------------------------------------------------------------------------- */

static int fill_options(struct filling *f)
{
	static const char *const name[] = {
		"color", "column", "group_by_x", "group_by_y", "group_by",
		"pivot_field", "plot_height", "plot_width", "row", "shape",
		"stroke_dash", "tooltip", "zoom_and_pan",
	};
	const struct val *lines = val_get(&f->plot->props,
					  "anchors_y_definitions");

	for (size_t i = 0; i < sizeof(name) / sizeof(*name); i++)
		if (plot_anchor_in(&f->plot->content, name[i]))
			strs_add(&f->left, name[i]);
	f->plot->plain = !f->left.nr;
	if (f->plot->plain)
		return 0;
	mapping(f, "color", "rev", &f->plot->revs);
	option_known(f, "zoom_and_pan",
		    "{name: grid, select: interval, bind: scales}");
	option_known(f, "plot_height", "300");
	option_known(f, "plot_width", "300");
	if (lines && lines->nr > 1)
		return many_lines(f, lines);
	one_line(f);
	return 0;
}

/* Vega takes dots and brackets in the name of a field for a path. */
static void escape(struct val *v)
{
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < v->len; i++) {
		if (strchr(".[]", v->s[i]) && v->s[i])
			buf_char(&b, '\\');
		buf_char(&b, v->s[i]);
	}
	val_set_nstr(v, b.s, b.len);
	buf_clear(&b);
}

static void fill_words(struct filling *f)
{
	static const char *const name[] = {
		"title", "x", "y", "x_label", "y_label",
	};

	for (size_t i = 0; i < sizeof(name) / sizeof(*name); i++) {
		const struct val *v = val_get(&f->plot->props, name[i]);
		struct val with = VAL_INIT;

		if (!v || v->kind == VAL_NULL)
			continue;
		val_copy(&with, v);
		if (!name[i][1])
			escape(&with);
		fill(f, name[i], &with);
		val_clear(&with);
	}
}

static int check_axis(const struct plot *plot, const char *axis)
{
	const char *name = val_text(val_get(&plot->props, axis));

	if (!name || !*name || plot_has(plot, name))
		return 0;
	return err_set(ERR_INVALID, "no point of plot '%s' has a '%s'",
		       plot->id, name);
}

int plot_fill(struct plot *plot, const struct val *tmpl, bool split)
{
	struct filling f = { .plot = plot, .split = split };
	int err = check_axis(plot, "x");

	if (!err)
		err = check_axis(plot, "y");
	val_copy(&plot->content, tmpl);
	val_set_map(&plot->split);
	if (!err)
		err = fill_options(&f);
	if (!err)
		fill_words(&f);
	if (!err && !split && !plot_anchor_in(&plot->content, "data"))
		err = err_set(ERR_INVALID, "the template of plot '%s' has no "
			      "place for the points, '" PLOT_DATA "'",
			      plot->id);
	strs_clear(&f.left);
	return err;
}
