/*
 * plots - the parts of `git exp plots`.
 *
 * Read here:  plots.c has the options and chooses revisions; plots-out.c
 *             writes pictures and the page that shows the plots.
 * Owns:       nothing.
 * Fails:      plots_write(): ERR_INVALID where a symbolic link would lead a
 *             file out of its directory; as file_write().
 * Knows:      what DVC calls the directory and its files. Nothing is drawn
 *             here: a browser does, with Vega's own scripts.
 */
#ifndef GIT_EXP_PLOTS_H
#define GIT_EXP_PLOTS_H

#include <stdbool.h>

struct ctx;
struct plots;

struct plots_place {
	char *dir;		/* absolute */
	bool named;		/* on the command line */
	char *frame;		/* a page with {plot_divs} and {scripts} in it,
				   absolute; or NULL */
};

/*
 * What the command line says of directory and page, or NULL, then what
 * plots.out_dir and plots.html_template of .dvc/config say.
 */
void plots_place(struct plots_place *out, struct ctx *ctx, const char *dir,
		 const char *frame);
void plots_place_clear(struct plots_place *place);

/* The pictures, to `below` ("static") or, when NULL, to the directory itself. */
int plots_write_images(struct ctx *ctx, const struct plots *p,
		       const struct plots_place *to, const char *below);

/* index.html; prints its URL. */
int plots_write_page(struct ctx *ctx, const struct plots *p,
		     const struct plots_place *to);

#endif
