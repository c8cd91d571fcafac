#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/src.h"
#include "exp/plots-part.h"

static const char folder[] = ".dvc/plots";

/* "loss.tmpl" and "loss" are "loss.json" too. */
static char *as_json(const char *name)
{
	size_t len = strlen(name) - strlen(plot_suffix(name));

	return mem_fmt("%.*s.json", (int)len, name);
}

/* Takes `path`; true when it is a file. */
static bool is_file(struct src *disk, char **found, char *path)
{
	if (!*found && src_kind(disk, path) == SRC_FILE)
		*found = path;
	else
		free(path);
	return *found;
}

static char *find(struct src *disk, const char *cwd, const char *name)
{
	char *found = NULL, *json = as_json(name);

	if (disk && !is_file(disk, &found, file_join(folder, name)) &&
	    !is_file(disk, &found, file_join(folder, json)))
		is_file(disk, &found, file_join(cwd, name));
	free(json);
	return found;
}

static int read_template(struct val *out, struct src *disk, const char *path)
{
	struct buf text = BUF_INIT;
	int err = src_read(disk, path, &text);

	if (!err)
		err = val_json(out, text.s, text.len, path);
	if (!err && out->kind != VAL_MAP)
		err = err_set(ERR_INVALID, "%s: a template must be an object",
			      path);
	buf_clear(&text);
	return err;
}

int plot_template(struct val *out, struct src *disk, const char *cwd,
		  const char *name)
{
	char *path = find(disk, cwd, name);
	int err = path ? read_template(out, disk, path) :
			 plots_builtin(out, name);

	if (err == ERR_NOTFOUND)
		err_hint(err, "'git exp plots templates' lists those that are "
			 "built in; yours belong into %s", folder);
	free(path);
	return err;
}
