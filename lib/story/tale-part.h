/*
 * tale-part - the rungs of the tale that have files of their own.
 *
 * Read here:  only tale.c calls these, in this order.
 * Owns:       what they make is the tale's.
 * Fails:      as tale_tell() says.
 * Knows:      the tale.
 */
#ifndef STORY_TALE_PART_H
#define STORY_TALE_PART_H

#include <stdbool.h>

struct src;
struct tale;

/* Before anything: what the run stands on. */
int part_base(struct tale *t);

/* Is there something to run, or a wish to record it anyway? */
bool part_wanted(const struct tale *t);

/* Before a command runs: can it be recorded, and under which name? */
int part_check(struct tale *t);

/* -S: change parameters, each file's old text kept; a dry run only thinks. */
int part_edit(struct tale *t);

/* Where parameters are read: the disk, in a dry run as -S would leave it. */
struct src *part_source(struct tale *t);

/* Put the old texts back: the run never began. */
int part_edit_back(struct tale *t);

/* The run is over: the next one of its sweep finds the files like this. */
void part_edit_left(struct tale *t);

/* The run failed: its -S edits become something that undo takes back. */
int part_edit_keep(struct tale *t);

/* Let git say what changed while we look, if the run may turn out idle. */
void part_ask(struct tale *t);

/* Inputs as they are before the commands start. */
int part_inputs(struct tale *t);

/*
 * What flow wants to know of Git, which it never hears of otherwise: enum
 * run_git of a path below the root. `tale` is the struct tale.
 */
unsigned part_git(void *tale, const char *path);

/* Results as they are after them: the tree. */
int part_results(struct tale *t);

/* Is that tree the baseline's, or an experiment's of it? Sets t->same. */
int part_same(struct tale *t);

/* Results, then commit, note, ref. */
int part_record(struct tale *t);

#endif
