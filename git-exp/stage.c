#include <stdlib.h>
#include <string.h>
#include "base/file.h"
#include "base/mem.h"
#include "spec/pipe.h"
#include "cmd.h"
#include "stage.h"

char *stage_address(const struct stage *s, const char *cwd)
{
	char *from = mem_fmt("/%s", strcmp(cwd, ".") ? cwd : "");
	char *to = mem_fmt("/%s", s->file);
	char *file = file_relative(from, to), *name;

	if (s->kind == STAGE_DATA)
		name = mem_dup(file);
	else if (!strcmp(file, "dvc.yaml"))
		name = mem_dup(s->name);
	else
		name = mem_fmt("%s:%s", file, s->name);
	free(file);
	free(to);
	free(from);
	return name;
}

int cmd_stage(struct ctx *ctx, int argc, char **argv)
{
	const struct cmd parts[] = {
		{ "add",  stage_add,  0, "add a stage to dvc.yaml" },
		{ "list", stage_list, 0, "list the stages" },
		{ NULL, NULL, 0, NULL }
	};

	return cmd_part(ctx, argc, argv, parts,
			STAGE_ADD_USAGE "\n" STAGE_LIST_USAGE);
}
