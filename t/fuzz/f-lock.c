#include "base/buf.h"
#include "fuzz.h"
#include "spec/lock.h"

static const struct lock none = LOCK_INIT;
static const struct lock_entry nothing = LOCK_ENTRY_INIT;

static void holds(const struct lock *l, size_t nr)
{
	struct lock back = none;

	must(!lock_parse(&back, l->path, l->text, l->len));
	must(back.nr == nr);
	lock_clear(&back);
}

/* Put entry `i` again as it is, and once more under a new name. */
static void put(struct lock *l, size_t i)
{
	struct lock_entry e = nothing;
	size_t nr = l->nr;

	lock_entry_copy(&e, &l->item[i]);
	lock_put(l, &e);
	must(l->nr == nr);
	holds(l, nr);
	free(e.name);
	e.name = malloc(8);
	must(e.name);
	snprintf(e.name, 8, "new-%d", (int)i);
	if (!lock_find(l, e.name)) {
		lock_put(l, &e);
		must(l->nr == nr + 1 && lock_find(l, e.name));
		holds(l, nr + 1);
	}
	lock_entry_clear(&e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lock l = none;
	int err = lock_parse(&l, "dvc.lock", (const char *)data, size);
	size_t nr = l.nr;

	if (err)
		fuzz_refused(err);
	else
		for (size_t i = 0; i < nr && i < 4; i++)
			put(&l, i);
	lock_clear(&l);
	return 0;
}
