/*
 * init - what the first stage of a project is made of.
 *
 * Read here:  init.c fills a struct setup from the command line, init-ask.c
 *             from answers; init-make.c makes the project and what is
 *             missing.
 * Owns:       the setup its strings.
 * Fails:      init_ask(), init_confirm(): ERR_INVALID when the input ends.
 * Knows:      the parts of a workspace and their usual names.
 */
#ifndef INIT_H
#define INIT_H

#include <stdbool.h>
#include "base/strs.h"

struct buf;
struct ctx;

enum part { CODE, DATA, MODEL, PARAMS, METRICS, PLOTS, PARTS };

struct part_name {
	const char *option;	/* "code" */
	const char *usual;	/* "src" */
	const char *question;	/* "Path to a code file/directory" */
	bool input;		/* made when it is missing */
};
extern const struct part_name init_parts[PARTS];

struct setup {
	struct ctx *ctx;
	char *root;		/* the project, there already or to be made */
	char *cwd;		/* below it */
	bool fresh;		/* the project is to be made */
	char *cmd;		/* the command, or NULL */
	char *part[PARTS];	/* paths below cwd; NULL: left out */
	bool given[PARTS];	/* by the command line: not asked for */
};

/* --- asking, on stderr --------------------------------------------------- */

/* The command, unless there is one, and every part that is not given. */
int init_ask(struct setup *s);

/* Show the stage and ask whether to write it; `yes` gets the answer. */
int init_confirm(const struct buf *stage, bool *yes);

/* --- making ------------------------------------------------------------- */

/* .dvc/ and .dvcignore as `dvc init` makes them; `made` gets the files. */
int init_project(const struct setup *s, struct strs *made);

/* Inputs that are missing; says which. `made` gets those that are files. */
int init_inputs(const struct setup *s, struct strs *made, bool quiet);

/* A file by its name: it has an ending, or must be one. */
bool init_is_file(enum part p, const char *path);

/* True when the part is there. */
bool init_exists(const struct setup *s, const char *path);

#endif
