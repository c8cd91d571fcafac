#include <string.h>
#include "exp/plots-part.h"

void plot_anchor(struct buf *b, const char *name)
{
	buf_str(b, "<DVC_METRIC_");
	for (; *name; name++)
		buf_char(b, *name >= 'a' && *name <= 'z' ? *name - 'a' + 'A' :
			 *name);
	buf_char(b, '>');
}

static bool is_text(const struct val *v, const struct buf *text)
{
	return v->kind == VAL_STR && v->len == text->len &&
	       !memcmp(v->s, text->s, text->len);
}

/* As DVC looks: not in lists within lists. */
static bool find(const struct val *v, const struct buf *text, bool in_list)
{
	if (is_text(v, text))
		return true;
	if (v->kind != VAL_MAP && (v->kind != VAL_LIST || in_list))
		return false;
	for (size_t i = 0; i < v->nr; i++)
		if (find(&v->item[i], text, v->kind == VAL_LIST))
			return true;
	return false;
}

bool plot_anchor_in(const struct val *content, const char *name)
{
	struct buf b = BUF_INIT;
	bool found;

	plot_anchor(&b, name);
	found = content->kind == VAL_MAP && find(content, &b, false);
	buf_clear(&b);
	return found;
}

/* Text within text, for each place where it stands. */
static void replace_part(struct val *v, const struct buf *text,
			 const struct val *with)
{
	struct buf out = BUF_INIT;
	size_t from = 0;

	for (size_t i = 0; i + text->len <= v->len; ) {
		if (memcmp(v->s + i, text->s, text->len)) {
			i++;
			continue;
		}
		buf_add(&out, v->s + from, i - from);
		buf_add(&out, with->s, with->len);
		i += text->len;
		from = i;
	}
	if (from) {
		buf_add(&out, v->s + from, v->len - from);
		val_set_nstr(v, out.s, out.len);
	}
	buf_clear(&out);
}

static void replace(struct val *v, const struct buf *text,
		    const struct val *with)
{
	for (size_t i = 0; i < v->nr; i++) {
		struct val *item = &v->item[i];

		if (is_text(item, text))
			val_copy(item, with);
		else if (item->kind == VAL_MAP || item->kind == VAL_LIST)
			replace(item, text, with);
		else if (item->kind == VAL_STR && with->kind == VAL_STR &&
			 v->kind == VAL_MAP)
			replace_part(item, text, with);
	}
}

void plot_anchor_fill(struct val *content, const char *name,
		      const struct val *with)
{
	struct buf b = BUF_INIT;

	plot_anchor(&b, name);
	replace(content, &b, with);
	buf_clear(&b);
}
