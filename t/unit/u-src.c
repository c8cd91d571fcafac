#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/src.h"
#include "base/strs.h"

static void reads(struct src *s, const char *path, const char *want)
{
	struct buf b = BUF_INIT;

	assert_int_equal(src_read(s, path, &b), 0);
	assert_string_equal(b.s, want);
	buf_clear(&b);
}

static void lists(struct src *s, const char *path, const char *want)
{
	struct strs names = STRS_INIT;
	struct buf b = BUF_INIT;

	assert_int_equal(src_list(s, path, &names), 0);
	for (size_t i = 0; i < names.nr; i++)
		buf_fmt(&b, "%s ", names.item[i]);
	assert_string_equal(b.s, want);
	buf_clear(&b);
	strs_clear(&names);
}

static void lacks(struct src *s, const char *path)
{
	struct buf b = BUF_INIT;
	struct strs l = STRS_INIT;

	assert_int_equal(src_read(s, path, &b), ERR_NOTFOUND);
	assert_int_equal(src_list(s, path, &l), ERR_NOTFOUND);
	assert_int_equal(src_kind(s, path), SRC_NONE);
}

/* What every source must do; both hold params.yaml, d/a, d/sub/b. */
static void behaves(struct src *s)
{
	struct src_info info;

	assert_string_equal(s->name, "");
	reads(s, "params.yaml", "lr: 1\n");
	reads(s, "./d//sub/../a", "A");
	lists(s, "", "d/ params.yaml ");
	lists(s, ".", "d/ params.yaml ");
	lists(s, "d", "a sub/ ");
	lacks(s, "none");
	lacks(s, "d/a/x");
	lacks(s, "d/su");
	assert_int_equal(src_kind(s, ""), SRC_DIR);
	assert_int_equal(src_kind(s, "d/sub"), SRC_DIR);
	assert_int_equal(src_stat(s, "params.yaml", &info), 0);
	assert_int_equal(info.kind, SRC_FILE);
	assert_int_equal(info.size, 6);
	assert_false(info.link || info.exec);
}

static void put(struct map *files, const char *path, const char *text)
{
	struct buf *b = mem_new(1, sizeof(*b));

	*b = (struct buf)BUF_INIT;
	buf_str(b, text);
	map_put(files, path, b);
}

static void drop(void *b)
{
	buf_clear(b);
	free(b);
}

static void memory_is_a_source(void **state)
{
	struct map files = MAP_INIT;
	struct src_mem m;

	(void)state;
	put(&files, "d/sub/b", "B");
	put(&files, "params.yaml", "lr: 1\n");
	put(&files, "d/a", "A");
	src_mem(&m, &files);
	behaves(&m.src);
	lacks(&m.src, "../params.yaml");
	lacks(&m.src, "/params.yaml");
	src_clear(&m.src);
	map_clear(&files, drop);
}

static void the_disk_is_a_source(void **state)
{
	char dir[] = "/tmp/u-src.XXXXXX", path[64];
	struct src_info info;
	struct src_disk d;

	(void)state;
	assert_non_null(mkdtemp(dir));
	src_disk(&d, dir);
	snprintf(path, sizeof(path), "%s/params.yaml", dir);
	assert_int_equal(file_write(path, "lr: 1\n", 6, 0, 0), 0);
	snprintf(path, sizeof(path), "%s/d/sub/b", dir);
	assert_int_equal(file_write(path, "B", 1, 0755, FILE_MKDIRS), 0);
	snprintf(path, sizeof(path), "%s/d/a", dir);
	assert_int_equal(file_write(path, "A", 1, 0, 0), 0);
	behaves(&d.src);
	reads(&d.src, path, "A");
	assert_int_equal(src_stat(&d.src, "d/sub/b", &info), 0);
	assert_true(info.exec);
	snprintf(path, sizeof(path), "%s/d/ldir", dir);
	assert_int_equal(symlink("sub", path), 0);
	snprintf(path, sizeof(path), "%s/d/lost", dir);
	assert_int_equal(symlink("nowhere", path), 0);
	lists(&d.src, "d", "a ldir/ lost sub/ ");
	assert_int_equal(src_stat(&d.src, "d/ldir", &info), 0);
	assert_int_equal(info.kind, SRC_DIR);
	assert_true(info.link);
	assert_int_equal(src_kind(&d.src, "d/lost"), SRC_OTHER);
	src_clear(&d.src);
	assert_int_equal(file_remove_tree(dir), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_a_source),
		cmocka_unit_test(the_disk_is_a_source),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("src", tests, NULL, NULL);
}
