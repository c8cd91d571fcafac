#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "flow/run-part.h"
#include "spec/dvcfile.h"

static char *file_of(const struct doing *d, const struct out *o)
{
	char *full = run_full(d, o->path), *dir = file_dirname(full);
	char *path = mem_fmt("%s/.gitignore", dir);

	free(full);
	free(dir);
	return path;
}

/* The line that was added is what the text has more than before. */
static void remember(struct doing *d, const char *path, const char *line,
		     size_t len)
{
	struct strs *l = map_get(&d->ignores, path);

	if (!l) {
		l = mem_new(1, sizeof(*l));
		map_put(&d->ignores, path, l);
	}
	while (len && line[len - 1] == '\n')
		len--;
	while (len && *line == '\n') {
		line++;
		len--;
	}
	strs_nadd(l, line, len);
}

static int add_line(struct doing *d, const char *path, const char *name)
{
	struct buf text = BUF_INIT;
	size_t old;
	int err = file_read(path, &text, 0);

	if (err == ERR_NOTFOUND) {
		err_clear();
		err = 0;
	}
	old = text.len;
	if (!err && dvcfile_gitignore(&text, name)) {
		err = file_write(path, text.s, text.len, 0, FILE_KEEPMODE);
		if (!err)
			remember(d, path, text.s + old, text.len - old);
	}
	buf_clear(&text);
	return err;
}

int run_ignore(struct doing *d, const struct stage *s, const struct out *o)
{
	unsigned git = 0;
	char *path;
	int err;

	if (!o->cache || o->external)
		return 0;
	if (d->job->git)
		git = d->job->git(d->job->payload, o->path);
	if (git & RUN_GIT_TRACKED) {
		err = err_set(ERR_EXISTS,
			"output '%s' of stage '%s' is tracked by Git",
			o->def, s->addr);
		return err_hint(err, "git rm -r --cached '%s'", o->path);
	}
	if (git & RUN_GIT_IGNORED)
		return 0;
	path = file_of(d, o);
	err = add_line(d, path, file_basename(o->path));
	free(path);
	return err;
}

/* --- taking back ------------------------------------------------------ */

static void cut_line(struct buf *text, const char *line)
{
	size_t len = strlen(line);

	for (size_t at = 0; at < text->len; ) {
		const char *nl = memchr(text->s + at, '\n', text->len - at);
		size_t end = nl ? (size_t)(nl - text->s) : text->len;

		if (end - at == len && !memcmp(text->s + at, line, len)) {
			buf_splice(text, at, end - at + (nl ? 1 : 0), NULL, 0);
			return;
		}
		at = end + 1;
	}
}

static void take_back(const char *path, const struct strs *lines)
{
	struct buf text = BUF_INIT;
	int err = file_read(path, &text, 0);

	for (size_t i = 0; !err && i < lines->nr; i++)
		cut_line(&text, lines->item[i]);
	if (!err)
		err = text.len ? file_write(path, text.s, text.len, 0,
					    FILE_KEEPMODE)
			       : file_unlink(path);
	if (err)
		err_warn("%s", err_message());
	buf_clear(&text);
}

static void free_strs(void *p)
{
	strs_clear(p);
	free(p);
}

void run_ignores_end(struct doing *d, bool back)
{
	for (size_t i = 0; back && i < d->ignores.nr; i++)
		take_back(d->ignores.item[i].key, d->ignores.item[i].value);
	map_clear(&d->ignores, free_strs);
}
