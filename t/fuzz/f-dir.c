#include "base/buf.h"
#include "fuzz.h"
#include "store/dir.h"

/* Nothing that a listing names may stand outside of its directory. */
static void stays(const char *path)
{
	must(*path && *path != '/');
	for (const char *s = path; s; s = strchr(s, '/'), s += !!s) {
		size_t n = strcspn(s, "/");

		must(n && strncmp(s, "..", n > 2 ? n : 2) != 0);
		must(n != 4 || strncmp(s, ".git", 4) != 0);
		if (!s[n])
			break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dir d = DIR_INIT, back = DIR_INIT;
	struct buf text = BUF_INIT;
	char id[40];
	int err = dir_parse(&d, (const char *)data, size, "x.dir");

	if (err) {
		fuzz_refused(err);
	} else {
		for (size_t i = 0; i < d.nr; i++)
			stays(d.item[i].path);
		dir_text(&d, &text, id);
		must(!dir_parse(&back, text.s, text.len, id));
		must(back.nr == d.nr);
		for (size_t i = 0; i < d.nr; i++)
			must(dir_find(&back, d.item[i].path));
	}
	buf_clear(&text);
	dir_clear(&d);
	dir_clear(&back);
	return 0;
}
