#include <string.h>
#include "base/err.h"
#include "base/file.h"
#include "base/strs.h"
#include "exp/view-part.h"
#include "spec/val.h"

/* Without a pipeline nobody knows what a cache might hold. */
static void put_error(const struct view *v, const char *type,
		      struct val *params, struct val *metrics)
{
	if (v->message && !strcmp(type, "FileNotFoundError")) {
		err_set(ERR_INVALID, "%s", v->message);
		type = v->type;
	}
	view_error(params, type);
	val_copy(metrics, params);
}

static void put_target(struct view *v, const char *path, struct val *params,
		       struct val *metrics)
{
	struct val file = VAL_INIT;
	const char *type;

	if (view_read(v, path, &file, &type)) {
		put_error(v, type, params, metrics);
	} else {
		val_set_map(params);
		params = val_put(params, "data");
		val_copy(params, &file);
		view_no_dates(params);
		view_metric(metrics, &file);
	}
	val_clear(&file);
}

/* DVC's own files hide from it among others. */
static bool is_hidden(const char *path, const char *target)
{
	const char *name = file_basename(path);
	size_t len = strlen(name);

	return strcmp(path, target) &&
	       (!strcmp(name, "dvc.yaml") || !strcmp(name, ".dvcignore") ||
		(len >= 4 && !strcmp(name + len - 4, ".dvc")));
}

void view_below(struct view *v, const char *target, struct strs *out)
{
	struct strs found = STRS_INIT;

	view_expand(v, target, &found);
	for (size_t i = 0; i < found.nr; i++)
		if (!is_hidden(found.item[i], target))
			strs_once(out, found.item[i]);
	strs_clear(&found);
}

void view_targets(struct view *v, struct val *params, struct val *metrics)
{
	struct strs paths = STRS_INIT;

	val_set_map(params);
	val_set_map(metrics);
	for (size_t i = 0; i < v->o->targets->nr; i++)
		view_below(v, v->o->targets->item[i], &paths);
	for (size_t i = 0; i < paths.nr; i++)
		put_target(v, paths.item[i], val_put(params, paths.item[i]),
			   val_put(metrics, paths.item[i]));
	strs_clear(&paths);
}
