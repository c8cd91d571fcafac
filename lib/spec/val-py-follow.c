#include <stddef.h>
#include <string.h>
#include "spec/val-py.h"

static const char *const reserved[] = {
	"False", "None", "True", "and", "as", "assert", "async", "await",
	"break", "class", "continue", "def", "del", "elif", "else", "except",
	"finally", "for", "from", "global", "if", "import", "in", "is",
	"lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try",
	"while", "with", "yield",
};
static const char *const literal[] = { "False", "None", "True" };
static const char *const joint[] = { "and", "as", "async", "else", "for",
				     "from", "if", "import", "in", "is", "or" };
static const char *const prefix[] = { "await", "lambda", "not", "yield" };
static const char *const alone[] = { "break", "continue", "pass" };

static bool one_of(const struct py *p, const char *const *words, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		if (py_is(p, words[i]))
			return true;
	return false;
}
#define ONE_OF(p, words) one_of(p, words, sizeof(words) / sizeof(*(words)))

bool py_reserved(const struct py *p)
{
	return p->kind == PY_NAME && ONE_OF(p, reserved);
}

static int shown(const struct py *p)
{
	return p->len > 40 ? 40 : (int)p->len;
}

static int odd(const struct py *p)
{
	if (p->kind == PY_NEWLINE)
		return py_fail(p, "the line ends too early");
	if (p->kind == PY_INDENT)
		return py_fail(p, "indented without need");
	if (p->nr_open && p->open_line[p->nr_open - 1] < p->at_line)
		return py_fail(p, "'%.*s' cannot stand here: is the bracket "
			       "of line %d closed?", shown(p), p->at,
			       p->open_line[p->nr_open - 1]);
	return py_fail(p, "'%.*s' cannot stand here", shown(p), p->at);
}

static bool is_char(const struct py *p, const char *chars)
{
	return p->kind == PY_OP && p->len == 1 && strchr(chars, *p->at);
}

/* --- where an operand is to come -------------------------------------------- */

static bool word_begins(const struct py *p)
{
	enum py_before b = p->before;

	if (b == PY_B_WORD || ONE_OF(p, prefix))
		return true;
	if (b == PY_B_START || b == PY_B_BLOCK || b == PY_B_DONE ||
	    (b == PY_B_COLON && !p->nr_open))
		return !py_is(p, "and") && !py_is(p, "or") && !py_is(p, "in") &&
		       !py_is(p, "is") && !py_is(p, "as");
	return ((b == PY_B_NOT || b == PY_B_COMMA) && py_is(p, "in")) ||
	       (b == PY_B_JOINT && py_is(p, "for"));
}

static bool closes(const struct py *p)
{
	enum py_before b = p->before;

	return b == PY_B_OPEN || b == PY_B_COMMA || b == PY_B_COLON ||
	       b == PY_B_STAR || b == PY_B_WORD;
}

static bool sign_begins(const struct py *p)
{
	enum py_before b = p->before;

	if (is_char(p, "([{+-~*") || py_is(p, "**") || py_is(p, "..."))
		return true;
	if (is_char(p, ")]}"))
		return closes(p);
	if (is_char(p, ":"))
		return b == PY_B_OPEN || b == PY_B_COMMA || b == PY_B_COLON ||
		       b == PY_B_WORD || b == PY_B_STAR;
	if (is_char(p, ","))
		return b == PY_B_COLON || b == PY_B_STAR || b == PY_B_WORD;
	if (is_char(p, "/"))
		return b == PY_B_COMMA;
	if (is_char(p, "@"))
		return b == PY_B_START || b == PY_B_BLOCK;
	if (is_char(p, ";=") && b == PY_B_COMMA)
		return !p->nr_open;
	if (is_char(p, ";"))
		return b == PY_B_WORD;
	return b == PY_B_WORD;
}

static bool line_ends(const struct py *p)
{
	enum py_before b = p->before;

	return b == PY_B_COMMA || b == PY_B_COLON || b == PY_B_WORD ||
	       b == PY_B_START || b == PY_B_DONE || b == PY_B_BLOCK;
}

static bool begins(const struct py *p)
{
	switch (p->kind) {
	case PY_NAME:
		return !py_reserved(p) || ONE_OF(p, literal) || word_begins(p);
	case PY_NUMBER:
	case PY_STRING:
		return true;
	case PY_OP:
		return sign_begins(p);
	default:
		return line_ends(p);
	}
}

/* --- where an operand has just been ------------------------------------------ */

static bool goes_on(const struct py *p)
{
	bool soft = p->before == PY_B_SOFT;

	switch (p->kind) {
	case PY_NAME:
		return soft || py_is(p, "not") || ONE_OF(p, joint);
	case PY_NUMBER:
		return soft;
	case PY_STRING:
		return soft || p->before == PY_B_TEXT;
	case PY_OP:
		return soft || (!is_char(p, "{~") && !py_is(p, "..."));
	default:
		return true;
	}
}

static bool may_follow(const struct py *p)
{
	switch (p->before) {
	case PY_B_OPERAND:
	case PY_B_TEXT:
	case PY_B_SOFT:
		return goes_on(p);
	case PY_B_DOT:
		return p->kind == PY_NAME && !py_reserved(p);
	default:
		return begins(p);
	}
}

/* --- what there has been now ---------------------------------------------------- */

static enum py_before name_before(const struct py *p)
{
	enum py_before b = p->before;
	bool first = b == PY_B_START || b == PY_B_BLOCK;

	if (ONE_OF(p, literal) || ONE_OF(p, alone))
		return PY_B_OPERAND;
	if (py_is(p, "not"))
		return PY_B_NOT;
	if ((b == PY_B_OPERAND || b == PY_B_TEXT) && ONE_OF(p, joint))
		return PY_B_JOINT;
	if (py_reserved(p))
		return PY_B_WORD;
	return first && (py_is(p, "match") || py_is(p, "case") ||
			 py_is(p, "type")) ?
	       PY_B_SOFT : PY_B_OPERAND;
}

static enum py_before sign_before(const struct py *p)
{
	if (is_char(p, "([{"))
		return PY_B_OPEN;
	if (is_char(p, ")]}") || py_is(p, "..."))
		return PY_B_OPERAND;
	if (is_char(p, ","))
		return PY_B_COMMA;
	if (is_char(p, ":"))
		return PY_B_COLON;
	if (is_char(p, ";"))
		return PY_B_DONE;
	if (is_char(p, "."))
		return PY_B_DOT;
	if (is_char(p, "*") || (is_char(p, "/") && p->before == PY_B_COMMA))
		return p->before == PY_B_OPERAND ? PY_B_SIGN : PY_B_STAR;
	return PY_B_SIGN;
}

static enum py_before now_before(const struct py *p)
{
	switch (p->kind) {
	case PY_NAME:
		return name_before(p);
	case PY_NUMBER:
		return PY_B_OPERAND;
	case PY_STRING:
		return PY_B_TEXT;
	case PY_OP:
		return sign_before(p);
	case PY_NEWLINE:
		return p->before == PY_B_COLON ? PY_B_BLOCK : PY_B_START;
	default:
		return PY_B_START;
	}
}

/* --- lines ------------------------------------------------------------------------ */

/* A block is indented, and nothing else is. */
static int check_block(const struct py *p)
{
	if (p->before == PY_B_BLOCK && p->kind != PY_INDENT)
		return py_fail(p, "an indented block is missing");
	if (p->kind == PY_INDENT && p->before != PY_B_BLOCK)
		return odd(p);
	return 0;
}

int py_follows(struct py *p)
{
	bool first = p->before == PY_B_START || p->before == PY_B_DONE ||
		     (p->before == PY_B_COLON && !p->nr_open);
	int err = check_block(p);

	if (err)
		return err;
	if (first && (py_is(p, "import") || py_is(p, "from")))
		p->any = true;
	if (p->kind != PY_INDENT && p->kind != PY_DEDENT &&
	    p->kind != PY_END && !p->any && !may_follow(p))
		return odd(p);
	if (p->kind == PY_NEWLINE || (is_char(p, ";") && !p->nr_open))
		p->any = false;
	p->before = now_before(p);
	return 0;
}
