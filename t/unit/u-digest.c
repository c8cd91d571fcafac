#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "store/digest.h"

static void is(enum digest_kind kind, const char *text, const char *want)
{
	char hex[DIGEST_HEX];

	digest_mem(kind, text, strlen(text), hex);
	assert_string_equal(hex, want);
}

/* RFC 1321, appendix A.5. */
static void md5_is_that_of_the_rfc(void **state)
{
	(void)state;
	is(DIGEST_MD5, "", "d41d8cd98f00b204e9800998ecf8427e");
	is(DIGEST_MD5, "a", "0cc175b9c0f1b6a831c399e269772661");
	is(DIGEST_MD5, "abc", "900150983cd24fb0d6963f7d28e17f72");
	is(DIGEST_MD5, "message digest", "f96b697d7cb7938d525a2f31aaf161d0");
	is(DIGEST_MD5, "abcdefghijklmnopqrstuvwxyz",
	   "c3fcd3d76192e4007dfb496cca67e13b");
	is(DIGEST_MD5, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	   "0123456789", "d174ab98d277d9f5a5611c2c9f419d9f");
	is(DIGEST_MD5, "1234567890123456789012345678901234567890"
	   "1234567890123456789012345678901234567890",
	   "57edf4a22be3c955ac49da2e2107b67a");
}

/* FIPS 180-4's examples, and the empty text. */
static void sha256_is_that_of_the_standard(void **state)
{
	(void)state;
	is(DIGEST_SHA256, "",
	   "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	is(DIGEST_SHA256, "abc",
	   "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	is(DIGEST_SHA256,
	   "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	   "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

static void fill(unsigned char *data, size_t len)
{
	for (size_t i = 0; i < len; i++)
		data[i] = (unsigned char)(i * 7 + 3);
}

/* The digests of 0 to 300 bytes, hashed once more; from Python's hashlib. */
static void every_length_up_to_300(void **state)
{
	static const char *const want[] = {
		"cb441f7270246a6108bd418c9a9c94d1",
		"9ab015b3431ba48c0f99e81c5bb7d903f6bfea343d7d7b190120d07cc51e653b",
	};
	unsigned char data[301];
	char hex[DIGEST_HEX];

	(void)state;
	fill(data, sizeof(data));
	for (int kind = 0; kind < 2; kind++) {
		struct buf all = BUF_INIT;

		for (size_t n = 0; n <= 300; n++) {
			digest_mem((enum digest_kind)kind, data, n, hex);
			buf_str(&all, hex);
		}
		is((enum digest_kind)kind, all.s, want[kind]);
		buf_clear(&all);
	}
}

static void pieces_make_the_same_as_the_whole(void **state)
{
	unsigned char data[300];
	char whole[DIGEST_HEX], hex[DIGEST_HEX];

	(void)state;
	fill(data, sizeof(data));
	for (int kind = 0; kind < 2; kind++) {
		digest_mem((enum digest_kind)kind, data, sizeof(data), whole);
		for (size_t step = 1; step < sizeof(data); step++) {
			struct digest d;

			digest_init(&d, (enum digest_kind)kind);
			for (size_t i = 0; i < sizeof(data); i += step)
				digest_add(&d, data + i,
					   i + step > sizeof(data) ?
					   sizeof(data) - i : step);
			digest_end(&d, hex);
			assert_string_equal(hex, whole);
		}
	}
}

/* FIPS 180-4's million a; and 513 MiB of zeros, whose bits need 33 bits. */
static void long_data(void **state)
{
	char *data = mem_new(1 << 20, 1), hex[DIGEST_HEX];
	struct digest d;

	(void)state;
	digest_init(&d, DIGEST_MD5);
	for (int i = 0; i < 513; i++)
		digest_add(&d, data, 1 << 20);
	digest_end(&d, hex);
	assert_string_equal(hex, "f3a8799d64129a6fd8a5aa56f199ac54");
	memset(data, 'a', 1000000);
	digest_mem(DIGEST_SHA256, data, 1000000, hex);
	assert_string_equal(hex, "cdc76e5c9914fb9281a1c7e284d73e67"
			    "f1809a48a497200e046d39ccc7112cd0");
	digest_mem(DIGEST_MD5, data, 1000000, hex);
	assert_string_equal(hex, "7707d6ae4e027c70eea2a935c2296f21");
	free(data);
}

static void files(void **state)
{
	char path[] = "/tmp/u-digest.XXXXXX", hex[DIGEST_HEX];
	int fd = mkstemp(path);
	uint64_t size = 9;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "a\n", 2), 2);
	close(fd);
	assert_int_equal(digest_file(path, hex, &size), 0);
	assert_string_equal(hex, "60b725f10c9c85c70d97880dfe8191b3");
	assert_int_equal(size, 2);
	unlink(path);
	assert_int_equal(digest_file(path, hex, &size), ERR_NOTFOUND);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(digest_file(path, hex, &size), ERR_FATAL);
	unlink(path);
}

/* --- md5-dos2unix ------------------------------------------------------------ */

/* The file holds `data`; its old name must be the MD5 of `as`. */
static void old_is(const char *data, size_t len, const char *as, size_t as_len)
{
	char path[] = "/tmp/u-digest-XXXXXX", hex[DIGEST_HEX], want[DIGEST_HEX];
	int fd = mkstemp(path);
	uint64_t size;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, len), len);
	close(fd);
	assert_int_equal(digest_text(path, hex, &size), 0);
	digest_mem(DIGEST_MD5, as, as_len, want);
	assert_string_equal(hex, want);
	assert_int_equal(size, len);
	unlink(path);
}

static void dvc_2_named_text_without_its_carriage_returns(void **state)
{
	(void)state;
	old_is("", 0, "", 0);
	old_is("bb\r\n", 4, "bb\n", 3);
	old_is("a\r\r\nb\rc\n\r", 9, "a\r\nb\rc\n\r", 8);
	old_is("a\t\f\b\r\n", 6, "a\t\f\b\n", 5);
}

/* 512 bytes: 153 odd ones are less than 30 %, 154 are more. */
static void the_first_512_bytes_say_what_is_text(void **state)
{
	char data[600], as[600];

	(void)state;
	memset(data, 'a', sizeof(data));
	memset(data, 0x80, 153);
	memcpy(data + 598, "\r\n", 2);
	memcpy(as, data, 598);
	as[598] = '\n';
	old_is(data, 600, as, 599);
	data[153] = 0x7f;
	old_is(data, 600, data, 600);
	data[153] = 'a';
	data[512] = as[512] = '\0';
	old_is(data, 600, as, 599);
	data[511] = '\0';
	old_is(data, 600, data, 600);
}

static void each_mebibyte_is_judged_alone(void **state)
{
	const size_t mib = 1 << 20;
	char *data = mem_resize(NULL, 2 * mib, 1), *as = mem_resize(NULL, 2 * mib, 1);

	(void)state;
	memset(data, 'a', 2 * mib);
	memcpy(data + mib - 1, "\r\n", 2);
	old_is(data, 2 * mib, data, 2 * mib);
	memcpy(data + 10, "\r\n", 2);
	data[mib + 9] = '\0';
	memcpy(data + mib + 10, "\r\n", 2);
	memcpy(as, data, 10);
	memcpy(as + 10, data + 11, 2 * mib - 11);
	old_is(data, 2 * mib, as, 2 * mib - 1);
	free(data);
	free(as);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(md5_is_that_of_the_rfc),
		cmocka_unit_test(sha256_is_that_of_the_standard),
		cmocka_unit_test(every_length_up_to_300),
		cmocka_unit_test(pieces_make_the_same_as_the_whole),
		cmocka_unit_test(long_data),
		cmocka_unit_test(files),
		cmocka_unit_test(dvc_2_named_text_without_its_carriage_returns),
		cmocka_unit_test(the_first_512_bytes_say_what_is_text),
		cmocka_unit_test(each_mebibyte_is_judged_alone),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("digest", tests, NULL, NULL);
}
