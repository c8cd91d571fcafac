#include "base/buf.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/src.h"
#include "fuzz.h"
#include "spec/pipe.h"

/*
 * A project in one text: "--- FILE" begins a file of it. Whatever it holds, it
 * becomes stages whose names and values a reader can rely on, or one line.
 */
static void drop(void *value)
{
	buf_clear(value);
	free(value);
}

static void split(struct map *files, const char *text, size_t size)
{
	struct buf *to = NULL;

	while (size) {
		const char *end = memchr(text, '\n', size);
		size_t len = end ? (size_t)(end - text) + 1 : size;
		char name[64] = "";

		if (len < 60 && len > 5 && !memcmp(text, "--- ", 4))
			memcpy(name, text + 4, len - 5);
		if (*name) {
			to = map_drop(files, name);
			if (to)
				drop(to);
			to = mem_new(1, sizeof(*to));
			*to = (struct buf)BUF_INIT;
			map_put(files, name, to);
		} else if (to) {
			buf_add(to, text, len);
		}
		text += len;
		size -= len;
	}
}

static void look(const struct stage *s)
{
	const char *at = strrchr(s->name, '@');

	must(s->kind == STAGE_DATA || s->cmd.kind == VAL_STR ||
	     s->cmd.kind == VAL_LIST);
	if (s->group)
		must(at && at[1] && s->templated &&
		     !strncmp(s->name, s->group, (size_t)(at - s->name)));
	for (size_t i = 0; i < s->nr_used; i++)
		must(s->used[i].path && s->used[i].taken.kind == VAL_MAP &&
		     s->used[i].taken.nr);
	for (size_t i = 0; i < s->nr_out; i++)
		must(*s->out[i].path && *s->out[i].def);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct map files = MAP_INIT;
	struct pipe p = PIPE_INIT;
	struct src_mem mem;
	int err;

	split(&files, (const char *)data, size);
	src_mem(&mem, &files);
	err = pipe_load(&p, &mem.src, false, NULL);
	if (!err)
		err = pipe_check(&p);
	if (err)
		fuzz_refused(err);
	for (size_t i = 0; !err && i < p.nr; i++)
		look(&p.item[i]);
	pipe_clear(&p);
	src_clear(&mem.src);
	map_clear(&files, drop);
	return 0;
}
