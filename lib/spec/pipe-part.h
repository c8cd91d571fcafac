/*
 * pipe-part - what the files of pipe share and nobody else needs.
 *
 * Read here:  pipe_yaml() and pipe_data() turn a parsed document into
 *             stages; both use pipe_add() for the stage and pipe_add_dep(),
 *             pipe_add_out() for its paths, so that paths are resolved and
 *             judged in one place.
 * Owns:       what is added belongs to the stage.
 * Fails:      ERR_INVALID, as pipe does.
 * Knows:      no disk.
 */
#ifndef SPEC_PIPE_PART_H
#define SPEC_PIPE_PART_H

#include <stdbool.h>
#include <stddef.h>

struct dep;
struct out;
struct pipe;
struct shape_where;
struct src;
struct stage;
struct tmpl;
struct val;

/* A dvc.yaml, whose text tells columns; `src` as for pipe_parse(). */
int pipe_yaml(struct pipe *p, struct src *src, const char *file,
	      const char *yaml, size_t len, const struct val *doc);

/* Is an entry of `stages` as DVC demands it before templates are filled in? */
int pipe_raw(const struct shape_where *w, const struct val *def);

/* That entry, the one at `at`: one stage, or all of a foreach or matrix. */
int pipe_define(struct pipe *p, struct tmpl *t, const struct val *stages,
		size_t at);

/* One stage, its templates filled in; `w` names it. */
int pipe_stage(struct pipe *p, const struct shape_where *w,
	       const struct val *key, const struct val *def);

/* A .dvc file. */
int pipe_data(struct pipe *p, const char *file, const struct val *doc);

/* What the sum of an import is taken from (dvc-formats 3), into s->import. */
void pipe_import(struct stage *s, const struct val *doc);

/* A new stage of `file`, its addresses and working directory set. */
struct stage *pipe_add(struct pipe *p, const char *file, const char *name,
		       const char *wdir);

/*
 * A path of the stage, resolved from its wdir. Refused: an empty one and
 * dvc.yaml or a .dvc file.
 */
int pipe_add_dep(struct stage *s, const struct shape_where *w,
		 const char *def, int line);
int pipe_add_out(struct stage *s, const struct shape_where *w,
		 const char *def, int line, struct out **out);

/* Flags are known: refuse '.git', the project itself, cached ones outside. */
int pipe_judge_out(const struct out *o, const struct shape_where *w);

/* `def` seen from the root; what kind of place it is goes to the flags. */
char *pipe_place(const char *wdir, const char *def, bool *external,
		 bool *url);	/* caller frees */

/* "dvc.yaml" or "*.dvc": a name that DVC reads as a pipeline file. */
bool pipe_is_file(const char *path);

#endif
