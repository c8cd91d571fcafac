/*
 * stage - the two commands behind `git exp stage`.
 *
 * Read here:  stage.c chooses; each is a command as in cmd.h, argv[0] being
 *             its own name.
 * Owns:       nothing.
 * Fails:      as cmd_x().
 * Knows:      the usage lines, because `git exp stage -h` shows both.
 */
#ifndef STAGE_H
#define STAGE_H

struct ctx;
struct stage;

#define STAGE_ADD_USAGE \
	"stage add -n <name> [<options>] [--] <command>..."
#define STAGE_LIST_USAGE \
	"stage list [--all] [--name-only | --json] [--fail] [-R] [<target>...]"

/* As DVC names a stage for who stands in `cwd` (from the root); caller frees. */
char *stage_address(const struct stage *s, const char *cwd);

int stage_add(struct ctx *ctx, int argc, char **argv);
int stage_list(struct ctx *ctx, int argc, char **argv);

#endif
