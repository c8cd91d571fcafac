#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/mem.h"
#include "base/proc.h"
#include "cmd.h"
#include "opt.h"
#include "say.h"

void help_page(const char *name)
{
	char *page = mem_fmt("git-exp%s%s", *name ? "-" : "", name);
	char *argv[] = { (char[]){ "git" }, (char[]){ "help" }, page, NULL };

	proc_become(argv);
	exit(say_failed(NULL));
}

void help_list(void)
{
	puts("usage: git exp <command> [<args>]\n");
	for (const struct cmd *c = cmds; c->name; c++)
		printf("    %-10s %s\n", c->name, c->help);
	puts("\n'git exp <command> -h' shows the options, "
	     "'git help exp' the manual.");
}

static size_t least(size_t a, size_t b, size_t c)
{
	size_t m = a < b ? a : b;

	return m < c ? m : c;
}

/* How many letters to add, drop or change; swapped neighbours count two. */
static size_t distance(const char *a, const char *b)
{
	size_t row[32], n = strlen(b), corner, above;

	if (n >= sizeof(row) / sizeof(*row))
		return n;
	for (size_t j = 0; j <= n; j++)
		row[j] = j;
	for (size_t i = 0; a[i]; i++) {
		corner = row[0]++;
		for (size_t j = 0; j < n; j++) {
			above = row[j + 1];
			row[j + 1] = least(corner + (a[i] != b[j]), above + 1,
					   row[j] + 1);
			corner = above;
		}
	}
	return row[n];
}

static bool near(const char *typed, const char *name)
{
	size_t len = strlen(typed);

	if (len > 2 && !strncmp(typed, name, len))
		return true;
	return distance(typed, name) <= (len > 3 ? 2 : 1);
}

int help_unknown(const char *name)
{
	bool found = false;

	say_error("git exp: '%s' is not a command; see 'git exp help'", name);
	for (const struct cmd *c = cmds; c->name; c++) {
		if (!near(name, c->name))
			continue;
		if (!found)
			fputs("\nThe most similar commands are\n", stderr);
		found = true;
		fprintf(stderr, "\t%s\n", c->name);
	}
	return EXIT_USAGE;
}

static int list_names(void)
{
	for (const struct cmd *c = cmds; c->name; c++)
		puts(c->name);
	return 0;
}

int cmd_help(struct ctx *ctx, int argc, char **argv)
{
	bool names = false;
	const struct opt opts[] = {
		{ "list-commands", 0, OPT_FLAG, &names, NULL,
		  "print the name of each command, one on a line" },
		OPT_END
	};
	const char *usage = "help [<command>]\nhelp --list-commands";

	argc = cmd_start(ctx, argc, argv, opts, usage);
	if (argc > 1 || (names && argc))
		cmd_misuse(usage, "too many arguments");
	if (names)
		return list_names();
	if (argc)
		help_page(argv[0]);
	help_list();
	return 0;
}
