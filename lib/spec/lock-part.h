/*
 * lock-part - what the files of lock share.
 *
 * Read here:  lock_share() marks, in the parameters of an entry that is to be
 *             written, what DVC would write once and then name: collections
 *             that are one and the same object once the file is read (an
 *             alias and what it names, "train.betas" and the list below
 *             "train"). lock_number() then counts the anchors as DVC does,
 *             through the whole file, by the alias that is met first.
 * Owns:       nothing; the anchors are numbers in the values.
 * Fails:      never. More than 999 anchors keep the numbers they have.
 * Knows:      that a value keeps the place in the text it came from, and that
 *             the readers of YAML and JSON know it for every collection.
 */
#ifndef SPEC_LOCK_PART_H
#define SPEC_LOCK_PART_H

struct val;

/* `params` is a map: file -> map of key -> value. */
void lock_share(struct val *params);

/* In place; `text` may be NULL. */
void lock_number(char *text);

#endif
