/*
 * table - rows of revisions under columns of metrics, parameters, deps.
 *
 * Read here:  struct table t = TABLE_INIT; table_make() over collected rows;
 *             table_sort(), table_only_changed() as wished; then table_csv(),
 *             table_md(), or walk t.col and table_cell() to draw it.
 * Owns:       columns and cells; the rows are borrowed (table_sort() moves
 *             them) and must outlive it.
 * Fails:      table_sort(): ERR_INVALID for a column that is not there or
 *             ambiguous.
 * Knows:      DVC's columns (dvc-formats 9.3): maps flattened with dots, a
 *             key of several files is called "file:key", order of first
 *             appearance. No terminal.
 */
#ifndef EXP_TABLE_H
#define EXP_TABLE_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct row;
struct rows;
struct val;

enum col_kind { COL_METRIC, COL_PARAM, COL_DEP };

struct col {
	enum col_kind kind;
	char *file;		/* that holds the key; "" for a dep */
	char *key;		/* dotted; the path of a dep */
	char *head;		/* what stands on top: key or file:key */
	bool changed;		/* its cells are not all alike */
	bool hidden;
};

struct cell {
	const struct val *v;	/* NULL: nothing there */
	bool error;		/* its file could not be read: "!" */
};

struct table {
	struct rows *rows;	/* borrowed */
	struct col *item;	/* metrics, then params, then deps */
	size_t nr, alloc;
	struct cell *cell;	/* row by row, nr cells each */
};
#define TABLE_INIT { 0 }

void table_make(struct table *t, struct rows *rows);

const struct cell *table_cell(const struct table *t, size_t row, size_t col);

/*
 * What it shows, as DVC: floats with `precision` significant digits (0: all
 * of them), lists as Python prints them, `fill` when there is nothing.
 */
void table_text(struct buf *out, const struct cell *c, int precision,
		const char *fill);

/* The experiments of each baseline by a column, "key" or "file:key". */
int table_sort(struct table *t, const char *by, bool descending);

/* Hide columns whose cells are all alike. */
void table_only_changed(struct table *t);

/* DVC's bytes. `only_changed` drops fixed columns too, as DVC does. */
void table_csv(struct buf *out, const struct table *t, int precision,
	       bool only_changed);
void table_md(struct buf *out, const struct table *t, bool only_changed);

/* "10:40 AM" today, else "Nov 23, 2026"; `brief`: this year without the year. */
void table_time(struct buf *out, const struct row *row, bool brief);

void table_clear(struct table *t);

#endif
