#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/strs.h"
#include "flow/exec.h"
#include "spec/val.h"

/* How many bytes at `s` end a line for Python's splitlines(), or 0. */
static size_t line_end(const char *s, const char *end)
{
	unsigned char c = (unsigned char)*s;

	if (c == '\r')
		return s + 1 < end && s[1] == '\n' ? 2 : 1;
	if ((c >= '\n' && c <= '\f') || (c >= 0x1c && c <= 0x1e))
		return 1;
	if (c == 0xc2 && end - s > 1 && (unsigned char)s[1] == 0x85)
		return 2;
	if (c == 0xe2 && end - s > 2 && (unsigned char)s[1] == 0x80 &&
	    ((unsigned char)s[2] == 0xa8 || (unsigned char)s[2] == 0xa9))
		return 3;
	return 0;
}

static void split(struct strs *out, const char *s, size_t len)
{
	const char *end = s + len, *from = s;

	while (s < end) {
		size_t n = line_end(s, end);

		if (n)
			strs_nadd(out, from, (size_t)(s - from));
		s += n ? n : 1;
		if (n)
			from = s;
	}
	if (from < end)
		strs_nadd(out, from, (size_t)(end - from));
}

void exec_commands(struct strs *out, const struct val *cmd)
{
	if (cmd->kind == VAL_STR)
		split(out, cmd->s, cmd->len);
	for (size_t i = 0; cmd->kind == VAL_LIST && i < cmd->nr; i++)
		strs_add(out, val_text(&cmd->item[i]));
}

/* fish understands --no-config since 3.3. */
static bool new_fish(const char *shell)
{
	char word[] = "--version";
	char *argv[] = { mem_dup(shell), word, NULL };
	struct buf out = BUF_INIT;
	const char *at;
	bool is_new = false;
	int code;

	if (proc_capture(argv, NULL, NULL, NULL, &out, NULL, PROC_NOERR,
			 &code))
		err_clear();
	at = strrchr(out.s, ' ');
	if (at) {
		char *rest;
		long major = strtol(at, &rest, 10);

		is_new = major > 3 || (major == 3 && *rest == '.' &&
				       strtol(rest + 1, NULL, 10) >= 3);
	}
	buf_clear(&out);
	free(argv[0]);
	return is_new;
}

void exec_argv(struct strs *out, const char *shell, const char *cmd)
{
	const char *name;

	if (!shell)
		shell = getenv("SHELL");
	if (!shell || !*shell)
		shell = "/bin/sh";
	name = file_basename(shell);
	strs_add(out, shell);
	if (!strcmp(name, "bash")) {
		strs_add(out, "--noprofile");
		strs_add(out, "--norc");
	} else if (!strcmp(name, "zsh")) {
		strs_add(out, "--no-rcs");
	} else if (!strcmp(name, "fish") && new_fish(shell)) {
		strs_add(out, "--no-config");
	}
	strs_add(out, "-c");
	strs_add(out, cmd);
}

void exec_clear(struct exec *x)
{
	if (x)
		x->clear(x);
}
