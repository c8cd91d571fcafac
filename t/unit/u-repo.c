/*
 * u-repo - the room repo: as a unit test without arguments; with them, one
 * operation on the repository at the current directory, for the shell tests.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/strs.h"
#include "repo/commit.h"
#include "repo/note.h"
#include "repo/ref.h"
#include "repo/repo-ops.h"
#include "repo/repo.h"
#include "repo/snap.h"
#include "repo/tree.h"

/* --- unit tests: which configuration is an ordinary one -------------------- */

static void takes_what_git_init_writes_for_ordinary(void **state)
{
	(void)state;
	assert_true(repo_config_plain("[core]\n\trepositoryformatversion = 0\n"
		"\tfilemode = true\n\tbare = false\n"
		"\tlogallrefupdates = true\n[remote \"or]igin\"]\n"
		"\turl = x\n\tfetch = +refs/heads/*:refs/remotes/o/*\n"
		"[branch \"main\"]\n\tremote = origin # [include]\n"));
	assert_true(repo_config_plain(""));
	assert_true(repo_config_plain("[core] bare = False\r\n[user]\nname=a"));
	assert_true(repo_config_plain("; bare = true\n# [extensions]\n"));
}

static void leaves_the_unusual_to_git(void **state)
{
	static const char *const odd[] = {
		"[core]\n\tbare = true\n", "[core]\nbare\n", "[CORE]BARE=TRUE",
		"[core]\nworktree = /x\n", "[core] WorkTree=/x",
		"[core]\nrepositoryformatversion = 2\n",
		"[core]\nrepositoryformatversion = \"0\"\n",
		"[extensions]\n\tnoop = true\n", "[Extensions]\nx = y\n",
		"[extensions \"a\"]\nx = y\n", "[include]\npath = x\n",
		"[includeIf \"gitdir:/x\"]\npath = x\n",
		"[remote \"o\"]\npromisor = true\n",
		"[remote \"o\"]\npartialCloneFilter = blob:none\n",
		"[user]\nname = a \\\n[core]\nworktree = /x\n",
		"[user]\nname = a \\\r\n[core]\n", "\xef\xbb\xbf[core]\nbare=1\n",
		"[core\nbare = true\n", "[core \"a\\\"]\nx=y\n", NULL
	};

	(void)state;
	for (const char *const *s = odd; *s; s++)
		if (repo_config_plain(*s))
			fail_msg("taken for ordinary: %s", *s);
}

static void splits_gits_words_into_message_and_hints(void **state)
{
	(void)state;
	assert_int_equal(repo_words(ERR_FATAL, "warning: first\nfatal: no "
		"\x1b[1mway\nhint: go\n\n\tback\n", "x"), ERR_FATAL);
	assert_string_equal(err_message(), "no \\x1b[1mway");
	assert_string_equal(err_hints(), "first\ngo\nback");
	assert_int_equal(repo_words(ERR_INVALID, "", "otherwise"), ERR_INVALID);
	assert_string_equal(err_message(), "otherwise");
	assert_null(err_hints());
}

/* --- the driver ------------------------------------------------------------- */

static struct oid id_of(const char *hex)
{
	struct oid id = { "" };

	if (strcmp(hex, "none"))
		snprintf(id.hex, sizeof(id.hex), "%s", hex);
	return id;
}

static int say(int err, const struct oid *id)
{
	if (!err)
		puts(id->hex);
	return err;
}

static void slurp(struct buf *b)
{
	ssize_t n;

	do {
		buf_room(b, 65536);
		n = read(0, b->s + b->len, 65536);
		b->len += n > 0 ? (size_t)n : 0;
		b->s[b->len] = '\0';
	} while (n > 0);
}

static int d_open(struct repo *r, int n, char **a)
{
	(void)n, (void)a;
	printf("%s\n%s\n%s\n%zu\n", repo_top(r) ? repo_top(r) : "none",
	       repo_git_dir(r), repo_common_dir(r), repo_hex_len(r));
	return 0;
}

static int d_way(struct repo *r, int n, char **a)
{
	struct oid id;

	(void)n, (void)a;
	if (repo_head(r, &id, NULL))
		err_clear();
	puts(repo_uses_libgit2(r) ? "libgit2" : "git");
	return 0;
}

static int d_head(struct repo *r, int n, char **a)
{
	struct oid id;
	char *branch;
	int err = repo_head(r, &id, &branch);

	(void)n, (void)a;
	printf("%s %s\n", err ? "none" : id.hex, branch ? branch : "detached");
	free(branch);
	return err;
}

static int d_config(struct repo *r, int n, char **a)
{
	const char *v = repo_config(r, a[0]);

	(void)n;
	if (v)
		printf("%s %d %lld\n", v, repo_config_bool(r, a[0], false),
		       (long long)repo_config_int(r, a[0], -1));
	return v ? 0 : ERR_NOTFOUND;
}

static int d_people(struct repo *r, int n, char **a)
{
	char *who, *com;
	int err = repo_author(r, &who), err2 = err ? err : repo_committer(r, &com);

	(void)n, (void)a;
	if (!err && !err2) {
		printf("%s\n%s\n", who, com);
		free(com);
	}
	free(who);
	return err ? err : err2;
}

static int d_read(struct repo *r, int n, char **a)
{
	int err = 0;

	for (int i = 0; !err && i < n; i++) {
		struct oid id = id_of(a[i]);
		struct buf b = BUF_INIT;
		enum obj_type type;

		err = repo_read(r, &id, &type, &b);
		if (!err) {
			printf("%s %zu\n", obj_type_name(type), b.len);
			fwrite(b.s, 1, b.len, stdout);
		}
		buf_clear(&b);
	}
	return err;
}

static int d_has(struct repo *r, int n, char **a)
{
	for (int i = 0; i < n; i++) {
		struct oid id = id_of(a[i]);

		puts(repo_has(r, &id) ? "yes" : "no");
	}
	return 0;
}

/* Read, lose every long-lived child, read again. */
static int d_again(struct repo *r, int n, char **a)
{
	char kill[256];
	const char *args[] = { "-c", kill, "x", NULL };
	int err = d_read(r, n, a);

	snprintf(kill, sizeof(kill), "alias.x=!ps -A -o pid= -o ppid= -o args= |"
		 " awk '$2 == %ld && $4 == \"cat-file\" { print $1 }' | xargs kill -9",
		 (long)getpid());
	if (!err)
		err = repo_git(r, args, NULL, NULL, NULL, 0);
	return err ? err : d_read(r, n, a);
}

static int d_write(struct repo *r, int n, char **a)
{
	struct buf b = BUF_INIT;
	struct oid id;
	int err;

	(void)n;
	slurp(&b);
	err = repo_write(r, obj_type_parse(a[0], strlen(a[0])), b.s, b.len, &id);
	buf_clear(&b);
	return say(err, &id);
}

static int d_resolve(struct repo *r, int n, char **a)
{
	struct oid id;

	(void)n;
	return say(repo_resolve(r, a[0], &id), &id);
}

static int print_ref(const char *name, const struct oid *id, void *payload)
{
	(void)payload;
	printf("%s %s\n", id->hex, name);
	return 0;
}

static int d_refs(struct repo *r, int n, char **a)
{
	(void)n;
	return ref_each(r, a[0], print_ref, NULL);
}

static int d_ref(struct repo *r, int n, char **a)
{
	struct oid id;

	(void)n;
	return say(ref_read(r, a[0], &id), &id);
}

/* NAME TO FROM ... */
static int d_update(struct repo *r, int n, char **a)
{
	struct ref_change c[64];
	int nr = 0;

	for (int i = 0; i + 2 < n && nr < 64; i += 3)
		c[nr++] = (struct ref_change){ a[i], id_of(a[i + 1]),
			id_of(a[i + 2]) };
	return ref_update(r, c, (size_t)nr, "test: change");
}

/* PREFIX TO COUNT: that many new refs, one by one, and every other gone. */
static int d_churn(struct repo *r, int n, char **a)
{
	char name[200];
	int err = 0;

	(void)n;
	for (int i = 0; !err && i < atoi(a[2]); i++) {
		struct ref_change c = { name, id_of(a[1]), { "" } };

		snprintf(name, sizeof(name), "%s-%d", a[0], i);
		err = ref_update(r, &c, 1, NULL);
		if (!err && i % 2) {
			c.from = c.to;
			c.to.hex[0] = '\0';
			err = ref_update(r, &c, 1, NULL);
		}
	}
	return err;
}

/* One name per line of stdin: "ok" or why not. */
static int d_names(struct repo *r, int n, char **a)
{
	struct buf b = BUF_INIT;

	(void)r, (void)n, (void)a;
	slurp(&b);
	for (const char *s = b.s; s < b.s + b.len; s += strlen(s) + 1)
		puts(ref_name_ok(s) ? "ok" : "no");
	buf_clear(&b);
	return 0;
}

static int d_commit(struct repo *r, int n, char **a)
{
	struct commit c = COMMIT_INIT;
	struct oid id = id_of(a[0]);
	int err = commit_read(&c, r, &id);

	(void)n;
	if (!err) {
		char *s = commit_subject(&c);

		printf("%s\n%s\n", c.id.hex, c.tree.hex);
		for (size_t i = 0; i < c.nr; i++)
			puts(c.item[i].hex);
		printf("%s\n%s\n%lld\n%s\n%s\n%s", c.author, c.committer,
		       (long long)c.time, c.record ? c.record : "none", s,
		       c.message);
		free(s);
	}
	commit_clear(&c);
	return err;
}

/* TREE MESSAGE RECORD PARENT... */
static int d_commit_write(struct repo *r, int n, char **a)
{
	struct oid parent[8], id;
	struct commit_new c = { .tree = id_of(a[0]), .parent = parent,
		.message = a[1], .record = *a[2] ? a[2] : NULL };
	char *who = NULL, *com = NULL;
	int err = repo_author(r, &who);

	for (int i = 3; i < n; i++)
		parent[c.nr_parent++] = id_of(a[i]);
	if (!err)
		err = repo_committer(r, &com);
	c.author = who;
	c.committer = com;
	if (!err)
		err = commit_write(r, &c, &id);
	free(who);
	free(com);
	return say(err, &id);
}

static int print_entry(const char *name, unsigned mode, const struct oid *id,
		       void *payload)
{
	(void)payload;
	printf("%06o %s\t%s\n", mode, id->hex, name);
	return 0;
}

static int d_tree(struct repo *r, int n, char **a)
{
	struct oid id = id_of(a[0]);

	(void)n;
	return tree_each(r, &id, print_entry, NULL);
}

static int d_find(struct repo *r, int n, char **a)
{
	struct oid tree = id_of(a[0]), id;
	unsigned mode;
	int err = tree_find(r, &tree, a[1], &mode, &id);

	(void)n;
	return err ? err : print_entry(a[1], mode, &id, NULL);
}

/* BASE [MODE ID PATH]... */
static int d_make(struct repo *r, int n, char **a)
{
	struct tree_change c[64];
	struct oid base = id_of(a[0]), id;
	size_t nr = 0;

	for (int i = 1; i + 2 < n && nr < 64; i += 3)
		c[nr++] = (struct tree_change){ a[i + 2],
			(unsigned)strtoul(a[i], NULL, 8), id_of(a[i + 1]) };
	return say(tree_make(r, &base, c, nr, &id), &id);
}

static const char *kind_name(enum src_kind k)
{
	static const char *const name[] = { "none", "file", "dir", "other" };

	return name[k];
}

static void show(struct src *s, const char *path)
{
	struct strs names = STRS_INIT;
	struct buf text = BUF_INIT;
	struct src_info i;

	if (src_stat(s, path, &i))
		printf("! %s\n", err_message());
	printf("%s %d %d %llu", kind_name(i.kind), i.link, i.exec,
	       (unsigned long long)i.size);
	if (i.kind == SRC_DIR && !src_list(s, path, &names))
		for (size_t k = 0; k < names.nr; k++)
			printf(" %s", names.item[k]);
	else if (i.kind == SRC_FILE && !src_read(s, path, &text))
		printf(" %s", text.s);
	else
		printf(" %s", src_read(s, path, &text) ? "no" : "yes");
	printf("\t%s\n", path);
	buf_clear(&text);
	strs_clear(&names);
}

/* TREE|disk PREFIX PATH...: what is there, in either source. */
static int d_src(struct repo *r, int n, char **a)
{
	struct tree_src t;
	struct src_disk d;
	struct oid tree = id_of(a[0]);
	bool disk = !strcmp(a[0], "disk");
	struct src *s = disk ? &d.src : &t.src;

	if (disk)
		src_disk(&d, a[1]);
	else
		tree_src(&t, r, &tree, a[1], "rev");
	for (int i = 2; i < n; i++)
		show(s, a[i]);
	src_clear(s);
	return 0;
}

static int d_note_read(struct repo *r, int n, char **a)
{
	struct oid on = id_of(a[1]);
	struct buf b = BUF_INIT;
	int err = note_read(r, a[0], &on, &b);

	(void)n;
	fwrite(b.s, 1, b.len, stdout);
	buf_clear(&b);
	return err;
}

/* REF [append|put|remove ON TEXT]... */
static int d_note_write(struct repo *r, int n, char **a)
{
	struct note_change c[64];
	size_t nr = 0;

	for (int i = 1; i + 2 < n && nr < 64; i += 3)
		c[nr++] = (struct note_change){ id_of(a[i + 1]),
			*a[i] == 'r' ? NULL : a[i + 2], strlen(a[i + 2]),
			*a[i] == 'a' };
	return note_write(r, a[0], c, nr, "test: notes");
}

/* REF TEXT ON...: one commit for each. */
static int d_note_many(struct repo *r, int n, char **a)
{
	int err = 0;

	for (int i = 2; !err && i < n; i++) {
		struct note_change c = { id_of(a[i]), a[1], strlen(a[1]), 1 };

		err = note_write(r, a[0], &c, 1, "test: many");
	}
	return err;
}

static int print_note(const struct oid *on, const struct oid *blob, void *p)
{
	(void)p;
	printf("%s %s\n", blob->hex, on->hex);
	return 0;
}

static int d_notes(struct repo *r, int n, char **a)
{
	(void)n;
	return note_each(r, a[0], print_note, NULL);
}

static void print_all(const char *what, const struct strs *l)
{
	for (size_t i = 0; i < l->nr; i++)
		fprintf(stderr, "%s %s\n", what, l->item[i]);
}

/* [always=P|never=P|files=N|total=N|file=N|then=CMD|result=P]... */
static int d_snap(struct repo *r, int n, char **a)
{
	struct snap_want w = { STRS_INIT, STRS_INIT, 1 << 20, 16 << 20, 500 };
	struct strs results = STRS_INIT;
	struct snap s = SNAP_INIT;
	int err;

	for (int i = 0; i < n; i++) {
		char *v = strchr(a[i], '=') + 1;

		if (!strncmp(a[i], "always", 6))
			strs_add(&w.always, v);
		else if (!strncmp(a[i], "never", 5))
			strs_add(&w.never, v);
		else if (!strncmp(a[i], "files", 5))
			w.max_files = (size_t)atoi(v);
		else if (!strncmp(a[i], "total", 5))
			w.max_total = (uint64_t)atoi(v);
		else if (!strncmp(a[i], "file", 4))
			w.max_file = (uint64_t)atoi(v);
		else if (!strncmp(a[i], "result", 6))
			strs_add(&results, v);
	}
	err = snap_begin(&s, r, &w);
	for (int i = 0; !err && i < n; i++) {
		const char *args[] = { "-c", NULL, "x", NULL };
		char alias[4096];

		if (strncmp(a[i], "then=", 5))
			continue;
		snprintf(alias, sizeof(alias), "alias.x=!%s", a[i] + 5);
		args[1] = alias;
		err = repo_git(r, args, NULL, NULL, NULL, 0);
	}
	if (!err && results.nr)
		err = snap_results(&s, &results);
	if (!err)
		err = snap_tree(&s);
	say(err, &s.tree);
	print_all("secret", &s.secret);
	print_all("nested", &s.nested);
	print_all("large", &s.large);
	if (s.left_out)
		fprintf(stderr, "left %zu\n", s.left_out);
	snap_clear(&s);
	strs_clear(&results);
	strs_clear(&w.always);
	strs_clear(&w.never);
	return err;
}

static int d_unset(struct repo *r, int n, char **a)
{
	(void)n, (void)a;
	for (size_t i = 0; i < repo_unset(r)->nr; i++)
		puts(repo_unset(r)->item[i]);
	return 0;
}

static int d_git(struct repo *r, int n, char **a)
{
	struct buf out = BUF_INIT;
	int err = repo_git(r, (const char *const *)a, NULL, NULL, &out, 0);

	(void)n;
	fwrite(out.s, 1, out.len, stdout);
	buf_clear(&out);
	return err;
}

static int d_name(struct repo *r, int n, char **a)
{
	(void)r, (void)n;
	return ref_exp_name_check(a[0]);
}

static const struct {
	const char *name;
	int (*run)(struct repo *r, int n, char **a);
	int needs;
} verbs[] = {
	{ "open", d_open, 0 }, { "way", d_way, 0 }, { "head", d_head, 0 },
	{ "config", d_config, 1 }, { "people", d_people, 0 },
	{ "read", d_read, 1 }, { "has", d_has, 1 }, { "again", d_again, 1 },
	{ "write", d_write, 1 }, { "resolve", d_resolve, 1 },
	{ "refs", d_refs, 1 }, { "ref", d_ref, 1 }, { "update", d_update, 3 },
	{ "churn", d_churn, 3 }, { "names", d_names, 0 },
	{ "commit", d_commit, 1 }, { "commit-write", d_commit_write, 3 },
	{ "tree", d_tree, 1 }, { "find", d_find, 2 }, { "make", d_make, 1 },
	{ "src", d_src, 2 }, { "note-read", d_note_read, 2 },
	{ "note-write", d_note_write, 4 }, { "note-many", d_note_many, 3 },
	{ "notes", d_notes, 1 }, { "snap", d_snap, 0 },
	{ "unset", d_unset, 0 }, { "git", d_git, 1 }, { "name", d_name, 1 },
};

static void warn(const char *line)
{
	fprintf(stderr, "warning: %s\n", line);
}

static int complain(int err)
{
	fprintf(stderr, "%s: %s\n", err == ERR_NOTFOUND ? "not found" :
		err == ERR_LOCKED ? "locked" : err == ERR_EXISTS ? "exists" :
		err == ERR_INVALID ? "invalid" : "fatal", err_message());
	if (err_hints())
		fprintf(stderr, "hint: %s\n", err_hints());
	return err == ERR_NOTFOUND ? 1 : 128;
}

static int drive(int argc, char **argv)
{
	struct repo *r;
	int err = repo_open(&r, ".");

	err_on_warn(warn);
	if (err)
		return complain(err);
	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++) {
		if (strcmp(argv[1], verbs[i].name) || argc - 2 < verbs[i].needs)
			continue;
		err = verbs[i].run(r, argc - 2, argv + 2);
		fflush(stdout);
		err = err ? complain(err) : 0;
		repo_free(r);
		return err;
	}
	fprintf(stderr, "unknown verb '%s'\n", argv[1]);
	return 129;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_what_git_init_writes_for_ordinary),
		cmocka_unit_test(leaves_the_unusual_to_git),
		cmocka_unit_test(splits_gits_words_into_message_and_hints),
	};

	if (argc > 1)
		return drive(argc, argv);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("repo", tests, NULL, NULL);
}
