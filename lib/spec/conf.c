#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/os.h"
#include "base/strs.h"
#include "spec/conf.h"
#include "spec/conf-line.h"

/* One file being read. */
struct reader {
	struct conf *conf;
	const char *name, *dir;
	struct strs sections;
	size_t first;		/* its first item */
	int line;
};

static int fail(const struct reader *r, const char *what, const char *name)
{
	return err_set(ERR_INVALID, "%s: line %d: %s '%s'", r->name, r->line,
		       what, name);
}

static int add(struct reader *r, const struct conf_line *l)
{
	const char *section = r->sections.nr ?
		r->sections.item[r->sections.nr - 1] : "";
	struct conf *c = r->conf;

	for (size_t i = r->first; i < c->nr; i++)
		if (!strcmp(c->item[i].section, section) &&
		    !strcmp(c->item[i].key, l->name))
			return fail(r, "second value for", l->name);
	ARRAY_GROW(c);
	c->item[c->nr++] = (struct conf_item){
		.section = mem_dup(section), .key = mem_dup(l->name),
		.value = mem_dup(l->value), .dir = mem_dup(r->dir),
	};
	return 0;
}

static int take(struct reader *r, const char *text)
{
	struct conf_line l = CONF_LINE_INIT;
	int err = 0;

	r->line++;
	switch (conf_line(&l, text)) {
	case CONF_EMPTY:
		break;
	case CONF_SECTION:
		if (!strs_has(&r->sections, l.name))
			strs_add(&r->sections, l.name);
		else
			err = fail(r, "second section", l.name);
		break;
	case CONF_KEY:
		err = add(r, &l);
		break;
	case CONF_BAD:
		err = err_set(ERR_INVALID, "%s: line %d: neither a section "
			      "nor 'key = value'", r->name, r->line);
		break;
	}
	conf_line_clear(&l);
	return err;
}

int conf_parse(struct conf *out, const char *name, const char *dir,
	       const char *text)
{
	struct reader r = { .conf = out, .name = name, .dir = dir,
			    .sections = STRS_INIT, .first = out->nr };
	struct strs lines = STRS_INIT;
	int err = 0;

	if (!strncmp(text, "\xef\xbb\xbf", 3))
		text += 3;
	strs_split(&lines, text, '\n');
	for (size_t i = 0; i < lines.nr && !err; i++)
		err = take(&r, lines.item[i]);
	strs_clear(&lines);
	strs_clear(&r.sections);
	return err;
}

/* `name` stands in messages; NULL for the path itself. */
static int load(struct conf *out, const char *dir, const char *file,
		const char *name)
{
	struct buf text = BUF_INIT;
	char *path = file_join(dir, file);
	int err = file_read(path, &text, 0);

	if (err == ERR_NOTFOUND) {
		err_clear();
		err = 0;
	} else if (!err) {
		err = conf_parse(out, name ? name : path, dir, text.s);
	}
	free(path);
	buf_clear(&text);
	return err;
}

static const char *env(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

static char *system_dir(void)
{
	const char *dir = env("DVC_SYSTEM_CONFIG_DIR");
	const char *dirs = env("XDG_CONFIG_DIRS");

	if (dir)
		return mem_dup(dir);
	if (dirs && strcspn(dirs, ":"))
		return mem_fmt("%.*s/dvc", (int)strcspn(dirs, ":"), dirs);
	if (!strcmp(os_name(), "darwin"))
		return mem_dup("/Library/Application Support/dvc");
	return mem_dup("/etc/xdg/dvc");
}

static char *global_dir(void)
{
	const char *dir = env("DVC_GLOBAL_CONFIG_DIR");
	const char *home = env("HOME");

	if (dir)
		return mem_dup(dir);
	if (env("XDG_CONFIG_HOME"))
		return mem_fmt("%s/dvc", env("XDG_CONFIG_HOME"));
	if (!strcmp(os_name(), "darwin"))
		return mem_fmt("%s/Library/Application Support/dvc",
			       home ? home : "");
	return mem_fmt("%s/.config/dvc", home ? home : "");
}

/* Strongest last; conf_get() looks from the end. */
int conf_load(struct conf *out, const char *root)
{
	char *cwd = *root == '/' ? NULL : file_cwd();
	char *abs = cwd ? file_join(cwd, root) : mem_dup(root);
	char *sys = system_dir(), *global = global_dir();
	char *dvc = file_join(abs, ".dvc");
	int err = load(out, sys, "config", NULL);

	if (!err)
		err = load(out, global, "config", NULL);
	if (!err)
		err = load(out, dvc, "config", ".dvc/config");
	if (!err)
		err = load(out, dvc, "config.local", ".dvc/config.local");
	free(cwd);
	free(abs);
	free(sys);
	free(global);
	free(dvc);
	return err;
}

static const struct conf_item *find(const struct conf *c, const char *section,
				    const char *key)
{
	for (size_t i = c->nr; i--; )
		if (!strcmp(c->item[i].section, section) &&
		    !strcmp(c->item[i].key, key))
			return &c->item[i];
	return NULL;
}

const char *conf_get(const struct conf *c, const char *section,
		     const char *key)
{
	const struct conf_item *item = find(c, section, key);

	return item ? item->value : NULL;
}

static bool same(const char *text, const char *lower)
{
	for (; *text && *lower; text++, lower++)
		if (*text != *lower && *text != *lower + 'A' - 'a')
			return false;
	return *text == *lower;
}

bool conf_bool(const struct conf *c, const char *section, const char *key,
	       bool otherwise)
{
	const char *value = conf_get(c, section, key);

	if (value && same(value, "true"))
		return true;
	return value && same(value, "false") ? false : otherwise;
}

static bool is_url(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz"
			     "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

	return n && !strncmp(s + n, "://", 3);
}

char *conf_path(const struct conf *c, const char *section, const char *key)
{
	const struct conf_item *item = find(c, section, key);
	const char *home = env("HOME");

	if (!item)
		return NULL;
	if (is_url(item->value))
		return mem_dup(item->value);
	if (home && !strcmp(item->value, "~"))
		return mem_dup(home);
	if (home && !strncmp(item->value, "~/", 2))
		return file_join(home, item->value + 2);
	return file_join(item->dir, item->value);
}

void conf_clear(struct conf *c)
{
	for (size_t i = 0; i < c->nr; i++) {
		free(c->item[i].section);
		free(c->item[i].key);
		free(c->item[i].value);
		free(c->item[i].dir);
	}
	free(c->item);
	*c = (struct conf)CONF_INIT;
}
