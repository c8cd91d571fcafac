#!/bin/sh
test_description='git finds git-exp, and git-exp finds its commands'
. "$(dirname "$0")/test-lib.sh"

test_expect_success 'as a subcommand of git' '
	git exp version >actual &&
	grep -Ex "git-exp version [0-9]+\.[0-9]+\.[0-9]+" actual &&
	git exp --version >again && test_cmp actual again
'

test_expect_success 'under a dashed name' '
	git exp version >expect &&
	mkdir links && ln -s "$BIN/git-exp" links/git-exp-version &&
	ln -s "$BIN/git-exp" links/git-exp-help &&
	PATH=$PWD/links:$PATH git exp-version >actual &&
	test_cmp expect actual &&
	links/git-exp-help --list-commands >list && grep -x init list
'

test_expect_success 'anyone may add a command, and a built-in one wins' '
	mkdir plugins &&
	printf "#!/bin/sh\necho plugged \"\$@\"\nexit 7\n" >plugins/git-exp-hello &&
	cp plugins/git-exp-hello plugins/git-exp-version &&
	chmod +x plugins/* &&
	echo "plugged a b c -h" >expect &&
	(PATH=$PWD/plugins:$PATH && test_code 7 git exp hello a "b c" -h) >actual &&
	test_cmp expect actual &&
	PATH=$PWD/plugins:$PATH git exp version >actual &&
	test_grep ! plugged actual
'

test_expect_success 'an unknown command is misuse, and near names are named' '
	test_code 129 git exp nonesuch >out 2>err &&
	test_cmp /dev/null out &&
	grep "git exp: .nonesuch. is not a command" err &&
	test_grep ! "similar" err &&
	test_code 129 git exp stge 2>err && grep "	stage$" err &&
	test_code 129 git exp vers 2>err && grep "	version$" err
'

test_expect_success 'control characters of a name do not reach the terminal' '
	test_code 129 git exp "$(printf "a\033[31mb\nc")" 2>err &&
	! grep "$(printf "\033")" err && test_lines 1 err
'

test_expect_success 'alone it lists the commands and ends with 1, as git does' '
	test_code 1 git exp >out 2>err && test_cmp /dev/null err &&
	grep "^usage: git exp" out &&
	git exp -h >again && test_cmp out again &&
	git exp help >again && test_cmp out again
'

test_expect_success 'an option it does not have is misuse' '
	test_code 129 git exp --bogus 2>err && grep "unknown option .--bogus." err
'

test_expect_success '-h works everywhere: on stdout, exit 0' '
	git exp help --list-commands >list &&
	while read -r verb
	do
		git exp "$verb" -h >out 2>err &&
		grep "^usage: git exp $verb" out >line &&
		test_cmp /dev/null err || echo "$verb"
	done <list >bad &&
	test_cmp /dev/null bad
'

test_expect_success 'misuse of each is 129 before a repository is looked for' '
	while read -r verb
	do
		test_code 129 git exp "$verb" --no-such-option >out 2>err &&
		test_cmp /dev/null out &&
		grep "^error: unknown option .--no-such-option.$" err >line &&
		grep "^usage: git exp $verb" err >line || echo "$verb"
	done <list >bad &&
	test_cmp /dev/null bad
'

# Stands in for the man program; git itself decides which page that is.
test_expect_success '--help and help open the page by way of git' '
	mkdir fake && printf "#!/bin/sh\necho man \"\$@\"\n" >fake/man &&
	chmod +x fake/man &&
	(PATH=$PWD/fake:$PATH &&
	 git exp init --help && git exp help init && git exp stage add --help &&
	 git help exp && git exp --help && git-exp --help) >actual &&
	cat >expect <<-\EOF &&
	man git-exp-init
	man git-exp-init
	man git-exp-stage
	man git-exp
	man git-exp
	man git-exp
	EOF
	test_cmp expect actual
'

test_expect_success 'version and help need no repository and read nothing of one' '
	git init -q broken && echo nonsense >broken/.git/HEAD &&
	git exp version >expect &&
	(cd broken && git-exp version) >actual && test_cmp expect actual &&
	(cd broken && git-exp help) >out && grep init out
'

if ! command -v strace >/dev/null
then
	test_skip_next 'no strace'
fi
test_expect_success 'version starts no other program' '
	strace -f -o trace -e trace=execve git-exp version &&
	grep -c execve trace >count && echo 1 >expect && test_cmp expect count
'

test_expect_success 'outside of a repository: one line, exit 128' '
	test_code 128 git exp stage list >out 2>err &&
	test_cmp /dev/null out && grep "^fatal: .*not a git repository" err
'

test_expect_success 'in a bare repository: commands of a work tree say so' '
	git init -q --bare bare.git &&
	(cd bare.git && test_code 128 git exp init && test_code 128 git exp stage list) 2>err &&
	test "$(grep -c "^fatal: .*work tree" err)" = 2
'

test_expect_success 'no project: init is named' '
	git init -q plain && cd plain &&
	test_when_finished "cd .." &&
	test_code 128 git exp stage list 2>err &&
	grep "^fatal: .*no .\.dvc. here" err && grep "^hint: .*git exp init" err &&
	echo "stages: {}" >dvc.yaml &&
	test_code 128 git exp stage list 2>err &&
	grep "^fatal: there is a dvc.yaml" err && grep "^hint: .*git exp init" err
'

test_expect_success 'hints can be switched off' '
	cd plain && test_when_finished "cd .." &&
	test_code 128 git -c advice.exp=false exp stage list 2>err &&
	test_lines 1 err &&
	GIT_ADVICE=0 test_code 128 git exp stage list 2>err && test_lines 1 err &&
	test_code 128 git -c advice.expHint=false exp stage list 2>err &&
	test_lines 1 err
'

test -w /dev/full || test_skip_next 'no /dev/full'
test_expect_success 'a full disk behind stdout is an error' '
	test_code 128 git exp help >/dev/full 2>err && grep "^fatal: cannot write" err
'

test_expect_success 'a reader that leaves early kills it quietly' '
	cd plain && test_when_finished "cd .." &&
	{ git-exp help; echo "$?" >../code; } 2>../err | : &&
	test_cmp /dev/null ../err
'

test_done
