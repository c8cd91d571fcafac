#!/bin/sh
# deps.sh - what building, the demo and the tests need, and installing it.
# usage: deps.sh               install what is missing, then DVC for the tests
#        deps.sh --ci          the same, with what the linters and sanitizers need
#        deps.sh --need build  only look; say what is missing, exit 1
set -u
cd "$(dirname "$0")/.." || exit 1

# For what, how to see that it is there, and its package for each manager
# ("-": that system has it anyway, or has none).
table='
# purpose check           apt-get         dnf                apk             pacman          brew
build     compiler        gcc             gcc                gcc             gcc             -
build     headers         libc6-dev       glibc-devel        musl-dev        glibc           -
build     cmd:make        make            make               make            make            make
build     cmd:pkg-config  pkg-config      pkgconf-pkg-config pkgconf         pkgconf         pkgconf
build     lib:libgit2     libgit2-dev     libgit2-devel      libgit2-dev     libgit2         libgit2
build     lib:yaml-0.1    libyaml-dev     libyaml-devel      yaml-dev        libyaml         libyaml
demo      cmd:git         git             git                git             git             git
demo      cmd:python3     python3         python3            python3         python          python3
tests     lib:cmocka      libcmocka-dev   libcmocka-devel    cmocka-dev      cmocka          cmocka
tests     cmd:prove       perl            perl-Test-Harness  perl-utils      perl            perl
tests     cmd:diff        diffutils       diffutils          diffutils       diffutils       -
tests     cmd:ps          procps          procps-ng          procps          procps-ng       -
tests     python:venv     python3-venv    python3            python3         python          python3
tests     python:ensurepip python3-venv   python3-pip        py3-pip         python          python3
tests     cmd:man         man-db          man-db             mandoc          man-db          -
tests     cmd:mandoc      mandoc          mandoc             mandoc          mandoc          mandoc
tests     cmd:strace      strace          strace             strace          strace          -
tests     cmd:ninja       ninja-build     ninja-build        samurai         ninja           ninja
tests     cmd:bash        bash            bash               bash            bash            bash
tests     cmd:zsh         zsh             zsh                zsh             zsh             zsh
tests     completion      bash-completion bash-completion    bash-completion bash-completion bash-completion@2
ci        cmd:clang       clang           clang              clang           clang           -
ci        rt:clang        libclang-rt-dev         compiler-rt        compiler-rt     compiler-rt     -
ci        cmd:shellcheck  shellcheck      ShellCheck         shellcheck      shellcheck      shellcheck
ci        cmd:cppcheck    cppcheck        cppcheck           cppcheck        cppcheck        cppcheck
ci        cmd:valgrind    valgrind        valgrind           valgrind        valgrind        -
'

has () {
	case $1 in
	compiler) command -v "${CC:-cc}" ;;
	headers) echo '#include <stdio.h>' | "${CC:-cc}" -E - ;;
	cmd:*) command -v "${1#cmd:}" ;;
	lib:*) pkg-config --exists "${1#lib:}" ;;
	python:*) python3 -c "import ${1#python:}" ;;
	rt:clang) echo 'int main(void) { return 0; }' |
		clang -fsanitize=address -x c -o /dev/null - ;;
	completion) for d in /usr /usr/local "${HOMEBREW_PREFIX-/opt/homebrew}"
		do
			test -f "$d/share/bash-completion/bash_completion" && return
		done
		return 1 ;;
	esac >/dev/null 2>&1
}

# The packages that are missing for these purposes, one on a line.
missing () {
	echo "$table" | while read -r purpose check apt dnf apk pacman brew
	do
		case " $* " in *" $purpose "*) ;; *) continue ;; esac
		has "$check" && continue
		case $manager in
		apt-get) package=$apt ;;
		dnf) package=$dnf ;;
		apk) package=$apk ;;
		pacman) package=$pacman ;;
		brew) package=$brew ;;
		*) package=${check#*:} ;;
		esac
		test "$package" = - || echo "$package"
	done | sort -u
}

find_manager () {
	for m in apt-get dnf apk pacman brew
	do
		command -v "$m" >/dev/null && echo "$m" && return
	done
	echo none
}

# Only root installs; brew wants to be run by the user.
as_root () {
	if test "$(id -u)" = 0 || test "$manager" = brew
	then
		"$@"
	elif command -v sudo >/dev/null
	then
		sudo "$@"
	else
		echo "deps: neither root nor sudo" >&2
		return 1
	fi
}

install () {
	case $manager in
	apt-get)
		as_root apt-get update &&
		as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y \
			--no-install-recommends "$@" ;;
	dnf) as_root dnf install -y "$@" ;;
	apk) as_root apk add "$@" ;;
	pacman) as_root pacman -Sy --needed --noconfirm "$@" ;;
	brew) as_root brew install "$@" ;;
	*) echo "deps: no package manager that this script knows" >&2; false ;;
	esac
}

has_dvc () {
	build/venv/bin/python -c "
import dvc, dvclive, sys
sys.exit(dvc.__version__ != '$dvc')" >/dev/null 2>&1
}

install_dvc () {
	rm -rf build/venv && mkdir -p build &&
	python3 -m venv build/venv &&
	build/venv/bin/python -m pip install -q --disable-pip-version-check \
		-c t/dvc-constraints.txt "dvc==$dvc" dvclive
}

# The public TOML test suite, which tomlkit's sources bring along.
has_suite () {
	test -f build/toml-test/files-toml-1.0.0
}

install_suite () {
	tomlkit=$(sed -n 's/^tomlkit==//p' t/dvc-constraints.txt) &&
	rm -rf build/toml-test build/toml-test.tmp && mkdir -p build/toml-test.tmp &&
	build/venv/bin/python -m pip download -q --disable-pip-version-check \
		--no-deps --no-binary tomlkit -d build/toml-test.tmp "tomlkit==$tomlkit" &&
	(cd build/toml-test.tmp && tar xzf "tomlkit-$tomlkit.tar.gz") &&
	mv "build/toml-test.tmp/tomlkit-$tomlkit/tests/toml-test/tests" build/toml-test &&
	rm -rf build/toml-test.tmp
}

manager=$(find_manager)

if test "${1-}" = --need
then
	list=$(missing "$2")
	test -z "$list" && exit 0
	echo "missing for the $2:" >&2
	echo "$list" | sed 's/^/    /' >&2
	echo "run 'make deps' to install it" >&2
	exit 1
fi

purposes="build demo tests"
test "${1-}" = --ci && purposes="$purposes ci"
# shellcheck disable=SC2086
list=$(missing $purposes)
if test -z "$list"
then
	echo "deps: every package is there, nothing to install"
else
	echo "deps: missing:"
	echo "$list" | sed 's/^/    /'
	# shellcheck disable=SC2086
	install $list || {
		echo "deps: could not install this; please install it yourself:" >&2
		echo "$list" | sed 's/^/    /' >&2
		exit 1
	}
fi

dvc=$(sed -n 's/^dvc==//p' t/dvc-constraints.txt)
if has_dvc
then
	echo "deps: DVC $dvc is in build/venv"
else
	echo "deps: installing DVC $dvc into build/venv, for the tests only"
	if ! install_dvc || ! has_dvc
	then
		rm -rf build/venv
		echo "deps: warning: DVC could not be installed;" \
			"tests that compare with it will be skipped" >&2
	fi
fi
if has_suite
then
	echo "deps: the TOML test suite is in build/toml-test"
elif has_dvc
then
	echo "deps: fetching the TOML test suite into build/toml-test, for the tests only"
	if ! install_suite || ! has_suite
	then
		rm -rf build/toml-test build/toml-test.tmp
		echo "deps: warning: it could not be fetched;" \
			"the test that reads it will be skipped" >&2
	fi
fi
exit 0
