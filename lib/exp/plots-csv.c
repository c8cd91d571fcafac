#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "exp/plots.h"

enum { FIELD_MAX = 131072 };	/* characters, as in Python */
enum { FILL_MAX = 1 << 20 };	/* cells that are not there */

struct offsets {
	size_t *item, nr, alloc;
};

static void mark(struct offsets *o, size_t at)
{
	ARRAY_GROW(o);
	o->item[o->nr++] = at;
}

enum state { FIELD, PLAIN, QUOTED, QUOTE };

struct reader {
	const char *s, *end;
	char delimiter;
	struct buf text;
	struct offsets cell;	/* where each ends */
	size_t chars;		/* of this field */
	enum state state;
	bool any;		/* something stood on this line */
};

static int add(struct reader *r, char c)
{
	buf_char(&r->text, c);
	r->chars += (c & 0xc0) != 0x80;
	if (r->chars <= FIELD_MAX)
		return 0;
	return err_set(ERR_INVALID, "a field has more than %d characters",
		       (int)FIELD_MAX);
}

static void end_field(struct reader *r)
{
	mark(&r->cell, r->text.len);
	r->chars = 0;
	r->state = FIELD;
}

/* A quote opens a field only where it stands first in it. */
static int outside(struct reader *r, char c)
{
	if (c == r->delimiter) {
		end_field(r);
		return 0;
	}
	if (c == '"' && r->state == FIELD) {
		r->state = QUOTED;
		return 0;
	}
	if (c == '"' && r->state == QUOTE) {
		r->state = QUOTED;
		return add(r, c);
	}
	r->state = PLAIN;
	return add(r, c);
}

/* One record; false when it was an empty line. */
static int next(struct reader *r, bool *any)
{
	int err = 0;

	r->state = FIELD;
	for (*any = false; !err && r->s < r->end; ) {
		char c = *r->s++;

		if (c == '\n' && r->state != QUOTED)
			break;
		*any = true;
		if (r->state != QUOTED)
			err = outside(r, c);
		else if (c == '"')
			r->state = QUOTE;
		else
			err = add(r, c);
	}
	if (*any && !err)
		end_field(r);
	return err;
}

/* Text as Python opens it has no CR. */
static void newlines(struct buf *out, const char *s, size_t len)
{
	buf_room(out, len);
	for (size_t i = 0; i < len; i++) {
		if (s[i] == '\r' && i + 1 < len && s[i + 1] == '\n')
			continue;
		buf_char(out, s[i]);
		if (s[i] == '\r')
			out->s[out->len - 1] = '\n';
	}
}

static size_t start(const struct reader *r, size_t cell)
{
	return cell ? r->cell.item[cell - 1] : 0;
}

/* --- the head --------------------------------------------------------------- */

/* Of two columns with one name the last has the value, as in a dict. */
static void name_columns(struct csv *out, struct reader *r)
{
	struct map seen = MAP_INIT;

	out->column = mem_new(r->cell.nr + 1, sizeof(*out->column));
	for (size_t i = 0; i < r->cell.nr; i++) {
		size_t at = start(r, i);
		char *name = mem_ndup(r->text.s + at, r->cell.item[i] - at);
		long known = map_find(&seen, name);

		if (known < 0) {
			map_put(&seen, name, NULL);
			known = (long)out->names.nr;
			strs_add(&out->names, name);
		}
		out->column[known] = i;
		free(name);
	}
	map_clear(&seen, NULL);
	out->head = r->cell.nr;
	r->cell.nr = 0;
	buf_cut(&r->text, 0);
}

/* Numbers for as many columns as commas make, whatever the delimiter is. */
static int count_columns(struct csv *out, const struct reader *like)
{
	struct reader r = { .s = like->s, .end = like->end, .delimiter = ',',
			    .text = BUF_INIT };
	bool any;
	int err = next(&r, &any);

	out->column = mem_new(r.cell.nr + 1, sizeof(*out->column));
	out->head = err ? 0 : r.cell.nr;
	for (size_t i = 0; i < out->head; i++) {
		strs_fmt(&out->names, "%zu", i);
		out->column[i] = i;
	}
	free(r.cell.item);
	buf_clear(&r.text);
	return err;
}

static int read_head(struct csv *out, struct reader *r, bool header,
		     const char **type)
{
	bool any;
	int err;

	if (r->s == r->end && !header) {
		*type = "TypeError";
		return err_set(ERR_INVALID, "there is no first line to count "
			       "columns in");
	}
	if (!header)
		return count_columns(out, r);
	err = next(r, &any);
	if (!err)
		name_columns(out, r);
	return err;
}

/* --- the whole --------------------------------------------------------------- */

static int read_rows(struct csv *out, struct reader *r, const char **type)
{
	struct offsets row = { NULL, 0, 0 };
	size_t most = FILL_MAX + 4 * (size_t)(r->end - r->s);
	int err = 0;

	while (!err && r->s < r->end) {
		size_t first = r->cell.nr;
		bool any;

		err = next(r, &any);
		if (!err && any)
			mark(&row, first);
		if (!err && out->names.nr && row.nr > most / out->names.nr) {
			*type = "MemoryError";
			err = err_set(ERR_INVALID, "the lines are much "
				      "shorter than the first");
		}
	}
	out->nr = row.nr;
	mark(&row, r->cell.nr);
	out->row = row.item;
	return err;
}

int csv_parse(struct csv *out, const char *s, size_t len, char delimiter,
	      bool header, const char **type)
{
	struct buf lines = BUF_INIT;
	struct reader r = { .delimiter = delimiter, .text = BUF_INIT };
	int err;

	newlines(&lines, s, len);
	r.s = lines.s;
	r.end = lines.s + lines.len;
	*type = "Error";
	err = read_head(out, &r, header, type);
	if (!err)
		err = read_rows(out, &r, type);
	out->text = buf_take(&r.text);
	out->cell = r.cell.item;
	buf_clear(&lines);
	return err;
}

/* cell[] has where each ends; it begins where the one before it does. */
const char *csv_get(const struct csv *c, size_t row, size_t name, size_t *len)
{
	size_t at = c->row[row] + c->column[name], from;

	if (at >= c->row[row + 1])
		return NULL;
	from = at ? c->cell[at - 1] : 0;
	*len = c->cell[at] - from;
	return c->text + from;
}

void csv_clear(struct csv *c)
{
	strs_clear(&c->names);
	free(c->column);
	free(c->text);
	free(c->cell);
	free(c->row);
	*c = (struct csv)CSV_INIT;
}
