#include <stdint.h>
#include "base/buf.h"
#include "spec/val-map.h"
#include "spec/val-plain.h"
#include "spec/val-plain-part.h"
#include "spec/val.h"

#define DEEP 100		/* collections in collections */

static bool block(struct plain *r, long col, struct val *out);

/* --- bytes -------------------------------------------------------------- */

/* Other line ends than \n, tabs, and what YAML does not allow. */
static bool is_odd(uint32_t c)
{
	return c < 0xa0 || c == 0x2028 || c == 0x2029 || c == 0xfeff ||
	       (c >= 0xd800 && c < 0xe000) || c == 0xfffe || c == 0xffff;
}

static bool usual(const char *s, const char *end)
{
	while (s < end) {
		uint32_t c = (unsigned char)*s;

		if (c - ' ' < 0x7f - ' ' || c == '\n') {
			s++;
			continue;
		}
		s += val_char(s, (size_t)(end - s), &c);
		if (is_odd(c))
			return false;
	}
	return true;
}

static bool at_dash(const struct plain *r)
{
	return *r->s == '-' && plain_blank(r, r->s + 1);
}

/* --- collections --------------------------------------------------------- */

/* `flat`: it stands as far left as the key that it belongs to. */
static bool read_list(struct plain *r, bool flat, struct val *out)
{
	long col = r->col;
	bool good = true;

	val_set_list(out);
	plain_place(r, out, r->s, r->s, r->line);
	while (good && r->col == col && at_dash(r)) {
		struct val *item = val_add(out);

		r->s++;
		good = block(r, col, item);
		out->end = item->end;
	}
	return good && (r->col < col || (flat && r->col == col));
}

/* What stands behind "key:" in column `col`. */
static bool read_value(struct plain *r, long col, struct val *out)
{
	const char *mark = r->s;
	int line = r->line;

	if (!plain_next(r))
		return false;
	if (r->line == line && r->col > col)
		return plain_scalar(r, col, out);
	if (r->col == col && at_dash(r))
		return read_list(r, true, out);
	r->s = mark;
	r->line = line;
	return block(r, col, out);
}

static bool read_pair(struct plain *r, long col, struct mapping *m)
{
	struct val key = VAL_INIT, item = VAL_INIT;
	bool good = plain_key(r, &key) && read_value(r, col, &item);

	if (good) {
		m->own.end = item.end;
		mapping_set(m, &key, &item);
	}
	val_clear(&key);
	val_clear(&item);
	return good && !m->twice;
}

static bool read_map(struct plain *r, struct val *out)
{
	long col = r->col;
	bool good = true;
	struct mapping m;

	val_set_map(out);
	plain_place(r, out, r->s, r->s, r->line);
	mapping_init(&m, out);
	while (good && r->col == col)
		good = read_pair(r, col, &m);
	good = good && r->col < col && mapping_end(&m, out);
	mapping_clear(&m);
	return good;
}

/* Whatever stands deeper than column `col`, from here on; else null. */
static bool block(struct plain *r, long col, struct val *out)
{
	const char *mark = r->s;
	int line = r->line;
	bool good;

	if (!plain_next(r) || r->depth > DEEP)
		return false;
	if (r->col <= col) {
		plain_place(r, out, mark, mark, line);
		return true;
	}
	r->depth++;
	good = at_dash(r) ? read_list(r, false, out) :
	       plain_at_key(r) ? read_map(r, out) : plain_scalar(r, col, out);
	r->depth--;
	return good;
}

bool val_plain(struct val *out, const char *text, size_t len)
{
	struct plain r = { .text = text, .end = text + len, .s = text,
			   .bol = text, .line = 1, .b = BUF_INIT };
	struct val v = VAL_INIT;
	bool good = usual(text, r.end) && block(&r, -1, &v) && r.col < 0 &&
		    v.kind >= VAL_LIST;

	if (!good)
		val_clear(&v);
	val_clear(out);
	*out = v;
	buf_clear(&r.b);
	return good;
}
