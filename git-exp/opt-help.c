#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "cmd.h"
#include "opt.h"
#include "say.h"

enum { HELP_COLUMN = 28 };

static void usage_lines(FILE *to, const char *usage)
{
	const char *lead = "usage:", *end;

	for (; *usage; usage = end, lead = "   or:") {
		end = strchr(usage, '\n');
		end = end ? end : usage + strlen(usage);
		fprintf(to, "%s git exp %.*s\n", lead, (int)(end - usage), usage);
		end += *end == '\n';
	}
}

static void one(FILE *to, const struct opt *o)
{
	struct buf b = BUF_INIT;

	if (o->key)
		buf_fmt(&b, "    -%c, --%s", o->key, o->name);
	else
		buf_fmt(&b, "    --%s", o->name);
	if (o->arg)
		buf_fmt(&b, o->kind == OPT_CHOICE ? " (%s)" :
			strchr("<[", *o->arg) ? " %s" : " <%s>", o->arg);
	if (b.len + 1 >= HELP_COLUMN)
		fprintf(to, "%s\n%*s%s\n", b.s, HELP_COLUMN, "", o->help);
	else
		fprintf(to, "%-*s%s\n", HELP_COLUMN, b.s, o->help);
	buf_clear(&b);
}

void opt_help(FILE *to, const struct opt *opts, const char *usage)
{
	usage_lines(to, usage);
	if (opts->name)
		fputc('\n', to);
	for (; opts->name; opts++)
		if (opts->help)
			one(to, opts);
}

void opt_names(FILE *to, const struct opt *opts)
{
	for (; opts->name; opts++)
		if (opts->help)
			fprintf(to, "--%s%s\n", opts->name, opts->arg ? "=" : "");
}

/* The first word of the usage is the command. */
static void __attribute__((noreturn)) page(const char *usage)
{
	char name[32];

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(usage, " \n"), usage);
	help_page(name);
}

int opt_parse(int argc, char **argv, const struct opt *opts, unsigned flags,
	      const char *usage)
{
	struct opt_bad bad = { NULL, NULL };
	int left = opt_read(argc, argv, opts, flags, &bad);

	switch (left) {
	case OPT_PAGE:
		page(usage);
	case OPT_HELP:
		opt_help(stdout, opts, usage);
		exit(0);
	case OPT_NAMES:
		opt_names(stdout, opts);
		exit(0);
	case OPT_BAD:
		say_error("%s '%s'", bad.why, bad.arg);
		opt_help(stderr, opts, usage);
		exit(EXIT_USAGE);
	}
	return left;
}
