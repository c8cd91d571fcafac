#include "base/mem.h"
#include "fuzz.h"
#include "spec/conf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct conf c = CONF_INIT;
	char *text = mem_ndup((const char *)data, size);
	int err = conf_parse(&c, ".dvc/config", "/p/.dvc", text);

	if (err)
		fuzz_refused(err);
	for (size_t i = 0; !err && i < c.nr; i++) {
		char *path = conf_path(&c, c.item[i].section, c.item[i].key);

		must(conf_get(&c, c.item[i].section, c.item[i].key));
		conf_bool(&c, c.item[i].section, c.item[i].key, true);
		free(path);
	}
	conf_clear(&c);
	free(text);
	return 0;
}
