#include <math.h>
#include <string.h>
#include "fuzz.h"
#include "spec/val-plain.h"
#include "spec/val.h"

static bool same_text(const struct val *a, const struct val *b)
{
	return a->len == b->len && !a->s == !b->s &&
	       (!a->s || !memcmp(a->s, b->s, a->len + 1));
}

/* Every field that a reader of the tree may look at. */
static void same(const struct val *a, const struct val *b)
{
	must(a->kind == b->kind && a->style == b->style);
	must(a->b == b->b && a->alias == b->alias && a->twice == b->twice);
	must(a->f == b->f || (isnan(a->f) && isnan(b->f)));
	must(signbit(a->f) == signbit(b->f));
	must(same_text(a, b));
	must(a->line == b->line && a->at == b->at && a->end == b->end);
	must(a->nr == b->nr && !a->key == !b->key);
	for (size_t i = 0; i < a->nr; i++) {
		same(&a->item[i], &b->item[i]);
		if (a->key)
			same(&a->key[i], &b->key[i]);
	}
}

/* Whatever the short way takes, the long way takes too, and reads the same. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct val quick = VAL_INIT, whole = VAL_INIT;
	const char *text = (const char *)data;

	if (val_plain(&quick, text, size)) {
		must(!val_whole(&whole, text, size, "x.yaml"));
		same(&quick, &whole);
	} else {
		must(quick.kind == VAL_NULL && !quick.item && !quick.s);
	}
	val_clear(&quick);
	val_clear(&whole);
	return 0;
}
