#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "spec/emit-part.h"
#include "spec/emit.h"
#include "spec/val.h"

static void put_node(struct emitter *e, const struct val *v, int indent,
		     enum place place);

static void end_line(struct emitter *e)
{
	buf_char(e->out, '\n');
	e->col = 0;
	e->space = e->begun = true;
}

void part_indent(struct emitter *e, int indent)
{
	if (indent < 0)
		indent = 0;
	if (!e->begun || e->col > indent || (e->col == indent && !e->space))
		end_line(e);
	if (e->col < indent)
		e->space = true;
	for (; e->col < indent; e->col++)
		buf_char(e->out, ' ');
}

void part_mark(struct emitter *e, const char *mark, bool apart)
{
	if (apart && !e->space) {
		buf_char(e->out, ' ');
		e->col++;
	}
	buf_str(e->out, mark);
	e->col += (int)strlen(mark);
	e->space = e->begun = false;
}

/* "-", "?" or ":" where the value may follow on the same line. */
static void put_dash(struct emitter *e, const char *mark)
{
	bool begun = e->begun;

	part_mark(e, mark, true);
	e->begun = begun;
}

static void put_empty(struct emitter *e, const char *open, const char *close)
{
	part_mark(e, open, true);
	part_mark(e, close, false);
	end_line(e);
}

static void put_list(struct emitter *e, const struct val *v, int indent,
		     enum place place)
{
	/* A list that begins on the line after its key is not indented. */
	if (place == IN_MAP && !e->begun)
		indent -= 2;
	for (size_t i = 0; i < v->nr; i++) {
		part_indent(e, indent);
		put_dash(e, "-");
		put_node(e, &v->item[i], indent, IN_LIST);
	}
}

static void put_pair(struct emitter *e, const struct val *key,
		     const struct val *item, int indent)
{
	part_indent(e, indent);
	if (part_simple_key(key)) {
		put_node(e, key, indent, AS_KEY);
		part_mark(e, ":", false);
	} else {
		put_dash(e, "?");
		put_node(e, key, indent, IN_MAP);
		part_indent(e, indent);
		put_dash(e, ":");
	}
	put_node(e, item, indent, IN_MAP);
}

static void put_map(struct emitter *e, const struct val *v, int indent)
{
	for (size_t i = 0; i < v->nr; i++)
		put_pair(e, &v->key[i], &v->item[i], indent);
}

static void put_anchor(struct emitter *e, int anchor)
{
	struct buf b = BUF_INIT;

	buf_fmt(&b, "%cid%03d", anchor < 0 ? '*' : '&', abs(anchor));
	part_mark(e, b.s, true);
	buf_clear(&b);
}

/* `indent` is that of the collection around it. */
static void put_node(struct emitter *e, const struct val *v, int indent,
		     enum place place)
{
	int inner = place == AT_ROOT ? indent : indent + 2;
	bool map = v->kind == VAL_MAP;

	if (v->anchor)
		put_anchor(e, v->anchor);
	if (v->anchor < 0)
		return;
	if (v->kind != VAL_MAP && v->kind != VAL_LIST) {
		if (place == IN_LIST)
			part_indent(e, inner);
		part_scalar(e, v, inner, place);
	} else if (!v->nr) {
		put_empty(e, map ? "{" : "[", map ? "}" : "]");
	} else if (map) {
		put_map(e, v, inner);
	} else {
		put_list(e, v, inner, place);
	}
}

static void finish(struct emitter *e)
{
	if (e->col)
		end_line(e);
}

static void put_root_scalar(struct emitter *e, const struct val *v)
{
	bool open = part_scalar(e, v, -1, AT_ROOT);

	finish(e);
	if (open)
		buf_str(e->out, "...\n");
}

void emit_yaml(struct buf *out, const struct val *v, int indent)
{
	struct emitter e = { out, 0, true, true };

	if (v->kind != VAL_MAP && v->kind != VAL_LIST) {
		put_root_scalar(&e, v);
		return;
	}
	part_indent(&e, indent);
	put_node(&e, v, indent, AT_ROOT);
	finish(&e);
}

void emit_pair(struct buf *out, const struct val *key, const struct val *value,
	       int indent)
{
	struct emitter e = { out, 0, true, true };

	put_pair(&e, key, value, indent);
	finish(&e);
}

void emit_scalar(struct buf *out, const struct val *v, int col, int indent)
{
	struct emitter e = { out, col, true, false };

	part_scalar(&e, v, indent + 2, indent < 0 ? IN_FLOW : IN_MAP);
}
