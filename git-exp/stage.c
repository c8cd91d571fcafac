#include "cmd.h"
#include "stage.h"

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
