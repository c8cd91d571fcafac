#!/bin/sh
# Design 10, row 1: version, help, list and status in a small repository,
# git-exp called directly, against `git rev-parse HEAD`.
. "$(dirname "$0")/lib.sh"
runs=${RUNS:-101}
git init -q small && cd small && git exp init >/dev/null
echo "lr: 0.1" >params.yaml
printf 'stages:\n  train:\n    cmd: cat params.yaml >model\n    params:\n    - lr\n    outs:\n    - model\n' >dvc.yaml
git add . && git commit -qm base && git exp run -q && git exp run -q -S lr=0.2
for verb in version help list status
do
	claim "git-exp $verb" 3x "$runs" -- git-exp $verb -- git rev-parse HEAD
done
claim "git-exp version, through git" - "$runs" -- git exp version -- git rev-parse HEAD
test -z "$DVC" || claim "git-exp status against dvc status" - 3 -- git-exp status -- "$DVC" status
