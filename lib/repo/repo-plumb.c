#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/os.h"
#include "base/proc.h"
#include "repo/repo-plumb.h"

/* One `git cat-file` that answers line by line. */
struct cat {
	struct proc p;
	struct buf got;		/* read and not yet used */
};

struct plumb {
	struct cat bytes, facts;	/* --batch, --batch-check */
};

static const char *durable(void)
{
	return os_syncs() ? "core.fsync=loose-object,reference" :
		"core.fsync=none";
}

static void end_cat(struct cat *c)
{
	int code;

	if (c->p.pid && proc_wait(&c->p, &code))
		err_clear();
	c->p = (struct proc)PROC_INIT;
	buf_clear(&c->got);
}

void plumb_close(struct repo *r)
{
	if (!r->plumb)
		return;
	end_cat(&r->plumb->bytes);
	end_cat(&r->plumb->facts);
	free(r->plumb);
	r->plumb = NULL;
}

static struct plumb *state(struct repo *r)
{
	if (!r->plumb) {
		r->plumb = mem_new(1, sizeof(*r->plumb));
		*r->plumb = (struct plumb){ { PROC_INIT, BUF_INIT },
			{ PROC_INIT, BUF_INIT } };
	}
	return r->plumb;
}

/* An object is itself, whatever refs/replace says, as with libgit2. */
static void own_env(const struct repo *r, struct strs *env)
{
	for (size_t i = 0; i < r->env.nr; i++)
		strs_add(env, r->env.item[i]);
	strs_add(env, "GIT_NO_REPLACE_OBJECTS=1");
}

static int start(struct repo *r, struct cat *c)
{
	bool bytes = c == &r->plumb->bytes;
	const char *argv[] = { "git", "cat-file",
		bytes ? "--batch" : "--batch-check", NULL };
	struct strs env = STRS_INIT;
	int err;

	own_env(r, &env);
	err = proc_start(&c->p, (char *const *)argv,
			 r->top ? r->top : r->git_dir, &env,
			 PROC_IN | PROC_OUT);
	strs_clear(&env);
	return err;
}

static int more(struct cat *c)
{
	ssize_t n;

	buf_room(&c->got, 1 << 16);
	do
		n = read(c->p.out, c->got.s + c->got.len, 1 << 16);
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		return err_set(ERR_FATAL, "git cat-file ended early");
	c->got.len += (size_t)n;
	c->got.s[c->got.len] = '\0';
	return 0;
}

/* Ask, and read until there is a whole line. */
static int ask_once(struct repo *r, struct cat *c, const struct oid *id,
		    size_t *line)
{
	char question[sizeof(id->hex) + 1];
	int err = c->p.pid ? 0 : start(r, c), n;
	char *end = NULL;

	n = snprintf(question, sizeof(question), "%s\n", id->hex);
	if (!err)
		err = proc_write(c->p.in, question, (size_t)n);
	while (!err && !(end = memchr(c->got.s, '\n', c->got.len)))
		err = more(c);
	if (!err)
		*line = (size_t)(end - c->got.s);
	return err;
}

static int ask(struct repo *r, struct cat *c, const struct oid *id,
	       size_t *line)
{
	int err = ask_once(r, c, id, line);

	if (err) {
		end_cat(c);
		err = ask_once(r, c, id, line);
	}
	return err;
}

/* "<id> <type> <size>", or "<id> missing". */
static int parse_fact(const struct oid *id, const char *line,
		      enum obj_type *type, uint64_t *size)
{
	const char *s = line + strlen(id->hex);
	size_t n;

	if (strncmp(line, id->hex, strlen(id->hex)) || *s++ != ' ')
		return err_set(ERR_FATAL, "odd answer of git cat-file");
	n = strcspn(s, " \n");
	*type = obj_type_parse(s, n);
	if (*type == OBJ_NONE)
		return err_set(ERR_NOTFOUND, "no object '%s'", id->hex);
	*size = strtoull(s + n, NULL, 10);
	return 0;
}

static void used(struct cat *c, size_t n)
{
	buf_splice(&c->got, 0, n, "", 0);
}

static int info(struct repo *r, const struct oid *id, enum obj_type *type,
		uint64_t *size)
{
	struct cat *c = &state(r)->facts;
	size_t line = 0;
	int err = ask(r, c, id, &line);

	if (err)
		return err;
	err = parse_fact(id, c->got.s, type, size);
	used(c, line + 1);
	return err;
}

static int read_object(struct repo *r, const struct oid *id,
		       enum obj_type *type, struct buf *out)
{
	struct cat *c = &state(r)->bytes;
	uint64_t size = 0;
	size_t line = 0;
	int err = ask(r, c, id, &line);

	if (err)
		return err;
	err = parse_fact(id, c->got.s, type, &size);
	used(c, line + 1);
	while (!err && c->got.len < size + 1)
		err = more(c);
	if (!err) {
		buf_add(out, c->got.s, (size_t)size);
		used(c, (size_t)size + 1);
	} else if (err != ERR_NOTFOUND) {
		end_cat(c);
	}
	return err;
}

static int take_id(const struct buf *text, struct oid *out)
{
	if (oid_parse(out, text->s, strcspn(text->s, "\n")))
		return 0;
	return err_set(ERR_FATAL, "odd answer of git");
}

static int write_object(struct repo *r, enum obj_type type, const void *data,
			size_t len, struct oid *out)
{
	const char *args[] = { "-c", durable(), "hash-object", "-w", "-t",
		obj_type_name(type), "--stdin", NULL };
	struct buf in = BUF_INIT, text = BUF_INIT;
	int err;

	buf_add(&in, data, len);
	err = repo_git(r, args, NULL, &in, &text, 0);
	if (!err)
		err = take_id(&text, out);
	buf_clear(&text);
	buf_clear(&in);
	return err;
}

static int resolve(struct repo *r, const char *rev, struct oid *out)
{
	/* ":/text" goes on to the end, and finds nothing but commits */
	char *peeled = mem_fmt("%s%s", rev,
			       strncmp(rev, ":/", 2) ? "^{commit}" : "");
	const char *args[] = { "rev-parse", "--verify", "-q",
		"--end-of-options", peeled, NULL };
	struct strs env = STRS_INIT;
	struct buf text = BUF_INIT;
	int err;

	own_env(r, &env);
	err = repo_git(r, args, &env, NULL, &text, PROC_NOERR);
	if (err || take_id(&text, out))
		err = err_set(ERR_NOTFOUND, "no commit '%s'", rev);
	buf_clear(&text);
	strs_clear(&env);
	free(peeled);
	return err;
}

/* --- refs --------------------------------------------------------------- */

static int ref_each_below(struct repo *r, const char *prefix,
			  int (*fn)(const char *name, const struct oid *id,
				    void *payload), void *payload)
{
	const char *args[] = { "for-each-ref",
		"--format=%(objectname) %(refname)", "--", prefix, NULL };
	struct buf text = BUF_INIT;
	int err = repo_git(r, args, NULL, NULL, &text, 0);
	char *s, *end;

	for (s = text.s; !err && (end = strchr(s, '\n')); s = end + 1) {
		struct oid id;

		*end = '\0';
		if (oid_parse(&id, s, strcspn(s, " ")))
			err = fn(s + r->hex_len + 1, &id, payload);
	}
	buf_clear(&text);
	return err;
}

struct wanted {
	const char *name;
	struct oid *out;
};

static int is_wanted(const char *name, const struct oid *id, void *payload)
{
	struct wanted *w = payload;

	if (!strcmp(name, w->name))
		*w->out = *id;
	return 0;
}

static int ref_read_one(struct repo *r, const char *name, struct oid *out)
{
	struct wanted w = { name, out };
	int err = ref_each_below(r, name, is_wanted, &w);

	if (!err && !out->hex[0])
		err = err_set(ERR_NOTFOUND, "no ref '%s'", name);
	return err;
}

/* "update REF NUL new NUL old NUL" and its like, for update-ref -z. */
static void say(struct buf *in, const struct ref_change *c, size_t hex_len)
{
	const char *verb = !c->to.hex[0] ? "delete" :
		!c->from.hex[0] ? "create" : "update";

	buf_fmt(in, "%s %s", verb, c->name);
	buf_char(in, '\0');
	if (c->to.hex[0])
		buf_add(in, c->to.hex, hex_len + 1);
	if (c->from.hex[0])
		buf_add(in, c->from.hex, hex_len + 1);
}

static int ref_update_all(struct repo *r, const struct ref_change *change,
			  size_t nr, const char *message)
{
	const char *args[] = { "-c", durable(), "update-ref", "--no-deref",
		"--stdin", "-z", NULL, NULL, NULL };
	struct buf in = BUF_INIT;
	int err;

	if (message && *message) {
		args[6] = "-m";
		args[7] = message;
	}
	for (size_t i = 0; i < nr; i++)
		say(&in, &change[i], r->hex_len);
	repo_config(r, "core.hookspath");	/* the list must be read */
	err = repo_git(r, args, NULL, &in, NULL, 0);
	if (err && strstr(err_message(), "Unable to create"))
		err = ERR_LOCKED;
	buf_clear(&in);
	return err;
}

const struct git_ops plumb_ops = {
	.read = read_object,
	.info = info,
	.write = write_object,
	.ref_read = ref_read_one,
	.ref_each = ref_each_below,
	.ref_update = ref_update_all,
	.resolve = resolve,
};
