#include <ctype.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/file.h"
#include "base/map.h"
#include "base/mem.h"
#include "repo/snap-want.h"

static const char *const secrets[] = { ".env*", "*.pem", "id_rsa*", "id_dsa*",
	"id_ecdsa*", "id_ed25519*", "*credential*", NULL };

bool want_secret(struct snap *s, const char *path)
{
	char *name = mem_dup(file_basename(path));
	bool yes = false;

	for (char *c = name; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	for (const char *const *p = secrets; *p && !yes; p++)
		yes = !fnmatch(*p, name, 0);
	if (yes)
		strs_once(&s->secret, path);
	free(name);
	return yes;
}

static bool below_any(const struct strs *dirs, const char *path)
{
	for (size_t i = 0; i < dirs->nr; i++) {
		const char *dir = dirs->item[i];
		size_t n = strlen(dir);

		while (n && dir[n - 1] == '/')
			n--;
		if (!n || (n == 1 && *dir == '.') ||
		    (!strncmp(dir, path, n) && (!path[n] || path[n] == '/')))
			return true;
	}
	return false;
}

void want_begin(struct want *w, struct snap *s, const struct snap_want *rules)
{
	*w = (struct want){ .snap = s, .rules = rules };
}

static bool size_of(struct repo *r, const char *path, uint64_t *size)
{
	char *full = file_join(repo_top(r), path);
	struct stat st;
	bool there = !lstat(full, &st);

	*size = there ? (uint64_t)st.st_size : 0;
	free(full);
	return there;
}

void want_offer(struct want *w, const char *path, struct strs *add)
{
	uint64_t size;

	if (below_any(&w->rules->never, path) ||
	    file_is_temp(file_basename(path)))
		return;
	if (path[strlen(path) - 1] == '/') {
		strs_nadd(&w->snap->nested, path, strlen(path) - 1);
		return;
	}
	if (want_secret(w->snap, path) || !size_of(w->snap->repo, path, &size))
		return;
	if (below_any(&w->rules->always, path)) {
		strs_add(add, path);
	} else if (size > w->rules->max_file) {
		strs_add(&w->left, path);
	} else {
		strs_add(&w->rest, path);
		w->total += size;
	}
}

/* --- the warning -------------------------------------------------------- */

struct dir {
	const char *name;
	uint64_t size;
};

static int by_size(const void *a, const void *b)
{
	const struct dir *x = a, *y = b;

	if (x->size != y->size)
		return x->size < y->size ? 1 : -1;
	return strcmp(x->name, y->name);
}

static void weigh(struct want *w, const char *path, struct map *sums)
{
	char *dir = file_dirname(path);
	uint64_t *sum = map_get(sums, dir), size;

	if (!sum) {
		sum = mem_new(1, sizeof(*sum));
		map_put(sums, dir, sum);
	}
	if (size_of(w->snap->repo, path, &size))
		*sum += size;
	free(dir);
}

/* The directories that hold most of what was left out. */
static void name_largest(struct want *w)
{
	enum { NAMED = 3 };
	struct map sums = MAP_INIT;
	struct dir *dir;

	for (size_t i = 0; i < w->left.nr; i++)
		weigh(w, w->left.item[i], &sums);
	dir = mem_new(sums.nr, sizeof(*dir));
	for (size_t i = 0; i < sums.nr; i++)
		dir[i] = (struct dir){ sums.item[i].key,
			*(uint64_t *)sums.item[i].value };
	if (sums.nr)
		qsort(dir, sums.nr, sizeof(*dir), by_size);
	for (size_t i = 0; i < sums.nr && i < NAMED; i++)
		strs_add(&w->snap->large, dir[i].name);
	free(dir);
	map_clear(&sums, free);
}

void want_end(struct want *w, struct strs *add)
{
	bool all = w->rest.nr <= w->rules->max_files &&
		w->total <= w->rules->max_total;

	for (size_t i = 0; i < w->rest.nr; i++)
		strs_add(all ? add : &w->left, w->rest.item[i]);
	w->snap->left_out = w->left.nr;
	name_largest(w);
	strs_clear(&w->rest);
	strs_clear(&w->left);
}
