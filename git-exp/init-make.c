#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "cmd.h"
#include "init.h"

const struct part_name init_parts[PARTS] = {
	[CODE]    = { "code", "src", "Path to a code file/directory", true },
	[DATA]    = { "data", "data", "Path to a data file/directory", true },
	[MODEL]   = { "model", "models", "Path to a model file/directory", false },
	[PARAMS]  = { "params", "params.yaml", "Path to a parameters file", true },
	[METRICS] = { "metrics", "metrics.json", "Path to a metrics file", false },
	[PLOTS]   = { "plots", "plots", "Path to a plots file/directory", false },
};

/* What `dvc init` writes; config last, it tells that the rest is there. */
static const struct {
	const char *path, *text;
	bool tracked;
} project_files[] = {
	{ ".dvcignore",
	  "# Add patterns of files dvc should ignore, which could improve\n"
	  "# the performance. Learn more at\n"
	  "# https://dvc.org/doc/user-guide/dvcignore\n", true },
	{ ".dvc/.gitignore", "/config.local\n/tmp\n/cache\n", true },
	{ ".dvc/tmp/btime", "", false },
	{ ".dvc/config", "", true },
};

static int make_file(const char *root, const char *name, const char *text,
		     bool tracked, struct strs *made)
{
	char *path = file_join(root, name);
	int err = 0;

	if (!file_exists(path)) {
		err = file_write(path, text, strlen(text), 0,
				 FILE_MKDIRS | FILE_FSYNC);
		if (!err && tracked)
			strs_add(made, path);
	}
	free(path);
	return err;
}

int init_project(const struct setup *s, struct strs *made)
{
	int err = 0;

	for (size_t i = 0; !err && i < sizeof(project_files) /
			sizeof(*project_files); i++)
		err = make_file(s->root, project_files[i].path,
				project_files[i].text,
				project_files[i].tracked, made);
	return err;
}

static char *full_path(const struct setup *s, const char *path)
{
	char *here = file_join(s->root, s->cwd);
	char *full = file_join(here, path);

	free(here);
	return full;
}

bool init_exists(const struct setup *s, const char *path)
{
	char *full = full_path(s, path);
	bool yes = file_exists(full);

	free(full);
	return yes;
}

bool init_is_file(enum part p, const char *path)
{
	const char *dot = strrchr(file_basename(path), '.');

	return p == PARAMS || (dot && dot > file_basename(path) && dot[1]);
}

static int make_input(const struct setup *s, enum part p, struct strs *made)
{
	char *full = full_path(s, s->part[p]);
	int err;

	if (init_is_file(p, s->part[p])) {
		err = file_write(full, "", 0, 0, FILE_MKDIRS | FILE_EXCL);
		if (!err)
			strs_add(made, full);
	} else {
		err = file_mkdirs(full);
	}
	free(full);
	return err;
}

/* "src, data and params.yaml" */
static void say_created(const struct strs *names)
{
	printf("Created ");
	for (size_t i = 0; i < names->nr; i++)
		printf("%s'%s'", !i ? "" : i + 1 < names->nr ? ", " : " and ",
		       names->item[i]);
	puts(", which did not exist.");
}

int init_inputs(const struct setup *s, struct strs *made, bool quiet)
{
	struct strs names = STRS_INIT;
	int err = 0;

	for (int p = 0; !err && p < PARTS; p++) {
		if (!s->part[p] || !init_parts[p].input ||
		    init_exists(s, s->part[p]))
			continue;
		err = make_input(s, (enum part)p, made);
		strs_add(&names, s->part[p]);
	}
	if (names.nr && !quiet)
		say_created(&names);
	strs_clear(&names);
	return err;
}
