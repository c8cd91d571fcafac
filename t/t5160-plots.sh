#!/bin/sh
test_description='git exp plots: specifications and points as DVC has them'
. "$(dirname "$0")/test-lib.sh"

# says FILE EXPRESSION: of the JSON in FILE, called v; plot() is the content,
# points() the points of a plot.
says () {
	python3 - "$1" "$2" <<-\EOF
	import json, sys
	v = json.load(open(sys.argv[1]))
	def plot(name, at=0): return v["data"][name][at]["content"]
	def points(name): return plot(name)["data"]["values"]
	def errors(): return [(e.get("name"), e["rev"], e["type"]) for e in v.get("errors", [])]
	if not eval(sys.argv[2]):
	    print(json.dumps(v)[:3000])
	    sys.exit("not so: " + sys.argv[2])
	EOF
}

test_expect_success 'setup' '
	project here && cd here && printf "/%s\n" "out*" err expect before after >>.git/info/exclude &&
	mkdir -p logs/deep imgs && printf "step,acc\n0,0.5\n1,0.75\n" >loss.csv && printf "x\ty\n1\t2\n" >logs/a.tsv &&
	printf "x\ty\n3\t4\n" >logs/deep/b.tsv && printf "\211PNG one" >imgs/p.png &&
	echo "[{\"step\": 0, \"acc\": 1, \"f1\": null}, {\"step\": 1, \"acc\": 2.5, \"f1\": true}]" >eval.json &&
	cat >dvc.yaml <<-\EOF &&
	plots:
	- loss.csv
	- logs: {x: x, y: y, title: all logs}
	- logs/deep: {title: deep ones}
	- imgs
	- both:
	    x: step
	    y: {loss.csv: acc, eval.json: [acc, f1]}
	    y_label: value
	EOF
	git add . && test_tick && git commit -q -m base
'

test_expect_success 'x is the number of the point and y the last field, unless they are said; a cell is text' '
	git exp plots show --json >out && says out "points(\"loss.csv\") == [
	    {\"step\": 0, \"acc\": \"0.5\", \"rev\": \"workspace\"}, {\"step\": 1, \"acc\": \"0.75\", \"rev\": \"workspace\"}]" &&
	says out "plot(\"loss.csv\")[\"encoding\"][\"x\"] == {\"field\": \"step\", \"type\": \"quantitative\", \"title\": \"step\"}" &&
	says out "plot(\"loss.csv\")[\"layer\"][0][\"encoding\"][\"y\"][\"field\"] == \"acc\"" &&
	says out "v[\"data\"][\"loss.csv\"][0][\"type\"] == \"vega\" and v[\"data\"][\"loss.csv\"][0][\"revisions\"] == [\"workspace\"]"
'

test_expect_success 'a directory is its files, each with the definition nearest to it' '
	says out "plot(\"logs/a.tsv\")[\"title\"][\"text\"] == \"all logs\"" &&
	says out "points(\"logs/a.tsv\") == [{\"x\": \"1\", \"y\": \"2\", \"rev\": \"workspace\"}]" &&
	says out "plot(\"logs/deep/b.tsv\")[\"title\"][\"text\"] == \"deep ones\"" &&
	says out "points(\"logs/deep/b.tsv\")[0][\"step\"] == 0"
'

test_expect_success 'lines of several files and fields are told apart by both words' '
	says out "[(p[\"dvc_inferred_y_value\"], p[\"filename::field\"]) for p in points(\"both\")] == [
	    (\"0.5\", \"loss.csv::acc\"), (\"0.75\", \"loss.csv::acc\"), (1, \"eval.json::acc\"), (2.5, \"eval.json::acc\"),
	    (None, \"eval.json::f1\"), (True, \"eval.json::f1\")]" &&
	says out "plot(\"both\")[\"encoding\"][\"strokeDash\"][\"scale\"][\"domain\"] == [\"eval.json::acc\", \"eval.json::f1\", \"loss.csv::acc\"]" &&
	says out "not any(\"filename\" in p or \"field\" in p for p in points(\"both\"))"
'

test_expect_success 'an image is a file in the directory for plots' '
	says out "v[\"data\"][\"imgs/p.png\"] == [{\"type\": \"image\", \"revisions\": [\"workspace\"],
	    \"url\": \"$PWD/dvc_plots/workspace_imgs_p.png\"}]" && test_cmp imgs/p.png dvc_plots/workspace_imgs_p.png &&
	git exp plots show --json -o pages/x imgs >out && test_cmp imgs/p.png pages/x/workspace_imgs_p.png
'

test_expect_success '--split keeps points and words apart from the template' '
	git exp plots show --json --split loss.csv --title "a <b>" >out &&
	says out "plot(\"dvc.yaml::loss.csv\")[\"data\"][\"values\"] == \"<DVC_METRIC_DATA>\"" &&
	says out "v[\"data\"][\"loss.csv\"][0][\"anchor_definitions\"][\"<DVC_METRIC_TITLE>\"] == \"a <b>\"" &&
	says out "len(v[\"data\"][\"loss.csv\"][0][\"anchor_definitions\"][\"<DVC_METRIC_DATA>\"]) == 2"
'

test_expect_success 'a target that is defined and a file is two plots, with the file that defines it in the name' '
	says out "sorted(v[\"data\"]) == [\"dvc.yaml::loss.csv\", \"loss.csv\"]"
'

test_expect_success 'diff: HEAD only when a tracked file has changed, one revision with the work tree' '
	git exp plots diff --json >out && says out "v[\"data\"][\"both\"][0][\"revisions\"] == [\"workspace\"]" &&
	printf "step,acc\n0,0.9\n" >loss.csv && git exp plots diff --json >out &&
	says out "[(p[\"rev\"], p[\"acc\"]) for p in points(\"loss.csv\")] == [(\"workspace\", \"0.9\"), (\"HEAD\", \"0.5\"), (\"HEAD\", \"0.75\")]" &&
	says out "plot(\"loss.csv\")[\"encoding\"][\"color\"][\"scale\"] == {\"domain\": [\"workspace\", \"HEAD\"], \"range\": [\"#945dd6\", \"#13adc7\"]}" &&
	git exp plots diff --json main --targets loss.csv -x acc >out &&
	says out "v[\"data\"][\"dvc.yaml::loss.csv\"][0][\"revisions\"] == [\"workspace\", \"main\"]"
'

test_expect_success 'an experiment is a revision' '
	git checkout -q -b side && git commit -q -a -m exp && git update-ref \
		refs/exps/$(git rev-parse main | cut -c1-2)/$(git rev-parse main | cut -c3-)/warm-loaf side &&
	git checkout -q main && git branch -q -D side && git exp plots diff --json main warm-loaf --targets loss.csv >out &&
	says out "[p[\"rev\"] for p in points(\"loss.csv\")] == [\"main\", \"main\", \"warm-loaf\"]"
'

test_expect_success 'the built-in templates, in DVC order' '
	cat >expect <<-\EOF &&
	simple
	linear
	confusion
	confusion_normalized
	scatter
	scatter_jitter
	smooth
	bar_horizontal_sorted
	bar_horizontal
	EOF
	git exp plots templates >out && test_cmp expect out && while read -r name
	do
		git exp plots templates "$name" >out && says out "v[\"\$schema\"].endswith(\"v5.json\")" &&
		git exp plots show --json -t "$name" eval.json >out && says out "\"<DVC\" not in json.dumps(v)" || return 1
	done <expect
'

test_expect_success 'a template of the project, its anchors as values and within text' '
	mkdir -p .dvc/plots && echo "{\"d\": \"<DVC_METRIC_DATA>\", \"t\": \"of <DVC_METRIC_X>, <DVC_METRIC_Y>\", \"l\": [\"<DVC_METRIC_TITLE>!\"],
	    \"k\": [\"<DVC_METRIC_Y>\"]}" >.dvc/plots/mine.json &&
	git exp plots show --json -t mine -x step -y acc --title T eval.json >out &&
	says out "plot(\"eval.json\")[\"t\"] == \"of step, acc\" and plot(\"eval.json\")[\"k\"] == [\"acc\"]" &&
	says out "plot(\"eval.json\")[\"l\"] == [\"<DVC_METRIC_TITLE>!\"]" &&
	says out "plot(\"eval.json\")[\"d\"][1] == {\"step\": 1, \"acc\": 2.5, \"f1\": True, \"rev\": \"workspace\", \"filename\": \"eval.json\", \"field\": \"acc\"}"
'

test_expect_success 'a dot in the name of a field is no path for Vega' '
	printf "a.b,c[0]\n1,2\n" >dots.csv && git exp plots show --json -t simple -x a.b dots.csv >out &&
	says out "plot(\"dots.csv\")[\"encoding\"][\"x\"][\"field\"] == \"a\\\\.b\"" &&
	says out "plot(\"dots.csv\")[\"encoding\"][\"y\"][\"field\"] == \"c\\\\[0\\\\]\"" &&
	says out "plot(\"dots.csv\")[\"encoding\"][\"tooltip\"][1] == {\"field\": \"a.b\"}"
'

test_expect_success 'tables: quotes, empty lines, short and long rows, a head that is none' '
	printf "a,b\r\n\"x\r\ny\",\"z\"\"w\"q\r\n\r\n\"open" >q.csv && git exp plots show --json q.csv >out &&
	says out "points(\"q.csv\") == [{\"a\": \"x\\ny\", \"b\": \"z\\\"wq\", \"step\": 0, \"rev\": \"workspace\"},
	    {\"a\": \"open\", \"b\": None, \"step\": 1, \"rev\": \"workspace\"}]" &&
	git exp plots show --json --no-header loss.csv >out && says out "points(\"loss.csv\")[0] == {\"0\": \"step\", \"1\": \"acc\", \"step\": 0, \"rev\": \"workspace\"}" &&
	printf "a,b\n1,2,3\n4,5\n" >rag.csv && git exp plots show --json rag.csv >out && says out "v[\"data\"][\"rag.csv\"] == []"
'

test_expect_success 'an output of a stage with its properties, from the cache at an old revision' '
	project ../cached && cd ../cached && cat >dvc.yaml <<-\EOF &&
	stages:
	  a:
	    cmd: cp in p.csv
	    deps: [in]
	    plots: [p.csv: {x: "0", y: "1", header: false, template: scatter}]
	EOF
	printf "1,2\n" >in && git add . && git exp run -q --no-record && git add . && git commit -q -m one &&
	printf "3,4\n" >in && git exp run -q --no-record && git exp plots diff --json >out &&
	says out "[(p[\"rev\"], p[\"0\"], p[\"1\"]) for p in points(\"p.csv\")] == [(\"workspace\", \"3\", \"4\"), (\"HEAD\", \"1\", \"2\")]" &&
	says out "plot(\"p.csv\")[\"mark\"][\"type\"] == \"point\"" && cd ../here
'

test_expect_success 'what cannot be read or plotted is an error of its own, with a warning' '
	echo "{" >bad.json && : >x.txt && printf "a\n\377\n" >utf.csv && echo "{\"l\": []}" >none.json &&
	{ printf "a,b\n1," && head -c 131073 /dev/zero | tr "\0" x; } >big.csv &&
	git exp plots show --json bad.json x.txt utf.csv none.json big.csv loss.csv gone.csv >out 2>err &&
	says out "sorted(errors()) == [(\"bad.json\", \"workspace\", \"JSONFileCorruptedError\"), (\"big.csv\", \"workspace\", \"Error\"),
	    (\"none.json\", \"workspace\", \"AttributeError\"), (\"utf.csv\", \"workspace\", \"EncodingError\"), (\"x.txt\", \"workspace\", \"PlotMetricTypeError\")]" &&
	says out "len(points(\"loss.csv\")) == 2" && test_lines 5 err && test_grep "^warning: in .workspace.: bad.json: line 2" err &&
	test_grep "^warning: in .workspace.: big.csv: a field has more than 131072" err &&
	git exp plots show --json -y nofield eval.json >out 2>err && says out "errors() == [(\"eval.json\", \"workspace\", \"FieldNotFoundError\")]" &&
	test_grep "has no field .nofield., only .step, acc, f1." err
'

test_expect_success 'a bad pipeline is an error of the revision' '
	test_when_finished "git checkout -q dvc.yaml" && echo "plots: [" >dvc.yaml && git exp plots diff --json HEAD >out 2>err &&
	says out "(None, \"workspace\", \"YAMLSyntaxError\") in errors() and \"both\" in v[\"data\"]" &&
	test_grep "^warning: in .workspace.: dvc.yaml: line" err && git exp plots show --json "a(" 2>err >out && git checkout -q dvc.yaml &&
	git exp plots show --json "a(" 2>err >out && says out "errors() == [(None, \"workspace\", \"error\")]"
'

test_expect_success 'the page: one chart for each plot, nothing that ends its script, and its address' '
	printf "a,b\n1,</script><script>alert(1)\n" >evil.csv && git exp plots show evil.csv imgs loss.csv -o "a page" >out &&
	echo "file://$PWD/a%20page/index.html" >expect && test_cmp expect out &&
	test_grep "vega-lite@5" "a page/index.html" && test_grep ! "</script><script>alert" "a page/index.html" &&
	test_grep "img src=.static/workspace_imgs_p.png" "a page/index.html" && test_cmp imgs/p.png "a page/static/workspace_imgs_p.png" &&
	git exp plots show >out && test_grep "/here/dvc_plots/index.html$" out &&
	printf "[plots]\n    out_dir = elsewhere\n" >.dvc/config && git exp plots show loss.csv >out && test_grep "/here/elsewhere/index.html$" out
'

test_expect_success 'a page of the project: only its places are filled' '
	git checkout -q .dvc/config && printf "<b>{title}</b>{scripts}{refresh_tag}<p>{plot_divs}</p>" >frame.html &&
	git exp plots show loss.csv -o page --html-template frame.html >out && test_grep "^<b>{title}</b><script src=" page/index.html &&
	test_grep "^vegaEmbed(.#plot-0., {" page/index.html && test_grep "</script>" page/index.html && test_grep "^</p>" page/index.html &&
	mv frame.html .dvc/frame.html && printf "[plots]\n    html_template = frame.html\n" >.dvc/config &&
	git exp plots show loss.csv >out && test_grep "^<b>{title}</b>" dvc_plots/index.html && echo "{scripts}" >.dvc/frame.html &&
	rm -r dvc_plots && test_code 128 git exp plots show loss.csv 2>err && test_grep "frame.html: there is no place for plots" err &&
	test_code 128 git exp plots show loss.csv --html-template gone 2>err && test ! -e dvc_plots && rm .dvc/frame.html
'

test_expect_success 'one specification alone' '
	git exp plots show --show-vega dots.csv >out && says out "v[\"data\"][\"values\"][0][\"a.b\"] == \"1\"" &&
	test_code 129 git exp plots show --show-vega 2>err && test_code 129 git exp plots show --show-vega --json loss.csv 2>err
'

test_expect_success 'no symbolic link leads out of the project, or to another file' '
	git checkout -q .dvc/config && rm -rf dvc_plots ../away && mkdir ../away && ln -s ../away dvc_plots &&
	test_code 128 git exp plots show --json imgs >out 2>err && test_grep "leads out of the project" err && test_lines 0 out &&
	test_code 128 git exp plots show 2>err && rm dvc_plots && mkdir dvc_plots && echo mine >../away/file &&
	ln -s ../../away/file dvc_plots/index.html && test_code 128 git exp plots show loss.csv 2>err && test_grep "is a symbolic link" err &&
	echo mine >expect && test_cmp expect ../away/file && ls ../away >out && test_lines 1 out &&
	rm -r dvc_plots && ln -s .git dvc_plots && test_code 128 git exp plots show --json imgs 2>err && rm dvc_plots
'

test_expect_success 'names are seen from where one stands' '
	(cd logs && git exp plots show --json "loss.csv$") >out && says out "list(v[\"data\"]) == [\"../loss.csv\"]" &&
	(cd logs && git exp plots show --json a.tsv) >out && says out "[p[\"y\"] for p in points(\"a.tsv\")] == [\"2\"]"
'

test_expect_success 'a megabyte of numbers takes less than a second' '
	awk "BEGIN { print \"a,b,c\"; for (i = 0; i < 50000; i++) printf \"%f,%f,%d\n\", i / 7, i / 11, i }" >large.csv &&
	test $(wc -c <large.csv) -gt 1000000 && before=$(date +%s) && git exp plots show --json large.csv >out &&
	after=$(date +%s) && test $((after - before)) -le 2 && says out "len(points(\"large.csv\")) == 50000"
'

test_expect_success 'a head of many names over short lines is refused, not filled up' '
	awk "BEGIN { for (i = 0; i < 60000; i++) printf \"%d,\", i; print; for (i = 0; i < 200000; i++) print 1 }" >wide.csv &&
	timeout 9 git exp plots show --json wide.csv >out 2>err && says out "errors() == [(\"wide.csv\", \"workspace\", \"MemoryError\")]" &&
	test_grep "lines are much shorter than the first" err
'

test_expect_success 'templates that are not there or have no place for points, wrong use, no commit: nothing is written' '
	git status --porcelain >before && echo "{\"x\": 1}" >.dvc/plots/nodata.json && echo "[1]" >.dvc/plots/list.json && echo "{" >.dvc/plots/bad.json &&
	test_code 128 git exp plots show -t nothere loss.csv 2>err && test_grep "fatal: no template .nothere." err && test_grep "^hint: " err &&
	test_code 128 git exp plots show -t nodata loss.csv 2>err && test_grep "no place for the points" err &&
	test_code 128 git exp plots show -t list loss.csv 2>err && test_grep "must be an object" err &&
	test_code 128 git exp plots show -t bad loss.csv 2>err && test_grep "bad.json: line 2" err &&
	test_code 128 git exp plots templates nothere 2>err && test_code 129 git exp plots 2>err &&
	test_code 129 git exp plots templates a b 2>err && test_code 129 git exp plots show --split 2>err &&
	test_code 128 git exp plots diff nothing 2>err && test_grep "fatal: .nothing. is neither" err &&
	git init -q ../fresh && cp -r .dvc dvc.yaml ../fresh && test_code 128 git -C ../fresh exp plots diff 2>err && test_grep "no commit yet" err &&
	rm .dvc/plots/nodata.json .dvc/plots/list.json .dvc/plots/bad.json && git status --porcelain >after && test_cmp before after
'

test_expect_success 'a bare repository compares revisions' '
	git clone -q --mirror . ../bare.git && (cd ../bare.git && git exp plots diff --json main warm-loaf --targets both -o "$TRASH/o") >out &&
	says out "v[\"data\"][\"both\"][0][\"revisions\"] == [\"main\", \"warm-loaf\"]" &&
	test_code 128 git -C ../bare.git exp plots show 2>err && test_grep "no work tree" err
'

test_done
