#include <string.h>
#include "base/buf.h"
#include "repo/repo-ops.h"

static const char digits[] = "0123456789abcdef";
static const char *const types[] = { "", "commit", "tree", "blob", "tag" };

bool oid_parse(struct oid *out, const char *hex, size_t len)
{
	out->hex[0] = '\0';
	if ((len != 40 && len != 64) || strspn(hex, digits) < len)
		return false;
	memcpy(out->hex, hex, len);
	out->hex[len] = '\0';
	return true;
}

void oid_from_raw(struct oid *out, const unsigned char *raw, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		out->hex[2 * i] = digits[raw[i] >> 4];
		out->hex[2 * i + 1] = digits[raw[i] & 15];
	}
	out->hex[2 * len] = '\0';
}

static int value(char c)
{
	return c <= '9' ? c - '0' : c - 'a' + 10;
}

void oid_to_raw(const struct oid *id, struct buf *out)
{
	for (const char *s = id->hex; *s; s += 2)
		buf_char(out, (char)(value(s[0]) << 4 | value(s[1])));
}

const char *obj_type_name(enum obj_type type)
{
	return types[type];
}

enum obj_type obj_type_parse(const char *name, size_t len)
{
	for (int i = OBJ_COMMIT; i <= OBJ_TAG; i++)
		if (strlen(types[i]) == len && !memcmp(types[i], name, len))
			return (enum obj_type)i;
	return OBJ_NONE;
}
