#!/bin/sh
test_description='the cache is that of DVC: ids, objects, modes and links'
. "$(dirname "$0")/test-lib.sh"

PYTHON=${PYTHON:-$BUILD_DIR/build/venv/bin/python}
driver=$OBJ_DIR/t/u-cache
test -x "$PYTHON" || test_skip_all 'DVC is not installed (make deps)'
test -x "$driver" || test_skip_all 'u-cache is not built (make unit)'
DVC_SITE_CACHE_DIR=$TRASH/site DVC_GLOBAL_CONFIG_DIR=$TRASH/none
DVC_SYSTEM_CONFIG_DIR=$TRASH/none
export DVC_SITE_CACHE_DIR DVC_GLOBAL_CONFIG_DIR DVC_SYSTEM_CONFIG_DIR

cat >plant.py <<'EOP'
"""Plant the same random tree in a directory: plant.py SEED DIR"""
import os, random, sys
seed, top = int(sys.argv[1]), os.fsencode(sys.argv[2])
r = random.Random(seed)
names = [b"a", b"b.txt", b"a-b", b"a.txt", b"\xc3\xbc \"q\"", b"z\\y", b"\xf0\x9f\x98\x80",
         b"UP", b"sp ace", b".hidden", b"c.tmp", b"\xee\x80\x80", b"tab\there", b"0"]
def content():
    return r.choice([b"", b"x", b"bb\r\n", bytes(r.randrange(256) for _ in range(r.randrange(5000))),
                     b"long " * r.randrange(40000)])
def write(path, data, mode=0o644):
    with open(path, "wb") as f:
        f.write(data)
    os.chmod(path, mode)
def grow(path, depth):
    os.mkdir(path)
    for name in r.sample(names, r.randrange(1, 8)):
        at = os.path.join(path, name)
        if depth and r.random() < .35 and name != b"c.tmp":
            grow(at, depth - 1)
        else:
            write(at, content(), r.choice([0o644, 0o644, 0o755]))
tree = os.path.join(top, b"tree")
grow(tree, 3)
for d in (b"empty/below", b"skip/in", b"sub/.dvc", b"keep/.git", b"keep/.hg"):
    os.makedirs(os.path.join(tree, d))
for f in (b"skip/in/a", b"sub/b", b"sub/.dvc/config", b"keep/.git/config", b"keep/k", b"keep/.hg/x", b"d.tmp"):
    write(os.path.join(tree, f), b"1" + f)
write(os.path.join(top, b"outside"), b"seen through a link")
os.symlink(b"keep/k", os.path.join(tree, b"link"))
os.symlink(b"../outside", os.path.join(tree, b"link2"))
os.symlink(b"keep", os.path.join(tree, b"linkdir"))
write(os.path.join(top, b"plain"), b"a plain file %d\n" % seed)
write(os.path.join(top, b"program"), b"an executable one %d\n" % seed, 0o744)
write(os.path.join(top, b"nothing"), b"")
os.mkdir(os.path.join(top, b"hollow"))
write(os.path.join(top, b".dvcignore"), b"*.tmp\nskip/\n")
EOP

cat >his.py <<'EOP'
"""his.py add TYPES TARGET... | checkout TARGET...: in the current project"""
import os, sys, logging
from dvc.repo import Repo
verb, *rest = sys.argv[1:]
if verb == "add":
    types, *rest = rest
    if not os.path.isdir(".dvc"):
        Repo.init(no_scm=True).close()
        os.system("printf '*.tmp\\nskip/\\n' >.dvcignore")
    with Repo() as repo:
        with repo.config.edit() as conf:
            conf["cache"]["type"] = types
with Repo() as repo:
    if verb == "add":
        for target in rest:
            repo.add(target)
    else:
        repo.checkout(targets=rest, force=True)
EOP

cat >said.py <<'EOP'
"""What TARGET.dvc says, in the words of the driver: said.py TARGET..."""
import sys
from ruamel.yaml import YAML
for target in sys.argv[1:]:
    out, = YAML(typ="safe").load(open(target + ".dvc"))["outs"]
    print("dir" if "nfiles" in out or out["md5"].endswith(".dir") else "file", out["md5"],
          out["size"], out.get("nfiles", 0), *["exec"] * out.get("isexec", False))
EOP

cat >dump.py <<'EOP'
"""Every entry below DIR: kind, mode, links, bytes. dump.py DIR [CACHE]"""
import hashlib, os, sys
top = sys.argv[1]
for root, dirs, files in sorted(os.walk(top)):
    for name in sorted(dirs + files):
        path = os.path.join(root, name)
        st = os.lstat(path)
        if os.path.islink(path):
            what = "-> " + os.readlink(path).replace(os.path.realpath(sys.argv[2]), "CACHE")
        elif os.path.isdir(path):
            what = "dir %o" % (st.st_mode & 0o7777)
        else:
            with open(path, "rb") as f:
                what = "%o %s %s" % (st.st_mode & 0o7777, "linked" if st.st_nlink > 1 else "single", hashlib.md5(f.read()).hexdigest())
        print(ascii(os.path.relpath(path, top)), what)
EOP

targets='tree plain program nothing hollow'

# ours DIR TYPES VERB FLAGS [TARGET...]
ours () {
	dir=$PWD/$1 types=$2 verb=$3 flags=$4 &&
	shift 4 &&
	for target
	do
		CACHE=$dir/.dvc/cache PROJECT=$dir TYPES=$types FLAGS=$flags \
			STAT=$TRASH/stat "$driver" "$verb" "$dir/$target" || return 1
	done
}

for types in reflink,copy copy hardlink symlink hardlink,copy
do
	seed=$((${seed-10} + 1))
	test_expect_success "DVC adds with cache.type $types" '
		mkdir -p his.$seed mine.$seed &&
		"$PYTHON" plant.py $seed his.$seed &&
		"$PYTHON" plant.py $seed mine.$seed &&
		(cd his.$seed && "$PYTHON" ../his.py add $types $targets >../said &&
		 "$PYTHON" ../said.py $targets) >his
	'
	test_expect_success "$types: we see the same" '
		ours mine.$seed $types look "" $targets >mine && test_cmp his mine &&
		test ! -d mine.$seed/.dvc
	'
	test_expect_success "$types: we save the same objects" '
		ours mine.$seed $types save r $targets >mine && test_cmp his mine &&
		"$PYTHON" dump.py his.$seed/.dvc/cache/files >a &&
		"$PYTHON" dump.py mine.$seed/.dvc/cache/files >b && test_cmp a b
	'
	test_expect_success "$types: the work tree has the same links and modes" '
		rm his.$seed/*.dvc &&
		for t in tree plain program nothing hollow
		do
			mkdir one two && mv his.$seed/$t one && mv mine.$seed/$t two &&
			"$PYTHON" dump.py one his.$seed/.dvc/cache &&
			"$PYTHON" dump.py two mine.$seed/.dvc/cache >&3 &&
			mv one/$t his.$seed && mv two/$t mine.$seed && rmdir one two || return 1
		done >a 3>b && test_cmp a b
	'
	test_expect_success "$types: seen again, it is still the same" '
		ours mine.$seed $types look "" $targets >again &&
		ours mine.$seed $types save r $targets >>again &&
		cat mine mine >want && test_cmp want again
	'
	test_expect_success "$types: DVC checks out what we saved, we what DVC saved" '
		mkdir place.$seed check.$seed && cp -R his.$seed/.dvc place.$seed/ &&
		printf "*.tmp\nskip/\n" >place.$seed/.dvcignore &&
		printf "%s\n" $targets | paste -d" " - his >plan &&
		while read -r t kind id size nfiles exec
		do
			CACHE=$PWD/place.$seed/.dvc/cache TYPES=$types PROJECT=$PWD/place.$seed \
				FLAGS=${exec:+x} "$driver" place "$PWD/place.$seed/$t" $id || return 1
			printf "outs:\n- md5: %s\n  hash: md5\n  path: %s\n%s" $id $t \
				"${exec:+  isexec: true
}" >check.$seed/$t.dvc
		done <plan &&
		cp -R his.$seed/.dvc check.$seed/ && rm -rf check.$seed/.dvc/cache &&
		cp -R mine.$seed/.dvc/cache check.$seed/.dvc/ &&
		cp place.$seed/.dvcignore check.$seed/ &&
		(cd check.$seed && "$PYTHON" ../his.py checkout) &&
		rm check.$seed/*.dvc &&
		"$PYTHON" dump.py place.$seed place.$seed/.dvc/cache | grep -v "^.\.dvc/[^c]" >a &&
		"$PYTHON" dump.py check.$seed check.$seed/.dvc/cache | grep -v "^.\.dvc/[^c]" >b &&
		test_cmp a b
	'
done

test_expect_success 'a .dvcignore within the data is refused, as by DVC' '
	mkdir -p bad/data/sub && echo x >bad/data/sub/f && : >bad/data/sub/.dvcignore &&
	(cd bad && test_must_fail "$PYTHON" ../his.py add copy data) &&
	! ours bad copy look "" data >out && test_grep "error -4 .*\.dvcignore" out
'

test_expect_success 'a link to nothing within the data is refused, as by DVC' '
	rm -rf bad && mkdir -p bad/data && ln -s nowhere bad/data/f &&
	(cd bad && test_must_fail "$PYTHON" ../his.py add copy data) &&
	! ours bad copy look "" data >out && test_grep "error -4 .*link to nothing" out
'

test_expect_success 'checking out over another version ends as with DVC' '
	rm -rf one two && mkdir one && "$PYTHON" plant.py 77 one &&
	(cd one && "$PYTHON" ../his.py add copy tree >../said && "$PYTHON" ../said.py tree) >old &&
	read -r kind id rest <old &&
	cp -R one two &&
	for d in one two
	do
		(
			cd $d/tree && mkdir fresh bare mixed sub/bare &&
			echo new >added && echo y >fresh/z && echo y >mixed/z &&
			echo t >mixed/k.tmp && echo new >link && chmod 600 link2 &&
			rm -rf keep && ln -s nowhere broken
		) || return 1
	done &&
	(cd one && "$PYTHON" ../his.py checkout) &&
	CACHE=$PWD/two/.dvc/cache TYPES=copy PROJECT=$PWD/two FLAGS=f \
		"$driver" place "$PWD/two/tree" $id &&
	"$PYTHON" dump.py one/tree one/.dvc/cache >a &&
	"$PYTHON" dump.py two/tree two/.dvc/cache >b &&
	test_cmp a b
'

test_done
