#include "fuzz.h"
#include "repo/commit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct commit c = COMMIT_INIT;
	int err = commit_parse(&c, (const char *)data, size);
	char *subject;

	if (err) {
		fuzz_refused(err);
	} else {
		must(c.tree.hex[0] && c.author && c.committer && c.message);
		must(!c.record || !strchr(c.record, '\n'));
		subject = commit_subject(&c);
		must(!strchr(subject, '\n'));
		free(subject);
	}
	commit_clear(&c);
	return 0;
}
