/*
 * dvcfile-part - what the files of dvcfile share; a part of dvcfile.
 *
 * Read here:  dvcfile.c makes the map of a stage; dvcfile_restore() adds to
 *             it what DVC keeps of the stage that it replaces.
 * Owns:       nothing.
 * Fails:      never.
 * Knows:      only val, and the keys of a stage.
 */
#ifndef SPEC_DVCFILE_PART_H
#define SPEC_DVCFILE_PART_H

struct val;

/*
 * `value` is a stage as it will be written, `old` the entry that stands
 * there. What it says of desc, meta, and for an output that both have of
 * desc, type, labels, meta, remote and push: false stays.
 */
void dvcfile_restore(struct val *value, const struct val *old);

#endif
