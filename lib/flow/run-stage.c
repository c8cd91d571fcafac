#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/proc.h"
#include "flow/locks.h"
#include "flow/run-part.h"
#include "flow/seen.h"
#include "spec/busy.h"
#include "store/cache.h"

enum { LOG_MAX = 65536 };

/* --- before ----------------------------------------------------------- */

static int remove_outs(struct doing *d, const struct stage *s)
{
	int err = 0;

	for (size_t i = 0; !err && i < s->nr_out; i++) {
		const struct out *o = &s->out[i];
		char *full = run_full(d, o->path);

		if (o->external || !file_exists(full)) {
			free(full);
			continue;
		}
		err = run_inside(d, o->path);
		if (!err)
			err = o->persist ? cache_unlink(d->job->cache, full)
					 : file_remove_tree(full);
		free(full);
	}
	return err;
}

static void list_paths(struct doing *d, struct step *st)
{
	const struct stage *s = st->item.stage;

	for (size_t i = 0; i < s->nr_dep; i++)
		if (!s->dep[i].url)
			strs_give(&st->reads, run_full(d, s->dep[i].path));
	for (size_t i = 0; i < s->nr_param; i++)
		strs_give(&st->reads, run_full(d, s->param[i].path));
	for (size_t i = 0; i < s->nr_out; i++)
		strs_give(&st->writes, run_full(d, s->out[i].path));
}

static void make_env(const struct doing *d, const struct stage *s,
		     struct strs *env)
{
	const struct strs *more = d->job->env;
	bool root = getenv("DVC_ROOT");

	for (size_t i = 0; more && i < more->nr; i++) {
		strs_add(env, more->item[i]);
		root |= !strncmp(more->item[i], "DVC_ROOT=", 9);
	}
	if (!root)
		strs_fmt(env, "DVC_ROOT=%s", d->job->root);
	strs_fmt(env, "DVC_STAGE=%s", s->addr);
}

static int execute(struct doing *d, struct step *st)
{
	const struct stage *s = st->item.stage;
	struct strs cmds = STRS_INIT, env = STRS_INIT;
	char *dir = run_full(d, s->wdir);
	struct exec_job job = {
		.dir = dir, .cmds = &cmds, .env = &env,
		.tty = d->job->tty && d->job->jobs == 1,
		.in = d->job->jobs == 1,
	};
	int err;

	exec_commands(&cmds, &s->cmd);
	make_env(d, s, &env);
	err = d->exec->start(d->exec, &job, &st->id);
	if (err)
		err_wrap(err, "stage '%s'", s->addr);
	strs_clear(&cmds);
	strs_clear(&env);
	free(dir);
	return err;
}

static void show_commands(struct doing *d, const struct stage *s)
{
	struct strs cmds = STRS_INIT;

	exec_commands(&cmds, &s->cmd);
	for (size_t i = 0; i < cmds.nr; i++)
		run_tell(d, RUN_COMMAND, s, cmds.item[i]);
	strs_clear(&cmds);
}

static int need_wdir(const struct doing *d, const struct stage *s)
{
	char *dir = run_full(d, s->wdir);
	bool there = file_is_dir(dir);

	free(dir);
	return there ? 0 : seen_gone(s, "working directory", s->wdir, s->line);
}

static int begin(struct doing *d, struct step *st)
{
	int err = need_wdir(d, st->item.stage);

	if (err)
		return err;
	list_paths(d, st);
	err = d->job->busy ? busy_paths(d->job->busy, &st->reads, &st->writes)
			   : 0;
	if (err) {
		strs_clear(&st->reads);
		strs_clear(&st->writes);
		return err;
	}
	err = remove_outs(d, st->item.stage);
	return err ? err : execute(d, st);
}

int run_start(struct doing *d, struct step *st)
{
	const struct stage *s = st->item.stage;
	int err = 0;

	if (!d->job->dry)
		err = seen_entry(d->job->seen, s,
				 locks_entry(d->job->locks, s), false,
				 &st->before);
	if (err)
		return err;
	run_tell(d, RUN_START, s, d->run->item[st->at].why);
	if (d->job->dry) {
		show_commands(d, s);
		return 0;
	}
	err = begin(d, st);
	if (err)
		return err;
	st->state = STEP_RUNS;
	d->running++;
	return 0;
}

/* --- meanwhile -------------------------------------------------------- */

static void keep(struct buf *log, const char *s, size_t len)
{
	buf_add(log, s, len);
	if (log->len > 2 * LOG_MAX)
		buf_splice(log, 0, log->len - LOG_MAX, NULL, 0);
}

/* What a progress bar has overwritten is not shown. */
static void tell_line(struct doing *d, struct step *st)
{
	struct buf b = BUF_INIT;
	const char *from = st->line.s;
	size_t len = st->line.len;

	while (len && from[len - 1] == '\r')
		len--;
	for (size_t i = len; i-- > 0; )
		if (from[i] == '\r') {
			from += i + 1;
			len -= i + 1;
			break;
		}
	buf_fmt(&b, "%s | ", st->item.stage->addr);
	buf_add(&b, from, len);
	buf_char(&b, '\n');
	run_tell_bytes(d, st->item.stage, b.s, b.len);
	buf_reset(&st->line);
	buf_clear(&b);
}

void run_output(struct doing *d, struct step *st, const char *s, size_t len)
{
	keep(&d->run->item[st->at].log, s, len);
	if (d->job->jobs == 1) {
		run_tell_bytes(d, st->item.stage, s, len);
		return;
	}
	while (len) {
		const char *nl = memchr(s, '\n', len);
		size_t n = nl ? (size_t)(nl - s) : len;

		buf_add(&st->line, s, n);
		if (nl || st->line.len > LOG_MAX)
			tell_line(d, st);
		n += nl ? 1 : 0;
		s += n;
		len -= n;
	}
}

/* --- after ------------------------------------------------------------ */

/* A terminal ends its lines in CR LF; the log has lines. */
static void close_log(struct buf *log, bool tty)
{
	size_t to = 0;

	for (size_t i = 0; tty && i < log->len; i++)
		if (log->s[i] != '\r' || i + 1 == log->len ||
		    log->s[i + 1] != '\n')
			log->s[to++] = log->s[i];
	if (tty)
		buf_cut(log, to);
	if (log->len > LOG_MAX)
		buf_splice(log, 0, log->len - LOG_MAX, NULL, 0);
}

static int judge(const struct stage *s, const struct exec_result *res)
{
	if (res->signal)
		return err_set(ERR_STAGE, "stage '%s' was killed by %s",
			       s->addr, proc_signal(res->signal));
	if (res->exit == 127)
		return err_set(ERR_STAGE, "stage '%s' exited with 127 (command not found)",
			       s->addr);
	if (res->exit > 128 && res->exit < 160)
		return err_set(ERR_STAGE, "stage '%s' exited with %d (a command killed by %s)",
			       s->addr, res->exit,
			       proc_signal(res->exit - 128));
	if (res->exit)
		return err_set(ERR_STAGE, "stage '%s' exited with %d",
			       s->addr, res->exit);
	return 0;
}

/* Inputs that changed under the command: the record says what they were. */
static void compare_inputs(struct doing *d, struct step *st)
{
	const struct stage *s = st->item.stage;

	for (size_t i = 0; i < s->nr_dep; i++)
		seen_forget(d->job->seen, s->dep[i].path);
	if (seen_gather(d->job->seen, s, locks_entry(d->job->locks, s))) {
		err_clear();
		return;
	}
	for (size_t i = 0; i < s->nr_dep; i++) {
		const struct lock_path *p = lock_dep(&st->before,
						     s->dep[i].def);

		if (p && p->md5 &&
		    !seen_is(seen_path(d->job->seen, s->dep[i].path), p))
			err_warn("'%s' changed while stage '%s' ran; recorded as it was before",
				 s->dep[i].def, s->addr);
	}
}

int run_finish(struct doing *d, struct step *st,
	       const struct exec_result *res)
{
	const struct stage *s = st->item.stage;
	struct run_item *r = &d->run->item[st->at];
	int err;

	if (st->line.len)
		tell_line(d, st);
	r->secs = res->secs;
	r->cpu = res->cpu;
	r->rss = res->rss;
	r->exit = res->exit;
	r->signal = res->signal;
	close_log(&r->log, d->job->tty && d->job->jobs == 1);
	for (size_t i = 0; i < s->nr_out; i++)
		seen_forget(d->job->seen, s->out[i].path);
	err = judge(s, res);
	if (!err)
		compare_inputs(d, st);
	return err ? err : run_record(d, st);
}
