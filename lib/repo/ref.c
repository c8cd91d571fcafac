#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "repo/repo-ops.h"
#include "repo/ref.h"

int ref_each(struct repo *r, const char *prefix,
	     int (*fn)(const char *name, const struct oid *id, void *payload),
	     void *payload)
{
	size_t n = strlen(prefix);
	struct oid id;
	int err;

	if (n && prefix[n - 1] == '/')
		return repo_ops(r)->ref_each(r, prefix, fn, payload);
	err = ref_read(r, prefix, &id);
	if (err == ERR_NOTFOUND) {
		err_clear();
		return 0;
	}
	return err ? err : fn(prefix, &id, payload);
}

int ref_read(struct repo *r, const char *name, struct oid *out)
{
	out->hex[0] = '\0';
	if (!strcmp(name, "HEAD"))
		return repo_resolve(r, name, out);
	if (!ref_name_ok(name))
		return err_set(ERR_NOTFOUND, "no ref '%s'", name);
	return repo_ops(r)->ref_read(r, name, out);
}

/* --- why a change failed ------------------------------------------------- */

static const char *shown(const struct oid *id)
{
	return id->hex[0] ? id->hex : "nothing";
}

/* Is the ref other than expected? Then the message says so. */
static int moved(struct repo *r, const struct ref_change *c)
{
	struct oid now;

	if (ref_read(r, c->name, &now))
		now.hex[0] = '\0';
	if (!strcmp(now.hex, c->from.hex))
		return 0;
	if (!c->from.hex[0])
		return err_set(ERR_LOCKED, "ref '%s' is there already",
			       c->name);
	return err_set(ERR_LOCKED, "ref '%s' is at %s, not at %s any more",
		       c->name, shown(&now), shown(&c->from));
}

struct under {
	char *name;
};

static int first(const char *name, const struct oid *id, void *payload)
{
	(void)id;
	((struct under *)payload)->name = mem_dup(name);
	return 1;
}

/* A ref where a directory is needed, or the reverse. */
static int in_the_way(struct repo *r, const struct ref_change *c)
{
	char *part = mem_dup(c->name), *below = mem_fmt("%s/", c->name), *slash;
	struct under u = { NULL };
	struct oid id;

	while (!u.name && (slash = strrchr(part, '/'))) {
		*slash = '\0';
		if (!ref_read(r, part, &id))
			u.name = mem_dup(part);
	}
	if (!u.name && ref_each(r, below, first, &u) < 0)
		err_clear();
	free(below);
	free(part);
	if (!u.name)
		return 0;
	err_set(ERR_EXISTS, "cannot make ref '%s': '%s' is in the way",
		c->name, u.name);
	free(u.name);
	return ERR_EXISTS;
}

static int lock_file(const char *dir, const char *name)
{
	char *base = file_join(dir, name), *path = mem_fmt("%s.lock", base);
	bool there = file_exists(path);

	if (there) {
		err_set(ERR_LOCKED, "cannot change '%s': '%s' is there", name,
			path);
		err_hint(ERR_LOCKED, "another process may be at work; if none "
			 "is, one was killed: remove the file");
	}
	free(path);
	free(base);
	return there ? ERR_LOCKED : 0;
}

static int locked(struct repo *r, const struct ref_change *c)
{
	int err = lock_file(r->common_dir, c->name);

	return err ? err : lock_file(r->common_dir, "packed-refs");
}

/* Keep the first plain reason; else the words there are. */
static int explain(struct repo *r, const struct ref_change *change, size_t nr,
		   int err)
{
	char *words = mem_dup(err_message());
	int why = 0;

	for (size_t i = 0; !why && i < nr; i++)
		why = moved(r, &change[i]);
	for (size_t i = 0; !why && i < nr; i++)
		why = locked(r, &change[i]);
	for (size_t i = 0; !why && i < nr; i++)
		why = change[i].to.hex[0] ? in_the_way(r, &change[i]) : 0;
	if (!why)
		err_set(err, "%s", words);
	free(words);
	return why ? why : err;
}

/* --- changing -------------------------------------------------------------- */

static int check(const struct ref_change *change, size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		if (!ref_name_ok(change[i].name))
			return err_set(ERR_INVALID, "'%s' is not a valid ref "
				       "name", change[i].name);
		if (!change[i].to.hex[0] && !change[i].from.hex[0])
			return err_set(ERR_NOTFOUND, "no ref '%s'",
				       change[i].name);
	}
	return 0;
}

static void pause_ms(long ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&t, NULL);
}

static bool any_moved(struct repo *r, const struct ref_change *change,
		      size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		if (moved(r, &change[i]))
			return true;
	return false;
}

/* Others hold a lock for moments only; one that stays is reported. */
static int insist(struct repo *r, const struct ref_change *change, size_t nr,
		  const char *message)
{
	enum { FIRST_MS = 2, MOST_MS = 64, PATIENCE_MS = 3000 };
	long wait = FIRST_MS, waited = 0;
	int err;

	for (;;) {
		err = repo_ops(r)->ref_update(r, change, nr, message);
		if (err != ERR_LOCKED || waited > PATIENCE_MS ||
		    any_moved(r, change, nr))
			return err;
		pause_ms(wait);
		waited += wait;
		wait = wait < MOST_MS ? 2 * wait : wait;
	}
}

int ref_update(struct repo *r, const struct ref_change *change, size_t nr,
	       const char *message)
{
	int err = check(change, nr);

	if (err || !nr)
		return err;
	for (size_t i = 0; i < nr; i++)
		file_step("ref", change[i].name);
	err = insist(r, change, nr, message);
	return err ? explain(r, change, nr, err) : 0;
}
