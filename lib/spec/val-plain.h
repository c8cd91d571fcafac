/*
 * val-plain - the short way through the YAML that people write; a part of val.
 *
 * Read here:  val_plain() reads block maps and lists of plain, quoted and
 *             literal scalars, with comments, in one pass over the bytes. What
 *             is rarer (flow collections, anchors, tags, tabs, several
 *             documents, a key twice, any mistake) it declines, and
 *             val_whole() reads the text with libyaml, and says what is wrong.
 *             val_yaml() asks the one, then the other.
 * Owns:       nothing; the tree is the caller's, empty when declined.
 * Fails:      val_plain() never: false means "not for me". val_whole() as
 *             val_yaml().
 * Knows:      only val. Its promise, which t/fuzz/f-plain.c holds it to: what it
 *             takes, libyaml takes too, and gives the same tree, lines and
 *             places included.
 */
#ifndef SPEC_VAL_PLAIN_H
#define SPEC_VAL_PLAIN_H

#include <stdbool.h>
#include <stddef.h>

struct val;

bool val_plain(struct val *out, const char *text, size_t len);
int val_whole(struct val *out, const char *text, size_t len, const char *name);

#endif
