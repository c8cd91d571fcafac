#include <stdlib.h>
#include <string.h>
#include "base/file.h"
#include "base/mem.h"
#include "repo/repo-ops.h"

extern char **environ;

/* As `git rev-parse --local-env-vars`, of all versions. */
static const char *const local[] = {
	"GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_CONFIG",
	"GIT_CONFIG_PARAMETERS", "GIT_CONFIG_COUNT", "GIT_OBJECT_DIRECTORY",
	"GIT_DIR", "GIT_WORK_TREE", "GIT_IMPLICIT_WORK_TREE", "GIT_GRAFT_FILE",
	"GIT_INDEX_FILE", "GIT_NO_REPLACE_OBJECTS", "GIT_REPLACE_REF_BASE",
	"GIT_PREFIX", "GIT_SHALLOW_FILE", "GIT_COMMON_DIR",
	"GIT_INTERNAL_SUPER_PREFIX", "GIT_REFERENCE_BACKEND", NULL
};

/* What git gave to us besides, which is not the user's either. */
static const char *const given[] = {
	"GIT_EXEC_PATH", "GIT_QUARANTINE_PATH", "GIT_NAMESPACE",
	"GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS",
	"GIT_ICASE_PATHSPECS", "GIT_OPTIONAL_LOCKS", NULL
};

/* With one of these, libgit2 would look elsewhere than git. */
static const char *const moves[] = {
	"GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY",
	"GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_NAMESPACE", "GIT_GRAFT_FILE",
	"GIT_SHALLOW_FILE", "GIT_REPLACE_REF_BASE", "GIT_IMPLICIT_WORK_TREE",
	"GIT_QUARANTINE_PATH", "GIT_REFERENCE_BACKEND", NULL
};

/* With one of these, git may stop where we would go on. */
static const char *const limits[] = {
	"GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM",
	"GIT_TEST_ASSUME_DIFFERENT_OWNER", NULL
};

static bool any_set(const char *const *name)
{
	for (; *name; name++)
		if (getenv(*name))
			return true;
	return false;
}

bool repo_env_moves(void)
{
	return any_set(moves);
}

bool repo_env_limits(void)
{
	return any_set(limits);
}

static bool is_numbered(const char *s)
{
	return !strncmp(s, "GIT_CONFIG_KEY_", 15) ||
		!strncmp(s, "GIT_CONFIG_VALUE_", 17);
}

static void make_unset(struct strs *out)
{
	for (const char *const *n = local; *n; n++)
		strs_add(out, *n);
	for (const char *const *n = given; *n; n++)
		strs_add(out, *n);
	for (char **e = environ; *e; e++)
		if (is_numbered(*e))
			strs_nadd(out, *e, strcspn(*e, "="));
}

/* Our children stand in the work tree, wherever the user stood. */
static void make_absolute(struct strs *env, const char *name)
{
	const char *value = getenv(name);
	char *here, *full;

	if (!value || !*value || *value == '/')
		return;
	here = file_cwd();
	full = file_join(here, value);
	strs_fmt(env, "%s=%s", name, full);
	free(full);
	free(here);
}

static void make_env(struct repo *r, bool asked)
{
	/* pathspecs and words of children are ours, not the user's */
	strs_add(&r->env, "LANGUAGE=en");
	strs_add(&r->env, "GIT_LITERAL_PATHSPECS");
	strs_add(&r->env, "GIT_GLOB_PATHSPECS");
	strs_add(&r->env, "GIT_NOGLOB_PATHSPECS");
	strs_add(&r->env, "GIT_ICASE_PATHSPECS");
	if (!asked)
		return;
	strs_fmt(&r->env, "GIT_DIR=%s", r->git_dir);
	if (r->top)
		strs_fmt(&r->env, "GIT_WORK_TREE=%s", r->top);
	else
		strs_add(&r->env, "GIT_IMPLICIT_WORK_TREE=0");
	if (getenv("GIT_COMMON_DIR"))
		strs_fmt(&r->env, "GIT_COMMON_DIR=%s", r->common_dir);
	make_absolute(&r->env, "GIT_OBJECT_DIRECTORY");
}

void repo_env_make(struct repo *r, bool asked)
{
	make_env(r, asked);
	make_unset(&r->unset);
}
