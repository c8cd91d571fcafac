#!/bin/sh
test_description='the step counter sees every durable change that a command makes'
. "$(dirname "$0")/test-lib.sh"

# The rule. GIT_EXP_TEST_STEPS gives "N verb path" before each durable step.
# strace gives every system call that makes, opens for writing, renames, links,
# removes or changes the mode of a file. Each of them is explained when
#  - it is git-exp's own: a step names its path (of a link or rename: the new
#    one; of a temporary file: what it will be called; of a directory: itself),
#    or, below .git, a step "ref" or "object" or "child" came before it (done
#    by libgit2 in our process);
#  - it is of a git that git-exp started: a step "child", "ref" or "object" came
#    before that git was started, and no other git has written since.
# What the user's own commands do (sh and below) is theirs. /dev, /proc, pipes
# and the two logs of this test are nobody's.
command -v strace >/dev/null || test_skip_all 'there is no strace'
command -v python3 >/dev/null || test_skip_all 'there is no python3'
strace -o /dev/null true 2>/dev/null || test_skip_all 'strace may not trace here'
W=$TRASH/w
mkdir "$W"

cat >"$W/explain.py" <<'EOP'
import os, re, sys

trace, steps_file, cwd0 = sys.argv[1:4]
steps = [l.rstrip("\n").split(" ", 2) for l in open(steps_file, errors="replace")]
call = re.compile(r'^(\d+) +(\w+)\((.*)\) += (-?\d+|\?)')
kind, cwd, parent, fds = {}, {}, {}, {}	# of each process
seen = 0		# steps logged so far
named, children, fresh, allowed = set(), 0, False, {}
bad, writes = [], 0
RE_TEMP = re.compile(r'^\.(.*)\.[0-9a-f]{16}\.tmp$')

def join(pid, dirfd, path):
    base = cwd.get(pid, cwd0) if dirfd in (None, "AT_FDCWD") else None
    m = re.match(r'(?:AT_FDCWD|\d+)<(.*)>$', dirfd or "")
    if m:
        base = m.group(1)
    return os.path.normpath(os.path.join(base or cwd.get(pid, cwd0), path))

def strings(args):
    return [bytes(s, "latin-1").decode("unicode_escape").encode("latin-1").decode("utf-8", "replace")
            for s in re.findall(r'"((?:[^"\\]|\\.)*)"', args)]

def take(n):
    global seen, children, fresh
    while seen < n:
        _, verb, path = steps[seen]
        if verb in ("child", "ref", "object"):
            children, fresh = children + 1, True
        named.add(os.path.normpath(path))
        seen += 1

def ours(path):
    names = {path}
    m = RE_TEMP.match(os.path.basename(path))
    while m:
        path = os.path.join(os.path.dirname(path), m.group(1))
        names.add(path)
        m = RE_TEMP.match(os.path.basename(path))
    return bool(names & named) or ("/.git/" in path and children > 0)

def check(pid, name, path):
    global writes, fresh
    if re.match(r"/dev/(?!shm/)|/proc/|pipe:", path) or path in (trace, steps_file):
        return
    who = kind.get(pid, "git-exp")
    if who == "theirs":
        return
    writes += 1
    if who == "git" and allowed.get(pid):
        fresh = False
        return
    if who == "git-exp" and ours(path):
        return
    bad.append("%s: %s %s" % (who, name, path))

def born(pid, by):
    if pid not in kind:
        kind[pid] = kind.get(by, "git-exp")
        cwd[pid] = cwd.get(by, cwd0)
        allowed[pid] = allowed.get(by)

unfinished = {}
for line in open(trace, errors="replace"):
    m = re.match(r'^(\d+) +(.*) <unfinished \.\.\.>$', line)
    if m:
        unfinished[m.group(1)] = m.group(2)
        continue
    m = re.match(r'^(\d+) +<\.\.\. \w+ resumed>(.*)$', line)
    if m:
        line = "%s %s%s" % (m.group(1), unfinished.pop(m.group(1), ""), m.group(2))
    m = call.match(line)
    if not m:
        continue
    pid, name, args, result = m.groups()
    # A child may be seen at work before its parent is told its number.
    for by, begun in unfinished.items():
        if re.match(r"v?fork|clone", begun) and by != pid:
            born(pid, by)
    kind.setdefault(pid, "git-exp")
    if name in ("fork", "vfork", "clone", "clone3"):
        if result.isdigit():
            born(result, pid)
        continue
    if result.startswith("-") or result == "?":
        continue
    s = strings(args)
    if name == "execve":
        prog = os.path.basename(s[0])
        if kind.get(pid, "git-exp") == "git-exp" and prog == "git":
            allowed[pid] = fresh
        if kind.get(pid) != "theirs":
            kind[pid] = "git-exp" if prog == "git-exp" else \
                "git" if prog == "git" or prog.startswith("git-") else "theirs"
    elif name == "chdir":
        cwd[pid] = join(pid, None, s[0])
    elif name in ("open", "openat", "creat"):
        dirfd = args.split(",")[0] if name == "openat" else None
        path = join(pid, dirfd, s[0])
        if path == steps_file:
            take(seen + 1)
        elif name == "creat" or re.search(r'O_(WRONLY|RDWR|CREAT|TRUNC)', args):
            check(pid, name, path)
    elif name in ("rename", "link", "symlink"):
        check(pid, name, join(pid, None, s[-1]))
    elif name in ("renameat", "renameat2", "linkat", "symlinkat"):
        parts = re.findall(r'(AT_FDCWD(?:<[^>]*>)?|\d+<[^>]*>)', args)
        check(pid, name, join(pid, parts[-1] if parts else None, s[-1]))
    elif name in ("unlinkat", "mkdirat", "fchmodat"):
        check(pid, name, join(pid, args.split(",")[0], s[0]))
    else:
        check(pid, name, join(pid, None, s[0]))

if seen != len(steps):
    bad.append("%d steps logged, %d seen" % (len(steps), seen))
print("%d steps, %d changes" % (len(steps), writes))
print("\n".join(bad))
sys.exit(bool(bad) or not writes)
EOP

# counted COMMAND: every change it makes was announced.
counted () {
	rm -f "$W/steps" && : >"$W/steps" &&
	GIT_EXP_TEST_STEPS=$W/steps strace -f -qq -y -s 4096 -e signal=none -o "$W/trace" \
		-e trace=execve,chdir,fork,vfork,clone,clone3,open,openat,creat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,unlink,unlinkat,mkdir,mkdirat,rmdir,chmod,fchmodat,truncate \
		git-exp "$@" &&
	python3 "$W/explain.py" "$W/trace" "$W/steps" "$PWD"
}

repository () {
	rm -rf "$W/r" && mkdir "$W/r" && cd "$W/r" && project && echo "lr: 1" >params.yaml && echo input >in.txt &&
	printf 'stages:\n  prep:\n    cmd: cp in.txt mid\n    deps: [in.txt]\n    outs: [mid]\n  train:\n    cmd: mkdir model; cp mid params.yaml model; cp params.yaml m.yaml\n    deps: [mid]\n    params: [lr]\n    outs: [model]\n    metrics:\n    - m.yaml:\n        cache: false\n' >dvc.yaml &&
	git add . && git commit -qm base && mkdir -p data/sub && echo a >data/a && echo b >data/sub/b
}

for way in libgit2 git
do
	test $way = libgit2 || { GIT_EXP_NO_LIBGIT2=1; export GIT_EXP_NO_LIBGIT2; }
	test_expect_success "setup ($way)" 'repository'
	test_expect_success "run ($way)" 'counted run -q --name one'
	test_expect_success "run with -S ($way)" 'counted run -q -S lr=2 --name two'
	test_expect_success "run from the run cache ($way)" 'rm -rf model mid dvc.lock && counted run -q -S lr=1 --name three'
	test_expect_success "run that fails ($way)" '
		cp dvc.yaml "$W/dvc.yaml" && sed -i "s/mkdir model;/false;/; s/cp params.yaml m.yaml/false/" dvc.yaml &&
		{ counted run -q -S lr=9 --name bad; test $? = 1; } && mv "$W/dvc.yaml" dvc.yaml && git exp undo
	'
	test_expect_success "data add ($way)" 'counted data add data'
	test_expect_success "data add, hard links ($way)" '
		printf "[cache]\n    type = hardlink,symlink\n" >.dvc/config && echo c >data/c && counted data add data && echo f >file && counted data add file
	'
	test_expect_success "data checkout ($way)" 'rm -rf data model file && counted data checkout'
	test_expect_success "apply ($way)" 'echo edited >in.txt && rm -rf model && mkdir model && echo mine >model/x && counted apply two'
	test_expect_success "undo of an apply ($way)" 'counted undo'
	test_expect_success "save ($way)" 'counted save --name four'
	test_expect_success "rename ($way)" 'counted rename four 4'
	test_expect_success "remove ($way)" 'counted remove 4 two'
	test_expect_success "undo of a remove ($way)" 'counted undo'
	test_expect_success "branch ($way)" 'counted branch one b'
	test_expect_success "stage add ($way)" 'counted stage add -n s -o x true'
	test_expect_success "show ($way)" 'echo junk >params2 && { counted show; test $? -le 1; } && { counted status; test $? -le 1; }'
	test_expect_success "init ($way)" 'rm -rf "$W/new" && git init -q "$W/new" && cd "$W/new" && counted init --model m --params p.yaml "true"'
done

test_expect_success 'the rule finds what was not announced' '
	: >"$W/steps" && cd "$W/r" &&
	strace -f -qq -y -s 4096 -e signal=none -o "$W/trace" -e trace=execve,chdir,openat,rename,unlink,mkdir \
		git-exp save --name five && test_must_fail python3 "$W/explain.py" "$W/trace" "$W/steps" "$PWD"
'

test_done
