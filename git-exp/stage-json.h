/*
 * stage-json - stages as JSON.
 *
 * Read here:  stage_json() prints one array on one line, in the order of
 *             `pick`.
 * Owns:       nothing.
 * Fails:      never.
 * Knows:      the shape, which is stable (git-exp-format.5): all paths are
 *             relative to the project, `cmd` is a list of strings, "params"
 *             maps a file to its keys, null being the whole file.
 */
#ifndef STAGE_JSON_H
#define STAGE_JSON_H

struct pipe;
struct pipe_pick;

void stage_json(const struct pipe *p, const struct pipe_pick *pick);

#endif
