# Experiments without running anything: sourced after test-lib.sh by the tests
# of show, list, diff and log. Everything is made by git's plumbing.

# values UNITS LR ACC LOSS: what the pipeline's files say.
values () {
	printf 'model:\n  units: %s\n  act: relu\ntrain:\n  lr: %s\n' "$1" "$2" >params.yaml &&
	printf '{"acc": %s, "loss": %s}\n' "$3" "$4" >metrics.json
}

# A project with one stage and a commit; $base is that commit.
pipeline () {
	project "$1" && cd "$1" &&
	printf '/%s\n' 'out*' err expect names got >>.git/info/exclude &&
	cat >dvc.yaml <<-\EOF &&
	stages:
	  train:
	    cmd: python3 train.py
	    deps: [train.py]
	    params: [model.units, train.lr]
	    outs: [model]
	    metrics:
	    - metrics.json: {cache: false}
	EOF
	echo pass >train.py && values 16 0.01 0.9361 0.2518 &&
	git add -A && test_tick && git commit -q -m base &&
	base=$(git rev-parse HEAD)
}

# exp_ref BASELINE NAME [refs/git-exp/failed]
exp_ref () {
	echo "${3-refs/exps}/$(echo "$1" | cut -c1-2)/$(echo "$1" | cut -c3-)/$2"
}

# keep NAME: the files as they are now as an experiment of $base, whose id
# comes in $tip; the work tree goes back to HEAD. A line in $record becomes
# the header, and makes it a failed one when it says so.
keep () {
	test_tick && git add -A && tree=$(git write-tree) &&
	when=${GIT_COMMITTER_DATE#@} && where=refs/exps &&
	{
		echo "tree $tree" && echo "parent ${onto-$base}" &&
		echo "author A U Thor <author@example.com> $when" &&
		echo "committer C O Mitter <committer@example.com> $when" &&
		{ test -z "${record-}" || echo "git-exp $record"; } &&
		printf '\nexp %s\n' "$1"
	} >"$TRASH/commit" &&
	case ${record-} in *'"state":"failed"'*) where=refs/git-exp/failed ;; esac &&
	tip=$(git hash-object -t commit -w "$TRASH/commit") &&
	git update-ref "$(exp_ref "$base" "$1" $where)" "$tip" &&
	git reset -q --hard
}

failed_record='{"at":"2023-11-14T22:20:00.000Z","v":1,"by":"a@x.org","name":"lost-key","state":"failed","ended":"2023-11-14T22:20:01.000Z","args":["run","-S","model.units=-1"],"set":{"params.yaml":{"model.units":-1}},"stages":[{"stage":"train","did":"run","why":"param model.units: 16 -> -1","secs":0.4,"cpu":0.3,"rss":104857600,"exit":1}],"host":{"os":"linux","arch":"x86_64","cpus":2}}'
