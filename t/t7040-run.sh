#!/bin/sh
test_description='our run and that of DVC leave the same files and read each other'
. "$(dirname "$0")/test-lib.sh"

DVC=$BUILD_DIR/build/venv/bin/dvc
test -x "$DVC" || test_skip_all 'DVC is not installed (make deps)'
DVC_SITE_CACHE_DIR=$TRASH/site PYTHONDONTWRITEBYTECODE=1
export DVC_SITE_CACHE_DIR PYTHONDONTWRITEBYTECODE

ours () { "$OBJ_DIR/t/u-run" --run . "$@"; }
theirs () { "$DVC" "$@" </dev/null; }

# Everything that matters: names and bytes of lock, outputs and cache.
state () {
	find . -type f ! -path './.git/*' ! -path './.dvc/tmp/*' ! -name '*.said' |
	sort | while IFS= read -r f
	do
		echo "$(ls -l "$f" | cut -c1-4) $(cksum <"$f") $f"
	done
}

pipeline () {
	rm -rf "$TRASH/$1" && mkdir "$TRASH/$1" && cd "$TRASH/$1" && project . &&
	mkdir -p src sub/in && echo 'print' >src/train.py &&
	printf '#!/bin/sh\n' >src/tool && chmod +x src/tool &&
	echo one >raw && mkdir images && echo a >images/a && echo b >images/b &&
	printf 'outs:\n- path: images\n  hash: md5\n' >images.dvc &&
	printf 'lr: 1e-3\nsize: 3\nmodel:\n  units: 16\n  name: "12:30"\n  list: [1, 2.0, null]\n' >params.yaml &&
	printf '{"a": {"b": true}, "c": "é"}\n' >other.json &&
	cat >dvc.yaml <<-\END &&
	stages:
	  report:
	    cmd:
	    - cat model/w m.json >report.txt
	    - 'echo "quoted: yes" >>report.txt'
	    deps: [model, m.json]
	    outs: [report.txt: {cache: false}]
	  prepare:
	    cmd: mkdir clean && cp raw clean/x && sort images/* >clean/y
	    deps: [raw, images]
	    outs: [clean]
	  train:
	    cmd: |
	      mkdir -p model/deep && cat clean/x src/train.py >model/w
	      : >model/deep/empty
	      echo '{"acc": 0.5}' >m.json
	      printf '#!/bin/sh\n' >tool && chmod +x tool
	    deps: [src, clean/x, src/tool]
	    params:
	    - lr
	    - model
	    - size
	    - other.json:
	      - a.b
	      - c
	    outs: [model, tool]
	    metrics: [m.json: {cache: false}]
	  gen:
	    cmd: echo a very long command line that has to be folded somewhere because it does not fit >g
	    outs: [g]
	  tell:
	    cmd: echo always
	END
	cat >sub/dvc.yaml <<-\END &&
	stages:
	  train:
	    wdir: in
	    cmd: cat ../../raw >o
	    deps: [../../raw]
	    outs: [o]
	END
	git add dvc.yaml params.yaml other.json src sub && git commit -q -m pipeline
}

test_expect_success 'the first run leaves the same files' '
	pipeline a && theirs repro -q -P && state >../a.state &&
	pipeline b && ours >b.said && state >../b.state &&
	test_cmp ../a.state ../b.state
'

test_expect_success 'the order of the stages is the same' '
	cd "$TRASH/a" && theirs repro -P -f >a.said && cd "$TRASH/b" && ours -f >b.said &&
	grep "^Running\|^Verif\|^>" ../a/a.said >../a.order &&
	grep "^Running\|^Verif\|^>" b.said >../b.order &&
	test_cmp ../a.order ../b.order
'

test_expect_success 'DVC finds nothing to do after us, and we after DVC' '
	cd "$TRASH/b" && theirs status >status.said && printf "tell:\n\talways changed\n" >expect.said &&
	test_cmp expect.said status.said && cd "$TRASH/a" && ours >again.said &&
	grep "^Running" again.said >ran.said && echo "Running stage '\''tell'\'':" >expect.said &&
	test_cmp expect.said ran.said
'

change () {
	sed -i.said "s/units: $1/units: $2/" params.yaml && rm -f params.yaml.said
}

test_expect_success 'what one ran the other restores, and back' '
	cd "$TRASH/b" && change 16 32 && ours >said.said && change 32 16 &&
	theirs repro -P >dvc.said && test_grep "Stage .train. is cached" dvc.said &&
	change 16 64 && theirs repro -q -P && change 64 16 &&
	ours >said.said && test_grep "Stage .train. is cached" said.said &&
	change 16 64 && ours >said.said &&
	test_grep "Stage .train. is cached" said.said &&
	theirs status >status.said && test_cmp expect.said status.said
'

changed () {
	pipeline "$1" && theirs repro -q -P && echo c >images/c && echo two >raw
}

test_expect_success 'a changed .dvc file and a rerun leave the same files' '
	changed a && changed b &&
	cd "$TRASH/a" && theirs repro -q -P && state >../a.state &&
	cd "$TRASH/b" && ours >b.said && state >../b.state &&
	test_cmp ../a.state ../b.state
'

test_done
