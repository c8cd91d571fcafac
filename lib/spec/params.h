/*
 * params - files of parameters and metrics, as dotted keys.
 *
 * Read here:  params_load() one file by its suffix; val_path() looks up one
 *             dotted key; params_flat() walks the leaves as tables show them.
 * Owns:       what is loaded is the caller's struct val.
 * Fails:      ERR_NOTFOUND (file), ERR_INVALID "file: line N: ..." (syntax,
 *             a document that is not a map where one is needed).
 * Knows:      a source, not the disk.
 */
#ifndef SPEC_PARAMS_H
#define SPEC_PARAMS_H

#include <stdbool.h>
#include <stddef.h>

struct src;
struct val;
struct map;

enum params_format { PARAMS_YAML, PARAMS_JSON, PARAMS_TOML, PARAMS_PY };

/*
 * By the suffix, in any case; YAML when it is none of the others. As in DVC
 * it begins at the first dot of the name for who reads ("a.b.json" is YAML),
 * at the last for who writes (-S).
 */
enum params_format params_format(const char *path);
enum params_format params_writer(const char *path);

/*
 * A text of that format; `path` stands in messages. What Python calls false is
 * an empty map, as for DVC.
 */
int params_parse(struct val *out, const char *text, size_t len,
		 enum params_format form, const char *path);

/* The file at `path`, which may be no directory. */
int params_load(struct val *out, struct src *src, const char *path);

/*
 * Each leaf: maps are entered, lists are leaves, keys joined by '.'. A
 * document that is itself a leaf has the key "". Ends early on non-zero.
 */
int params_flat(const struct val *v,
		int (*fn)(const char *key, const struct val *v, void *payload),
		void *payload);

/*
 * Metrics as DVC keeps them: null and lists dropped, numbers, strings and
 * booleans kept, maps entered (dvc-formats 9.3). `out` becomes the map.
 */
void params_metrics(struct val *out, const struct val *in);

/*
 * The values a stage or table tracks: from `file` those of `keys` (dotted),
 * put under their dotted names. Missing keys are left out; returns how many.
 */
struct strs;
int params_select(struct val *out, const struct val *file,
		  const struct strs *keys);

#endif
