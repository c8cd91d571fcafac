#include <string.h>
#include "exp/plots.h"
#include "fuzz.h"

/* Every cell lies in the text, and no row has more than its own. */
static void look(const struct csv *c)
{
	size_t end = c->nr ? c->cell[c->row[c->nr] - 1] : 0;

	for (size_t row = 0; row < c->nr; row++) {
		must(c->row[row] < c->row[row + 1]);
		for (size_t name = 0; name < c->names.nr; name++) {
			size_t len = 0;
			const char *s = csv_get(c, row, name, &len);

			must(!s || (s >= c->text && s + len <= c->text + end));
			must(!s || c->column[name] < c->head);
		}
	}
}

/* The first byte chooses the delimiter and whether there is a head. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct csv c = CSV_INIT;
	const char *type = NULL;
	int err;

	if (!size)
		return 0;
	err = csv_parse(&c, (const char *)data + 1, size - 1,
			*data & 1 ? '\t' : ',', *data & 2, &type);
	must(type);
	if (err)
		fuzz_refused(err);
	else if (c.names.nr < 1000)
		look(&c);
	csv_clear(&c);
	return 0;
}
