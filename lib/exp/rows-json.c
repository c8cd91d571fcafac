#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/buf.h"
#include "base/mem.h"
#include "exp/rows.h"
#include "spec/canon.h"

static void text(struct buf *b, const char *s)
{
	if (s)
		canon_str(b, s, strlen(s));
	else
		buf_str(b, "null");
}

/* Local time without a zone, as Python's isoformat(). */
static void stamp(struct buf *b, int64_t at)
{
	time_t t = (time_t)at;
	char day[32];
	struct tm tm;

	localtime_r(&t, &tm);
	strftime(day, sizeof(day), "\"%Y-%m-%dT%H:%M:%S\"", &tm);
	buf_str(b, day);
}

static const char *rev_of(const struct row *row)
{
	return *row->rev.hex ? row->rev.hex : "workspace";
}

static void data(struct buf *b, const struct row *row)
{
	struct buf rest = BUF_INIT;

	if (row->data.kind != VAL_MAP) {
		buf_str(b, "null");
		return;
	}
	buf_fmt(b, "{\"rev\": \"%s\", \"timestamp\": ", rev_of(row));
	if (*row->rev.hex)
		stamp(b, row->time);
	else
		buf_str(b, "null");
	canon_json(&rest, &row->data, 0);
	buf_fmt(b, ", %s", rest.s + 1);
	buf_clear(&rest);
}

static bool has_failed(const struct row *row)
{
	return row->kind == ROW_EXP && row->exp.kind == EXP_FAILED;
}

static void error(struct buf *b, const struct row *row)
{
	buf_str(b, ", \"error\": ");
	if (has_failed(row)) {
		buf_str(b, "{\"msg\": \"Experiment run failed\", "
			"\"type\": \"\"}");
	} else if (row->type) {
		buf_str(b, "{\"msg\": ");
		text(b, row->message);
		buf_str(b, ", \"type\": ");
		text(b, row->type);
		buf_char(b, '}');
	} else {
		buf_str(b, "null");
	}
}

static void state(struct buf *b, const struct row *row)
{
	buf_fmt(b, "{\"rev\": \"%s\", \"name\": ", rev_of(row));
	text(b, row->name);
	buf_str(b, ", \"data\": ");
	data(b, row);
	error(b, row);
	buf_str(b, ", \"experiments\": ");
}

/* --- what is ours ------------------------------------------------------------ */

static void strs(struct buf *b, const struct strs *l)
{
	buf_char(b, '[');
	for (size_t i = 0; i < l->nr; i++) {
		buf_str(b, i ? ", " : "");
		text(b, l->item[i]);
	}
	buf_char(b, ']');
}

static void ours(struct buf *b, const struct row *row)
{
	const struct record *r = &row->exp.record;
	char *why = row_why(row);

	buf_str(b, ", \"git_exp\": {\"ref\": ");
	text(b, row->exp.ref);
	if (has_failed(row)) {
		buf_str(b, ", \"why\": ");
		text(b, why);
	}
	if (r->tags.nr) {
		buf_str(b, ", \"tags\": ");
		strs(b, &r->tags);
	}
	if (r->star)
		buf_str(b, ", \"star\": true");
	if (r->text) {
		buf_str(b, ", \"text\": ");
		text(b, r->text);
	}
	if (r->v) {
		buf_str(b, ", \"record\": ");
		record_line(b, r);
	}
	buf_char(b, '}');
	free(why);
}

static void range(struct buf *b, const struct row *row)
{
	buf_str(b, "{\"revs\": [");
	state(b, row);
	buf_str(b, "null}");
	for (size_t i = 0; i < row->nr_older; i++) {
		buf_str(b, ", ");
		state(b, &row->older[i]);
		buf_str(b, "null}");
	}
	buf_fmt(b, "], \"executor\": %s, \"name\": ", has_failed(row) ?
		"{\"state\": \"failed\", \"name\": null, \"local\": null}" :
		"null");
	text(b, row->exp.name);
	ours(b, row);
	buf_char(b, '}');
}

void rows_json(struct buf *b, const struct rows *rows)
{
	buf_char(b, '[');
	for (size_t i = 0; i < rows->nr; i++) {
		const struct row *row = &rows->item[i];
		bool more = i + 1 < rows->nr &&
			    rows->item[i + 1].kind == ROW_EXP;

		if (row->kind == ROW_EXP) {
			range(b, row);
			buf_str(b, more ? ", " : "]}");
		} else {
			state(b, row);
			buf_str(b, more ? "[" : "null}");
		}
		if (!more && i + 1 < rows->nr)
			buf_str(b, ", ");
	}
	buf_char(b, ']');
}
