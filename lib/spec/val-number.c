#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/mem.h"
#include "spec/val.h"

static bool from_text(const char *s, int64_t *out)
{
	long long n;

	errno = 0;
	n = strtoll(s, NULL, 10);
	*out = n;
	return !errno;
}

bool val_int64(const struct val *v, int64_t *out)
{
	const double limit = 9223372036854775808.0;

	if (!v)
		return false;
	if (v->kind == VAL_INT)
		return from_text(v->s, out);
	if (v->kind != VAL_FLOAT || floor(v->f) != v->f ||
	    v->f < -limit || v->f >= limit)
		return false;
	*out = (int64_t)v->f;
	return true;
}

bool val_number(const struct val *v, double *out)
{
	if (!v)
		return false;
	switch (v->kind) {
	case VAL_BOOL:
		*out = v->b;
		return true;
	case VAL_INT:
		*out = strtod(v->s, NULL);
		return true;
	case VAL_FLOAT:
		*out = v->f;
		return true;
	default:
		return false;
	}
}

static bool is_number(const struct val *v)
{
	return v->kind == VAL_BOOL || v->kind == VAL_INT ||
	       v->kind == VAL_FLOAT;
}

/* Digits of a whole number, exact at any size; NULL when it is not whole. */
static char *whole(const struct val *v)
{
	if (v->kind == VAL_INT)
		return mem_dup(v->s);
	if (v->kind == VAL_BOOL)
		return mem_dup(v->b ? "1" : "0");
	if (!isfinite(v->f) || floor(v->f) != v->f)
		return NULL;
	return mem_fmt("%.0f", v->f + 0.0);
}

static bool same_number(const struct val *a, const struct val *b)
{
	char *x, *y;
	bool same;

	if (a->kind == VAL_FLOAT && b->kind == VAL_FLOAT)
		return a->f == b->f;
	x = whole(a);
	y = whole(b);
	same = x && y && !strcmp(strcmp(x, "-0") ? x : "0",
				 strcmp(y, "-0") ? y : "0");
	free(x);
	free(y);
	return same;
}

static const struct val *find(const struct val *map, const struct val *key,
			      size_t hint)
{
	if (val_equal(&map->key[hint], key))
		return &map->item[hint];
	for (size_t i = 0; i < map->nr; i++)
		if (val_equal(&map->key[i], key))
			return &map->item[i];
	return NULL;
}

static bool same_items(const struct val *a, const struct val *b)
{
	if (a->nr != b->nr)
		return false;
	for (size_t i = 0; i < a->nr; i++) {
		const struct val *other = a->kind == VAL_LIST ?
			&b->item[i] : find(b, &a->key[i], i);

		if (!other || !val_equal(&a->item[i], other))
			return false;
	}
	return true;
}

bool val_equal(const struct val *a, const struct val *b)
{
	if (is_number(a) && is_number(b))
		return same_number(a, b);
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case VAL_NULL:
		return true;
	case VAL_LIST:
	case VAL_MAP:
		return same_items(a, b);
	default:
		return a->len == b->len && !memcmp(a->s, b->s, a->len);
	}
}

/* Add one to the last digit of "d.ddd"; false when all of them are nines. */
static bool step_up(char *mantissa)
{
	char *last = mantissa + strlen(mantissa);

	while (last-- > mantissa) {
		if (*last == '.')
			continue;
		if (*last != '9') {
			++*last;
			return true;
		}
		*last = '0';
	}
	return false;
}

/*
 * The shortest digits that read back as `f` > 0, and the exponent. Above a
 * power of two numbers stand further apart than below it, so there the
 * nearest decimal may miss where the next one up does not.
 */
static int shortest(double f, char digits[VAL_FLOAT_MAX])
{
	char text[VAL_FLOAT_MAX], up[VAL_FLOAT_MAX], *e;
	int precision = f < 2.3e-308 ? 0 : 14, nr = 0;

	for (;; precision++) {
		snprintf(text, sizeof(text), "%.*e", precision, f);
		if (precision == 16 || strtod(text, NULL) == f)
			break;
		memcpy(up, text, sizeof(up));
		e = strchr(up, 'e');
		*e = '\0';
		if (!step_up(up))
			continue;
		*e = 'e';
		if (strtod(up, NULL) == f) {
			memcpy(text, up, sizeof(text));
			break;
		}
	}
	for (e = text; *e != 'e'; e++)
		if (*e >= '0' && *e <= '9')
			digits[nr++] = *e;
	while (nr > 1 && digits[nr - 1] == '0')
		nr--;
	digits[nr] = '\0';
	return (int)strtol(e + 1, NULL, 10);
}

void val_float(double f, char out[VAL_FLOAT_MAX])
{
	char d[VAL_FLOAT_MAX] = "0";
	const char *sign = signbit(f) && !isnan(f) ? "-" : "";
	int x = 0, nr;

	if (!isfinite(f)) {
		snprintf(out, VAL_FLOAT_MAX, "%s%s", sign,
			 isnan(f) ? "nan" : "inf");
		return;
	}
	if (fpclassify(f) != FP_ZERO)
		x = shortest(fabs(f), d);
	nr = (int)strlen(d);
	if (x < -4 || x >= 16)
		snprintf(out, VAL_FLOAT_MAX, "%s%c%s%.20se%c%02d", sign, *d,
			 d[1] ? "." : "", d + 1, x < 0 ? '-' : '+', abs(x));
	else if (x < 0)
		snprintf(out, VAL_FLOAT_MAX, "%s0.%.*s%.20s", sign, -x - 1,
			 "000", d);
	else if (x + 1 < nr)
		snprintf(out, VAL_FLOAT_MAX, "%s%.*s.%.20s", sign, x + 1, d,
			 d + x + 1);
	else
		snprintf(out, VAL_FLOAT_MAX, "%s%.20s%.*s.0", sign, d,
			 x + 1 - nr, "000000000000000");
}

static void json_float(struct buf *b, double f)
{
	char text[VAL_FLOAT_MAX];

	if (isfinite(f))
		val_float(f, text);
	buf_str(b, isfinite(f) ? text : isnan(f) ? "NaN" :
		   f < 0 ? "-Infinity" : "Infinity");
}

void val_key_text(const struct val *key, char **out)
{
	struct buf b = BUF_INIT;

	switch (key->kind) {
	case VAL_NULL:
		buf_str(&b, "null");
		break;
	case VAL_BOOL:
		buf_str(&b, key->b ? "true" : "false");
		break;
	case VAL_FLOAT:
		json_float(&b, key->f);
		break;
	default:
		buf_add(&b, key->s, key->len);
	}
	*out = buf_take(&b);
}
