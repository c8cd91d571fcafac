# The only build file. `make help` lists what it can do.
# Knobs: CC, CFLAGS, SAN (a sanitizer flag), B (where objects go), prefix, DESTDIR,
# FUZZ_TIME and INTEROP (how long `make fuzz` and `make interop` look),
# V=1 (show the compiler's lines), SHARED=1 (never link libgit2 statically), DEMO (where `make demo` works).

CC = cc
CFLAGS = -g -O2
SAN =
B = obj
prefix = /usr/local
DEMO = demo-digits
JOBS = 2
FUZZ_TIME = 60
INTEROP = 500
V =
Q = $(if $(V),,@)
PKGS = libgit2 yaml-0.1
PKG_CONFIG = pkg-config

WARN = -std=c11 -Wall -Wextra -Wpedantic -Wshadow -Wvla -Wmissing-prototypes \
	-Wstrict-prototypes -Wold-style-definition -Wdeclaration-after-statement \
	-Wwrite-strings -Wformat=2 -fno-common -Werror
POSIX = -D_POSIX_C_SOURCE=200809L -D_XOPEN_SOURCE=700
INC = -Ilib -Igit-exp -include lib/base/ban.h
PKGCF := $(shell $(PKG_CONFIG) --cflags $(PKGS) 2>/dev/null)

SRC = $(wildcard lib/*/*.c)
CMD = $(wildcard git-exp/*.c)
OBJ = $(SRC:%.c=$(B)/%.o)
CMDOBJ = $(CMD:%.c=$(B)/%.o)
UNIT = $(patsubst t/unit/%.c,$(B)/t/%,$(wildcard t/unit/u-*.c))
REPLAY = $(patsubst t/fuzz/%.c,$(B)/t/%,$(wildcard t/fuzz/f-*.c))
HELP = $(B)/t/helpers
PAGES1 = $(wildcard git-exp/*.1)
PAGES5 = $(wildcard git-exp/*.5)
TESTS = $(wildcard t/t[0-9]*.sh)

all: bin/git-exp

# --- the program -------------------------------------------------------

bin/git-exp: $(B)/git-exp.bin
	@mkdir -p bin && cp $< $@.tmp && mv $@.tmp $@

$(B)/git-exp.bin: $(CMDOBJ) $(B)/libexp.a $(B)/libs.mk
	@echo "  link $@"
	$(Q)$(CC) $(CFLAGS) $(SAN) -o $@ $(CMDOBJ) $(B)/libexp.a $$(cat $(B)/libs.mk)

$(B)/libexp.a: $(OBJ)
	@rm -f $@ && ar rcs $@ $^

# How to link the two libraries: found out once, see the script.
$(B)/libs.mk: lib/repo/link.sh | $(B)/.need
	@mkdir -p $(B) && CC="$(CC)" SAN="$(SAN)" SHARED="$(SHARED)" \
		sh lib/repo/link.sh $(B)/link >$@.tmp && mv $@.tmp $@

$(B)/%.o: %.c | $(B)/.need
	@mkdir -p $(dir $@)
	@echo "  cc   $<"
	$(Q)$(CC) $(CFLAGS) $(SAN) $(WARN) $(POSIX) $(INC) $(PKGCF) -MMD -MP -c -o $@ $<

# The calls outside POSIX live in one file, which may see the whole system.
$(B)/lib/base/os.o: POSIX = -D_GNU_SOURCE -D_DARWIN_C_SOURCE -D__BSD_VISIBLE=1

# Say what is missing before the compiler does.
$(B)/.need:
	@mkdir -p $(B) && sh contrib/deps.sh --need build && touch $@

-include $(OBJ:.o=.d) $(CMDOBJ:.o=.d)

# --- tests -------------------------------------------------------------

$(B)/t/u-%: t/unit/u-%.c $(B)/libexp.a $(B)/libs.mk
	@mkdir -p $(B)/t
	@echo "  cc   $<"
	$(Q)$(CC) $(CFLAGS) $(SAN) $(WARN) $(POSIX) $(INC) $(PKGCF) -o $@ $< $(B)/libexp.a \
		$$(cat $(B)/libs.mk) $$($(PKG_CONFIG) --cflags --libs cmocka)

$(B)/t/f-%: t/fuzz/f-%.c t/fuzz/replay.c $(B)/libexp.a $(B)/libs.mk
	@mkdir -p $(B)/t
	@echo "  cc   $<"
	$(Q)$(CC) $(CFLAGS) $(SAN) $(WARN) $(POSIX) $(INC) $(PKGCF) -o $@ $< t/fuzz/replay.c \
		$(B)/libexp.a $$(cat $(B)/libs.mk)

# The same harness under libFuzzer, for `make fuzz` (clang only).
$(B)/t/z-%: t/fuzz/f-%.c $(B)/libexp.a $(B)/libs.mk
	@mkdir -p $(B)/t
	@echo "  cc   $< (libFuzzer)"
	$(Q)$(CC) $(CFLAGS) $(SAN) -fsanitize=fuzzer $(WARN) $(POSIX) $(INC) $(PKGCF) -o $@ $< \
		$(B)/libexp.a $$(cat $(B)/libs.mk)

# In the background a shell lets its children ignore what interrupts, and they
# theirs; the tests want the usual signals.
PROVE = perl -e '$$SIG{$$_} = "DEFAULT" for "INT", "QUIT", "PIPE"; exec @ARGV' \
	prove -j$(JOBS)

unit: all $(UNIT)
	$(PROVE) $(UNIT:%=./%)

test: all $(UNIT) $(REPLAY)
	B=$(B) $(PROVE) $(UNIT:%=./%) $(TESTS)

# Everything once more through git's own plumbing, libgit2 switched off.
test-plumb: all $(UNIT) $(REPLAY)
	GIT_EXP_NO_LIBGIT2=1 B=$(B) $(PROVE) $(filter-out t/t0000% t/t7%,$(TESTS))

house: all
	sh t/t0000-house.sh -v
	shellcheck -s sh -x -e SC1091,SC2034,SC2154 contrib/*.sh lib/repo/link.sh
	cppcheck --quiet --std=c11 --error-exitcode=1 --inline-suppr \
		--enable=warning,portability -Ilib -Igit-exp lib git-exp
	mandoc -Tlint -Wwarning $(PAGES1) $(PAGES5)

asan:
	$(MAKE) B=obj-asan CC=clang SHARED=1 CFLAGS="-g -O1 -fno-omit-frame-pointer" \
		SAN="-fsanitize=address,undefined -fno-sanitize-recover=all" asan-test

# Leaks cannot be looked for in a program that strace holds. What a sanitizer
# found counts even where a test only wanted something to fail.
asan-test: $(B)/git-exp.bin $(UNIT) $(REPLAY)
	@mkdir -p $(B)/bin && cp $(B)/git-exp.bin $(B)/bin/git-exp
	@rm -f $(B)/bin/strace; s=$$(command -v strace) || exit 0; \
	printf '#!/bin/sh\nASAN_OPTIONS=detect_leaks=0 exec %s "$$@"\n' "$$s" \
		>$(B)/bin/strace && chmod +x $(B)/bin/strace
	@rm -f $(B)/found.*
	BIN=$(CURDIR)/$(B)/bin B=$(B) FUZZ_RUNS=10000 \
		ASAN_OPTIONS=detect_leaks=1:log_path=$(CURDIR)/$(B)/found \
		$(PROVE) $(UNIT:%=./%) $(filter-out t/t0000% t/t7%,$(TESTS))
	@! cat $(B)/found.* 2>/dev/null

# What a harness chokes on is kept in obj-fuzz/crash, what is new to it in
# obj-fuzz/seen; FUZZ=yaml is that one alone.
FUZZ_BY = $(patsubst t/fuzz/f-%.c,$(B)/t/z-%,$(wildcard t/fuzz/f-$(or $(FUZZ),*).c))

fuzz:
	$(MAKE) B=obj-fuzz CC=clang SHARED=1 CFLAGS="-g -O1 -fno-omit-frame-pointer" \
		SAN="-fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all" \
		FUZZ=$(FUZZ) fuzz-run

fuzz-run: $(FUZZ_BY)
	sh t/fuzz/run.sh $(FUZZ_TIME) t/data/fuzz $(B) $(FUZZ_BY)

# The whole language of dvc.yaml, DVC and we side by side, at greater length.
interop: all
	INTEROP=$(INTEROP) sh t/t7055-language.sh

valgrind: all $(UNIT)
	for u in $(UNIT); do valgrind -q --error-exitcode=1 --leak-check=full ./$$u || exit 1; done

cover:
	$(MAKE) B=obj-cover SHARED=1 CFLAGS="-g -O0 --coverage" cover-test

cover-test: $(B)/git-exp.bin $(UNIT)
	@mkdir -p $(B)/bin && cp $(B)/git-exp.bin $(B)/bin/git-exp
	-BIN=$(CURDIR)/$(B)/bin B=$(B) $(PROVE) $(UNIT:%=./%) $(filter-out t/t0000%,$(TESTS))
	for f in $(SRC) $(CMD); do gcov -n -o $(B)/$${f%.c}.o $$f 2>/dev/null | sed -n "1,2p"; done

bench: all
	for f in t/perf/*.sh; do echo "== $$f"; sh $$f || exit 1; done

format:
	clang-format -i lib/*/*.[ch] git-exp/*.[ch] t/unit/*.c t/fuzz/*.c

# --- a new machine -----------------------------------------------------

deps:
	@sh contrib/deps.sh

demo: all
	@sh contrib/demo/demo.sh "$(DEMO)"

# --- installing --------------------------------------------------------

bindir = $(DESTDIR)$(prefix)/bin
mandir = $(DESTDIR)$(prefix)/share/man
bashdir = $(DESTDIR)$(prefix)/share/bash-completion/completions
zshdir = $(DESTDIR)$(prefix)/share/zsh/site-functions

install: all
	mkdir -p $(bindir) $(mandir)/man1 $(mandir)/man5 $(bashdir) $(zshdir)
	install -m 755 bin/git-exp $(bindir)/git-exp
	install -m 644 $(PAGES1) $(mandir)/man1/
	install -m 644 $(PAGES5) $(mandir)/man5/
	install -m 644 contrib/completion/git-exp.bash $(bashdir)/git-exp
	install -m 644 contrib/completion/_git-exp $(zshdir)/_git-exp

install-links: install
	for v in $$(bin/git-exp help --list-commands); do ln -sf git-exp $(bindir)/git-exp-$$v; done

uninstall:
	for v in $$(bin/git-exp help --list-commands); do rm -f $(bindir)/git-exp-$$v; done
	rm -f $(bindir)/git-exp $(bashdir)/git-exp $(zshdir)/_git-exp
	for p in $(PAGES1); do rm -f $(mandir)/man1/$$(basename $$p); done
	for p in $(PAGES5); do rm -f $(mandir)/man5/$$(basename $$p); done

clean:
	rm -rf bin obj obj-asan obj-cover obj-fuzz

help:
	@echo "all        build bin/git-exp"
	@echo "deps       install what building, the demo and the tests need"
	@echo "demo       a real project in ./$(DEMO) (DEMO=dir for another place)"
	@echo "test       every test;  test-plumb: again without libgit2"
	@echo "house      the rules of the house, and the linters"
	@echo "asan       the suite under clang's address and undefined sanitizers"
	@echo "fuzz       every reader under libFuzzer, FUZZ_TIME=$(FUZZ_TIME) seconds each"
	@echo "interop    INTEROP=$(INTEROP) projects by chance, compared with DVC"
	@echo "valgrind   the unit tests under valgrind"
	@echo "cover      line coverage of the suite"
	@echo "bench      the speed claims, as ratios"
	@echo "format     clang-format the sources"
	@echo "install    into prefix=$(prefix); install-links adds git-exp-<verb>; uninstall"
	@echo "clean      remove what was built (build/ with DVC's environment stays)"

.PHONY: all unit test test-plumb house asan asan-test fuzz fuzz-run interop valgrind cover cover-test \
	bench format deps demo install install-links uninstall clean help
.SECONDARY:
