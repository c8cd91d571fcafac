#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "exp/plots-part.h"
#include "exp/view-part.h"
#include "spec/val-map.h"

/* --- kinds of files --------------------------------------------------------- */

const char *plot_suffix(const char *name)
{
	const char *base = file_basename(name), *dot;

	base += strspn(base, ".");
	dot = strrchr(base, '.');
	return dot && dot > base ? dot : "";
}

static bool among(const char *suffix, const char *const *list)
{
	while (*list && strcmp(*list, suffix))
		list++;
	return *list;
}

bool plot_is_image(const char *name)
{
	static const char *const image[] = {
		".jpg", ".jpeg", ".gif", ".png", ".svg", NULL
	};

	return among(plot_suffix(name), image);
}

static bool is_plain(const char *name)
{
	static const char *const plain[] = {
		".json", ".yaml", ".yml", ".toml", ".py", NULL
	};

	return among(plot_suffix(name), plain);
}

/* --- rows in a document ------------------------------------------------------- */

static void blame(struct plot_file *f, const char *type, const char *message)
{
	mem_set(&f->type, mem_dup(type));
	mem_set(&f->message, mem_dup(message));
}

/* All maps, and all with the keys of the first. */
static bool is_rows(const struct val *list, bool *maps)
{
	struct keys first = KEYS_INIT;
	bool same = true;

	*maps = true;
	for (size_t i = 0; *maps && i < list->nr; i++)
		*maps = list->item[i].kind == VAL_MAP;
	for (size_t i = 1; *maps && same && i < list->nr; i++) {
		const struct val *row = &list->item[i];

		for (size_t j = 0; same && j < row->nr; j++)
			same = keys_find(&first, &list->item[0],
					 &row->key[j]) >= 0;
	}
	keys_clear(&first);
	return *maps && same;
}

/* Several lists of one file stand side by side. */
static void join(struct plot_file *f, struct val *list)
{
	for (size_t i = 0; i < list->nr; i++) {
		struct val *row = &list->item[i];
		struct keys keys = KEYS_INIT;

		if (i >= f->rows.nr) {
			*val_add(&f->rows) = *row;
			*row = (struct val)VAL_INIT;
			continue;
		}
		for (size_t j = 0; j < row->nr; j++)
			keys_set(&keys, &f->rows.item[i], &row->key[j],
				 &row->item[j]);
		keys_clear(&keys);
	}
}

static void take_list(struct plot_file *f, struct val *list, bool *found)
{
	const struct val *first = list->item;
	bool maps, rows = is_rows(list, &maps);

	if (!list->nr) {
		blame(f, "AttributeError", "a list is empty");
		return;
	}
	if (maps && !*found && first->nr &&
	    val_text(&first->key[first->nr - 1]))
		f->last = mem_dup(first->key[first->nr - 1].s);
	*found |= maps;
	if (rows)
		join(f, list);
}

static void take_lists(struct plot_file *f, struct val *v, bool *found)
{
	if (v->kind == VAL_LIST)
		take_list(f, v, found);
	for (size_t i = 0; v->kind == VAL_MAP && i < v->nr; i++)
		if (v->item[i].kind == VAL_LIST || v->item[i].kind == VAL_MAP)
			take_lists(f, &v->item[i], found);
}

static void take_document(struct plot_file *f, struct val *doc)
{
	bool found = false;

	if (doc->kind == VAL_MAP && !doc->nr)
		return;
	f->kind = PLOT_ROWS;
	val_set_list(&f->rows);
	view_no_dates(doc);
	if (doc->kind == VAL_LIST || doc->kind == VAL_MAP)
		take_lists(f, doc, &found);
	else
		blame(f, "AttributeError", "there is no list of points");
	f->nr = f->rows.nr;
}

/* --- tables --------------------------------------------------------------------- */

static bool has_rest(const struct csv *c, size_t row, size_t head)
{
	return c->row[row + 1] - c->row[row] > head;
}

/* What stands beyond the last column has the key None, for all or for none. */
static void take_table(struct plot_file *f, size_t head)
{
	const struct csv *c = &f->csv;
	bool rest = c->nr && has_rest(c, 0, head), even = true;

	if (!c->nr)
		return;
	f->kind = PLOT_ROWS;
	f->is_csv = true;
	for (size_t i = 1; even && i < c->nr; i++)
		even = rest || !has_rest(c, i, head);
	f->nr = even ? c->nr : 0;
	if (!rest && c->names.nr)
		f->last = mem_dup(c->names.item[c->names.nr - 1]);
}

static int read_table(struct plot_file *f, const struct buf *text,
		      const char *name, bool header, const char **type)
{
	char delimiter = strcmp(plot_suffix(name), ".tsv") ? ',' : '\t';
	int err;

	if (!view_is_utf8(text)) {
		*type = "EncodingError";
		return err_set(ERR_INVALID, "'%s' is not valid utf-8", name);
	}
	err = csv_parse(&f->csv, text->s, text->len, delimiter, header, type);
	if (err)
		return err_wrap(err, "%s", name);
	take_table(f, f->csv.head);
	return 0;
}

/* --- any file ---------------------------------------------------------------------- */

/* `header: false`: of the command line, or of the output that the file is. */
static bool has_header(const struct plots *p, const struct view *v,
		       const char *path)
{
	const struct val *header = val_get(&p->props, "header");
	const struct stage *s = pipe_maker(&v->pipe, path);

	for (size_t i = 0; !header && s && i < s->nr_out; i++)
		if (s->out[i].plot && !strcmp(s->out[i].path, path))
			header = val_get(&s->out[i].plot_props, "header");
	return !header || val_true(header);
}

static int read_bytes(struct plots *p, struct view *v, const char *path,
		      struct plot_file *f, const char **type)
{
	struct buf text = BUF_INIT;
	int err = view_bytes(v, path, &text, type);

	if (!err && plot_is_image(path)) {
		f->kind = text.len ? PLOT_IMAGE : PLOT_EMPTY;
		f->bytes = text;
		return 0;
	}
	if (!err)
		err = read_table(f, &text, path, has_header(p, v, path),
				 type);
	buf_clear(&text);
	return err;
}

static int read_file(struct plots *p, struct view *v, const char *path,
		     struct plot_file *f, const char **type)
{
	const char *suffix = plot_suffix(path);
	struct val doc = VAL_INIT;
	int err;

	if (plot_is_image(path) || !strcmp(suffix, ".csv") ||
	    !strcmp(suffix, ".tsv"))
		return read_bytes(p, v, path, f, type);
	*type = "PlotMetricTypeError";
	if (!is_plain(path))
		return err_set(ERR_INVALID, "'%s' is neither JSON, YAML, CSV, "
			       "TSV nor an image", path);
	err = view_read(v, path, &doc, type);
	if (!err)
		take_document(f, &doc);
	val_clear(&doc);
	return err;
}

void plot_read(struct plots *p, struct plots_rev *rev, struct view *v,
	       const char *name)
{
	struct plot_file *f;
	const char *type;
	char *path;

	if (map_find(&rev->files, name) >= 0)
		return;
	f = mem_new(1, sizeof(*f));
	f->bytes = (struct buf)BUF_INIT;
	map_put(&rev->files, name, f);
	path = file_join(p->cwd, name);
	if (read_file(p, v, path, f, &type)) {
		f->kind = PLOT_BAD;
		blame(f, type, err_message());
		err_clear();
	}
	free(path);
}

void plot_file_free(void *file)
{
	struct plot_file *f = file;

	free(f->type);
	free(f->message);
	free(f->last);
	buf_clear(&f->bytes);
	csv_clear(&f->csv);
	val_clear(&f->rows);
	free(f);
}
