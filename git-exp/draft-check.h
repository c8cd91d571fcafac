/*
 * draft-check - whether a stage may stand in its project.
 *
 * Read here:  private to draft: draft_check() is here, with what it leaves
 *             for draft_write(), the texts of dvc.yaml and of .gitignore.
 * Owns:       nothing of its own.
 * Fails:      as draft_check().
 * Knows:      the project as it would be: a source that shows the new
 *             dvc.yaml in place of the one on disk.
 */
#ifndef DRAFT_CHECK_H
#define DRAFT_CHECK_H

struct draft;

/* The dvc.yaml, absolute; caller frees. */
char *draft_path(const struct draft *d);

/* Drop the texts of the last check. */
void draft_forget(struct draft *d);

#endif
