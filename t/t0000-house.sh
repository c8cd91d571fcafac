#!/bin/sh
test_description='the rules of the house hold'
. "$(dirname "$0")/test-lib.sh"

ROOMS='base spec store repo flow exp data story'
POSIX=$(sed -n 's/^POSIX = //p' "$BUILD_DIR/Makefile")
bad=$TRASH/bad

# room -> the rooms it may see.
sees () {
	case $1 in
	base) echo base ;;
	spec) echo base spec ;;
	store|repo) echo "base spec $1" ;;
	flow) echo base spec store flow ;;	# never hears of Git
	exp|data) echo "base spec store repo $1" ;;
	story) echo "$ROOMS" ;;
	git-exp) echo "$ROOMS git-exp" ;;
	esac
}

# Nobody broke the rule, or: who, where.
nobody () {
	test ! -s "$bad" || { cat "$bad"; return 1; }
}

sources () {
	(cd "$BUILD_DIR" && ls lib/*/*.[ch] git-exp/*.[ch] 2>/dev/null)
}

measure () {
	(cd "$BUILD_DIR" && awk -v show="$1" -f t/measure.awk $(sources | grep "$2"))
}

# The module that a file belongs to: val-yaml.c is a part of val.
module () {
	m=${1%.[ch]}
	echo "${m%%-*}"
}

measure code . >code
measure functions '[.]c$' | sort -n >functions

# --- rooms and doors -----------------------------------------------------

sed -n "s/^\([^:]*:[0-9]*\):#[ ]*include \"\(.*\)\".*/\1 \2/p" code >quoted

test_expect_success 'a room sees only itself and the rooms below it' '
	while read -r where what
	do
		room=${where#lib/} room=${room%%/*}
		case $what in */*) to=${what%%/*} ;; *) to=$room ;; esac
		case " $(sees "$room") " in
		*" $to "*) ;;
		*) echo "$where: $room must not see $to ($what)" ;;
		esac
	done <quoted >"$bad" && nobody
'

test_expect_success 'what is included with quotes is there' '
	while read -r where what
	do
		test -f "$BUILD_DIR/lib/$what" ||
			test -f "$BUILD_DIR/git-exp/${what#git-exp/}" ||
			echo "$where: no file $what"
	done <quoted >"$bad" && nobody
'

# "where from to" of each include between two modules of lib.
grep '^lib/' quoted | while read -r where what
do
	from=${where#lib/}
	echo "$where $(module "${from%%:*}") $(module "$what")"
done | awk '$2 != $3' >edges

# What tsort names is the circle; the includes that make it are ours to find.
test_expect_success 'no modules stand in a circle' '
	awk "{ print \$2, \$3 }" edges | tsort 2>&1 >/dev/null |
	sed -n "s/^tsort: \([a-z]*\/[a-z]*\)\$/\1/p" >circle
	awk "NR == FNR { in_it[\$1] = 1; next }
	     in_it[\$2] && in_it[\$3] { print \$1 \": in a circle: \" \$2 \" -> \" \$3 }" \
		circle edges >"$bad" && nobody
'

# door HEADER-PATTERN FILE-PATTERN: these headers only in those files.
door () {
	grep -E ":#[ ]*include [<\"]($1)[>\"]" code | grep -Ev "^($2):" |
	sed "s|\$|: only in $2|" >"$bad"
	nobody
}

test_expect_success 'libyaml is behind its door' '
	door "yaml[.]h" "lib/spec/val-yaml[.]c"
'
test_expect_success 'libgit2 is behind its door' '
	door "git2[.]h|git2/.*" "lib/repo/[^:]*"
'

test_expect_success 'calls outside POSIX are only in base/os.c' '
	call="flock|copy_file_range|getrandom|arc4random_buf|wait4|openpty|forkpty" &&
	grep -E "(^|[^_[:alnum:]])($call) *\(|FICLONE|TIOC[SG]WINSZ|TIOCSCTTY" code |
	grep -v "^lib/base/os[.]c:" >"$bad"
	nobody
'

test_expect_success 'the library neither prints nor exits' '
	call="printf|vprintf|puts|putchar|perror|exit|abort" &&
	grep -E "^lib/.*(^|[^_[:alnum:]])($call) *\(|^lib/.*[^_[:alnum:]](fprintf|fputs) *\((stdout|stderr)" code |
	grep -Ev "^lib/base/mem[.]c:" >"$bad"
	nobody
'

test_expect_success 'every header compiles alone' '
	flags="-std=c11 $POSIX $(pkg-config --cflags libgit2 yaml-0.1 2>/dev/null)" &&
	for h in $(sources | grep "[.]h$")
	do
		(cd "$BUILD_DIR" && ${CC:-cc} $flags -Ilib -Igit-exp -Wall -Wextra \
			-Werror -fsyntax-only -x c "$h") || echo "$h: does not compile alone"
	done >"$bad" && nobody
'

# --- sizes ---------------------------------------------------------------

test_expect_success 'a room has at most a dozen modules' '
	for room in $ROOMS
	do
		n=$(ls "$BUILD_DIR/lib/$room" 2>/dev/null | grep "[.]h$" | grep -vc -)
		test $n -le 12 || echo "lib/$room: $n modules, at most 12"
	done >"$bad" && nobody
'

test_expect_success 'no function is longer than 80 lines' '
	awk "\$1 > 80 { print \$2 \": \" \$3 \" has \" \$1 \" lines\" }" functions >"$bad" &&
	nobody
'

# rank PERCENT MOST: that many percent of the functions are at most so long.
rank () {
	awk -v p="$1" -v most="$2" '
		{ size[NR] = $1; where[NR] = $2 ": " $3 }
		END {
			at = int((NR * p + 99) / 100)
			if (at && size[at] > most) {
				print "of " NR " functions, number " at " has " size[at] " lines, at most " most
				for (i = NR; i > NR - 8 && i > 0; i--)
					print where[i] " has " size[i] " lines"
			}
		}' functions >"$bad"
	nobody
}

test_expect_success 'half of the functions have at most 12 lines' 'rank 50 12'
test_expect_success '95 of 100 functions have at most 45 lines' 'rank 95 45'

test_expect_success 'no file has more than 400 lines' '
	(cd "$BUILD_DIR" && wc -l $(sources)) |
	awk "\$2 != \"total\" && \$1 > 400 { print \$2 \":\" \$1 \": at most 400 lines\" }" >"$bad" &&
	nobody
'

test_expect_success 'a third of each header is words' '
	measure words "[.]h$" | awk "\$1 < 35 { print \$2 \":1: \" \$1 \" % words, at least 35\" }" >"$bad" &&
	nobody
'

test_expect_success 'each header says how to read it, what it owns and how it fails' '
	(cd "$BUILD_DIR" && for h in $(sources | grep "[.]h$")
	do
		for word in "Read here:" "Owns:" "Fails:"
		do
			grep -q "^ \* $word" "$h" || echo "$h:1: no \"$word\""
		done
	done) >"$bad" && nobody
'

# --- commands ------------------------------------------------------------

sed -n 's/^[[:space:]]*{ *"\([a-z][a-z-]*\)", *cmd_.*/\1/p' \
	"$BUILD_DIR/git-exp/main.c" 2>/dev/null >verbs
built=$BIN/git-exp

if test ! -x "$built"
then
	for what in 'there are commands' 'each command has a page' \
		'each command is tested' 'options and pages agree'
	do
		test_skip_next 'git-exp is not built'
		test_expect_success "$what" ''
	done
else
test_expect_success 'there are commands' 'test -s verbs'

test_expect_success 'each command has a page' '
	while read -r verb
	do
		test -f "$BUILD_DIR/git-exp/git-exp-$verb.1" ||
			echo "git-exp/main.c: $verb has no page git-exp-$verb.1"
	done <verbs >"$bad" && nobody
'

test_expect_success 'each command is tested' '
	while read -r verb
	do
		grep -qE "git exp $verb([^a-z-]|\$)" "$BUILD_DIR"/t/t[0-9]*.sh ||
			echo "git-exp/main.c: no test of \"git exp $verb\""
	done <verbs >"$bad" && nobody
'

test_expect_success 'options and pages agree' '
	while read -r verb
	do
		page=$BUILD_DIR/git-exp/git-exp-$verb.1
		test -f "$page" || continue
		"$built" "$verb" -h 2>&1 | sed "s/\[no-\]//g" |
			grep -oE "(^|[^[:alnum:]-])--[a-z][a-z0-9-]*" | sed "s/^[^-]*--//; s/^no-//" | sort -u >inhelp
		grep -E "^[.]It.* Fl " "$page" | grep -oE "Fl (\\\\)?-[a-z][a-z0-9-]*" |
			sed "s/^Fl [\\\\]*-//; s/^no-//" | sort -u >inpage
		comm -23 inhelp inpage | sed "s,^,git-exp/git-exp-$verb.1: lacks --,"
		comm -13 inhelp inpage | sed "s,^,git-exp/git-exp-$verb.1: git exp $verb -h lacks --,"
	done <verbs >"$bad" && nobody
'
fi

# --- the tree and its history ----------------------------------------------

everything () {
	find . -name .git -prune -o -path ./bin -prune -o -path ./build -prune -o \
		-path './obj*' -prune -o -path ./demo-digits -prune -o -type f -print
}

test_expect_success 'nothing is left for later, no path of one machine' '
	later="TO""DO|FIX""ME|XX""X[ :]" place="/wo""rk/|(^|[^[:alnum:]_-])sha""red/" &&
	(cd "$BUILD_DIR" && everything | grep -v "/t/data/" | xargs grep -nIE "$later|$place" | cut -c1-200) >"$bad"
	nobody
'

if test "$(git -C "$BUILD_DIR" rev-parse --show-toplevel 2>/dev/null)" != "$BUILD_DIR" ||
   ! git -C "$BUILD_DIR" rev-parse -q --verify HEAD >/dev/null
then
	test_skip_next 'not a git checkout with commits'
fi
test_expect_success 'the subject of each commit names a room in 50 characters' '
	git -C "$BUILD_DIR" log --no-merges --format="%h %s" |
	awk "{ s = substr(\$0, index(\$0, \" \") + 1) }
	     length(s) > 50 { print \$1 \": \" length(s) \" characters: \" s }
	     s !~ /^[a-z][a-z0-9-]*: [^ ]/ { print \$1 \": not room: text: \" s }" >"$bad" &&
	nobody
'

test_done
