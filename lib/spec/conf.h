/*
 * conf - DVC's settings: .dvc/config, config.local, global, system.
 *
 * Read here:  conf_load() merges the four files (dvc-formats 12.3; later
 *             ones are stronger); conf_get("cache", "type").
 * Owns:       its strings.
 * Fails:      ERR_INVALID ".dvc/config: line N: ..." for a line that is no
 *             section, key or comment.
 * Knows:      XDG_CONFIG_HOME, DVC_GLOBAL_CONFIG_DIR, DVC_SYSTEM_CONFIG_DIR.
 *             Paths stay as written; conf_dir() tells what they start from.
 */
#ifndef SPEC_CONF_H
#define SPEC_CONF_H

#include <stdbool.h>
#include <stddef.h>

struct conf_item {
	char *section, *key, *value;
	char *dir;		/* directory of the file it came from */
};

struct conf {
	struct conf_item *item;
	size_t nr, alloc;
};
#define CONF_INIT { 0 }

/* `root`: the project (where .dvc is). */
int conf_load(struct conf *out, const char *root);

/* One text, as if it stood in `dir`; for tests. */
int conf_parse(struct conf *out, const char *name, const char *dir,
	       const char *text);

/* The strongest value, or NULL. Keys and sections in lower case. */
const char *conf_get(const struct conf *c, const char *section,
		     const char *key);
bool conf_bool(const struct conf *c, const char *section, const char *key,
	       bool otherwise);

/* A value that is a path, made absolute from its file's directory, or NULL. */
char *conf_path(const struct conf *c, const char *section,
		const char *key);		/* caller frees */

void conf_clear(struct conf *c);

#endif
