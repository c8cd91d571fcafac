/*
 * grid - lines and columns of plain strings, printed in three ways.
 *
 * Read here:  struct grid g = GRID_INIT; fill g.head; grid_row() gives the
 *             next line to fill with as many cells; then one of the three.
 * Owns:       its strings.
 * Fails:      never.
 * Knows:      what Python's csv and DVC's use of tabulate make of a table,
 *             byte by byte (dvc-formats 9.4, 9.5). Nothing of experiments.
 */
#ifndef EXP_GRID_H
#define EXP_GRID_H

#include "base/strs.h"

struct buf;

struct grid {
	struct strs head;
	struct strs *item;	/* lines, of head.nr cells each */
	size_t nr, alloc;
	int (*width)(const char *s, size_t len);	/* in columns; NULL: each
				   character takes one */
};
#define GRID_INIT { STRS_INIT, NULL, 0, 0, NULL }

/* A new last line; borrowed until the next one is made. */
struct strs *grid_row(struct grid *g);

/* Drop a column; drop those whose cells are all alike. */
void grid_drop(struct grid *g, size_t col);
void grid_drop_alike(struct grid *g);

/* CRLF after each line, quotes only where they are needed. */
void grid_csv(struct buf *out, const struct grid *g);

/* Of GitHub's kind, an empty line at the end. */
void grid_md(struct buf *out, const struct grid *g);

/* Columns two spaces apart, no rules, control characters made harmless. */
void grid_plain(struct buf *out, const struct grid *g);

/* The same with DVC's room below each head, two more than it needs. */
void grid_roomy(struct buf *out, const struct grid *g);

/* No white space around the cells, as tabulate has it; heads stay. */
void grid_strip(struct grid *g);

void grid_clear(struct grid *g);

#endif
