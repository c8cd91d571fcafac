#include <unistd.h>
#include "base/buf.h"
#include "base/file.h"
#include "fuzz.h"
#include "spec/busy.h"

static char root[] = "fuzz-busy.XXXXXX";

static void tidy(void)
{
	file_remove_tree(root);
}

static void check(int err)
{
	if (err)
		fuzz_refused(err);
}

/* Whoever holds what: we enter and leave, or say why not. */
static void enter(struct busy *b, const char *mine)
{
	struct strs reads = STRS_INIT, writes = STRS_INIT;
	int err;

	strs_fmt(&reads, "%s/in", mine);
	strs_fmt(&writes, "%s/out", mine);
	check(busy_dvc(b));
	err = busy_paths(b, &reads, &writes);
	check(err);
	if (!err)
		check(busy_paths_done(b, &reads, &writes));
	err = busy_workspace(b);
	check(err);
	if (!err)
		check(busy_workspace_done(b));
	strs_clear(&reads);
	strs_clear(&writes);
}

static void put(const char *path, const uint8_t *data, size_t size)
{
	must(!file_write(path, data, size, 0, FILE_MKDIRS));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char *dir;
	struct busy b;

	if (!dir) {
		must(mkdtemp(root) && !chdir(root));
		must((dir = file_cwd()) && !chdir(".."));
		atexit(tidy);
	}
	must(!chdir(dir));
	put(".dvc/tmp/rwlock", data, size);
	put(".dvc/tmp/exps/rwlock", data, size);
	put(".dvc/tmp/exps/run/workspace/workspace.json", data, size);
	busy_init(&b, dir, "fuzz");
	enter(&b, dir);
	busy_clear(&b);
	must(!chdir(".."));
	return 0;
}
