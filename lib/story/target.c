#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/file.h"
#include "base/strs.h"
#include "story/project.h"
#include "story/target.h"

enum graph_way target_way(const struct target_ask *ask)
{
	if (ask->pipeline)
		return GRAPH_PIPELINE;
	if (ask->single)
		return GRAPH_ALONE;
	return ask->down ? GRAPH_DOWN : GRAPH_UP;
}

/* The directory that `word` names, from the root, or NULL; caller frees. */
static char *directory(const struct project *pr, const char *word)
{
	char *here = file_join(pr->root, pr->cwd);
	char *full = file_join(here, word), *dir = NULL;

	if (file_is_dir(full) &&
	    (!strcmp(full, pr->root) || file_inside(pr->root, full)))
		dir = file_relative(pr->root, full);
	free(full);
	free(here);
	return dir;
}

static int pick_dir(const struct graph *g, const char *dir, const char *word,
		    struct pipe_pick *out)
{
	size_t before = out->nr;

	graph_inside(g, dir, out);
	if (out->nr > before)
		return 0;
	return err_set(ERR_NOTFOUND, "there is no stage in directory '%s'",
		       word);
}

static int pick_word(const struct project *pr, const struct pipe *p,
		     const struct graph *g, const char *word,
		     const struct target_want *want, struct pipe_pick *out)
{
	char *dir = want->deep ? directory(pr, word) : NULL;
	int err;

	if (dir)
		err = pick_dir(g, dir, word, out);
	else if (want->glob)
		err = pipe_glob(p, pr->cwd, word, out);
	else
		err = pipe_target(p, pr->cwd, word, want->outs, out);
	free(dir);
	return err;
}

int target_pick(const struct project *pr, const struct pipe *p,
		const struct graph *g, const struct strs *words,
		const struct target_want *want, struct pipe_pick *out)
{
	int err = 0;

	for (size_t i = 0; !want->all && words && i < words->nr && !err; i++)
		err = pick_word(pr, p, g, words->item[i], want, out);
	return err;
}
