/*
 * name - pronounceable names for experiments: "warm-loaf".
 *
 * Read here:  name_make() draws one; whoever calls asks whether it is free.
 * Owns:       two lists of words.
 * Fails:      never.
 * Knows:      nothing of Git. Randomness is the system's, so a seed set by
 *             the user's program changes nothing here (as in DVC).
 */
#ifndef EXP_NAME_H
#define EXP_NAME_H

/* `tries` many draws failed already: from the 20th on a number is added. */
char *name_make(unsigned tries);	/* caller frees */

#endif
