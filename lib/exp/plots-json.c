#include <string.h>
#include "base/mem.h"
#include "exp/plots-part.h"
#include "spec/canon.h"

static void text(struct buf *b, const char *s)
{
	canon_str(b, s, strlen(s));
}

/*
 * The points are text of their own, which takes the place of the anchor
 * wherever that is a value: so they need not be copied into the tree.
 */
void plot_content(struct buf *out, const struct plot *plot)
{
	static const char quoted[] = "\"" PLOT_DATA "\"";
	struct buf spec = BUF_INIT;
	const char *from, *at;

	canon_json(&spec, &plot->content, 0);
	for (from = spec.s; (at = strstr(from, quoted));
	     from = at + sizeof(quoted) - 1) {
		bool is_value = at[sizeof(quoted) - 1] != ':' &&
				at[-1] != '\\';

		buf_add(out, from, (size_t)(at - from));
		if (!is_value)
			buf_str(out, quoted);
		else
			plot_write(out, plot);
	}
	buf_str(out, from);
	buf_clear(&spec);
}

static void write_split(struct buf *b, const struct plot *plot)
{
	buf_str(b, ", \"anchor_definitions\": {");
	for (size_t i = 0; i < plot->split.nr; i++) {
		struct buf anchor = BUF_INIT;

		plot_anchor(&anchor, plot->split.key[i].s);
		text(b, anchor.s);
		buf_clear(&anchor);
		buf_str(b, ": ");
		canon_json(b, &plot->split.item[i], 0);
		buf_str(b, ", ");
	}
	text(b, PLOT_DATA);
	buf_str(b, ": ");
	plot_write(b, plot);
	buf_char(b, '}');
}

static void write_plot(struct buf *b, const struct plot *plot, bool split)
{
	if (!plot->nr)
		return;
	buf_str(b, "{\"type\": \"vega\", \"revisions\": [");
	for (size_t i = 0; i < plot->revs.nr; i++) {
		buf_str(b, i ? ", " : "");
		text(b, plot->revs.item[i]);
	}
	buf_str(b, "], \"content\": ");
	if (split)
		canon_json(b, &plot->content, 0);
	else
		plot_content(b, plot);
	if (split)
		write_split(b, plot);
	buf_char(b, '}');
}

static void write_images(struct buf *b, const struct plots *p, size_t at,
			 const char *dir)
{
	bool any = false;

	for (size_t i = 0; i < p->image.nr; i++) {
		const struct plots_image *image = &p->image.item[i];
		char *url;

		if (image->plot != at)
			continue;
		url = mem_fmt("%s/%s", dir, image->name);
		buf_str(b, any ? ", " : "");
		buf_str(b, "{\"type\": \"image\", \"revisions\": [");
		text(b, image->rev);
		buf_str(b, "], \"url\": ");
		text(b, url);
		buf_char(b, '}');
		any = true;
		mem_set(&url, NULL);
	}
}

static void write_error(struct buf *b, const struct plots_error *e)
{
	buf_char(b, '{');
	if (e->plot) {
		buf_str(b, "\"name\": ");
		text(b, e->plot);
		buf_str(b, ", ");
	}
	buf_str(b, "\"rev\": ");
	text(b, e->rev);
	if (e->source) {
		buf_str(b, ", \"source\": ");
		text(b, e->source);
	}
	buf_str(b, ", \"type\": ");
	text(b, e->type);
	buf_str(b, ", \"msg\": ");
	text(b, e->message);
	buf_char(b, '}');
}

static void write_errors(struct buf *b, const struct plots *p)
{
	if (!p->error.nr)
		return;
	buf_str(b, "\"errors\": [");
	for (size_t i = 0; i < p->error.nr; i++) {
		buf_str(b, i ? ", " : "");
		write_error(b, &p->error.item[i]);
	}
	buf_char(b, ']');
}

/* A picture that two files define is one plot, the later one. */
static bool is_again(const struct plots *p, size_t at)
{
	for (size_t i = at + 1; i < p->nr; i++)
		if (p->item[at].image && !strcmp(p->item[i].id, p->item[at].id))
			return true;
	return false;
}

void plots_json(struct buf *b, const struct plots *p, const char *dir)
{
	bool any = false;

	buf_char(b, '{');
	write_errors(b, p);
	if (p->nr)
		buf_str(b, p->error.nr ? ", \"data\": {" : "\"data\": {");
	for (size_t i = 0; i < p->nr; i++) {
		const struct plot *plot = &p->item[i];

		if (is_again(p, i))
			continue;
		buf_str(b, any ? ", " : "");
		text(b, plot->id);
		buf_str(b, ": [");
		if (plot->image)
			write_images(b, p, i, dir);
		else
			write_plot(b, plot, p->split);
		buf_char(b, ']');
		any = true;
	}
	buf_str(b, p->nr ? "}}" : "}");
}
