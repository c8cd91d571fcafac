#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "spec/edit-toml.h"
#include "spec/val.h"

int toml_refuse(const struct toml_job *j, const char *why)
{
	int err = err_set(ERR_INVALID, "%s: cannot change '%s': %s", j->name,
			  j->key, why);

	return err_hint(err, "change it in the file by hand");
}

/* Replace bytes by lines that end in LF, in the file's own line ends. */
void toml_put_lines(struct toml_job *j, size_t at, size_t len, const struct buf *lines)
{
	const char *lf = memchr(j->text->s, '\n', j->text->len);
	const char *eol = lf && lf > j->text->s && lf[-1] == '\r' ? "\r\n" :
			  "\n";
	struct buf out = BUF_INIT;

	if (lines->len && at && !strchr("\r\n", j->text->s[at - 1]))
		buf_str(&out, eol);
	for (size_t i = 0; i < lines->len; i++) {
		if (lines->s[i] == '\n')
			buf_str(&out, eol);
		else
			buf_char(&out, lines->s[i]);
	}
	buf_splice(j->text, at, len, out.s, out.len);
	buf_clear(&out);
}

void toml_title(struct buf *b, const struct strs *names)
{
	buf_char(b, '[');
	for (size_t i = 0; i < names->nr; i++) {
		if (i)
			buf_char(b, '.');
		toml_name(b, names->item[i], strlen(names->item[i]));
	}
	buf_str(b, "]\n");
}

/* --- removing ------------------------------------------------------------ */

static bool *marked(const struct toml_found *f, size_t *first, size_t *nr)
{
	bool *gone = mem_new(f->nr + 1, sizeof(*gone));
	bool below = false;

	*nr = 0;
	for (size_t i = 0; i < f->nr; i++) {
		if (f->item[i].header)
			below = f->item[i].inside;
		*first = f->item[i].inside && !*nr ? i : *first;
		*nr += f->item[i].inside;
		gone[i] = f->item[i].inside && (f->item[i].header || !below);
	}
	return gone;
}

/* Nothing else says that there is such a map: then this does. */
static void stand_in(struct toml_job *j, const struct toml_place *first,
		     const struct strs *names, struct buf *out)
{
	size_t from = toml_line_at(j->text, first->at);

	if (first->header) {
		toml_title(out, names);
		return;
	}
	buf_add(out, j->text->s + from, first->stem - from);
	buf_str(out, " = {}\n");
}

static void cut(struct toml_job *j, const struct toml_found *f, const bool *gone,
		size_t first, const struct buf *instead)
{
	for (size_t i = f->nr; i-- > 0; ) {
		size_t from, to;

		if (!gone[i])
			continue;
		toml_lines(f, i, &from, &to);
		while (to == j->text->len && from > 1 && !instead->len &&
		       f->item[i].header && j->text->s[from - 1] == '\n' &&
		       j->text->s[from - 2] == '\n')
			from--;
		if (i == first)
			toml_put_lines(j, from, to - from, instead);
		else
			buf_splice(j->text, from, to - from, "", 0);
	}
}

/* All headers and pairs of an entry of the map. */
int toml_drop_lines(struct toml_job *j, const char *entry)
{
	struct toml_found map, gone;
	struct buf instead = BUF_INIT;
	size_t first = 0, nr = 0, others = 0, nr_own;
	struct strs where = STRS_INIT;
	bool *list, *unused;

	for (size_t i = 0; i < j->where.nr; i++)
		strs_add(&where, j->where.item[i]);
	strs_add(&where, entry);
	toml_find(&map, j->text, &j->where);
	toml_find(&gone, j->text, &where);
	unused = marked(&map, &first, &others);
	list = marked(&gone, &first, &nr_own);
	nr = others - nr_own;
	if (!nr && j->where.nr && nr_own)
		stand_in(j, &map.item[first], &j->title, &instead);
	cut(j, &gone, list, first, &instead);
	free(unused);
	free(list);
	toml_found_clear(&map);
	toml_found_clear(&gone);
	buf_clear(&instead);
	strs_clear(&where);
	return 0;
}

/* "a = 1, " of an inline table. */
int toml_drop_inline(struct toml_job *j, const struct val *key,
		       const struct val *item)
{
	const char *s = j->text->s;
	size_t from = key->at, to = item->end;

	if (item->at == item->end)
		return toml_refuse(j, "it stands in several places");
	while (from > j->map->at && !strchr(",{", s[from]))
		from--;
	if (s[from] == '{') {
		from += 1 + strspn(s + from + 1, " \t");
		if (s[to + strspn(s + to, " \t")] == ',') {
			to += strspn(s + to, " \t") + 1;
			to += strspn(s + to, " \t");
		}
	}
	buf_splice(j->text, from, to - from, "", 0);
	return 0;
}
