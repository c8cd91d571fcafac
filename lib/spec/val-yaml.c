#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>
#include "base/err.h"
#include "base/mem.h"
#include "spec/val-anchor.h"
#include "spec/val-map.h"
#include "spec/val-plain.h"
#include "spec/val-type.h"
#include "spec/val-why.h"
#include "spec/val.h"

#define TAG "tag:yaml.org,2002:"

struct reader {
	yaml_parser_t parser;
	const char *text, *name;
	size_t len, skipped;	/* of a byte order mark */
	size_t chars, bytes;	/* the same place, counted both ways */
	struct anchors anchors;
	size_t depth;
};

static int read_node(struct reader *r, const yaml_event_t *e, struct val *out);

static int line_of(const yaml_event_t *e)
{
	return (int)e->start_mark.line + 1;
}

static int fail(struct reader *r, int line, const char *why,
		const char *what)
{
	return err_set(ERR_INVALID, what ? "%s: line %d: %s '%s'" :
		       "%s: line %d: %s", r->name, line, why, what);
}

/* libyaml counts characters; the next mark is never far from the last. */
static size_t offset(struct reader *r, size_t chars)
{
	const char *s = r->text;

	while (r->chars < chars && r->bytes < r->len) {
		r->bytes++;
		while (r->bytes < r->len && (s[r->bytes] & 0xc0) == 0x80)
			r->bytes++;
		r->chars++;
	}
	while (r->chars > chars && r->bytes) {
		r->bytes--;
		while (r->bytes && (s[r->bytes] & 0xc0) == 0x80)
			r->bytes--;
		r->chars--;
	}
	return r->bytes;
}

static void place(struct reader *r, const yaml_event_t *e, struct val *v)
{
	const char *s = r->text;

	v->line = line_of(e);
	v->at = anchor_skip(s, r->len, offset(r, e->start_mark.index));
	v->end = offset(r, e->end_mark.index);
	if (v->style == VAL_LITERAL || v->style == VAL_FOLDED)
		while (v->end > v->at && strchr(" \t\r\n", s[v->end - 1]))
			v->end--;
	if (v->end < v->at)
		v->end = v->at;
	v->at += r->skipped;
	v->end += r->skipped;
}

static int why(const struct reader *r)
{
	const yaml_parser_t *p = &r->parser;
	struct val_why w = {
		r->name, r->text, r->len, p->problem, p->context,
		(int)p->problem_mark.line + 1, (int)p->problem_mark.column + 1,
		(int)p->context_mark.line + 1, (int)p->context_mark.column + 1,
	};

	if (p->error == YAML_MEMORY_ERROR)
		mem_resize(NULL, SIZE_MAX, SIZE_MAX);
	if (p->error == YAML_READER_ERROR)
		val_why_at(&w, p->problem_offset);
	return val_why(&w);
}

static int next(struct reader *r, yaml_event_t *e)
{
	return yaml_parser_parse(&r->parser, e) ? 0 : why(r);
}

/* --- scalars ----------------------------------------------------------- */

static enum val_style style_of(yaml_scalar_style_t style)
{
	switch (style) {
	case YAML_SINGLE_QUOTED_SCALAR_STYLE:
		return VAL_SINGLE;
	case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
		return VAL_DOUBLE;
	case YAML_LITERAL_SCALAR_STYLE:
		return VAL_LITERAL;
	case YAML_FOLDED_SCALAR_STYLE:
		return VAL_FOLDED;
	default:
		return VAL_PLAIN;
	}
}

/* "!" asks for the type of plain text, even in quotes. */
static int read_scalar(struct reader *r, const yaml_event_t *e,
		       struct val *out)
{
	const char *tag = (char *)e->data.scalar.tag;
	const char *s = (char *)e->data.scalar.value;
	bool plain = tag ? !strcmp(tag, "!") : e->data.scalar.plain_implicit;
	size_t len = e->data.scalar.length;
	int line = line_of(e);

	if (plain) {
		if (!val_scalar(out, s, len))
			return fail(r, line, "only in quotes one can say", s);
	} else if (!tag) {
		val_set_nstr(out, s, len);
	} else if (strncmp(tag, TAG, strlen(TAG))) {
		return fail(r, line, "unknown tag", tag);
	} else if (!val_tagged(out, tag + strlen(TAG), s, len)) {
		return fail(r, line, "wrong value for the tag", tag);
	}
	out->style = style_of(e->data.scalar.style);
	place(r, e, out);
	return 0;
}

static int read_alias(struct reader *r, const yaml_event_t *e,
		      struct val *out)
{
	const char *name = (char *)e->data.alias.anchor;
	const char *why = anchors_use(&r->anchors, name, r->depth, out);

	if (why)
		return fail(r, line_of(e), why, name);
	place(r, e, out);
	return 0;
}

/* --- collections ------------------------------------------------------- */

static int read_list(struct reader *r, struct val *out, yaml_event_t *e)
{
	int err;

	while (!(err = next(r, e)) && e->type != YAML_SEQUENCE_END_EVENT) {
		struct val *item = val_add(out);

		err = read_node(r, e, item);
		yaml_event_delete(e);
		if (err)
			return err;
		out->end = item->end;
	}
	return err;
}

static bool is_merge(const yaml_event_t *e)
{
	const char *tag = (char *)e->data.scalar.tag;

	return e->type == YAML_SCALAR_EVENT &&
	       ((e->data.scalar.plain_implicit && !tag &&
		 !strcmp((char *)e->data.scalar.value, "<<")) ||
		(tag && !strcmp(tag, TAG "merge")));
}

static int read_key(struct reader *r, yaml_event_t *e, struct val *key)
{
	int err;

	/* As a key, and only there, "=" is a string. */
	if (e->type == YAML_SCALAR_EVENT && !e->data.scalar.tag &&
	    !strcmp((char *)e->data.scalar.value, "="))
		e->data.scalar.plain_implicit = 0;
	err = read_node(r, e, key);
	if (!err && key->kind >= VAL_LIST)
		err = fail(r, line_of(e), "a key must be a scalar", NULL);
	return err;
}

static int read_value(struct reader *r, struct val *out)
{
	yaml_event_t e;
	int err = next(r, &e);

	if (err)
		return err;
	err = read_node(r, &e, out);
	yaml_event_delete(&e);
	return err;
}

static int read_merge(struct reader *r, struct mapping *m, int line)
{
	struct val from = VAL_INIT;
	int err;

	if (m->merged.nr)
		return fail(r, line, "duplicate key", "<<");
	err = read_value(r, &from);
	m->own.end = from.end;
	val_mark_alias(&from);
	if (!err && !mapping_merge(m, &from))
		err = fail(r, line, "only maps can be merged by", "<<");
	val_clear(&from);
	return err;
}

static int read_pair(struct reader *r, struct mapping *m, yaml_event_t *e)
{
	struct val key = VAL_INIT, item = VAL_INIT;
	int err;

	if (is_merge(e))
		return read_merge(r, m, line_of(e));
	err = read_key(r, e, &key);
	if (!err)
		err = read_value(r, &item);
	if (!err) {
		m->own.end = item.end;
		mapping_set(m, &key, &item);
	}
	val_clear(&key);
	val_clear(&item);
	return err;
}

static int read_map(struct reader *r, struct val *out, yaml_event_t *e)
{
	struct mapping m;
	int err;

	mapping_init(&m, out);
	while (!(err = next(r, e)) && e->type != YAML_MAPPING_END_EVENT) {
		err = read_pair(r, &m, e);
		yaml_event_delete(e);
		if (err)
			break;
	}
	if (!err && !mapping_end(&m, out))
		err = fail(r, m.twice, "duplicate key", m.twice_key);
	mapping_clear(&m);
	return err;
}

static int read_collection(struct reader *r, const yaml_event_t *e,
			   struct val *out)
{
	bool map = e->type == YAML_MAPPING_START_EVENT, flow;
	const char *tag = (char *)(map ? e->data.mapping_start.tag :
					 e->data.sequence_start.tag);
	yaml_event_t end = { 0 };
	int err;

	if (tag && strcmp(tag, "!") && strcmp(tag, map ? TAG "map" : TAG "seq"))
		return fail(r, line_of(e), "unknown tag", tag);
	if (++r->depth > VAL_DEPTH_MAX)
		return fail(r, line_of(e), "nested too deep", NULL);
	if (map)
		val_set_map(out);
	else
		val_set_list(out);
	flow = map ? e->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE :
		e->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
	out->style = flow ? VAL_FLOW : VAL_BLOCK;
	place(r, e, out);
	err = map ? read_map(r, out, &end) : read_list(r, out, &end);
	if (!err && flow)
		out->end = offset(r, end.end_mark.index) + r->skipped;
	yaml_event_delete(&end);
	r->depth--;
	return err;
}

static int read_node(struct reader *r, const yaml_event_t *e, struct val *out)
{
	const yaml_char_t *name =
		e->type == YAML_SCALAR_EVENT ? e->data.scalar.anchor :
		e->type == YAML_MAPPING_START_EVENT ?
		e->data.mapping_start.anchor : e->data.sequence_start.anchor;
	struct anchor *a;
	int err;

	if (e->type == YAML_ALIAS_EVENT)
		return read_alias(r, e, out);
	a = name ? anchors_begin(&r->anchors, (char *)name) : NULL;
	err = e->type == YAML_SCALAR_EVENT ? read_scalar(r, e, out) :
					     read_collection(r, e, out);
	if (a && !err)
		anchor_end(a, out);
	return err;
}

/* --- the document ------------------------------------------------------ */

static int check_version(struct reader *r, const yaml_event_t *e)
{
	const yaml_version_directive_t *v =
		e->data.document_start.version_directive;

	if (v && v->minor < 2)
		return fail(r, line_of(e),
			    "only YAML 1.2 is read here", NULL);
	return 0;
}

/* Events before the root node; `end` when there is none. */
static int read_document(struct reader *r, struct val *out)
{
	bool seen = false;
	int err = 0;

	for (bool end = false; !err && !end; ) {
		yaml_event_t e;

		err = next(r, &e);
		if (err)
			break;
		end = e.type == YAML_STREAM_END_EVENT;
		if (e.type == YAML_DOCUMENT_START_EVENT) {
			err = seen ? fail(r, line_of(&e),
					  "more than one document", NULL) :
				     check_version(r, &e);
			seen = true;
		} else if (!end && e.type != YAML_STREAM_START_EVENT &&
			   e.type != YAML_DOCUMENT_END_EVENT) {
			err = read_node(r, &e, out);
		}
		yaml_event_delete(&e);
	}
	return err;
}

/* Python's "or {}": DVC takes every empty document for an empty map. */
static bool is_empty(const struct val *v)
{
	double n;

	if (val_number(v, &n))
		return n == 0.0;
	return v->kind == VAL_NULL || (v->kind == VAL_STR && !v->len) ||
	       (v->kind == VAL_LIST && !v->nr);
}

int val_whole(struct val *out, const char *text, size_t len, const char *name)
{
	struct reader r = { .name = name, .anchors = ANCHORS_INIT };
	struct val v = VAL_INIT;
	int err;

	/* libyaml counts the mark as a column when the encoding is given. */
	if (len >= 3 && !memcmp(text, "\xef\xbb\xbf", 3))
		r.skipped = 3;
	r.text = text + r.skipped;
	r.len = len - r.skipped;
	if (!yaml_parser_initialize(&r.parser))
		mem_resize(NULL, SIZE_MAX, SIZE_MAX);
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.parser, (const unsigned char *)r.text,
				     r.len);
	err = read_document(&r, &v);
	if (!err && is_empty(&v))
		val_set_map(&v);
	if (err)
		val_clear(&v);
	val_clear(out);
	*out = v;
	anchors_clear(&r.anchors);
	yaml_parser_delete(&r.parser);
	return err;
}

int val_yaml(struct val *out, const char *text, size_t len, const char *name)
{
	return val_plain(out, text, len) ? 0 : val_whole(out, text, len, name);
}
