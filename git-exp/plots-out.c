#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/src.h"
#include "exp/plots.h"
#include "spec/conf.h"
#include "story/project.h"
#include "cmd.h"
#include "plots.h"

/* --- where ------------------------------------------------------------------- */

/* Of the settings a path that begins in .dvc, wherever they are written. */
static char *find_frame(struct ctx *ctx, const char *named)
{
	const char *path = named || !ctx->project ? NULL :
		conf_get(&ctx->project->conf, "plots", "html_template");
	char *dvc, *out;

	if (named)
		return file_join(ctx->here, named);
	if (!path)
		return NULL;
	dvc = file_join(ctx->project->root, ".dvc");
	out = file_join(dvc, path);
	free(dvc);
	return out;
}

void plots_place(struct plots_place *out, struct ctx *ctx, const char *dir,
		 const char *frame)
{
	out->named = dir;
	if (!dir && ctx->project)
		dir = conf_get(&ctx->project->conf, "plots", "out_dir");
	out->dir = file_join(ctx->here, dir ? dir : "dvc_plots");
	out->frame = find_frame(ctx, frame);
}

void plots_place_clear(struct plots_place *place)
{
	free(place->dir);
	free(place->frame);
}

/* The real path of what is there of it. */
static char *real_part(const char *path)
{
	char *at = mem_dup(path), *real;

	while (!(real = file_real(at)) && strcmp(at, "/"))
		mem_set(&at, file_dirname(at));
	free(at);
	return real;
}

/*
 * A repository may hold symbolic links of any name: none leads a file out of
 * the project, unless the user himself named the way, nor to another file.
 */
static int check_way(struct ctx *ctx, const char *path, bool named)
{
	const char *root = ctx->project ? ctx->project->root : NULL;
	char *dir = file_dirname(path), *real = real_part(dir);
	struct src_disk disk;
	struct src_info info;
	int err = 0;

	src_disk(&disk, dir);
	if (!src_stat(&disk.src, file_basename(path), &info) && info.link)
		err = err_set(ERR_INVALID, "'%s' is a symbolic link", path);
	else if (!named && root && file_inside(root, path) &&
		 (!real || !file_inside(root, real) ||
		  file_has_part(real + strlen(root), ".git")))
		err = err_set(ERR_INVALID, "a symbolic link on the way to "
			      "'%s' leads out of the project", path);
	src_clear(&disk.src);
	free(real);
	free(dir);
	return err;
}

static int write_file(struct ctx *ctx, const struct plots_place *to,
		      const char *name, const struct buf *bytes)
{
	char *path = file_join(to->dir, name);
	int err = check_way(ctx, path, to->named);

	if (!err)
		err = file_write(path, bytes->s, bytes->len, 0, FILE_MKDIRS);
	free(path);
	return err;
}

int plots_write_images(struct ctx *ctx, const struct plots *p,
		       const struct plots_place *to, const char *below)
{
	int err = 0;

	for (size_t i = 0; !err && i < p->image.nr; i++) {
		const struct plots_image *image = &p->image.item[i];
		char *name = mem_fmt("%s%s%s", below ? below : "",
				     below ? "/" : "", image->name);

		err = write_file(ctx, to, name, image->bytes);
		free(name);
	}
	return err;
}

/* --- the page ------------------------------------------------------------------ */

static const char usual[] =
	"<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n"
	"<title>git exp plots</title>\n{scripts}"
	"<style>figure { display: inline-block; }</style>\n"
	"</head>\n<body>\n{plot_divs}</body>\n</html>\n";
static const char scripts[] =
	"<script src=\"https://cdn.jsdelivr.net/npm/vega@5\"></script>\n"
	"<script src=\"https://cdn.jsdelivr.net/npm/vega-lite@5\"></script>\n"
	"<script src=\"https://cdn.jsdelivr.net/npm/vega-embed@6\"></script>\n";

static void text(struct buf *b, const char *s)
{
	static const char special[] = "&<>\"'";
	static const char *const name[] = {
		"&amp;", "&lt;", "&gt;", "&quot;", "&#39;",
	};

	for (; *s; s++) {
		const char *at = strchr(special, *s);

		if (at)
			buf_str(b, name[at - special]);
		else
			buf_char(b, *s);
	}
}

/* Nothing in a specification may end the script that it stands in. */
static void script(struct buf *b, const struct buf *json)
{
	for (size_t i = 0; i < json->len; i++)
		if (json->s[i] == '<')
			buf_str(b, "\\u003c");
		else
			buf_char(b, json->s[i]);
}

static void chart(struct buf *b, const struct plot *plot, size_t nr)
{
	struct buf json = BUF_INIT;

	plot_content(&json, plot);
	buf_fmt(b, "<div id=\"plot-%zu\"></div>\n<script>\n"
		"vegaEmbed(\"#plot-%zu\", ", nr, nr);
	script(b, &json);
	buf_str(b, ");\n</script>\n");
	buf_clear(&json);
}

/* What is no letter of an address, percent by percent. */
static void address(struct buf *b, const char *path)
{
	for (; *path; path++) {
		unsigned char c = (unsigned char)*path;

		if ((c < 0x80 && isalnum(c)) || strchr("/_.-~", c))
			buf_char(b, (char)c);
		else
			buf_fmt(b, "%%%02X", c);
	}
}

static void picture(struct buf *b, const struct plots_image *image)
{
	buf_str(b, "<figure><figcaption>");
	text(b, image->rev);
	buf_str(b, "</figcaption><img src=\"static/");
	address(b, image->name);
	buf_str(b, "\"></figure>\n");
}

static void pictures(struct buf *b, const struct plots *p, size_t at)
{
	buf_str(b, "<div>\n<p>");
	text(b, p->item[at].id);
	buf_str(b, "</p>\n");
	for (size_t i = 0; i < p->image.nr; i++)
		if (p->image.item[i].plot == at)
			picture(b, &p->image.item[i]);
	buf_str(b, "</div>\n");
}

static int read_frame(struct buf *out, const char *path)
{
	int err = path ? file_read(path, out, 0) : 0;

	if (!path)
		buf_str(out, usual);
	if (!err && !strstr(out->s, "{plot_divs}"))
		err = err_set(ERR_INVALID, "%s: there is no place for plots, "
			      "'{plot_divs}'", path);
	return err;
}

/* The places of DVC's own pages; other braces stay as they are. */
static void put_frame(struct buf *out, const char *frame, const char *plots)
{
	static const char *const place[] = {
		"{plot_divs}", "{scripts}", "{refresh_tag}",
	};
	const char *const with[] = { plots, scripts, "" };

	while (*frame) {
		size_t i = 0;

		while (i < 3 && strncmp(frame, place[i], strlen(place[i])))
			i++;
		if (i < 3) {
			buf_str(out, with[i]);
			frame += strlen(place[i]);
		} else {
			buf_char(out, *frame++);
		}
	}
}

int plots_write_page(struct ctx *ctx, const struct plots *p,
		     const struct plots_place *to)
{
	struct buf frame = BUF_INIT, plots = BUF_INIT, page = BUF_INIT;
	struct buf url = BUF_INIT;
	int err = read_frame(&frame, to->frame);

	for (size_t i = 0; i < p->nr; i++)
		if (p->item[i].nr)
			chart(&plots, &p->item[i], i);
	for (size_t i = 0; i < p->nr; i++)
		if (p->item[i].image)
			pictures(&plots, p, i);
	put_frame(&page, frame.s, plots.s);
	if (!err)
		err = write_file(ctx, to, "index.html", &page);
	address(&url, to->dir);
	if (!err)
		printf("file://%s/index.html\n", url.s);
	buf_clear(&frame);
	buf_clear(&plots);
	buf_clear(&page);
	buf_clear(&url);
	return err;
}
