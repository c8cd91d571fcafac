#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "cmd.h"
#include "init.h"

enum { RULE = 60 };

/* One answer; when nobody types, it is shown as if somebody had. */
static int answer(const char *prompt, char **out)
{
	size_t room = 0;
	char *line = NULL;
	ssize_t len;

	fputs(prompt, stderr);
	fflush(stderr);
	len = getline(&line, &room, stdin);
	if (len < 0) {
		free(line);
		fputc('\n', stderr);
		return err_set(ERR_INVALID,
			       "end of input: nothing was written");
	}
	while (len && strchr(" \t\r\n", line[len - 1]))
		line[--len] = '\0';
	*out = mem_dup(line + strspn(line, " \t"));
	free(line);
	if (!isatty(STDIN_FILENO)) {
		struct buf b = BUF_INIT;

		buf_safe(&b, *out, strlen(*out));
		fprintf(stderr, "%s\n", b.s);
		buf_clear(&b);
	}
	return 0;
}

static int ask_command(struct setup *s)
{
	int err = answer("Command to execute: ", &s->cmd);

	while (!err && !*s->cmd) {
		mem_set(&s->cmd, NULL);
		fputs("A stage needs a command. Please try again.\n", stderr);
		err = answer("Command to execute: ", &s->cmd);
	}
	return err;
}

static bool usable(const struct setup *s, enum part p, const char *path)
{
	char *here = file_join(s->root, s->cwd), *full = file_join(here, path);
	bool dir = file_is_dir(full), there = file_exists(full);

	free(full);
	free(here);
	if (p == PARAMS && dir) {
		fprintf(stderr, "'%s' is a directory. Please name a file of "
			"parameters.\n", path);
		return false;
	}
	if (!there && init_parts[p].input)
		fprintf(stderr, "'%s' does not exist, the %s will be created.\n",
			path, init_is_file(p, path) ? "file" : "directory");
	return true;
}

static int ask_part(struct setup *s, enum part p)
{
	char *prompt = mem_fmt("%s [%s, n to omit]: ", init_parts[p].question,
			       init_parts[p].usual);
	char *path = NULL;
	int err;

	do {
		mem_set(&path, NULL);
		err = answer(prompt, &path);
		if (!err && !*path)
			mem_set(&path, mem_dup(init_parts[p].usual));
		if (!err && !strcmp(path, "n"))
			mem_set(&path, NULL);
	} while (!err && path && !usable(s, p, path));
	mem_set(&s->part[p], path);
	free(prompt);
	return err;
}

/* A heading only when a question follows. */
static int ask_group(struct setup *s, const char *heading, enum part from,
		     enum part end)
{
	bool asked = false;
	int err = 0;

	for (int p = (int)from; !err && p < (int)end; p++) {
		if (s->given[p])
			continue;
		if (!asked)
			fprintf(stderr, "\n%s\n", heading);
		asked = true;
		err = ask_part(s, (enum part)p);
	}
	return err;
}

int init_ask(struct setup *s)
{
	int err = 0;

	fputs("This sets up a stage in dvc.yaml, for a workspace like this:\n\n"
	      "    \342\224\234\342\224\200\342\224\200 data\n"
	      "    \342\224\234\342\224\200\342\224\200 metrics.json\n"
	      "    \342\224\234\342\224\200\342\224\200 models\n"
	      "    \342\224\234\342\224\200\342\224\200 params.yaml\n"
	      "    \342\224\234\342\224\200\342\224\200 plots\n"
	      "    \342\224\224\342\224\200\342\224\200 src\n\n", stderr);
	if (!s->cmd)
		err = ask_command(s);
	if (!err)
		err = ask_group(s, "Paths, relative to this directory.", CODE,
				PARTS);
	return err;
}

static void rule(void)
{
	for (int i = 0; i < RULE; i++)
		fputs("\342\224\200", stderr);
	fputc('\n', stderr);
}

int init_confirm(const struct buf *stage, bool *yes)
{
	const char *ask = "Do you want to add the above contents to dvc.yaml? "
		"[y/n]: ";
	char *word = NULL;
	int err;

	fputc('\n', stderr);
	rule();
	fputs(stage->s, stderr);
	rule();
	for (;;) {
		err = answer(ask, &word);
		if (err)
			return err;
		*yes = !strcmp(word, "y") || !strcmp(word, "yes");
		if (*yes || !strcmp(word, "n") || !strcmp(word, "no"))
			break;
		mem_set(&word, NULL);
		fputs("Please answer y or n.\n", stderr);
	}
	free(word);
	return 0;
}
