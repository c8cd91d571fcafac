#!/bin/sh
# A project of 1,000 stages that one matrix makes, parsed and resolved, against
# DVC's own time for the same in a process that has imported all it needs; then
# what a file of one megabyte may cost at most.
. "$(dirname "$0")/lib.sh"

make -s -C "$TOP" obj/t/u-pipe || exit 1
U_PIPE=$TOP/obj/t/u-pipe
PYTHON=$TOP/build/venv/bin/python

# median FILE: of the second column
median () {
	sort -n -k 2 "$1" | awk '{ t[NR] = $2 } END { print t[int((NR + 1) / 2)] }'
}

# load PROJECT: ours, in milliseconds
load () {
	for i in 1 2 3 4 5
	do
		"$U_PIPE" --time "$1" || exit 1
	done >ours && median ours
}

git init -q thousand && mkdir thousand/.dvc && : >thousand/.dvc/config
printf 'lr: 0.1\nnames: [%s]\n' "$(seq -s ', ' 1 50)" >thousand/params.yaml
printf 'ten: %s\n' "[$(seq -s ', ' 1 20)]" >>thousand/params.yaml
cat >thousand/dvc.yaml <<'END'
stages:
  train:
    matrix: {name: "${names}", ten: "${ten}"}
    cmd: python train.py --lr ${lr} --name ${item.name} --ten ${item.ten}
    deps: ["data/${item.name}", train.py]
    params: [lr]
    outs: ["models/${key}"]
    metrics: ["metrics/${key}.json": {cache: false}]
END
ours=$(load thousand)
printf '%-44s%9.1f ms  (bar 50 ms)\n' '1,000 stages of a matrix' "$ours"
if test -x "$PYTHON"
then
	"$PYTHON" -B "$TOP/t/dvc/pipe.py" measure thousand >theirs || exit 1
	awk -v ours="$ours" '{ printf "%-44s%9.1f ms  DVC is %.0f times as slow\n",
		"the same by DVC", $2, $2 / ours }' theirs
fi

git init -q most && mkdir most/.dvc && : >most/.dvc/config
{
	printf 'stages:\n  a:\n    matrix:\n'
	for n in a b c d e
	do
		printf '      %s: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]\n' $n
	done
	# shellcheck disable=SC2016
	printf '    cmd: echo ${key} ${item.a}\n'
} >most/dvc.yaml
printf '%-44s%9.1f ms  (bar 1000 ms)\n' '100,000 stages of a matrix' "$(load most)"

git init -q wide && mkdir wide/.dvc && : >wide/.dvc/config
awk 'BEGIN { print "stages:"
	for (i = 0; i < 14000; i++) {
		print "  s" i ":\n    cmd: echo ${p" i "} ${deep.k" i "}\n    outs: [o" i "]"
		print "p" i ": " i >"wide/params.yaml"
	}
	print "deep:" >"wide/params.yaml"
	for (i = 0; i < 14000; i++) print "  k" i ": x" >"wide/params.yaml"
}' >wide/dvc.yaml
printf '%-44s%9.1f ms  (bar 1000 ms)\n' '14,000 stages, 1 MB, 28,000 parameters' "$(load wide)"
